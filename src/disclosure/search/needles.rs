//! The personas' values in one index, so that a thousand cost little more than one: an automaton of every form in which a value
//! can be read, and a table of the hashes of every form.
//!
//! Hashes stand in a table and not in the automaton: they are as random as they look, so a few of their bits find them, and a
//! million of them take the automaton's memory many times over.

use std::collections::HashMap;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::SearchError;
use super::forms::{Form, forms_of};
use super::persona::{Kind, PersonaValue};
use super::views::{Layer, View, from_base64, nibble};
use crate::disclosure::Encoding;
use crate::disclosure::hash::{HASHES, digest};

/// Shortest form, in characters, that is looked for as it stands: a shorter one is everywhere.
const SHORTEST_PLAIN: usize = 3;
/// Shorter forms, and common words, count only where they are the whole of a parameter whose name says what it holds.
const SHORTEST_WORD: usize = 6;
/// Digits of a hash by which it is looked up.
const KEY_DIGITS: usize = 16;

/// What was hashed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Hashed {
    Form,
    /// A hash, written in hexadecimal digits or in base64.
    HexOf(Encoding),
    Base64Of(Encoding),
    /// The form, packed.
    InBase64,
    InPercent,
}

/// How a hash was made.
#[derive(Debug, Clone, Copy)]
struct Recipe {
    value: u32,
    form: u32,
    outer: Encoding,
    inner: Hashed,
}

/// A persona's value, found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// Position in the values.
    pub value: usize,
    pub encoding: Encoding,
    /// "base64 of the e-mail address as typed"
    pub chain: String,
    /// As it stands there, unpacked; the hash, where it is one.
    pub found: String,
}

/// All values, indexed.
#[derive(Debug)]
pub struct Needles {
    values: Vec<(PersonaValue, Vec<Form>)>,
    plain: AhoCorasick,
    /// Value and form of each pattern of the automaton.
    patterns: Vec<(u32, u32)>,
    hashes: HashMap<u64, Vec<Recipe>>,
}

impl Needles {
    /// Indexes the values.
    ///
    /// # Errors
    /// More of them than an automaton holds.
    pub fn of(values: Vec<PersonaValue>) -> Result<Needles, SearchError> {
        let with_forms = |value: PersonaValue| {
            let forms = forms_of(value.kind, &value.value);
            (value, forms)
        };
        let values: Vec<(PersonaValue, Vec<Form>)> = values.into_iter().map(with_forms).collect();
        let mut patterns = Vec::new();
        let mut texts: Vec<String> = Vec::new();
        let mut hashes: HashMap<u64, Vec<Recipe>> = HashMap::new();
        for (at, (_, forms)) in (0u32..).zip(&values) {
            let mut taken: Vec<String> = Vec::new();
            for (number, form) in (0u32..).zip(forms) {
                add_hashes(&mut hashes, at, number, &form.text);
                // The automaton takes letters in either case.
                let folded = form.text.to_ascii_lowercase();
                if form.text.chars().count() >= SHORTEST_PLAIN && !taken.contains(&folded) {
                    patterns.push((at, number));
                    texts.push(form.text.clone());
                    taken.push(folded);
                }
            }
        }
        let plain = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .match_kind(MatchKind::Standard)
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .build(&texts)
            .map_err(|error| SearchError::TooMany(error.to_string()))?;
        Ok(Needles {
            values,
            plain,
            patterns,
            hashes,
        })
    }

    pub fn values(&self) -> impl ExactSizeIterator<Item = &PersonaValue> {
        self.values.iter().map(|(value, _)| value)
    }

    pub fn value(&self, at: usize) -> Option<&PersonaValue> {
        self.values.get(at).map(|(value, _)| value)
    }

    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// In what forms a value is looked for, in words.
    pub fn looked_for(&self, value: usize) -> String {
        let Some((value, forms)) = self.values.get(value) else {
            return String::new();
        };
        let as_word = |form: &&Form| is_word(value.kind, &form.text);
        let as_whole = |form: &&Form| {
            form.text.chars().count() >= SHORTEST_PLAIN && !is_word(value.kind, &form.text)
        };
        let words = forms.iter().filter(as_word).count();
        let wholes = forms.iter().filter(as_whole).count();
        let plain = match (words, wholes) {
            (0, 0) => "too short to be looked for as it stands".to_owned(),
            (0, _) => "as it stands only where it is the whole of a parameter that is named for it".to_owned(),
            (_, 0) => "as it stands".to_owned(),
            _ => {
                "as it stands, its short forms only where they are the whole of a parameter that is named for them".to_owned()
            }
        };
        format!(
            "in {} {}: {plain}; packed up to two layers deep; as md5, sha1, sha256 and sha512, also of each other",
            forms.len(),
            if forms.len() == 1 { "form" } else { "forms" }
        )
    }

