//! A list of names and values, read while it is stepped over: most strings of a capture stand in its lists of headers, and
//! going over them twice would cost more than anything else that is done with them.

use std::ops::Range;

use super::object::{Kept, Listed};
use super::quick::{skip_blanks, string_end, value_end};
use super::step::{end_of_string, first_mark};
use crate::capture::lenient::{MAX_VALUE_BYTES, is_legal, say};
use crate::capture::pairs::{Pairs, is_one_of};

/// Where a name and its value stand.
pub type Place = (Text, Text);

/// Reads the list at a place, where it is written exactly as the format has it: objects with one text each for name and value.
/// Gives its end as well; `places` is room to work in. `None`: step over it, and read it with care.
pub fn read(
    bytes: &[u8],
    start: usize,
    kept: Kept,
    places: &mut Vec<Place>,
) -> Option<(usize, Listed)> {
    places.clear();
    let end = list(bytes, start, places)?;
    if end - start > MAX_VALUE_BYTES {
        return None;
    }
    // Checked once as a whole: string by string it takes three times as long.
    let text = std::str::from_utf8(bytes.get(start..end)?).ok()?;
    let mut pairs = match kept {
        None => Pairs::with_room(places.len(), places.iter().map(length).sum()),
        Some(_) => Pairs::default(),
    };
    let (mut of_name, mut of_value) = (String::new(), String::new());
    for (name, value) in &*places {
        // Also what is not kept must be legal: where it is not, the careful way notes it.
        let name = name.said(text, start, &mut of_name)?;
        let value = value.said(text, start, &mut of_value)?;
        if kept.is_none_or(|kept| is_one_of(name, kept)) {
            pairs.push(name, value);
        }
    }
    if kept.is_some() {
        pairs.shrink();
    }
    let count = places.len();
    Some((end, Listed { pairs, count }))
}

fn length((name, value): &Place) -> usize {
    name.length() + value.length()
}

/// What stands between two quotation marks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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

    /// What it says; `text` begins at `start`, and `room` holds what stands nowhere as it is.
    fn said<'t>(&self, text: &'t str, start: usize, room: &'t mut String) -> Option<&'t str> {
        let (from, to) = (self.start - start, self.end - start);
        let is_plain = self.escape == self.end;
        if is_plain {
            return text.get(from..to);
        }
        say(text.get(from - 1..to + 1)?, room)?;
        Some(room)
    }
}

/// Finds where names and values stand. Gives the end of the list.
fn list(bytes: &[u8], start: usize, places: &mut Vec<Place>) -> Option<usize> {
    let mut at = skip_blanks(bytes, expect(bytes, start, b'[')?);
    if *bytes.get(at)? == b']' {
        return Some(at + 1);
    }
    let mut form = None;
    loop {
        let as_before = form.as_ref().and_then(|form: &Form| form.pair(bytes, at));
        let (end, place) = match as_before {
            Some(read) => read,
            None => {
                let (end, place) = pair(bytes, at)?;
                form = Form::of(bytes, at..end, place);
                (end, place)
            }
        };
        places.push(place);
        at = skip_blanks(bytes, end);
        match *bytes.get(at)? {
            b',' => at = skip_blanks(bytes, at + 1),
            b']' => return Some(at + 1),
            _ => return None,
        }
    }
}

/// What stands around the name and the value of a pair. A program writes all pairs of a list in one form: where it stands again,
/// it says the same again, and only the two texts need be looked for.
struct Form<'a> {
    front: &'a [u8],
    middle: &'a [u8],
    end: &'a [u8],
}

