-- Which buttons and links were clicked in a sensitive context, and who was told?
-- Counted: delivered events of the actions click and form_submit that name what was clicked, where the page, or the
-- words of the button itself, are of tier 1, 2 or 3.
-- Not counted: repeats of an event, and requests that were blocked, served from the cache or redirected inside the browser.
-- A session that was exported twice is one capture.
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
        e.page_id,
        e.action,
        e.clicked_text,
        e.clicked_destination,
        e.recipient,
        COUNT(*) AS events,
        COUNT(*) FILTER (WHERE e.identifiability = 'named') AS events_that_name_a_person,
        COUNT(DISTINCT COALESCE(t.session, e.capture_id)) AS captures
    FROM (
        SELECT *
        FROM events
        WHERE delivery = 'delivered' AND repeat_of IS NULL
            AND tier IN (1, 2, 3)
            AND action IN ('click', 'form_submit')
            AND (clicked_text IS NOT NULL OR clicked_destination IS NOT NULL)
    ) AS e
    LEFT JOIN twice AS t ON e.capture_id = t.capture_id
    GROUP BY
        e.tier, e.category, e.organisation_id, e.page_id, e.action, e.clicked_text, e.clicked_destination, e.recipient
)
SELECT
    t.tier,
    t.category,
    o.name AS organisation,
    p.url AS page,
    t.action,
    t.clicked_text,
    t.clicked_destination,
    t.recipient,
    t.events,
    t.events_that_name_a_person,
    t.captures
FROM told AS t
LEFT JOIN pages AS p ON t.page_id = p.page_id
LEFT JOIN organisations AS o ON t.organisation_id = o.organisation_id
ORDER BY
    t.tier, t.events DESC, t.organisation_id NULLS LAST, t.page_id NULLS LAST,
    t.action, t.clicked_text NULLS LAST, t.clicked_destination NULLS LAST, t.recipient, t.category NULLS LAST
