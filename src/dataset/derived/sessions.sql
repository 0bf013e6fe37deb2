-- Which session a capture holds, who sent that in, and in which wave. What was exported twice, or passed on and sent in by
-- somebody else, was seen once, by one volunteer, in the first of its waves. Duplicates are no captures of their own.
apart AS (
    SELECT
        capture_id, COALESCE(same_session_as, capture_id) AS session, volunteer, wave, path,
        COALESCE(member, '') AS member
    FROM captures
    WHERE state <> 'duplicate'
),
numbered AS (
    SELECT
        capture_id, session, volunteer, wave, path, member,
        ROW_NUMBER() OVER (PARTITION BY capture_id ORDER BY path, member) AS place
    FROM apart
),
held AS (
    SELECT capture_id, session, volunteer, wave, path, member
    FROM numbered
    WHERE place = 1
),
senders AS (
    SELECT session, volunteer, ROW_NUMBER() OVER (PARTITION BY session ORDER BY path, member) AS place
    FROM held
    WHERE volunteer IS NOT NULL
),
first_sender AS (
    SELECT session, volunteer
    FROM senders
    WHERE place = 1
),
first_wave AS (
    SELECT session, MIN(wave) AS wave
    FROM held
    GROUP BY session
),
sessions AS (
    SELECT h.capture_id, h.session, s.volunteer, w.wave
    FROM held AS h
    LEFT JOIN first_sender AS s ON h.session = s.session
    LEFT JOIN first_wave AS w ON h.session = w.session
)
