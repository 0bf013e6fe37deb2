//! The text of a capture inside the bytes of a file: without byte-order mark and wrapper, and in UTF-8.
//!
//! Nothing is moved: the text keeps its place in the bytes as received, so that byte ranges can be looked up in
//! the file. Only UTF-16 is written anew.

use std::borrow::Cow;

/// The bytes to scan, and where in them the text begins.
#[derive(Debug)]
pub struct Text<'a> {
    /// Up to the end of the text; what stands before `start` is mark and wrapper.
    pub bytes: Cow<'a, [u8]>,
    pub start: usize,
    /// Made from UTF-16.
    pub transcoded: bool,
}

impl Text<'_> {
    /// What is left without mark, wrapper and blanks.
    pub fn content(&self) -> &[u8] {
        self.bytes.get(self.start..).unwrap_or_default()
    }

    /// Whether this could be a capture at all.
    pub fn is_json_like(&self) -> bool {
        matches!(self.content().first(), Some(b'{' | b'['))
    }
}

/// Finds the text in a file's bytes.
pub fn open(bytes: &[u8]) -> Text<'_> {
    match Utf16::of(bytes) {
        Some(encoding) => {
            let text = encoding.decode(bytes).into_bytes();
            let (start, end) = bounds(&text);
            let text = text.get(..end).unwrap_or_default().to_vec();
            Text {
                bytes: Cow::Owned(text),
                start,
                transcoded: true,
            }
        }
        None => {
            let (start, end) = bounds(bytes);
            Text {
                bytes: Cow::Borrowed(bytes.get(..end).unwrap_or_default()),
                start,
                transcoded: false,
            }
        }
    }
}

#[derive(Debug, Clone, Copy)]
enum Utf16 {
    LittleEndian,
    BigEndian,
}

impl Utf16 {
    /// By mark, or, without one, by the NUL that stands beside the first character.
    fn of(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [0xFF, 0xFE, ..] => Some(Utf16::LittleEndian),
            [0xFE, 0xFF, ..] => Some(Utf16::BigEndian),
            [first, 0, _, 0, ..] if begins_text(*first) => Some(Utf16::LittleEndian),
            [0, first, 0, _, ..] if begins_text(*first) => Some(Utf16::BigEndian),
            _ => None,
        }
    }

    fn decode(self, bytes: &[u8]) -> String {
        let units = bytes.chunks_exact(2).map(|pair| match (self, pair) {
            (Utf16::LittleEndian, &[low, high]) => u16::from_le_bytes([low, high]),
            (Utf16::BigEndian, &[high, low]) => u16::from_be_bytes([high, low]),
            _ => 0,
        });
        char::decode_utf16(units)
            .map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER))
            .collect()
    }
}

fn begins_text(byte: u8) -> bool {
    byte.is_ascii_graphic() || is_blank(byte) && byte != 0
}

/// Where the text begins and ends: behind mark and blanks, and inside a JSONP wrapper.
fn bounds(bytes: &[u8]) -> (usize, usize) {
    let marks = if bytes.starts_with(b"\xEF\xBB\xBF") {
        3
    } else {
        0
    };
    let start = skip_blanks(bytes, marks);
    let Some(inside) = wrapper_end(bytes, start) else {
        return (start, bytes.len());
    };
    let closes = |byte: &u8| is_blank(*byte) || matches!(byte, b')' | b';');
    let end = bytes
        .iter()
        .rposition(|byte| !closes(byte))
        .map_or(0, |last| last + 1);
    (inside, end.max(inside))
}

/// Behind `name(`, where it is followed by an object or a list.
fn wrapper_end(bytes: &[u8], start: usize) -> Option<usize> {
    let rest = bytes.get(start..)?;
    let first = rest.first()?;
    if !(first.is_ascii_alphabetic() || matches!(first, b'_' | b'$')) {
        return None;
    }
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$' | b'.');
    let name_end = start + rest.iter().position(|byte| !is_name(byte))?;
    let bracket = skip_blanks(bytes, name_end);
    let inside = skip_blanks(bytes, bracket + 1);
    let wraps = bytes.get(bracket) == Some(&b'(') && matches!(bytes.get(inside), Some(b'{' | b'['));
    wraps.then_some(inside)
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\n' | b'\r' | b'\t' | 0)
}

fn skip_blanks(bytes: &[u8], from: usize) -> usize {
    let rest = bytes.get(from..).unwrap_or_default();
    from + rest
        .iter()
        .position(|byte| !is_blank(*byte))
        .unwrap_or(rest.len())
}
