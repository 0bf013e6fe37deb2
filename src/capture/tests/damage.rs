//! Files that end in the middle, and entries that are broken.

use super::{codes, entry, har, read, three, urls};
use crate::capture::State;

const FIRST_AND_THIRD: [&str; 2] = ["https://a.example/1", "https://a.example/3"];

#[test]
fn what_is_whole_before_the_cut_is_kept() {
    let text = har(&three());
    let cut = text.len() - 40;
    let capture = read(&text[..cut]);
    assert_eq!((capture.state, capture.entries_found), (State::Salvaged, 3));
    assert_eq!(
        urls(&capture),
        ["https://a.example/1", "https://a.example/2"]
    );
    assert_eq!(codes(&capture.problems), ["truncated"]);
    assert!(
        capture.problems[0]
            .message
            .contains(&format!("byte {cut}; 2 entries"))
    );
}

#[test]
fn a_cut_between_entries_loses_only_the_end() {
    let text = har(&three());
    let capture = read(&text[..text.len() - 3]);
    assert_eq!((capture.state, capture.entries.len()), (State::Salvaged, 3));
    assert_eq!(codes(&capture.problems), ["truncated"]);
}

#[test]
fn a_cut_inside_an_escape_or_a_character_is_a_cut() {
    for tail in [
        r#"{"request":{"url":"https://a.example/\u00"#,
        "{\"request\":{\"url\":\"caf\u{e9}",
    ] {
        let mut bytes = har(&three()).into_bytes();
        bytes.truncate(bytes.len() - 3);
        bytes.push(b',');
        bytes.extend_from_slice(tail.as_bytes());
        bytes.pop();
        let capture = read(&bytes);
        assert_eq!((capture.entries.len(), capture.entries_found), (3, 4));
    }
}

#[test]
fn a_cut_in_the_first_entry_leaves_nothing_to_read() {
    let text = har(&three());
    let capture = read(&text[..80]);
    assert_eq!(
        (capture.state, capture.entries_found),
        (State::Unreadable, 1)
    );
    assert_eq!(codes(&capture.problems), ["truncated"]);
}

#[test]
fn what_the_producer_said_before_the_cut_holds() {
    let capture = read(format!(
        r#"{{"log":{{"creator":{{"name":"Invented"}},"entries":[{},{{"request":"#,
        entry("https://a.example/1")
    ));
    assert_eq!(capture.producer.as_deref(), Some("Invented"));
    assert_eq!(capture.entries.len(), 1);
}

#[test]
fn a_broken_entry_is_left_out_and_the_next_is_read() {
    let whole = entry("https://a.example/2");
    for broken in [
        whole.replacen("\"time\"", "time\"", 1),
        whole.replacen("}]}", "]}", 1),
        whole.replacen("https:", "htt\"ps:", 1),
        whole.replacen("200,", "200", 1),
        whole.replacen("\\\"quoted", "\"quoted", 1),
        whole[..whole.len() - 1].to_owned(),
        r#"{"x":"#.to_owned(),
        r#"{"x":"unclosed}"#.to_owned(),
    ] {
        let [first, _, third] = three().try_into().expect("three");
        let capture = read(har(&[first, broken.clone(), third]));
        assert_eq!(urls(&capture), FIRST_AND_THIRD, "{broken}");
        assert_eq!(capture.state, State::Salvaged, "{broken}");
        assert_eq!(
            capture.entries[1].index, 2,
            "damaged entries keep their number"
        );
        assert!(
            codes(&capture.problems).contains(&"damaged_entry"),
            "{broken}"
        );
    }
}

#[test]
fn something_else_in_the_place_of_an_entry_is_counted() {
    for other in [r#""a text""#, "17", "null", "[1]"] {
        let [first, _, third] = three().try_into().expect("three");
        let capture = read(har(&[first, other.to_owned(), third]));
        assert_eq!((capture.state, capture.entries_found), (State::Salvaged, 3));
        assert_eq!(urls(&capture), FIRST_AND_THIRD);
        assert_eq!(codes(&capture.problems), ["damaged_entry"]);
        assert_eq!(capture.problems[0].entry_index, Some(1));
    }
}

