//! The program: maps the outcome of a command to an exit code, and nothing else.

use std::process::ExitCode;

fn main() -> ExitCode {
    pixelhound::cli::main()
}
