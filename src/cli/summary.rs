//! The summary after an analysis: one screen, in plain English, what was found beside what could not be known.

use std::path::Path;

use anyhow::Result;

use super::making::Made;
use super::output::{heading as heading_of, print as print_out};
use crate::figures::{DEGREES, Overview, Received, Tables, Typed, count, printable};
use crate::pipeline::Knowledge;

/// Organisations that the summary names; the dataset has them all.
const MOST_LINES: usize = 12;

/// Prints the summary of a dataset that was just written to `out`.
pub fn print(made: &Made, out: &Path, knowledge: &Knowledge) -> Result<()> {
    let overview = Overview::of(&Tables::of(&made.dataset))?;
    let mut page = Page::default();
    inputs(&mut page, &overview, knowledge, &made.left_out);
    events(&mut page, &overview);
    leaking(&mut page, &overview);
    recipients(&mut page, &overview);
    identified(&mut page, &overview);
    typed(&mut page, &overview.typed);
    unknown(&mut page, &overview);
    page.line(&format!(
        "\nThe dataset is in {}. Ask it: pixelhound query {}",
        out.display(),
        out.display()
    ));
    print_out(&page.text)
}

#[derive(Default)]
struct Page {
    text: String,
}

impl Page {
    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn heading(&mut self, heading: &str) {
        self.line(&heading_of(heading));
    }
}

fn inputs(page: &mut Page, found: &Overview, knowledge: &Knowledge, left_out: &[String]) {
    page.line(&format!(
        "{}: {} read, {} salvaged, {} unreadable, {} duplicate",
        count(found.inputs, "input", "inputs"),
        found.read,
        found.salvaged,
        found.unreadable,
        found.duplicate
    ));
    if let Some(sheet) = &knowledge.sheet.path {
        page.line(&format!("volunteers and waves from {sheet}"));
    }
    if !left_out.is_empty() {
        let files = count(left_out.len() as u64, "file", "files");
        page.line(&format!(
            "left out, plainly no captures: {files} ({})",
            left_out.join(", ")
        ));
    }
}

fn events(page: &mut Page, found: &Overview) {
    page.line(&format!(
        "{} counted; listed and not counted: {}, {} that never left the browser, {} without an answer",
        count(found.events, "event", "events"),
        count(found.repeats, "repeat", "repeats"),
        found.not_sent,
        found.unanswered
    ));
    page.line(&format!(
        "{}: counted events about a sensitive page, click or search",
        count(found.leaks, "leak", "leaks")
    ));
}

fn leaking(page: &mut Page, found: &Overview) {
    page.heading(&format!(
        "{} of {} leaked",
        found.leaking.len(),
        count(found.organisations, "organisation", "organisations")
    ));
    if found.leaking.is_empty() {
        return;
    }
    page.line(" leaks  naming a person  of events  sensitive pages  organisation (to whom)");
    for row in found.leaking.iter().take(MOST_LINES) {
        page.line(&format!(
            "{:>6}  {:>15}  {:>9}  {:>15}  {} ({})",
            row.leaks,
            row.named,
            row.events,
            row.sensitive_pages,
            printable(&row.name),
            row.recipients
        ));
    }
    if found.leaking.len() > MOST_LINES {
        page.line(&format!(
            "        and {} more in organisations.csv",
            found.leaking.len() - MOST_LINES
        ));
    }
}

fn recipients(page: &mut Page, found: &Overview) {
    if found.recipients.is_empty() {
        return;
    }
    page.heading("Who received the leaks");
    for (name, leaks, organisations) in &found.recipients {
        let from = count(*organisations, "organisation", "organisations");
        page.line(&format!("{leaks:>6}  {name}, from {from}"));
    }
}

fn identified(page: &mut Page, found: &Overview) {
    if found.leaks == 0 {
        return;
    }
    page.heading("How far the leaks identify the visitor");
    for (degree, meaning) in DEGREES {
        page.line(&format!(
            "{:>6}  {degree}: {meaning}",
            found.identified(degree)
        ));
    }
}

/// What became of what was typed. A clean result is worded as what was looked for, and where.
fn typed(page: &mut Page, typed: &Typed) {
    if typed.values > 0 {
        page.heading("What was typed");
        let values = count(typed.values, "value", "values");
        let personas = count(typed.personas, "persona", "personas");
        let requests = count(typed.requests, "request", "requests");
        page.line(&format!(
            "{values} of {personas} were looked for in {requests} to third parties; searches.csv says in what forms"
        ));
        for found in &typed.of_personas {
            received(page, found);
        }
        let without_body = match typed.requests_without_body {
            0 => "every body that was sent is in the captures".to_owned(),
            number => format!("{number} of the requests lack their body"),
        };
        if typed.requests == 0 {
            page.line("There was no request to a third party to be looked through.");
        } else if typed.values_found == 0 {
            page.line(&format!(
                "None was found in a request that left the browser ({without_body}). Not looked through: what scripts encrypted, and WebSockets."
            ));
        } else {
            page.line(&format!(
                "{} of the values found, {} not found ({without_body})",
                typed.values_found,
                typed.values.saturating_sub(typed.values_found)
            ));
        }
    }
    if !typed.by_shape.is_empty() {
        page.heading("What looks like contact data (leads: look at matches.csv)");
        for found in &typed.by_shape {
            received(page, found);
        }
    }
}

fn received(page: &mut Page, found: &Received) {
    let readable = (&found.readable, "to be read as it is");
    let hashed = (&found.hashed, "hashed");
    let parts = [readable, hashed]
        .into_iter()
        .filter(|(kinds, _)| !kinds.is_empty());
    let parts: Vec<String> = parts
        .map(|(kinds, how)| format!("{how}: {}", printable(&kinds.replace('_', " "))))
        .collect();
    let requests = count(found.requests, "request", "requests");
    page.line(&format!(
        "{:>6}  {} to {}; {}",
        found.requests,
        requests.trim_start_matches(|c: char| c.is_ascii_digit() || c == ' '),
        printable(&found.receiver),
        parts.join("; ")
    ));
}

fn unknown(page: &mut Page, found: &Overview) {
    page.heading("What could not be known");
    let (captures, leaks) = found.without_cookies;
    let mut line = |number: u64, one: &str, several: &str| {
        page.line(&format!(
            "{number:>6}  {}",
            if number == 1 { one } else { several }
        ));
    };
    let leaks = count(leaks, "leak", "leaks");
    line(
        captures,
        &format!("capture holds no cookies: for its {leaks} an account may have gone along unseen"),
        &format!(
            "captures hold no cookies: for their {leaks} an account may have gone along unseen"
        ),
    );
    line(
        found.bodies_missing,
        "request body that the capture does not hold",
        "request bodies that the captures do not hold",
    );
    line(
        found.without_page,
        "counted event without a known page",
        "counted events without a known page",
    );
    line(
        found.via_own_host,
        "counted event went to a host of the site's own in a tracker's form: that it was passed on is inferred",
        "counted events went to hosts of the sites' own in a tracker's form: that they were passed on is inferred",
    );
    let problems: u64 = found.problems.iter().map(|(_, number)| number).sum();
    let kinds: Vec<String> = found
        .problems
        .iter()
        .map(|(code, number)| format!("{code} {number}"))
        .collect();
    let kinds = if kinds.is_empty() {
        String::new()
    } else {
        format!(": {}", kinds.join(", "))
    };
    page.line(&format!(
        "{problems:>6}  problems, each a row in problems.csv{kinds}"
    ));
}
