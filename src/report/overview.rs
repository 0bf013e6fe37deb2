//! The first screens: what was found in one paragraph, and then organisation by organisation, topic by topic, recipient by
//! recipient, wave by wave, and beside all that what could not be known.

use maud::{Markup, html};

use super::chart::{Bar, Segment, bars, colour_of, swatch};
use super::text::{Foreign, words};
use super::{Making, topics, typed, waves};
use crate::figures::{DEGREES, Findings, Organisation, TOLD_OF, count};

/// Organisations that a chart draws; its table has them all.
pub(super) const DRAWN: usize = 40;

/// What was found, in a paragraph and a row of figures.
pub(super) fn lead(findings: &Findings) -> Markup {
    let all = &findings.overview;
    let names: Vec<&str> = all
        .recipients
        .iter()
        .map(|(name, _, _)| name.as_str())
        .collect();
    html! {
        @if all.leaks == 0 {
            p class="lead" {
                "No leak was found in these captures. That is no proof that nothing was sent: see "
                a href="#unknown" { "what could not be known" } "."
            }
        } @else {
            p class="lead" {
                "In the captures that were read, " (all.leaking.len()) " of " (count(all.organisations, "organisation", "organisations"))
                " told " (Foreign(&listed(&names))) " what visitors did on sensitive pages: "
                strong { (count(all.leaks, "leak", "leaks")) } ". With "
                strong { (all.identified("named")) } " of them went an account with the company, or contact data, that can name the visitor."
            }
        }
        (key_figures(findings))
        p {
            "An " strong { "event" } " is what one tracker was told by a request. It counts if it reached a server, and it counts once. A "
            strong { "leak" } " is an event that counts and is about a sensitive page, click or search: tier 1 (critical), 2 (high) or 3 (moderate)."
        }
    }
}

fn key_figures(findings: &Findings) -> Markup {
    let all = &findings.overview;
    html! {
        ul class="figures" {
            li { strong { (all.leaks) } "leaks" }
            li { strong { (all.identified("named")) } "of them can name the visitor" }
            li { strong { (all.leaking.len()) } "of " (all.organisations) " organisations leaked" }
            li { strong { (all.recipients.len()) } "companies received leaks" }
            li { strong { (all.read + all.salvaged) } "of " (all.inputs) " captures were read" }
            li { strong { (all.events) } "events counted" }
        }
    }
}

/// Names in a sentence: the first three, and how many more.
fn listed(names: &[&str]) -> String {
    match names {
        [] => "nobody".to_owned(),
        [one] => (*one).to_owned(),
        [one, two] => format!("{one} and {two}"),
        [one, two, three] => format!("{one}, {two} and {three}"),
        [one, two, rest @ ..] => format!("{one}, {two} and {} more companies", rest.len()),
    }
}

pub(super) fn sections(findings: &Findings, making: &Making) -> Markup {
    html! {
        section aria-labelledby="organisations" { (organisations(findings)) }
        section aria-labelledby="topics" { (topics::section(findings, making)) }
        section aria-labelledby="recipients" { (recipients(findings)) }
        section aria-labelledby="waves" { (waves::section(findings)) }
        @if typed::is_told(&findings.overview.typed) {
            section aria-labelledby="typed" { (typed::section(&findings.overview.typed)) }
        }
        section aria-labelledby="unknown" { (unknown(findings)) }
    }
}

fn organisations(findings: &Findings) -> Markup {
    let drawn: Vec<Bar> = findings.leaking().take(DRAWN).map(bar).collect();
    html! {
        h2 id="organisations" { "Organisations" }
        @if drawn.is_empty() {
            p { "No organisation leaked." }
        } @else {
            p { "Leaks by organisation, and how far they identify the visitor:" }
            ul class="legend" {
                @for (name, meaning) in DEGREES {
                    li { (swatch(colour_of(name))) strong { (words(name)) } ": " (meaning) }
                }
            }
            (bars("chart-organisations", "Leaks by organisation and identifiability",
                "A bar for each organisation that leaked, the longest first. The table below holds the same figures.", &drawn))
            (first_ones(findings.leaking().count()))
            (organisations_table(findings))
            (not_all(findings))
            @if findings.leaks_of_nobody() > 0 {
                p { (count(findings.leaks_of_nobody(), "leak is", "leaks are")) " about a page of no organisation that is known." }
            }
        }
    }
}

/// Says so where the page does not tell of everybody.
pub(super) fn not_all(findings: &Findings) -> Markup {
    let all = findings.leaking().count();
    html! {
        @if all > TOLD_OF {
            p class="note" { "The " (TOLD_OF) " organisations with the most leaks are listed here, of " (all) " that leaked. All of them are in the table organisations." }
        }
    }
}

/// Says so where a chart does not draw everybody.
pub(super) fn first_ones(all: usize) -> Markup {
    html! {
        @if all > DRAWN {
            p class="note" { "The chart shows the first " (DRAWN) " of " (all) " organisations. The table has " @if all > TOLD_OF { "the first " (TOLD_OF) } @else { "them all" } "." }
        }
    }
}

fn bar(found: &Organisation) -> Bar {
    let segment = |(name, _): (&'static str, &'static str)| Segment {
        number: identified(found, name),
        colour: colour_of(name),
    };
    Bar {
        name: found.name.clone(),
        segments: DEGREES.into_iter().map(segment).collect(),
    }
}

