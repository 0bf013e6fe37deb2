//! The scanner says the same as serde_json, which is slower and strict, wherever serde_json says anything; and a capture
//! cut short never holds an entry that the whole does not.
//!
//! Bytes that begin with `{` are taken as they stand; a first byte 1 makes entries of the values that follow, NUL between
//! them; anything else chooses a capture that is written by [`document`].

#![no_main]

use libfuzzer_sys::{Corpus, fuzz_target};
use memchr::memmem;
use pixelhound::capture::read_capture_bytes;
use pixelhound_fuzz::{document, expected, invariants};
use serde_json::Value;

fuzz_target!(|bytes: &[u8]| -> Corpus {
    let text = match bytes {
        [b'{', ..] => bytes.to_vec(),
        [1, values @ ..] => entries_of_values(values),
        _ => match document::capture(bytes) {
            Ok(text) => text.into_bytes(),
            Err(_) => return Corpus::Reject,
        },
    };
    compare(&text);
    Corpus::Keep
});

/// A capture with an entry for every value that serde_json accepts, as its request, its response and another member.
fn entries_of_values(bytes: &[u8]) -> Vec<u8> {
    let values = bytes
        .split(|byte| *byte == 0)
        .filter(|value| serde_json::from_slice::<Value>(value).is_ok());
    let entry = |value: &[u8]| {
        let has_address = memmem::find(value, b"\"url\"").is_some();
        let request = if has_address {
            value
        } else {
            br#"{"url":"https://a.example/"}"#
        };
        let names = [&b"{\"request\":"[..], b",\"response\":", b",\"_other\":"];
        [names[0], request, names[1], value, names[2], value, b"}"].concat()
    };
    let entries: Vec<Vec<u8>> = values.map(entry).collect();
    [
        b"{\"log\":{\"entries\":[",
        &entries.join(&b","[..])[..],
        b"]}}",
    ]
    .concat()
}

fn compare(text: &[u8]) {
    let capture = read_capture_bytes("fuzz.har", text);
    invariants::check(&capture, text);
    let Ok(document) = serde_json::from_slice::<Value>(text) else {
        return;
    };
    let Some(entries) = expected::entries(&document) else {
        return;
    };
    // Several lists of entries are all read, and serde_json keeps one.
    if count(text, "entries") > 1 || may_hide_a_name(text) {
        return;
    }
    expected::assert_same(&capture, text, entries);
    // An object like an entry inside of one is taken for one where the outer one has no end.
    if count(text, "request") == entries.len() {
        let cut = sum(text) % text.len();
        let cut_short = read_capture_bytes("fuzz.har", &text[..cut]);
        let before_cut = capture
            .entries
            .iter()
            .filter(|entry| entry.range.end <= cut);
        assert!(cut_short.entries.iter().eq(before_cut), "cut at {cut}");
        invariants::check(&cut_short, &text[..cut]);
    }
}

/// How often a word stands in the text, inside of other words too.
fn count(text: &[u8], word: &str) -> usize {
    memmem::find_iter(text, word.as_bytes()).count()
}

/// Whether a name may stand there in escapes, where it is not counted.
fn may_hide_a_name(text: &[u8]) -> bool {
    text.first() != Some(&b'{') && memmem::find(text, b"\\u").is_some()
}

/// A number that depends on every byte: where to cut need not be an input of its own.
fn sum(text: &[u8]) -> usize {
    let step = |sum: usize, byte: &u8| sum.wrapping_mul(31).wrapping_add(usize::from(*byte));
    text.iter().fold(7, step)
}
