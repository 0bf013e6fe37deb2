//! `pixelhound analyse`: the main job, from what was typed to the dataset and its summary.

use anyhow::Result;
use serde_json::{Value, json};

use super::arguments::AnalyseArguments;
use super::exit_code::Outcome;
use super::progress::Progress;
use super::summary;
use crate::capture::sha256_of;
use crate::dataset::{CsvStyle, Dataset, DatasetError, Rows, WriteOptions, check_target, write};
use crate::pipeline::{Analysis, Knowledge, PipelineError, Sources, Watcher, analyse};

pub fn run(arguments: &AnalyseArguments) -> Result<Outcome> {
    let progress = Progress::start(arguments.quiet);
    // Before the work: a dataset that cannot be written should not take an hour to find out.
    check_target(&arguments.out, arguments.force)?;
    let knowledge = Knowledge::load(&sources_of(arguments), &arguments.inputs)?;
    let threads = threads_of(arguments);
    let analysis = analyse(&arguments.inputs, &knowledge, threads, &progress);
    progress.finish();
    let analysis = match analysis {
        Err(PipelineError::Interrupted) => return Ok(interrupted()),
        other => other?,
    };
    let keep_going = || !progress.is_interrupted();
    match write_dataset(arguments, &knowledge, &analysis, &keep_going) {
        Err(DatasetError::Interrupted) => return Ok(interrupted()),
        other => other?,
    }
    if !arguments.quiet {
        summary::print(&arguments.out, &knowledge, &analysis.left_out)?;
    }
    Ok(if analysis.rows.problems.is_empty() {
        Outcome::Clean
    } else {
        Outcome::WithProblems
    })
}

fn write_dataset(
    arguments: &AnalyseArguments,
    knowledge: &Knowledge,
    analysis: &Analysis,
    keep_going: &dyn Fn() -> bool,
) -> Result<(), DatasetError> {
    let dataset = Dataset::new(&analysis.rows)?;
    let options = WriteOptions {
        csv: CsvStyle {
            delimiter: arguments.delimiter,
            excel: arguments.excel,
        },
        force: arguments.force,
    };
    let record = run_record(arguments, knowledge, analysis);
    write(
        &dataset,
        &arguments.out,
        &options,
        &analysis.inputs,
        &record,
        keep_going,
    )?;
    Ok(())
}

fn interrupted() -> Outcome {
    eprintln!("pixelhound: interrupted; nothing was written");
    Outcome::Interrupted
}

fn sources_of(arguments: &AnalyseArguments) -> Sources {
    Sources {
        sheet: arguments.sheet.clone(),
        reveal: arguments.reveal.into(),
        with_parameters: arguments.parameters,
        ..arguments.sources.sources()
    }
}

fn threads_of(arguments: &AnalyseArguments) -> usize {
    arguments.threads.map_or_else(
        || std::thread::available_parallelism().map_or(1, usize::from),
        usize::from,
    )
}

/// What ran, on what, by which rules. No clock, no threads, no machine: the same captures give the same record.
fn run_record(arguments: &AnalyseArguments, knowledge: &Knowledge, analysis: &Analysis) -> Value {
    let rules: serde_json::Map<String, Value> = knowledge
        .sources()
        .into_iter()
        .map(|(name, text)| (name, json!(sha256_of(text.as_bytes()))))
        .collect();
    json!({
        "program": "pixelhound",
        "version": env!("CARGO_PKG_VERSION"),
        "options": {
            "reveal": arguments.reveal,
            "parameters": arguments.parameters,
            "delimiter": arguments.delimiter.as_char().to_string(),
            "excel": arguments.excel,
            "sheet": knowledge.sheet.path,
        },
        "knowledge_sha256": rules,
        "counts": counts_of(&analysis.rows),
        "left_out": analysis.left_out,
    })
}

fn counts_of(rows: &Rows) -> Value {
    let in_state = |state: &str| {
        rows.captures
            .iter()
            .filter(|row| row.state == state)
            .count()
    };
    json!({
        "inputs": rows.captures.len(),
        "read": in_state("read"),
        "salvaged": in_state("salvaged"),
        "unreadable": in_state("unreadable"),
        "duplicate": in_state("duplicate"),
        "pages": rows.pages.len(),
        "events": rows.events.len(),
        "disclosures": rows.disclosures.len(),
        "contacts": rows.contacts.len(),
        "problems": rows.problems.len(),
    })
}
