//! The figures room: a dataset on disk in, answers out. Questions are SQL, those that come with the program
//! (`queries/*.sql`) and anybody's own; and the figures of published investigations, counted again (`queries/published/`).
//! It knows nothing above the dataset room.

mod answer;
mod catalogue;
mod coverage;
mod error;
mod findings;
mod narrow;
mod overview;
mod present;
mod published;
mod query;
mod sliced;
mod slices;
mod source;
mod typed;

#[cfg(test)]
mod tests;

pub use catalogue::{Query, built_in, named};
pub use coverage::Coverage;
pub use error::FigureError;
pub use findings::{
    CaptureHashes, CapturePlace, CaptureRead, CategoryLeaks, EventRecord, Findings, Flow, Gaps,
    GivenItem, HashedItem, MOST_CAPTURES, Organisation, TOLD_OF, Telling, ToldItem, Visit,
    WaveSight,
};
pub use narrow::{Condition, narrowed};
pub use overview::{DEGREES, Leaking, Overview};
pub use present::{as_csv, as_ndjson, as_table, count, printable};
pub use published::{Investigation, InvestigationError, ORGANISATIONS, Recount, Verdict};
pub use query::Tables;
pub use typed::{Received, Typed};
