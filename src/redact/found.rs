//! What was found to go, everywhere in the captures: the net through which everything passes that stays. A cookie's value in
//! the path of a page is caught here, and so is the moment in which a browser id was made.

use std::collections::{BTreeMap, BTreeSet};

use aho_corasick::{AhoCorasick, MatchKind};

use super::placeholder::{Maker, runs};
use crate::exchange::percent::decode;
use crate::exchange::{Address, encode_component};

/// Values that go are looked for elsewhere from this length on.
const WHOLE: usize = 6;

/// Numbers that every program knows, and so no identifiers.
const OF_EVERYBODY: [&str; 5] = [
    "0123456789",
    "0123456789abcdef",
    "2147483647",
    "4294967295",
    "9007199254740991",
];

/// Longer values are packed data, pictures and recordings, of which no piece stands elsewhere.
const LONGEST: usize = 16 << 10;

/// What the first reading of all captures finds.
#[derive(Debug, Default)]
pub struct Found {
    /// Values that go, and what of them is looked for elsewhere.
    going: BTreeSet<String>,
    /// What an event is known by: a site's account, the event's name.
    kept: BTreeSet<String>,
    /// The pages, without their queries.
    pages: BTreeSet<String>,
}

impl Found {
    /// Notes a value that goes. Escapes are no part of it, however often it was escaped: they have digits of their own.
    pub fn note(&mut self, value: &str) {
        if value.len() > LONGEST {
            return;
        }
        let value = (0..3).fold(value.to_owned(), |value, _| decode(&value));
        for run in runs(&value).filter(|run| is_telling_run(run)) {
            self.going.insert(run.to_owned());
        }
        if is_telling(&value) {
            self.going.insert(value);
        }
    }

    /// Notes a value that must stay wherever it stands.
    pub fn keep(&mut self, value: &str) {
        self.kept.insert(value.to_owned());
    }

    /// Notes the address of a page.
    pub fn page(&mut self, address: &Address) {
        self.pages.insert(address.without_query());
    }

    /// Whether a page of this address was met, whatever its query.
    pub fn is_page(&self, address: &Address) -> bool {
        self.pages.contains(&address.without_query())
    }

    /// The net made of it.
    ///
    /// # Errors
    /// More values than can be looked for at once.
    pub fn net(&self, maker: &Maker) -> Result<Net, aho_corasick::BuildError> {
        let going: Vec<&String> = self.going.iter().collect();
        let mut is_kept = vec![false; going.len()];
        let pieces = AhoCorasick::new(&going)?;
        for kept in &self.kept {
            for piece in pieces.find_overlapping_iter(kept) {
                if let Some(is_kept) = is_kept.get_mut(piece.pattern().as_usize()) {
                    *is_kept = true;
                }
            }
        }
        let mut forms: BTreeMap<String, String> = BTreeMap::new();
        let going = going.into_iter().zip(is_kept);
        for value in going.filter_map(|(value, is_kept)| (!is_kept).then_some(value)) {
            let mut form = value.clone();
            let mut new = maker.of("", value);
            // As it is, and percent-encoded once and twice.
            for _ in 0..3 {
                forms.entry(form.clone()).or_insert_with(|| new.clone());
                form = encode_component(&form);
                new = encode_component(&new);
            }
        }
        let (forms, placeholders): (Vec<String>, Vec<String>) = forms.into_iter().unzip();
        let matcher = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .build(&forms)?;
        Ok(Net {
            matcher,
            placeholders,
        })
    }
}

/// Whether a whole value can be nothing but an identifier: it has digits enough, and is no address and no sentence.
fn is_telling(value: &str) -> bool {
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    let is_place = value.contains("://") || value.starts_with('/') || value.contains('?');
    value.len() >= WHOLE
        && value.len() <= 512
        && digits >= 4
        && !is_place
        && !value.contains(char::is_whitespace)
}

/// Whether a run of letters and digits can be nothing but an identifier, a date and a long word not being one.
fn is_telling_run(run: &str) -> bool {
    let digits = run.bytes().filter(u8::is_ascii_digit).count();
    let is_long = match run.len() {
        10..=512 => digits >= 2,
        _ => false,
    };
    let first = run.bytes().next();
    let is_even = run.bytes().all(|byte| Some(byte) == first);
    is_long && !is_even && !OF_EVERYBODY.contains(&run)
}

/// Finds what goes, in a text that stays.
#[derive(Debug)]
pub struct Net {
    matcher: AhoCorasick,
    placeholders: Vec<String>,
}

impl Net {
    /// The text with placeholders; `None`: nothing was found.
    pub fn through(&self, text: &str) -> Option<String> {
        self.matcher.find(text)?;
        Some(self.matcher.replace_all(text, &self.placeholders))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn through(going: &[&str], kept: &[&str], text: &str) -> Option<String> {
        let mut found = Found::default();
        going.iter().for_each(|value| found.note(value));
        kept.iter().for_each(|value| found.keep(value));
        found
            .net(&Maker::with_key(b"invented"))
            .unwrap()
            .through(text)
    }

    #[test]
    fn what_goes_is_found_in_every_dress() {
        let maker = Maker::with_key(b"invented");
        let value = "id=12345/ab";
        let new = maker.of("", value);
        for dress in [
            |t: &str| t.to_owned(),
            encode_component,
            |t: &str| encode_component(&encode_component(t)),
        ] {
            let text = format!("x {} y", dress(value));
            assert_eq!(
                through(&[value], &[], &text),
                Some(format!("x {} y", dress(&new)))
            );
        }
    }

    #[test]
    fn a_run_of_an_identifier_is_found_alone() {
        let fbp = "fb.1.1772478252980.482915037261";
        let new = through(&[fbp], &[], "it=1772478252980").unwrap();
        assert!(new.starts_with("it=") && !new.contains("1772478252980"));
    }

    #[test]
    fn words_dates_pages_and_accounts_are_not_looked_for() {
        for going in [
            "contact-us",
            "accepted",
            "2026-03-01T10:00",
            "https://a.example/2026",
            "en-GB",
        ] {
            let text = format!("https://clinic.example/{going}");
            let found = through(&[going], &[], &text);
            assert!(found.is_none() || going.starts_with("2026"), "{going}");
        }
        let account = "111222333444555";
        assert_eq!(through(&[account], &[account], account), None);
    }
}
