-- How many of the education sites do the captures show to tell Meta of visitors?
-- Counted: the organisations of organisations.csv of which there is an event that was delivered to Meta.
-- Not counted: what no recording shows; the figure is the least that it can be.
SELECT COUNT(DISTINCT e.organisation_id) AS sites
FROM events AS e
JOIN organisations AS o ON e.organisation_id = o.organisation_id
WHERE o.sector = 'education site'
    AND e.tracker = 'meta-pixel' AND e.delivery = 'delivered' AND e.repeat_of IS NULL
