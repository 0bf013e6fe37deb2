-- Which companies received what volunteers typed?
-- Counted: requests to third parties that were delivered and in which a value of a persona stood (the file of --personas), by
-- what it was and how it became what was sent. "events" are those of the requests that a rule reads; the others went to
-- receivers of which no rule knows the language, and their words were found all the same.
-- Not counted: requests that repeat another, and requests that did not leave the browser. What is not here was looked for as
-- the table searches says: it proves nothing of bodies that were not recorded, of what a script encrypted, or of WebSockets.
WITH
-- In slices of capture_id: counted
counted AS (
    SELECT m.*
    FROM (
        SELECT *
        FROM matches
        WHERE found_by = 'persona' AND delivery = 'delivered'
    ) AS m
    LEFT JOIN events AS e ON m.event_id = e.event_id
    WHERE e.repeat_of IS NULL
),
received AS (
    SELECT
        p.organisation_id,
        p.url AS page,
        p.category,
        p.tier,
        COALESCE(m.recipient, m.third_party) AS receiver,
        m.third_party,
        m.persona,
        m.kind,
        m.encoding,
        m.chain,
        m.location,
        m.parameter,
        COUNT(*) AS requests,
        COUNT(m.event_id) AS events,
        MIN(m.started_at) AS first_at
    FROM counted AS m
    LEFT JOIN pages AS p ON m.page_id = p.page_id
    GROUP BY p.organisation_id, p.url, p.category, p.tier, m.recipient, m.third_party, m.persona, m.kind, m.encoding,
        m.chain, m.location, m.parameter
)
SELECT
    o.name AS organisation,
    r.page,
    r.category,
    r.tier,
    r.receiver,
    r.third_party,
    r.persona,
    r.kind,
    r.encoding,
    r.chain,
    r.location,
    r.parameter,
    r.requests,
    r.events,
    r.first_at,
    r.organisation_id
FROM received AS r
LEFT JOIN organisations AS o ON r.organisation_id = o.organisation_id
ORDER BY
    CASE WHEN r.tier IN (1, 2, 3) THEN r.tier ELSE 9 END,
    r.organisation_id NULLS LAST, r.page NULLS LAST, r.receiver, r.third_party, r.persona, r.kind, r.encoding, r.chain,
    r.location, r.parameter
