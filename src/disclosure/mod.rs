//! The disclosure room: an event in; the data items that it gave away out, each in one vocabulary, with how it was
//! encoded, whom it identifies, and how it may be shown; and what the visitor had answered to the page's consent banner.

mod case_key;
mod consent;
mod encoding;
mod examples;
mod explain;
mod hash;
mod identifiability;
mod mask;
mod personas;
pub mod recover;
pub mod search;
mod shape;
mod vocabulary;

use std::collections::HashMap;

use crate::exchange::{Location, Parameter, is_placeholder};
use crate::tracker::{CollectedBy, Event, Library, ValueForm};
use std::borrow::Cow;

pub use case_key::{CaseKey, LEAST_KEY};
pub use consent::{AnswerCookie, Asked, CONSENT_TEXT, Consent, ConsentTools, Timelines, Verdict};
pub use encoding::{Encoding, is_nothing, without_flags};
pub use examples::check_encodings;
pub use explain::{Explained, explain};
pub use hash::{HASHES, digest};
pub use identifiability::Identifiability;
pub use mask::{
    Reveal, address as masked_address, email_pattern, number_pattern, shown, typed as masked_typed,
};
pub use personas::add_personas;
pub use vocabulary::{Item, Power, Show, VOCABULARY_TEXT, Vocabulary};

/// What goes wrong with the vocabulary or with rules that use it.
#[derive(Debug, thiserror::Error)]
pub enum DisclosureError {
    #[error("the vocabulary of data items cannot be read: {0}")]
    BadVocabulary(String),
    #[error("rule {rule} names the item {item:?}, which the vocabulary does not have")]
    UnknownItem { rule: String, item: String },
    #[error("the list of consent tools cannot be read: {0}")]
    BadConsentTools(String),
}

/// One data item that an event gave away.
#[derive(Debug, Clone)]
pub struct Disclosure<'a> {
    pub item: &'a Item,
    pub parameter: &'a str,
    pub location: Location,
    pub encoding: Encoding,
    /// `None`: no rule says.
    pub collected_by: Option<CollectedBy>,
    /// Whether the rule expects a hash here.
    pub hash_expected: bool,
    /// As it was; masked only where it is shown.
    pub value: Cow<'a, str>,
    /// The persona whose value it is.
    pub persona: Option<PersonaFound>,
    /// How many values have the shape that a mask of the same item, collected in the same way, shows beside it in the
    /// event: a hash and its mask are of one value.
    shape: Option<u64>,
}

/// A persona, and how its value became what was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonaFound {
    pub persona: String,
    pub chain: String,
}

impl Disclosure<'_> {
    /// How a hash or a mask of it is undone; `None` for plain values too.
    pub fn turned_back_by(&self) -> Option<&str> {
        self.item.turned_back.as_deref().filter(|_| self.hides())
    }

    /// How many values there are to try, at most, until a hash or a mask of it is undone: those of the item, or where a
    /// mask leaves fewer, those. Items without a count, such as names, may hold letters of any script: no mask counts them.
    pub fn recoverable(&self) -> Option<u64> {
        let of_item = self.item.candidates.filter(|_| self.hides())?;
        Some(self.shape.map_or(of_item, |of_shape| of_shape.min(of_item)))
    }

    fn hides(&self) -> bool {
        self.encoding.is_hash() || self.encoding == Encoding::Mask
    }

    /// The value as it may be shown.
    pub fn shown(&self, reveal: Reveal) -> String {
        let show = match self.encoding {
            // A mask is what the recipient got of the value; its length and shape are no more than the wire said,
            // and still say something of the person.
            Encoding::Mask => Show::Masked,
            // The filter's own word, which says nothing of the value.
            Encoding::Removed => Show::Content,
            _ => self.item.show,
        };
        shown(&self.value, show, reveal)
    }

    /// Whether equal values get a pseudonym, so that they can be followed without being shown.
    pub fn is_labelled(&self) -> bool {
        self.item.show == Show::Masked
            && !matches!(self.encoding, Encoding::Mask | Encoding::Removed)
    }

    fn power(&self) -> Power {
        self.item.power(self.encoding)
    }
}

/// The items that an event gave away, in wire order, its cookies last. What no rule names is no disclosure, unless a persona's
/// value proves it: see [`add_personas`].
pub fn disclosures_of<'a>(event: &'a Event, vocabulary: &'a Vocabulary) -> Vec<Disclosure<'a>> {
    let parameters = event.told.iter().filter_map(|told| {
        let rule = event.meaning_of(told)?;
        let item = vocabulary.get(rule.item.as_deref()?)?;
        let Parameter {
            name,
            value,
            location,
            ..
        } = &told.parameter;
        let encoding = Encoding::of(value, rule.form);
        let is_item = encoding != Encoding::Plain || vocabulary.can_be(item, value);
        (is_item && !is_empty(value, encoding)).then_some(Disclosure {
            item,
            parameter: name,
            location: *location,
            encoding,
            collected_by: told.collected_by,
            hash_expected: rule.form == ValueForm::Hash,
            value: value.into(),
            persona: None,
            shape: None,
        })
    });
    let cookies = event.cookies.iter().filter_map(|told| {
        let item = vocabulary.get(&event.meaning_of_cookie(told).item)?;
        (!is_nothing(&told.cookie.value)).then(|| Disclosure {
            item,
            parameter: &told.cookie.name,
            location: Location::Cookie,
            encoding: Encoding::Plain,
            collected_by: None,
            hash_expected: false,
            value: told.cookie.value.as_str().into(),
            persona: None,
            shape: None,
        })
    });
    let mut found: Vec<Disclosure> = parameters.chain(cookies).collect();
    narrow_by_masks(&mut found);
    found
}

