//! Any bytes are a capture, and whatever they hold, the capture keeps the promises that are made of every capture.
//!
//! A first byte that no capture begins with puts the rest into the middle of one, so that the fuzzer need not find the way
//! there with every input.

#![no_main]

use libfuzzer_sys::fuzz_target;
use pixelhound::capture::read_capture_bytes;
use pixelhound_fuzz::invariants;
use pixelhound_fuzz::memory::Allowance;

/// What stands before and behind the rest of the bytes, by the first of them.
const SURROUNDINGS: [(&str, &str); 5] = [
    (r#"{"log":{"entries":["#, "]}}"),
    (r#"{"log":{"entries":[{"request":"#, "}]}}"),
    (
        r#"{"log":{"entries":[{"request":{"url":"a","headers":"#,
        "}}]}}",
    ),
    (
        r#"{"log":{"entries":[{"request":{"url":"a"},"response":"#,
        "}]}}",
    ),
    (
        r#"{"log":{"entries":[{"request":{"url":"a"},"time":1},"#,
        "",
    ),
];

const ALLOWANCE: Allowance = Allowance {
    fixed: 1 << 20,
    each: 300,
};

fuzz_target!(|bytes: &[u8]| {
    let surrounded = surrounded(bytes);
    let bytes = surrounded.as_deref().unwrap_or(bytes);
    let capture = ALLOWANCE.hold(bytes.len(), || read_capture_bytes("fuzz.har", bytes));
    invariants::check(&capture, bytes);
});

fn surrounded(bytes: &[u8]) -> Option<Vec<u8>> {
    let (first, rest) = bytes.split_first()?;
    let number = usize::from(*first).checked_sub(1)?;
    let (before, behind) = SURROUNDINGS.get(number)?;
    Some([before.as_bytes(), rest, behind.as_bytes()].concat())
}
