//! What can go wrong between a dataset on disk and an answer.

use crate::dataset::{CsvFault, DatasetError};
use polars::prelude::PolarsError;
use std::path::PathBuf;

/// Why a question got no answer.
#[derive(Debug, thiserror::Error)]
pub enum FigureError {
    /// The folder does not hold what `analyse` writes.
    #[error("{} is no pixelhound dataset: it holds neither {table}.parquet nor {table}.csv; give the folder that analyse wrote with --out", folder.display())]
    NotADataset {
        folder: PathBuf,
        table: &'static str,
    },
    /// A table is there and cannot be read.
    #[error("cannot read {}", path.display())]
    Unreadable { path: PathBuf, source: PolarsError },
    /// A table is there as CSV only, and is not as it was written.
    #[error("cannot read {}", path.display())]
    UnreadableCsv { path: PathBuf, source: CsvFault },
    /// A file of a table that holds something else.
    #[error("{} is not of the table {table}: column {place} is {found}, and should be {wanted}", path.display())]
    OtherColumns {
        path: PathBuf,
        table: &'static str,
        place: usize,
        found: String,
        wanted: String,
    },
    /// The folder of a table that holds no rows and no columns either.
    #[error("{} holds no part of the table: no file whose name ends with .parquet", .0.display())]
    NoParts(PathBuf),
    /// Something in the folder of a table that may be rows, or not.
    #[error("{} is no part of the table; parts are files whose names end with .parquet", .0.display())]
    NoPart(PathBuf),
    /// A folder that cannot be read.
    #[error(transparent)]
    Folder(#[from] DatasetError),
    /// A question that would change something.
    #[error(
        "the query {query} begins with {word}; a query only reads: it begins with SELECT or WITH"
    )]
    NotReading { query: String, word: String },
    /// Nothing but comments.
    #[error("the query {0} holds no SQL")]
    Empty(String),
    /// A condition on a column that the answer does not have.
    #[error("the answer has no column {column}; its columns are: {columns}")]
    NoSuchColumn { column: String, columns: String },
    /// No event has this id, and none begins so.
    #[error("no event is called {typed:?}{}", if .nearest.is_empty() { "; the dataset holds none".to_owned() } else { format!("; the nearest: {nearest}") })]
    NoSuchEvent { typed: String, nearest: String },
    /// The beginning of several ids.
    #[error("{number} events begin with {typed:?}; type more of the one you mean: {first}{}", if *.number > .first.split(", ").count() as u64 { ", …" } else { "" })]
    SeveralEvents {
        typed: String,
        number: u64,
        /// The first of them.
        first: String,
    },
    /// A line that says how a question is answered in slices, and cannot be followed.
    #[error("the query {query} cannot be answered in slices as it says: {reason}")]
    Slices { query: String, reason: String },
    /// SQL that cannot be understood, or names what is not there.
    #[error("the query {query} failed: {}", without_plan(.error))]
    Sql { query: String, error: PolarsError },
}

/// The engine adds how it meant to compute the answer, which helps nobody who only misspelt a column.
fn without_plan(error: &PolarsError) -> String {
    let told = error.to_string();
    let plan = told.find("\n\nResolved plan").unwrap_or(told.len());
    told.get(..plan).unwrap_or(&told).to_owned()
}
