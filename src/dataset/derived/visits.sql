-- Every page by capture: it was opened there, or something told of it, or somebody was contacted from it; with the session, and
-- what was told of the page there.
WITH
{sessions},
sightings AS (
    SELECT capture_id, page_id FROM visits
    UNION ALL
    SELECT capture_id, page_id FROM events WHERE page_id IS NOT NULL
    UNION ALL
    SELECT capture_id, page_id FROM contacts WHERE page_id IS NOT NULL
),
seen AS (
    SELECT DISTINCT capture_id, page_id
    FROM sightings
),
told AS (
    SELECT
        capture_id,
        page_id,
        COUNT(*) AS events,
        COUNT(*) FILTER (WHERE tier IN (1, 2, 3)) AS sensitive_events
    FROM events
    WHERE delivery = 'delivered' AND repeat_of IS NULL
        AND page_id IS NOT NULL
    GROUP BY capture_id, page_id
)
SELECT
    s.capture_id,
    s.page_id,
    p.organisation_id,
    c.session,
    c.volunteer,
    c.wave,
    COALESCE(t.events, 0) AS events,
    COALESCE(t.sensitive_events, 0) AS sensitive_events
FROM seen AS s
JOIN pages AS p ON s.page_id = p.page_id
LEFT JOIN sessions AS c ON s.capture_id = c.capture_id
LEFT JOIN told AS t ON s.capture_id = t.capture_id AND s.page_id = t.page_id
