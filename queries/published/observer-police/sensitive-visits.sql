-- Which police forces' sites told Meta of visits to pages about offences, of clicks there, and of whose visit it was?
-- Counted: events that Meta's pixel delivered to Meta about a page, a click or a search of tier 1, 2 or 3; "rape_link": a
-- click of which the page or the words are about sexual offences; "account": such an event carried the visitor's account.
-- Not counted: repeats of an event, and requests that did not leave the browser. Nothing is said where nothing was found.
-- "account" needs captures with cookies, made by somebody who is logged in.
WITH told AS (
    SELECT
        organisation_id,
        COUNT(*) FILTER (WHERE action = 'click' AND category = 'CR-SEX') AS rape_links,
        COUNT(*) FILTER (WHERE identifiability = 'named') AS named
    FROM events
    WHERE tracker = 'meta-pixel' AND delivery = 'delivered' AND repeat_of IS NULL
        AND tier IN (1, 2, 3)
    GROUP BY organisation_id
)
SELECT
    o.organisation_id,
    o.name AS organisation,
    'yes' AS sensitive_pages,
    CASE WHEN t.rape_links > 0 THEN 'yes' END AS rape_link,
    CASE WHEN t.named > 0 THEN 'yes' END AS account
FROM told AS t
JOIN organisations AS o ON t.organisation_id = o.organisation_id
ORDER BY organisation_id
