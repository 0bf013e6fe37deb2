//! What became of what was typed: to whom it went, in what form, and in how many requests it was looked for. A clean result is
//! worded as what was looked for.

use maud::{Markup, html};

use super::text::{Foreign, words};
use crate::figures::{Received, Typed, count};

/// Whether there is anything to say.
pub(super) fn is_told(typed: &Typed) -> bool {
    typed.values > 0 || !typed.by_shape.is_empty()
}

pub(super) fn section(typed: &Typed) -> Markup {
    html! {
        h2 id="typed" { "What was typed" }
        @if typed.values > 0 { (of_personas(typed)) }
        @if !typed.by_shape.is_empty() {
            h3 { "What looks like contact data" }
            p {
                "Requests in which something looks like an e-mail address, a telephone or official number, a postcode or a card. Nobody "
                "said here what was typed: each is a lead to be looked at in matches.csv, not a finding."
            }
            (table("What looks like contact data, by receiver", &typed.by_shape))
        }
    }
}

fn of_personas(typed: &Typed) -> Markup {
    let values = count(typed.values, "value", "values");
    let personas = count(typed.personas, "persona", "personas");
    let requests = count(typed.requests, "request", "requests");
    html! {
        p {
            (values) " of " (personas) " were looked for in " (requests) " to third parties: in addresses, headers, cookies and bodies, as "
            "typed and in the forms that vendors make of it, packed up to two layers deep, and hashed. The table searches lists each."
        }
        @if typed.requests == 0 {
            p { "There was no request to a third party to be looked through." }
        } @else if typed.values_found == 0 {
            p { strong { "None was found in a request that left the browser." } }
        } @else {
            p { strong { (typed.values_found) " of the " (values) " were found." } }
            (table("Who received what was typed", &typed.of_personas))
        }
        p class="note" {
            "Not looked through: " (count(typed.requests_without_body, "body", "bodies")) " that the captures do not hold, what scripts "
            "encrypted, and WebSockets."
        }
    }
}

fn table(caption: &str, received: &[Received]) -> Markup {
    html! {
        div class="wide" role="region" tabindex="0" aria-label=(caption) {
            table {
                caption { (caption) }
                thead { tr {
                    th scope="col" { "Receiver" }
                    th scope="col" class="number" { "Requests" }
                    th scope="col" { "Can be read as it is" }
                    th scope="col" { "Hashed" }
                } }
                tbody { @for row in received { tr {
                    th scope="row" { (Foreign(&row.receiver)) }
                    td class="number" { (row.requests) }
                    td { (words(&row.readable)) }
                    td { (words(&row.hashed)) }
                } } }
            }
        }
    }
}
