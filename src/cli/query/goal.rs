//! Where an answer goes, and in which format.

use std::collections::BTreeSet;
use std::io::{self, IsTerminal};
use std::path::Path;

use anyhow::{Result, bail};

use super::files::Files;
use crate::cli::arguments::QueryArguments;
use crate::cli::output::outside_dataset;
use crate::dataset::FileFormat;

/// What becomes of an answer.
pub enum Goal<'a> {
    /// A table, for somebody who looks at it.
    Terminal,
    /// Lines on standard output.
    Csv,
    Ndjson,
    Files(Files<'a>),
}

/// What was typed, taken together.
///
/// # Errors
/// A format that has nowhere to go, or a place inside the dataset.
pub fn of(arguments: &QueryArguments) -> Result<Goal<'_>> {
    let formats: BTreeSet<FileFormat> = arguments.formats.iter().copied().collect();
    let Some(out) = &arguments.out else {
        return standard_output(&formats, arguments.csv);
    };
    outside_dataset(out, &arguments.dataset)?;
    if arguments.all && formats.is_empty() {
        return Ok(folder(BTreeSet::from([FileFormat::Csv]), out));
    }
    match one_of(&formats) {
        Some(format) if !arguments.all => file(format, out),
        None if formats.is_empty() => file_by_its_name(out),
        _ => Ok(folder(formats, out)),
    }
}

fn folder(formats: BTreeSet<FileFormat>, out: &Path) -> Goal<'_> {
    Goal::Files(Files::Folder(formats, out))
}

fn standard_output(formats: &BTreeSet<FileFormat>, csv: bool) -> Result<Goal<'static>> {
    match one_of(formats) {
        Some(FileFormat::Csv) => Ok(Goal::Csv),
        Some(FileFormat::Ndjson) => Ok(Goal::Ndjson),
        Some(other) => bail!(
            "{name} is not for standard output; name a file: --out answer.{name}",
            name = other.name()
        ),
        None if !formats.is_empty() => bail!("several formats need a folder: --out DIR"),
        None if csv || !io::stdout().is_terminal() => Ok(Goal::Csv),
        None => Ok(Goal::Terminal),
    }
}

fn one_of(formats: &BTreeSet<FileFormat>) -> Option<FileFormat> {
    formats.first().copied().filter(|_| formats.len() == 1)
}

/// A file that is called as one of another format would mislead whoever opens it.
fn file(format: FileFormat, out: &Path) -> Result<Goal<'_>> {
    match by_ending(out) {
        Some(other) if other != format => bail!(
            "{} is called as a file of {} is, and --format says {}",
            out.display(),
            other.name(),
            format.name()
        ),
        _ => Ok(Goal::Files(Files::One(format, out))),
    }
}

fn file_by_its_name(out: &Path) -> Result<Goal<'_>> {
    match by_ending(out) {
        Some(format) => Ok(Goal::Files(Files::One(format, out))),
        None => bail!(
            "{} does not say in which format it is to be; add --format, or one of the endings .csv, .parquet, .ndjson, .sqlite and .xlsx",
            out.display()
        ),
    }
}

fn by_ending(out: &Path) -> Option<FileFormat> {
    out.extension()?.to_str()?.to_lowercase().parse().ok()
}
