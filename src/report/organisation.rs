//! A section for each organisation that leaked: what was told to whom, the strongest examples, and the gaps.

use std::collections::{BTreeMap, BTreeSet};

use maud::{Markup, html};

use super::Making;
use super::overview::not_all;
use super::telling;
use super::text::{Foreign, moment, visible, words};
use super::waves::sight;
use crate::figures::{Findings, Organisation, count};

pub(super) fn sections(findings: &Findings, making: &Making) -> Markup {
    html! {
        @if findings.leaking().next().is_some() {
            section aria-labelledby="each" {
                h2 id="each" { "Organisation by organisation" }
                (not_all(findings))
                @for (place, found) in findings.told_of().enumerate() {
                    @let id = format!("organisation-{}", place + 1);
                    section aria-labelledby=(id) {
                        h3 id=(id) { (Foreign(&found.name)) }
                        (facts(found))
                        (told(found))
                        (examples(found, making))
                        (gaps(found))
                    }
                }
            }
        }
    }
}

fn facts(found: &Organisation) -> Markup {
    html! {
        p class="facts" {
            strong { (count(found.leaks, "leak", "leaks")) } " among " (count(found.events, "event that counts", "events that count"))
            "; " (found.named) " of the leaks can name the visitor. Looked at: " (count(found.captures, "capture", "captures")) " of "
            (count(found.volunteers, "volunteer", "volunteers")) ", " (count(found.pages, "page", "pages")) " ("
            (found.sensitive_pages) " sensitive). First event " (moment(&found.first_event_at)) ", last "
            (moment(&found.last_event_at)) "."
        }
        @if !found.waves.is_empty() {
            p class="facts" {
                @for (place, seen) in found.waves.iter().enumerate() {
                    (if place == 0 { "Wave " } else { "; wave " }) (Foreign(&seen.wave)) ": " (sight(Some(&seen.saw)).1)
                }
                "."
            }
        }
        @if !found.sector.is_empty() || !found.registry.is_empty() {
            p class="note" { "Registry: " (Foreign(&found.registry)) " " (Foreign(&found.registry_code)) " " (Foreign(&found.sector)) }
        }
    }
}

/// A data item in one form, and the leaks that gave it away, by recipient.
type ItemRow<'a> = ((&'a str, &'a str), BTreeMap<&'a str, u64>);

/// The items, those told most often first.
fn item_rows(found: &Organisation) -> Vec<ItemRow<'_>> {
    let mut rows: BTreeMap<(&str, &str), BTreeMap<&str, u64>> = BTreeMap::new();
    for told in &found.items {
        let row = rows.entry((&told.item, &told.encoding)).or_default();
        *row.entry(&told.recipient).or_default() += told.leaks;
    }
    let mut rows: Vec<ItemRow> = rows.into_iter().collect();
    let sum = |row: &ItemRow| row.1.values().sum::<u64>();
    rows.sort_by(|one, other| sum(other).cmp(&sum(one)).then(one.0.cmp(&other.0)));
    rows
}

fn told(found: &Organisation) -> Markup {
    let recipients: BTreeSet<&str> = found
        .flows
        .iter()
        .map(|flow| flow.recipient.as_str())
        .collect();
    let leaks_to = |name: &str| -> u64 {
        let flows = found.flows.iter().filter(|flow| flow.recipient == name);
        flows.map(|flow| flow.leaks).sum()
    };
    html! {
        h4 { "What was told to whom" }
        div class="wide" tabindex="0" role="region" aria-label={ "What " (visible(&found.name, 80)) " told to whom" } {
            table {
                caption { "Leaks that gave away each data item, by the company that received them" }
                thead { tr {
                    th scope="col" { "Data item" }
                    th scope="col" { "Form" }
                    @for name in &recipients { th scope="col" class="number" { (Foreign(name)) } }
                } }
                tbody {
                    tr {
                        th scope="row" { strong { "all leaks" } }
                        td {}
                        @for name in &recipients { td class="number" { strong { (leaks_to(name)) } } }
                    }
                    @for ((item, encoding), leaks) in item_rows(found) {
                        tr {
                            th scope="row" { (words(item)) }
                            td { (form(encoding)) }
                            @for name in &recipients { td class="number" { (leaks.get(name).copied().unwrap_or(0)) } }
                        }
                    }
                }
            }
        }
    }
}

/// A form for a reader.
fn form(encoding: &str) -> String {
    match encoding {
        "plain" => "readable".to_owned(),
        "mask" => "its shape only".to_owned(),
        hash => format!("hashed ({})", visible(hash, 20)),
    }
}

fn examples(found: &Organisation, making: &Making) -> Markup {
    html! {
        h4 { "The strongest examples" }
        ol class="examples" {
            @for event in &found.examples { (telling::example(event, making)) }
        }
        @if found.leaks > found.examples.len() as u64 {
            p class="note" { (found.examples.len()) " of " (found.leaks) " leaks: the most critical and the furthest identified first. All of them are in the table events." }
        }
    }
}

fn gaps(found: &Organisation) -> Markup {
    let gaps = &found.gaps;
    let (bare, captures) = gaps.without_cookies;
    let mut said = Vec::new();
    let mut say = |number: u64, sentence: &str| {
        if number > 0 {
            said.push((number, sentence.to_owned()));
        }
    };
    say(
        bare,
        &format!(
            "of its leaks are from {} without cookies: an account may have gone along unseen.",
            count(captures, "capture", "captures")
        ),
    );
    say(
        gaps.body_missing,
        "of its leaks have a body that is not in the capture: what stood in it is not known.",
    );
    say(
        gaps.via_own_host,
        "of its leaks went to a host that is not the company’s own: that they were passed on is inferred, not seen.",
    );
    say(
        gaps.in_frame,
        "of its leaks came from inside a frame: perhaps the organisation did not put that tracker there.",
    );
    say(
        gaps.page_conflict,
        "of its leaks carry other evidence that names a page of another site.",
    );
    html! {
        h4 { "What could not be known" }
        @if said.is_empty() {
            p { "None of the gaps that the tables mark applies to these leaks." }
        } @else {
            ul { @for (number, sentence) in said { li { strong { (number) } " " (sentence) } } }
        }
    }
}
