//! What looks personal in a text that stays: found here, replaced where it stands.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::fate::SEARCH_TERM;
use crate::disclosure::search::{Search, words_in};
use crate::disclosure::{email_pattern, number_pattern};

/// Finds personal data in a text that a parameter or the like of this name holds.
pub trait Finder {
    /// Where it stands, and what it is.
    fn find(&self, name: &str, text: &str) -> Vec<(Range<usize>, &'static str)>;
}

/// What the volunteers typed, by the list of personas, in every packing and hash.
#[derive(Debug, Clone, Copy)]
pub struct Typed<'s>(pub &'s Search);

impl Finder for Typed<'_> {
    fn find(&self, name: &str, text: &str) -> Vec<(Range<usize>, &'static str)> {
        let typed = self.0.personas_in(name, text).into_iter();
        let typed = typed.map(|hit| (hit.value, hit.found));
        typed
            .chain(self.0.names_in(text))
            .flat_map(|(value, found)| {
                let persona = self.0.persona(value);
                let what = persona.map_or("form_value", |value| value.kind.item());
                places_of(&found, text, what)
            })
            .collect()
    }
}

/// What looks like contact data.
#[derive(Debug, Clone, Copy)]
pub struct Looks<'s>(pub &'s Search);

impl Finder for Looks<'_> {
    fn find(&self, name: &str, text: &str) -> Vec<(Range<usize>, &'static str)> {
        let hits = self.0.shapes_in(name, text).into_iter();
        hits.flat_map(|found| places_of(&found, text, "by_its_look"))
            .collect()
    }
}

/// What was searched for, in lower case, where it stands as words.
#[derive(Debug)]
pub struct Terms(pub BTreeSet<String>);

impl Finder for Terms {
    fn find(&self, _: &str, text: &str) -> Vec<(Range<usize>, &'static str)> {
        let small = text.to_lowercase();
        let terms = self.0.iter();
        terms
            .filter(|term| !words_in(&small, term).is_empty())
            .flat_map(|term| places_of(term, text, SEARCH_TERM))
            .collect()
    }
}

/// Where something stands that was found in a text or, unpacked, out of it: then all of the text is what it stands in.
fn places_of(found: &str, text: &str, what: &'static str) -> Vec<(Range<usize>, &'static str)> {
    let small = text.to_lowercase();
    // A few letters are longer when they are small, and then the places are others.
    let places = match small.len() == text.len() {
        true => words_in(&small, &found.to_lowercase()),
        false => words_in(text, found),
    };
    match places.is_empty() {
        true => vec![(0..text.len(), what)],
        false => places.into_iter().map(|place| (place, what)).collect(),
    }
}

/// E-mail addresses, wherever they stand.
#[derive(Debug, Clone, Copy)]
pub struct Emails;

impl Finder for Emails {
    fn find(&self, _: &str, text: &str) -> Vec<(Range<usize>, &'static str)> {
        if !text.contains('@') && !text.contains("%40") {
            return Vec::new();
        }
        let found = email_pattern().into_iter();
        found
            .flat_map(|pattern| pattern.find_iter(text))
            .map(|hit| (hit.range(), "email"))
            .collect()
    }
}

/// Long numbers in prose, as telephone numbers are written.
#[derive(Debug, Clone, Copy)]
pub struct Numbers;

impl Finder for Numbers {
    fn find(&self, _: &str, text: &str) -> Vec<(Range<usize>, &'static str)> {
        let found = number_pattern().into_iter();
        found
            .flat_map(|pattern| pattern.find_iter(text))
            .map(|hit| (hit.range(), "number"))
            .collect()
    }
}

/// Pieces of a path that are no words: ten digits and more, or as many letters and digits mixed as no word has.
#[derive(Debug, Clone, Copy)]
pub struct PathIds;

