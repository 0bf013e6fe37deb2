-- What do the captures show to have reached Facebook from each site: a page view, a click on a telephone link, a form?
-- Counted: events that Meta's pixel delivered to Meta. "page_view": of any page of the organisation, as the reporters'
-- own README has it; "home_page_view" says whether one was the front page. "phone_click": a click on a link that dials.
-- "form": the sending of a form, or any event that carried contact data that was typed.
-- Not counted: repeats of an event, and requests that did not leave the browser. TRUE is proof. Nothing is said, rather
-- than FALSE, where no such event was found: a recording shows what was done while it ran, and no more.
WITH typed AS (
    SELECT DISTINCT event_id
    FROM disclosures
    WHERE item IN ('email', 'phone', 'first_name', 'last_name')
),
told AS (
    SELECT
        e.organisation_id,
        COUNT(*) FILTER (WHERE e.action = 'page_view') AS page_views,
        COUNT(*) FILTER (
            WHERE e.action = 'page_view'
                AND (p.url = CONCAT('https://', p.host, '/') OR p.url = CONCAT('http://', p.host, '/'))
        ) AS home_page_views,
        COUNT(*) FILTER (WHERE e.action = 'click' AND e.clicked_destination LIKE 'tel:%') AS phone_clicks,
        COUNT(*) FILTER (WHERE e.action = 'form_submit' OR t.event_id IS NOT NULL) AS forms
    FROM events AS e
    LEFT JOIN pages AS p ON e.page_id = p.page_id
    LEFT JOIN typed AS t ON e.event_id = t.event_id
    WHERE e.tracker = 'meta-pixel' AND e.delivery = 'delivered' AND e.repeat_of IS NULL
    GROUP BY e.organisation_id
)
SELECT
    o.organisation_id,
    o.name AS organisation,
    CASE WHEN t.page_views > 0 THEN 'TRUE' END AS page_view,
    CASE WHEN t.home_page_views > 0 THEN 'TRUE' END AS home_page_view,
    CASE WHEN t.phone_clicks > 0 THEN 'TRUE' END AS phone_click,
    CASE WHEN t.forms > 0 THEN 'TRUE' END AS form
FROM organisations AS o
LEFT JOIN told AS t ON o.organisation_id = t.organisation_id
ORDER BY o.organisation_id
