-- Which companies were sent contact data, by which organisations, and in what form?
-- Counted: delivered events that carry an e-mail address, a telephone number, a name, a part of an address, a date of birth,
-- a gender, an NHS or a National Insurance number: in plain text, as a hash, or as a mask that shows its shape.
-- "collected_by" is site where the site's own code passed it and tracker where the tracker read it out of the page or the form
-- by itself; empty where no rule says. "unhashed" are the events in which plain text stood where the company asks for a hash.
-- A hash or mask is undone by trying all possible values (enumeration) or lists of names and addresses (dictionary). The
-- columns after it say how many values there are to try at most, in the easiest and in the hardest event; postcodes and
-- telephone numbers are counted for the United Kingdom. Empty: more than can be counted.
-- "leaks" are the events about something of tier 1, 2 or 3.
-- Not counted: repeats of an event, requests that did not leave the browser, hashes of empty fields, and what the company's
-- own filter took out (the item filtered_parameter). That a hash was sent does not say that what was typed was true.
WITH
-- In slices of capture_id: exported
exported AS (
    SELECT capture_id, same_session_as AS session
    FROM captures
    WHERE same_session_as IS NOT NULL AND state <> 'duplicate'
),
twice AS (
    SELECT capture_id, session FROM exported
    UNION
    SELECT session AS capture_id, session FROM exported
),
given AS (
    SELECT
        event_id,
        item,
        encoding,
        collected_by,
        turned_back_by,
        MAX(CASE WHEN hash_expected THEN 1 ELSE 0 END) AS hash_expected,
        MIN(recoverable) AS fewest,
        MAX(recoverable) AS most
    FROM disclosures
    WHERE encoding <> 'removed'
        AND item IN (
            'email', 'phone', 'first_name', 'last_name', 'street_address', 'town', 'region', 'postcode', 'country',
            'date_of_birth', 'gender', 'nhs_number', 'national_insurance_number'
        )
    GROUP BY event_id, item, encoding, collected_by, turned_back_by
),
-- In slices of capture_id: told
told AS (
    SELECT
        e.recipient,
        e.organisation_id,
        g.item,
        g.encoding,
        g.collected_by,
        g.turned_back_by,
        t.session,
        COUNT(*) AS events,
        COUNT(*) FILTER (WHERE e.tier IN (1, 2, 3)) AS leaks,
        COUNT(*) FILTER (WHERE g.encoding = 'plain' AND g.hash_expected = 1) AS unhashed,
        MIN(g.fewest) AS fewest,
        MAX(g.most) AS most,
        COUNT(DISTINCT CASE WHEN t.session IS NULL THEN e.capture_id END) AS captures,
        MIN(e.started_at) AS first_seen,
        MAX(e.started_at) AS last_seen
    FROM given AS g
    JOIN (
        SELECT *
        FROM events
        WHERE delivery = 'delivered' AND repeat_of IS NULL
    ) AS e ON g.event_id = e.event_id
    LEFT JOIN twice AS t ON e.capture_id = t.capture_id
    GROUP BY e.recipient, e.organisation_id, g.item, g.encoding, g.collected_by, g.turned_back_by, t.session
)
SELECT
    t.recipient,
    o.name AS organisation,
    t.item,
    t.encoding,
    t.collected_by,
    SUM(t.events) AS events,
    SUM(t.leaks) AS leaks,
    SUM(t.unhashed) AS unhashed,
    t.turned_back_by,
    MIN(t.fewest) AS fewest_values_to_try,
    MAX(t.most) AS most_values_to_try,
    SUM(t.captures) + COUNT(DISTINCT t.session) AS captures,
    MIN(t.first_seen) AS first_seen,
    MAX(t.last_seen) AS last_seen,
    t.organisation_id
FROM told AS t
LEFT JOIN organisations AS o ON t.organisation_id = o.organisation_id
GROUP BY t.recipient, t.organisation_id, o.name, t.item, t.encoding, t.collected_by, t.turned_back_by
ORDER BY
    leaks DESC, events DESC, t.recipient, t.organisation_id NULLS LAST, t.item, t.encoding, t.collected_by NULLS LAST
