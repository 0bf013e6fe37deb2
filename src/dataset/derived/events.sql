-- The events, each with the organisation, category, tier, matched words and reader that hold for it. Pages are judged once; an
-- event keeps its own category only where it says more: the button that was clicked or the term that was searched for is more
-- critical than the page around it. Without a page there is nothing to take over. With one, a lower tier is more critical, and
-- 0 is none at all. A button may address somebody else than its page does; where the event does not say, the page does.
WITH weighed AS (
    SELECT
        {rest},
        e.category AS own_category,
        e.tier AS own_tier,
        e.matched_in AS own_matched_in,
        e.matched_text AS own_matched_text,
        e.reader AS own_reader,
        p.category AS page_category,
        p.tier AS page_tier,
        p.matched_in AS page_matched_in,
        p.matched_text AS page_matched_text,
        p.reader AS page_reader,
        COALESCE(e.organisation_id, p.organisation_id) AS organisation_id,
        (e.page_id IS NULL OR (e.tier > 0 AND (p.tier IS NULL OR p.tier = 0 OR e.tier < p.tier))) AS says_more
    FROM events AS e
    LEFT JOIN pages AS p ON e.page_id = p.page_id
)
SELECT
    {rest},
    e.organisation_id,
    CASE WHEN e.says_more THEN e.own_category ELSE e.page_category END AS category,
    CASE WHEN e.says_more THEN e.own_tier ELSE e.page_tier END AS tier,
    CASE WHEN e.says_more THEN e.own_matched_in ELSE e.page_matched_in END AS matched_in,
    CASE WHEN e.says_more THEN e.own_matched_text ELSE e.page_matched_text END AS matched_text,
    CASE WHEN e.says_more THEN COALESCE(e.own_reader, e.page_reader) ELSE e.page_reader END AS reader
FROM weighed AS e
