-- Which organisations told which company about visits to their pages?
-- One row for each organisation and company: n rows of a company out of m organisations tested ("of_tested": organisations
-- with a page in the captures, whether or not anybody was told of it).
-- Counted: events that were delivered; "leaks" are those about something of tier 1, 2 or 3. A session that was exported
-- twice is one capture, of one volunteer.
-- Not counted: repeats of an event, and requests that were blocked, served from the cache or redirected inside the browser.
-- An organisation that is missing here was perhaps never looked at: see visits.
WITH sessions AS (
    SELECT DISTINCT capture_id, session, volunteer
    FROM visits
),
tested AS (
    SELECT COUNT(*) AS organisations
    FROM organisations
),
-- In slices of organisation_id: told
told AS (
    SELECT
        e.organisation_id,
        e.recipient,
        COUNT(*) AS events,
        COUNT(*) FILTER (WHERE e.tier IN (1, 2, 3)) AS leaks,
        COUNT(*) FILTER (WHERE e.tier IN (1, 2, 3) AND e.identifiability = 'named') AS leaks_that_name_a_person,
        COUNT(DISTINCT s.session) AS captures,
        COUNT(DISTINCT s.volunteer) AS volunteers,
        MIN(e.started_at) AS first_seen,
        MAX(e.started_at) AS last_seen
    FROM (
        SELECT *
        FROM events
        WHERE delivery = 'delivered' AND repeat_of IS NULL
            AND organisation_id IS NOT NULL
    ) AS e
    LEFT JOIN sessions AS s ON e.capture_id = s.capture_id
    GROUP BY e.organisation_id, e.recipient
)
SELECT
    o.name AS organisation,
    o.sector,
    t.recipient,
    t.events,
    t.leaks,
    t.leaks_that_name_a_person,
    t.captures,
    t.volunteers,
    t.first_seen,
    t.last_seen,
    n.organisations AS of_tested,
    t.organisation_id
FROM told AS t
JOIN organisations AS o ON t.organisation_id = o.organisation_id
CROSS JOIN tested AS n
ORDER BY t.recipient, t.leaks DESC, t.events DESC, t.organisation_id
