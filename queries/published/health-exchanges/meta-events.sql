-- How many events did each organisation's pages tell Meta?
-- Counted: events that Meta's pixel delivered to Meta, each once; an organisation whose pages were visited and told
-- nothing has 0.
-- Not counted: repeats of an event (Chrome's second sending to the attribution address, a step of a redirect), requests
-- that were blocked, served from the cache or redirected inside the browser, and traffic of like buttons.
WITH told AS (
    SELECT organisation_id, COUNT(*) AS events
    FROM events
    WHERE tracker = 'meta-pixel' AND delivery = 'delivered' AND repeat_of IS NULL
    GROUP BY organisation_id
)
SELECT
    o.organisation_id,
    o.name AS organisation,
    COALESCE(t.events, 0) AS events,
    CASE WHEN t.events > 0 THEN 'yes' ELSE 'no' END AS tells_facebook
FROM organisations AS o
LEFT JOIN told AS t ON o.organisation_id = t.organisation_id
ORDER BY o.organisation_id
