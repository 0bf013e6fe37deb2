//! The dataset made again: the same inputs, rules and options, into a temporary folder, as if it stood where the
//! recorded one stands; and what is different about it.

use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::cli::making::{Place, make, threads_of};
use crate::cli::progress::Progress;
use crate::cli::record::RunRecord;
use crate::dataset::{Custody, DatasetError, Sameness, compare};
use crate::pipeline::{Knowledge, Watcher, in_threads};

/// The recorded dataset, and where it is made again.
#[derive(Debug, Clone, Copy)]
pub struct Places<'a> {
    pub custody: &'a Custody,
    pub out: &'a Path,
}

/// What came out.
#[derive(Debug)]
pub struct MadeAgain {
    pub files: Vec<(String, Sameness)>,
    /// Inputs that were read now and were not then.
    pub new_inputs: Vec<PathBuf>,
    /// What the record of the run says differently, by its names there.
    pub record_differs_in: Vec<String>,
    /// The files that came out as the manifest lists them, whatever they are now.
    pub as_listed: Vec<PathBuf>,
}

impl MadeAgain {
    /// The files that did not come out the same.
    pub fn differing(&self) -> impl Iterator<Item = &(String, Sameness)> {
        let files = self.files.iter();
        files.filter(|(_, sameness)| *sameness != Sameness::Same)
    }
}

/// Makes the dataset again and compares it.
///
/// # Errors
/// What stood in the way, an interruption among it.
pub fn make_again(
    record: &RunRecord,
    knowledge: &Knowledge,
    places: Places,
    threads: Option<u16>,
    progress: &Progress,
) -> Result<MadeAgain> {
    let recorded = places.custody.folder();
    let place = Place {
        out: places.out,
        force: false,
        stands_at: Some(recorded),
    };
    let made = in_threads(threads_of(threads), || {
        make(&record.request, knowledge, place, progress)
    })??;
    made.ok_or(DatasetError::Interrupted)?;
    let keep_going = || !progress.is_interrupted();
    let style = record.request.csv_style();
    let made = Custody::open(places.out)?;
    Ok(MadeAgain {
        files: compare(recorded, places.out, style, &keep_going)?,
        new_inputs: places.custody.inputs_only_in(&made),
        record_differs_in: record.differing(&RunRecord::read(places.out)?),
        as_listed: places.custody.outputs_as_in(&made),
    })
}
