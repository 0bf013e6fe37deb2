-- Which companies were told of visits, and by how many organisations?
-- Counted: events that were delivered; "leaks" are those about something of tier 1, 2 or 3.
-- Not counted: repeats of an event, requests that were blocked, served from the cache or redirected inside the browser,
-- and companies that were contacted without an event that could be read (see the table contacts). A session that was
-- exported twice is one capture.
WITH twice AS (
    SELECT DISTINCT capture_id, same_session_as AS session
    FROM captures
    WHERE same_session_as IS NOT NULL AND state <> 'duplicate'
)
SELECT
    e.recipient,
    COUNT(DISTINCT e.organisation_id) AS organisations,
    COUNT(*) AS events,
    COUNT(*) FILTER (WHERE e.tier IN (1, 2, 3)) AS leaks,
    COUNT(DISTINCT CASE WHEN e.tier IN (1, 2, 3) THEN e.organisation_id END) AS organisations_with_leaks,
    COUNT(*) FILTER (WHERE e.tier IN (1, 2, 3) AND e.identifiability = 'named') AS leaks_that_name_a_person,
    COUNT(DISTINCT COALESCE(t.session, e.capture_id)) AS captures,
    MIN(e.started_at) AS first_seen,
    MAX(e.started_at) AS last_seen
FROM (
    SELECT *
    FROM events
    WHERE delivery = 'delivered' AND repeat_of IS NULL
) AS e
LEFT JOIN twice AS t ON e.capture_id = t.capture_id
GROUP BY e.recipient
ORDER BY leaks DESC, events DESC, e.recipient
