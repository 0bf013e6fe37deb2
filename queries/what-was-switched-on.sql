-- What had the sites, or the recipients by default, switched on for the sites' accounts?
-- Counted: settings that stand in a recipient's own script as it came to a page of a capture, also out of the browser's cache:
-- one row an account, setting and value, with the captures that show it and when the first of them began and the last ended.
-- Automatic matching stands first: with it the script may read contact data out of forms by itself, and its keys say which.
-- Not counted: accounts whose script is not in a capture with its text. Of those that are here, a setting without a row was not
-- on, as far as our rules know the recipient's script. Who switched a setting on, the site or the recipient's default, the
-- script does not say. An organisation stands beside an account where a page of it told, or tried to tell, an event to that
-- account, or loaded its script and that of no other account of the recipient.
WITH
-- In slices of capture_id: exported
exported AS (
    SELECT capture_id, same_session_as AS session
    FROM captures
    WHERE same_session_as IS NOT NULL AND state <> 'duplicate'
),
twice AS (
    SELECT capture_id, session FROM exported
    UNION
    SELECT session AS capture_id, session FROM exported
),
-- In slices of capture_id: shown
shown AS (
    SELECT
        s.recipient,
        s.account_key,
        s.setting,
        s.value,
        s.meaning,
        t.session,
        COUNT(DISTINCT CASE WHEN t.session IS NULL THEN s.capture_id END) AS captures,
        MIN(c.first_request_at) AS first_seen,
        MAX(c.last_request_at) AS last_seen
    FROM settings AS s
    JOIN (
        SELECT *
        FROM captures
        WHERE state <> 'duplicate'
    ) AS c ON s.capture_id = c.capture_id
    LEFT JOIN twice AS t ON s.capture_id = t.capture_id
    GROUP BY s.recipient, s.account_key, s.setting, s.value, s.meaning, t.session
),
accounts AS (
    SELECT DISTINCT account_key
    FROM shown
),
-- In slices of capture_id: known
known AS (
    SELECT DISTINCT e.account_key, e.organisation_id
    FROM (
        SELECT *
        FROM events
        WHERE account_key IS NOT NULL AND organisation_id IS NOT NULL
    ) AS e
    JOIN accounts AS a ON e.account_key = a.account_key
    UNION
    SELECT s.account_key, p.organisation_id
    FROM settings AS s
    JOIN contacts AS c ON s.capture_id = c.capture_id AND s.recipient = c.recipient AND s.account_id = c.accounts
    JOIN pages AS p ON c.page_id = p.page_id
),
owners AS (
    SELECT DISTINCT account_key, organisation_id
    FROM known
)
SELECT
    o.name AS organisation,
    s.recipient,
    s.account_key,
    s.setting,
    s.value,
    SUM(s.captures) + COUNT(DISTINCT s.session) AS captures,
    MIN(s.first_seen) AS first_seen,
    MAX(s.last_seen) AS last_seen,
    s.meaning,
    w.organisation_id
FROM shown AS s
LEFT JOIN owners AS w ON s.account_key = w.account_key
LEFT JOIN organisations AS o ON w.organisation_id = o.organisation_id
GROUP BY w.organisation_id, o.name, s.recipient, s.account_key, s.setting, s.value, s.meaning
ORDER BY
    CASE WHEN s.setting LIKE 'automatic_matching%' THEN 0 ELSE 1 END,
    w.organisation_id NULLS LAST, s.account_key NULLS LAST, s.setting, s.value
