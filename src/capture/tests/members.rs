//! What each member of an entry becomes.

use super::{codes, har, har_with, har_with_request, only, read};
use crate::capture::{Entry, State};

fn initiator(written: &str) -> Option<String> {
    let (entry, problems) = only(har_with(&format!(r#""_initiator":{written}"#)));
    assert!(problems.is_empty(), "{problems:?}");
    entry.initiator_url
}

#[test]
fn an_initiator_is_a_text_or_an_object_with_an_address() {
    assert_eq!(
        initiator(r#""https://a.example/s.js""#).as_deref(),
        Some("https://a.example/s.js")
    );
    assert_eq!(
        initiator(r#"{"type":"parser","url":"https://a.example/"}"#).as_deref(),
        Some("https://a.example/")
    );
    assert_eq!(initiator(r#"{"type":"other"}"#), None);
    assert_eq!(initiator("null"), None);
    assert_eq!(initiator(r#""""#), None);
}

#[test]
fn of_a_call_stack_the_outermost_frame_is_taken() {
    let stack = r#"{"type":"script","stack":{"parent":{"description":"x","parent":{"callFrames":[]},"callFrames":[{"url":"https://a.example/mid.js"},{"url":"https://a.example/page"},{"url":""}]},"callFrames":[{"url":"https://t.example/inner.js"}]}}"#;
    assert_eq!(initiator(stack).as_deref(), Some("https://a.example/page"));
    let flat = r#"{"stack":{"callFrames":[{"url":"https://t.example/a.js"},{"url":"https://t.example/b.js"}]}}"#;
    assert_eq!(initiator(flat).as_deref(), Some("https://t.example/b.js"));
}

#[test]
fn a_call_stack_may_be_very_deep() {
    let (open, close) = (r#"{"callFrames":[],"parent":"#.repeat(150), "}".repeat(150));
    let stack =
        format!(r#"{{"stack":{open}{{"callFrames":[{{"url":"https://a.example/"}}]}}{close}}}"#);
    assert_eq!(initiator(&stack).as_deref(), Some("https://a.example/"));
}

#[test]
fn an_entry_without_an_address_is_counted_and_left_out() {
    for request in [
        r#"{"method":"GET"}"#,
        r#"{"url":""}"#,
        r#"{"url":null}"#,
        "null",
        "[]",
    ] {
        let good = r#"{"request":{"url":"https://a.example/"}}"#.to_owned();
        let capture = read(har(&[format!(r#"{{"request":{request}}}"#), good]));
        assert_eq!((capture.entries_found, capture.entries.len()), (2, 1));
        assert_eq!(
            (capture.state, capture.entries[0].index),
            (State::Salvaged, 1)
        );
        assert_eq!(codes(&capture.problems), ["no_url"]);
    }
}

#[test]
fn a_request_that_is_a_text_is_an_address() {
    let (entry, problems) = only(har(&[r#"{"request":"https://a.example/"}"#.to_owned()]));
    assert_eq!(
        (entry.request.method.as_str(), entry.request.url.as_str()),
        ("GET", "https://a.example/")
    );
    assert_eq!(codes(&problems), ["wrong_type"]);
}

#[test]
fn a_missing_response_is_none_and_an_empty_one_is_not() {
    let response = |written: &str| {
        only(har_with(&format!(r#""response":{written}"#)))
            .0
            .response
    };
    assert!(response("null").is_none());
    assert!(response("{}").is_some());
}

#[test]
fn the_text_of_a_response_is_only_pointed_at() {
    let text = har_with(
        r#""response":{"content":{"size":-1,"mimeType":"text/x","text":"a\"b"},"bodySize":"7"}"#,
    );
    let response = only(&text).0.response.expect("a response");
    assert_eq!(
        response.content_text.map(|range| &text[range]),
        Some(r#""a\"b""#)
    );
    assert_eq!(
        (response.content_type.as_deref(), response.body_size),
        (Some("text/x"), Some(7))
    );
    let without = only(har_with(r#""response":{"content":{"text":null}}"#))
        .0
        .response
        .expect("a response");
    assert_eq!(without.content_text, None);
}

#[test]
fn an_error_is_the_entry_s_or_the_response_s() {
    let error = |written: &str| only(har_with(written)).0.error;
    assert_eq!(
        error(r#""_error":"net::ERR_FAILED""#).as_deref(),
        Some("net::ERR_FAILED")
    );
    assert_eq!(
        error(r#""_error":null,"response":{"_error":"net::ERR_ABORTED"}"#).as_deref(),
        Some("net::ERR_ABORTED")
    );
    assert_eq!(
        error(r#""response":{"_error":{"code":3}}"#).as_deref(),
        Some(r#"{"code":3}"#)
    );
    assert_eq!(error(r#""response":{"_error":""}"#), None);
}

#[test]
fn a_reason_for_blocking_is_a_text_and_no_time() {
    let reason = |written: &str| only(har_with(written)).0.blocked_reason;
    assert_eq!(
        reason(r#""_blockedReason":"tracking""#).as_deref(),
        Some("tracking")
    );
    assert_eq!(
        reason(r#""response":{"_wasBlockedBy":"extension"}"#).as_deref(),
        Some("extension")
    );
    assert_eq!(
        reason(r#""timings":{"blocked":3},"_blocked_queueing":1.5,"_blocked":"""#),
        None
    );
}

#[test]
fn a_cache_counts_only_if_something_was_written_about_it() {
    let filled = |written: &str| {
        only(har_with(&format!(r#""cache":{written}"#)))
            .0
            .cache_filled
    };
    assert!(filled(r#"{"afterRequest":{"expires":"2026"}}"#));
    assert!(filled(r#"{"beforeRequest":{"eTag":""}}"#));
    for written in [
        "{}",
        "[]",
        "null",
        r#"{"afterRequest":null}"#,
        r#"{"afterRequest":{}}"#,
        r#"{"comment":{"a":1}}"#,
    ] {
        assert!(!filled(written), "{written}");
    }
}

#[test]
fn a_body_keeps_what_was_recorded_and_nothing_more() {
    let body = |written: &str| {
        only(har_with_request(&format!(r#""postData":{written}"#)))
            .0
            .request
            .body
    };
    assert_eq!(body("null"), None);
    assert_eq!(body("{}"), Some(Box::default()));
    let read = body(r#"{"mimeType":"a/b","text":"aWQ9MQ==","_encoding":"base64","comment":"c"}"#)
        .expect("a body");
    assert_eq!(
        (read.text.as_deref(), read.encoding.as_deref()),
        (Some("aWQ9MQ=="), Some("base64"))
    );
    assert_eq!(
        (read.mime_type.as_deref(), read.comment.as_deref()),
        (Some("a/b"), Some("c"))
    );
    let inner =
        body(r#"{"text":"","_content":{"text":"aWQ9MQ==","encoding":"base64"}}"#).expect("a body");
    assert_eq!(
        (inner.text.as_deref(), inner.encoding.as_deref()),
        (Some("aWQ9MQ=="), Some("base64"))
    );
    assert_eq!(
        body(r#""id=1""#).and_then(|body| body.text).as_deref(),
        Some("id=1")
    );
}

#[test]
fn what_stands_beside_a_body_adds_to_it_and_takes_nothing_away() {
    let body = |written: &str| {
        only(har_with_request(written))
            .0
            .request
            .body
            .expect("a body")
    };
    let said = body(r#""postData":{"text":""},"comment":"too large""#);
    assert_eq!(said.text.as_deref(), Some(""), "an empty body was recorded");
    assert_eq!(said.comment.as_deref(), Some("too large"));
    let beside = body(r#""postData":{"text":""},"_requestBody":"id=1""#);
    assert_eq!(beside.text.as_deref(), Some("id=1"));
}

#[test]
fn the_remaining_members_keep_their_words() {
    let (entry, problems) = only(har_with(
        r#""pageref":"page_9","serverIPAddress":"192.0.2.1","connection":443,"_fromCache":"disk","_type":"xhr","_fetchedViaServiceWorker":true,"_apiRequest":"true","timings":{"blocked":-1,"send":-1000,"wait":8983498276,"receive":null}"#,
    ));
    assert!(problems.is_empty());
    let Entry {
        pageref,
        server_ip,
        connection,
        from_cache,
        resource_type,
        timings,
        ..
    } = entry;
    let words = [pageref, server_ip, connection, from_cache, resource_type];
    assert_eq!(
        words.map(Option::unwrap_or_default),
        ["page_9", "192.0.2.1", "443", "disk", "xhr"]
    );
    assert!(entry.via_service_worker && entry.api_request);
    assert_eq!((timings.blocked, timings.send), (Some(-1.0), Some(-1000.0)));
    assert_eq!(
        (timings.wait, timings.receive),
        (Some(8_983_498_276.0), None)
    );
}
