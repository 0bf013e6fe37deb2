//! `pixelhound verify`: whether a dataset is what its captures, rules and options give. Files and inputs are hashed
//! again, the rules compared, the dataset made again and held to the one that is there.

mod again;
mod findings;
mod knowledge;
mod report;

use std::ffi::OsStr;
use std::path::Path;

use anyhow::{Context, Result, bail};

use super::arguments::VerifyArguments;
use super::exit_code::Outcome;
use super::output::print;
use super::progress::Progress;
use super::record::{RunRecord, hashes_of};
use crate::capture::{STANDARD_INPUT, find_inputs};
use crate::dataset::{Custody, Hashes, RUN_RECORD, State, is_in_parts};
use crate::pipeline::Watcher;
use again::make_again;
use findings::Findings;
use knowledge::{Known, compare};

pub fn run(arguments: &VerifyArguments) -> Result<Outcome> {
    let progress = Progress::start(arguments.quiet);
    let findings = check(arguments, &progress);
    progress.finish();
    if progress.is_interrupted() {
        eprintln!("pixelhound: interrupted; the dataset was not checked to the end");
        return Ok(Outcome::Interrupted);
    }
    let findings = findings?;
    let verdict = findings.verdict();
    if !arguments.quiet {
        print(&report::checks(&findings, &arguments.dataset))?;
    }
    if !arguments.quiet || verdict.outcome != Outcome::Clean {
        print(&report::differences(&findings))?;
        print(&format!("{}\n", verdict.words))?;
    }
    Ok(verdict.outcome)
}

fn check(arguments: &VerifyArguments, progress: &Progress) -> Result<Findings> {
    let custody = Custody::open(&arguments.dataset)?;
    progress.begin("hashing", custody.bytes());
    let hashes = custody.check(&|bytes| {
        progress.read(bytes);
        !progress.is_interrupted()
    })?;
    // Before the working folder changes, which the place of temporary files may be relative to.
    let scratch = tempfile::tempdir().context("there is no place for temporary files")?;
    let mut findings = Findings::new(hashes, arguments.hashes_only);
    if let Err(obstacle) =
        check_further(&mut findings, &custody, arguments, scratch.path(), progress)
    {
        findings.obstacle = Some(format!("{obstacle:#}"));
    }
    Ok(findings)
}

/// What needs the record of the run. An error is what stood in the way; what was found before it stays found.
fn check_further(
    findings: &mut Findings,
    custody: &Custody,
    arguments: &VerifyArguments,
    scratch: &Path,
    progress: &Progress,
) -> Result<()> {
    let record = trusted_record(custody, &findings.hashes)?;
    findings.made_by = Some(record.version.clone());
    record.enter_working_folder(custody.folder())?;
    let named = record.request.named_sources().into_iter();
    let missing: Vec<_> = named.filter(|path| !path.exists()).collect();
    if !missing.is_empty() {
        let missing = missing.into_iter().map(Path::to_owned).collect();
        findings.known = Some(Known::Missing(missing));
        return Ok(());
    }
    let knowledge = match record.request.knowledge() {
        Ok(knowledge) => knowledge,
        // It could be loaded once, so a file of it has changed or is gone: that is a finding.
        Err(fault) => {
            findings.known = Some(Known::Faulty(fault.to_string()));
            return Ok(());
        }
    };
    findings.known = Some(compare(&record.knowledge_sha256, &hashes_of(&knowledge)));
    let inputs = record.request.inputs();
    let mut typed = inputs.iter().map(|input| input.as_os_str());
    let is_repeatable = !typed.any(|input| input == OsStr::new(STANDARD_INPUT));
    if is_repeatable && let Ok(found) = find_inputs(&inputs) {
        let today: Vec<_> = found.files.into_iter().map(|file| file.path).collect();
        let keep_going = || !progress.is_interrupted();
        custody.find_renamed(&mut findings.hashes, &today, &keep_going)?;
    }
    if arguments.hashes_only || findings.inputs_missing() > 0 {
        return Ok(());
    }
    if is_in_parts(custody.folder()) {
        bail!(
            "its tables are in parts, as a cluster wrote them, and this machine would write each as one file"
        );
    }
    if !is_repeatable {
        bail!("the input {STANDARD_INPUT} was read from standard input and cannot be read again");
    }
    let places = again::Places {
        custody,
        out: &scratch.join("again"),
    };
    let made = make_again(&record, &knowledge, places, arguments.threads, progress)?;
    findings.again = Some(made);
    Ok(())
}

/// The record of the run, if it is the one that was written: what a changed one asks for, nobody ever asked for.
fn trusted_record(custody: &Custody, hashes: &Hashes) -> Result<RunRecord> {
    let is_record = |path: &Path| path == Path::new(RUN_RECORD);
    let recorded = hashes.files.iter().find(|file| is_record(&file.path));
    if recorded.is_none_or(|file| file.state != State::Unchanged) {
        bail!("{RUN_RECORD} is not the one that was written, so nobody knows what to run");
    }
    Ok(RunRecord::read(custody.folder())?)
}
