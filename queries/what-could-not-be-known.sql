-- What could not be known, organisation by organisation?
-- Each column is a way in which the figures may be too low, or rest on an inference. "captures_without_cookies": whether an
-- account went along cannot be told. "bodies_missing": counted events whose body is not, or not wholly, in the capture.
-- "without_an_answer": events that left the browser, or may have, and are not counted. "blocked": events that a blocker or
-- the browser stopped. "via_own_host": counted events in a tracker's form to a host of the site's own. "in_frames": counted
-- events from inside a frame. "other_site": counted events for which other evidence names a page of another site.
-- Not counted: repeats of an event. A session that was exported twice is one capture.
WITH sessions AS (
    SELECT DISTINCT v.organisation_id, v.session
    FROM visits AS v
),
seen AS (
    SELECT
        s.organisation_id,
        COUNT(DISTINCT s.session) AS captures,
        COUNT(DISTINCT CASE WHEN c.cookies_recorded <> 'yes' THEN s.session END) AS captures_without_cookies,
        COUNT(DISTINCT CASE WHEN c.state = 'salvaged' THEN s.session END) AS damaged_captures
    FROM sessions AS s
    JOIN captures AS c ON s.session = c.capture_id AND c.state <> 'duplicate'
    GROUP BY s.organisation_id
),
told AS (
    SELECT
        organisation_id,
        COUNT(*) FILTER (WHERE delivery = 'delivered') AS events,
        COUNT(*) FILTER (WHERE delivery = 'delivered' AND body_recorded IN ('no', 'lossy')) AS bodies_missing,
        COUNT(*) FILTER (WHERE delivery IN ('no_answer', 'unknown')) AS without_an_answer,
        COUNT(*) FILTER (WHERE delivery = 'blocked') AS blocked,
        COUNT(*) FILTER (WHERE delivery = 'delivered' AND via_own_host) AS via_own_host,
        COUNT(*) FILTER (WHERE delivery = 'delivered' AND in_frame) AS in_frames,
        COUNT(*) FILTER (WHERE delivery = 'delivered' AND page_conflict IS NOT NULL) AS other_site
    FROM events
    WHERE repeat_of IS NULL
    GROUP BY organisation_id
),
-- In slices of organisation_id: found
found AS (
    SELECT
        o.name AS organisation,
        COALESCE(s.captures, 0) AS captures,
        COALESCE(s.captures_without_cookies, 0) AS captures_without_cookies,
        COALESCE(s.damaged_captures, 0) AS damaged_captures,
        COALESCE(t.events, 0) AS events,
        COALESCE(t.bodies_missing, 0) AS bodies_missing,
        COALESCE(t.without_an_answer, 0) AS without_an_answer,
        COALESCE(t.blocked, 0) AS blocked,
        COALESCE(t.via_own_host, 0) AS via_own_host,
        COALESCE(t.in_frames, 0) AS in_frames,
        COALESCE(t.other_site, 0) AS other_site,
        o.organisation_id
    FROM organisations AS o
    LEFT JOIN seen AS s ON o.organisation_id = s.organisation_id
    LEFT JOIN told AS t ON o.organisation_id = t.organisation_id
)
SELECT *
FROM found
ORDER BY organisation_id
