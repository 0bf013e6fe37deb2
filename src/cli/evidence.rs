//! Back from a dataset to its captures: where they are, whether they are still the files that were analysed, and what is
//! in them.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::record::RunRecord;
use crate::capture::{Capture, InputFile, STANDARD_INPUT, read_captures};
use crate::exchange::{Exchange, habits_of};
use crate::figures::CapturePlace;
use crate::pipeline::Knowledge;
use crate::tracker::{Decoding, Library};

/// The way from a dataset to its captures.
pub struct Evidence {
    pub record: RunRecord,
    /// Where the command was begun, if that is not where the analysis was run.
    elsewhere: bool,
}

/// Why a capture could not be checked.
#[derive(Debug, thiserror::Error)]
pub enum Obstacle {
    #[error("the capture came from standard input and cannot be read again")]
    StandardInput,
    #[error("{0} is not there")]
    Missing(String),
    #[error("{0} cannot be read")]
    Unreadable(String),
    #[error("{path} is not the file that was analysed: its SHA-256 was {was} and is {is}")]
    Changed {
        path: String,
        was: String,
        is: String,
    },
    #[error("{path} is the file that was analysed, and yet {member} is not found in it")]
    MemberGone { path: String, member: String },
    #[error("the dataset does not say which file the capture is")]
    NoPlace,
}

impl Evidence {
    /// Reads the record of the run and goes to the folder in which it was run; paths of the tables are seen from there.
    ///
    /// # Errors
    /// No usable record, or a folder that is not there now.
    pub fn open(dataset: &Path) -> Result<Evidence> {
        let began = std::env::current_dir().ok();
        let dataset = dataset.canonicalize().context("cannot find the dataset")?;
        let record = RunRecord::read(&dataset)?;
        record.enter_working_folder(&dataset)?;
        Ok(Evidence {
            record,
            elsewhere: std::env::current_dir().ok() != began,
        })
    }

    /// Hands a capture to `take`, with the text into which the ranges of its entries point, if one of its files still has
    /// the bytes that were analysed. Says which file that is.
    ///
    /// # Errors
    /// What is wrong with each of the files.
    pub fn read<'p>(
        &self,
        places: &'p [CapturePlace],
        take: &mut dyn FnMut(&Capture, &[u8]),
    ) -> Result<&'p CapturePlace, Vec<Obstacle>> {
        let mut obstacles = Vec::new();
        for place in places {
            match read_one(place, take) {
                Ok(()) => return Ok(place),
                Err(obstacle) => obstacles.push(obstacle),
            }
        }
        if obstacles.is_empty() {
            obstacles.push(Obstacle::NoPlace);
        }
        Err(obstacles)
    }

    /// A file's path for somebody who types it where the command was begun.
    pub fn path_for_typing(&self, place: &CapturePlace) -> String {
        let path = PathBuf::from(&place.path);
        let path = match std::env::current_dir() {
            Ok(folder) if self.elsewhere => folder.join(path),
            _ => path,
        };
        path.display().to_string()
    }
}

/// Nothing of a file is used before its hash is found to be right.
fn read_one(place: &CapturePlace, take: &mut dyn FnMut(&Capture, &[u8])) -> Result<(), Obstacle> {
    let path = place.path.clone();
    if path == STANDARD_INPUT {
        return Err(Obstacle::StandardInput);
    }
    let file = InputFile {
        path: PathBuf::from(&path),
        shown: path.clone(),
    };
    if !file.path.is_file() {
        return Err(Obstacle::Missing(path));
    }
    let mut found = false;
    let receipt = read_captures(&file, &mut |capture, text| {
        let is_it = capture.file_sha256 == place.file_sha256
            && capture.sha256 == place.sha256
            && capture.member.as_deref().unwrap_or_default() == place.member;
        if is_it && !found {
            found = true;
            take(&capture, text);
        }
    });
    if receipt.sha256.is_empty() {
        return Err(Obstacle::Unreadable(path));
    }
    if receipt.sha256 != place.file_sha256 {
        return Err(Obstacle::Changed {
            path,
            was: place.file_sha256.clone(),
            is: receipt.sha256,
        });
    }
    let member = place.member.clone();
    found
        .then_some(())
        .ok_or(Obstacle::MemberGone { path, member })
}

/// One request of a capture, decoded again.
pub fn request_again(
    capture: &Capture,
    entry_index: u64,
    knowledge: Option<&Knowledge>,
) -> Option<(Exchange, Option<Decoding>)> {
    let entry = capture
        .entries
        .iter()
        .find(|entry| entry.index as u64 == entry_index)?;
    let exchange = Exchange::decode(entry, habits_of(capture))?;
    let library: Option<&Library> = knowledge.map(|knowledge| &knowledge.library);
    let decoding = library.and_then(|library| library.decode(&exchange));
    Some((exchange, decoding))
}
