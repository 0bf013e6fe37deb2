//! Standard output: a reader that goes away (`| head`) is no error.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

use anyhow::{Context, Result};

/// Prints text for people; colours go only to a terminal that wants them (`NO_COLOR`, `TERM`).
///
/// # Errors
/// Whatever stops the writing, but for a closed pipe.
pub fn print(text: &str) -> Result<()> {
    accept(anstream::stdout().write_all(text.as_bytes()))
}

/// Prints data as it is.
///
/// # Errors
/// Whatever stops the writing, but for a closed pipe.
pub fn print_bytes(bytes: &[u8]) -> Result<()> {
    let mut out = io::stdout().lock();
    accept(out.write_all(bytes).and_then(|()| out.flush()))
}

/// Puts a file somewhere; one that is there is replaced only if `replace` says so.
///
/// # Errors
/// `AlreadyExists`, or whatever stops the writing.
pub fn put(path: &Path, bytes: &[u8], replace: bool) -> io::Result<()> {
    let mut file = if replace {
        File::create(path)
    } else {
        File::create_new(path)
    }?;
    file.write_all(bytes)
}

/// The width of the terminal; what `COLUMNS` says where it is set.
pub fn terminal_width() -> Option<u16> {
    let columns = std::env::var("COLUMNS")
        .ok()
        .and_then(|text| text.parse().ok());
    columns.or_else(|| terminal_size::terminal_size().map(|(width, _)| width.0))
}

fn accept(outcome: io::Result<()>) -> Result<()> {
    match outcome {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        outcome => outcome.context("standard output cannot be written"),
    }
}
