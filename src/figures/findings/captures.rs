//! The captures that were read, as the evidence of a report.

use super::super::answer::{Answer, ask};
use super::{COUNTS, FigureError, LEAK, Tables};

/// Captures that a report lists; where more were read, those with the most leaks.
pub const MOST_CAPTURES: usize = 1_000;

/// A capture that was read. Neither its path nor its volunteer is here: both may say who somebody is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaptureRead {
    pub capture_id: String,
    pub wave: String,
    pub state: String,
    /// The program that wrote it, and its version.
    pub producer: String,
    /// Entries read, and entries found.
    pub entries: (u64, u64),
    pub cookies_recorded: String,
    /// The capture that holds the same session.
    pub same_session_as: String,
    pub bodies_missing: u64,
    /// Counted events and leaks of this very capture.
    pub events: u64,
    pub leaks: u64,
}

/// All of them in the order of their ids, or those with the most leaks first. `read`: how many there are.
pub(super) fn read(tables: &Tables, read: u64) -> Result<Vec<CaptureRead>, FigureError> {
    let first_by = if read > MOST_CAPTURES as u64 {
        "leaks DESC, "
    } else {
        ""
    };
    let rows = ask(tables, "captures read", &question(first_by))?;
    Ok(rows.iter().map(capture).collect())
}

/// The first of all are among the first of each slice.
fn question(first_by: &str) -> String {
    let first = format!("ORDER BY {first_by}capture_id, path, member LIMIT {MOST_CAPTURES}");
    format!(
        "WITH told AS (
            SELECT e.capture_id,
                COUNT(*) FILTER (WHERE {COUNTS}) AS events,
                COUNT(*) FILTER (WHERE {LEAK}) AS leaks
            FROM events AS e GROUP BY e.capture_id
        ), held AS (
            SELECT * FROM captures WHERE state IN ('read', 'salvaged')
        ), counted AS (
            SELECT h.capture_id, h.wave, h.state, h.producer, h.producer_version, h.entries_read, h.entries,
                h.cookies_recorded, h.bodies_missing, COALESCE(t.events, 0) AS events, COALESCE(t.leaks, 0) AS leaks,
                h.same_session_as, h.path, h.member
            FROM held AS h LEFT JOIN told AS t ON h.capture_id = t.capture_id
        ),
        -- In slices of capture_id: listed
        listed AS (
            SELECT * FROM counted {first}
        )
        SELECT * FROM listed {first}"
    )
}

fn capture(row: &Answer) -> CaptureRead {
    let producer = [row.text(3), row.text(4)].join(" ");
    CaptureRead {
        capture_id: row.text(0),
        wave: row.text(1),
        state: row.text(2),
        producer: producer.trim().to_owned(),
        entries: (row.number(5), row.number(6)),
        cookies_recorded: row.text(7),
        bodies_missing: row.number(8),
        events: row.number(9),
        leaks: row.number(10),
        same_session_as: row.text(11),
    }
}
