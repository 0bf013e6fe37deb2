-- What did the sites themselves report about the visitor's consent when they told of the visit?
-- Counted: delivered events whose request reports consent, by the words of the request. "reported" decodes Google's gcs:
-- denied also means "not asked yet". Other companies' words are given as they are.
-- Not counted: events whose request says nothing of consent, repeats, and requests that did not leave the browser. It does
-- not prove that something was sent against a refusal: what the visitor had answered is in the column consent, for which
-- ask sent-before-consent and sent-after-rejection.
WITH
-- In slices of organisation_id: told
told AS (
    SELECT
        organisation_id,
        recipient,
        consent_reported,
        COUNT(*) AS events,
        COUNT(*) FILTER (WHERE tier IN (1, 2, 3)) AS leaks,
        COUNT(*) FILTER (WHERE tier IN (1, 2, 3) AND identifiability = 'named') AS leaks_that_name_a_person
    FROM events
    WHERE delivery = 'delivered' AND repeat_of IS NULL
        AND consent_reported IS NOT NULL
    GROUP BY organisation_id, recipient, consent_reported
)
SELECT
    o.name AS organisation,
    t.recipient,
    t.consent_reported,
    CASE t.consent_reported
        WHEN 'G100' THEN 'advertising denied, analytics denied'
        WHEN 'G101' THEN 'advertising denied, analytics granted'
        WHEN 'G110' THEN 'advertising granted, analytics denied'
        WHEN 'G111' THEN 'advertising granted, analytics granted'
        ELSE 'not decoded'
    END AS reported,
    t.events,
    t.leaks,
    t.leaks_that_name_a_person,
    t.organisation_id
FROM told AS t
LEFT JOIN organisations AS o ON t.organisation_id = o.organisation_id
ORDER BY t.leaks DESC, t.events DESC, t.organisation_id NULLS LAST, t.recipient, t.consent_reported
