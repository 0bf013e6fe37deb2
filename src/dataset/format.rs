//! What every format can do: those with a file for each table (`csv.rs`, `parquet.rs`, `ndjson.rs`), and those with one file
//! for all of them (`sqlite/`, `xlsx/`).

use super::table::Table;
use polars::prelude::DataFrame;
use std::io::{self, Write};
use std::path::Path;

/// Asked now and then whether somebody still wants what is being written.
pub type KeepGoing<'a> = &'a (dyn Fn() -> bool + Sync);

/// A way to put a table of any columns on disk.
pub(super) trait Format: Sync {
    /// What the file of a table is called.
    fn file_name(&self, table: &str) -> String;

    /// Writes the whole table. The same rows give the same bytes.
    fn write(&self, frame: &DataFrame, out: &mut dyn Write) -> io::Result<()>;
}

/// A way to put all tables into one file. Its bytes are not written from first to last, so it is given a path.
pub(super) trait Book {
    /// What the file is called.
    fn file_name(&self) -> &'static str;

    /// Makes the whole file, unless `keep_going` says no. The same rows give the same bytes.
    fn write(&self, tables: &[Table], path: &Path, keep_going: KeepGoing<'_>) -> io::Result<()>;
}

/// The way out of the writing of a file that nobody wants any more.
pub(super) fn go_on(keep_going: KeepGoing<'_>) -> io::Result<()> {
    if keep_going() {
        Ok(())
    } else {
        Err(io::Error::other("interrupted"))
    }
}