    /// Adds what is found in a view of a parameter's value; a value that is known in that encoding already is not added again.
    pub fn find(&self, view: &View, parameter: &str, hits: &mut Vec<Hit>) {
        if self.is_empty() {
            return;
        }
        self.find_plain(view, parameter, hits);
        for (key, at) in hex_keys(&view.bytes) {
            for recipe in self.hashes.get(&key).into_iter().flatten() {
                let sought = self.made(recipe);
                let found = hex_at(&view.bytes, at, sought.len());
                if found.as_deref() == Some(&sought[..]) {
                    self.add_hash(recipe, view, &sought, "", hits);
                }
            }
        }
        for run in base64_runs(&view.bytes) {
            let Some(bytes) = from_base64(run) else {
                continue;
            };
            let Some(key) = key_of(&bytes) else { continue };
            for recipe in self.hashes.get(&key).into_iter().flatten() {
                let sought = self.made(recipe);
                if bytes == sought {
                    self.add_hash(recipe, view, &sought, " (in base64)", hits);
                }
            }
        }
    }

    fn find_plain(&self, view: &View, parameter: &str, hits: &mut Vec<Hit>) {
        for found in self.plain.find_overlapping_iter(&view.bytes) {
            let Some(&(at, number)) = self.patterns.get(found.pattern().as_usize()) else {
                continue;
            };
            let Some((value, forms)) = self.values.get(at as usize) else {
                continue;
            };
            let Some(form) = forms.get(number as usize) else {
                continue;
            };
            let range = found.range();
            let stands_alone = if is_word(value.kind, &form.text) {
                stands_alone(value.kind, &view.bytes, range.start, range.end)
            } else {
                value.kind.is_named_by(parameter)
                    && view.bytes.trim_ascii() == &view.bytes[range.clone()]
            };
            let is_known = |hit: &Hit| hit.value == at as usize && hit.encoding == Encoding::Plain;
            if !stands_alone || hits.iter().any(is_known) {
                continue;
            }
            let text = String::from_utf8_lossy(&view.bytes[range]).into_owned();
            let words = forms.iter().find(|form| form.text == text);
            let words = words.map_or("in other capitals", |form| form.words);
            add(
                hits,
                Hit {
                    value: at as usize,
                    encoding: Encoding::Plain,
                    chain: chain(&view.layers, "", value.kind, words),
                    found: text,
                },
            );
        }
    }

    /// The hash that a recipe makes.
    fn made(&self, recipe: &Recipe) -> Vec<u8> {
        let form = self.form(recipe).map_or("", |form| form.text.as_str());
        made(recipe.outer, recipe.inner, form)
    }

    fn form(&self, recipe: &Recipe) -> Option<&Form> {
        let (_, forms) = self.values.get(recipe.value as usize)?;
        forms.get(recipe.form as usize)
    }

    fn add_hash(
        &self,
        recipe: &Recipe,
        view: &View,
        hash: &[u8],
        written: &str,
        hits: &mut Vec<Hit>,
    ) {
        let Some((value, forms)) = self.values.get(recipe.value as usize) else {
            return;
        };
        let words = forms
            .get(recipe.form as usize)
            .map_or("", |form| form.words);
        let outer = recipe.outer.name();
        let inner = match recipe.inner {
            Hashed::Form => String::new(),
            Hashed::HexOf(inner) => format!("{} of ", inner.name()),
            Hashed::Base64Of(inner) => format!("{} (in base64) of ", inner.name()),
            Hashed::InBase64 => "base64 of ".to_owned(),
            Hashed::InPercent => "percent-encoding of ".to_owned(),
        };
        let hashes = format!("{outer}{written} of {inner}");
        add(
            hits,
            Hit {
                value: recipe.value as usize,
                encoding: recipe.outer,
                chain: chain(&view.layers, &hashes, value.kind, words),
                found: hash.iter().map(|byte| format!("{byte:02x}")).collect(),
            },
        );
    }
}

