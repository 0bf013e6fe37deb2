//! `pixelhound worker --seal`: a folder of tables that a cluster wrote, completed to a dataset. It says what `analyse` says of its
//! own: what ran, what was counted, and the hash of every file and input.

use std::io::{BufRead, stdin};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::progress::Progress;
use super::record::{Counts, Request, RunRecord, hashes_of};
use crate::dataset::{InputHash, seal, way_back};
use crate::figures::Tables;
use crate::pipeline::{Knowledge, Watcher, left_out};

/// What is told on standard input: in the first line the files beside the captures that are none, and the archives that hold such,
/// with their number; then a line an input with its path and its SHA-256.
pub fn run(
    folder: &Path,
    request: &Request,
    knowledge: &Knowledge,
    beside: &[String],
) -> Result<()> {
    let progress = Progress::start(true);
    let mut lines = stdin().lock().lines();
    let first = lines.next().context("nothing came on standard input")??;
    let archives: Vec<(String, u64)> =
        serde_json::from_str(&first).context("the first line does not say what was left out")?;
    let inputs = lines
        .map(|line| input(&line?))
        .collect::<Result<Vec<InputHash>>>()?;
    let left_out = left_out(beside, archives.into_iter());
    let counts = Counts::in_tables(&Tables::open(folder)?)?;
    let hashes = hashes_of(knowledge);
    let record = RunRecord::new(request, hashes, counts, left_out, way_back(folder)?);
    seal(folder, &inputs, &record, &|| !progress.is_interrupted())?;
    progress.finish();
    Ok(())
}

fn input(line: &str) -> Result<InputHash> {
    let (path, sha256): (PathBuf, String) =
        serde_json::from_str(line).context("a line is no input with its hash")?;
    Ok(InputHash { path, sha256 })
}
