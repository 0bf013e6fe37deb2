-- Which organisations told Meta about visits to their pages?
-- Counted: events that were delivered to Meta; "leaks" are those about something of tier 1, 2 or 3.
-- Not counted: repeats of an event, requests that were blocked, served from the cache or redirected inside the browser,
-- and requests to Meta that told no event. Captures and volunteers are those in which a page of the organisation
-- appears: they say how much was looked at, and an organisation that is missing here was perhaps never looked at.
WITH
-- In slices of organisation_id: told
told AS (
    SELECT
        organisation_id,
        COUNT(*) AS events,
        COUNT(*) FILTER (WHERE tier IN (1, 2, 3)) AS leaks,
        COUNT(*) FILTER (WHERE tier IN (1, 2, 3) AND identifiability = 'named') AS leaks_that_name_a_person,
        MIN(started_at) AS first_seen,
        MAX(started_at) AS last_seen
    FROM events
    WHERE delivery = 'delivered' AND repeat_of IS NULL
        AND recipient = 'Meta'
    GROUP BY organisation_id
)
SELECT
    o.name AS organisation,
    o.sector,
    o.in_registry,
    t.events,
    t.leaks,
    t.leaks_that_name_a_person,
    t.first_seen,
    t.last_seen,
    o.captures,
    o.volunteers,
    t.organisation_id
FROM told AS t
JOIN organisations AS o ON t.organisation_id = o.organisation_id
ORDER BY t.leaks DESC, t.events DESC, t.organisation_id
