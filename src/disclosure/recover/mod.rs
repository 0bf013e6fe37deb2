//! Hashed values turned back by trying what they may be: what is to be found, what there is to try, and the forms in which
//! trackers hash it. It is never part of an analysis. A hash of one of a few thousand values hides nothing, and this shows
//! it, on the data of people who agreed to that.

mod digest;
mod postcodes;
mod space;
mod spaces;

use std::collections::HashMap;

use super::hash::with_digest;
use super::search::{Kind, forms_of};
use super::{Disclosure, Encoding};
pub use space::Space;
pub use spaces::spaces;

/// Every form in which a typed value of an item may have been hashed. The value as it is comes first.
pub fn forms(item: &str, typed: &str) -> Vec<String> {
    let forms = forms_of(Kind::of_item(item), typed);
    forms.into_iter().map(|form| form.text).collect()
}

/// The bytes of a hash as it went over the wire, whatever they were written in; `None`: it is none.
pub fn digest_of(disclosure: &Disclosure) -> Option<Vec<u8>> {
    disclosure.encoding.is_hash().then_some(())?;
    digest::bytes_of(&disclosure.value)
}

/// Hashes of one kind that are looked for together.
#[derive(Debug)]
pub struct Wanted {
    encoding: Encoding,
    places: HashMap<Vec<u8>, usize>,
    /// Whether any of them begins with these two bytes: most candidates are refused here.
    begins: Vec<bool>,
}

impl Wanted {
    /// Those in `digests`, each known by its place there.
    pub fn new(encoding: Encoding, digests: &[Vec<u8>]) -> Wanted {
        let mut begins = vec![false; 1 << 16];
        for digest in digests {
            if let Some(begin) = beginning(digest).and_then(|begin| begins.get_mut(begin)) {
                *begin = true;
            }
        }
        let places = digests.iter().cloned().zip(0..).collect();
        Wanted {
            encoding,
            places,
            begins,
        }
    }

    /// The place of the hash that this value has.
    pub fn place_of(&self, candidate: &[u8]) -> Option<usize> {
        with_digest(self.encoding, candidate, |digest| {
            let begins = beginning(digest).and_then(|begin| self.begins.get(begin))?;
            begins.then(|| self.places.get(digest).copied())?
        })
    }
}

fn beginning(digest: &[u8]) -> Option<usize> {
    match digest {
        [first, second, ..] => Some(usize::from(*first) << 8 | usize::from(*second)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The place among the wanted of every hash that a space gives back, with the value.
    fn found(item: &str, values: &[&str], encoding: Encoding) -> Vec<String> {
        let hash = |value: &&str| with_digest(encoding, value.as_bytes(), |d| Some(d.to_vec()));
        let digests: Vec<Vec<u8>> = values.iter().filter_map(hash).collect();
        let wanted = Wanted::new(encoding, &digests);
        let mut found = Vec::new();
        for space in spaces(item, 2026, &[]) {
            space.each(0..space.count(), |candidate| {
                if wanted.place_of(candidate).is_some() {
                    found.push(String::from_utf8(candidate.to_vec()).unwrap());
                }
            });
        }
        found
    }

    #[test]
    fn what_can_be_enumerated_is_found_under_every_hash() {
        use Encoding::{Md5, Sha1, Sha256, Sha512};
        for encoding in [Md5, Sha1, Sha256, Sha512] {
            assert_eq!(found("gender", &["f"], encoding), ["f"]);
        }
        assert_eq!(found("country", &["gb", "US"], Sha256), ["gb", "US"]);
        assert_eq!(found("region", &["wy"], Sha256), ["wy"]);
        let births = ["19840229", "29/02/1984", "1984-02-29"];
        assert_eq!(found("date_of_birth", &births, Md5).len(), 3);
        assert!(found("gender", &["something else"], Sha256).is_empty());
    }
}
