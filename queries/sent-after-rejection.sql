-- Who was told of visits although the visitor had refused every optional purpose?
-- Counted: delivered events at whose time the site's own consent cookie had every optional purpose off after an answer, as the
-- last request to the site before the event shows it, or a later one whose answer is older than the event. "sessions": a
-- session that was exported twice is one.
-- Not counted: answers that accepted some purposes and refused others (partly_accepted), also where the purpose of this very
-- recipient was refused; events of which the capture does not decide it (not_recorded); repeats, and requests that did not
-- leave the browser. Groups that are off by default and unanswered are no refusal: see sent-before-consent. Sites on which no
-- consent tool was seen (none_seen) are in neither.
-- Some tools write the same when a banner is closed by its cross, and a visitor may change the answer between two requests:
-- ask the volunteer what was clicked. consent_evidence and consent_entry in the table events say for each event what it rests on.
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
            AND consent = 'rejected'
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
