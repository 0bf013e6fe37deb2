//! Eight bytes of a text at once, as one number: what short strings and indents are stepped over with.

/// How many words are looked at before a longer search is worth its start.
const WORDS: usize = 4;

const LOWEST: u64 = u64::from_le_bytes([0x01; 8]);
const HIGHEST: u64 = u64::from_le_bytes([0x80; 8]);

/// A byte in every place.
const fn all(byte: u8) -> u64 {
    u64::from_le_bytes([byte; 8])
}

/// Where the first quotation mark or backslash stands, if it is near.
pub fn quote_or_backslash(text: &[u8]) -> Option<usize> {
    let (words, _) = text.as_chunks::<8>();
    words.iter().take(WORDS).enumerate().find_map(|(at, word)| {
        let word = u64::from_le_bytes(*word);
        let found = zeros(word ^ all(b'"')) | zeros(word ^ all(b'\\'));
        (found != 0).then(|| at * 8 + found.trailing_zeros() as usize / 8)
    })
}

/// The highest bit of every byte that is zero. Above the first one it may also be set for a byte that is not; nothing below it
/// ever is, and only the first is asked for. (A subtraction borrows from the left only behind a zero.)
fn zeros(word: u64) -> u64 {
    word.wrapping_sub(LOWEST) & !word & HIGHEST
}

/// How many blanks stand at a place, in whole words: the indent of a text written for people.
pub fn leading_blanks(text: &[u8], at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    let (words, _) = rest.as_chunks::<8>();
    let is_blank = |word: &&[u8; 8]| u64::from_le_bytes(**word) == all(b' ');
    words.iter().take_while(is_blank).count() * 8
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_first_mark_is_found_wherever_it_stands(
            text in prop::collection::vec(prop::sample::select(b"\"\\!#[]\x00\x01\x80\xa2\xdc\xff a".to_vec()), 0..80)
        ) {
            let first = text.iter().position(|byte| matches!(byte, b'"' | b'\\'));
            match quote_or_backslash(&text) {
                Some(found) => prop_assert_eq!(Some(found), first),
                None => prop_assert!(first.is_none_or(|first| first >= text.len().min(8 * WORDS) / 8 * 8)),
            }
        }

        #[test]
        fn blanks_are_blanks(text in "[ ]{0,40}[ x]{0,9}") {
            let blanks = leading_blanks(text.as_bytes(), 0);
            prop_assert!(text.as_bytes().iter().take(blanks).all(|byte| *byte == b' '));
            prop_assert_eq!(blanks, text.bytes().take_while(|byte| *byte == b' ').count() / 8 * 8);
        }
    }
}
