//! One visit, event by event: the one in which most of tier 1 was told.

use super::super::answer::{ask, first};
use super::telling::{COLUMNS, GIVEN};
use super::{COUNTS, FigureError, LEAK, Tables, Telling};

/// A visit: what one session of one browser told, in the order of time.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Visit {
    /// The capture that stands for the session.
    pub capture_id: String,
    /// Every event that counts, sensitive or not.
    pub events: Vec<Telling>,
}

/// A session that was exported twice is one visit: its events may stand in either export.
const SESSIONS: &str = "
    held AS (
        SELECT DISTINCT capture_id, COALESCE(same_session_as, capture_id) AS session
        FROM captures WHERE state IN ('read', 'salvaged')
    )";

/// The visit with the most leaks of tier 1; where there are several, or none, those of tier 2 and of all tiers decide, and
/// then those that can name the visitor.
pub(super) fn strongest(tables: &Tables) -> Result<Option<Visit>, FigureError> {
    let sql = format!(
        "WITH {SESSIONS}
        SELECT h.session,
            COUNT(*) FILTER (WHERE e.tier = 1) AS critical,
            COUNT(*) FILTER (WHERE e.tier = 2) AS high,
            COUNT(*) AS leaks,
            COUNT(*) FILTER (WHERE e.identifiability = 'named') AS named
        FROM events AS e JOIN held AS h ON e.capture_id = h.capture_id
        WHERE {LEAK}
        GROUP BY h.session ORDER BY critical DESC, high DESC, leaks DESC, named DESC, h.session LIMIT 1"
    );
    let capture_id = first(ask(tables, "the visit with the most leaks", &sql)?).text(0);
    if capture_id.is_empty() {
        return Ok(None);
    }
    let events = events(tables, &capture_id)?;
    Ok(Some(Visit { capture_id, events }))
}

fn events(tables: &Tables, session: &str) -> Result<Vec<Telling>, FigureError> {
    let session = session.replace('\'', "''");
    let sql = format!(
        "WITH {SESSIONS}, {GIVEN}
        SELECT {COLUMNS}
        FROM events AS e
        JOIN held AS h ON e.capture_id = h.capture_id
        LEFT JOIN pages AS p ON e.page_id = p.page_id
        LEFT JOIN given AS g ON e.event_id = g.event_id
        WHERE {COUNTS} AND h.session = '{session}'
        ORDER BY e.started_at NULLS LAST, e.event_id"
    );
    let rows = ask(tables, "the events of a visit", &sql)?;
    Ok(rows.iter().map(|row| Telling::at(row, 0)).collect())
}
