//! The figures room: a dataset on disk in, answers out. Questions are SQL, those that come with the program
//! (`queries/*.sql`) and anybody's own. It knows nothing above the dataset room.

mod answer;
mod catalogue;
mod coverage;
mod error;
mod findings;
mod overview;
mod present;
mod query;

#[cfg(test)]
mod tests;

pub use catalogue::{Query, built_in, named};
pub use coverage::Coverage;
pub use error::FigureError;
pub use findings::{
    CaptureRead, CategoryLeaks, Findings, Flow, Gaps, Organisation, Telling, ToldItem, Visit,
    WaveSight,
};
pub use overview::{DEGREES, Leaking, Overview};
pub use present::{as_csv, as_table, count, printable};
pub use query::Tables;
