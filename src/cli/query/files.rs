//! Answers put into files, and what is said about that.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::Result;

use crate::cli::exit_code::Outcome;
use crate::cli::output::print;
use crate::cli::progress::Progress;
use crate::dataset::{Answered, Answers, DatasetError, FileFormat, KeepGoing};
use crate::figures::count;
use crate::pipeline::Watcher;

/// Which files.
pub enum Files<'a> {
    One(FileFormat, &'a Path),
    /// A file an answer, or one for all of them, in each of the formats.
    Folder(BTreeSet<FileFormat>, &'a Path),
}

impl Files<'_> {
    /// Puts answers there.
    ///
    /// # Errors
    /// Something that stands there, or whatever stops the writing.
    pub fn put(&self, answers: &Answers) -> Result<Outcome> {
        let outcome = written(&|keep_going| match self {
            Files::One(format, out) => answers.write_file(*format, out, keep_going),
            Files::Folder(formats, out) => answers.write_folder(formats, out, keep_going),
        })?;
        if outcome == Outcome::Clean {
            print(&self.said_of(answers))?;
        }
        Ok(outcome)
    }

    fn said_of(&self, answers: &Answers) -> String {
        let answered = answers.answered.iter();
        let lines = answered.map(|answered| {
            let place = match self {
                Files::One(_, out) => out.display().to_string(),
                Files::Folder(formats, _) => files_of(&answered.name, formats),
            };
            format!("{place}: {}\n", said_of(answered))
        });
        lines.chain(self.files_of_all()).collect()
    }

    fn files_of_all(&self) -> Vec<String> {
        let Files::Folder(formats, _) = self else {
            return Vec::new();
        };
        let of_all = formats.iter().filter(|format| format.is_of_all_tables());
        of_all
            .map(|format| format!("answers.{}: all of these\n", format.name()))
            .collect()
    }
}

/// Writes, and stops in good order where the user wants no more of it.
fn written(write: &dyn Fn(KeepGoing<'_>) -> Result<(), DatasetError>) -> Result<Outcome> {
    let progress = Progress::start(true);
    match write(&|| !progress.is_interrupted()) {
        Err(DatasetError::Interrupted) => Ok(Outcome::interrupted()),
        outcome => Ok(outcome.map(|()| Outcome::Clean)?),
    }
}

/// The files of one answer alone; its name where there are none.
fn files_of(name: &str, formats: &BTreeSet<FileFormat>) -> String {
    let own = formats.iter().filter(|format| !format.is_of_all_tables());
    let own: Vec<String> = own
        .map(|format| format!("{name}.{}", format.name()))
        .collect();
    if own.is_empty() {
        name.to_owned()
    } else {
        own.join(", ")
    }
}

fn said_of(answered: &Answered) -> String {
    let Some(frame) = &answered.frame else {
        return "left out, no such column to narrow it by".to_owned();
    };
    let rows = count(frame.height() as u64, "row", "rows");
    format!("{rows}. {}", answered.question)
        .trim_end()
        .to_owned()
}
