//! `pixelhound worker`: captures in and their parts out, for a cluster; and what the cluster has to know beforehand.

use std::io::{stdin, stdout};

use anyhow::{Context, Result, bail};

use super::arguments::WorkerArguments;
use super::exit_code::Outcome;
use super::output::print;
use super::record::{Request, hashes_of};
use super::shard::ShardRecord;
use crate::capture::{Found, find_inputs};
use crate::pipeline::{Knowledge, Listing, Part, Share, work};

pub fn run(arguments: &WorkerArguments) -> Result<Outcome> {
    let request = Request::new(&arguments.inputs, arguments.reading.options());
    if arguments.list {
        print(&list_of(&find_inputs(&request.inputs())?)?)?;
        return Ok(Outcome::Clean);
    }
    let knowledge = request.knowledge()?;
    let record = record_of(&request, &knowledge)?;
    if arguments.record {
        print(&(serde_json::to_string_pretty(&record)? + "\n"))?;
    } else if arguments.inputs.is_empty() {
        let made_by = record.made_by();
        work(stdin(), stdout(), &knowledge, &made_by)?;
    } else {
        bail!(
            "the worker reads captures from the stream on standard input, not from what is typed"
        );
    }
    Ok(Outcome::Clean)
}

/// Where there are no inputs, whoever fills the record in says how many there are.
fn record_of(request: &Request, knowledge: &Knowledge) -> Result<ShardRecord> {
    let listing = match request.inputs().as_slice() {
        [] => Listing::default(),
        inputs => Listing::of(&find_inputs(inputs)?),
    };
    let hashes = hashes_of(knowledge);
    Ok(ShardRecord::new(Share::default(), request, hashes, listing))
}

fn list_of(found: &Found) -> Result<String> {
    let mut lines = csv::Writer::from_writer(Vec::new());
    lines.write_record(["capture_id", "uri", "path", "bytes"])?;
    for (place, file) in found.files.iter().enumerate() {
        let path = file.path.to_str().with_context(|| {
            format!(
                "the name {} is no text, so a list cannot hold it",
                file.shown
            )
        })?;
        let bytes = std::fs::metadata(path).map_or(0, |about| about.len());
        let id = Part::input_id(place);
        lines.write_record([&id, &file.shown, path, &bytes.to_string()])?;
    }
    Ok(String::from_utf8(lines.into_inner()?)?)
}
