//! The end of a string: the first quotation mark that no backslash escapes. Response bodies are most of a capture, and this is
//! all that is ever done with them, so it takes sixty-four bytes at a step, as bit masks.

use crate::capture::raw::{BLOCK, places};

/// Every second bit, from the first.
const EVEN: u64 = 0x5555_5555_5555_5555;

/// Where the quotation mark stands that ends a string; `None`: the text ends first.
pub fn end_of_string(text: &[u8]) -> Option<usize> {
    let (blocks, rest) = text.as_chunks::<BLOCK>();
    let mut escapes = Escapes::default();
    for (number, block) in blocks.iter().enumerate() {
        let quotes = places(block, b'"') & !escapes.among(places(block, b'\\'));
        if quotes != 0 {
            return Some(number * BLOCK + quotes.trailing_zeros() as usize);
        }
    }
    let mut is_escaped = escapes.is_pending;
    let found = rest.iter().position(|byte| {
        let ends = *byte == b'"' && !is_escaped;
        is_escaped = *byte == b'\\' && !is_escaped;
        ends
    });
    found.map(|at| blocks.len() * BLOCK + at)
}

/// What backslashes escape, from one block to the next.
#[derive(Default)]
struct Escapes {
    /// The last byte of the block before was a backslash that escapes the next one.
    is_pending: bool,
}

impl Escapes {
    /// The bytes that are escaped, given the backslashes of a block: those behind an odd number of backslashes in a row.
    fn among(&mut self, backslashes: u64) -> u64 {
        let pending = u64::from(self.is_pending);
        if backslashes == 0 {
            self.is_pending = false;
            return pending;
        }
        // An escaped backslash escapes nothing.
        let backslashes = backslashes & !pending;
        let behind = backslashes << 1 | pending;
        // Where a row of backslashes begins at an odd place, adding to its first bit carries to the place behind its last.
        let odd_starts = backslashes & !EVEN & !behind;
        let (behind_odd_rows, overflows) = odd_starts.overflowing_add(backslashes);
        self.is_pending = overflows;
        (EVEN ^ (behind_odd_rows << 1)) & behind
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// As the format says it, byte by byte.
    fn slowly(text: &[u8]) -> Option<usize> {
        let mut at = 0;
        loop {
            match text.get(at)? {
                b'"' => return Some(at),
                b'\\' => at += 2,
                _ => at += 1,
            }
        }
    }

    proptest! {
        #[test]
        fn a_string_ends_where_it_ends_byte_by_byte(
            pieces in prop::collection::vec(prop::sample::select(vec!["\\", "\\\\", "a", "\\\"", "0123456789abcdef", "\u{e9}"]), 0..90),
            tail in prop::sample::select(vec!["", "\"", "\\", "\"\"", "\\\"x"]),
        ) {
            let text = pieces.concat() + tail;
            prop_assert_eq!(end_of_string(text.as_bytes()), slowly(text.as_bytes()));
        }
    }
}
