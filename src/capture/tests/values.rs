//! Values that no strict JSON reader takes, or of other types than the format says.

use super::{codes, har_with, har_with_request, only, read};
use crate::capture::{Pair, State};

fn pair(name: &str, value: &str) -> Pair {
    Pair {
        name: name.to_owned(),
        value: value.to_owned(),
    }
}

/// The value of the only header of an entry in which it was written so.
fn header(written: &[u8]) -> (String, Vec<&'static str>, String) {
    let text = har_with_request(r#""headers":[{"name":"x","value":"HERE"}]"#);
    let (before, after) = text.split_once("HERE").expect("a mark");
    let capture = read([before.as_bytes(), written, after.as_bytes()].concat());
    assert_eq!(
        (capture.state, capture.entries.len()),
        (State::Read, 1),
        "{:?}",
        capture.problems
    );
    let message = capture
        .problems
        .first()
        .map(|problem| problem.message.clone())
        .unwrap_or_default();
    (
        capture.entries[0]
            .request
            .headers
            .header("x")
            .unwrap()
            .to_owned(),
        codes(&capture.problems),
        message,
    )
}

#[test]
fn half_a_surrogate_pair_becomes_a_replacement_character() {
    for (written, wanted) in [
        (r"Sale \ud83d", "Sale \u{FFFD}"),
        (r"\udc00x", "\u{FFFD}x"),
        (r"\ud83d\ud83d\ude00", "\u{FFFD}\u{1F600}"),
        (r"\ud83dA", "\u{FFFD}A"),
    ] {
        let (value, codes, message) = header(written.as_bytes());
        assert_eq!(
            (value.as_str(), codes),
            (wanted, vec!["repaired_text"]),
            "{written}"
        );
        assert!(message.contains("half of a surrogate pair"));
    }
}

#[test]
fn raw_control_characters_stay_what_they_are() {
    let (value, codes, message) = header(b"a\tb\nc\x00d");
    assert_eq!(
        (value.as_str(), codes),
        ("a\tb\nc\0d", vec!["repaired_text"])
    );
    assert!(message.contains("raw control character"));
}

#[test]
fn unknown_escapes_keep_their_backslash() {
    for (written, wanted) in [
        (r"\x41", r"\x41"),
        (r"\u12", r"\u12"),
        (r"\u00zz\n", "\\u00zz\n"),
        (r"\'", r"\'"),
    ] {
        let (value, codes, _) = header(written.as_bytes());
        assert_eq!((value.as_str(), codes), (wanted, vec!["repaired_text"]));
    }
}

#[test]
fn bytes_that_are_no_utf8_become_replacement_characters() {
    let (value, codes, _) = header(b"M\xFCnchen");
    assert_eq!(
        (value.as_str(), codes),
        ("M\u{FFFD}nchen", vec!["repaired_text"])
    );
    let (value, _, _) = header(b"\xED\xA0\xBD\xED\xB8\x82");
    assert!(value.chars().all(|character| character == '\u{FFFD}'));
}

#[test]
fn all_repairs_of_an_entry_are_one_problem() {
    let (entry, problems) = only(har_with(
        "\"time\":NaN,\"pageref\":\"a\tb\",\"connection\":\"\\ud800\"",
    ));
    assert_eq!((entry.time, entry.pageref.as_deref()), (None, Some("a\tb")));
    assert_eq!(codes(&problems), ["repaired_text"]);
    assert!(
        problems[0]
            .message
            .contains("half of a surrogate pair, raw control character, word")
    );
}

#[test]
fn numbers_come_in_many_forms() {
    for (written, wanted) in [
        ("12.5", Some(12.5)),
        ("\"12.5\"", Some(12.5)),
        ("\" 3 \"", Some(3.0)),
        ("-1", Some(-1.0)),
        ("007", Some(7.0)),
        (".5", Some(0.5)),
        ("null", None),
        ("\"\"", None),
        ("\"NaN\"", None),
        ("NaN", None),
        ("-Infinity", None),
        ("1e999", None),
    ] {
        let (entry, problems) = only(har_with(&format!(
            r#""time":{written},"connection":"after""#
        )));
        assert_eq!(entry.time, wanted, "{written}");
        assert_eq!(entry.connection.as_deref(), Some("after"));
        assert!(!codes(&problems).contains(&"wrong_type"), "{written}");
    }
}

#[test]
fn whole_numbers_are_taken_from_texts_and_fractions() {
    for (written, wanted) in [
        ("\"200\"", Some(200)),
        ("200.0", Some(200)),
        ("-2", Some(-2)),
        ("1e300", None),
    ] {
        let (entry, _) = only(har_with(&format!(r#""response":{{"status":{written}}}"#)));
        assert_eq!(
            entry.response.and_then(|response| response.status),
            wanted,
            "{written}"
        );
    }
}

#[test]
fn texts_are_taken_from_numbers() {
    let (entry, problems) = only(har_with(
        r#""startedDateTime":1767225600000,"connection":true"#,
    ));
    assert_eq!(entry.started_at.as_deref(), Some("1767225600000"));
    assert_eq!(entry.connection.as_deref(), Some("true"));
    assert!(problems.is_empty());
}

#[test]
fn members_of_a_wrong_type_are_left_out_and_named() {
    let (entry, problems) = only(har_with(
        r#""time":{},"pageref":[1],"timings":"fast","response":[],"connection":"7""#,
    ));
    assert_eq!(
        (entry.time, entry.pageref, entry.response),
        (None, None, None)
    );
    assert_eq!(entry.connection.as_deref(), Some("7"));
    assert_eq!(codes(&problems), ["wrong_type"; 4]);
    assert!(
        problems
            .iter()
            .any(|problem| problem.message.contains("`timings`"))
    );
}

#[test]
fn headers_may_be_lists_of_values_or_one_object() {
    let wanted = vec![
        pair("accept", "a"),
        pair("accept", "b"),
        pair("n", "1"),
        pair("e", ""),
    ];
    for written in [
        r#"[{"name":"accept","value":["a","b"]},{"name":"n","value":1},{"name":"e","value":null}]"#,
        r#"{"accept":["a","b"],"n":1,"e":null}"#,
    ] {
        let (entry, problems) = only(har_with_request(&format!(
            r#""headers":{written},"cookies":{written}"#
        )));
        assert_eq!(entry.request.headers, wanted);
        assert_eq!(entry.request.cookies, wanted);
        assert!(problems.is_empty());
    }
}

#[test]
fn an_object_as_the_value_of_a_parameter_is_kept_as_json() {
    let (entry, _) = only(har_with_request(
        r#""postData":{"params":[{"name":"p","value":{"b":1,"a":[true,null]}}]}"#,
    ));
    let body = entry.request.body.expect("a body");
    assert_eq!(body.params, [pair("p", r#"{"b":1,"a":[true,null]}"#)]);
}

#[test]
fn header_entries_without_a_name_are_left_out_and_said_once() {
    let (entry, problems) = only(har_with_request(
        r#""headers":[1,{"value":"x"},{"name":"a","value":"b"}]"#,
    ));
    assert_eq!(entry.request.headers, vec![pair("a", "b")]);
    assert_eq!(codes(&problems), ["wrong_type"]);
}

#[test]
fn of_duplicate_members_the_last_is_taken() {
    let (entry, problems) = only(har_with(r#""time":1,"time":2,"_sleep":1,"_sleep":2"#));
    assert_eq!(entry.time, Some(2.0));
    assert_eq!(codes(&problems), ["duplicate_key"]);
    let (entry, problems) = only(har_with_request(r#""method":"PUT""#));
    assert_eq!(entry.request.method, "PUT");
    assert_eq!(codes(&problems), ["duplicate_key"]);
    let (entry, problems) = only(har_with(r#""request":{"url":"https://b.example/"}"#));
    assert_eq!(entry.request.url, "https://b.example/");
    assert_eq!(codes(&problems), ["duplicate_key"]);
}

#[test]
fn a_value_of_enormous_length_is_cut_between_characters() {
    let long = "\u{e9}".repeat(9 << 20);
    let capture = read(har_with_request(&format!(
        r#""postData":{{"text":"x{long}"}}"#
    )));
    let body = capture.entries[0].request.body.as_ref().expect("a body");
    assert_eq!(body.text.as_ref().map(String::len), Some((16 << 20) - 1));
    assert_eq!(
        (capture.state, codes(&capture.problems)),
        (State::Salvaged, vec!["value_cut"])
    );
}
