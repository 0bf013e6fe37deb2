-- Which sensitive pages were visited, and who was told?
-- Listed: every page of tier 1 (critical), 2 (high) or 3 (moderate), also those of which nobody was told.
-- Counted: events about the page that were delivered; "recipients" are the companies that received them.
-- Not counted: repeats of an event, and requests that were blocked, served from the cache or redirected inside the browser.
WITH counted AS (
    SELECT e.page_id, e.recipient, e.identifiability
    FROM (
        SELECT page_id, recipient, identifiability
        FROM events
        WHERE delivery = 'delivered' AND repeat_of IS NULL
    ) AS e
    JOIN (
        SELECT page_id
        FROM pages
        WHERE tier IN (1, 2, 3)
    ) AS p ON e.page_id = p.page_id
),
told AS (
    SELECT
        page_id,
        COUNT(*) AS events,
        COUNT(*) FILTER (WHERE identifiability = 'named') AS events_that_name_a_person
    FROM counted
    GROUP BY page_id
),
listeners AS (
    SELECT page_id, GROUP_CONCAT(recipient, '; ' ORDER BY recipient) AS recipients
    FROM (SELECT DISTINCT page_id, recipient FROM counted ORDER BY page_id, recipient) AS each_once
    GROUP BY page_id
),
-- In slices of organisation_id: found
found AS (
    SELECT
        p.tier,
        p.category,
        o.name AS organisation,
        p.url AS page,
        p.title,
        p.matched_text,
        p.reader,
        COALESCE(t.events, 0) AS events,
        COALESCE(t.events_that_name_a_person, 0) AS events_that_name_a_person,
        l.recipients,
        p.captures,
        p.page_id
    FROM (
        SELECT *
        FROM pages
        WHERE tier IN (1, 2, 3)
    ) AS p
    JOIN organisations AS o ON p.organisation_id = o.organisation_id
    LEFT JOIN told AS t ON p.page_id = t.page_id
    LEFT JOIN listeners AS l ON p.page_id = l.page_id
)
SELECT *
FROM found
ORDER BY tier, events DESC, page_id
