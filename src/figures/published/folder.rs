//! The folder of an investigation: `organisations.csv`, `published.csv`, and questions in SQL.

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::error::InvestigationError;
use super::line::PublishedFigure;
use crate::figures::Query;

/// The registry of the organisations that were looked at; `analyse --organisations` takes it.
pub const ORGANISATIONS: &str = "organisations.csv";

/// The figures as they were printed.
const FIGURES: &str = "published.csv";

/// An investigation whose figures were published.
#[derive(Debug, Clone)]
pub struct Investigation {
    pub(super) figures_path: PathBuf,
    /// In the order of the file.
    pub(super) figures: Vec<PublishedFigure>,
    /// The names of the organisations that were looked at, by `org_id`.
    pub(super) organisations: BTreeMap<String, String>,
    pub(super) queries: BTreeMap<String, Query>,
}

#[derive(Debug, Deserialize)]
struct Organisation {
    org_id: String,
    name: String,
}

impl Investigation {
    /// Reads a folder.
    ///
    /// # Errors
    /// The first file that cannot be read, or the first line with a fault: named, with the fault.
    pub fn open(folder: &Path) -> Result<Investigation, InvestigationError> {
        let named = rows_of(&folder.join(ORGANISATIONS))?.into_iter();
        let organisations = named
            .map(|(_, row): (u64, Organisation)| (row.org_id, row.name))
            .collect();
        let figures_path = folder.join(FIGURES);
        let figures = rows_of(&figures_path)?.into_iter();
        let figures = figures
            .map(|(line, figure)| PublishedFigure { line, ..figure })
            .collect();
        let investigation = Investigation {
            figures_path,
            figures,
            organisations,
            queries: queries_of(folder)?,
        };
        investigation.check()?;
        Ok(investigation)
    }

    /// Every question of the folder, in the order of the alphabet.
    pub fn queries(&self) -> impl Iterator<Item = &Query> {
        self.queries.values()
    }

    fn check(&self) -> Result<(), InvestigationError> {
        let mut seen = HashSet::new();
        for figure in &self.figures {
            let fault = figure.fault().or_else(|| self.fault_of(figure));
            if let Some(fault) = fault {
                return Err(self.at(figure, fault));
            }
            if !seen.insert((&figure.figure, &figure.organisation)) {
                let fault = "the same figure of the same organisation stands further up";
                return Err(self.at(figure, fault.to_owned()));
            }
        }
        Ok(())
    }

    /// What it names and the folder does not have.
    fn fault_of(&self, figure: &PublishedFigure) -> Option<String> {
        let (organisation, query) = (&figure.organisation, &figure.query);
        if !organisation.is_empty() && !self.organisations.contains_key(organisation) {
            return Some(format!("{organisation} is not in {ORGANISATIONS}"));
        }
        if !query.is_empty() && !self.queries.contains_key(query) {
            return Some(format!("there is no question {query}.sql in the folder"));
        }
        None
    }

    pub(super) fn at(&self, figure: &PublishedFigure, message: String) -> InvestigationError {
        InvestigationError::Line {
            path: self.figures_path.clone(),
            line: figure.line,
            message,
        }
    }
}

/// The rows of a file with their lines, the header being line 1.
fn rows_of<T: DeserializeOwned>(path: &Path) -> Result<Vec<(u64, T)>, InvestigationError> {
    let text = read(path)?;
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let fault = |error: csv::Error| InvestigationError::Line {
        path: path.to_owned(),
        line: error.position().map_or(1, csv::Position::line),
        message: without_position(&error),
    };
    let header = reader.headers().map_err(fault)?.clone();
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(fault)?;
        let row = record.deserialize(Some(&header)).map_err(fault)?;
        rows.push((record.position().map_or(0, csv::Position::line), row));
    }
    if rows.is_empty() {
        return Err(InvestigationError::Empty(path.to_owned()));
    }
    Ok(rows)
}

/// The line is said once, before the fault.
fn without_position(error: &csv::Error) -> String {
    match error.kind() {
        csv::ErrorKind::Deserialize { err, .. } => err.to_string(),
        csv::ErrorKind::UnequalLengths {
            expected_len, len, ..
        } => format!("it has {len} cells, and the header has {expected_len}"),
        _ => error.to_string(),
    }
}

fn queries_of(folder: &Path) -> Result<BTreeMap<String, Query>, InvestigationError> {
    let unreadable = |source| InvestigationError::Unreadable {
        path: folder.to_owned(),
        source,
    };
    let mut queries = BTreeMap::new();
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path.extension().is_some_and(|ending| ending == "sql")
            && let Some(stem) = path.file_stem()
        {
            let name = stem.to_string_lossy().into_owned();
            queries.insert(name.clone(), Query::new(name, read(&path)?));
        }
    }
    Ok(queries)
}

fn read(path: &Path) -> Result<String, InvestigationError> {
    fs::read_to_string(path).map_err(|source| InvestigationError::Unreadable {
        path: path.to_owned(),
        source,
    })
}
