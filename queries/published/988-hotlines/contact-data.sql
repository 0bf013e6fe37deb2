-- Which contact data, typed by the visitor, did each hotline's site give Facebook?
-- Counted: events that Meta's pixel delivered to Meta and that carried a name, an e-mail address or a telephone number,
-- hashed or not; "items" names them all.
-- Not counted: repeats of an event, and forms of which only the sending was told. So this is another measure than "form"
-- of what-reached-facebook: a form can reach Facebook without contact data.
SELECT
    o.organisation_id,
    o.name AS organisation,
    COUNT(DISTINCT e.event_id) AS events,
    STRING_AGG(DISTINCT d.item, '; ' ORDER BY d.item) AS items
FROM events AS e
JOIN disclosures AS d ON e.event_id = d.event_id
JOIN organisations AS o ON e.organisation_id = o.organisation_id
WHERE e.tracker = 'meta-pixel' AND e.delivery = 'delivered' AND e.repeat_of IS NULL
    AND d.item IN ('email', 'phone', 'first_name', 'last_name')
GROUP BY o.organisation_id, o.name
ORDER BY organisation_id