/// The leaks of an organisation of one degree.
fn identified(found: &Organisation, degree: &str) -> u64 {
    let of_degree = found
        .flows
        .iter()
        .filter(|flow| flow.identifiability == degree);
    of_degree.map(|flow| flow.leaks).sum()
}

fn organisations_table(findings: &Findings) -> Markup {
    html! {
        div class="wide" tabindex="0" role="region" aria-label="Leaks by organisation" {
            table {
                caption { "Leaks by organisation" }
                thead { tr {
                    th scope="col" { "Organisation" }
                    th scope="col" class="number" { "Leaks" }
                    @for (name, _) in DEGREES { th scope="col" class="number" { (words(name)) } }
                    th scope="col" class="number" { "Events" }
                    th scope="col" class="number" { "Sensitive pages" }
                } }
                tbody {
                    @for (place, found) in findings.told_of().enumerate() {
                        tr {
                            th scope="row" class="text" { a href={ "#organisation-" (place + 1) } { (Foreign(&found.name)) } }
                            td class="number" { strong { (found.leaks) } }
                            @for (name, _) in DEGREES { td class="number" { (identified(found, name)) } }
                            td class="number" { (found.events) }
                            td class="number" { (found.sensitive_pages) }
                        }
                    }
                }
            }
        }
    }
}

fn recipients(findings: &Findings) -> Markup {
    let all = &findings.overview;
    let bar = |(name, leaks, _): &(String, u64, u64)| Bar {
        name: name.clone(),
        segments: vec![Segment {
            number: *leaks,
            colour: "#1f5f99",
        }],
    };
    let drawn: Vec<Bar> = all.recipients.iter().map(bar).collect();
    html! {
        h2 id="recipients" { "Who received it" }
        @if drawn.is_empty() {
            p { "No company received a leak." }
        } @else {
            (bars("chart-recipients", "Leaks by the company that received them",
                "A bar for each company, the longest first. The table below holds the same figures.", &drawn))
            table {
                caption { "Leaks by the company that received them" }
                thead { tr {
                    th scope="col" { "Company" }
                    th scope="col" class="number" { "Leaks" }
                    th scope="col" class="number" { "From organisations" }
                } }
                tbody {
                    @for (name, leaks, organisations) in &all.recipients {
                        tr {
                            th scope="row" { (Foreign(name)) }
                            td class="number" { (leaks) }
                            td class="number" { (organisations) }
                        }
                    }
                }
            }
        }
    }
}

fn unknown(findings: &Findings) -> Markup {
    let all = &findings.overview;
    let (captures, leaks) = all.without_cookies;
    let problems: u64 = all.problems.iter().map(|(_, number)| number).sum();
    html! {
        h2 id="unknown" { "What could not be known" }
        ul {
            li { strong { (captures) } (either(captures, " capture read holds no cookies. For its ", " captures read hold no cookies. For their ")) (count(leaks, "leak", "leaks")) " an account may have gone along unseen." }
            li { strong { (all.bodies_missing) } (either(all.bodies_missing, " request body is not in its capture. What stood in it is not known.", " request bodies are not in the captures. What stood in them is not known.")) }
            li { strong { (all.without_page) } (either(all.without_page, " counted event has no known page.", " counted events have no known page.")) }
            li { strong { (all.via_own_host) } (either(all.via_own_host,
                " counted event went to a host that is not the company’s, in a tracker’s form. That it was passed on is inferred, not seen.",
                " counted events went to hosts that are not the company’s, in a tracker’s form. That they were passed on is inferred, not seen.")) }
            li { strong { (all.identified("not_recorded")) } (either(all.identified("not_recorded"), " leak identifies", " leaks identify")) " nobody as far as can be seen, and the capture does not hold what would decide it." }
            li {
                strong { (problems) } (either(problems, " problem was met while reading", " problems were met while reading"))
                @if problems > 0 { ": " (Foreign(&kinds(&all.problems))) ". Each is a row in the table problems" }
                "."
            }
        }
        p { "What an ad blocker or a refused cookie banner stopped, and what a site’s own server tells a company directly, is in no capture." }
    }
}

/// Words for one, or for none and several.
fn either<'a>(number: u64, one: &'a str, several: &'a str) -> &'a str {
    if number == 1 { one } else { several }
}

fn kinds(problems: &[(String, u64)]) -> String {
    let named: Vec<String> = problems
        .iter()
        .map(|(code, number)| format!("{} {number}", words(code)))
        .collect();
    named.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figures::{MOST_CAPTURES, Overview};
    use crate::report::html;

    fn page(organisations: usize, read: u64) -> String {
        let leaked = |number: usize| Organisation {
            name: format!("number {number}"),
            leaks: 1,
            ..Organisation::default()
        };
        let findings = Findings {
            organisations: (1..=organisations).map(leaked).collect(),
            overview: Overview {
                leaks: organisations as u64,
                read,
                ..Overview::default()
            },
            ..Findings::default()
        };
        html(&findings, &Making::default())
    }

    #[test]
    fn a_page_that_does_not_tell_of_everybody_says_so() {
        let most = MOST_CAPTURES as u64;
        let all = page(TOLD_OF, most);
        assert!(all.contains("<bdi>number 500</bdi></h3>") && all.contains("has them all."));
        assert!(!all.contains("with the most leaks"));
        let more = page(TOLD_OF + 1, most + 1);
        assert!(!more.contains("<bdi>number 501</bdi>"));
        assert!(more.contains("with the most leaks are listed here, of 501 that leaked"));
        assert!(more.contains("1001 captures were read. Listed are the 1000 with the most leaks"));
    }
}
