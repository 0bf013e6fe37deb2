//! How a command ends.

use std::process::ExitCode;

/// The outcome of a command that did not fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Everything was read.
    Clean,
    /// Done, and some inputs or entries had problems: they are listed.
    WithProblems,
    /// Checked, and something is not as it was recorded or printed.
    Different,
    /// As far as it could be checked nothing differs, and not everything could be.
    Unfinished,
    /// Stopped by the user; nothing was written.
    Interrupted,
}

impl Outcome {
    /// Says that the run was stopped before it wrote anything.
    pub fn interrupted() -> Outcome {
        eprintln!("pixelhound: interrupted; nothing was written");
        Outcome::Interrupted
    }

    /// Of a job that is done, with so many problems.
    pub fn of_problems(problems: usize) -> Outcome {
        if problems == 0 {
            Outcome::Clean
        } else {
            Outcome::WithProblems
        }
    }
}

/// Wrong usage, or nothing could be done.
pub const FAILED: u8 = 2;

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> ExitCode {
        ExitCode::from(match outcome {
            Outcome::Clean => 0,
            Outcome::WithProblems | Outcome::Different => 1,
            Outcome::Unfinished => FAILED,
            Outcome::Interrupted => 130,
        })
    }
}
