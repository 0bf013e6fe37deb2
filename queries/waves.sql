-- Who still shares, who stopped, who started between the waves?
-- One row for each organisation, company and wave, from the first in which the company was told. Waves stand in the order of
-- their first request. "finding" compares a wave with all before it: shares (the first wave), still shares, started (about
-- a page that was visited before without telling), new (about pages that were not visited before), not re-tested (no page of
-- which the company had been told was visited again), tried (events are listed, and none is known to have reached the
-- company: a blocker, perhaps), tracker still there (it was contacted or a blocker stopped that, and no event was listed),
-- stopped on the pages visited again (some of the pages of which it had been told), stopped (all of them).
-- Counted: delivered events whose page is known, in captures that the sheet gives a wave.
-- Not counted: repeats of an event. A session that was exported twice belongs to the first of its waves. A wave in which no
-- request has a time is left out, because it has no place in the order.
WITH
-- In slices of capture_id: first_requests
first_requests AS (
    SELECT v.wave, MIN(c.first_request_at) AS begins
    FROM visits AS v
    JOIN captures AS c ON v.capture_id = c.capture_id
    WHERE v.wave IS NOT NULL AND c.first_request_at IS NOT NULL
    GROUP BY v.wave
),
begun AS (
    SELECT wave, MIN(begins) AS begins
    FROM first_requests
    GROUP BY wave
),
visited AS (
    SELECT DISTINCT v.organisation_id, v.page_id, v.wave, b.begins
    FROM visits AS v
    JOIN begun AS b ON v.wave = b.wave
),
held AS (
    SELECT DISTINCT capture_id, wave
    FROM visits
    WHERE wave IS NOT NULL
),
told AS (
    SELECT
        p.organisation_id,
        e.page_id,
        h.wave,
        b.begins,
        e.recipient,
        COUNT(*) FILTER (WHERE e.delivery = 'delivered') AS events,
        COUNT(*) FILTER (WHERE e.delivery = 'delivered' AND e.tier IN (1, 2, 3)) AS leaks,
        COUNT(*) FILTER (WHERE e.delivery <> 'delivered') AS undelivered
    FROM (
        SELECT *
        FROM events
        WHERE repeat_of IS NULL
    ) AS e
    JOIN held AS h ON e.capture_id = h.capture_id
    JOIN pages AS p ON e.page_id = p.page_id
    JOIN begun AS b ON h.wave = b.wave
    GROUP BY p.organisation_id, e.page_id, h.wave, b.begins, e.recipient
),
pairs AS (
    SELECT organisation_id, recipient, MIN(begins) AS first_told
    FROM told
    WHERE events > 0
    GROUP BY organisation_id, recipient
),
waves AS (
    SELECT organisation_id, wave, begins, COUNT(DISTINCT page_id) AS pages_visited
    FROM visited
    GROUP BY organisation_id, wave, begins
),
tested AS (
    SELECT p.organisation_id, p.recipient, p.first_told, b.wave, b.begins
    FROM pairs AS p
    CROSS JOIN begun AS b
    WHERE b.begins >= p.first_told
),
there AS (
    SELECT p.organisation_id, h.wave, c.recipient, SUM(c.event_requests + c.presence_requests) AS requests
    FROM contacts AS c
    JOIN held AS h ON c.capture_id = h.capture_id
    JOIN pages AS p ON c.page_id = p.page_id
    GROUP BY p.organisation_id, h.wave, c.recipient
),
now AS (
    SELECT
        organisation_id, recipient, wave,
        SUM(events) AS events, SUM(leaks) AS leaks, SUM(undelivered) AS undelivered
    FROM told
    GROUP BY organisation_id, recipient, wave
),
told_before AS (
    SELECT DISTINCT t.organisation_id, t.recipient, t.wave, b.page_id
    FROM tested AS t
    JOIN told AS b ON t.organisation_id = b.organisation_id AND t.recipient = b.recipient
    WHERE b.events > 0 AND b.begins < t.begins
),
again AS (
    SELECT
        t.organisation_id,
        t.recipient,
        t.wave,
        COUNT(DISTINCT t.page_id) AS pages_told_before,
        COUNT(DISTINCT v.page_id) AS of_them_visited_again
    FROM told_before AS t
    LEFT JOIN visited AS v ON t.page_id = v.page_id AND t.wave = v.wave
    GROUP BY t.organisation_id, t.recipient, t.wave
),
visited_before AS (
    SELECT DISTINCT n.organisation_id, n.recipient, n.wave, 1 AS visited_before
    FROM told AS n
    JOIN visited AS v ON n.page_id = v.page_id
    WHERE n.events > 0 AND v.begins < n.begins
),
-- In slices of organisation_id: found
found AS (
    SELECT
        o.name AS organisation,
        t.recipient,
        t.wave,
        t.begins,
        CASE
            WHEN t.begins = t.first_told AND b.visited_before IS NOT NULL THEN 'started'
            WHEN t.begins = t.first_told AND e.earlier_waves > 0 THEN 'new'
            WHEN t.begins = t.first_told THEN 'shares'
            WHEN COALESCE(n.events, 0) > 0 THEN 'still shares'
            WHEN a.of_them_visited_again = 0 THEN 'not re-tested'
            WHEN COALESCE(n.undelivered, 0) > 0 THEN 'tried'
            WHEN COALESCE(r.requests, 0) > 0 THEN 'tracker still there'
            WHEN a.of_them_visited_again < a.pages_told_before THEN 'stopped on the pages visited again'
            ELSE 'stopped'
        END AS finding,
        COALESCE(n.events, 0) AS events,
        COALESCE(n.leaks, 0) AS leaks,
        COALESCE(w.pages_visited, 0) AS pages_visited,
        COALESCE(a.pages_told_before, 0) AS pages_told_before,
        COALESCE(a.of_them_visited_again, 0) AS of_them_visited_again,
        t.organisation_id
    FROM tested AS t
    JOIN organisations AS o ON t.organisation_id = o.organisation_id
    LEFT JOIN waves AS w ON t.organisation_id = w.organisation_id AND t.wave = w.wave
    LEFT JOIN there AS r ON t.organisation_id = r.organisation_id AND t.recipient = r.recipient AND t.wave = r.wave
    LEFT JOIN now AS n ON t.organisation_id = n.organisation_id AND t.recipient = n.recipient AND t.wave = n.wave
    LEFT JOIN again AS a ON t.organisation_id = a.organisation_id AND t.recipient = a.recipient AND t.wave = a.wave
    LEFT JOIN visited_before AS b ON t.organisation_id = b.organisation_id AND t.recipient = b.recipient AND t.wave = b.wave
    LEFT JOIN (
        SELECT p.organisation_id, p.recipient, COUNT(*) AS earlier_waves
        FROM pairs AS p
        JOIN waves AS w ON p.organisation_id = w.organisation_id
        WHERE w.begins < p.first_told
        GROUP BY p.organisation_id, p.recipient
    ) AS e ON t.organisation_id = e.organisation_id AND t.recipient = e.recipient
)
SELECT
    organisation,
    recipient,
    wave,
    finding,
    events,
    leaks,
    pages_visited,
    pages_told_before,
    of_them_visited_again,
    organisation_id
FROM found
ORDER BY organisation_id, recipient, begins, wave
