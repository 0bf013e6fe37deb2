//! Investigations whose figures were published: a folder of organisations, questions and figures as they were printed,
//! held to what a dataset gives. A figure that the captures at hand do not decide is said to be so; it is never 0.

mod cells;
mod error;
mod finding;
mod folder;
mod judge;
mod line;
mod value;

#[cfg(test)]
mod tests;

pub use error::InvestigationError;
pub use finding::{Recount, Verdict};
pub use folder::{Investigation, ORGANISATIONS};
