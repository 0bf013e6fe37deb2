//! Who wrote a capture, by what it says and by what it holds.

use super::{har, har_with, read};
use crate::capture::{Capture, Lists, ProducerKnownFrom};

const AGENT: &str = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36";

fn created_by(creator: &str) -> Capture {
    read(format!(
        r#"{{"log":{{"creator":{creator},"entries":[{{"_securityState":"secure","request":{{"url":"https://a.example/"}}}}]}}}}"#
    ))
}

/// What the capture says of its producer, how that is known, and what is known of it.
fn told(capture: &Capture) -> (Option<&str>, Option<ProducerKnownFrom>, Option<Lists>) {
    (
        capture.producer.as_deref(),
        capture.producer_known_from,
        capture.known_producer().map(|producer| producer.lists),
    )
}

#[test]
fn a_creator_is_believed_whatever_the_members() {
    let creator = Some(ProducerKnownFrom::Creator);
    let chrome = created_by(r#"{"name":"WebInspector","version":"537.36"}"#);
    let encoded = Some(Lists::Encoded);
    assert_eq!(told(&chrome), (Some("WebInspector"), creator, encoded));
    let unheard_of = created_by(r#"{"name":"My own recorder"}"#);
    assert_eq!(told(&unheard_of), (Some("My own recorder"), creator, None));
}

#[test]
fn without_a_creator_the_members_betray_the_program() {
    let guessed = Some(ProducerKnownFrom::Guessed);
    for creator in ["null", r#"{"name":" "}"#, "{}"] {
        let capture = created_by(creator);
        let wanted = (Some("Firefox"), guessed, Some(Lists::Decoded));
        assert_eq!(told(&capture), wanted, "{creator}");
    }
    let in_response = read(har_with(r#""response":{"_charlesStatus":"COMPLETE"}"#));
    assert_eq!(told(&in_response).0, Some("Charles"));
}

#[test]
fn members_of_several_entries_are_seen_together() {
    let entry =
        |member: &str| format!(r#"{{"request":{{"url":"https://a.example/"}},"{member}":1}}"#);
    let one = entry("_securityDetails");
    assert_eq!(
        told(&read(har(std::slice::from_ref(&one)))),
        (None, None, None)
    );
    let both = read(har(&[one, entry("_serverPort")]));
    assert_eq!(told(&both).0, Some("Playwright"));
}

#[test]
fn the_header_tells_the_browser_and_not_the_producer() {
    let entry = |more: &str| {
        format!(
            r#"{{"request":{{"url":"https://a.example/","headers":[{{"name":"user-agent","value":"{AGENT}"}}]}}{more}}}"#
        )
    };
    let capture = read(har(&[entry("")]));
    assert_eq!(told(&capture), (None, None, None));
    let browser = Some("Chrome 131 (by its User-Agent)");
    assert_eq!(capture.browser.as_deref(), browser);
    let named = read(format!(
        r#"{{"log":{{"browser":{{"name":"Brave","version":"1.7"}},"entries":[{}]}}}}"#,
        entry("")
    ));
    assert_eq!(named.browser.as_deref(), Some("Brave 1.7"));
    let guessed = read(har(&[entry(r#","_securityState":"secure""#)]));
    assert_eq!(
        (told(&guessed).0, &guessed.browser),
        (Some("Firefox"), &None)
    );
}

#[test]
fn endless_names_are_not_kept() {
    let members: Vec<String> = (0..5000).map(|n| format!(r#""_x{n}":1"#)).collect();
    let capture = read(har_with(&members.join(",")));
    assert_eq!(
        (capture.entries.len(), told(&capture)),
        (1, (None, None, None))
    );
}
