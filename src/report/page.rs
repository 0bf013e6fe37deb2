//! The frame of the page: its head with the policy that a browser must keep, its parts in order, its table of contents.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use maud::{Markup, PreEscaped, html};
use sha2::{Digest, Sha256};

use super::text::Foreign;
use super::{Making, method, organisation, overview, typed, visit};
use crate::figures::Findings;

const STYLE: &str = include_str!("style.css");
const TITLE: &str = "Who was told what: a report on captured visits";

/// The whole file. It is HTML that is also well-formed XML, so that any strict reader can check it.
pub(super) fn whole(findings: &Findings, making: &Making) -> String {
    let body = html! {
        header {
            h1 { (TITLE) }
            @if making.reveal { (revealed()) }
            (overview::lead(findings))
        }
        (contents(findings, making))
        main {
            (overview::sections(findings, making))
            (visit::section(findings, making))
            (organisation::sections(findings, making))
            (method::sections(findings, making))
        }
        footer {
            p class="note" {
                "Made by pixelhound from a dataset of pixelhound " (Foreign(&making.version))
                ". This page holds no script and fetches nothing. The same dataset gives the same page, byte for byte."
            }
        }
    };
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\" xmlns=\"http://www.w3.org/1999/xhtml\">\n{}\n<body>\n{}\n</body>\n</html>\n",
        head().into_string(),
        body.into_string()
    )
}

/// Nothing but the style below may take effect, known by its hash. Empty elements end with `/>`, as XML wants it.
fn head() -> Markup {
    let hash = STANDARD.encode(Sha256::digest(STYLE.as_bytes()));
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{hash}'; img-src 'none'; base-uri 'none'; form-action 'none'"
    );
    PreEscaped(format!(
        "<head>\n<meta charset=\"utf-8\"/>\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\"/>\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n\
         <meta name=\"referrer\" content=\"no-referrer\"/>\n\
         <meta name=\"robots\" content=\"noindex\"/>\n\
         <title>{TITLE}</title>\n<style>{STYLE}</style>\n</head>"
    ))
}

fn revealed() -> Markup {
    html! {
        section class="warning" aria-label="Warning" {
            p { strong { "The dataset of this report was made with --reveal." } }
            p {
                "It holds raw identifiers and what volunteers typed in. This page lists which data items were told and not their \
                 values, but addresses, search terms and button texts stand here as they were sent. Do not publish it as it is. \
                 Make the dataset again without --reveal, and the report from that."
            }
        }
    }
}

fn contents(findings: &Findings, making: &Making) -> Markup {
    html! {
        nav aria-labelledby="contents" {
            h2 id="contents" { "Contents" }
            ul {
                li { a href="#organisations" { "Organisations" } }
                li { a href="#topics" { "What the pages were about" } }
                li { a href="#recipients" { "Who received it" } }
                li { a href="#waves" { "From wave to wave" } }
                @if typed::is_told(&findings.overview.typed) { li { a href="#typed" { "What was typed" } } }
                li { a href="#unknown" { "What could not be known" } }
                @if findings.visit.is_some() { li { a href="#visit" { "One visit, second by second" } } }
                @for (place, found) in findings.told_of().enumerate() {
                    li { a href={ "#organisation-" (place + 1) } { (Foreign(&found.name)) } }
                }
                li { a href="#method" { "Method" } }
                li { a href="#limits" { "What a row does and does not prove" } }
                @if !making.items.is_empty() && findings.leaking().next().is_some() { li { a href="#items" { "What the data items are" } } }
                li { a href="#captures" { "The captures" } }
            }
        }
    }
}
