//! The sentences that can be printed: who did what on which page, and what was told to whom. They say no more than the
//! request does, and whether it arrived.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::Page;
use crate::disclosure::Show;
use crate::figures::{EventRecord, GivenItem, Telling, printable};

/// When, on whose page, and what the visitor did.
pub(super) fn what_happened(record: &EventRecord, page: &Page) -> String {
    let when = moment(&record.telling.started_at);
    let where_it_was = the_page(record, page);
    format!("{when} {}.", deed(&record.telling, &where_it_was, page))
}

/// To whom, whether it arrived, and what.
pub(super) fn what_was_told(record: &EventRecord) -> String {
    let recipient = printable(&record.telling.recipient);
    let why = printable(&record.delivery_evidence);
    let items = items(&record.given);
    let receiver = if record.telling.via_own_host {
        format!("A host that is not {recipient}'s own, in the form in which {recipient} is told,")
    } else {
        recipient.to_string()
    };
    match record.delivery.as_str() {
        "delivered" => format!("{receiver} was told: {items}. An answer is recorded ({why})."),
        "no_answer" => format!(
            "The request to {recipient} left the browser, and no answer is recorded ({why}): whether it arrived is not known. \
             It carried: {items}."
        ),
        "blocked" => format!(
            "{recipient} was NOT told: the request was stopped before it reached a server ({why}). It would have carried: \
             {items}."
        ),
        "cached" => format!(
            "{recipient} was NOT told: the request was answered from the browser's cache ({why}). It would have carried: \
             {items}."
        ),
        "internal_redirect" => format!(
            "{recipient} was NOT told by this request: the browser itself redirected it before anything was sent ({why}). It \
             would have carried: {items}."
        ),
        _ => format!(
            "Whether the request to {recipient} left the browser cannot be said ({why}). It carries: {items}."
        ),
    }
}

/// `On 14 May 2026 at 10:03:11 UTC`, or the time as it was written.
fn moment(time: &str) -> String {
    if time.is_empty() {
        return "At a time that the capture does not tell".to_owned();
    }
    match time.parse::<Timestamp>() {
        Ok(time) => {
            let time = TimeZone::UTC.to_datetime(time);
            format!("On {}", time.strftime("%-d %B %Y at %H:%M:%S UTC"))
        }
        Err(_) => format!("At {}", printable(time)),
    }
}

fn the_page(record: &EventRecord, page: &Page) -> String {
    let event = &record.telling;
    if event.page.is_empty() {
        return "a page that is not known".to_owned();
    }
    let owner = if record.organisation.is_empty() {
        "the page".to_owned()
    } else {
        format!("{}'s page", printable(&record.organisation))
    };
    let address = page.shown(&event.page, Show::Address);
    if event.title.is_empty() {
        return format!("{owner} {address}");
    }
    let title = page.shown(&event.title, Show::Typed);
    format!("{owner} “{title}” ({address})")
}

fn deed(event: &Telling, the_page: &str, page: &Page) -> String {
    let to = format!("a visitor to {the_page}");
    match event.action.as_str() {
        "page_view" => format!("a visitor opened {the_page}"),
        "click" => format!("{to} clicked {}", clicked(event, page)),
        "form_submit" => format!("{to} sent a form{}", with_button(event, page)),
        "search" => match page.shown(&event.search_term, Show::Typed) {
            term if term.is_empty() => format!("{to} searched for something"),
            term => format!("{to} searched for “{term}”"),
        },
        "session_replay" => {
            format!("what {to} saw and did there was recorded, to be played back")
        }
        "identify" => format!("a request said who {to} is{}", by_name(event, page)),
        _ => format!(
            "something happened on a visit to {the_page}{}",
            by_name(event, page)
        ),
    }
}

