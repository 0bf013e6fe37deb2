//! What holds of every capture, whatever the bytes were.

use std::collections::BTreeSet;

use pixelhound::capture::{Capture, State, codes};

/// The problems after which something that was recorded is missing; written down here once more, so that a change there
/// is noticed.
const LOSSES: [&str; 6] = [
    codes::TRUNCATED,
    codes::DAMAGED_TEXT,
    codes::DAMAGED_ENTRY,
    codes::DAMAGED_MEMBER,
    codes::NO_URL,
    codes::VALUE_CUT,
];

/// Holds a capture to them.
pub fn check(capture: &Capture, bytes: &[u8]) {
    check_state(capture);
    check_that_every_entry_is_accounted_for(capture);
    // Positions in UTF-16 refer to the text made of it, which is not at hand.
    let transcoded = has(capture, codes::TRANSCODED_UTF16);
    check_ranges(capture, (!transcoded).then_some(bytes));
}

fn has(capture: &Capture, code: &str) -> bool {
    capture.problems.iter().any(|problem| problem.code == code)
}

fn check_state(capture: &Capture) {
    let lossy = LOSSES.iter().any(|code| has(capture, code));
    match capture.state {
        State::Read => assert!(!lossy, "read, and yet {:?}", capture.problems),
        State::Salvaged => assert!(lossy && !capture.entries.is_empty()),
        State::Unreadable => {
            assert!(capture.entries.is_empty() && !capture.problems.is_empty());
        }
        State::Duplicate => panic!("there is no other capture"),
    }
}

/// Every entry found is read or has a problem; of the last one, the end of the file may say enough.
fn check_that_every_entry_is_accounted_for(capture: &Capture) {
    let read = capture.entries.iter().map(|entry| entry.index);
    let told = capture.problems.iter().filter_map(|p| p.entry_index);
    let known: BTreeSet<usize> = read.chain(told).collect();
    assert!(capture.entries.len() <= capture.entries_found);
    let last_is_cut = has(capture, codes::TRUNCATED) && known.len() < capture.entries_found;
    let told_of = capture.entries_found - usize::from(last_is_cut);
    assert!(
        known.iter().copied().eq(0..told_of),
        "{} entries found, {known:?} told of",
        capture.entries_found
    );
}

/// The entries stand one behind the other, and each is an object.
fn check_ranges(capture: &Capture, bytes: Option<&[u8]>) {
    let mut end = 0;
    let mut next_index = 0;
    for entry in &capture.entries {
        let range = &entry.range;
        assert!(range.start >= end && range.end > range.start, "{range:?}");
        assert!(entry.index >= next_index, "{} comes late", entry.index);
        (end, next_index) = (range.end, entry.index + 1);
        assert!(!entry.request.url.trim().is_empty());
        let content = entry
            .response
            .as_ref()
            .and_then(|r| r.content_text.as_ref());
        assert!(content.is_none_or(|text| range.start < text.start && text.end < range.end));
        if let Some(bytes) = bytes {
            assert_surrounded(&bytes[range.clone()], b'{', b'}');
            if let Some(content) = content {
                assert_surrounded(&bytes[content.clone()], b'"', b'"');
            }
        }
    }
}

fn assert_surrounded(text: &[u8], first: u8, last: u8) {
    assert!(text.len() >= 2);
    assert_eq!((text.first(), text.last()), (Some(&first), Some(&last)));
}
