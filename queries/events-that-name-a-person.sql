-- Which events told a company about a visitor whom it could name?
-- Counted: delivered events that carry the visitor's account with the recipient, or contact data that can be read as it
-- stands. Events about sensitive pages come first. "items" are all the data items that the event gave away with it.
-- Not counted: events with hashed contact data only (they are "matchable"), events of captures in which cookies were
-- not recorded and nothing else named the visitor, repeats, and requests that did not leave the browser.
WITH named AS (
    SELECT *
    FROM events
    WHERE delivery = 'delivered' AND repeat_of IS NULL
        AND identifiability = 'named'
),
given AS (
    SELECT event_id, GROUP_CONCAT(item, '; ' ORDER BY item) AS items
    FROM (
        SELECT DISTINCT d.event_id, d.item
        FROM disclosures AS d
        JOIN named AS n ON d.event_id = n.event_id
        ORDER BY d.event_id, d.item
    ) AS each_once
    GROUP BY event_id
),
-- In slices of capture_id: found
found AS (
    SELECT
        e.started_at,
        o.name AS organisation,
        p.url AS page,
        e.category,
        e.tier,
        e.recipient,
        e.action,
        e.event_name,
        e.clicked_text,
        g.items,
        e.consent,
        e.consent_reported,
        e.capture_id,
        e.event_id
    FROM named AS e
    LEFT JOIN pages AS p ON e.page_id = p.page_id
    LEFT JOIN organisations AS o ON e.organisation_id = o.organisation_id
    LEFT JOIN given AS g ON e.event_id = g.event_id
)
SELECT *
FROM found
ORDER BY
    CASE WHEN tier IN (1, 2, 3) THEN tier ELSE 9 END,
    started_at NULLS LAST, event_id
