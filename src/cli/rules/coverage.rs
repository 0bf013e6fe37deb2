//! `pixelhound rules coverage`: what share of a dataset's third-party requests was decoded, and which rule to write next.

use std::path::Path;

use anyhow::Result;

use crate::cli::exit_code::Outcome;
use crate::cli::output::print;
use crate::figures::{Coverage, Tables, printable};

pub fn run(dataset: &Path) -> Result<Outcome> {
    let coverage = Coverage::of(&Tables::open(dataset)?)?;
    let mut text = format!("{} requests to third-party sites\n", coverage.requests);
    for (number, what) in [
        (coverage.events, "told events that a rule decoded"),
        (coverage.presence, "show a tracker that a rule knows"),
        (
            coverage.named,
            "went to a company that is known by name only",
        ),
        (coverage.unknown, "went to nobody known"),
    ] {
        text += &share(number, coverage.requests, what);
    }
    text += &format!(
        "\n{} of them carry a cookie, the address of the page or an id\n",
        coverage.telling
    );
    let known = coverage.telling_read + coverage.telling_named;
    let unknown = coverage.telling.saturating_sub(known);
    for (number, what) in [
        (coverage.telling_read, "are read by a rule"),
        (
            coverage.telling_named,
            "went to a company that is known by name only",
        ),
        (unknown, "went to nobody known"),
    ] {
        text += &share(number, coverage.telling, what);
    }
    for (heading, sites) in [
        (
            "Known by name only, most requests first",
            &coverage.named_sites,
        ),
        (
            "Known to nobody, most requests first",
            &coverage.unknown_sites,
        ),
    ] {
        text += &format!("\n{heading}\n");
        for (site, requests) in sites {
            text += &format!("{requests:>8}  {}\n", printable(site));
        }
    }
    print(&text)?;
    Ok(Outcome::Clean)
}

/// In tenths of a percent: whole numbers, so that no rounding depends on the machine.
fn share(number: u64, total: u64, what: &str) -> String {
    let share = number * 1000 / total.max(1);
    format!("{number:>8}  {:>3}.{}%  {what}\n", share / 10, share % 10)
}
