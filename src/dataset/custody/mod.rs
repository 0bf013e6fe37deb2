//! Chain of custody: a dataset on disk, held to the manifest that lies in it, and compared with the same dataset made
//! again. Nothing here writes.

mod cells;
mod compare;
mod hashes;

pub use cells::CellDifference;
pub use compare::{Difference, Sameness, compare};
pub use hashes::{Checked, Custody, Hashes, State};
