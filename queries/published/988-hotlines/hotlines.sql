-- From how many hotlines' sites did a page view, a click on a telephone link, a form reach Facebook?
-- Counted: the organisations of organisations.csv, by the same rule as in what-reached-facebook.
-- Not counted: what no recording shows; each figure is the least that it can be.
WITH typed AS (
    SELECT DISTINCT event_id
    FROM disclosures
    WHERE item IN ('email', 'phone', 'first_name', 'last_name')
),
told AS (
    SELECT
        e.organisation_id,
        MAX(CASE WHEN e.action = 'page_view' THEN 1 ELSE 0 END) AS page_view,
        MAX(CASE WHEN e.action = 'click' AND e.clicked_destination LIKE 'tel:%' THEN 1 ELSE 0 END) AS phone_click,
        MAX(CASE WHEN e.action = 'form_submit' OR t.event_id IS NOT NULL THEN 1 ELSE 0 END) AS form
    FROM events AS e
    JOIN organisations AS o ON e.organisation_id = o.organisation_id
    LEFT JOIN typed AS t ON e.event_id = t.event_id
    WHERE o.sector = '988 hotline'
        AND e.tracker = 'meta-pixel' AND e.delivery = 'delivered' AND e.repeat_of IS NULL
    GROUP BY e.organisation_id
)
SELECT
    COALESCE(SUM(page_view), 0) AS page_view,
    COALESCE(SUM(phone_click), 0) AS phone_click,
    COALESCE(SUM(form), 0) AS form
FROM told
