//! What a text says when it is unpacked: percent and JSON escapes, HTML entities, base64, hexadecimal digits, compressed bytes,
//! each inside each, two layers deep.
//!
//! Unpacking what was sent finds a value wherever it stands in a packed text, at every alignment; packing the value and looking
//! for that would need a pattern for each combination.

use std::borrow::Cow;
use std::fmt;

use memchr::memchr;

use crate::exchange::{Compression, inflate, latin_1_bytes};
use crate::tracker::{base64_into, standard_sign};

/// How many layers are taken off.
pub const MAX_LAYERS: usize = 2;
/// Shortest run of base64 signs, and of hexadecimal digits, that is unpacked.
const SHORTEST_BASE64: usize = 6;
const SHORTEST_HEX: usize = 10;
/// Bytes that the views of one text may come to; what is beyond is not looked at, and that is told.
const MAX_VIEW_BYTES: usize = 64 << 20;

/// One way in which a text was packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Layer {
    Percent,
    JsonEscapes,
    HtmlEntities,
    Base64,
    Hex,
    Compressed,
}

impl fmt::Display for Layer {
    fn fmt(&self, out: &mut fmt::Formatter) -> fmt::Result {
        out.write_str(match self {
            Layer::Percent => "percent-encoding",
            Layer::JsonEscapes => "JSON escapes",
            Layer::HtmlEntities => "HTML entities",
            Layer::Base64 => "base64",
            Layer::Hex => "hexadecimal digits",
            Layer::Compressed => "compression",
        })
    }
}

/// A text as it was sent, or unpacked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct View<'t> {
    pub bytes: Cow<'t, [u8]>,
    /// Taken off, the outermost first.
    pub layers: Vec<Layer>,
}

/// Which views are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    All,
    /// Those that are text, and those on the way to one. Nearly every word is base64 of something, and nearly all of that is
    /// noise: it is dropped before it is kept.
    Texts,
}

impl Wanted {
    fn takes(self, bytes: &[u8]) -> bool {
        self == Wanted::All || is_worth_more(bytes) || text_in(bytes).is_some()
    }
}

/// Bytes as a text without control characters; `None`: noise.
pub fn text_in(bytes: &[u8]) -> Option<&str> {
    let is_noise = |c: char| c.is_control() && !c.is_whitespace();
    // Most of what is none shows it at once. A byte of ASCII is a character by itself, wherever it stands.
    let is_noise_byte = |byte: &u8| byte.is_ascii_control() && is_noise(char::from(*byte));
    if bytes.iter().any(is_noise_byte) {
        return None;
    }
    let text = std::str::from_utf8(bytes).ok()?;
    (text.is_ascii() || !text.chars().any(is_noise)).then_some(text)
}

/// The views of a text.
#[derive(Debug, Default)]
pub struct Views<'t> {
    /// The text itself first, then those with fewer layers.
    pub views: Vec<View<'t>>,
    /// There were more than are looked at.
    pub is_cut: bool,
}

