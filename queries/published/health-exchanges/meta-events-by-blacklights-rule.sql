-- How many requests to Facebook would Blacklight report as events?
-- Counted: by the rule in Blacklight's source: every request whose address names facebook and carries an event name
-- ("ev") that is not Microdata. A second sending of the same event to the attribution address counts once more, and so
-- does a step of a redirect: the figure says how many requests there were, not how many events.
-- Not counted: events whose name stands in the body, requests to hosts of the site's own, and what is the same recording
-- handed in twice.
WITH named AS (
    SELECT DISTINCT event_id
    FROM parameters
    WHERE name = 'ev' AND location = 'query' AND NOT derived
),
reported AS (
    SELECT e.organisation_id, COUNT(*) AS requests
    FROM events AS e
    JOIN named AS n ON e.event_id = n.event_id
    WHERE e.tracker = 'meta-pixel' AND NOT e.via_own_host
        AND e.event_name <> 'Microdata'
        AND (e.repeat_reason IS NULL OR e.repeat_reason IN ('copy_endpoint', 'redirect_hop', 'same_event'))
    GROUP BY e.organisation_id
)
SELECT
    o.organisation_id,
    o.name AS organisation,
    COALESCE(r.requests, 0) AS requests
FROM organisations AS o
LEFT JOIN reported AS r ON o.organisation_id = r.organisation_id
ORDER BY o.organisation_id
