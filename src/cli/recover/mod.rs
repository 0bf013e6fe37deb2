//! `pixelhound recover`: hashed fields turned back by trying what they may be, to show that it can be done. It identifies
//! people, so it says so, is part of no other command, and shows no value unless it is asked to.

mod gather;
mod hunt;
mod table;

use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};

use super::arguments::RecoverArguments;
use super::evidence::Evidence;
use super::exit_code::Outcome;
use super::output::{heading, print, prose_width, wrapped};
use super::progress::Progress;
use crate::disclosure::Reveal;
use crate::figures::{CaptureHashes, Tables, count, printable};
use crate::pipeline::Watcher;
use gather::{Gathered, Gathering};
use hunt::{Group, Hunter};

const WARNING: &str =
    "This identifies people. It is for data of testers who agreed to it, and for nothing else.";

pub fn run(arguments: &RecoverArguments) -> Result<Outcome> {
    print(&format!("{WARNING}\n"))?;
    let candidates = match &arguments.candidates {
        Some(file) => lines_of(file)?,
        None => Vec::new(),
    };
    let tables = Tables::open(&arguments.dataset)?;
    let evidence = Evidence::open(&arguments.dataset)?;
    let knowledge = evidence.record.request.rules()?;
    let mut gathering = Gathering::new(&evidence, &knowledge);
    CaptureHashes::each(&tables, &mut |of_capture| gathering.take(of_capture))?;
    let gathered = gathering.finish();
    let progress = Progress::start(true);
    let keep_going = || !progress.is_interrupted();
    let hunter = Hunter {
        candidates: &candidates,
        limit: Duration::from_secs(arguments.seconds),
        keep_going: &keep_going,
    };
    let groups = Group::of(gathered.targets.clone());
    let tried: Vec<_> = groups
        .into_iter()
        .map(|group| hunter.try_all(group))
        .collect();
    if progress.is_interrupted() {
        eprintln!("pixelhound: interrupted; not everything was tried");
        return Ok(Outcome::Interrupted);
    }
    let reveal = Reveal::from(arguments.reveal);
    print(&table::of(&tried, reveal))?;
    print(&table::not_tried(
        &tried,
        &knowledge.vocabulary,
        prose_width(),
    ))?;
    ending(&gathered)
}

/// What could not be read again, and how the command ends.
fn ending(gathered: &Gathered) -> Result<Outcome> {
    if gathered.obstacles.is_empty() && gathered.unread == 0 {
        return Ok(Outcome::Clean);
    }
    let mut text = format!("{}\n", heading("Not read again"));
    for obstacle in &gathered.obstacles {
        text += &format!("{}\n", wrapped(&printable(obstacle), 0, prose_width()));
    }
    if gathered.unread > 0 {
        let values = count(gathered.unread, "hashed value", "hashed values");
        text += &format!("{values} of the dataset were not found again in the captures\n");
    }
    print(&text)?;
    Ok(Outcome::Different)
}

fn lines_of(file: &Path) -> Result<Vec<String>> {
    let bytes = fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    let text = String::from_utf8_lossy(&bytes);
    let lines = text.trim_start_matches('\u{feff}').lines();
    let lines = lines.filter(|line| !line.trim().is_empty());
    Ok(lines.map(str::to_owned).collect())
}
