//! `pixelhound worker`: a share of an analysis for a cluster, and what the cluster has to know for it.

use std::io::{BufRead, stdin, stdout};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use super::arguments::WorkerArguments;
use super::exit_code::Outcome;
use super::output::print;
use super::record::{Request, hashes_of};
use super::seal;
use super::shard::ShardRecord;
use crate::capture::{Found, find_inputs};
use crate::dataset::{DERIVED, Kind, TABLES, TableSchema};
use crate::pipeline::{Knowledge, Listing, Part, Rest, Searched, Share, Stage, work};

pub fn run(arguments: &WorkerArguments) -> Result<Outcome> {
    let request = Request::new(&arguments.inputs, arguments.reading.options());
    if arguments.list {
        print(&list_of(&find_inputs(&request.inputs())?)?)?;
    } else if arguments.tables {
        print(&(serde_json::to_string_pretty(&tables())? + "\n"))?;
    } else {
        let knowledge = request.knowledge()?;
        let record =
            |listing| ShardRecord::new(Share::default(), &request, hashes_of(&knowledge), listing);
        if arguments.record {
            let record = record(listing_of(&request)?);
            print(&(serde_json::to_string_pretty(&record)? + "\n"))?;
        } else if arguments.rest {
            let rest = rest(listing_of(&request)?, &knowledge)?;
            print(&serde_json::to_string(&rest)?)?;
        } else if let Some(folder) = &arguments.seal {
            let beside = listing_of(&request)?.left_out;
            seal::run(folder, &request, &knowledge, &beside)?;
        } else {
            // Not with the list of all inputs: every worker of a cluster would go through the folders.
            do_stage(arguments, &record(Listing::default()).made_by(), &knowledge)?;
        }
    }
    Ok(Outcome::Clean)
}

fn do_stage(arguments: &WorkerArguments, made_by: &str, knowledge: &Knowledge) -> Result<()> {
    let stage = arguments.stage;
    if stage == Stage::Read && !arguments.inputs.is_empty() {
        bail!(
            "the worker reads captures from the stream on standard input, not from what is typed"
        );
    }
    Ok(work(stage, stdin(), stdout(), knowledge, made_by)?)
}

/// Where there are no inputs, whoever fills the record in says how many there are.
fn listing_of(request: &Request) -> Result<Listing> {
    Ok(match request.inputs().as_slice() {
        [] => Listing::default(),
        inputs => Listing::of(&find_inputs(inputs)?),
    })
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

/// The rows that no capture yields, by what is told on standard input of those that captures yielded.
fn rest(listing: Listing, knowledge: &Knowledge) -> Result<Rest> {
    let mut lines = stdin().lock().lines();
    let searched = lines.next().context("nothing came on standard input")??;
    let searched: Searched = serde_json::from_str(&searched)
        .context("the first line does not say how many requests were searched")?;
    let mut fault = None;
    let names = lines.map_while(|line| {
        let name = line.map_err(anyhow::Error::from);
        let name = name.and_then(|line| Ok(serde_json::from_str(&line)?));
        name.map_err(|error| fault = Some(error)).ok()
    });
    let rest = Rest::of(names, searched, knowledge, listing.problems);
    match fault {
        Some(error) => Err(error.context("a line is no name of a capture")),
        None => Ok(rest),
    }
}

/// The tables as an engine of a cluster has to write them.
fn tables() -> Value {
    let kind = |kind| match kind {
        Kind::Text => "text",
        Kind::Integer => "integer",
        Kind::Flag => "flag",
    };
    let table = |table: &TableSchema| {
        let columns = table.columns.iter();
        let columns = columns.map(|column| json!({"name": column.name, "kind": kind(column.kind)}));
        let references = table.references.iter();
        let references = references
            .map(|goal| json!({"column": goal.column, "table": goal.table, "to": goal.to}));
        json!({
            "name": table.name,
            "key": table.key,
            "columns": columns.collect::<Vec<_>>(),
            "references": references.collect::<Vec<_>>(),
        })
    };
    let derived = DERIVED.iter();
    let derived = derived.map(|derived| json!({"name": derived.table.name, "sql": derived.sql()}));
    json!({
        "tables": TABLES.iter().map(table).collect::<Vec<_>>(),
        "derived": derived.collect::<Vec<_>>(),
    })
}
