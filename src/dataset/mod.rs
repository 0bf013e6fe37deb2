//! The dataset room: rows in, tables with one declared schema out, on disk as CSV and Parquet, and as NDJSON, SQLite and a
//! workbook on request, with a data package, a manifest and the record of the run; answers to questions in the same formats;
//! tables read back from CSV; and a dataset on disk, held to its manifest. It knows nothing of trackers, rules or the command
//! line.

mod answers;
mod cell;
mod check;
mod csv;
mod custody;
mod deep_stack;
mod derived;
mod error;
mod folder;
mod format;
mod formats;
mod manifest;
mod ndjson;
mod package;
mod parquet;
mod parts;
mod read_csv;
mod run_record;
mod schema;
mod sealed;
mod sink;
mod sqlite;
mod statement;
mod table;
mod target;
mod text;
mod way;
mod xlsx;

#[cfg(test)]
pub mod made;

pub use self::csv::{CsvStyle, Delimiter, file_name as csv_name, write_frame as write_csv};
pub use answers::{Answered, Answers};
pub use cell::{Kind, text_of};
pub use custody::{CellDifference, Checked, Custody, Difference, Hashes, Sameness, State, compare};
pub use deep_stack::{Hands, with_deep_stack};
pub use derived::{DERIVED, Derived};
pub use error::DatasetError;
pub use folder::{Files, WriteOptions, write, write_new};
pub use format::KeepGoing;
pub use formats::{FileFormat, Formats};
pub use manifest::{InputHash, MANIFEST};
pub use ndjson::write_frame as write_ndjson;
pub use package::PACKAGE;
pub use parquet::file_name as parquet_name;
pub use parts::{is_in_parts, is_note, is_part};
pub use read_csv::{CsvFault, read_csv};
pub use run_record::{RUN_RECORD, read_record};
pub use schema::{
    CaptureRow, ColumnSchema, ContactRow, DisclosureRow, EventRow, MatchRow, OrganisationRow,
    PageRow, ParameterRow, ProblemRow, Reference, Row, SearchRow, SettingRow, TABLES, TableSchema,
    VisitRow, VocabularyRow,
};
pub use sealed::seal;
pub use sink::WrittenFile;
pub use sqlite::View;
pub use statement::Statement;
pub use table::{Dataset, Rows, Table};
pub use target::{check_target, is_dataset, names_in, way_back};
pub use text::is_invisible;
pub use way::{follow, path_of_bytes};
pub use xlsx::{Sheet, Workbook};
