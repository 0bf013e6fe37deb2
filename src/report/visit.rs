//! One visit from beginning to end: a chart of who was told of what when, and the same as a table.

use std::collections::BTreeMap;

use jiff::Timestamp;
use maud::{Markup, html};

use super::Making;
use super::chart::{Arrow, sequence, swatch};
use super::telling;
use super::text::{Foreign, moment, visible};
use crate::figures::{Findings, Telling, Visit, count};

/// Events of the chart and of the table; the dataset has them all.
const MOST: usize = 60;
/// Companies that get a lane of their own; the others share the last.
const LANES: usize = 5;

pub(super) fn section(findings: &Findings, making: &Making) -> Markup {
    let Some(visit) = &findings.visit else {
        return html! {};
    };
    let leaks = visit.events.iter().filter(|event| event.tier > 0).count();
    html! {
        section aria-labelledby="visit" {
            h2 id="visit" { "One visit, second by second" }
            p {
                (chosen(visit)) " One visitor opened the pages below; each arrow is an event that was delivered. "
                (count(visit.events.len() as u64, "event", "events")) " counted, " (leaks) " of them leaks."
                " It begins on " (moment(visit.events.first().map_or("", |first| first.started_at.as_str())))
                ", in capture " code { (visible(&visit.capture_id, 40)) } "."
            }
            ul class="legend" {
                @for tier in [1, 2, 3, 0] { li { (swatch(colour(tier))) (telling::tier(tier)) } }
            }
            (chart(visit))
            (table(visit, making))
            @if visit.events.len() > MOST {
                p class="note" { "The first " (MOST) " of " (visit.events.len()) " events. All of them are in the table events." }
            }
        }
    }
}

/// Why this visit and no other.
fn chosen(visit: &Visit) -> &'static str {
    if visit.events.iter().any(|event| event.tier == 1) {
        "Of all visits this is the one with the most leaks of tier 1."
    } else {
        "No leak is of tier 1. This is the visit with the most leaks of the most critical tier that there is."
    }
}

fn colour(tier: u64) -> &'static str {
    match tier {
        1 => "#8b0020",
        2 => "#a8480a",
        3 => "#1f5f99",
        _ => "#5b6673",
    }
}

fn chart(visit: &Visit) -> Markup {
    let lanes = lanes(visit);
    let began = visit.events.first().map_or("", |first| &first.started_at);
    let shown = visit.events.iter().take(MOST).enumerate();
    let arrows: Vec<Arrow> = shown
        .map(|(number, event)| {
            let own = lanes.iter().position(|name| *name == event.recipient);
            Arrow {
                number: number + 1,
                when: since(began, &event.started_at),
                what: match own {
                    Some(_) => what(event),
                    None => format!("to {}: {}", event.recipient, what(event)),
                },
                lane: own.unwrap_or(lanes.len().saturating_sub(1)),
                colour: colour(event.tier),
            }
        })
        .collect();
    sequence(
        "chart-visit",
        "Who was told of what during one visit",
        "From top to bottom in the order of time: an arrow from the visitor’s browser to the company that was told. The table below holds the same events under the same numbers.",
        &lanes,
        &arrows,
    )
}

/// The companies in the order of their events, the most first; where they are many the last lane is for all others.
fn lanes(visit: &Visit) -> Vec<String> {
    let mut told: BTreeMap<&str, usize> = BTreeMap::new();
    for event in &visit.events {
        *told.entry(&event.recipient).or_default() += 1;
    }
    let mut names: Vec<(&str, usize)> = told.into_iter().collect();
    names.sort_by(|one, other| other.1.cmp(&one.1).then(one.0.cmp(other.0)));
    let many = names.len() > LANES;
    let own = if many { LANES - 1 } else { LANES };
    let mut lanes: Vec<String> = names
        .into_iter()
        .take(own)
        .map(|(name, _)| name.to_owned())
        .collect();
    if many {
        lanes.push("others".to_owned());
    }
    lanes
}

/// What happened, in few letters.
fn what(event: &Telling) -> String {
    match event.action.as_str() {
        "page_view" => format!("opened “{}”", telling::page_in_short(event)),
        _ => telling::deed(event),
    }
}

/// Seconds between two times, with a tenth: `+12.4 s`; the time itself where one of them cannot be read.
fn since(began: &str, now: &str) -> String {
    let read = |time: &str| time.parse::<Timestamp>().ok();
    match (read(began), read(now)) {
        (Some(began), Some(now)) => {
            let tenths = (now.as_millisecond() - began.as_millisecond()) / 100;
            format!("+{}.{} s", tenths / 10, tenths % 10)
        }
        _ => visible(now, 40),
    }
}

fn table(visit: &Visit, making: &Making) -> Markup {
    let began = visit.events.first().map_or("", |first| &first.started_at);
    html! {
        div class="wide" tabindex="0" role="region" aria-label="The events of one visit" {
            table class="visit" {
                caption { "The events of this visit" }
                thead { tr {
                    th scope="col" { "No." }
                    th scope="col" { "What happened" }
                    th scope="col" { "What was told" }
                } }
                tbody {
                    @for (place, event) in visit.events.iter().take(MOST).enumerate() {
                        tr {
                            th scope="row" class="number" { (place + 1) }
                            td { (happened(event, began, making)) }
                            td {
                                "To " strong { (Foreign(&event.recipient)) } ": " (telling::items(&event.items))
                                p class="note" { (telling::degree(&event.identifiability)) }
                                (telling::reservations(event))
                                p class="note" { "event " code { (visible(&event.event_id, 60)) } }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn happened(event: &Telling, began: &str, making: &Making) -> Markup {
    html! {
        strong { (since(began, &event.started_at)) } " " (Foreign(&telling::deed(event))) ": " (telling::page(event))
        @if event.tier > 0 { p class="note" { (telling::reason(event, making)) } }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_are_counted_from_the_beginning() {
        let began = "2026-03-02T19:04:13.062Z";
        assert_eq!(since(began, "2026-03-02T19:05:14.999Z"), "+61.9 s");
        assert_eq!(since(began, began), "+0.0 s");
        assert_eq!(since(began, "later"), "later");
    }

    #[test]
    fn many_companies_share_the_last_lane() {
        let told = |name: &str| Telling {
            recipient: name.to_owned(),
            ..Telling::default()
        };
        let visit = Visit {
            capture_id: String::new(),
            events: "bbacdefg".chars().map(|c| told(&c.to_string())).collect(),
        };
        assert_eq!(lanes(&visit), ["b", "a", "c", "d", "others"]);
    }
}
