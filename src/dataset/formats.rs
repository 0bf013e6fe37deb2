//! In which formats a dataset is written: CSV and Parquet always, because the data package and the queries need them,
//! the others where somebody asks for them.

use super::csv::CsvStyle;
use super::format::{Book, Format};
use super::ndjson::Ndjson;
use super::parquet::Parquet;
use super::sqlite::{Sqlite, View};
use super::xlsx::Xlsx;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::str::FromStr;

/// A format, by the name that is typed for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FileFormat {
    Csv,
    Parquet,
    Ndjson,
    Sqlite,
    Xlsx,
}

/// Why a text names no format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a format is csv, parquet, ndjson, sqlite or xlsx")]
pub struct NoFormat;

impl FromStr for FileFormat {
    type Err = NoFormat;

    fn from_str(text: &str) -> Result<Self, NoFormat> {
        let mut all = FileFormat::ALL.into_iter();
        all.find(|format| format.name() == text).ok_or(NoFormat)
    }
}

impl FileFormat {
    pub const ALL: [FileFormat; 5] = [
        FileFormat::Csv,
        FileFormat::Parquet,
        FileFormat::Ndjson,
        FileFormat::Sqlite,
        FileFormat::Xlsx,
    ];

    /// What is typed for it, and how its files end.
    pub fn name(self) -> &'static str {
        match self {
            FileFormat::Csv => "csv",
            FileFormat::Parquet => "parquet",
            FileFormat::Ndjson => "ndjson",
            FileFormat::Sqlite => "sqlite",
            FileFormat::Xlsx => "xlsx",
        }
    }

    /// Whether one file holds all tables.
    pub fn is_of_all_tables(self) -> bool {
        matches!(self, FileFormat::Sqlite | FileFormat::Xlsx)
    }

    /// How it writes a file for each table; `None`: it has one file for all of them.
    pub(super) fn of_a_table(self, csv: &CsvStyle) -> Option<&dyn Format> {
        match self {
            FileFormat::Csv => Some(csv),
            FileFormat::Parquet => Some(&Parquet),
            FileFormat::Ndjson => Some(&Ndjson),
            FileFormat::Sqlite | FileFormat::Xlsx => None,
        }
    }
}

/// The formats of one dataset.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Vec<FileFormat>")]
pub struct Formats(BTreeSet<FileFormat>);

impl Default for Formats {
    fn default() -> Self {
        Formats(BTreeSet::from([FileFormat::Csv, FileFormat::Parquet]))
    }
}

impl FromIterator<FileFormat> for Formats {
    fn from_iter<I: IntoIterator<Item = FileFormat>>(named: I) -> Self {
        let mut formats = Formats::default();
        formats.0.extend(named);
        formats
    }
}

impl From<Vec<FileFormat>> for Formats {
    fn from(named: Vec<FileFormat>) -> Self {
        named.into_iter().collect()
    }
}

impl Formats {
    /// Whether there are none but those that are always written.
    pub fn is_default(&self) -> bool {
        *self == Formats::default()
    }

    /// Whether the dataset is written in this format.
    pub fn contains(&self, format: FileFormat) -> bool {
        self.0.contains(&format)
    }

    /// Those that have a file for each table.
    pub(super) fn of_a_table<'a>(&self, csv: &'a CsvStyle) -> impl Iterator<Item = &'a dyn Format> {
        self.0.iter().filter_map(|format| format.of_a_table(csv))
    }

    /// Those that have one file for all tables.
    pub(super) fn of_all_tables<'a>(
        &self,
        views: &'a [View],
    ) -> impl Iterator<Item = Box<dyn Book + 'a>> {
        self.0
            .iter()
            .filter_map(move |format| -> Option<Box<dyn Book + 'a>> {
                match format {
                    FileFormat::Csv | FileFormat::Parquet | FileFormat::Ndjson => None,
                    FileFormat::Sqlite => Some(Box::new(Sqlite { views })),
                    FileFormat::Xlsx => Some(Box::new(Xlsx)),
                }
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn csv_and_parquet_are_written_whatever_is_named() {
        let formats: Formats = [FileFormat::Ndjson].into_iter().collect();
        assert!(formats.contains(FileFormat::Csv) && formats.contains(FileFormat::Parquet));
        assert!(!formats.is_default() && Formats::from(Vec::new()).is_default());
    }

    #[test]
    fn a_record_names_them_in_one_order_and_is_read_back() {
        let formats: Formats = ["ndjson", "parquet", "ndjson"]
            .into_iter()
            .map(|name| name.parse::<FileFormat>().unwrap())
            .collect();
        let written = serde_json::to_string(&formats).unwrap();
        assert_eq!(written, r#"["csv","parquet","ndjson"]"#);
        assert_eq!(serde_json::from_str::<Formats>(&written).unwrap(), formats);
        assert_eq!("CSV".parse::<FileFormat>(), Err(NoFormat));
    }
}