impl Finder for PathIds {
    fn find(&self, _: &str, text: &str) -> Vec<(Range<usize>, &'static str)> {
        let mut found = uuids(text);
        let mut start = 0;
        for run in text.split(|c: char| !c.is_ascii_alphanumeric()) {
            if is_id(run) {
                found.push((start..start + run.len(), "path_id"));
            }
            // Every divider but an ASCII one is longer than a byte.
            let behind = text
                .get(start + run.len()..)
                .and_then(|rest| rest.chars().next());
            start += run.len() + behind.map_or(0, char::len_utf8);
        }
        found
    }
}

/// Ids of a request or a visit among what is technical: numbers stay there, because they are times and versions.
#[derive(Debug, Clone, Copy)]
pub struct TechnicalIds;

impl Finder for TechnicalIds {
    fn find(&self, name: &str, text: &str) -> Vec<(Range<usize>, &'static str)> {
        let is_number = |range: &Range<usize>| {
            let hit = text.get(range.clone()).unwrap_or_default();
            hit.bytes().all(|byte| byte.is_ascii_digit())
        };
        let mut found = PathIds.find(name, text);
        found.retain(|(range, _)| !is_number(range));
        found
            .iter_mut()
            .for_each(|(_, what)| *what = "technical_id");
        found
    }
}

/// RFC 9562, 4: what looks so is an id.
fn uuids(text: &str) -> Vec<(Range<usize>, &'static str)> {
    static UUID: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new("(?i)[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}").ok()
    });
    let found = UUID.iter().flat_map(|uuid| uuid.find_iter(text));
    found.map(|hit| (hit.range(), "path_id")).collect()
}

fn is_id(run: &str) -> bool {
    let digits = run.bytes().filter(u8::is_ascii_digit).count();
    let is_number = digits == run.len() && digits >= 10;
    // A word with a number behind or in it changes between them once or twice, an identifier all the time.
    let kinds = run.as_bytes().windows(2);
    let changes = kinds.filter(|two| two.iter().filter(|b| b.is_ascii_digit()).count() == 1);
    is_number || (run.len() >= 12 && changes.count() >= 3)
}

/// Replaces what was found; where finds overlap, the one that begins first. `None`: nothing was found.
pub fn replaced(
    text: &str,
    mut found: Vec<(Range<usize>, &'static str)>,
    replace: &mut dyn FnMut(&str, &'static str) -> Option<String>,
) -> Option<String> {
    found.sort_by_key(|(range, _)| (range.start, std::cmp::Reverse(range.end)));
    let mut out = String::new();
    let mut end = 0;
    for (range, what) in found {
        if range.start < end {
            continue;
        }
        let (Some(before), Some(hit)) = (text.get(end..range.start), text.get(range.clone()))
        else {
            continue;
        };
        let Some(new) = replace(hit, what) else {
            continue;
        };
        out.push_str(before);
        out.push_str(&new);
        end = range.end;
    }
    (end > 0).then(|| out + text.get(end..).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn starred(text: &str, finder: &dyn Finder) -> Option<String> {
        replaced(text, finder.find("", text), &mut |hit, _| {
            Some("*".repeat(hit.len()))
        })
    }

    #[test]
    fn shapes_are_found_and_the_rest_stays() {
        assert_eq!(
            starred(
                "v2;1772478253060;857f03b2-d331-416a-8950-492155e64b5a",
                &TechnicalIds
            )
            .as_deref(),
            Some("v2;1772478253060;************************************")
        );
        assert_eq!(starred("20250427-16-RELEASE", &TechnicalIds), None);
        assert_eq!(
            starred("write to a@b.example now", &Emails).as_deref(),
            Some("write to *********** now")
        );
        assert_eq!(
            starred("call 07700 900123", &Numbers).as_deref(),
            Some("call ************")
        );
        assert_eq!(starred("self harm 24", &Numbers), None);
        let path = "/é/news-12345678/9434765919/3f7c9a21b2e8004d/covid19vaccination";
        assert_eq!(
            starred(path, &PathIds).as_deref(),
            Some("/é/news-12345678/**********/****************/covid19vaccination")
        );
    }
}