/// Whether a value gives nothing away. Asterisks alone are a value that somebody blacked out; but where a mask stands,
/// they are the mask of a word in lower case.
fn is_empty(value: &str, encoding: Encoding) -> bool {
    match encoding {
        Encoding::Mask => is_placeholder(value),
        _ => is_nothing(value),
    }
}

/// Gives each item the smallest number of values that the masks of the same item leave, where both were collected in the
/// same way: what the site passed and what the tracker read out of the form may differ.
fn narrow_by_masks(found: &mut [Disclosure]) {
    let mut smallest: HashMap<(&str, Option<CollectedBy>), u64> = HashMap::new();
    for mask in found.iter().filter(|d| d.encoding == Encoding::Mask) {
        let Some(values) = shape::values_of(&mask.value) else {
            continue;
        };
        let key = (mask.item.name.as_str(), mask.collected_by);
        let least = smallest.entry(key).or_insert(values);
        *least = values.min(*least);
    }
    for disclosure in found {
        let key = (disclosure.item.name.as_str(), disclosure.collected_by);
        disclosure.shape = smallest.get(&key).copied();
    }
}

/// Holds every rule to the vocabulary: an item that it does not have would be lost in silence.
///
/// # Errors
/// The first rule that names an unknown item.
pub fn check_items(library: &Library, vocabulary: &Vocabulary) -> Result<(), DisclosureError> {
    for rule in library.rules() {
        let of_parameters = rule.parameters.iter().filter_map(|p| p.item.as_ref());
        let of_cookies = rule.cookies.iter().map(|c| &c.item);
        for item in of_parameters.chain(of_cookies) {
            if vocabulary.get(item).is_none() {
                return Err(DisclosureError::UnknownItem {
                    rule: rule.name.clone(),
                    item: item.clone(),
                });
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capture::Entry;
    use crate::exchange::{Exchange, ProducerHabits};

    #[test]
    fn built_in_rules_use_the_vocabulary() {
        let vocabulary = Vocabulary::built_in().unwrap();
        check_items(&Library::built_in().unwrap(), &vocabulary).unwrap();
    }

    /// Of each disclosure of a pixel event, its parameter and how many values there are to try.
    fn recoverable(query: &str) -> Vec<(String, Option<u64>)> {
        let library = Library::built_in().unwrap();
        let vocabulary = Vocabulary::built_in().unwrap();
        let url = format!("https://www.facebook.com/tr/?id=111222333444555&ev=Lead&{query}");
        let entry = Entry::of_request("GET", &url, None, None);
        let exchange = Exchange::decode(&entry, ProducerHabits::default()).unwrap();
        let decoding = library.decode(&exchange).unwrap();
        disclosures_of(&decoding.events[0], &vocabulary)
            .iter()
            .map(|found| (found.parameter.to_string(), found.recoverable()))
            .collect()
    }

    fn of_first(query: &str) -> Option<u64> {
        recoverable(query)[0].1
    }

    const HASH: &str = "973dfe463ec85785f5f95af5ba3906eedb2d931c24e69824a89ea65dba4e813b";

    #[test]
    fn a_hash_has_as_many_candidates_as_its_item() {
        assert_eq!(of_first(&format!("ud[ge]={HASH}")), Some(2));
        assert_eq!(of_first(&format!("ud[country]={HASH}")), Some(249));
        assert_eq!(of_first(&format!("ud[st]={HASH}")), Some(676));
        assert_eq!(of_first(&format!("ud[db]={HASH}")), Some(43_830));
        assert_eq!(of_first(&format!("ud[zp]={HASH}")), Some(1_800_000));
        assert_eq!(of_first(&format!("ud[ph]={HASH}")), Some(1_000_000_000));
        assert_eq!(of_first(&format!("ud[em]={HASH}")), None);
        assert_eq!(of_first("ud[ge]=f"), None, "plain text hides nothing");
    }

    #[test]
    fn a_mask_beside_a_hash_leaves_fewer() {
        let zip = format!("ud[zp]={HASH}&cud[zp]=%23%23%23%23%23");
        assert_eq!(of_first(&zip), Some(100_000));
        let phone =
            format!("ud[ph]={HASH}&cud[ph]=%2B%23%23%23%23%23%23&ncud[ph]=%23%23%23%23%23%23");
        assert_eq!(of_first(&phone), Some(1_000_000));
        let longer = format!("ud[ph]={HASH}&cud[ph]=%2B%23%23%23%23%23%23%23%23%23%23%23");
        assert_eq!(of_first(&longer), Some(1_000_000_000));
        let date = format!("ud[db]={HASH}&cud[db]=%23%23%23%23-%23%23-%23%23");
        assert_eq!(of_first(&date), Some(43_830));
        let region = format!("ud[st]={HASH}&cud[st]=^********&ncud[st]=**");
        assert_eq!(of_first(&region), Some(676));
        let name = format!("ud[fn]={HASH}&ncud[fn]=***");
        assert_eq!(
            of_first(&name),
            None,
            "a name may hold letters of any script"
        );
    }

    #[test]
    fn a_mask_counts_for_its_own_value_and_for_no_other() {
        let two = format!("udff[zp]={HASH}&cud[zp]=%23%23%23%23%23");
        let wanted = [
            ("udff[zp]".to_string(), Some(1_800_000)),
            ("cud[zp]".to_string(), Some(100_000)),
        ];
        assert_eq!(recoverable(&two), wanted);
    }
}
