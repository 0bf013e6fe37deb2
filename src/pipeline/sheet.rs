//! The sheet: who sent which captures, in which round, with what remark. A CSV with the columns `pattern`, `volunteer`,
//! `wave`, `note`; a pattern is a path or the end of one, in which `*` stands for anything within a name.

use std::path::{Path, PathBuf};

use regex::Regex;
use serde::Deserialize;

use super::PipelineError;

/// What may stand around a column's name.
const SURROUNDING: [char; 3] = ['"', ' ', '\u{feff}'];

#[derive(Debug, Clone, Deserialize)]
struct Line {
    #[serde(alias = "path")]
    pattern: String,
    #[serde(default)]
    volunteer: String,
    #[serde(default)]
    wave: String,
    #[serde(default)]
    note: String,
}

/// What the sheet says of one capture.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Remark {
    pub volunteer: Option<String>,
    pub wave: Option<String>,
    pub note: Option<String>,
}

/// The sheet, read.
#[derive(Debug, Default)]
pub struct Sheet {
    lines: Vec<(Line, Regex)>,
    /// Where it was read from; `None`: there is none.
    pub path: Option<String>,
    pub text: String,
}

impl Sheet {
    /// Reads a sheet.
    ///
    /// # Errors
    /// A file that cannot be read or is no such CSV: named, with the fault.
    pub fn read(path: &Path) -> Result<Sheet, PipelineError> {
        let fault = |message: String| PipelineError::Sheet {
            path: path.display().to_string(),
            message,
        };
        let text = std::fs::read_to_string(path).map_err(|error| fault(error.to_string()))?;
        let mut reader = csv::ReaderBuilder::new()
            .trim(csv::Trim::All)
            .flexible(true)
            .from_reader(text.trim_start_matches('\u{feff}').as_bytes());
        let mut lines = Vec::new();
        for line in reader.deserialize() {
            let line: Line = line.map_err(|error| fault(error.to_string()))?;
            let pattern = compile(&line.pattern).map_err(|error| fault(error.to_string()))?;
            lines.push((line, pattern));
        }
        Ok(Sheet {
            lines,
            path: Some(path.display().to_string()),
            text,
        })
    }

    /// A file named `captures.csv` in one of the inputs, where its first line names the sheet's columns; none: an empty sheet.
    ///
    /// # Errors
    /// Such a file with a fault: taken for no sheet, it would lose every volunteer in silence.
    pub fn find_beside<'a>(inputs: impl Iterator<Item = &'a Path>) -> Result<Sheet, PipelineError> {
        let is_sheet = |path: &PathBuf| {
            let text = std::fs::read_to_string(path).unwrap_or_default();
            let first = text.lines().next().unwrap_or_default();
            first
                .split(',')
                .any(|column| column.trim_matches(SURROUNDING) == "pattern")
        };
        let mut beside = inputs.map(|folder| folder.join("captures.csv"));
        beside
            .find(is_sheet)
            .map_or(Ok(Sheet::default()), |path| Sheet::read(&path))
    }

    /// What the first fitting line says of a capture, by any of its names: the file's, and the member's inside it.
    pub fn of(&self, places: &[&str]) -> Option<Remark> {
        let some = |text: &String| Some(text.clone()).filter(|t| !t.is_empty());
        let fitting = self
            .lines
            .iter()
            .find(|(_, pattern)| places.iter().any(|place| pattern.is_match(place)));
        fitting.map(|(line, _)| Remark {
            volunteer: some(&line.volunteer),
            wave: some(&line.wave),
            note: some(&line.note),
        })
    }

    /// The patterns that fit none of the names of captures: a slip of the pen that would lose a volunteer in silence.
    pub fn unused(&self, names: impl Iterator<Item = String>) -> Vec<&str> {
        let mut unused: Vec<&(Line, Regex)> = self.lines.iter().collect();
        for name in names {
            if unused.is_empty() {
                break;
            }
            unused.retain(|(_, pattern)| !pattern.is_match(&name));
        }
        unused
            .iter()
            .map(|(line, _)| line.pattern.as_str())
            .collect()
    }
}

/// The pattern may be the end of a path, and begins at a name.
fn compile(pattern: &str) -> Result<Regex, regex::Error> {
    let pattern = pattern.trim_start_matches("./");
    let escaped = regex::escape(pattern)
        .replace(r"\*\*", ".*")
        .replace(r"\*", "[^/]*")
        .replace(r"\?", "[^/]");
    Regex::new(&format!("(?:^|/){escaped}$"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet(text: &str) -> Sheet {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("captures.csv");
        std::fs::write(&path, text).unwrap();
        Sheet::read(&path).unwrap()
    }

    #[test]
    fn the_first_fitting_line_wins() {
        let sheet =
            sheet("pattern,volunteer,wave,note\nwave-1/anna-*,anna,1,\nwave-1/*,somebody,1,late\n");
        let anna = sheet.of(&["samples/wave-1/anna-police.har"]).unwrap();
        assert_eq!(anna.volunteer.as_deref(), Some("anna"));
        assert_eq!(anna.note, None);
        assert_eq!(
            sheet.of(&["wave-1/x.har"]).unwrap().note.as_deref(),
            Some("late")
        );
        assert_eq!(sheet.of(&["wave-1/deep/x.har"]), None);
        assert_eq!(sheet.of(&["xwave-1/x.har"]), None);
    }

    #[test]
    fn a_sheet_beside_the_captures_is_found_and_a_faulty_one_is_not_passed_over() {
        let folder = tempfile::tempdir().unwrap();
        let write = |text: &[u8]| std::fs::write(folder.path().join("captures.csv"), text).unwrap();
        let find = || Sheet::find_beside([folder.path()].into_iter());
        assert!(find().unwrap().path.is_none());
        write(b"site,pages\na.example,3\n");
        assert!(find().unwrap().path.is_none());
        write(b"\xef\xbb\xbfpattern,volunteer\nanna-*,anna\n");
        assert_eq!(
            find()
                .unwrap()
                .of(&["anna-1.har"])
                .unwrap()
                .volunteer
                .as_deref(),
            Some("anna")
        );
        write(b"volunteer,pattern\nanna\n");
        assert!(find().is_err());
    }

    #[test]
    fn a_pattern_that_fits_nothing_is_known() {
        let sheet = sheet("pattern,volunteer\nana-*.har,ana\n");
        let names = ["anna-1.har".to_string()].into_iter();
        assert_eq!(sheet.unused(names), ["ana-*.har"]);
    }
}
