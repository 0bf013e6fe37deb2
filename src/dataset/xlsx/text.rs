//! A text as a cell of a spreadsheet can hold it: nothing that XML has no sign for, no more than fits, and every change
//! visible.

use std::borrow::Cow;
use std::io::{self, Write};

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

/// Writes a text as XML. Spreadsheets take `_x0041_` for an `A`, so that an underscore that begins such a thing is
/// itself written so.
pub(super) fn write_xml(text: &str, out: &mut dyn Write) -> io::Result<()> {
    let mut done = 0;
    for (place, sign) in text.match_indices(['&', '<', '>', '"', '_']) {
        let instead = match sign {
            "&" => "&amp;",
            "<" => "&lt;",
            ">" => "&gt;",
            "\"" => "&quot;",
            _ if is_code(text.get(place..).unwrap_or_default()) => "_x005F_",
            _ => continue,
        };
        out.write_all(text.get(done..place).unwrap_or_default().as_bytes())?;
        out.write_all(instead.as_bytes())?;
        done = place + sign.len();
    }
    out.write_all(text.get(done..).unwrap_or_default().as_bytes())
}

/// Whether a text begins as spreadsheets write a character by its number.
fn is_code(text: &str) -> bool {
    let digits = text.strip_prefix("_x").and_then(|rest| rest.get(..5));
    let digits = digits.and_then(|digits| digits.strip_suffix('_'));
    digits.is_some_and(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn xml(text: &str) -> String {
        let mut bytes = Vec::new();
        write_xml(text, &mut bytes).unwrap();
        String::from_utf8(bytes).unwrap()
    }

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
            assert_eq!(xml(text), text);
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

    #[test]
    fn a_text_is_no_markup_and_no_code() {
        assert_eq!(xml("<a href=\"x\">&"), "&lt;a href=&quot;x&quot;&gt;&amp;");
        assert_eq!(xml("_x0041_ _x00"), "_x005F_x0041_ _x00");
        assert_eq!(xml("__x000D__x000D_"), "__x005F_x000D__x005F_x000D_");
        assert_eq!(xml("_é_x00é0_"), "_é_x00é0_");
    }
}
