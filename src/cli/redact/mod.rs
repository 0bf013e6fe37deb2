//! `pixelhound redact`: captures that can be published beside the story, and a report of what was removed.

mod folder;
mod report;

use anyhow::{Result, bail};

use super::arguments::RedactArguments;
use super::exit_code::Outcome;
use super::output::print;
use crate::capture::{Found, STANDARD_INPUT, State, find_inputs, read_captures, sha256_of};
use crate::pipeline::{Knowledge, Sources, read_key};
use crate::redact::{Maker, Redactor, Wishes};

use folder::Folder;
use report::{OneFile, Report};

pub fn run(arguments: &RedactArguments) -> Result<Outcome> {
    if arguments
        .inputs
        .iter()
        .any(|path| path.as_os_str() == STANDARD_INPUT)
    {
        bail!("redact reads its captures twice and so cannot take them from standard input");
    }
    let folder = Folder::settle(&arguments.out, &arguments.inputs)?;
    let sources = Sources {
        rules: arguments.rules.clone(),
        personas: arguments.personas.clone(),
        ..Sources::default()
    };
    // No sheet is looked for beside the inputs: whose they are is nothing to a redaction.
    let knowledge = Knowledge::load(&sources, &[])?;
    let found = find_inputs(&arguments.inputs)?;
    if found.files.is_empty() {
        bail!("no captures found");
    }
    let mut redactor = Redactor::new(Wishes {
        library: &knowledge.library,
        vocabulary: &knowledge.vocabulary,
        maker: maker(arguments)?,
        consent_tools: &knowledge.consent_tools,
        search: &knowledge.search,
        keeps_searches: arguments.keep_search_terms,
    });
    for file in &found.files {
        read_captures(file, &mut |capture, _| redactor.learn(&capture));
    }
    redactor.settle()?;
    let report = write_all(&found, &redactor, folder)?;
    if !arguments.quiet {
        print(&report.summary(&arguments.out))?;
    }
    Ok(if report.is_clean() && found.problems.is_empty() {
        Outcome::Clean
    } else {
        Outcome::WithProblems
    })
}

fn maker(arguments: &RedactArguments) -> Result<Maker> {
    let Some(path) = &arguments.key else {
        return Ok(Maker::random().map_err(crate::redact::RedactError::from)?);
    };
    // A key that can be tried out gives everything back.
    let key = read_key(path)?;
    Ok(Maker::with_key(&key))
}

fn write_all(found: &Found, redactor: &Redactor, mut folder: Folder) -> Result<Report> {
    let mut report = Report::default();
    let mut written = Ok(());
    for file in &found.files {
        read_captures(file, &mut |capture, text| {
            let original = capture.place();
            if capture.state == State::Unreadable {
                report
                    .unread
                    .push((folder.below(&original), capture.problems));
                return;
            }
            let redacted = redactor.redact(&capture, text);
            let put = folder.put(&original, redacted.text.as_bytes());
            match put {
                Ok(path) => report.files.push(OneFile {
                    path,
                    original_sha256: capture.sha256,
                    sha256: sha256_of(redacted.text.as_bytes()),
                    entries: capture.entries.len(),
                    entries_lost: capture.entries_found.saturating_sub(capture.entries.len()),
                    removals: redacted.removals,
                }),
                Err(error) if written.is_ok() => written = Err(error),
                Err(_) => {}
            }
        });
    }
    written?;
    folder.put_report("redactions.csv", &report.csv()?)?;
    folder.put_report("redactions.txt", report.text().as_bytes())?;
    folder.publish()?;
    Ok(report)
}
