-- In which requests does something look like contact data, an official number or a card?
-- Counted: requests to third parties that were delivered and hold a value that looks like an e-mail address, a British
-- telephone number, postcode, NHS or National Insurance number, or a payment card. Official numbers and cards have the right
-- check digit. Each is a lead to be looked at, not a finding: nobody knows here whose it is.
-- Not counted: mailboxes of the site and of the receiver, what a rule knows to be the page's own text, values that a persona
-- typed (see what-was-typed), requests that repeat another, and requests that did not leave the browser.
WITH
-- In slices of capture_id: counted
counted AS (
    SELECT m.*
    FROM (
        SELECT *
        FROM matches
        WHERE found_by = 'shape' AND delivery = 'delivered'
    ) AS m
    LEFT JOIN events AS e ON m.event_id = e.event_id
    WHERE e.repeat_of IS NULL
)
SELECT
    m.kind,
    o.name AS organisation,
    p.url AS page,
    COALESCE(m.recipient, m.third_party) AS receiver,
    m.third_party,
    m.location,
    m.parameter,
    m.chain,
    m.shown,
    m.capture_id,
    m.entry_index,
    m.event_id
FROM counted AS m
LEFT JOIN pages AS p ON m.page_id = p.page_id
LEFT JOIN organisations AS o ON p.organisation_id = o.organisation_id
ORDER BY m.kind, m.capture_id, m.entry_index, m.number
