-- Which companies were told of visits, and by how many organisations?
-- Counted: events that were delivered; "leaks" are those about something of tier 1, 2 or 3.
-- Not counted: repeats of an event, requests that were blocked, served from the cache or redirected inside the browser,
-- and companies that were contacted without an event that could be read (see the table contacts). A session that was
-- exported twice is one capture.
WITH
-- In slices of capture_id: exported
exported AS (
    SELECT capture_id, same_session_as AS session
    FROM captures
    WHERE same_session_as IS NOT NULL AND state <> 'duplicate'
),
twice AS (
    SELECT capture_id, session FROM exported
    UNION
    SELECT session AS capture_id, session FROM exported
),
-- In slices of capture_id: told
told AS (
    SELECT
        e.recipient,
        t.session,
        COUNT(*) AS events,
        COUNT(*) FILTER (WHERE e.tier IN (1, 2, 3)) AS leaks,
        COUNT(*) FILTER (WHERE e.tier IN (1, 2, 3) AND e.identifiability = 'named') AS leaks_that_name_a_person,
        COUNT(DISTINCT CASE WHEN t.session IS NULL THEN e.capture_id END) AS captures,
        MIN(e.started_at) AS first_seen,
        MAX(e.started_at) AS last_seen
    FROM (
        SELECT *
        FROM events
        WHERE delivery = 'delivered' AND repeat_of IS NULL
    ) AS e
    LEFT JOIN twice AS t ON e.capture_id = t.capture_id
    GROUP BY e.recipient, t.session
),
-- In slices of organisation_id: pairs
pairs AS (
    SELECT recipient, organisation_id, MAX(CASE WHEN tier IN (1, 2, 3) THEN organisation_id END) AS with_leaks
    FROM events
    WHERE delivery = 'delivered' AND repeat_of IS NULL
    GROUP BY recipient, organisation_id
),
spread AS (
    SELECT recipient, COUNT(organisation_id) AS organisations, COUNT(with_leaks) AS organisations_with_leaks
    FROM pairs
    GROUP BY recipient
)
SELECT
    t.recipient,
    s.organisations,
    SUM(t.events) AS events,
    SUM(t.leaks) AS leaks,
    s.organisations_with_leaks,
    SUM(t.leaks_that_name_a_person) AS leaks_that_name_a_person,
    SUM(t.captures) + COUNT(DISTINCT t.session) AS captures,
    MIN(t.first_seen) AS first_seen,
    MAX(t.last_seen) AS last_seen
FROM told AS t
JOIN spread AS s ON t.recipient = s.recipient
GROUP BY t.recipient, s.organisations, s.organisations_with_leaks
ORDER BY leaks DESC, events DESC, t.recipient
