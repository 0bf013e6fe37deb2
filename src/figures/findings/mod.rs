//! What a report tells beyond the overview: organisation by organisation, one visit from beginning to end, and what of
//! it all could not be known. Every number is a query over the tables, and "a leak" is what it is everywhere.

mod captures;
mod event;
mod examples;
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
pub use captures::{CaptureRead, MOST_CAPTURES};
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

/// Organisations that a report tells of one by one, those with the most leaks: a page of thousands of sections helps nobody.
pub const TOLD_OF: usize = 500;

/// Everything a report tells of a dataset.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Findings {
    pub overview: Overview,
    /// Every organisation, those with the most leaks first.
    pub organisations: Vec<Organisation>,
    /// The visit with the most leaks of tier 1; `None`: there is no leak.
    pub visit: Option<Visit>,
    /// The captures that were read; where there are very many, those with the most leaks.
    pub captures: Vec<CaptureRead>,
}

impl Findings {
    /// Asks a dataset.
    ///
    /// # Errors
    /// A table that cannot be read.
    pub fn of(tables: &Tables) -> Result<Findings, FigureError> {
        let overview = Overview::of(tables)?;
        let read = overview.read + overview.salvaged;
        Ok(Findings {
            organisations: organisations::all(tables)?,
            visit: visit::strongest(tables)?,
            captures: captures::read(tables, read)?,
            overview,
        })
    }

    /// The organisations with leaks, the most first.
    pub fn leaking(&self) -> impl Iterator<Item = &Organisation> {
        self.organisations.iter().filter(|found| found.leaks > 0)
    }

    /// Those of them that are told of one by one.
    pub fn told_of(&self) -> impl Iterator<Item = &Organisation> {
        self.leaking().take(TOLD_OF)
    }

    /// Leaks about no organisation that is known.
    pub fn leaks_of_nobody(&self) -> u64 {
        let known: u64 = self.organisations.iter().map(|found| found.leaks).sum();
        self.overview.leaks.saturating_sub(known)
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
    let organisations = organisations.iter_mut();
    let mut places: BTreeMap<String, &mut Organisation> = organisations
        .map(|found| (found.id.clone(), found))
        .collect();
    for row in ask(tables, name, sql)? {
        if let Some(found) = places.get_mut(&row.text(0)) {
            take(found, &row);
        }
    }
    Ok(())
}
