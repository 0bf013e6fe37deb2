-- How many trusts' sites told Meta of visitors, and how many of these had stopped by the second round?
-- Counted: the trusts of organisations.csv, by the same rule as in pixel-by-wave.
-- Not counted: what no recording shows. "stopped" is left empty unless every trust that told was visited again.
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
    JOIN organisations AS o ON e.organisation_id = o.organisation_id
    WHERE c.duplicate_of IS NULL AND o.sector = 'trust with the pixel'
        AND e.tracker = 'meta-pixel' AND e.delivery = 'delivered' AND e.repeat_of IS NULL
    GROUP BY e.organisation_id
)
SELECT
    COUNT(*) AS told_meta,
    CASE
        WHEN COUNT(*) FILTER (WHERE s.again = 1) = COUNT(*)
            THEN COUNT(*) FILTER (WHERE t.first = 1 AND t.second = 0)
    END AS stopped
FROM told AS t
LEFT JOIN seen AS s ON t.organisation_id = s.organisation_id
