//! The part of the repair that is about strings: every character that JSON allows stays as it is written.

use super::repair::Repairs;

/// Writes the legal twin of a string's inside to `out`. Takes the text from behind the opening quote and gives
/// back what stands behind the closing one.
pub fn repair_string<'a>(text: &'a [u8], out: &mut String, repairs: &mut Repairs) -> &'a [u8] {
    let mut rest = text;
    loop {
        let plain = rest
            .iter()
            .position(|byte| matches!(byte, b'"' | b'\\' | 0..0x20))
            .unwrap_or(rest.len());
        let (segment, behind) = rest.split_at_checked(plain).unwrap_or((rest, &[]));
        push_utf8(segment, out, repairs);
        rest = match behind {
            [] => return behind,
            [b'"', behind @ ..] => return behind,
            [b'\\', behind @ ..] => repair_escape(behind, out, repairs),
            [control, behind @ ..] => {
                repairs.insert("raw control character");
                out.push_str(&format!("\\u{control:04x}"));
                behind
            }
        };
    }
}

fn push_utf8(segment: &[u8], out: &mut String, repairs: &mut Repairs) {
    for chunk in segment.utf8_chunks() {
        out.push_str(chunk.valid());
        if !chunk.invalid().is_empty() {
            repairs.insert("bytes that are not UTF-8");
            out.push(char::REPLACEMENT_CHARACTER);
        }
    }
}

/// One escape, from behind its backslash.
fn repair_escape<'a>(text: &'a [u8], out: &mut String, repairs: &mut Repairs) -> &'a [u8] {
    match text {
        [
            mark @ (b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't'),
            behind @ ..,
        ] => {
            out.push('\\');
            out.push(char::from(*mark));
            behind
        }
        [b'u', ..] if code_unit(text).is_some() => repair_unicode(text, out, repairs),
        _ => {
            repairs.insert("unknown escape");
            out.push_str("\\\\");
            text
        }
    }
}

/// `uXXXX`, or two of them that together are one character.
fn repair_unicode<'a>(text: &'a [u8], out: &mut String, repairs: &mut Repairs) -> &'a [u8] {
    let behind = text.get(5..).unwrap_or_default();
    let first = code_unit(text).unwrap_or_default();
    let second = behind.strip_prefix(b"\\").and_then(code_unit);
    let (units, behind) = match (first, second) {
        (0xD800..=0xDBFF, Some(second @ 0xDC00..=0xDFFF)) => {
            (vec![first, second], behind.get(6..).unwrap_or_default())
        }
        (0xD800..=0xDFFF, _) => {
            repairs.insert("half of a surrogate pair");
            (vec![0xFFFD], behind)
        }
        _ => (vec![first], behind),
    };
    for unit in units {
        out.push_str(&format!("\\u{unit:04x}"));
    }
    behind
}

/// The number in `uXXXX`.
fn code_unit(text: &[u8]) -> Option<u16> {
    let digits = text.strip_prefix(b"u")?.get(..4)?;
    if !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    u16::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}
