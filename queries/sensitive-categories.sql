-- How many organisations told companies about sensitive pages, by category?
-- Counted: leaks, which are delivered events about a page, a click or a search of tier 1, 2 or 3; each under the category
-- that holds for the event.
-- Not counted: repeats of an event, requests that did not leave the browser, and sensitive pages of which nobody was told
-- (see sensitive-pages). An organisation with several categories stands in several rows: do not add the rows up.
SELECT
    tier,
    category,
    COUNT(DISTINCT organisation_id) AS organisations,
    COUNT(DISTINCT page_id) AS pages,
    COUNT(*) AS leaks,
    COUNT(*) FILTER (WHERE identifiability = 'named') AS leaks_that_name_a_person,
    COUNT(*) FILTER (WHERE reader = 'public') AS leaks_about_pages_for_the_public,
    STRING_AGG(DISTINCT recipient, '; ' ORDER BY recipient) AS recipients
FROM events
WHERE delivery = 'delivered' AND repeat_of IS NULL
    AND tier IN (1, 2, 3)
GROUP BY tier, category
ORDER BY tier, leaks DESC, category NULLS LAST
