-- Which companies were told of visits, and by how many organisations?
-- Counted: events that were delivered; "leaks" are those about something of tier 1, 2 or 3.
-- Not counted: repeats of an event, requests that were blocked, served from the cache or redirected inside the browser,
-- and companies that were contacted without an event that could be read (see the table contacts).
SELECT
    recipient,
    COUNT(DISTINCT organisation_id) AS organisations,
    COUNT(*) AS events,
    COUNT(*) FILTER (WHERE tier IN (1, 2, 3)) AS leaks,
    COUNT(DISTINCT CASE WHEN tier IN (1, 2, 3) THEN organisation_id END) AS organisations_with_leaks,
    COUNT(*) FILTER (WHERE tier IN (1, 2, 3) AND identifiability = 'named') AS leaks_that_name_a_person,
    COUNT(DISTINCT capture_id) AS captures,
    MIN(started_at) AS first_seen,
    MAX(started_at) AS last_seen
FROM events
WHERE delivery = 'delivered' AND repeat_of IS NULL
GROUP BY recipient
ORDER BY leaks DESC, events DESC, recipient
