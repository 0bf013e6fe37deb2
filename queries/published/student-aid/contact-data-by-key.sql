-- From how many addresses of studentaid.gov did contact data reach Meta, and under how many keys?
-- Counted: events that Meta's pixel delivered to Meta with contact data of the visitor; "addresses" are pages as this
-- program tells them apart, "keys" the parameters that Meta's documents name (fn, ln, em, ph, ct, st, zp and others).
-- Not counted: repeats of an event, and requests that did not leave the browser.
SELECT
    e.organisation_id,
    COUNT(DISTINCT e.page_id) AS addresses,
    COUNT(DISTINCT d.parameter) AS keys
FROM events AS e
JOIN disclosures AS d ON e.event_id = d.event_id
WHERE e.tracker = 'meta-pixel' AND e.delivery = 'delivered' AND e.repeat_of IS NULL
    AND (d.parameter LIKE 'ud[%' OR d.parameter LIKE 'udff[%')
GROUP BY e.organisation_id
ORDER BY e.organisation_id
