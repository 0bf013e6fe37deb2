//! A list of names and values, read while it is stepped over: most strings of a capture stand in its lists of headers, and
//! going over them twice would cost more than anything else that is done with them.

use super::quick::{skip_blanks, string_end, value_end};
use super::step::{end_of_string, first_mark};
use crate::capture::lenient::{MAX_VALUE_BYTES, is_legal, legal_text};
use crate::capture::pairs::Pairs;

/// Where a name and its value stand.
pub type Place = (Text, Text);

/// Reads the list at a place, where it is written exactly as the format has it: objects with one text each for name and value.
/// Gives its end as well; `places` is room to work in. `None`: step over it, and read it with care.
pub fn read(bytes: &[u8], start: usize, places: &mut Vec<Place>) -> Option<(usize, Pairs)> {
    places.clear();
    let end = list(bytes, start, places)?;
    if end - start > MAX_VALUE_BYTES {
        return None;
    }
    // Checked once as a whole: string by string it takes three times as long.
    let text = std::str::from_utf8(bytes.get(start..end)?).ok()?;
    let length = places
        .iter()
        .map(|(name, value)| name.length() + value.length());
    let mut pairs = Pairs::with_room(places.len(), length.sum());
    for (name, value) in places {
        if name.is_plain() && value.is_plain() {
            pairs.push(name.of(text, start)?, value.of(text, start)?);
        } else {
            pairs.push(
                &name.unescaped(text, start)?,
                &value.unescaped(text, start)?,
            );
        }
    }
    Some((end, pairs))
}

/// What stands between two quotation marks.
#[derive(Debug, Clone, Copy)]
pub struct Text {
    start: usize,
    end: usize,
    /// Where something in it is escaped; the end, where nothing is.
    escape: usize,
}

impl Text {
    fn length(&self) -> usize {
        self.end - self.start
    }

    /// It says what it says.
    fn is_plain(&self) -> bool {
        self.escape == self.end
    }

    fn of<'t>(&self, text: &'t str, start: usize) -> Option<&'t str> {
        text.get(self.start - start..self.end - start)
    }

    fn unescaped(&self, text: &str, start: usize) -> Option<String> {
        legal_text(text.get(self.start - 1 - start..self.end + 1 - start)?)
    }
}

/// Finds where names and values stand. Gives the end of the list.
fn list(bytes: &[u8], start: usize, places: &mut Vec<Place>) -> Option<usize> {
    let mut at = skip_blanks(bytes, expect(bytes, start, b'[')?);
    if *bytes.get(at)? == b']' {
        return Some(at + 1);
    }
    loop {
        let (end, place) = pair(bytes, at)?;
        places.push(place);
        at = skip_blanks(bytes, end);
        match *bytes.get(at)? {
            b',' => at = skip_blanks(bytes, at + 1),
            b']' => return Some(at + 1),
            _ => return None,
        }
    }
}

/// One of them, and its end.
fn pair(bytes: &[u8], start: usize) -> Option<(usize, Place)> {
    let (mut name, mut value) = (None, None);
    let mut at = skip_blanks(bytes, expect(bytes, start, b'{')?);
    loop {
        let key = at..string_end(bytes, at)?;
        let colon = skip_blanks(bytes, key.end);
        at = skip_blanks(bytes, expect(bytes, colon, b':')?);
        let place = match bytes.get(key)? {
            b"\"name\"" => Some(&mut name),
            b"\"value\"" => Some(&mut value),
            // An escaped name may be any.
            key if key.contains(&b'\\') => return None,
            _ => None,
        };
        at = match place {
            Some(Some(_)) => return None,
            Some(place) => {
                let text = text_at(bytes, at)?;
                *place = Some(text);
                text.end + 1
            }
            None => behind_other(bytes, at)?,
        };
        at = skip_blanks(bytes, at);
        match *bytes.get(at)? {
            b',' => at = skip_blanks(bytes, at + 1),
            b'}' => return Some((at + 1, (name?, value?))),
            _ => return None,
        }
    }
}

fn text_at(bytes: &[u8], quote: usize) -> Option<Text> {
    let start = expect(bytes, quote, b'"')?;
    let rest = bytes.get(start..)?;
    let mark = first_mark(rest)?;
    let length = match *rest.get(mark)? {
        b'"' => mark,
        _ => mark + end_of_string(rest.get(mark..)?)?,
    };
    Some(Text {
        start,
        end: start + length,
        escape: start + mark,
    })
}

/// Behind a value that nobody wants; what the careful way would have to repair, it must see.
fn behind_other(bytes: &[u8], at: usize) -> Option<usize> {
    let end = value_end(bytes, at)?;
    is_legal(bytes.get(at..end)?).then_some(end)
}

fn expect(bytes: &[u8], at: usize, wanted: u8) -> Option<usize> {
    (*bytes.get(at)? == wanted).then_some(at + 1)
}
