//! One visit, event by event: the one in which most of tier 1 was told.

use super::super::answer::{ask, first, quoted};
use super::telling::{COLUMNS, given};
use super::{COUNTS, FigureError, LEAK, Tables, Telling};

/// A visit: what one session of one browser told, in the order of time.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Visit {
    /// The capture that stands for the session.
    pub capture_id: String,
    /// Every event that counts, sensitive or not.
    pub events: Vec<Telling>,
}

/// Which visit comes first.
const ORDER: &str = "ORDER BY critical DESC, high DESC, leaks DESC, named DESC, session LIMIT 1";

/// The visit with the most leaks of tier 1; where there are several, or none, those of tier 2 and of all tiers decide, and
/// then those that can name the visitor. A session that was exported twice is one visit, its events may stand in either
/// export, and so in several slices; of all others the first of each slice will do.
pub(super) fn strongest(tables: &Tables) -> Result<Option<Visit>, FigureError> {
    let sql = format!(
        "WITH
        -- In slices of capture_id: exported
        exported AS (
            SELECT capture_id, same_session_as AS session
            FROM captures WHERE state IN ('read', 'salvaged') AND same_session_as IS NOT NULL
        ), twice AS (
            SELECT capture_id, session FROM exported
            UNION
            SELECT session AS capture_id, session FROM exported
        ), leaks AS (
            SELECT COALESCE(t.session, e.capture_id) AS session, t.session IS NOT NULL AS is_twice, e.tier, e.identifiability
            FROM (SELECT * FROM events AS e WHERE {LEAK}) AS e
            LEFT JOIN twice AS t ON e.capture_id = t.capture_id
        ), counted AS (
            SELECT session, is_twice,
                COUNT(*) FILTER (WHERE tier = 1) AS critical,
                COUNT(*) FILTER (WHERE tier = 2) AS high,
                COUNT(*) AS leaks,
                COUNT(*) FILTER (WHERE identifiability = 'named') AS named
            FROM leaks
            GROUP BY session, is_twice
        ), first_of_others AS (
            SELECT * FROM counted WHERE NOT is_twice {ORDER}
        ),
        -- In slices of capture_id: candidates
        candidates AS (
            SELECT * FROM counted WHERE is_twice
            UNION ALL
            SELECT * FROM first_of_others
        )
        SELECT session, SUM(critical) AS critical, SUM(high) AS high, SUM(leaks) AS leaks, SUM(named) AS named
        FROM candidates
        GROUP BY session {ORDER}"
    );
    let capture_id = first(ask(tables, "the visit with the most leaks", &sql)?).text(0);
    if capture_id.is_empty() {
        return Ok(None);
    }
    let events = events(tables, &capture_id)?;
    Ok(Some(Visit { capture_id, events }))
}

fn events(tables: &Tables, session: &str) -> Result<Vec<Telling>, FigureError> {
    let captures = captures(tables, session)?;
    let given = given("told", "TRUE");
    let sql = format!(
        "WITH told AS (
            SELECT * FROM events AS e WHERE {COUNTS} AND e.capture_id IN ({captures})
        ), {given}
        SELECT {COLUMNS}
        FROM told AS e
        LEFT JOIN pages AS p ON e.page_id = p.page_id
        LEFT JOIN given AS g ON e.event_id = g.event_id
        ORDER BY e.started_at NULLS LAST, e.event_id"
    );
    let rows = ask(tables, "the events of a visit", &sql)?;
    Ok(rows.iter().map(|row| Telling::at(row, 0)).collect())
}

/// The captures that hold a session, as SQL lists them.
fn captures(tables: &Tables, session: &str) -> Result<String, FigureError> {
    let sql = format!(
        "SELECT DISTINCT capture_id FROM captures
        WHERE state IN ('read', 'salvaged') AND COALESCE(same_session_as, capture_id) = {session}
        ORDER BY capture_id",
        session = quoted(session)
    );
    let rows = ask(tables, "the captures of a session", &sql)?;
    let ids = rows.iter().map(|row| quoted(&row.text(0)));
    Ok(ids.collect::<Vec<_>>().join(", "))
}