#[test]
fn a_missing_comma_between_entries_loses_nothing_but_is_said() {
    let capture = read(har(&[three().join(" ")]));
    assert_eq!((capture.entries.len(), capture.entries_found), (3, 3));
    assert_eq!(codes(&capture.problems), ["damaged_text"]);
}

#[test]
fn commas_before_closing_brackets_are_no_damage() {
    let text = har(&three()).replace("]}", ",]}");
    let capture = read(&text);
    assert_eq!(
        (capture.state, capture.entries.len()),
        (State::Read, 3),
        "{text}"
    );
}

#[test]
fn damage_before_the_entries_does_not_lose_them() {
    let text = har(&three()).replacen("\"1.2\"", "\"1.2\" oops", 1);
    let capture = read(text);
    assert_eq!((capture.state, capture.entries.len()), (State::Salvaged, 3));
    assert_eq!(codes(&capture.problems), ["damaged_text"]);
}

#[test]
fn damage_to_the_name_of_the_list_does_not_lose_the_entries() {
    let capture = read(har(&three()).replacen("\"entries\":", "\"ent", 1));
    assert_eq!((capture.state, capture.entries.len()), (State::Salvaged, 3));
    let other = read(r#"{"item":[{"request":{"url":"https://a.example/"},"response":[]}]}"#);
    assert_eq!(
        codes(&other.problems),
        ["not_a_capture"],
        "whole JSON of another kind is no capture"
    );
}

#[test]
fn an_object_inside_a_broken_entry_is_not_taken_for_an_entry() {
    let inner = entry("https://inner.example/");
    let broken = format!(r#"{{"_copy":{inner},"request":{{"url":"https://a.example/2"}} oops}}"#);
    let capture = read(har(&[
        entry("https://a.example/1"),
        broken,
        entry("https://a.example/3"),
    ]));
    assert_eq!(urls(&capture), FIRST_AND_THIRD);
}

#[test]
fn many_damaged_entries_do_not_make_the_scan_slow() {
    let broken = r#"{"request":{"url":"#.to_owned();
    let capture = read(har(&vec![broken; 20_000]));
    assert_eq!(capture.state, State::Unreadable);
}

#[test]
fn an_entry_that_lost_a_bracket_does_not_take_the_others_along() {
    let [first, second, third] = three().try_into().expect("three");
    let fourth = entry("https://a.example/4");
    // Its list of headers never closes: all that follow look like headers.
    let (open, _) = second
        .split_once("]},\"response\"")
        .expect("a list of headers");
    let capture = read(har(&[first, open.to_owned(), third, fourth]));
    assert_eq!(
        urls(&capture),
        [
            FIRST_AND_THIRD[0],
            FIRST_AND_THIRD[1],
            "https://a.example/4"
        ]
    );
    assert_eq!(capture.state, State::Salvaged);
    assert_eq!(
        (capture.problems[0].code, capture.problems[0].entry_index),
        ("damaged_entry", Some(1))
    );
}

#[test]
fn a_list_that_closes_too_early_does_not_lose_the_rest() {
    let (first, rest) = (entry("https://a.example/1"), entry("https://a.example/3"));
    for between in [
        "],",
        "]},",
        "]}},",
        "]}}\n",
        r#"],"queryString":[]},"response":{}},"#,
    ] {
        let text = format!(r#"{{"log":{{"entries":[{first}{between}{rest}]}}}}"#);
        let capture = read(text);
        assert_eq!(urls(&capture), FIRST_AND_THIRD, "{between}");
    }
}

#[test]
fn what_a_whole_entry_holds_is_never_taken_for_another_entry() {
    let inner = entry("https://inner.example/");
    let outer = format!(r#"{{"_hops":[{inner}],"request":{{"url":"https://a.example/"}}}}"#);
    for tail in ["]}} tail", "]}, tail", "] oops"] {
        let capture = read(format!(r#"{{"log":{{"entries":[{outer}{tail}"#));
        assert_eq!(urls(&capture), ["https://a.example/"], "{tail}");
    }
}