fn add(hits: &mut Vec<Hit>, hit: Hit) {
    let is_known = |other: &Hit| other.value == hit.value && other.encoding == hit.encoding;
    if !hits.iter().any(is_known) {
        hits.push(hit);
    }
}

fn chain(layers: &[Layer], hashes: &str, kind: Kind, words: &str) -> String {
    let layers: String = layers.iter().map(|layer| format!("{layer} of ")).collect();
    let words = if words.is_empty() { "as typed" } else { words };
    format!("{layers}{hashes}the {} {words}", kind.words())
}

fn add_hashes(hashes: &mut HashMap<u64, Vec<Recipe>>, value: u32, form: u32, text: &str) {
    for outer in HASHES {
        let of_hashes = HASHES
            .into_iter()
            .flat_map(|inner| [Hashed::HexOf(inner), Hashed::Base64Of(inner)]);
        let packed = [Hashed::Form, Hashed::InBase64, Hashed::InPercent];
        for inner in packed.into_iter().chain(of_hashes) {
            if inner == Hashed::InPercent && in_percent(text) == text {
                continue;
            }
            if let Some(key) = key_of(&made(outer, inner, text)) {
                hashes.entry(key).or_default().push(Recipe {
                    value,
                    form,
                    outer,
                    inner,
                });
            }
        }
    }
}

fn made(outer: Encoding, inner: Hashed, form: &str) -> Vec<u8> {
    let hex = |bytes: &[u8]| bytes.iter().map(|b| format!("{b:02x}")).collect::<String>();
    let text = match inner {
        Hashed::Form => form.to_owned(),
        Hashed::HexOf(hash) => hex(&digest(hash, form.as_bytes())),
        Hashed::Base64Of(hash) => STANDARD.encode(digest(hash, form.as_bytes())),
        Hashed::InBase64 => STANDARD.encode(form),
        Hashed::InPercent => in_percent(form),
    };
    digest(outer, text.as_bytes())
}

/// As JavaScript's encodeURIComponent writes it.
fn in_percent(text: &str) -> String {
    use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
    const COMPONENT: &AsciiSet = &NON_ALPHANUMERIC
        .remove(b'-')
        .remove(b'_')
        .remove(b'.')
        .remove(b'!')
        .remove(b'~')
        .remove(b'*')
        .remove(b'\'')
        .remove(b'(')
        .remove(b')');
    utf8_percent_encode(text, COMPONENT).to_string()
}

fn key_of(hash: &[u8]) -> Option<u64> {
    let bytes = hash.first_chunk::<8>()?;
    Some(u64::from_be_bytes(*bytes))
}

/// Every sixteen hexadecimal digits in a row within at least 32, as a number, with the place where they begin: a hash may stand
/// behind letters that are digits too.
fn hex_keys(bytes: &[u8]) -> impl Iterator<Item = (u64, usize)> {
    let mut key: u64 = 0;
    let mut length = 0;
    bytes.iter().enumerate().filter_map(move |(at, byte)| {
        match nibble(*byte) {
            Some(value) => {
                key = key << 4 | u64::from(value);
                length += 1;
            }
            None => length = 0,
        }
        (length >= KEY_DIGITS).then(|| (key, at + 1 - KEY_DIGITS))
    })
}

/// So many bytes, written in hexadecimal digits at a place.
fn hex_at(bytes: &[u8], at: usize, count: usize) -> Option<Vec<u8>> {
    let digits = bytes.get(at..at.checked_add(count.checked_mul(2)?)?)?;
    let pairs = digits.chunks_exact(2);
    pairs
        .map(|pair| Some(nibble(pair[0])? << 4 | nibble(pair[1])?))
        .collect()
}

/// Runs of signs of either alphabet that are as long as a hash in base64.
fn base64_runs(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let runs = |of_alphabet: fn(&u8) -> bool| {
        bytes
            .split(move |byte| !of_alphabet(byte))
            // 16, 20, 32 and 64 bytes.
            .filter(|run| [22, 27, 43, 86].contains(&run.len()))
    };
    let standard = runs(|byte| byte.is_ascii_alphanumeric() || b"+/".contains(byte));
    let for_addresses = runs(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(byte));
    standard.chain(for_addresses)
}

