//! One analysis from what was asked for to a dataset on disk: what `analyse`, `merge` and `verify` have in common.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Result;

use super::exit_code::Outcome;
use super::progress::Progress;
use super::record::{Counts, Request, RunRecord, hashes_of};
use super::summary;
use crate::capture::A_DATASET;
use crate::dataset::{Dataset, DatasetError, ProblemRow, Row, View, WriteOptions, way_back, write};
use crate::figures::{Query, built_in};
use crate::pipeline::{Analysis, Knowledge, PipelineError, Watcher, analyse};

/// Where a dataset is put.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    pub out: &'a Path,
    /// Whether an older dataset may be replaced.
    pub force: bool,
    /// The dataset, links resolved, that is only made again at `out`, to be compared.
    pub stands_at: Option<&'a Path>,
}

impl<'a> Place<'a> {
    /// A place for a dataset that is made for the first time.
    pub fn new(out: &'a Path, force: bool) -> Place<'a> {
        Place {
            out,
            force,
            stands_at: None,
        }
    }

    /// The folder that the dataset speaks of as its own.
    fn own(&self) -> &Path {
        self.stands_at.unwrap_or(self.out)
    }
}

/// A dataset that was written.
#[derive(Debug)]
pub struct Made {
    pub dataset: Dataset,
    /// Files beside the captures that are plainly none.
    pub left_out: Vec<String>,
}

/// Reads the captures and writes the dataset, in the threads of whoever asks. `None`: interrupted, and nothing was written.
///
/// # Errors
/// Inputs that are not there, or a place that cannot be written to; never for what a capture holds.
pub fn make(
    request: &Request,
    knowledge: &Knowledge,
    place: Place,
    progress: &Progress,
) -> Result<Option<Made>> {
    let analysis = match analyse(&request.inputs(), knowledge, progress) {
        Err(PipelineError::Interrupted) => return Ok(None),
        other => other?,
    };
    put(request, hashes_of(knowledge), analysis, place, progress)
}

/// Writes the dataset of an analysis that was made by what has these hashes. `None`: interrupted, and nothing was written.
///
/// # Errors
/// A place that cannot be written to.
pub fn put(
    request: &Request,
    hashes: BTreeMap<String, String>,
    mut analysis: Analysis,
    place: Place,
    progress: &Progress,
) -> Result<Option<Made>> {
    // The dataset itself may lie among the captures. Before it was first written it did not, so it is not mentioned.
    analysis
        .left_out
        .retain(|left_out| !is_folder(left_out, place.own()));
    match write_dataset(request, hashes, analysis, place, progress) {
        Err(DatasetError::Interrupted) => Ok(None),
        made => Ok(Some(made?)),
    }
}

fn write_dataset(
    request: &Request,
    hashes: BTreeMap<String, String>,
    analysis: Analysis,
    place: Place,
    progress: &Progress,
) -> Result<Made, DatasetError> {
    let Analysis {
        rows,
        inputs,
        left_out,
    } = analysis;
    let dataset = Dataset::new(&rows)?;
    let counts = Counts::of(&rows);
    // The tables have all of it now, and writing them takes memory too.
    drop(rows);
    let options = WriteOptions {
        csv: request.csv_style(),
        formats: request.options.formats.clone(),
        views: built_in().map(view_of).collect(),
        force: place.force,
        stands_at: place.stands_at.map(Path::to_owned),
    };
    let way_back = way_back(place.own())?;
    let record = RunRecord::new(request, hashes, counts, left_out.clone(), way_back);
    let keep_going = || !progress.is_interrupted();
    write(&dataset, place.out, &options, &inputs, &record, &keep_going)?;
    Ok(Made { dataset, left_out })
}

/// A question as a view, under a name that needs no quotes in SQL.
fn view_of(query: Query) -> View {
    View {
        name: query.name().replace('-', "_"),
        sql: query.sql_for_sqlite(),
    }
}

/// Says what came of a dataset that was written to `out`; `None`: it was interrupted.
///
/// # Errors
/// A summary that cannot be printed.
pub fn told(made: Option<Made>, out: &Path, knowledge: &Knowledge, quiet: bool) -> Result<Outcome> {
    let Some(made) = made else {
        return Ok(Outcome::interrupted());
    };
    if !quiet {
        summary::print(&made, out, knowledge)?;
    }
    let problems = made.dataset.table(ProblemRow::SCHEMA.name);
    Ok(Outcome::of_problems(
        problems.map_or(0, |problems| problems.frame().height()),
    ))
}

/// Whether a file or folder that was left out is this dataset.
fn is_folder(left_out: &str, dataset: &Path) -> bool {
    let folder = left_out.strip_suffix(A_DATASET);
    let folder = folder.and_then(|folder| Path::new(folder).canonicalize().ok());
    folder.is_some() && folder == dataset.canonicalize().ok()
}

/// All cores, unless fewer were asked for.
pub fn threads_of(asked: Option<u16>) -> usize {
    asked.map_or_else(
        || std::thread::available_parallelism().map_or(1, usize::from),
        usize::from,
    )
}
