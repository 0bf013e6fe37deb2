//! What every format of a table on disk can do. One file a format: `csv.rs`, `parquet.rs`.

use super::table::Table;
use std::io::{self, Write};

/// A way to put a table on disk.
pub(super) trait Format {
    /// What the file of a table is called.
    fn file_name(&self, table: &str) -> String;

    /// Writes the whole table. The same rows give the same bytes.
    fn write(&self, table: &Table, out: &mut dyn Write) -> io::Result<()>;
}
