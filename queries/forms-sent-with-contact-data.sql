-- Which forms were sent, and which company was given contact data along with that?
-- Counted: delivered events of the action form_submit that carry an e-mail address, a telephone number, a name, a date of
-- birth, a postcode or a town, in plain text or hashed. "plain" and "hashed" list what was given in which form.
-- Not counted: repeats of an event, requests that did not leave the browser, forms of which only the structure was told, and
-- contact data that went along with other events (see events-that-name-a-person).
WITH sent AS (
    SELECT *
    FROM events
    WHERE delivery = 'delivered' AND repeat_of IS NULL
        AND action = 'form_submit'
),
given AS (
    SELECT DISTINCT
        d.event_id,
        CASE WHEN d.encoding = 'plain' THEN d.item END AS plain,
        CASE WHEN d.encoding <> 'plain' THEN d.item END AS hashed
    FROM (
        SELECT *
        FROM disclosures
        WHERE item IN ('email', 'phone', 'first_name', 'last_name', 'date_of_birth', 'postcode', 'town')
            AND encoding IN ('plain', 'md5', 'sha1', 'sha256', 'sha512')
    ) AS d
    JOIN sent AS s ON d.event_id = s.event_id
    ORDER BY d.event_id, plain, hashed
),
contact AS (
    SELECT
        event_id,
        GROUP_CONCAT(plain, '; ' ORDER BY plain) AS plain,
        GROUP_CONCAT(hashed, '; ' ORDER BY hashed) AS hashed
    FROM given
    GROUP BY event_id
),
-- In slices of capture_id: found
found AS (
    SELECT
        e.tier,
        e.category,
        e.started_at,
        o.name AS organisation,
        p.url AS page,
        e.clicked_text,
        e.form_fields,
        e.recipient,
        c.plain,
        c.hashed,
        e.capture_id,
        e.event_id
    FROM sent AS e
    JOIN contact AS c ON e.event_id = c.event_id
    LEFT JOIN pages AS p ON e.page_id = p.page_id
    LEFT JOIN organisations AS o ON e.organisation_id = o.organisation_id
)
SELECT *
FROM found
ORDER BY
    CASE WHEN tier IN (1, 2, 3) THEN tier ELSE 9 END,
    started_at NULLS LAST, event_id
