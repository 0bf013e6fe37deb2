//! Whatever bytes are received, at least one input comes of them, each member has a name of its own, and nothing unpacks to
//! more than the limits allow.

#![no_main]

use std::collections::HashSet;

use libfuzzer_sys::fuzz_target;
use pixelhound::capture::{FREE_BYTES, State, read_bytes_as};
use pixelhound_fuzz::memory::Allowance;

/// What a small file may unpack to, twice: while a buffer grows, the old one is still there.
const ALLOWANCE: Allowance = Allowance {
    fixed: 3 * FREE_BYTES as usize,
    each: 1_000,
};

fuzz_target!(|bytes: &[u8]| {
    ALLOWANCE.hold(bytes.len(), || {
        let mut names = HashSet::new();
        let receipt = read_bytes_as("fuzz.zip", bytes, &mut |capture, _| {
            assert!(
                names.insert(capture.member.clone()),
                "{:?} twice",
                capture.member
            );
            assert_eq!(capture.file_sha256.len(), 64);
            let is_whole = capture.state == State::Read;
            assert!(is_whole || !capture.problems.is_empty());
            assert!(is_whole || capture.state != State::Duplicate);
        });
        assert!(!names.is_empty());
        assert_eq!(receipt.sha256.len(), 64);
    });
});
