//! What the pages were about: a chart of organisations and categories, and the same as a table.

use std::collections::BTreeMap;

use maud::{Markup, html};

use super::Making;
use super::chart::{Grid, Mark, grid};
use super::overview::{DRAWN, first_ones, not_all};
use super::text::{Foreign, visible};
use crate::figures::{Findings, Organisation};

/// The categories of all leaks, the most critical first.
fn categories(findings: &Findings) -> Vec<String> {
    let mut tiers: BTreeMap<&str, u64> = BTreeMap::new();
    for category in findings.told_of().flat_map(|found| &found.categories) {
        let tier = tiers.entry(&category.category).or_insert(category.tier);
        *tier = category.tier.min(*tier);
    }
    let mut codes: Vec<(u64, &str)> = tiers.into_iter().map(|(code, tier)| (tier, code)).collect();
    codes.sort_unstable();
    codes.into_iter().map(|(_, code)| code.to_owned()).collect()
}

fn leaks_about(found: &Organisation, code: &str) -> u64 {
    let of_code = found
        .categories
        .iter()
        .filter(|category| category.category == code);
    of_code.map(|category| category.leaks).sum()
}

pub(super) fn section(findings: &Findings, making: &Making) -> Markup {
    let codes = categories(findings);
    let marks = |found: &Organisation| {
        let marks = codes
            .iter()
            .map(|code| Mark::Number(leaks_about(found, code)));
        (found.name.clone(), marks.collect())
    };
    let drawn = Grid {
        columns: codes
            .iter()
            .map(|code| making.category_name(code).to_owned())
            .collect(),
        rows: findings.leaking().take(DRAWN).map(marks).collect(),
    };
    html! {
        h2 id="topics" { "What the pages were about" }
        @if codes.is_empty() {
            p { "There is no leak, and so no topic." }
        } @else {
            p { "Leaks by organisation and topic, the most critical topics on the left. A topic is recognised by words in the address, the title, the button or the search term: read the page before you name it." }
            div class="wide" tabindex="0" role="region" aria-label="Chart: leaks by organisation and topic" {
                (grid("chart-topics", "Leaks by organisation and topic",
                    "A row for each organisation, a column for each topic, the number of leaks where they meet. The table below holds the same figures.", &drawn))
            }
            (first_ones(findings.leaking().count()))
            details {
                summary { "The same figures as a table" }
                (table(findings, making, &codes))
                (not_all(findings))
            }
        }
    }
}

fn table(findings: &Findings, making: &Making, codes: &[String]) -> Markup {
    html! {
        table {
            caption { "Leaks by topic and organisation" }
            thead { tr {
                th scope="col" { "Topic" }
                th scope="col" { "Organisation" }
                th scope="col" class="number" { "Leaks" }
            } }
            tbody {
                @for code in codes {
                    @for found in findings.told_of().filter(|found| leaks_about(found, code) > 0) {
                        tr {
                            th scope="row" { (visible(&making.category(code), 80)) }
                            td { (Foreign(&found.name)) }
                            td class="number" { (leaks_about(found, code)) }
                        }
                    }
                }
            }
        }
    }
}
