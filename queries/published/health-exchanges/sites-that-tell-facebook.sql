-- How many of the health exchanges' sites tell Facebook of a visit?
-- Counted: the exchanges of organisations.csv of whose pages Meta's pixel delivered an event; beside them, all whose
-- pages were visited.
-- Not counted: repeats of an event, and requests that were blocked, served from the cache or redirected inside the browser.
WITH told AS (
    SELECT DISTINCT organisation_id
    FROM events
    WHERE tracker = 'meta-pixel' AND delivery = 'delivered' AND repeat_of IS NULL
)
SELECT
    COUNT(t.organisation_id) AS sites,
    COUNT(*) AS of_sites,
    CONCAT(COUNT(t.organisation_id), ' of ', COUNT(*)) AS sites_of
FROM organisations AS o
LEFT JOIN told AS t ON o.organisation_id = t.organisation_id
WHERE o.sector = 'health exchange'
