//! `pixelhound analyse`: the main job, from what was typed to the dataset and its summary; or a share of it, to a shard.

use std::mem::ManuallyDrop;
use std::path::Path;

use anyhow::{Result, bail};

use super::arguments::AnalyseArguments;
use super::exit_code::Outcome;
use super::making::{Place, make, threads_of, told};
use super::output::print;
use super::progress::Progress;
use super::record::{Options, Request, hashes_of};
use super::shard::{self, ShardRecord};
use crate::capture::STANDARD_INPUT;
use crate::dataset::check_target;
use crate::figures::count;
use crate::pipeline::{Knowledge, Share, Watcher, harvest, in_threads};

pub fn run(arguments: &AnalyseArguments) -> Result<Outcome> {
    let progress = Progress::start(arguments.quiet);
    // Before the work: a dataset that cannot be written should not take an hour to find out.
    check_target(&arguments.out, arguments.force)?;
    let request = request_of(arguments);
    in_threads(threads_of(arguments.threads), || {
        // The program ends with it, and to take it apart before takes longer than to read a small capture.
        let knowledge = ManuallyDrop::new(request.knowledge()?);
        match arguments.shard {
            Some(share) => write_shard(arguments, share, &request, &knowledge, &progress),
            None => write_dataset(arguments, &request, &knowledge, &progress),
        }
    })?
}

fn write_dataset(
    arguments: &AnalyseArguments,
    request: &Request,
    knowledge: &Knowledge,
    progress: &Progress,
) -> Result<Outcome> {
    let place = Place::new(&arguments.out, arguments.force);
    let made = make(request, knowledge, place, progress);
    progress.finish();
    told(made?, &arguments.out, knowledge, arguments.quiet)
}

/// Reads a share of the inputs and writes what they yield, for `merge`.
fn write_shard(
    arguments: &AnalyseArguments,
    share: Share,
    request: &Request,
    knowledge: &Knowledge,
    progress: &Progress,
) -> Result<Outcome> {
    if request
        .inputs()
        .iter()
        .any(|input| input == Path::new(STANDARD_INPUT))
    {
        bail!("a shard cannot be made of standard input: the other shards could not read it too");
    }
    let harvest = harvest(&request.inputs(), share, knowledge, progress);
    progress.finish();
    let written = harvest.map_err(anyhow::Error::from).and_then(|harvest| {
        let listing = harvest.listing.clone();
        let record = ShardRecord::new(share, request, hashes_of(knowledge), listing);
        shard::write(&arguments.out, record, &harvest, progress)?;
        Ok(harvest)
    });
    if progress.is_interrupted() {
        return Ok(Outcome::interrupted());
    }
    let harvest = written?;
    if !arguments.quiet {
        let out = arguments.out.display();
        let read = harvest.parts.len();
        let all = count(harvest.listing.inputs as u64, "input", "inputs");
        print(&format!(
            "Shard {share} is in {out}: {read} of {all}. When all shards are made: pixelhound merge SHARD... --out DIR\n\
             It holds more than a dataset shows, such as page addresses with all their parameters: do not publish it.\n"
        ))?;
    }
    let captures = harvest.parts.iter().flat_map(|part| &part.captures);
    let problems = captures
        .map(|capture| capture.problems.len())
        .sum::<usize>();
    Ok(Outcome::of_problems(
        problems + harvest.listing.problems.len(),
    ))
}

fn request_of(arguments: &AnalyseArguments) -> Request {
    let options = Options {
        delimiter: arguments.delimiter,
        excel: arguments.excel,
        formats: arguments.formats.iter().copied().collect(),
        ..arguments.reading.options()
    };
    Request::new(&arguments.inputs, options)
}
