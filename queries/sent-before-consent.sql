-- Who was told of visits before the visitor had answered the site's consent banner?
-- Counted: delivered events at whose time a consent tool was at work on the site and a request to the site that is no earlier
-- still shows no answer, or an answer that was given only later. "sessions": a session that was exported twice is one.
-- Not counted: events of which the capture does not decide it (not_recorded), which are many: a visitor may have clicked just
-- before the last requests. Nor sites on which no consent tool was seen (none_seen): there nothing was asked, and "before
-- consent" would be wrong. Nor repeats and requests that did not leave the browser.
-- A capture does not show the screen: look at the banner yourself before you print. consent_evidence and consent_entry in the
-- table events say for each event what it rests on.
WITH twice AS (
    SELECT DISTINCT capture_id, same_session_as AS session
    FROM captures
    WHERE same_session_as IS NOT NULL AND state <> 'duplicate'
),
-- In slices of organisation_id: told
told AS (
    SELECT
        e.organisation_id,
        e.recipient,
        COUNT(*) AS events,
        COUNT(*) FILTER (WHERE e.tier IN (1, 2, 3)) AS leaks,
        COUNT(*) FILTER (WHERE e.tier IN (1, 2, 3) AND e.identifiability = 'named') AS leaks_that_name_a_person,
        COUNT(DISTINCT COALESCE(t.session, e.capture_id)) AS sessions
    FROM (
        SELECT *
        FROM events
        WHERE delivery = 'delivered' AND repeat_of IS NULL
            AND consent = 'banner_unanswered'
    ) AS e
    LEFT JOIN twice AS t ON e.capture_id = t.capture_id
    GROUP BY e.organisation_id, e.recipient
)
SELECT
    o.name AS organisation,
    t.recipient,
    t.events,
    t.leaks,
    t.leaks_that_name_a_person,
    t.sessions,
    t.organisation_id
FROM told AS t
LEFT JOIN organisations AS o ON t.organisation_id = o.organisation_id
ORDER BY t.leaks DESC, t.events DESC, t.organisation_id NULLS LAST, t.recipient
