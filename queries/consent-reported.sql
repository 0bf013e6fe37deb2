-- What did the sites themselves report about the visitor's consent when they told of the visit?
-- Counted: delivered events whose request reports consent, by the words of the request. "reported" decodes Google's gcs:
-- denied also means "not asked yet". Other companies' words are given as they are.
-- Not counted: events whose request says nothing of consent, repeats, and requests that did not leave the browser. It does
-- not prove that something was sent against a refusal: what the visitor had answered is in the column consent, for which
-- ask sent-before-consent and sent-after-rejection.
SELECT
    o.name AS organisation,
    e.recipient,
    e.consent_reported,
    CASE e.consent_reported
        WHEN 'G100' THEN 'advertising denied, analytics denied'
        WHEN 'G101' THEN 'advertising denied, analytics granted'
        WHEN 'G110' THEN 'advertising granted, analytics denied'
        WHEN 'G111' THEN 'advertising granted, analytics granted'
        ELSE 'not decoded'
    END AS reported,
    COUNT(*) AS events,
    COUNT(*) FILTER (WHERE e.tier IN (1, 2, 3)) AS leaks,
    COUNT(*) FILTER (WHERE e.tier IN (1, 2, 3) AND e.identifiability = 'named') AS leaks_that_name_a_person,
    e.organisation_id
FROM (
    SELECT *
    FROM events
    WHERE delivery = 'delivered' AND repeat_of IS NULL
        AND consent_reported IS NOT NULL
) AS e
LEFT JOIN organisations AS o ON e.organisation_id = o.organisation_id
GROUP BY e.organisation_id, o.name, e.recipient, e.consent_reported
ORDER BY leaks DESC, events DESC, e.organisation_id NULLS LAST, e.recipient, e.consent_reported
