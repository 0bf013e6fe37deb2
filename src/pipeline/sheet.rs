//! The sheet: who sent which captures, in which round, with what remark. A CSV with the columns `pattern`, `volunteer`,
//! `wave`, `note`; a pattern is a path or the end of one, in which `*` stands for anything within a name.

use std::path::Path;

use regex::Regex;
use serde::Deserialize;

use super::PipelineError;

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

    /// A file named `captures.csv` in one of the inputs, where it has the sheet's columns.
    pub fn find_beside<'a>(mut inputs: impl Iterator<Item = &'a Path>) -> Option<Sheet> {
        inputs.find_map(|folder| Sheet::read(&folder.join("captures.csv")).ok())
    }

    /// What the first fitting line says of a capture.
    pub fn of(&self, path: &str) -> Remark {
        let some = |text: &String| Some(text.clone()).filter(|t| !t.is_empty());
        let fitting = self
            .lines
            .iter()
            .find(|(_, pattern)| pattern.is_match(path));
        fitting.map_or(Remark::default(), |(line, _)| Remark {
            volunteer: some(&line.volunteer),
            wave: some(&line.wave),
            note: some(&line.note),
        })
    }

    /// The patterns that fit none of the paths: a slip of the pen that would lose a volunteer in silence.
    pub fn unused<'a>(&'a self, paths: &[&str]) -> Vec<&'a str> {
        let unused = self
            .lines
            .iter()
            .filter(|(_, pattern)| !paths.iter().any(|path| pattern.is_match(path)));
        unused.map(|(line, _)| line.pattern.as_str()).collect()
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
        let anna = sheet.of("samples/wave-1/anna-police.har");
        assert_eq!(anna.volunteer.as_deref(), Some("anna"));
        assert_eq!(anna.note, None);
        assert_eq!(sheet.of("wave-1/x.har").note.as_deref(), Some("late"));
        assert_eq!(sheet.of("wave-1/deep/x.har"), Remark::default());
        assert_eq!(sheet.of("xwave-1/x.har"), Remark::default());
    }

    #[test]
    fn a_pattern_that_fits_nothing_is_known() {
        let sheet = sheet("pattern,volunteer\nana-*.har,ana\n");
        assert_eq!(sheet.unused(&["anna-1.har"]), ["ana-*.har"]);
    }
}