impl<'a> Form<'a> {
    /// The form of a pair that was read; `None`: its value stands first.
    fn of(bytes: &'a [u8], range: Range<usize>, (name, value): Place) -> Option<Form<'a>> {
        Some(Form {
            front: bytes.get(range.start..name.start)?,
            middle: bytes.get(name.end..value.start)?,
            end: bytes.get(value.end..range.end)?,
        })
    }

    /// Reads a pair of this form. `None`: it has another.
    fn pair(&self, bytes: &[u8], start: usize) -> Option<(usize, Place)> {
        let name = text_from(bytes, behind(bytes, start, self.front)?)?;
        let value = text_from(bytes, behind(bytes, name.end, self.middle)?)?;
        let end = behind(bytes, value.end, self.end)?;
        Some((end, (name, value)))
    }
}

/// Behind something that must stand at a place.
fn behind(bytes: &[u8], at: usize, wanted: &[u8]) -> Option<usize> {
    let stands_there = bytes.get(at..)?.starts_with(wanted);
    stands_there.then_some(at + wanted.len())
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
    text_from(bytes, expect(bytes, quote, b'"')?)
}

/// The text that begins behind its quotation mark.
fn text_from(bytes: &[u8], start: usize) -> Option<Text> {
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::capture::PairRef;

    /// Reads a list pair by pair, each by itself.
    fn one_by_one(bytes: &[u8]) -> Option<(usize, Vec<Place>)> {
        let (mut at, mut places) = (1, Vec::new());
        loop {
            let (end, place) = pair(bytes, skip_blanks(bytes, at))?;
            places.push(place);
            at = skip_blanks(bytes, end);
            match bytes.get(at)? {
                b',' => at += 1,
                b']' => return Some((at + 1, places)),
                _ => return None,
            }
        }
    }

    /// Pairs of few forms, so that one often stands again; the texts hold what a form is made of.
    fn pairs() -> impl Strategy<Value = String> {
        let text = prop::sample::select(vec![
            "",
            "a",
            "b\u{e9}",
            "\\\"",
            "\\\",\\\"value\\\":",
            "{",
            "\\u00e9",
            "\u{1}",
            "\\",
        ]);
        let form = prop::sample::select(vec![
            r#"{"name":"N","value":"V"}"#,
            r#"{ "name": "N", "value": "V" }"#,
            r#"{"value":"V","name":"N"}"#,
            r#"{"name":"N","comment":"N","value":"V"}"#,
            r#"{"name":"N","value":"V","path":"/"}"#,
            r#"{"name":"N","value":"V","path":"V"}"#,
            r#"{"name":"N","value":"V","name":"N"}"#,
            r#"{"name":"N","value":V}"#,
            r#"{"name":"N"}"#,
        ]);
        let between = prop::sample::select(vec![",", ",", ", ", ",\n  ", "", "]"]);
        let written = |(form, name, value, between): (&str, &str, &str, &str)| {
            form.replace('N', name).replace('V', value) + between
        };
        let pair = (form, text.clone(), text, between).prop_map(written);
        prop::collection::vec(pair, 1..6).prop_map(|pairs| pairs.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4000))]

        #[test]
        fn a_form_that_stands_again_is_read_as_if_it_were_the_first(pairs in pairs(), end in "]|}|") {
            let text = format!("[{}{end}", pairs.trim_end_matches([',', ' ', '\n']));
            let mut places = Vec::new();
            let read = list(text.as_bytes(), 0, &mut places).map(|end| (end, places));
            prop_assert_eq!(read, one_by_one(text.as_bytes()), "{}", text);
        }
    }

    #[test]
    fn headers_are_read_in_every_layout() {
        for layout in [
            r#"{"name":"N","value":"V"}"#,
            "{\n  \"name\": \"N\",\n  \"value\": \"V\"\n}",
        ] {
            let pair = |name, value| layout.replace('N', name).replace('V', value);
            let all = [pair("a", "1"), pair("b", r#"\"2\""#), pair("", "")];
            let text = format!("[{}] ,", all.join(" ,\n"));
            let read = |kept| {
                let (end, listed) = read(text.as_bytes(), 0, kept, &mut Vec::new()).unwrap();
                assert_eq!((end, listed.count), (text.len() - 2, 3));
                let pairs = listed.pairs.iter();
                let owned = |pair: PairRef| (pair.name.to_owned(), pair.value.to_owned());
                pairs.map(owned).collect::<Vec<_>>()
            };
            let all = [("a", "1"), ("b", "\"2\""), ("", "")];
            let all = all.map(|(name, value)| (name.to_owned(), value.to_owned()));
            assert_eq!(read(None), all);
            assert_eq!(read(Some(&["B"])), all[1..2]);
        }
    }
}
