//! `pixelhound merge`: the shards of one analysis, put together to the dataset that one run over all inputs writes.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use super::arguments::MergeArguments;
use super::exit_code::Outcome;
use super::making::{Place, put, told};
use super::progress::Progress;
use super::record::{CASE_KEY, VERSION, hashes_of};
use super::shard::ShardRecord;
use crate::capture::sha256_of;
use crate::dataset::check_target;
use crate::figures::count;
use crate::pipeline::{Harvest, Listing, Part, Share, join};

/// A shard and where it is.
struct Shard {
    folder: PathBuf,
    record: ShardRecord,
}

pub fn run(arguments: &MergeArguments) -> Result<Outcome> {
    let progress = Progress::start(arguments.quiet);
    check_target(&arguments.out, arguments.force)?;
    let shards = read_records(&arguments.shards)?;
    let first = agreed(&shards)?;
    let request = &first.record.request;
    let knowledge = request.knowledge_without_key()?;
    let then = &first.record.knowledge_sha256;
    check_knowledge(then, &hashes_of(&knowledge))?;
    let analysis = join(harvest_of(&shards)?, &knowledge);
    let place = Place::new(&arguments.out, arguments.force);
    let made = put(request, then.clone(), analysis, place, &progress);
    progress.finish();
    told(made?, &arguments.out, &knowledge, arguments.quiet)
}

fn read_records(folders: &[PathBuf]) -> Result<Vec<Shard>> {
    let shards = folders.iter().map(|folder| {
        Ok(Shard {
            folder: folder.clone(),
            record: ShardRecord::read(folder)?,
        })
    });
    shards.collect()
}

/// The first of the shards, with which all others agree.
fn agreed(shards: &[Shard]) -> Result<&Shard> {
    let Some(first) = shards.first() else {
        bail!("no shard was given");
    };
    for shard in shards {
        check_version(shard)?;
        if let Some(what) = difference(&first.record, &shard.record) {
            bail!(
                "{} and {} are not of one analysis: {what}",
                first.folder.display(),
                shard.folder.display()
            );
        }
    }
    check_shares(shards, first.record.share.of)?;
    Ok(first)
}

fn check_version(shard: &Shard) -> Result<()> {
    let version = &shard.record.version;
    if version != VERSION {
        bail!(
            "{} was made by pixelhound {version}, and this is pixelhound {VERSION}: make and merge shards with one version",
            shard.folder.display()
        );
    }
    Ok(())
}

/// What two shards do not have in common and should.
fn difference(one: &ShardRecord, other: &ShardRecord) -> Option<String> {
    let plain = [
        (
            one.share.of == other.share.of,
            "they count on another number of shards",
        ),
        (
            one.request.inputs() == other.request.inputs(),
            "the inputs that were typed differ",
        ),
        (
            one.request.options == other.request.options,
            "their options differ",
        ),
        (
            one.listing.inputs == other.listing.inputs
                && one.listing.paths_sha256 == other.listing.paths_sha256,
            "they did not find the same list of inputs; the folders changed between them, or were not the same",
        ),
    ];
    let plain = plain.into_iter().find(|(is_same, _)| !is_same);
    let plain = plain.map(|(_, what)| what.to_owned());
    plain.or_else(|| {
        let name = differing(&one.knowledge_sha256, &other.knowledge_sha256)?;
        Some(format!("they were made with another {name}"))
    })
}

/// The first name of which two lists have not the same hash.
fn differing<'n>(
    one: &'n BTreeMap<String, String>,
    other: &'n BTreeMap<String, String>,
) -> Option<&'n str> {
    let names: BTreeSet<&String> = one.keys().chain(other.keys()).collect();
    let mut names = names.into_iter();
    names
        .find(|name| one.get(*name) != other.get(*name))
        .map(String::as_str)
}

/// The key was used when values were labelled, and is not needed here.
fn check_knowledge(then: &BTreeMap<String, String>, now: &BTreeMap<String, String>) -> Result<()> {
    let mut then = then.clone();
    then.remove(CASE_KEY);
    if let Some(name) = differing(&then, now) {
        bail!(
            "the shards were made with another {name} than is in force here; merge where the rules and lists are those of the shards"
        );
    }
    Ok(())
}

fn check_shares(shards: &[Shard], of: usize) -> Result<()> {
    let mut by_number: BTreeMap<usize, &Path> = BTreeMap::new();
    for shard in shards {
        let share = shard.record.share;
        if let Some(other) = by_number.insert(share.number, &shard.folder) {
            bail!(
                "shard {share} is there twice: {} and {}",
                other.display(),
                shard.folder.display()
            );
        }
    }
    let missing = (1..=of).filter(|number| !by_number.contains_key(number));
    let missing = missing.map(|number| Share { number, of }.to_string());
    let missing: Vec<String> = missing.collect();
    if !missing.is_empty() {
        bail!(
            "{} of {of} missing: {}",
            count(missing.len() as u64, "shard", "shards"),
            missing.join(", ")
        );
    }
    Ok(())
}

/// What all shards hold, each input once.
fn harvest_of(shards: &[Shard]) -> Result<Harvest> {
    let mut parts = Vec::new();
    for shard in shards {
        parts.extend(shard.record.parts(&shard.folder)?);
    }
    parts.sort_by(|one, other| one.input_id.cmp(&other.input_id));
    let mut listings = shards.iter().map(|shard| &shard.record.listing);
    let Some(mut listing) = listings.next().cloned() else {
        bail!("no shard was given");
    };
    for other in listings {
        listing.left_out.extend(other.left_out.iter().cloned());
        listing.problems.extend(other.problems.iter().cloned());
    }
    listing.left_out.sort();
    listing.left_out.dedup();
    listing.problems.dedup();
    check_inputs(&parts, &listing)?;
    Ok(Harvest { parts, listing })
}

/// Whether every input of the list is there, once.
fn check_inputs(parts: &[Part], listing: &Listing) -> Result<()> {
    let ids: BTreeSet<&String> = parts.iter().map(|part| &part.input_id).collect();
    let paths = parts.iter().map(|part| format!("{}\n", part.path));
    let paths = sha256_of(paths.collect::<String>().as_bytes());
    let is_list = listing.paths_sha256.is_empty() || listing.paths_sha256 == paths;
    if ids.len() != parts.len() || parts.len() != listing.inputs || !is_list {
        bail!(
            "the shards hold {}, of which {} different, and should hold {}; make them again",
            count(parts.len() as u64, "input", "inputs"),
            ids.len(),
            listing.inputs
        );
    }
    Ok(())
}
