//! What a report tells beyond the overview: organisation by organisation, one visit from beginning to end, and what of
//! it all could not be known. Every number is a query over the tables, and "a leak" is what it is everywhere.

mod event;
mod hashed;
mod organisations;
mod telling;
mod visit;
mod waves;

use std::collections::BTreeMap;

use super::Tables;
use super::answer::{Answer, ask};
use super::error::FigureError;
use super::overview::Overview;
pub use event::{CapturePlace, EventRecord, GivenItem};
pub use hashed::{CaptureHashes, HashedItem};
pub use organisations::{CategoryLeaks, Flow, Gaps, Organisation, ToldItem};
pub use telling::Telling;
pub use visit::Visit;
pub use waves::WaveSight;

/// The condition on an event `e` that makes it count.
const COUNTS: &str = "e.repeat_of IS NULL AND e.delivery = 'delivered'";

/// The condition on an event `e` that makes it a leak.
const LEAK: &str = "e.repeat_of IS NULL AND e.delivery = 'delivered' AND e.tier IN (1, 2, 3)";

/// Everything a report tells of a dataset.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Findings {
    pub overview: Overview,
    /// Every organisation, those with the most leaks first.
    pub organisations: Vec<Organisation>,
    /// The visit with the most leaks of tier 1; `None`: there is no leak.
    pub visit: Option<Visit>,
    /// The captures that were read.
    pub captures: Vec<CaptureRead>,
}

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

impl Findings {
    /// Asks a dataset.
    ///
    /// # Errors
    /// A table that cannot be read.
    pub fn of(tables: &Tables) -> Result<Findings, FigureError> {
        Ok(Findings {
            overview: Overview::of(tables)?,
            organisations: organisations::all(tables)?,
            visit: visit::strongest(tables)?,
            captures: captures(tables)?,
        })
    }

    /// The organisations with leaks, the most first.
    pub fn leaking(&self) -> impl Iterator<Item = &Organisation> {
        self.organisations.iter().filter(|found| found.leaks > 0)
    }

    /// Leaks about no organisation that is known.
    pub fn leaks_of_nobody(&self) -> u64 {
        let known: u64 = self.organisations.iter().map(|found| found.leaks).sum();
        self.overview.leaks.saturating_sub(known)
    }
}

fn captures(tables: &Tables) -> Result<Vec<CaptureRead>, FigureError> {
    let sql = format!(
        "WITH told AS (
            SELECT e.capture_id,
                COUNT(*) FILTER (WHERE {COUNTS}) AS events,
                COUNT(*) FILTER (WHERE {LEAK}) AS leaks
            FROM events AS e GROUP BY e.capture_id
        ), held AS (
            SELECT * FROM captures WHERE state IN ('read', 'salvaged')
        )
        SELECT h.capture_id, h.wave, h.state, h.producer, h.producer_version, h.entries_read, h.entries,
            h.cookies_recorded, h.bodies_missing, t.events, t.leaks, h.same_session_as, h.path, h.member
        FROM held AS h LEFT JOIN told AS t ON h.capture_id = t.capture_id
        ORDER BY h.capture_id, h.path, h.member"
    );
    let rows = ask(tables, "captures read", &sql)?;
    Ok(rows.iter().map(capture).collect())
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

/// Asks one question whose first column is the organisation's id, and hands each row to its organisation.
fn for_each(
    tables: &Tables,
    name: &str,
    sql: &str,
    organisations: &mut [Organisation],
    mut take: impl FnMut(&mut Organisation, &Answer),
) -> Result<(), FigureError> {
    let places: BTreeMap<String, usize> = organisations
        .iter()
        .enumerate()
        .map(|(place, found)| (found.id.clone(), place))
        .collect();
    for row in ask(tables, name, sql)? {
        let place = places.get(&row.text(0)).copied();
        if let Some(found) = place.and_then(|place| organisations.get_mut(place)) {
            take(found, &row);
        }
    }
    Ok(())
}
