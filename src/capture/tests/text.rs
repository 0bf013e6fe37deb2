//! Marks, encodings and wrappers around the text.

use super::{codes, entry, har, read, three, urls};
use crate::capture::State;

const ALL: [&str; 3] = [
    "https://a.example/1",
    "https://a.example/2",
    "https://a.example/3",
];

fn utf16(text: &str, to_bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(to_bytes).collect()
}

#[test]
fn a_byte_order_mark_is_no_part_of_the_text_but_of_the_ranges() {
    let text = format!("\u{FEFF}{}", har(&three()));
    let capture = read(&text);
    assert_eq!((capture.state, urls(&capture)), (State::Read, ALL.to_vec()));
    assert!(capture.problems.is_empty());
    assert_eq!(
        text[capture.entries[1].range.clone()],
        entry("https://a.example/2")
    );
}

#[test]
fn utf16_is_read_with_and_without_mark_and_said() {
    let marked = format!("\u{FEFF}{}", har(&three()));
    for bytes in [
        utf16(&marked, u16::to_le_bytes),
        utf16(&marked, u16::to_be_bytes),
        utf16(&har(&three()), u16::to_le_bytes),
        utf16(&har(&three()), u16::to_be_bytes),
    ] {
        let capture = read(&bytes);
        assert_eq!((capture.state, urls(&capture)), (State::Read, ALL.to_vec()));
        assert_eq!(codes(&capture.problems), ["transcoded_utf16"]);
        assert_eq!(capture.bytes, bytes.len() as u64);
    }
}

#[test]
fn a_jsonp_wrapper_is_taken_off() {
    for (before, after) in [
        ("onInputData(", ");"),
        ("\n a.b_$1 ( ", " ) ;\r\n\0"),
        ("f(", ""),
    ] {
        let text = format!("{before}{}{after}", har(&three()));
        let capture = read(&text);
        assert_eq!(
            (capture.state, urls(&capture)),
            (State::Read, ALL.to_vec()),
            "{before}"
        );
        assert!(capture.problems.is_empty(), "{:?}", capture.problems);
        assert_eq!(
            text[capture.entries[0].range.clone()],
            entry("https://a.example/1")
        );
    }
}

#[test]
fn nul_bytes_and_blanks_at_the_end_mean_nothing() {
    let capture = read(format!("{}\r\n{}", har(&three()), "\0".repeat(4096)));
    assert_eq!((capture.state, capture.problems.len()), (State::Read, 0));
}

#[test]
fn other_bytes_at_the_end_are_counted() {
    let capture = read(format!("{}\n<!-- x -->", har(&three())));
    assert_eq!(
        (capture.state, codes(&capture.problems)),
        (State::Read, vec!["trailing_bytes"])
    );
    assert!(capture.problems[0].message.starts_with("10 bytes"));
}

#[test]
fn windows_line_ends_are_blanks() {
    let text = har(&three()).replace(',', ",\r\n").replace("*/*", "x");
    assert_eq!(urls(&read(text)), ALL);
}
