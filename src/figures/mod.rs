//! The figures room: a dataset on disk in, answers out. Questions are SQL, those that come with the program
//! (`queries/*.sql`) and anybody's own. It knows nothing above the dataset room.

mod answer;
mod catalogue;
mod coverage;
mod error;
mod narrow;
mod overview;
mod present;
mod query;

#[cfg(test)]
mod tests;

pub use catalogue::{Query, built_in, named};
pub use coverage::Coverage;
pub use error::FigureError;
pub use narrow::{Condition, narrowed};
pub use overview::{Leaking, Overview};
pub use present::{as_csv, as_table, printable};
pub use query::Tables;