fn clicked(event: &Telling, page: &Page) -> String {
    let destination = page.shown(&event.clicked_destination, Show::Address);
    match (event.clicked_text.as_str(), destination.as_str()) {
        ("", "") => "something".to_owned(),
        ("", destination) => format!("something that leads to {destination}"),
        (text, "") => format!("“{}”", page.shown(text, Show::Content)),
        (text, destination) => format!(
            "“{}”, which leads to {destination}",
            page.shown(text, Show::Content)
        ),
    }
}

fn with_button(event: &Telling, page: &Page) -> String {
    match page.shown(&event.clicked_text, Show::Content) {
        text if text.is_empty() => text,
        text => format!(" with the button “{text}”"),
    }
}

fn by_name(event: &Telling, page: &Page) -> String {
    match page.shown(&event.event_name, Show::Content) {
        name if name.is_empty() => name,
        name => format!(": the event is called “{name}”"),
    }
}

/// Each kind of data item once, in wire order, with the form in which it went.
fn items(given: &[GivenItem]) -> String {
    let mut named: Vec<String> = Vec::new();
    for item in given.iter().filter(|item| item.encoding != "removed") {
        let name = in_words(item);
        if !named.contains(&name) {
            named.push(name);
        }
    }
    if named.is_empty() {
        "nothing that a rule knows".to_owned()
    } else {
        named.join(", ")
    }
}

fn in_words(item: &GivenItem) -> String {
    let name = item.item.replace('_', " ");
    match item.encoding.as_str() {
        "plain" if item.hash_expected => format!("{name} (in plain text)"),
        "plain" => name,
        "mask" => format!("{name} (its length and shape)"),
        hash => format!("{name} (hashed: {})", printable(hash)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::disclosure::Reveal;

    const PAGE: Page = Page {
        reveal: Reveal::No,
        width: None,
    };

    fn record(action: &str) -> EventRecord {
        EventRecord {
            organisation: "Northmoor Police".to_owned(),
            delivery: "delivered".to_owned(),
            delivery_evidence: "status 200".to_owned(),
            telling: Telling {
                started_at: "2026-05-14T10:03:11.250Z".to_owned(),
                recipient: "Meta".to_owned(),
                action: action.to_owned(),
                page: "https://www.police.example/rape?name=Jo".to_owned(),
                title: "Report a rape".to_owned(),
                ..Telling::default()
            },
            ..EventRecord::default()
        }
    }

    #[test]
    fn a_click_is_told_with_page_text_and_destination() {
        let mut click = record("click");
        click.telling.clicked_text = "Call jo@mail.example".to_owned();
        click.telling.clicked_destination = "tel:101".to_owned();
        assert_eq!(
            what_happened(&click, &PAGE),
            "On 14 May 2026 at 10:03:11 UTC a visitor to Northmoor Police's page “Report a rape” \
             (https://www.police.example/rape?name=…) clicked “Call [e-mail]”, which leads to tel:101."
        );
    }

    #[test]
    fn what_never_left_was_not_told() {
        let mut event = record("page_view");
        event.given = vec![GivenItem {
            item: "email".to_owned(),
            encoding: "plain".to_owned(),
            hash_expected: true,
            ..GivenItem::default()
        }];
        assert_eq!(
            what_was_told(&event),
            "Meta was told: email (in plain text). An answer is recorded (status 200)."
        );
        for (delivery, words) in [
            ("blocked", "NOT told"),
            ("cached", "NOT told"),
            ("internal_redirect", "NOT told"),
            ("no_answer", "is not known"),
            ("unknown", "cannot be said"),
        ] {
            event.delivery = delivery.to_owned();
            assert!(what_was_told(&event).contains(words), "{delivery}");
        }
        event.delivery = "delivered".to_owned();
        event.telling.via_own_host = true;
        assert!(what_was_told(&event).starts_with("A host that is not Meta's own"));
    }

    #[test]
    fn what_is_not_known_is_not_made_up() {
        let nothing = EventRecord::default();
        assert_eq!(
            what_happened(&nothing, &PAGE),
            "At a time that the capture does not tell something happened on a visit to a page that is not known."
        );
        assert!(what_was_told(&nothing).contains("nothing that a rule knows"));
    }
}
