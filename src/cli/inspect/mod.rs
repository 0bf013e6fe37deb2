//! `pixelhound inspect`: what a capture is, what it holds and what is missing, for the person who recorded it.

mod advice;
mod page;

use anyhow::{Result, bail};

use super::arguments::InspectArguments;
use super::exit_code::Outcome;
use super::output::print;
use crate::capture::find_inputs;
use crate::pipeline::inspect;

pub fn run(arguments: &InspectArguments) -> Result<Outcome> {
    let found = find_inputs(&arguments.inputs)?;
    if found.files.is_empty() && found.problems.is_empty() {
        bail!("no captures found");
    }
    let mut outcome = Outcome::Clean;
    let mut printed = Ok(());
    for file in &found.files {
        inspect(file, &mut |capture, recorded| {
            if !capture.problems.is_empty() {
                outcome = Outcome::WithProblems;
            }
            if printed.is_ok() {
                printed = print(&page::of(capture, recorded));
            }
        });
    }
    for (path, problem) in &found.problems {
        outcome = Outcome::WithProblems;
        print(&format!(
            "{path}\n  {}: {}\n\n",
            problem.code, problem.message
        ))?;
    }
    printed.map(|()| outcome)
}
