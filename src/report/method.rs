//! How the figures came about, what they prove and do not prove, and the captures behind them.

use std::collections::BTreeSet;

use maud::{Markup, html};

use super::Making;
use super::text::{Foreign, visible, words};
use crate::figures::{CaptureRead, Findings, MOST_CAPTURES, count};

/// What a row does not prove; the README says more about each.
const NO_PROOF: [(&str, &str); 9] = [
    (
        "That the capture is true.",
        "It is as honest as the person who made it. The SHA-256 proves only that the file has not changed since the analysis.",
    ),
    (
        "That the company stored or used anything.",
        "A server answered. What happened behind it is not in a capture.",
    ),
    (
        "Who the visitor is.",
        "“Named” means that an account number or plain contact data went along. Somebody else’s account may have been logged in.",
    ),
    (
        "That the site chose it.",
        "Some events are the tracker’s own doing.",
    ),
    (
        "That the organisation put the tracker there.",
        "It may stand in an advertising frame, or the page in a frame of another site.",
    ),
    (
        "That nothing was sent, where there is no row.",
        "It may have been blocked, refused or not recorded, and only known trackers are decoded.",
    ),
    (
        "That a page is sensitive.",
        "Categories are the program’s judgement, by words. Read the page before you name it.",
    ),
    (
        "That a law was broken.",
        "Consent is what a cookie showed at that moment, or what the site reported, word for word.",
    ),
    (
        "How often it happens.",
        "Counts are of these captures. An organisation with few leaks was perhaps visited little.",
    ),
];

pub(super) fn sections(findings: &Findings, making: &Making) -> Markup {
    html! {
        section aria-labelledby="method" { (method(findings, making)) }
        section aria-labelledby="limits" { (limits()) }
        (items(findings, making))
        section aria-labelledby="captures" { (captures(findings)) }
    }
}

fn method(findings: &Findings, making: &Making) -> Markup {
    let all = &findings.overview;
    html! {
        h2 id="method" { "Method" }
        p {
            "Volunteers recorded the traffic of their browsers (captures in the HAR format). pixelhound " (Foreign(&making.version))
            " read them, decoded what known trackers were told, judged by words how sensitive each page is, and wrote tables. This page is drawn from those tables alone."
        }
        ul {
            li {
                (count(all.inputs, "input", "inputs")) ": " (all.read) " read, " (all.salvaged) " salvaged (damaged, read as far as they stand), "
                (all.unreadable) " unreadable, " (all.duplicate) " duplicate (the same bytes as another)."
                @if making.left_out > 0 { " Left out as plainly no captures: " (count(making.left_out as u64, "file", "files")) "." }
            }
            li {
                (count(all.events, "event", "events")) " counted. Listed and not counted: " (count(all.repeats, "repeat", "repeats")) ", "
                (all.not_sent) " that never left the browser, " (all.unanswered) " without an answer."
            }
            li { "A session that was exported twice counts once, whoever sent it in." }
            li { (count(making.knowledge as u64, "file", "files")) " of rules, categories and lists were in force; run.json has the SHA-256 of each." }
            li { (own_files(making)) }
            li { (masks(making)) }
        }
        p {
            "From a figure to its evidence: the event " code { "0123456789abcdef-00013-0" }
            " is entry 13, counted from 0, of the capture " code { "0123456789abcdef" } "; captures.csv has the path and the SHA-256 of that file."
        }
    }
}

/// The data items that leaks of this dataset gave away, each with what it is.
fn items(findings: &Findings, making: &Making) -> Markup {
    let told = findings.told_of().flat_map(|found| &found.items);
    let names: BTreeSet<&str> = told.map(|told| told.item.as_str()).collect();
    let known: Vec<(&str, &String)> = names
        .into_iter()
        .filter_map(|name| Some((name, making.items.get(name)?)))
        .collect();
    html! {
        @if !known.is_empty() {
            section aria-labelledby="items" {
                h2 id="items" { "What the data items are" }
                dl { @for (name, is) in known { dt { (words(name)) } dd { (is) } } }
            }
        }
    }
}

fn own_files(making: &Making) -> String {
    if making.own_files.is_empty() {
        "Only built-in rules, categories and registries were used.".to_owned()
    } else {
        format!(
            "Beside what is built in, files of the newsroom’s own were named with {}.",
            making.own_files.join(", ")
        )
    }
}

fn masks(making: &Making) -> &'static str {
    if making.reveal {
        "The dataset was made with --reveal: addresses, search terms and button texts stand here as they were sent."
    } else {
        "Identifiers, contact data and values in addresses are masked. Page titles, paths, button texts and search terms can still say who somebody is: read before you publish."
    }
}

fn limits() -> Markup {
    html! {
        h2 id="limits" { "What a row does and does not prove" }
        p {
            strong { "It proves" } " that the capture with this SHA-256 lists, at this position, a request to this host, with this content, begun at this time by the clock of the recording computer, and that the capture holds an answer."
        }
        p { strong { "It does not prove:" } }
        ul { @for (what, why) in NO_PROOF { li { strong { (what) } " " (why) } } }
        p { "Where in doubt the program reports too little: what no rule names is no disclosure, and what no rule understands is no event." }
    }
}

fn captures(findings: &Findings) -> Markup {
    let read = findings.overview.read + findings.overview.salvaged;
    html! {
        h2 id="captures" { "The captures" }
        p { "Captures that were read, by the beginning of their SHA-256. Their paths and volunteers are left out here, because both can say who somebody is; captures.csv has them." }
        @if read > MOST_CAPTURES as u64 {
            p class="note" { (read) " captures were read. Listed are the " (MOST_CAPTURES) " with the most leaks; the table captures has them all." }
        }
        div class="wide" tabindex="0" role="region" aria-label="The captures that were read" {
            table {
                caption { "The captures that were read" }
                thead { tr {
                    th scope="col" { "Capture" }
                    th scope="col" { "Wave" }
                    th scope="col" { "Recorded by" }
                    th scope="col" class="number" { "Entries read" }
                    th scope="col" { "Cookies recorded" }
                    th scope="col" class="number" { "Bodies missing" }
                    th scope="col" class="number" { "Events" }
                    th scope="col" class="number" { "Leaks" }
                } }
                tbody { @for capture in &findings.captures { (row(capture)) } }
            }
        }
    }
}

fn row(capture: &CaptureRead) -> Markup {
    let (read, found) = capture.entries;
    html! {
        tr {
            th scope="row" {
                code { (visible(&capture.capture_id, 40)) }
                @if capture.state == "salvaged" { p class="note" { "salvaged: it was damaged" } }
                @if !capture.same_session_as.is_empty() { p class="note" { "the same session as another capture, counted with it" } }
            }
            td { (Foreign(&capture.wave)) }
            td { (Foreign(&capture.producer)) }
            td class="number" { (read) " of " (found) }
            td { (words(&capture.cookies_recorded)) }
            td class="number" { (capture.bodies_missing) }
            td class="number" { (capture.events) }
            td class="number" { (capture.leaks) }
        }
    }
}
