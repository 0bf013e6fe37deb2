//! `pixelhound reproduce`: the figures of a published investigation, counted again from captures, and the verdict on
//! each.

use std::path::Path;

use anyhow::{Context, Result, bail};

use super::arguments::ReproduceArguments;
use super::exit_code::Outcome;
use super::making::{Made, Place, make, threads_of};
use super::output::{print, put, terminal_width};
use super::progress::Progress;
use super::record::{Options, Request, TypedPath};
use crate::dataset::{Delimiter, Formats};
use crate::figures::{
    Investigation, ORGANISATIONS, Overview, Recount, Tables, Verdict, as_csv, as_table, count,
    printable,
};
use crate::pipeline::in_threads;

pub fn run(arguments: &ReproduceArguments) -> Result<Outcome> {
    let progress = Progress::start(false);
    let investigation = Investigation::open(&arguments.investigation)?;
    if let Some(out) = arguments.out.as_ref().filter(|out| out.exists()) {
        bail!("{} is there already", out.display());
    }
    let scratch = tempfile::tempdir().context("there is no place for temporary files")?;
    let dataset = scratch.path().join("dataset");
    let made = analyse(arguments, &dataset, &progress);
    progress.finish();
    let Some(made) = made? else {
        eprintln!("pixelhound: interrupted; nothing was counted");
        return Ok(Outcome::Interrupted);
    };
    let tables = Tables::of(&made.dataset);
    let findings = investigation.hold_to(&tables)?;
    let overview = Overview::of(&tables)?;
    if let Some(out) = &arguments.out {
        write(&findings, out)?;
    }
    print(&report(&findings, &overview, &arguments.investigation)?)?;
    if overview.without_page > 0 {
        let events = count(
            overview.without_page,
            "counted event is",
            "counted events are",
        );
        print(&format!(
            "{events} about no known page, and so in no organisation's figure\n"
        ))?;
    }
    let (outcome, words) = verdict(&findings);
    print(&format!("{words}\n"))?;
    Ok(outcome)
}

/// With every parameter, because a question may need to know where one stood.
fn analyse(
    arguments: &ReproduceArguments,
    dataset: &Path,
    progress: &Progress,
) -> Result<Option<Made>> {
    let organisations = arguments.investigation.join(ORGANISATIONS);
    let options = Options {
        reveal: false,
        parameters: true,
        delimiter: Delimiter::default(),
        excel: false,
        formats: Formats::default(),
        rules: None,
        taxonomy: None,
        organisations: Some(TypedPath(organisations)),
        sheet: None,
        personas: None,
        case_key: None,
    };
    let request = Request::new(&arguments.captures, options);
    let place = Place {
        out: dataset,
        force: false,
        stands_at: None,
    };
    in_threads(threads_of(arguments.threads), || {
        make(&request, &request.knowledge()?, place, progress)
    })?
}

/// A file that is there is not replaced.
fn write(findings: &Recount, out: &Path) -> Result<()> {
    let mut csv = Vec::new();
    as_csv(&findings.table()?, &mut csv)?;
    put(out, &csv, false).with_context(|| format!("{} cannot be written", out.display()))
}

fn report(findings: &Recount, overview: &Overview, folder: &Path) -> Result<String> {
    let (table, causes) = findings.short_table()?;
    let mut text = format!("{}\n\n", heading(findings, overview, folder));
    text += &as_table(&table, terminal_width());
    if !causes.is_empty() {
        text += "\nCauses\n";
    }
    for (place, cause) in causes.iter().enumerate() {
        text += &format!("{:4}  {}\n", place + 1, printable(cause));
    }
    text.push('\n');
    Ok(text)
}

fn heading(findings: &Recount, overview: &Overview, folder: &Path) -> String {
    let (seen, all) = findings.organisations();
    format!(
        "{}: {}, {} read whole; captures of {seen} of {all} organisations",
        folder.display(),
        count(overview.inputs, "input", "inputs"),
        overview.read
    )
}

/// The last line and how the command ends. Where nothing could be counted, nothing was confirmed.
fn verdict(findings: &Recount) -> (Outcome, String) {
    let of = |verdict| findings.count(verdict);
    let (same, explained) = (of(Verdict::Same), of(Verdict::DiffersForItsCause));
    let (differs, open) = (of(Verdict::Differs), of(Verdict::NotComputable));
    let words = format!(
        "{same} the same, {explained} different for a named cause, {differs} different without one, {open} not computable \
         from what is here"
    );
    let outcome = if differs > 0 {
        Outcome::Different
    } else if same + explained == 0 {
        Outcome::Unfinished
    } else {
        Outcome::Clean
    };
    (outcome, words)
}
