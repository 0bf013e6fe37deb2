//! A producer's own lists of names and values, `queryString` and `postData.params`: some programs list them as they
//! were on the wire, others decoded. They serve where nothing rawer was recorded.

use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, utf8_percent_encode};

use super::parameter::{Location, Parameter, split_pairs};
use super::percent::decode_component;
use crate::capture::{Lists, Pair};

/// What would break a query apart.
const SEPARATORS: &AsciiSet = &CONTROLS.add(b'&').add(b'#').add(b' ');
/// Everything but what stands for itself in an address.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

/// A list, read.
#[derive(Debug, Default, PartialEq)]
pub struct Listed {
    pub parameters: Vec<Parameter>,
    /// Something was decoded of which nobody knows whether it was encoded.
    pub is_guessed: bool,
}

/// Reads the list of a body's parameters, as its producer writes such lists.
pub fn read(pairs: &[Pair], lists: Lists) -> Listed {
    let mut listed = Listed::default();
    for pair in filled(pairs) {
        let (name, value) = (text(&pair.name, lists), text(&pair.value, lists));
        let is_changed = name != pair.name || value != pair.value;
        listed.is_guessed |= lists == Lists::Unknown && is_changed;
        listed.parameters.push(Parameter {
            name,
            value,
            raw: format!("{}={}", pair.name, pair.value),
            location: Location::Body,
        });
    }
    listed
}

/// The list as a query: what was decoded is encoded again. `None`: there is nothing in it.
pub fn as_query(pairs: &[Pair], lists: Lists) -> Option<String> {
    let pieces: Vec<String> = filled(pairs)
        .map(|pair| format!("{}={}", wire(&pair.name, lists), wire(&pair.value, lists)))
        .collect();
    (!pieces.is_empty()).then(|| pieces.join("&"))
}

fn text(recorded: &str, lists: Lists) -> String {
    if is_encoded(recorded, lists) {
        decode_component(recorded)
    } else {
        recorded.to_owned()
    }
}

fn wire(recorded: &str, lists: Lists) -> String {
    let escaped = if is_encoded(recorded, lists) {
        SEPARATORS
    } else {
        RESERVED
    };
    utf8_percent_encode(recorded, escaped).to_string()
}

/// Whether a list holds what the text of a form holds: in any order, encoded or not.
pub fn agrees(text: &str, pairs: &[Pair]) -> bool {
    let of_text = split_pairs(text, Location::Body);
    let mut of_text: Vec<_> = of_text.iter().map(|p| bare(&p.name, &p.value)).collect();
    let mut of_list: Vec<_> = filled(pairs).map(|p| bare(&p.name, &p.value)).collect();
    of_text.sort();
    of_list.sort();
    of_text == of_list
}

/// A text that ends in `&` leaves an empty pair in some lists.
fn filled(pairs: &[Pair]) -> impl Iterator<Item = &Pair> {
    let is_filled = |pair: &&Pair| !pair.name.is_empty() || !pair.value.is_empty();
    pairs.iter().filter(is_filled)
}

/// Whether a text of a list is percent-encoded. Where its producer is not known for either, it is taken for encoded if
/// every `%` in it begins a valid escape: a decoded text that still looks so is rare.
fn is_encoded(text: &str, lists: Lists) -> bool {
    match lists {
        Lists::Encoded => true,
        Lists::Decoded => false,
        Lists::Unknown => text.contains('%') && every_escape_is_valid(text.as_bytes()),
    }
}

fn every_escape_is_valid(bytes: &[u8]) -> bool {
    bytes.iter().enumerate().all(|(at, &byte)| {
        byte != b'%'
            || bytes
                .get(at + 1..at + 3)
                .is_some_and(|two| two.iter().all(u8::is_ascii_hexdigit))
    })
}

