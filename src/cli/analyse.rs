//! `pixelhound analyse`: the main job, from what was typed to the dataset and its summary.

use anyhow::Result;

use super::arguments::AnalyseArguments;
use super::exit_code::Outcome;
use super::making::{Place, make};
use super::progress::Progress;
use super::record::{Options, Request, TypedPath};
use super::summary;
use crate::dataset::check_target;

pub fn run(arguments: &AnalyseArguments) -> Result<Outcome> {
    let progress = Progress::start(arguments.quiet);
    // Before the work: a dataset that cannot be written should not take an hour to find out.
    check_target(&arguments.out, arguments.force)?;
    let request = request_of(arguments);
    let knowledge = request.knowledge()?;
    let place = Place {
        out: &arguments.out,
        force: arguments.force,
        stands_at: None,
    };
    let analysis = make(&request, &knowledge, place, arguments.threads, &progress);
    progress.finish();
    let Some(analysis) = analysis? else {
        eprintln!("pixelhound: interrupted; nothing was written");
        return Ok(Outcome::Interrupted);
    };
    if !arguments.quiet {
        summary::print(&arguments.out, &knowledge, &analysis.left_out)?;
    }
    Ok(if analysis.rows.problems.is_empty() {
        Outcome::Clean
    } else {
        Outcome::WithProblems
    })
}

fn request_of(arguments: &AnalyseArguments) -> Request {
    let path = |typed: &Option<_>| typed.clone().map(TypedPath);
    let options = Options {
        reveal: arguments.reveal,
        parameters: arguments.parameters,
        delimiter: arguments.delimiter,
        excel: arguments.excel,
        formats: arguments.formats.iter().copied().collect(),
        rules: path(&arguments.sources.rules),
        taxonomy: path(&arguments.sources.taxonomy),
        organisations: path(&arguments.sources.organisations),
        sheet: path(&arguments.sheet),
        personas: path(&arguments.personas),
    };
    Request::new(&arguments.inputs, options)
}
