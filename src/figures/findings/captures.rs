//! The captures that were read, as the evidence of a report.

use super::super::answer::{Answer, ask};
use super::super::slices::Slice;
use super::{COUNTS, FigureError, LEAK, Tables};
use std::cmp::Reverse;

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
pub(super) fn read(
    tables: &Tables,
    slices: &[Slice],
    read: u64,
) -> Result<Vec<CaptureRead>, FigureError> {
    if read <= MOST_CAPTURES as u64 {
        let rows = ask(tables, "captures read", &question("TRUE", "TRUE", ""))?;
        return Ok(rows.iter().map(capture).collect());
    }
    let mut found = Vec::new();
    for slice in slices {
        let (events, captures) = (slice.holds("e.capture_id"), slice.holds("capture_id"));
        let sql = question(&events, &captures, "COALESCE(t.leaks, 0) DESC, ")
            + &format!(" LIMIT {MOST_CAPTURES}");
        let rows = ask(tables, "captures read", &sql)?;
        found.extend(rows.iter().map(capture));
        // Within equal numbers the order of the question stays.
        found.sort_by_key(|capture: &CaptureRead| Reverse(capture.leaks));
        found.truncate(MOST_CAPTURES);
    }
    Ok(found)
}

/// The captures for which a condition holds, with what events for which another holds say of them.
fn question(events: &str, captures: &str, first_by: &str) -> String {
    format!(
        "WITH told AS (
            SELECT e.capture_id,
                COUNT(*) FILTER (WHERE {COUNTS}) AS events,
                COUNT(*) FILTER (WHERE {LEAK}) AS leaks
            FROM events AS e WHERE {events} GROUP BY e.capture_id
        ), held AS (
            SELECT * FROM captures WHERE state IN ('read', 'salvaged') AND {captures}
        )
        SELECT h.capture_id, h.wave, h.state, h.producer, h.producer_version, h.entries_read, h.entries,
            h.cookies_recorded, h.bodies_missing, t.events, t.leaks, h.same_session_as, h.path, h.member
        FROM held AS h LEFT JOIN told AS t ON h.capture_id = t.capture_id
        ORDER BY {first_by}h.capture_id, h.path, h.member"
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
