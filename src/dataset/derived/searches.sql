-- What was looked for, with the number of requests and captures in which it was found.
WITH requests AS (
    SELECT DISTINCT found_by, COALESCE(persona, '') AS whose, kind, value_number, capture_id, entry_index
    FROM matches
),
found AS (
    SELECT
        found_by,
        whose,
        kind,
        value_number,
        COUNT(*) AS requests_found,
        COUNT(DISTINCT capture_id) AS captures_found
    FROM requests
    GROUP BY found_by, whose, kind, value_number
),
sought AS (
    SELECT {rest}, COALESCE(e.persona, '') AS whose
    FROM searches AS e
)
SELECT
    {rest},
    COALESCE(f.requests_found, 0) AS requests_found,
    COALESCE(f.captures_found, 0) AS captures_found
FROM sought AS e
LEFT JOIN found AS f
    ON e.found_by = f.found_by AND e.whose = f.whose AND e.kind = f.kind AND e.number = f.value_number