/// A pair without any encoding, however often it was encoded: good for comparing, and for nothing else.
fn bare(name: &str, value: &str) -> (String, String) {
    const ROUNDS: usize = 3;
    let strip = |text: &str| {
        let stripped = (0..ROUNDS).fold(text.to_owned(), |text, _| decode_component(&text));
        stripped.trim().to_owned()
    };
    (strip(name), strip(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(listed: &[(&str, &str)]) -> Vec<Pair> {
        let pair = |(name, value): &(&str, &str)| Pair {
            name: (*name).to_owned(),
            value: (*value).to_owned(),
        };
        listed.iter().map(pair).collect()
    }

    /// The only parameter of a list, and whether its reading is a guess.
    fn only(name: &str, value: &str, lists: Lists) -> (String, String, bool) {
        let mut listed = read(&pairs(&[(name, value)]), lists);
        let parameter = listed.parameters.remove(0);
        (parameter.name, parameter.value, listed.is_guessed)
    }

    fn told(name: &str, value: &str, is_guessed: bool) -> (String, String, bool) {
        (name.to_owned(), value.to_owned(), is_guessed)
    }

    #[test]
    fn q09_an_encoded_list_is_decoded_once() {
        let read = |name, value| only(name, value, Lists::Encoded);
        assert_eq!(
            read("cd%5Bq%5D", "50%2525%20off"),
            told("cd[q]", "50%25 off", false)
        );
        assert_eq!(read("a", "x+y"), told("a", "x y", false));
    }

    #[test]
    fn q09_a_decoded_list_is_taken_as_it_is() {
        let read = |name, value| only(name, value, Lists::Decoded);
        assert_eq!(read("cd[q]", "100%25"), told("cd[q]", "100%25", false));
        assert_eq!(read("a", "a+b"), told("a", "a+b", false));
    }

    #[test]
    fn q09_of_an_unknown_list_what_can_be_encoded_is_and_that_is_a_guess() {
        let read = |name, value| only(name, value, Lists::Unknown);
        assert_eq!(
            read("em", "me%40a.example"),
            told("em", "me@a.example", true)
        );
        assert_eq!(read("q", "100% sure"), told("q", "100% sure", false));
        assert_eq!(read("q", "a+b"), told("q", "a+b", false));
        assert_eq!(read("q", "plain"), told("q", "plain", false));
    }

    #[test]
    fn q31_a_list_becomes_the_query_that_it_was_made_of() {
        let list = pairs(&[("id", "1"), ("cd[q]", "50% & more #1+1"), ("", "")]);
        let query = as_query(&list, Lists::Decoded).unwrap();
        let read: Vec<_> = split_pairs(&query, Location::Query)
            .into_iter()
            .map(|p| Pair {
                name: p.name,
                value: p.value,
            })
            .collect();
        assert_eq!(read, list[..2]);
        let list = pairs(&[("cd%5Bq%5D", "50%25+off")]);
        let query = Some("cd%5Bq%5D=50%25+off".to_owned());
        assert_eq!(as_query(&list, Lists::Encoded), query);
        assert_eq!(as_query(&list, Lists::Unknown), query);
        assert_eq!(as_query(&pairs(&[("", "")]), Lists::Encoded), None);
    }

    #[test]
    fn q08_a_list_agrees_in_any_order_and_encoding() {
        let text = "id=1&cd%5Bq%5D=50%25+off&dl=https%3A%2F%2Fa.example%2F&";
        for list in [
            [
                ("id", "1"),
                ("cd[q]", "50% off"),
                ("dl", "https://a.example/"),
            ],
            [
                ("dl", "https%3A%2F%2Fa.example%2F"),
                ("cd%5Bq%5D", "50%25+off"),
                ("id", "1"),
            ],
            [
                ("id", "1\r\n"),
                ("cd[q]", "50%+off"),
                ("dl", "https://a.example/"),
            ],
        ] {
            assert!(agrees(text, &pairs(&list)), "{list:?}");
        }
        assert!(!agrees("id=1", &pairs(&[("id", "2")])));
        assert!(!agrees("id=1&id=1", &pairs(&[("id", "1")])));
    }
}
