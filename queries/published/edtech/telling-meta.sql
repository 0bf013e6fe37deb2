-- Which education sites do the captures show to tell Meta of visitors?
-- Counted: events that Meta's pixel delivered to Meta, each once; TRUE where there is one, on whatever page of the
-- organisation.
-- Not counted: repeats of an event, and requests that did not leave the browser. Nothing is said, rather than FALSE, where
-- no event was found: these captures are recordings of a login or of a click, and not the visits that were published.
WITH told AS (
    SELECT organisation_id, COUNT(*) AS events
    FROM events
    WHERE tracker = 'meta-pixel' AND delivery = 'delivered' AND repeat_of IS NULL
    GROUP BY organisation_id
)
SELECT
    o.organisation_id,
    o.name AS organisation,
    t.events,
    CASE WHEN t.events > 0 THEN 'TRUE' END AS tells_meta
FROM organisations AS o
LEFT JOIN told AS t ON o.organisation_id = t.organisation_id
ORDER BY o.organisation_id