/// Whether a form may stand among other words; else it counts only as the whole of a parameter that is named for it.
fn is_word(kind: Kind, form: &str) -> bool {
    let is_common = matches!(
        kind,
        Kind::FirstName | Kind::LastName | Kind::Town | Kind::Region | Kind::Country | Kind::Gender
    );
    // Eight digits are a date of everything else, too.
    let is_bare_date = kind == Kind::DateOfBirth && form.bytes().all(|byte| byte.is_ascii_digit());
    !is_common && !is_bare_date && form.chars().count() >= SHORTEST_WORD
}

/// Whether what was found is a word of its own, and not a piece of a longer number or of another mailbox.
fn stands_alone(kind: Kind, bytes: &[u8], start: usize, end: usize) -> bool {
    let before = start.checked_sub(1).and_then(|at| bytes.get(at)).copied();
    let further = start.checked_sub(2).and_then(|at| bytes.get(at)).copied();
    let after = bytes.get(end).copied();
    let beyond = bytes.get(end + 1).copied();
    let is_letter = |byte: Option<u8>| byte.is_some_and(|b| b.is_ascii_alphanumeric());
    let is_digit = |byte: Option<u8>| byte.is_some_and(|b| b.is_ascii_digit());
    if is_letter(before) || is_letter(after) {
        return false;
    }
    if kind == Kind::Email {
        // Another mailbox ends like this one, another domain begins like this one.
        let longer = before.is_some_and(|b| b"._+-%".contains(&b)) && is_letter(further);
        let goes_on = after.is_some_and(|b| b"-.".contains(&b)) && is_letter(beyond);
        return !longer && !goes_on;
    }
    let is_decimal = |sign: Option<u8>, digit| sign == Some(b'.') && is_digit(digit);
    !is_decimal(before, further) && !is_decimal(after, beyond)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::disclosure::search::persona::read_personas;
    use crate::disclosure::search::views::{Views, Wanted};

    fn found(personas: &str, text: &str) -> Vec<String> {
        found_in(personas, "d", text)
    }

    fn found_in(personas: &str, parameter: &str, text: &str) -> Vec<String> {
        let values = read_personas(&format!("persona,kind,value\n{personas}")).unwrap();
        let needles = Needles::of(values).unwrap();
        let mut hits = Vec::new();
        for view in &Views::of(text, Wanted::All).views {
            needles.find(view, parameter, &mut hits);
        }
        hits.into_iter().map(|hit| hit.chain).collect()
    }

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    const SAM: &str = "sam,email,Sam.Tester@mail.example";

    #[test]
    fn a_mailbox_in_every_packing_has_its_chain() {
        let found = |text: &str| found(SAM, text);
        assert_eq!(
            found("Sam.Tester@mail.example"),
            ["the e-mail address as typed"]
        );
        assert_eq!(
            found("to sam.tester@mail.example."),
            ["the e-mail address in lower case"]
        );
        assert_eq!(
            found("SAM.tester@mail.example"),
            ["the e-mail address in other capitals"]
        );
        assert_eq!(
            found("{\"q\":\"U2FtLlRlc3RlckBtYWlsLmV4YW1wbGU=\"}"),
            ["base64 of the e-mail address as typed"]
        );
        assert_eq!(
            found("sam.tester%2540mail.example"),
            ["percent-encoding of percent-encoding of the e-mail address in lower case"]
        );
    }

    #[test]
    fn another_mailbox_and_a_longer_number_are_not_it() {
        for other in [
            "xsam.tester@mail.example",
            "my.sam.tester@mail.example",
            "sam.tester@mail.example.com",
            "sam.tester@mail.examples",
        ] {
            assert_eq!(found(SAM, other), Vec::<String>::new(), "{other}");
        }
        let phone = "sam,phone,07700 900123";
        for other in [
            "507700900123",
            "0.07700900123",
            "077009001234",
            "07700900123.5",
        ] {
            assert_eq!(found(phone, other), Vec::<String>::new(), "{other}");
        }
        assert_eq!(
            found(phone, "tel=+447700900123"),
            ["the phone number with a plus sign and the country's code"]
        );
    }

    #[test]
    fn short_and_common_words_count_only_as_the_whole_of_a_parameter_named_for_them() {
        let test = "sam,first_name,test";
        assert_eq!(
            found_in(test, "firstName", "test"),
            ["the first name as typed"]
        );
        assert_eq!(found_in(test, "variation_id", "test"), Vec::<String>::new());
        assert_eq!(found_in(test, "name", "A test of it"), Vec::<String>::new());
        assert_eq!(found(test, "latest"), Vec::<String>::new());
        assert_eq!(
            found("sam,text,I fell ill", "she said: I fell ill, and left"),
            ["the text as typed"]
        );
        assert_eq!(found("sam,gender,f", "f"), Vec::<String>::new());
        let hash = digest(Encoding::Sha256, b"f");
        assert_eq!(
            found("sam,gender,female", &hex(&hash)),
            ["sha256 of the gender cut to its first letter"]
        );
    }

    #[test]
    fn hashes_of_every_kind_writing_and_depth() {
        let typed = b"sam.tester@mail.example";
        for hash in HASHES {
            let name = hash.name();
            let once = digest(hash, typed);
            let of_form = "the e-mail address in lower case";
            assert_eq!(found(SAM, &hex(&once)), [format!("{name} of {of_form}")]);
            assert_eq!(
                found(SAM, &hex(&once).to_uppercase()),
                [format!("{name} of {of_form}")]
            );
            let behind_flags = format!("FFF{}", hex(&once));
            assert_eq!(found(SAM, &behind_flags), [format!("{name} of {of_form}")]);
            let written = format!(
                "em=tv.1~em.{}~pn.",
                STANDARD.encode(&once).trim_end_matches('=')
            );
            assert_eq!(
                found(SAM, &written),
                [format!("{name} (in base64) of {of_form}")]
            );
            let twice = digest(Encoding::Md5, hex(&once).as_bytes());
            assert_eq!(
                found(SAM, &hex(&twice)),
                [format!("md5 of {name} of {of_form}")]
            );
            let packed = STANDARD.encode(hex(&once));
            assert_eq!(
                found(SAM, &packed),
                [format!("base64 of {name} of {of_form}")]
            );
        }
        let of_percent = digest(Encoding::Sha1, b"sam.tester%40mail.example");
        assert_eq!(
            found(SAM, &hex(&of_percent)),
            ["sha1 of percent-encoding of the e-mail address in lower case"]
        );
    }

    #[test]
    fn a_hash_that_is_cut_off_or_another_is_not_found() {
        let hash = hex(&digest(Encoding::Sha256, b"sam.tester@mail.example"));
        assert_eq!(found(SAM, &hash[..62]), Vec::<String>::new());
        assert_eq!(
            found(SAM, &format!("{}00", &hash[..62])),
            Vec::<String>::new()
        );
    }

    #[test]
    fn how_a_value_is_looked_for_is_said() {
        let values = read_personas(
            "persona,kind,value\nsam,first_name,test\nsam,gender,f\nsam,email,a@b.example\n",
        )
        .unwrap();
        let needles = Needles::of(values).unwrap();
        assert!(needles.looked_for(0).contains("named for it"));
        assert!(needles.looked_for(1).contains("too short"));
        assert!(needles.looked_for(2).contains(": as it stands;"));
    }

    /// The ways of packing that are undone, by number.
    fn packed(text: &str, way: u8) -> String {
        use base64::engine::general_purpose::URL_SAFE_NO_PAD;
        match way {
            0 => STANDARD.encode(text),
            1 => URL_SAFE_NO_PAD.encode(text),
            2 => hex(text.as_bytes()),
            3 => in_percent(text),
            4 => serde_json::json!({ "k": text }).to_string(),
            _ => text
                .chars()
                .map(|c| format!("&#{};", u32::from(c)))
                .collect(),
        }
    }

    proptest::proptest! {
        #[test]
        fn a_value_is_found_in_any_two_packings_among_anything(
            mailbox in "[a-z][a-z0-9]{5,12}@[a-z]{4,9}\\.example",
            before in "[ -~]{0,20}",
            after in "[ -~]{0,20}",
            ways in proptest::collection::vec(0u8..6, 0..=2),
        ) {
            let text = format!("{before} {mailbox} {after}");
            let text = ways.iter().fold(text, |text, way| packed(&text, *way));
            let hits = found_in(&format!("sam,email,{mailbox}"), "d", &text);
            proptest::prop_assert!(!hits.is_empty(), "{ways:?}: {text}");
        }

        #[test]
        fn no_text_makes_it_stop(text in "\\PC{0,200}", signs in "[%\\\\&#;u0-9a-fA-F+/=_-]{0,200}") {
            for text in [text, signs] {
                found_in("sam,email,sam@mail.example\nsam,phone,07700 900123", "d", &text);
            }
        }
    }
}
