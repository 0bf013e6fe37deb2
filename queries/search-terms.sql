-- What did visitors search for on the sites, and who was told?
-- Counted: delivered events that carry what was searched for on the site, sensitive or not. A search term that only shows
-- in the address of a page is judged with that page, and is listed here only where the event names it.
-- Not counted: repeats of an event, and requests that did not leave the browser. Terms are masked where they hold e-mail
-- addresses or long numbers.
WITH twice AS (
    SELECT DISTINCT capture_id, same_session_as AS session
    FROM captures
    WHERE same_session_as IS NOT NULL AND state <> 'duplicate'
),
-- In slices of organisation_id: told
told AS (
    SELECT
        e.tier,
        e.category,
        e.organisation_id,
        e.search_term,
        e.recipient,
        COUNT(*) AS events,
        COUNT(*) FILTER (WHERE e.identifiability = 'named') AS events_that_name_a_person,
        COUNT(DISTINCT COALESCE(t.session, e.capture_id)) AS captures
    FROM (
        SELECT *
        FROM events
        WHERE delivery = 'delivered' AND repeat_of IS NULL
            AND search_term IS NOT NULL
    ) AS e
    LEFT JOIN twice AS t ON e.capture_id = t.capture_id
    GROUP BY e.tier, e.category, e.organisation_id, e.search_term, e.recipient
)
SELECT
    t.tier,
    t.category,
    o.name AS organisation,
    t.search_term,
    t.recipient,
    t.events,
    t.events_that_name_a_person,
    t.captures,
    t.organisation_id
FROM told AS t
LEFT JOIN organisations AS o ON t.organisation_id = o.organisation_id
ORDER BY
    CASE WHEN t.tier IN (1, 2, 3) THEN t.tier ELSE 9 END,
    t.events DESC, t.organisation_id NULLS LAST, t.search_term, t.recipient, t.category NULLS LAST
