//! The program: maps the outcome of a command to an exit code, and nothing else.

use std::process::ExitCode;

use mimalloc::MiMalloc;

/// A capture is read into a hundred small texts an entry: the system's own allocator took a fifth of the time.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    pixelhound::cli::main()
}
