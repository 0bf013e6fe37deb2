-- The organisations, with all that is counted of them. An event counts if it was delivered and repeats no other; it is a leak if
-- it is also about something of tier 1, 2 or 3. Of each wave stands the strongest that any of its captures shows.
WITH
{sessions},
about AS (
    SELECT
        e.organisation_id, e.recipient, e.started_at, e.tier, e.identifiability, s.session, s.volunteer, s.wave,
        (e.delivery = 'delivered' AND e.repeat_of IS NULL) AS counts
    FROM events AS e
    LEFT JOIN sessions AS s ON e.capture_id = s.capture_id
    WHERE e.organisation_id IS NOT NULL
),
sightings AS (
    SELECT organisation_id, session, volunteer, wave FROM visits
    UNION ALL
    SELECT organisation_id, session, volunteer, wave FROM about
),
seen AS (
    SELECT organisation_id, COUNT(DISTINCT session) AS captures, COUNT(DISTINCT volunteer) AS volunteers
    FROM sightings
    GROUP BY organisation_id
),
owned AS (
    SELECT
        organisation_id,
        COUNT(*) AS pages,
        COUNT(*) FILTER (WHERE tier IN (1, 2, 3)) AS sensitive_pages
    FROM pages
    GROUP BY organisation_id
),
told AS (
    SELECT
        organisation_id,
        COUNT(*) AS events,
        COUNT(*) FILTER (WHERE tier IN (1, 2, 3)) AS sensitive_events,
        COUNT(*) FILTER (WHERE tier IN (1, 2, 3) AND identifiability = 'named') AS sensitive_events_named,
        MIN(started_at) AS first_event_at,
        MAX(started_at) AS last_event_at
    FROM about
    WHERE counts
    GROUP BY organisation_id
),
listeners AS (
    SELECT organisation_id, STRING_AGG(recipient, '; ' ORDER BY recipient) AS recipients
    FROM (SELECT DISTINCT organisation_id, recipient FROM about WHERE counts AND recipient IS NOT NULL) AS each_once
    GROUP BY organisation_id
),
signs AS (
    SELECT organisation_id, wave, 1 AS sign FROM about WHERE counts
    UNION ALL
    SELECT v.organisation_id, v.wave, 2 AS sign
    FROM contacts AS c
    JOIN visits AS v ON c.capture_id = v.capture_id AND c.page_id = v.page_id
    WHERE c.event_requests > 0 OR c.presence_requests > 0
    UNION ALL
    SELECT organisation_id, wave, 3 AS sign FROM sightings
),
strongest AS (
    SELECT organisation_id, wave, MIN(sign) AS sign
    FROM signs
    WHERE wave IS NOT NULL
    GROUP BY organisation_id, wave
),
worded AS (
    SELECT
        organisation_id,
        wave,
        wave || CASE sign WHEN 1 THEN '=events' WHEN 2 THEN '=tracker_present' ELSE '=none_seen' END AS word
    FROM strongest
),
by_wave AS (
    SELECT organisation_id, STRING_AGG(word, '; ' ORDER BY wave) AS waves
    FROM worded
    GROUP BY organisation_id
)
SELECT
    {rest},
    COALESCE(s.captures, 0) AS captures,
    COALESCE(s.volunteers, 0) AS volunteers,
    COALESCE(o.pages, 0) AS pages,
    COALESCE(o.sensitive_pages, 0) AS sensitive_pages,
    COALESCE(t.events, 0) AS events,
    COALESCE(t.sensitive_events, 0) AS sensitive_events,
    COALESCE(t.sensitive_events_named, 0) AS sensitive_events_named,
    l.recipients,
    t.first_event_at,
    t.last_event_at,
    w.waves
FROM organisations AS e
LEFT JOIN seen AS s ON e.organisation_id = s.organisation_id
LEFT JOIN owned AS o ON e.organisation_id = o.organisation_id
LEFT JOIN told AS t ON e.organisation_id = t.organisation_id
LEFT JOIN listeners AS l ON e.organisation_id = l.organisation_id
LEFT JOIN by_wave AS w ON e.organisation_id = w.organisation_id