impl<'t> Views<'t> {
    /// Unpacks a text.
    pub fn of(text: &'t str, wanted: Wanted) -> Views<'t> {
        let mut all = Views::default();
        let mut budget = MAX_VIEW_BYTES;
        all.views.push(View {
            bytes: text.as_bytes().into(),
            layers: Vec::new(),
        });
        let mut next = 0;
        while let Some(view) = all.views.get(next) {
            next += 1;
            // Text in the wrong place comes out as noise, and there is nothing in noise.
            if view.layers.len() == MAX_LAYERS
                || !(view.layers.is_empty() || is_worth_more(&view.bytes))
            {
                continue;
            }
            for (layer, bytes) in unpacked(&view.bytes, wanted) {
                let mut layers = all.views[next - 1].layers.clone();
                layers.push(layer);
                let Some(left) = budget.checked_sub(bytes.len()) else {
                    all.is_cut = true;
                    return all;
                };
                budget = left;
                let bytes = bytes.into();
                all.views.push(View { bytes, layers });
            }
        }
        all
    }
}

/// Whether bytes are compressed, or mostly what a keyboard writes.
fn is_worth_more(bytes: &[u8]) -> bool {
    let typed = bytes.iter().filter(|b| (b' '..=b'~').contains(*b)).count();
    Compression::of(bytes).is_some() || typed * 10 >= bytes.len() * 7
}

/// Everything wanted that one layer of a text may hide.
fn unpacked(bytes: &[u8], wanted: Wanted) -> Vec<(Layer, Vec<u8>)> {
    let is_taken = |whole: &[u8]| !whole.is_empty() && wanted.takes(whole);
    let wholes = [
        (Layer::Compressed, decompressed(bytes)),
        (Layer::Percent, without_percent(bytes)),
        (Layer::JsonEscapes, without_json_escapes(bytes)),
        (Layer::HtmlEntities, without_entities(bytes)),
    ];
    let wholes = wholes.into_iter();
    let mut found: Vec<(Layer, Vec<u8>)> = wholes
        .filter_map(|(layer, whole)| Some((layer, whole.filter(|whole| is_taken(whole))?)))
        .collect();
    // Filled again and again: of a hundred runs one is kept.
    let (mut signs, mut plain) = (Vec::new(), Vec::new());
    let packed: Vec<&[u8]> = runs(bytes, is_base64, SHORTEST_BASE64).collect();
    for run in &packed {
        in_standard_signs(run, &mut signs);
        for phase in 0..4.min(signs.len()) {
            if base64_into(whole_bytes(&signs[phase..]), &mut plain) && is_taken(&plain) {
                found.push((Layer::Base64, plain.clone()));
            }
        }
    }
    // Hexadecimal digits are signs of base64, too.
    let long = packed.iter().filter(|run| run.len() >= SHORTEST_HEX);
    for run in long.flat_map(|run| runs(run, |b| b.is_ascii_hexdigit(), SHORTEST_HEX)) {
        for phase in 0..2 {
            let plain = from_hex(&run[phase..]).filter(|plain| is_taken(plain));
            found.extend(plain.map(|plain| (Layer::Hex, plain)));
        }
    }
    found
}

/// Longest runs of bytes of a kind. A slash is base64 and divides paths: a path of words is one run, and does no harm.
fn runs(bytes: &[u8], is_in: impl Fn(u8) -> bool, shortest: usize) -> impl Iterator<Item = &[u8]> {
    bytes
        .split(move |byte| !is_in(*byte))
        .filter(move |run| run.len() >= shortest)
}

fn is_base64(byte: u8) -> bool {
    BASE64_SIGNS[usize::from(byte)]
}

/// The signs of both alphabets.
const BASE64_SIGNS: [bool; 256] = {
    let mut signs = [false; 256];
    let mut byte = 0;
    while byte < signs.len() {
        let sign = byte as u8;
        signs[byte] = sign.is_ascii_alphanumeric() || matches!(sign, b'+' | b'/' | b'-' | b'_');
        byte += 1;
    }
    signs
};

/// Base64 of either alphabet; what is left over at the end is dropped.
pub fn from_base64(run: &[u8]) -> Option<Vec<u8>> {
    let (mut signs, mut plain) = (Vec::new(), Vec::new());
    in_standard_signs(run, &mut signs);
    base64_into(whole_bytes(&signs), &mut plain).then_some(plain)
}

/// A run in the standard alphabet, into a buffer that is emptied before.
fn in_standard_signs(run: &[u8], signs: &mut Vec<u8>) {
    signs.clear();
    signs.extend(run.iter().map(|sign| standard_sign(*sign)));
}

/// The signs that give whole bytes: one alone at the end gives none.
fn whole_bytes(signs: &[u8]) -> &[u8] {
    match signs {
        [whole @ .., _] if signs.len() % 4 == 1 => whole,
        _ => signs,
    }
}

fn from_hex(run: &[u8]) -> Option<Vec<u8>> {
    let pairs = run.chunks_exact(2);
    pairs
        .map(|pair| Some(nibble(pair[0])? << 4 | nibble(pair[1])?))
        .collect()
}

/// The value of a hexadecimal digit.
pub fn nibble(digit: u8) -> Option<u8> {
    char::from(digit)
        .to_digit(16)
        .and_then(|value| u8::try_from(value).ok())
}

fn decompressed(bytes: &[u8]) -> Option<Vec<u8>> {
    // Exporters write bytes that are no text one character a byte.
    let as_text = std::str::from_utf8(bytes).ok();
    let as_bytes = as_text
        .filter(|text| !text.is_ascii())
        .and_then(latin_1_bytes);
    let bytes = as_bytes.as_deref().unwrap_or(bytes);
    let compression = Compression::of(bytes)?;
    inflate(bytes, Some(compression))
}

fn without_percent(bytes: &[u8]) -> Option<Vec<u8>> {
    let is_escape =
        |window: &[u8]| window[0] == b'%' && window[1..].iter().all(u8::is_ascii_hexdigit);
    let first = memchr(b'%', bytes)?;
    bytes[first..]
        .windows(3)
        .any(is_escape)
        .then(|| percent_encoding::percent_decode(bytes).collect())
}

/// `\u0040` and `\/`, wherever they stand.
fn without_json_escapes(bytes: &[u8]) -> Option<Vec<u8>> {
    if !bytes.contains(&b'\\') {
        return None;
    }
    let mut plain = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some((&first, after)) = rest.split_first() {
        let (length, character) = if first == b'\\' {
            escape(after)
        } else {
            (0, None)
        };
        match character {
            Some(character) => plain.extend(character.to_string().bytes()),
            None => plain.push(first),
        }
        rest = &after[length..];
    }
    (plain != bytes).then_some(plain)
}

/// What follows a backslash: how long it is, and what it stands for.
fn escape(after: &[u8]) -> (usize, Option<char>) {
    let coded = |length: usize| {
        let digits = after
            .get(1..=length)
            .and_then(|digits| std::str::from_utf8(digits).ok());
        let code = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
        let character = code.and_then(char::from_u32);
        character.map_or((0, None), |character| (1 + length, Some(character)))
    };
    match after.first() {
        Some(b'u') => coded(4),
        Some(b'x') => coded(2),
        Some(sign @ (b'/' | b'"' | b'\\')) => (1, Some(char::from(*sign))),
        Some(b'n' | b'r' | b't') => (1, Some(' ')),
        _ => (0, None),
    }
}

const ENTITIES: [(&str, char); 9] = [
    ("commat", '@'),
    ("period", '.'),
    ("amp", '&'),
    ("plus", '+'),
    ("nbsp", ' '),
    ("quot", '"'),
    ("apos", '\''),
    ("lt", '<'),
    ("gt", '>'),
];

/// Longest entity that is read, in signs between & and ;.
const LONGEST_ENTITY: usize = 8;

fn without_entities(bytes: &[u8]) -> Option<Vec<u8>> {
    if !bytes.contains(&b'&') {
        return None;
    }
    let mut plain = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some((&first, after)) = rest.split_first() {
        let read = if first == b'&' { entity(after) } else { None };
        match read {
            Some((length, character)) => {
                plain.extend(character.to_string().bytes());
                rest = &after[length..];
            }
            None => {
                plain.push(first);
                rest = after;
            }
        }
    }
    (plain != bytes).then_some(plain)
}

/// The entity after an &, with its semicolon.
fn entity(after: &[u8]) -> Option<(usize, char)> {
    let end = after
        .iter()
        .take(LONGEST_ENTITY + 1)
        .position(|b| *b == b';')?;
    let name = std::str::from_utf8(&after[..end]).ok()?;
    let character = match name.strip_prefix('#') {
        Some(number) => {
            let hexadecimal = number.strip_prefix(['x', 'X']);
            let code = match hexadecimal {
                Some(digits) => u32::from_str_radix(digits, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)?
        }
        None => ENTITIES.iter().find(|(known, _)| *known == name)?.1,
    };
    Some((end + 1, character))
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::Engine;
    use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
    use std::io::Write;

    const SECRET: &str = "Sam.Tester@mail.example";

    fn layers_around(text: &str) -> Option<Vec<Layer>> {
        let views = Views::of(text, Wanted::All).views;
        let found = views.iter().find(|view| {
            let bytes = view.bytes.windows(SECRET.len());
            bytes.into_iter().any(|window| window == SECRET.as_bytes())
        });
        found.map(|view| view.layers.clone())
    }

    fn hex(text: &str) -> String {
        text.bytes().map(|b| format!("{b:02x}")).collect()
    }

    #[test]
    fn every_packing_is_undone() {
        use Layer::*;
        let twice = SECRET.replace('@', "%2540").replace('.', "%2e");
        for (packed, layers) in [
            (SECRET.to_owned(), vec![]),
            (SECRET.replace('@', "%40"), vec![Percent]),
            (twice, vec![Percent, Percent]),
            (SECRET.replace('@', "\\u0040"), vec![JsonEscapes]),
            (SECRET.replace('@', "\\x40"), vec![JsonEscapes]),
            (SECRET.replace('@', "&#64;"), vec![HtmlEntities]),
            (
                SECRET.replace('@', "&#x40;").replace('.', "&period;"),
                vec![HtmlEntities],
            ),
            (hex(SECRET), vec![Hex]),
            (hex(SECRET).to_uppercase(), vec![Hex]),
            (STANDARD.encode(hex(SECRET)), vec![Base64, Hex]),
            (hex(&STANDARD.encode(SECRET)), vec![Hex, Base64]),
            (STANDARD.encode(SECRET).replace('=', "%3D"), vec![Base64]),
        ] {
            assert_eq!(layers_around(&packed), Some(layers), "{packed}");
        }
    }

    #[test]
    fn base64_at_every_alignment_in_both_alphabets_and_with_signs_in_front() {
        for before in ["", "x", "xy", "xyz", "\u{ff}\u{fe}?>"] {
            let inner = format!("{before}{SECRET}\u{ff}");
            for packed in [STANDARD.encode(&inner), URL_SAFE_NO_PAD.encode(&inner)] {
                for front in ["", "a", "ab", "abc"] {
                    let text = format!("q={front}{packed}");
                    assert_eq!(layers_around(&text), Some(vec![Layer::Base64]), "{text}");
                }
            }
        }
    }

    #[test]
    fn compressed_bytes_in_base64_and_as_text() {
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        gzip.write_all(SECRET.as_bytes()).unwrap();
        let packed = gzip.finish().unwrap();
        let as_text: String = packed.iter().map(|b| char::from(*b)).collect();
        assert_eq!(layers_around(&as_text), Some(vec![Layer::Compressed]));
        let encoded = STANDARD.encode(&packed);
        assert_eq!(
            layers_around(&encoded),
            Some(vec![Layer::Base64, Layer::Compressed])
        );
    }

    #[test]
    fn a_third_layer_stays_on_and_damage_is_no_panic() {
        let thrice = STANDARD.encode(STANDARD.encode(STANDARD.encode(SECRET)));
        assert_eq!(layers_around(&thrice), None);
        for odd in [
            "%",
            "%4",
            "\\",
            "\\u",
            "\\u00",
            "\\u00\u{e9}9",
            "\\x4",
            "&",
            "&#;",
            "&#x110000;",
            "&\u{e9};",
            "a",
            "\u{1f}\u{8b}",
        ] {
            assert!(!Views::of(odd, Wanted::All).views.is_empty());
            assert!(!Views::of(&odd.repeat(9), Wanted::All).views.is_empty());
        }
    }
}
