-- Which buttons and links were clicked in a sensitive context, and who was told?
-- Counted: delivered events of the actions click and form_submit that name what was clicked, where the page, or the
-- words of the button itself, are of tier 1, 2 or 3.
-- Not counted: repeats of an event, and requests that were blocked, served from the cache or redirected inside the browser.
-- A session that was exported twice is one capture.
WITH twice AS (
    SELECT DISTINCT capture_id, same_session_as AS session
    FROM captures
    WHERE same_session_as IS NOT NULL AND state <> 'duplicate'
)
SELECT
    e.tier,
    e.category,
    o.name AS organisation,
    p.url AS page,
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
LEFT JOIN pages AS p ON e.page_id = p.page_id
LEFT JOIN organisations AS o ON e.organisation_id = o.organisation_id
LEFT JOIN twice AS t ON e.capture_id = t.capture_id
GROUP BY
    e.tier, e.category, e.organisation_id, o.name, e.page_id, p.url,
    e.action, e.clicked_text, e.clicked_destination, e.recipient
ORDER BY
    e.tier, events DESC, e.organisation_id NULLS LAST, e.page_id NULLS LAST,
    e.action, e.clicked_text NULLS LAST, e.clicked_destination NULLS LAST, e.recipient, e.category NULLS LAST
