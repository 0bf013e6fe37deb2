//! Where the list of entries may be, and how deep things may go.

use super::{codes, entry, har, har_with, only, read, three, urls};
use crate::capture::State;

#[test]
fn an_empty_list_of_entries_is_a_capture_wholly_read() {
    let capture = read(har(&[]));
    assert_eq!(
        (capture.state, capture.entries_found, capture.problems.len()),
        (State::Read, 0, 0)
    );
}

#[test]
fn only_the_address_of_a_request_is_needed() {
    let capture = read(r#"{"log":{"entries":[{"request":{"url":"https://a.example/"}}]}}"#);
    assert_eq!(
        (capture.state, urls(&capture)),
        (State::Read, vec!["https://a.example/"])
    );
    assert_eq!(capture.entries[0].response, None);
    assert_eq!(capture.producer, None);
}

#[test]
fn the_log_may_be_wrapped() {
    let one = entry("https://a.example/1");
    for text in [
        format!(r#"[{{"log":{{"entries":[{one}]}}}}]"#),
        format!(r#"{{"har":{{"log":{{"entries":[{one}]}}}}}}"#),
        format!(r#"{{"entries":[{one}]}}"#),
        format!(r#"{{"note":{{"a":[1]}},"log":{{"entries":[{one}]}}}}"#),
    ] {
        let capture = read(&text);
        assert_eq!(
            (capture.state, urls(&capture)),
            (State::Read, vec!["https://a.example/1"]),
            "{text}"
        );
        assert_eq!(text[capture.entries[0].range.clone()], one);
    }
}

#[test]
fn two_captures_in_one_file_are_both_read_and_numbered_through() {
    for between in ["", "\n\0", "\u{FEFF}"] {
        let text = format!(
            "{}{between}{}",
            har(&three()),
            har(&[entry("https://b.example/")])
        );
        let capture = read(text);
        assert_eq!(capture.state, State::Read);
        assert_eq!(capture.entries[3].index, 3);
        assert_eq!(capture.entries[3].request.url, "https://b.example/");
        assert_eq!(codes(&capture.problems), ["several_captures"]);
    }
}

#[test]
fn entries_twice_in_one_log_are_both_read() {
    let (a, b) = (entry("https://a.example/"), entry("https://b.example/"));
    let capture = read(format!(r#"{{"log":{{"entries":[{a}],"entries":[{b}]}}}}"#));
    assert_eq!(urls(&capture), ["https://a.example/", "https://b.example/"]);
    assert_eq!(codes(&capture.problems), ["several_captures"]);
}

#[test]
fn entries_of_something_else_inside_a_log_do_not_count() {
    let one = entry("https://a.example/");
    let capture = read(format!(
        r#"{{"log":{{"_x":{{"entries":[1,2]}},"entries":[{one}]}}}}"#
    ));
    assert_eq!((capture.state, capture.entries_found), (State::Read, 1));
}

#[test]
fn escaped_keys_are_understood() {
    let text = r#"{"\u006cog":{"\u0065ntries":[{"requ\u0065st":{"\u0075rl":"https://a.example/"},"r\u0065sponse":{"st\u0061tus":204,"cont\u0065nt":{"t\u0065xt":"x"}}}]}}"#;
    let (entry, problems) = only(text);
    assert!(problems.is_empty());
    let response = entry.response.expect("a response");
    assert_eq!(
        (entry.request.url.as_str(), response.status),
        ("https://a.example/", Some(204))
    );
    assert_eq!(
        response.content_text.map(|range| &text[range]),
        Some(r#""x""#)
    );
}

#[test]
fn the_producer_is_read_before_and_after_the_entries() {
    let text = r#"{"log":{"creator":{"name":"Invented","version":1.5},"entries":[],"browser":{"name":"Browser","version":"7"},"pages":[{"id":"page_1","title":"T","startedDateTime":"2026-03-01"},{"pageTimings":{}}]}}"#;
    let capture = read(text);
    assert_eq!(capture.producer.as_deref(), Some("Invented"));
    assert_eq!(capture.producer_version.as_deref(), Some("1.5"));
    assert_eq!(capture.browser.as_deref(), Some("Browser 7"));
    assert_eq!(capture.pages.len(), 2);
    assert_eq!(
        (capture.pages[0].id.as_str(), capture.pages[1].id.as_str()),
        ("page_1", "")
    );
}

#[test]
fn a_nesting_bomb_in_a_member_nobody_needs_costs_nothing() {
    let bomb = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let (_, problems) = only(har_with(&format!(r#""_x":{bomb}"#)));
    assert_eq!(codes(&problems), ["too_deep"]);
}

#[test]
fn a_nesting_bomb_in_a_member_that_counts_costs_the_member() {
    let bomb = format!("{}1{}", r#"{"a":"#.repeat(5_000), "}".repeat(5_000));
    let (entry, problems) = only(har_with(&format!(r#""cache":{bomb},"time":3"#)));
    assert_eq!(entry.time, Some(3.0));
    assert_eq!(codes(&problems), ["too_deep", "damaged_member"]);
}

#[test]
fn a_nesting_bomb_in_the_request_costs_the_entry() {
    let bomb = format!("{}{}", "[".repeat(1_000), "]".repeat(1_000));
    let damaged = format!(r#"{{"request":{{"url":"https://b.example/","headers":{bomb}}}}}"#);
    let capture = read(har(&[damaged, entry("https://a.example/")]));
    assert_eq!(urls(&capture), ["https://a.example/"]);
    assert_eq!(
        (capture.state, codes(&capture.problems)),
        (State::Salvaged, vec!["too_deep", "damaged_entry"])
    );
}

#[test]
fn a_nesting_bomb_without_an_end_is_no_stack_overflow() {
    for bomb in [
        "[".repeat(1_000_000),
        r#"{"a":"#.repeat(200_000),
        r#"{"log":"#.repeat(100_000),
    ] {
        assert_eq!(read(&bomb).state, State::Unreadable);
        let mut text = har(&three());
        text.truncate(text.len() - 4);
        text.push_str(&format!(r#","x":{bomb}"#));
        assert_eq!(read(text).entries.len(), 2);
    }
}
