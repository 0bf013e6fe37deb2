//! Where the rows of a table are: one file of Parquet, a folder of such files as a cluster writes it, or CSV. What is there
//! is held to the declaration of the table when it is opened, so that a file that is damaged or of another table is named
//! before a figure is counted from it.

use super::error::FigureError;
use crate::dataset::{
    Kind, TableSchema, csv_name, is_note, is_part, names_in, parquet_name, read_csv,
};
use polars::prelude::{
    DataFrame, DataType, IntoLazy, LazyFrame, PlRefPath, PolarsError, PolarsResult,
    ScanArgsParquet, Schema,
};
use std::fs;
use std::path::{Path, PathBuf};

/// The rows of a table, in the form that they have.
pub(super) enum Source {
    Parquet(PathBuf),
    /// The folder and the files in it that hold rows, in the order of the table.
    Parts(PathBuf, Vec<PathBuf>),
    Csv(PathBuf),
}

impl Source {
    /// `None`: it is not there, in none of the forms.
    pub(super) fn of(table: &TableSchema, folder: &Path) -> Result<Option<Source>, FigureError> {
        let parquet = folder.join(parquet_name(table.name));
        let csv = folder.join(csv_name(table.name));
        Ok(if parquet.is_dir() {
            let parts = parts_in(&parquet)?;
            Some(Source::Parts(parquet, parts))
        } else if parquet.is_file() {
            Some(Source::Parquet(parquet))
        } else {
            csv.is_file().then_some(Source::Csv(csv))
        })
    }

    /// Bytes of Parquet; CSV is read whole when it is opened, whatever its size.
    pub(super) fn bytes(&self) -> u64 {
        let files = match self {
            Source::Parquet(file) => std::slice::from_ref(file),
            Source::Parts(_, files) => files,
            Source::Csv(_) => &[],
        };
        let sizes = files.iter().filter_map(|file| fs::metadata(file).ok());
        sizes.map(|about| about.len()).sum()
    }

    pub(super) fn is_in_parts(&self) -> bool {
        matches!(self, Source::Parts(..))
    }

    /// The rows. Those in Parquet are read when a question needs them.
    pub(super) fn rows(self, table: &TableSchema) -> Result<LazyFrame, FigureError> {
        let (path, files) = match self {
            Source::Csv(path) => {
                let rows = read_csv(&path, table).map(DataFrame::lazy);
                return rows.map_err(|source| FigureError::UnreadableCsv { path, source });
            }
            Source::Parquet(file) => (file.clone(), vec![file]),
            Source::Parts(folder, files) => (folder, files),
        };
        for file in &files {
            let columns = scan(std::slice::from_ref(file))
                .and_then(|mut rows| rows.collect_schema())
                .map_err(unreadable(file))?;
            check(&columns, table, file)?;
        }
        scan(&files).map_err(unreadable(&path))
    }
}

fn unreadable(path: &Path) -> impl FnOnce(PolarsError) -> FigureError {
    let path = path.to_owned();
    |source| FigureError::Unreadable { path, source }
}

/// The parts in a folder. What is neither a part nor a note of the program that wrote them could be a part under another
/// name: leaving it out would leave out rows.
fn parts_in(folder: &Path) -> Result<Vec<PathBuf>, FigureError> {
    let mut parts = Vec::new();
    for name in names_in(folder)? {
        let path = folder.join(&name);
        if is_part(&name) && path.is_file() {
            parts.push(path);
        } else if !is_note(&name) {
            return Err(FigureError::NoPart(path));
        }
    }
    if parts.is_empty() {
        return Err(FigureError::NoParts(folder.to_owned()));
    }
    Ok(parts)
}

/// Signs that elsewhere stand for several files are part of a name here, and no path is an address on a network.
fn scan(files: &[PathBuf]) -> PolarsResult<LazyFrame> {
    let exactly = ScanArgsParquet {
        glob: false,
        ..Default::default()
    };
    let paths = files
        .iter()
        .map(|file| PlRefPath::try_from_path(&file.canonicalize()?));
    let paths: PolarsResult<Vec<PlRefPath>> = paths.collect();
    LazyFrame::scan_parquet_files(paths?.into(), exactly)
}

/// Names, order and types of the columns.
fn check(found: &Schema, table: &TableSchema, file: &Path) -> Result<(), FigureError> {
    let declared = table.columns.iter().map(|column| {
        let kind = match column.kind {
            Kind::Text => DataType::String,
            Kind::Integer => DataType::Int64,
            Kind::Flag => DataType::Boolean,
        };
        (column.name, kind)
    });
    let declared: Vec<(&str, DataType)> = declared.collect();
    let found: Vec<(&str, DataType)> = found
        .iter()
        .map(|(name, kind)| (name.as_str(), kind.clone()))
        .collect();
    let places = 0..declared.len().max(found.len());
    let Some(place) = places
        .into_iter()
        .find(|place| declared.get(*place) != found.get(*place))
    else {
        return Ok(());
    };
    let said = |column: Option<&(&str, DataType)>| {
        column.map_or_else(
            || "nothing".to_owned(),
            |(name, kind)| format!("{name} ({kind})"),
        )
    };
    Err(FigureError::OtherColumns {
        path: file.to_owned(),
        table: table.name,
        place: place + 1,
        found: said(found.get(place)),
        wanted: said(declared.get(place)),
    })
}
