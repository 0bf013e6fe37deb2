//! Steps over what stands in a text without reading it: strings, of which response bodies are most of a capture, and white
//! space, of which a capture written for people is full.

use crate::capture::raw::{
    BLOCK, BlockSearch, Blocks, NEAR, ask_ahead, near_blanks, near_marks, search,
};

/// Every second bit, from the first.
const EVEN: u64 = 0x5555_5555_5555_5555;

/// Where the quotation mark stands that ends a string, from behind the one that began it; `None`: the text ends first.
#[inline]
pub fn end_of_string(text: &[u8]) -> Option<usize> {
    match near_mark(text) {
        Some(at) if text.get(at) == Some(&b'"') => Some(at),
        _ => search(text, EndOfString),
    }
}

/// Where a string's first quotation mark, backslash or control character stands: if it is a quotation mark, the string ends
/// there and says what it says. `None`: there is none.
#[inline]
pub fn first_mark(text: &[u8]) -> Option<usize> {
    near_mark(text).or_else(|| search(text, FirstMark))
}

/// How much white space a text begins with.
#[inline]
pub fn blanks(text: &[u8]) -> usize {
    match text.first() {
        Some(b' ' | b'\n' | b'\r' | b'\t') => blanks_from_here(text),
        _ => 0,
    }
}

fn blanks_from_here(text: &[u8]) -> usize {
    let (pieces, rest) = text.as_chunks::<NEAR>();
    for (number, piece) in pieces.iter().enumerate() {
        let count = near_blanks(piece).trailing_ones() as usize;
        if count < NEAR {
            return number * NEAR + count;
        }
    }
    let is_blank = |byte: &&u8| matches!(byte, b' ' | b'\n' | b'\r' | b'\t');
    pieces.len() * NEAR + rest.iter().take_while(is_blank).count()
}

/// The first mark, if it is near.
#[inline(always)]
fn near_mark(text: &[u8]) -> Option<usize> {
    let marks = near_marks(text.first_chunk()?);
    (marks != 0).then(|| marks.trailing_zeros() as usize)
}

fn is_mark(byte: &u8) -> bool {
    matches!(byte, b'"' | b'\\' | 0..b' ')
}

struct FirstMark;

impl BlockSearch for FirstMark {
    #[inline(always)]
    fn run<B: Blocks>(self, text: &[u8]) -> Option<usize> {
        let (blocks, rest) = text.as_chunks::<BLOCK>();
        for (number, block) in blocks.iter().enumerate() {
            ask_ahead(block);
            let marks = B::places(block, b'"') | B::places(block, b'\\') | B::controls(block);
            if marks != 0 {
                return Some(number * BLOCK + marks.trailing_zeros() as usize);
            }
        }
        let found = rest.iter().position(is_mark);
        found.map(|at| blocks.len() * BLOCK + at)
    }
}

struct EndOfString;

impl BlockSearch for EndOfString {
    #[inline(always)]
    fn run<B: Blocks>(self, text: &[u8]) -> Option<usize> {
        let (blocks, rest) = text.as_chunks::<BLOCK>();
        let mut escapes = Escapes::default();
        for (number, block) in blocks.iter().enumerate() {
            ask_ahead(block);
            let quotes = B::places(block, b'"') & !escapes.among(B::places(block, b'\\'));
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
}

/// What backslashes escape, from one block to the next.
#[derive(Default)]
struct Escapes {
    /// The last byte of the block before was a backslash that escapes the next one.
    is_pending: bool,
}

impl Escapes {
    /// The bytes that are escaped, given the backslashes of a block: those behind an odd number of backslashes in a row.
    #[inline(always)]
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
            pieces in prop::collection::vec(prop::sample::select(vec!["\\", "\\\\", "a", "\\\"", "0123456789abcdef", "\u{e9}", "\n"]), 0..90),
            tail in prop::sample::select(vec!["", "\"", "\\", "\"\"", "\\\"x"]),
        ) {
            let text = pieces.concat() + tail;
            prop_assert_eq!(end_of_string(text.as_bytes()), slowly(text.as_bytes()));
            prop_assert_eq!(first_mark(text.as_bytes()), text.bytes().position(|byte| is_mark(&byte)));
        }

        #[test]
        fn blanks_are_blanks(text in "[ \n\t\r]{0,80}[ x\u{b}]{0,9}") {
            let counted = text.bytes().take_while(|byte| b" \n\t\r".contains(byte)).count();
            prop_assert_eq!(blanks(text.as_bytes()), counted);
        }
    }
}
