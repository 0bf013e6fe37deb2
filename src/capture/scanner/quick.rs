//! The short way over a value: the same steps as the cursor's, without an account of where they failed. What it steps over, the
//! cursor steps over equally; wherever something is unusual it gives up, and the cursor goes its careful way from the start.

use super::step::{blanks, end_of_string};

/// Deepest nesting that is gone through the short way: a bit each.
const DEPTH: u32 = u64::BITS;

/// Where the value ends that begins at a place. `None`: it is not as simple as that.
pub fn value_end(bytes: &[u8], start: usize) -> Option<usize> {
    let mut at = start;
    // One bit a level, the innermost lowest: set for objects.
    let mut objects: u64 = 0;
    let mut depth = 0;
    loop {
        at = match *bytes.get(at)? {
            b'"' => string_end(bytes, at)?,
            opening @ (b'{' | b'[') => {
                let is_object = opening == b'{';
                let inside = skip_blanks(bytes, at + 1);
                if *bytes.get(inside)? == closing(is_object) {
                    inside + 1
                } else if depth == DEPTH {
                    return None;
                } else {
                    objects = objects << 1 | u64::from(is_object);
                    depth += 1;
                    at = if is_object {
                        behind_key(bytes, inside)?
                    } else {
                        inside
                    };
                    continue;
                }
            }
            _ => word_end(bytes, at)?,
        };
        // A value ended: so may what is around it.
        loop {
            if depth == 0 {
                return Some(at);
            }
            at = skip_blanks(bytes, at);
            let is_object = objects & 1 == 1;
            let byte = *bytes.get(at)?;
            at += 1;
            if byte == b',' {
                at = skip_blanks(bytes, at);
                if is_object {
                    at = behind_key(bytes, at)?;
                }
                break;
            }
            if byte != closing(is_object) {
                return None;
            }
            objects >>= 1;
            depth -= 1;
        }
    }
}

/// From the opening quotation mark to behind the closing one.
#[inline(always)]
pub fn string_end(bytes: &[u8], at: usize) -> Option<usize> {
    if *bytes.get(at)? != b'"' {
        return None;
    }
    Some(at + 2 + end_of_string(bytes.get(at + 1..)?)?)
}

/// From a key to its value.
#[inline(always)]
fn behind_key(bytes: &[u8], at: usize) -> Option<usize> {
    let colon = skip_blanks(bytes, string_end(bytes, at)?);
    if *bytes.get(colon)? != b':' {
        return None;
    }
    Some(skip_blanks(bytes, colon + 1))
}

#[inline(always)]
pub fn skip_blanks(bytes: &[u8], at: usize) -> usize {
    at + blanks(bytes.get(at..).unwrap_or_default())
}

/// Behind a number or word, which must not be the last thing in the text.
fn word_end(bytes: &[u8], start: usize) -> Option<usize> {
    let rest = bytes.get(start..)?;
    let length = rest.iter().position(|byte| !is_of_word(*byte))?;
    (length > 0).then_some(start + length)
}

/// What numbers, `true`, `null` and words like `NaN` are made of.
pub fn is_of_word(byte: u8) -> bool {
    matches!(byte, b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'+' | b'-' | b'.' | b'_')
}

#[inline(always)]
fn closing(is_object: bool) -> u8 {
    if is_object { b'}' } else { b']' }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capture::scanner::Cursor;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(3000))]

        #[test]
        fn the_careful_way_ends_at_the_same_place(
            pieces in prop::collection::vec(prop::sample::select(
                vec!["{", "}", "[", "]", ",", ":", "\"a\"", "\"", "\"\\\"\"", "1", "null", " ", "\n  ", "\"a\":1", "[]", "{}", "\\"]
            ), 0..14)
        ) {
            let text = pieces.concat();
            if let Some(end) = value_end(text.as_bytes(), 0) {
                let mut cursor = Cursor::new(text.as_bytes(), 0);
                prop_assert_eq!(cursor.skip_value_with_care(), Ok(0..end));
                prop_assert!(!cursor.too_deep);
            }
        }
    }

    #[test]
    fn what_producers_write_is_stepped_over_the_short_way() {
        let value = "{\n  \"name\" : \"a \\\"b\\\"\", \"list\": [1, -2.5e3, true, {\"x\": {}}, []], \"last\": null\n}";
        let text = format!("{value} ,");
        assert_eq!(value_end(text.as_bytes(), 0), Some(value.len()));
        for deep in [DEPTH as usize, 1 + DEPTH as usize] {
            let text = "[".repeat(deep) + "1" + &"]".repeat(deep);
            assert_eq!(
                value_end(text.as_bytes(), 0).is_some(),
                deep == DEPTH as usize
            );
        }
    }
}
