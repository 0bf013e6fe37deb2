//! Percent-decoding and the splitting of queries, against the same written down a second time, byte by byte.

#![no_main]

use libfuzzer_sys::fuzz_target;
use pixelhound::exchange::{Location, percent, split_pairs};

fuzz_target!(|text: &str| {
    assert_eq!(percent::decode(text), decoded(text, false));
    assert_eq!(percent::decode_component(text), decoded(text, true));
    assert_eq!(percent::decode(&all_escaped(text)), text);
    compare_pairs(text);
});

/// Every byte as an escape, in lower and upper case by turns.
fn all_escaped(text: &str) -> String {
    let escape = |(number, byte): (usize, u8)| match number % 2 {
        0 => format!("%{byte:02x}"),
        _ => format!("%{byte:02X}"),
    };
    text.bytes().enumerate().map(escape).collect()
}

/// A `%` with two digits behind it is a byte; one without stays; a `+` may be a space. What is no UTF-8 then is Latin-1.
fn decoded(text: &str, plus_is_space: bool) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, behind @ ..] = rest {
        let escaped = match behind {
            [high, low, ..] if *first == b'%' => digit(*high).zip(digit(*low)),
            _ => None,
        };
        (bytes, rest) = match (escaped, first) {
            (Some((high, low)), _) => (with(bytes, high * 16 + low), &behind[2..]),
            (None, b'+') if plus_is_space => (with(bytes, b' '), behind),
            (None, plain) => (with(bytes, *plain), behind),
        };
    }
    match std::str::from_utf8(&bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.into_iter().map(char::from).collect(),
    }
}

fn with(mut bytes: Vec<u8>, byte: u8) -> Vec<u8> {
    bytes.push(byte);
    bytes
}

fn digit(letter: u8) -> Option<u8> {
    match letter {
        b'0'..=b'9' => Some(letter - b'0'),
        b'a'..=b'f' => Some(letter - b'a' + 10),
        b'A'..=b'F' => Some(letter - b'A' + 10),
        _ => None,
    }
}

/// Pieces between `&`, name and value between the first `=`, empty pieces left out, line breaks around it all too.
fn compare_pairs(text: &str) {
    let mut inner = text;
    while let Some(shorter) = inner
        .strip_suffix(['\r', '\n'])
        .or(inner.strip_prefix(['\r', '\n']))
    {
        inner = shorter;
    }
    let mut found = split_pairs(text, Location::Query).into_iter();
    for piece in inner.split('&') {
        if piece.is_empty() {
            continue;
        }
        let end = piece.find('=');
        let parameter = found.next().expect("a parameter for every piece");
        assert_eq!(parameter.raw, piece);
        assert_eq!(
            parameter.name,
            decoded(&piece[..end.unwrap_or(piece.len())], true)
        );
        assert_eq!(
            parameter.value,
            decoded(end.map_or("", |end| &piece[end + 1..]), true)
        );
    }
    assert_eq!(found.next(), None);
}
