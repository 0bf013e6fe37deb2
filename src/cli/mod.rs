//! The command line: what was typed in, calls into the rooms out; the only place that talks to a terminal.

mod analyse;
mod arguments;
mod evidence;
mod exit_code;
mod explain;
mod inspect;
mod making;
mod merge;
mod output;
mod parameters;
mod progress;
mod query;
mod record;
mod recover;
mod redact;
mod report;
mod reproduce;
mod rules;
mod seal;
mod shard;
mod summary;
mod verify;
mod worker;

use std::process::ExitCode;

use clap::Parser;

use arguments::{Arguments, Command};

/// Runs what was typed. An error is printed with its causes and ends with 2.
pub fn main() -> ExitCode {
    let outcome = match Arguments::parse().command {
        Command::Analyse(arguments) => analyse::run(&arguments),
        Command::Merge(arguments) => merge::run(&arguments),
        Command::Worker(arguments) => worker::run(&arguments),
        Command::Inspect(arguments) => inspect::run(&arguments),
        Command::Query(arguments) => query::run(&arguments),
        Command::Report(arguments) => report::run(&arguments),
        Command::Verify(arguments) => verify::run(&arguments),
        Command::Reproduce(arguments) => reproduce::run(&arguments),
        Command::Explain(arguments) => explain::run(&arguments),
        Command::Recover(arguments) => recover::run(&arguments),
        Command::Redact(arguments) => redact::run(&arguments),
        Command::Rules(command) => rules::run(&command),
    };
    match outcome {
        Ok(outcome) => outcome.into(),
        Err(error) => {
            eprintln!("pixelhound: {error:#}");
            ExitCode::from(exit_code::FAILED)
        }
    }
}
