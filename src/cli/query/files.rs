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

/// Makes one file of one answer.
pub fn one(answers: &Answers, format: FileFormat, out: &Path) -> Result<Outcome> {
    let written = written(&|keep_going| answers.write_file(format, out, keep_going))?;
    if written == Outcome::Clean {
        for answered in &answers.answered {
            print(&format!("{}: {}\n", out.display(), said_of(answered)))?;
        }
    }
    Ok(written)
}

/// Makes a folder of all answers in all formats.
pub fn several(answers: &Answers, formats: &BTreeSet<FileFormat>, out: &Path) -> Result<Outcome> {
    let written = written(&|keep_going| answers.write_folder(formats, out, keep_going))?;
    if written == Outcome::Clean {
        for answered in &answers.answered {
            let files = files_of(&answered.name, formats);
            print(&format!("{files}: {}\n", said_of(answered)))?;
        }
        for format in formats.iter().filter(|format| format.is_of_all_tables()) {
            print(&format!("answers.{}: all of these\n", format.name()))?;
        }
    }
    Ok(written)
}

/// Writes, and stops in good order where the user wants no more of it.
fn written(write: &dyn Fn(KeepGoing<'_>) -> Result<(), DatasetError>) -> Result<Outcome> {
    let progress = Progress::start(true);
    match write(&|| !progress.is_interrupted()) {
        Err(DatasetError::Interrupted) => {
            eprintln!("pixelhound: interrupted; nothing was written");
            Ok(Outcome::Interrupted)
        }
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
