//! What each wave of testing saw of each organisation: a chart of signs, and the same in words.

use std::collections::BTreeSet;

use maud::{Markup, html};

use super::chart::{Grid, Mark, grid, legend_mark};
use super::overview::{DRAWN, first_ones};
use super::text::{Foreign, short};
use crate::figures::{Findings, Organisation, TOLD_OF};

/// What a wave saw, as a sign and in words.
pub(super) fn sight(saw: Option<&str>) -> (Mark, &'static str) {
    match saw {
        Some("events") => (Mark::Full, "events were told"),
        Some("tracker_present") => (Mark::Half, "a tracker was there, no event was seen"),
        Some(_) => (Mark::Empty, "no tracker was seen"),
        None => (Mark::None, "not visited"),
    }
}

/// The waves in order: numbers as numbers.
fn wave_names(findings: &Findings) -> Vec<String> {
    let seen = findings.organisations.iter().flat_map(|found| &found.waves);
    let names: BTreeSet<(u64, &str)> = seen
        .map(|sight| (sight.wave.parse().unwrap_or(u64::MAX), sight.wave.as_str()))
        .collect();
    names.into_iter().map(|(_, name)| name.to_owned()).collect()
}

fn seen_in<'a>(found: &'a Organisation, wave: &str) -> Option<&'a str> {
    let sight = found.waves.iter().find(|sight| sight.wave == wave)?;
    Some(&sight.saw)
}

pub(super) fn section(findings: &Findings) -> Markup {
    let names = wave_names(findings);
    let visited: Vec<&Organisation> = findings
        .organisations
        .iter()
        .filter(|found| !found.waves.is_empty())
        .collect();
    let marks = |found: &&Organisation| {
        let marks = names.iter().map(|wave| sight(seen_in(found, wave)).0);
        (found.name.clone(), marks.collect())
    };
    let drawn = Grid {
        columns: names
            .iter()
            .map(|wave| format!("wave {}", short(wave, 12)))
            .collect(),
        rows: visited.iter().take(DRAWN).map(marks).collect(),
    };
    html! {
        h2 id="waves" { "From wave to wave" }
        @if names.is_empty() {
            p { "No sheet says in which round of testing the captures were made." }
        } @else {
            p { "What each round of testing saw, sensitive or not. Another wave may have opened other pages: that nothing was seen is no proof that nothing is there." }
            ul class="legend" {
                @for saw in [Some("events"), Some("tracker_present"), Some("none_seen")] {
                    li { (legend_mark(sight(saw).0)) (sight(saw).1) }
                }
                li { "no sign: not visited" }
            }
            div class="wide" tabindex="0" role="region" aria-label="Chart: what each wave saw" {
                (grid("chart-waves", "What each wave saw, by organisation",
                    "A row for each organisation, a column for each wave. The table below says the same in words.", &drawn))
            }
            (first_ones(visited.len()))
            details {
                summary { "The same as a table" }
                (table(visited.get(..TOLD_OF).unwrap_or(&visited), &names))
                @if visited.len() > TOLD_OF {
                    p class="note" { "The first " (TOLD_OF) " of " (visited.len()) " organisations, those with the most leaks. All of them are in the table organisations." }
                }
            }
        }
    }
}

fn table(visited: &[&Organisation], names: &[String]) -> Markup {
    html! {
        div class="wide" tabindex="0" role="region" aria-label="What each wave saw" {
            table {
                caption { "What each wave saw, by organisation" }
                thead { tr {
                    th scope="col" { "Organisation" }
                    @for wave in names { th scope="col" { "Wave " (Foreign(wave)) } }
                } }
                tbody {
                    @for found in visited {
                        tr {
                            th scope="row" class="text" { (Foreign(&found.name)) }
                            @for wave in names { td { (sight(seen_in(found, wave)).1) } }
                        }
                    }
                }
            }
        }
    }
}
