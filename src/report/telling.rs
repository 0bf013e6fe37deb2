//! One event in words: what the visitor did, as the company was told, and what that rests on.

use maud::{Markup, html};

use super::Making;
use super::text::{Foreign, moment, visible, words};
use crate::figures::{DEGREES, Telling};

/// What the visitor did, as the request reports it.
pub(super) fn deed(event: &Telling) -> String {
    match event.action.as_str() {
        "page_view" => "opened the page".to_owned(),
        "click" => quoted("clicked", clicked(event)),
        "form_submit" => quoted("sent a form", clicked(event)),
        "search" => quoted("searched for", &event.search_term),
        "session_replay" => "the screen was recorded".to_owned(),
        "identify" => quoted("who the visitor is, event", &event.event_name),
        _ if event.event_name.is_empty() => "an event without a name".to_owned(),
        _ => quoted("event", &event.event_name),
    }
}

/// The page in a few letters: its title, or what follows the host in its address.
pub(super) fn page_in_short(event: &Telling) -> &str {
    if !event.title.is_empty() {
        return &event.title;
    }
    let after = event.page.split_once("://").map(|(_, rest)| rest);
    let path = after.and_then(|rest| rest.find('/').and_then(|at| rest.get(at..)));
    path.unwrap_or(&event.page)
}

fn clicked(event: &Telling) -> &str {
    if event.clicked_text.is_empty() {
        &event.clicked_destination
    } else {
        &event.clicked_text
    }
}

fn quoted(what: &str, text: &str) -> String {
    if text.is_empty() {
        what.to_owned()
    } else {
        format!("{what} “{text}”")
    }
}

/// The tier with its word.
pub(super) fn tier(tier: u64) -> &'static str {
    match tier {
        1 => "tier 1, critical",
        2 => "tier 2, high",
        3 => "tier 3, moderate",
        _ => "not sensitive",
    }
}

/// A degree of identifiability, with what it means.
pub(super) fn degree(name: &str) -> String {
    let found = DEGREES.iter().find(|(known, _)| *known == name);
    match found {
        Some((known, meaning)) if meaning.starts_with("by ") => {
            format!("{}, {meaning}", words(known))
        }
        Some((known, meaning)) => format!("{}: {meaning}", words(known)),
        None => words(name),
    }
}

/// Names of data items in a row.
pub(super) fn items(items: &[String]) -> String {
    let named: Vec<String> = items.iter().map(|item| words(item)).collect();
    named.join(", ")
}

/// An event as an item of a list of examples.
pub(super) fn example(event: &Telling, making: &Making) -> Markup {
    html! {
        li {
            p {
                strong { (Foreign(&event.recipient)) } " was told on " (moment(&event.started_at)) ": "
                strong { (Foreign(&deed(event))) }
            }
            p { "Page: " (page(event)) }
            p { "Sensitive: " (reason(event, making)) }
            p { "How far the visitor is known: " (degree(&event.identifiability)) }
            p { "What went along: " (items(&event.items)) }
            @if let Some(answer) = answer(&event.consent) { p { "Consent: " (answer) " (" (visible(&event.consent_evidence, 200)) ")" } }
            @if !event.consent_reported.is_empty() { p { "Consent, as the request reports it: " code { (visible(&event.consent_reported, 120)) } } }
            (reservations(event))
            p { "Evidence: event " code { (visible(&event.event_id, 60)) } }
        }
    }
}

/// What had been answered to the page's consent banner, where the capture decides it.
fn answer(consent: &str) -> Option<&'static str> {
    match consent {
        "accepted" => Some("everything that the banner asks had been accepted"),
        "partly_accepted" => Some("a part of what the banner asks had been accepted"),
        "rejected" => Some("sent after everything had been refused"),
        "banner_unanswered" => Some("sent before the banner was answered"),
        _ => None,
    }
}

/// Title and address of the page; the address is text and no link, so that nobody opens it by mistake.
pub(super) fn page(event: &Telling) -> Markup {
    html! {
        @if !event.title.is_empty() { (Foreign(&event.title)) " " }
        @if event.page.is_empty() {
            @if event.title.is_empty() { "not known" }
        } @else {
            code { (Foreign(&event.page)) }
        }
    }
}

/// By which words it is sensitive, and where they stood.
pub(super) fn reason(event: &Telling, making: &Making) -> Markup {
    let place = words(&event.matched_in);
    html! {
        (visible(&making.category(&event.category), 80)) ", " (tier(event.tier))
        @if event.matched_in == "organisation" {
            "; the organisation as a whole is about it"
        } @else if !event.matched_text.is_empty() {
            "; by the words “" (Foreign(&event.matched_text)) "” in the " (place)
        }
    }
}

/// What makes an event weaker evidence than it looks.
pub(super) fn reservations(event: &Telling) -> Markup {
    let mut said = Vec::new();
    if event.via_own_host {
        said.push(
            "It went to a host that is not the company’s own, in the tracker’s form: that it was passed on is inferred, not seen.",
        );
    }
    if event.cookies_recorded != "yes" {
        said.push("Its cookies were not recorded: an account may have gone along unseen.");
    }
    if event.in_frame {
        said.push(
            "It came from inside a frame: perhaps the organisation did not put this tracker there.",
        );
    }
    if !event.page_conflict.is_empty() {
        said.push("Other evidence in the same request names a page of another site.");
    }
    if event.automatic {
        said.push("The tracker is known to send this of its own accord.");
    }
    html! { @for sentence in said { p class="note" { (sentence) } } }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deed_is_told_with_what_is_known_of_it() {
        let mut event = Telling {
            action: "click".to_owned(),
            ..Telling::default()
        };
        assert_eq!(deed(&event), "clicked");
        event.clicked_destination = "tel:1".to_owned();
        assert_eq!(deed(&event), "clicked “tel:1”");
        event.clicked_text = "Call".to_owned();
        assert_eq!(deed(&event), "clicked “Call”");
        event.action = "custom".to_owned();
        event.event_name = "Lead".to_owned();
        assert_eq!(deed(&event), "event “Lead”");
    }

    #[test]
    fn a_page_without_a_title_goes_by_its_path() {
        let event = Telling {
            page: "https://a.example/b/c".to_owned(),
            ..Telling::default()
        };
        assert_eq!(page_in_short(&event), "/b/c");
    }
}
