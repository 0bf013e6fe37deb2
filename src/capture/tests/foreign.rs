//! Files that are no captures, by name.

use super::{codes, read};
use crate::capture::State;

fn refusal(bytes: impl AsRef<[u8]>) -> (&'static str, String) {
    let capture = read(bytes);
    assert_eq!(capture.state, State::Unreadable);
    assert_eq!(codes(&capture.problems).len(), 1, "{:?}", capture.problems);
    (
        capture.problems[0].code,
        capture.problems[0].message.clone(),
    )
}

#[test]
fn nothing_at_all_is_an_empty_file() {
    for bytes in ["", " \n", "\0\0\0\0\0\0\0\0", "\u{FEFF}"] {
        assert_eq!(refusal(bytes).0, "empty_file", "{bytes:?}");
    }
}

#[test]
fn a_login_page_is_named() {
    for page in [
        "<!DOCTYPE html>\n<html>",
        "\u{FEFF}  <HTML lang=en>",
        "<!-- a -->\n<html>",
    ] {
        let (code, message) = refusal(page);
        assert_eq!(code, "not_a_capture");
        assert_eq!(
            message,
            "not a capture: looks like an HTML page (perhaps a login page saved instead of the export)"
        );
    }
}

#[test]
fn archives_that_are_not_opened_are_to_be_unpacked() {
    for magic in [&b"\xFD7zXZ\x00\0"[..], b"BZh91AY", b"7z\xBC\xAF\x27\x1C"] {
        let (code, message) = refusal(magic);
        assert_eq!(code, "compressed");
        assert!(message.ends_with("unpack it first"), "{message}");
    }
}

#[test]
fn neighbouring_formats_are_named() {
    for (bytes, word) in [
        (&b"\xD4\xC3\xB2\xA1\x02\0\x04\0"[..], "pcap"),
        (b"\x0A\x0D\x0D\x0A\x1C\0\0\0", "pcapng"),
        (b"WARC/1.1\r\nWARC-Type: warcinfo", "WARC"),
        (b"\x89PNG\r\n\x1A\n", "PNG"),
        (b"%PDF-1.7", "PDF"),
        (br#"{"constants":{"logEventTypes":{}},"events":["#, "NetLog"),
        (br#"[{"status":"COMPLETE","host":"a.example","path":"/","protocolVersion":"HTTP/1.1"}]"#, "Charles"),
        (br#"<?xml version="1.0"?><a/>"#, "XML"),
        (b"Dear editor, see attached", "plain text"),
        (b"\x01\xFF\xFE\x03\x80", "binary"),
    ] {
        let capture = read(bytes);
        assert_eq!(capture.state, State::Unreadable);
        let last = capture.problems.last().expect("a problem");
        assert!(last.message.contains(word), "{word}: {}", last.message);
    }
}

#[test]
fn json_of_another_kind_is_no_capture() {
    for text in [
        "{}",
        "[]",
        r#"{"log":"text"}"#,
        r#"{"log":{"entries":null}}"#,
        r#"{"entries":[{"title":"x"}]}"#,
    ] {
        assert_eq!(refusal(text).0, "not_a_capture", "{text}");
    }
}
