//! A shard on disk: what a share of the inputs yielded (`parts.arrow`), and by what it was made (`shard.json`).

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};

use super::progress::Progress;
use super::record::{PROGRAM, Request, VERSION};
use crate::capture::sha256_of;
use crate::dataset::{DatasetError, write_new};
use crate::pipeline::{Harvest, Listing, Part, RowWriter, Share, StreamError, Watcher, read_parts};

/// The files of a shard.
const PARTS: &str = "parts.arrow";
const RECORD: &str = "shard.json";

/// By what a shard was made: all shards of one analysis say the same, but for their share and its hash.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ShardRecord {
    program: String,
    pub version: String,
    pub share: Share,
    #[serde(flatten)]
    pub request: Request,
    /// As in the record of a run.
    pub knowledge_sha256: BTreeMap<String, String>,
    pub listing: Listing,
    /// The SHA-256 of the parts.
    pub parts_sha256: String,
}

impl ShardRecord {
    pub fn new(
        share: Share,
        request: &Request,
        knowledge_sha256: BTreeMap<String, String>,
        listing: Listing,
    ) -> ShardRecord {
        ShardRecord {
            program: PROGRAM.to_owned(),
            version: VERSION.to_owned(),
            share,
            request: request.clone(),
            knowledge_sha256,
            listing,
            parts_sha256: String::new(),
        }
    }

    /// What all parts that may be merged have in common: version, options and rules, as a SHA-256.
    pub fn made_by(&self) -> String {
        let by = (&self.version, &self.request.options, &self.knowledge_sha256);
        sha256_of(&serde_json::to_vec(&by).unwrap_or_default())
    }

    /// The record of the shard in a folder.
    ///
    /// # Errors
    /// A folder without one, or with something else of its name.
    pub fn read(folder: &Path) -> Result<ShardRecord> {
        let path = folder.join(RECORD);
        let text = fs::read(&path).with_context(|| {
            format!("{} is no shard: {RECORD} cannot be read", folder.display())
        })?;
        serde_json::from_slice(&text)
            .with_context(|| format!("{} is no record of a shard", path.display()))
    }

    /// The parts of the shard in a folder, if they are those that were written.
    ///
    /// # Errors
    /// Parts that are not there, or were changed.
    pub fn parts(&self, folder: &Path) -> Result<Vec<Part>> {
        let path = folder.join(PARTS);
        let bytes =
            fs::read(&path).with_context(|| format!("{} cannot be read", path.display()))?;
        if sha256_of(&bytes) != self.parts_sha256 {
            bail!(
                "{} is not the file that {RECORD} beside it lists; copy or make the shard again",
                path.display()
            );
        }
        read_parts(bytes.as_slice()).with_context(|| format!("{} cannot be read", path.display()))
    }
}

/// Writes a shard: a new folder, whole or not at all.
///
/// # Errors
/// A place that cannot be written to, or an interruption.
pub fn write(
    out: &Path,
    mut record: ShardRecord,
    harvest: &Harvest,
    progress: &Progress,
) -> Result<(), DatasetError> {
    let keep_going = || !progress.is_interrupted();
    let made_by = record.made_by();
    write_new(out, &keep_going, |files| {
        record.parts_sha256 = files.add(PARTS.to_owned(), |out| {
            let write = || -> Result<(), StreamError> {
                let mut writer = RowWriter::new(out, &made_by)?;
                writer.write_all(&harvest.parts)?;
                writer.finish().map(drop)
            };
            write().map_err(io::Error::other)
        })?;
        files.add(RECORD.to_owned(), |out| {
            serde_json::to_writer_pretty(&mut *out, &record)?;
            out.write_all(b"\n")
        })?;
        Ok(())
    })
    .map(drop)
}
