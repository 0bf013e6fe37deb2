//! A text as a cell of a spreadsheet can hold it: nothing that XML has no sign for, no more than fits, and every change
//! visible.

use std::borrow::Cow;

/// As many UTF-16 units as a spreadsheet takes in one cell.
const LONGEST: usize = 32_767;

/// The text as it is shown: what XML cannot hold is written out (`\u{0}`), and what is too long is cut and says so.
pub(super) fn shown(text: &str) -> Cow<'_, str> {
    let written = if text.contains(has_no_sign) {
        Cow::Owned(written_out(text))
    } else {
        Cow::Borrowed(text)
    };
    if written.encode_utf16().count() <= LONGEST {
        return written;
    }
    let mark = format!("… [cut: {} characters]", text.chars().count());
    let room = LONGEST - mark.encode_utf16().count().min(LONGEST);
    Cow::Owned(beginning(&written, room).to_owned() + &mark)
}

/// XML has no sign for most control characters, and turns a carriage return into a line feed.
fn has_no_sign(character: char) -> bool {
    matches!(character, '\0'..='\x08' | '\x0b'..='\x1f' | '\x7f' | '\u{fffe}' | '\u{ffff}')
}

fn written_out(text: &str) -> String {
    let mut written = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        if has_no_sign(character) {
            written.extend(character.escape_default());
        } else {
            written.push(character);
        }
    }
    written
}

/// As much of a text as fits.
fn beginning(text: &str, units: usize) -> &str {
    let mut used = 0;
    let end = text.char_indices().find(|(_, character)| {
        used += character.len_utf16();
        used > units
    });
    end.and_then(|(end, _)| text.get(..end)).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_texts_stay_as_they_are() {
        for text in [
            "",
            "Teapots",
            "two\nlines\tand a tab",
            "\u{202e}turned",
            "漢",
        ] {
            assert_eq!(shown(text), text);
        }
    }

    #[test]
    fn what_xml_cannot_hold_is_written_out() {
        assert_eq!(shown("a\0b\r\u{7}\u{ffff}"), "a\\u{0}b\\r\\u{7}\\u{ffff}");
    }

    #[test]
    fn a_text_that_is_too_long_says_that_it_was_cut() {
        let long = "é".repeat(40_000);
        let cut = shown(&long);
        assert!(cut.ends_with("é… [cut: 40000 characters]"));
        assert_eq!(cut.encode_utf16().count(), LONGEST);
        let wide = "🫖".repeat(20_000);
        assert!(shown(&wide).encode_utf16().count() <= LONGEST);
        assert!(shown(&wide).ends_with("[cut: 20000 characters]"));
        let fits = "é".repeat(LONGEST);
        assert_eq!(shown(&fits), fits);
    }
}
