-- Which trusts' sites told Meta of visitors, and which of them had stopped by the second round?
-- Counted: events that Meta's pixel delivered to Meta. Round 1 and round 2 are the waves 1 and 2 of the sheet. "stopped":
-- told in round 1, visited again in round 2, and then nothing was told.
-- Not counted: repeats of an event, and requests that did not leave the browser. Where nothing was found in round 1, and
-- where nobody came back in round 2, nothing is said.
WITH seen AS (
    SELECT p.organisation_id, MAX(CASE WHEN c.wave = '2' THEN 1 ELSE 0 END) AS again
    FROM contacts AS k
    JOIN pages AS p ON k.page_id = p.page_id
    JOIN captures AS c ON k.capture_id = c.capture_id
    WHERE c.duplicate_of IS NULL
    GROUP BY p.organisation_id
),
told AS (
    SELECT
        e.organisation_id,
        MAX(CASE WHEN c.wave = '1' THEN 1 ELSE 0 END) AS first,
        MAX(CASE WHEN c.wave = '2' THEN 1 ELSE 0 END) AS second
    FROM events AS e
    JOIN captures AS c ON e.capture_id = c.capture_id
    WHERE c.duplicate_of IS NULL
        AND e.tracker = 'meta-pixel' AND e.delivery = 'delivered' AND e.repeat_of IS NULL
    GROUP BY e.organisation_id
)
SELECT
    o.organisation_id,
    o.name AS organisation,
    'yes' AS told_meta,
    CASE
        WHEN t.first = 1 AND t.second = 1 THEN 'no'
        WHEN t.first = 1 AND s.again = 1 THEN 'yes'
    END AS stopped
FROM told AS t
JOIN organisations AS o ON t.organisation_id = o.organisation_id
LEFT JOIN seen AS s ON t.organisation_id = s.organisation_id
ORDER BY organisation_id
