-- The pages, with the number of sessions and volunteers that saw them.
WITH seen AS (
    SELECT page_id, COUNT(DISTINCT session) AS captures, COUNT(DISTINCT volunteer) AS volunteers
    FROM visits
    GROUP BY page_id
)
SELECT
    {rest},
    COALESCE(s.captures, 0) AS captures,
    COALESCE(s.volunteers, 0) AS volunteers
FROM pages AS e
LEFT JOIN seen AS s ON e.page_id = s.page_id
