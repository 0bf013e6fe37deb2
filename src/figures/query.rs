//! Runs SQL over the tables of a dataset on disk. A query reads: files are never changed, and statements that would
//! change the tables in memory are refused, because they could not mean what their author hopes.

use super::catalogue::Query;
use super::error::FigureError;
use crate::dataset::{TABLES, TableSchema, csv_name, parquet_name, read_csv, with_deep_stack};
use polars::prelude::{
    DataFrame, IntoLazy, LazyFrame, PlRefPath, PolarsError, PolarsResult, ScanArgsParquet,
};
use polars::sql::SQLContext;
use std::path::{Path, PathBuf};

/// The one table that is only there when it was asked for.
const ON_REQUEST: &str = "parameters";

/// What a query that reads may begin with.
const READING: [&str; 5] = ["SELECT", "WITH", "FROM", "SHOW", "EXPLAIN"];

/// The tables of a dataset, open for questions under the names that they have in the documents.
pub struct Tables {
    frames: Vec<(&'static str, LazyFrame)>,
}

impl Tables {
    /// Opens a dataset. Rows in Parquet are read when a question needs them; where only the CSV of a table is there, it is
    /// read now.
    pub fn open(folder: &Path) -> Result<Self, FigureError> {
        let mut files = Vec::new();
        for table in &TABLES {
            match file_of(table, folder) {
                Some(file) => files.push((table, file)),
                None if table.name == ON_REQUEST => {}
                None => {
                    return Err(FigureError::NotADataset {
                        folder: folder.to_owned(),
                        table: table.name,
                    });
                }
            }
        }
        // Only when all are there: a folder of captures may hold a sheet that is called captures.csv too.
        let frames = files
            .into_iter()
            .map(|(table, file)| Ok((table.name, rows_of(table, file)?)))
            .collect::<Result<_, FigureError>>()?;
        Ok(Tables { frames })
    }

    /// Answers one question.
    pub fn answer(&self, query: &Query) -> Result<DataFrame, FigureError> {
        check_that_it_reads(query)?;
        let mut context = self.context();
        let run = move || context.execute(query.sql()).and_then(LazyFrame::collect);
        let answer = with_deep_stack(run);
        // Anybody may type any SQL; where the library itself falls over it, that is the query's failure.
        let fell = || Err(PolarsError::ComputeError("it cannot be run".into()));
        answer
            .unwrap_or_else(fell)
            .map_err(|error| FigureError::Sql {
                query: query.name().to_owned(),
                error,
            })
    }

    /// A context of its own for each question: a name that one gives to a table would still hold for the next.
    fn context(&self) -> SQLContext {
        let context = SQLContext::new();
        for (name, rows) in &self.frames {
            context.register(name, rows.clone());
        }
        context
    }
}

/// The file of a table, in the form that it has.
enum TableFile {
    Parquet(PathBuf),
    Csv(PathBuf),
}

/// `None`: it is not there, in neither form.
fn file_of(table: &TableSchema, folder: &Path) -> Option<TableFile> {
    let parquet = folder.join(parquet_name(table.name));
    let csv = folder.join(csv_name(table.name));
    if parquet.is_file() {
        Some(TableFile::Parquet(parquet))
    } else {
        csv.is_file().then_some(TableFile::Csv(csv))
    }
}

fn rows_of(table: &TableSchema, file: TableFile) -> Result<LazyFrame, FigureError> {
    match file {
        TableFile::Parquet(path) => {
            scan(&path).map_err(|source| FigureError::Unreadable { path, source })
        }
        TableFile::Csv(path) => read_csv(&path, table)
            .map(DataFrame::lazy)
            .map_err(|source| FigureError::UnreadableCsv { path, source }),
    }
}

/// Signs that elsewhere stand for several files are part of a name here, and no path is an address on a network.
fn scan(path: &Path) -> PolarsResult<LazyFrame> {
    let path = PlRefPath::try_from_path(&path.canonicalize()?)?;
    let exactly = ScanArgsParquet {
        glob: false,
        ..Default::default()
    };
    let mut rows = LazyFrame::scan_parquet(path, exactly)?;
    // Reads the file's own description of itself, so that a damaged file is named when it is opened.
    rows.collect_schema()?;
    Ok(rows)
}

fn check_that_it_reads(query: &Query) -> Result<(), FigureError> {
    let sql = without_leading_comments(query.sql());
    let word: String = sql.chars().take_while(char::is_ascii_alphabetic).collect();
    if sql.is_empty() {
        return Err(FigureError::Empty(query.name().to_owned()));
    }
    let reads = word.is_empty() || READING.iter().any(|known| word.eq_ignore_ascii_case(known));
    if reads {
        return Ok(());
    }
    Err(FigureError::NotReading {
        query: query.name().to_owned(),
        word,
    })
}

/// An opening bracket before the first word changes nothing.
fn without_leading_comments(sql: &str) -> &str {
    let sql = sql.trim_start_matches(|c: char| c.is_whitespace() || c == '(');
    let rest = if let Some(comment) = sql.strip_prefix("--") {
        comment.split_once('\n').map_or("", |(_, rest)| rest)
    } else if let Some(comment) = sql.strip_prefix("/*") {
        comment.split_once("*/").map_or("", |(_, rest)| rest)
    } else {
        return sql;
    };
    without_leading_comments(rest)
}
