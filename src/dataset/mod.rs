//! The dataset room: rows in, tables with one declared schema out, on disk as CSV and Parquet with a data package, a
//! manifest and the record of the run. It knows nothing of trackers, rules or the command line.

mod cell;
mod check;
mod counts;
mod csv;
mod error;
mod folder;
mod format;
mod join;
mod manifest;
mod package;
mod parquet;
mod run_record;
mod schema;
mod sink;
mod table;
mod target;
mod text;

#[cfg(test)]
pub mod made;

pub use self::csv::{CsvStyle, Delimiter, write_frame as write_csv};
pub use cell::{Kind, text_of};
pub use error::DatasetError;
pub use folder::{WriteOptions, write};
pub use manifest::{InputHash, MANIFEST};
pub use package::PACKAGE;
pub use parquet::file_name as parquet_name;
pub use run_record::RUN_RECORD;
pub use schema::{
    CaptureRow, ColumnSchema, ContactRow, DisclosureRow, EventRow, OrganisationRow, PageRow,
    ParameterRow, ProblemRow, Reference, Row, TABLES, TableSchema,
};
pub use sink::WrittenFile;
pub use table::{Dataset, PageCapture, Rows, Table};
pub use target::{check_target, is_dataset};
pub use text::is_invisible;
