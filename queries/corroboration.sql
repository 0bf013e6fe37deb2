-- Which findings do several volunteers bear out?
-- One row for each organisation, category and company: by how many volunteers, captures and waves the leak was seen, out of
-- those that visited pages of that organisation and category.
-- Counted: leaks whose page is known. A session that was exported twice, or sent in by two, is one capture of one
-- volunteer. Volunteers are those of the sheet: without a sheet their number is 0, which is "unknown".
-- Not counted: repeats of an event, and requests that did not leave the browser.
WITH visited AS (
    SELECT
        v.organisation_id,
        p.category,
        COUNT(DISTINCT v.volunteer) AS volunteers,
        COUNT(DISTINCT v.session) AS captures
    FROM visits AS v
    JOIN pages AS p ON v.page_id = p.page_id
    GROUP BY v.organisation_id, p.category
),
held AS (
    SELECT DISTINCT capture_id, session, volunteer, wave
    FROM visits
),
borne_out AS (
    SELECT
        p.organisation_id,
        p.category,
        p.tier,
        e.recipient,
        COUNT(*) AS leaks,
        COUNT(DISTINCT h.volunteer) AS volunteers,
        COUNT(DISTINCT h.session) AS captures,
        COUNT(DISTINCT h.wave) AS waves
    FROM (
        SELECT *
        FROM events
        WHERE delivery = 'delivered' AND repeat_of IS NULL
    ) AS e
    JOIN held AS h ON e.capture_id = h.capture_id
    JOIN (
        SELECT *
        FROM pages
        WHERE tier IN (1, 2, 3)
    ) AS p ON e.page_id = p.page_id
    GROUP BY p.organisation_id, p.category, p.tier, e.recipient
),
-- In slices of organisation_id: found
found AS (
    SELECT
        b.tier,
        b.category,
        o.name AS organisation,
        b.recipient,
        b.leaks,
        b.volunteers,
        t.volunteers AS of_volunteers,
        b.captures,
        t.captures AS of_captures,
        b.waves,
        b.organisation_id
    FROM borne_out AS b
    JOIN organisations AS o ON b.organisation_id = o.organisation_id
    JOIN visited AS t ON b.organisation_id = t.organisation_id AND b.category = t.category
)
SELECT *
FROM found
ORDER BY volunteers DESC, captures DESC, tier, leaks DESC, organisation_id, category, recipient
