//! Answers to questions on disk, in the formats of the tables, whatever their columns: whole or not at all, and never over
//! anything that stands there.

use super::csv::CsvStyle;
use super::error::DatasetError;
use super::folder::{Files, Partial, write_whole};
use super::format::KeepGoing;
use super::formats::FileFormat;
use super::sqlite;
use super::target::Target;
use super::xlsx::{Sheet, Workbook};
use polars::prelude::DataFrame;
use std::collections::BTreeSet;
use std::fs::File;
use std::io;
use std::path::Path;

/// The names of the files that hold all answers.
const SQLITE: &str = "answers.sqlite";
const XLSX: &str = "answers.xlsx";

/// What a workbook of answers says before anything else.
const NOTES: [(&str, &str); 3] = [
    (
        "what this is",
        "Answers that pixelhound drew from captures of web traffic: what web pages told third parties about their visitors. What was asked, and what is counted in it and what is not, stands below for each sheet.",
    ),
    (
        "CSV files",
        "Where there is no room for something here, the answer has it as CSV: pixelhound query with --format csv.",
    ),
    (
        "personal data",
        "Answers may say something about a volunteer or a visitor. Read them before you pass them on.",
    ),
];

/// A question and its answer.
#[derive(Debug, Clone)]
pub struct Answered {
    /// What its file, its table or its sheet is called.
    pub name: String,
    /// In plain English; empty: nobody wrote it down.
    pub question: String,
    /// What is counted in it and what is not.
    pub notes: String,
    pub sql: String,
    /// `None`: left out, because it has no column of the name by which all were to be narrowed.
    pub frame: Option<DataFrame>,
}

/// What one dataset was asked.
#[derive(Debug, Clone)]
pub struct Answers {
    pub answered: Vec<Answered>,
    /// To which rows the answers are narrowed, as it was typed; empty: to none.
    pub only_where: String,
}

impl Answers {
    /// Makes a folder with a file an answer, or one for all of them, in each of the formats.
    pub fn write_folder(
        &self,
        formats: &BTreeSet<FileFormat>,
        out: &Path,
        keep_going: KeepGoing<'_>,
    ) -> Result<(), DatasetError> {
        let add = |files: &mut Files| formats.iter().try_for_each(|f| self.add(*f, files));
        write_whole(&Target::free(out)?, keep_going, add).map(drop)
    }

    /// Makes one file. Only a format that holds all answers in one may be given several.
    pub fn write_file(
        &self,
        format: FileFormat,
        out: &Path,
        keep_going: KeepGoing<'_>,
    ) -> Result<(), DatasetError> {
        let target = Target::free(out)?;
        let partial = Partial::create(&target)?;
        let mut files = Files::new(&partial, keep_going);
        self.add(format, &mut files)?;
        let names: Vec<String> = files.written.into_iter().map(|file| file.name).collect();
        match names.as_slice() {
            [name] => partial.publish_file(name, &target),
            _ => Err(DatasetError::NotOneFile(out.to_owned())),
        }
    }

    fn add(&self, format: FileFormat, files: &mut Files<'_>) -> Result<(), DatasetError> {
        let csv = CsvStyle::default();
        let keep_going = files.keep_going;
        match (format.of_a_table(&csv), format) {
            (None, FileFormat::Xlsx) => {
                files.make(XLSX, |path| self.write_workbook(path, keep_going))
            }
            (None, _) => files.make(SQLITE, |path| sqlite::write_answers(self, path, keep_going)),
            (Some(format), _) => self.there().try_for_each(|(answered, frame)| {
                let name = format.file_name(&answered.name);
                files.add(name, |out| format.write(frame, out)).map(drop)
            }),
        }
    }

    /// Those that were not left out.
    pub(super) fn there(&self) -> impl Iterator<Item = (&Answered, &DataFrame)> {
        let answered = self.answered.iter();
        answered.filter_map(|answered| Some((answered, answered.frame.as_ref()?)))
    }

    fn write_workbook(&self, path: &Path, keep_going: KeepGoing<'_>) -> io::Result<()> {
        let about: Vec<String> = self.there().map(|(answered, _)| answered.about()).collect();
        let sheets = self
            .there()
            .zip(&about)
            .map(|((answered, frame), about)| Sheet {
                name: &answered.name,
                about,
                frame,
            });
        let left_out = self.left_out();
        let mut notes = NOTES.to_vec();
        if !self.only_where.is_empty() {
            notes.push(("only the rows with", &self.only_where));
        }
        if !left_out.is_empty() {
            notes.push(("NOT HERE, because they have no such column", &left_out));
        }
        let workbook = Workbook {
            notes: &notes,
            sheets: sheets.collect(),
        };
        let aside = path.parent().unwrap_or(path);
        workbook.write(File::create_new(path)?, aside, keep_going)
    }

    fn left_out(&self) -> String {
        let left_out = self
            .answered
            .iter()
            .filter(|answered| answered.frame.is_none());
        let names: Vec<&str> = left_out.map(|answered| answered.name.as_str()).collect();
        names.join(", ")
    }
}

impl Answered {
    /// The question and what is counted in it; the SQL where nobody wrote that down.
    fn about(&self) -> String {
        let about = format!("{} {}", self.question, self.notes);
        let about = about.trim();
        if about.is_empty() { &self.sql } else { about }.to_owned()
    }
}
