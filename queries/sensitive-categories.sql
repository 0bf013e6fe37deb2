-- How many organisations told companies about sensitive pages, by category?
-- Counted: leaks, which are delivered events about a page, a click or a search of tier 1, 2 or 3; each under the category
-- that holds for the event.
-- Not counted: repeats of an event, requests that did not leave the browser, and sensitive pages of which nobody was told
-- (see sensitive-pages). An organisation with several categories stands in several rows: do not add the rows up.
WITH leaks AS (
    SELECT tier, category, organisation_id, page_id, identifiability, reader, recipient
    FROM events
    WHERE delivery = 'delivered' AND repeat_of IS NULL
        AND tier IN (1, 2, 3)
),
-- In slices of organisation_id: told
told AS (
    SELECT
        organisation_id,
        tier,
        category,
        COUNT(DISTINCT page_id) AS pages,
        COUNT(*) AS leaks,
        COUNT(*) FILTER (WHERE identifiability = 'named') AS leaks_that_name_a_person,
        COUNT(*) FILTER (WHERE reader = 'public') AS leaks_about_pages_for_the_public
    FROM leaks
    GROUP BY organisation_id, tier, category
),
categories AS (
    SELECT
        tier,
        category,
        COUNT(organisation_id) AS organisations,
        SUM(pages) AS pages,
        SUM(leaks) AS leaks,
        SUM(leaks_that_name_a_person) AS leaks_that_name_a_person,
        SUM(leaks_about_pages_for_the_public) AS leaks_about_pages_for_the_public
    FROM told
    GROUP BY tier, category
),
-- In slices of capture_id: heard
heard AS (
    SELECT DISTINCT tier, category, recipient
    FROM leaks
),
listeners AS (
    SELECT tier, category, GROUP_CONCAT(recipient, '; ' ORDER BY recipient) AS recipients
    FROM (SELECT DISTINCT tier, category, recipient FROM heard ORDER BY tier, category, recipient) AS each_once
    GROUP BY tier, category
)
SELECT
    t.tier,
    t.category,
    t.organisations,
    t.pages,
    t.leaks,
    t.leaks_that_name_a_person,
    t.leaks_about_pages_for_the_public,
    l.recipients
FROM categories AS t
LEFT JOIN listeners AS l ON t.tier = l.tier AND t.category = l.category
ORDER BY t.tier, t.leaks DESC, t.category NULLS LAST
