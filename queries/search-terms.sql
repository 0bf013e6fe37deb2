-- What did visitors search for on the sites, and who was told?
-- Counted: delivered events that carry what was searched for on the site, sensitive or not. A search term that only shows
-- in the address of a page is judged with that page, and is listed here only where the event names it.
-- Not counted: repeats of an event, and requests that did not leave the browser. Terms are masked where they hold e-mail
-- addresses or long numbers.
WITH twice AS (
    SELECT DISTINCT capture_id, same_session_as AS session
    FROM captures
    WHERE same_session_as IS NOT NULL AND state <> 'duplicate'
)
SELECT
    e.tier,
    e.category,
    o.name AS organisation,
    e.search_term,
    e.recipient,
    COUNT(*) AS events,
    COUNT(*) FILTER (WHERE e.identifiability = 'named') AS events_that_name_a_person,
    COUNT(DISTINCT COALESCE(t.session, e.capture_id)) AS captures,
    e.organisation_id
FROM (
    SELECT *
    FROM events
    WHERE delivery = 'delivered' AND repeat_of IS NULL
        AND search_term IS NOT NULL
) AS e
LEFT JOIN organisations AS o ON e.organisation_id = o.organisation_id
LEFT JOIN twice AS t ON e.capture_id = t.capture_id
GROUP BY e.tier, e.category, e.organisation_id, o.name, e.search_term, e.recipient
ORDER BY
    CASE WHEN e.tier IN (1, 2, 3) THEN e.tier ELSE 9 END,
    events DESC, e.organisation_id NULLS LAST, e.search_term, e.recipient, e.category NULLS LAST
