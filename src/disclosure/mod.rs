//! The disclosure room: an event in; the data items that it gave away out, each in one vocabulary, with how it was
//! encoded, whom it identifies, and how it may be shown.

mod encoding;
mod explain;
mod hash;
mod mask;
mod personas;
pub mod search;
mod vocabulary;

use crate::exchange::{CookiesRecorded, Location, Parameter};
use crate::tracker::{CollectedBy, Event, Library, ValueForm};
use search::Search;
use std::borrow::Cow;

pub use encoding::{Encoding, is_nothing, without_flags};
pub use explain::{Explained, explain};
pub use hash::{HASHES, digest};
pub use mask::{
    Reveal, address as masked_address, email_pattern, number_pattern, shown, typed as masked_typed,
};
pub use vocabulary::{Item, Power, Show, VOCABULARY_TEXT, Vocabulary};

/// What goes wrong with the vocabulary or with rules that use it.
#[derive(Debug, thiserror::Error)]
pub enum DisclosureError {
    #[error("the vocabulary of data items cannot be read: {0}")]
    BadVocabulary(String),
    #[error("rule {rule} names the item {item:?}, which the vocabulary does not have")]
    UnknownItem { rule: String, item: String },
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

    /// How many values there are to try, at most, until a hash or a mask of it is undone.
    pub fn recoverable(&self) -> Option<u64> {
        self.item.candidates.filter(|_| self.hides())
    }

    fn hides(&self) -> bool {
        self.encoding.is_hash() || self.encoding == Encoding::Mask
    }

    /// The value as it may be shown.
    pub fn shown(&self, reveal: Reveal) -> String {
        let show = match self.encoding {
            // A mask is what the recipient got of the value; its length and shape are no more than the wire said,
            // and still say something of the person.
            Encoding::Mask | Encoding::Removed => Show::Masked,
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
        match self.encoding {
            Encoding::Plain => self.item.plain,
            Encoding::Mask | Encoding::Removed => Power::Nothing,
            _ => self.item.hashed,
        }
    }
}

/// How the visitor could be identified by one event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Identifiability {
    /// An account of a logged-in visitor, or an e-mail address, telephone number or name in plain text.
    Named,
    /// Hashed contact data that the recipient can compare with its accounts.
    Matchable,
    /// An id that marks the browser or the visitor again.
    Pseudonymous,
    None,
    /// Nothing was found, and the capture does not hold what would decide it.
    NotRecorded,
}

impl Identifiability {
    pub fn name(self) -> &'static str {
        match self {
            Identifiability::Named => "named",
            Identifiability::Matchable => "matchable",
            Identifiability::Pseudonymous => "pseudonymous",
            Identifiability::None => "none",
            Identifiability::NotRecorded => "not_recorded",
        }
    }

    /// The strongest power among the items; without any, only a capture with cookies can say "none".
    pub fn of(disclosures: &[Disclosure], cookies: CookiesRecorded) -> Identifiability {
        let any = |power| disclosures.iter().any(|d| d.power() == power);
        if any(Power::Names) {
            Identifiability::Named
        } else if any(Power::Matches) {
            Identifiability::Matchable
        } else if any(Power::Pseudonym) {
            Identifiability::Pseudonymous
        } else if cookies == CookiesRecorded::Yes {
            Identifiability::None
        } else {
            Identifiability::NotRecorded
        }
    }
}

/// The items that an event gave away, in wire order, its cookies next, and last what only a persona's value shows. What
/// neither a rule nor a persona names is no disclosure.
pub fn disclosures_of<'a>(
    event: &'a Event,
    vocabulary: &'a Vocabulary,
    search: &Search,
) -> Vec<Disclosure<'a>> {
    let mut disclosures = named_by_rules(event, vocabulary);
    if search.has_personas() {
        personas::find(event, vocabulary, search, &mut disclosures);
    }
    disclosures
}

fn named_by_rules<'a>(event: &'a Event, vocabulary: &'a Vocabulary) -> Vec<Disclosure<'a>> {
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
        (is_item && !is_nothing(value)).then_some(Disclosure {
            item,
            parameter: name,
            location: *location,
            encoding,
            collected_by: rule.collected_by,
            hash_expected: rule.form == ValueForm::Hash,
            value: value.into(),
            persona: None,
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
        })
    });
    parameters.chain(cookies).collect()
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
    use crate::capture::{Entry, Pair, Request};
    use crate::exchange::{Exchange, ProducerHabits};

    fn judged(query: &str, cookie: Option<&str>, recorded: CookiesRecorded) -> Identifiability {
        let library = Library::built_in().unwrap();
        let vocabulary = Vocabulary::built_in().unwrap();
        let entry = Entry {
            request: Request {
                method: "GET".into(),
                url: format!("https://www.facebook.com/tr/?id=111222333444555&ev=Lead&{query}"),
                headers: cookie
                    .map(|value| Pair {
                        name: "cookie".into(),
                        value: value.into(),
                    })
                    .into_iter()
                    .collect(),
                ..Request::default()
            },
            ..Entry::default()
        };
        let exchange = Exchange::decode(&entry, ProducerHabits::default()).unwrap();
        let decoding = library.decode(&exchange).unwrap();
        let search = Search::new(None).unwrap();
        let found = disclosures_of(&decoding.events[0], &vocabulary, &search);
        Identifiability::of(&found, recorded)
    }

    #[test]
    fn built_in_rules_use_the_vocabulary() {
        let vocabulary = Vocabulary::built_in().unwrap();
        check_items(&Library::built_in().unwrap(), &vocabulary).unwrap();
    }

    #[test]
    fn what_identifies_is_judged_by_its_form() {
        let hash = "a1".repeat(32);
        let yes = CookiesRecorded::Yes;
        assert_eq!(
            judged("x=1", Some("c_user=100000000000001"), yes),
            Identifiability::Named
        );
        assert_eq!(
            judged("ud[em]=sam@mail.example", None, yes),
            Identifiability::Named
        );
        assert_eq!(
            judged(&format!("udff[em]={hash}"), None, yes),
            Identifiability::Matchable
        );
        assert_eq!(
            judged(&format!("udff[st]={hash}"), None, yes),
            Identifiability::None
        );
        assert_eq!(
            judged("fbp=fb.1.1.1", None, yes),
            Identifiability::Pseudonymous
        );
        assert_eq!(judged("cud[em]=***@***", None, yes), Identifiability::None);
        assert_eq!(judged("ud[em]=", None, yes), Identifiability::None);
        assert_eq!(
            judged("ud[em]=%23%23Email%20Address%23%23", None, yes),
            Identifiability::None
        );
        assert_eq!(
            judged("ud[ph]=%2B44%207700%20900123", None, yes),
            Identifiability::Named
        );
        assert_eq!(
            judged("ud[ph]=%7Bphone%7D", None, yes),
            Identifiability::None
        );
        assert_eq!(
            judged("ud[fn]=%25%25FIRSTNAME%25%25", None, yes),
            Identifiability::None
        );
    }

    #[test]
    fn without_cookies_in_the_capture_nothing_found_is_not_nothing_sent() {
        assert_eq!(
            judged("x=1", None, CookiesRecorded::No),
            Identifiability::NotRecorded
        );
        assert_eq!(
            judged("x=1", None, CookiesRecorded::ProbablyRemoved),
            Identifiability::NotRecorded
        );
        assert_eq!(
            judged("x=1", None, CookiesRecorded::Yes),
            Identifiability::None
        );
    }

    #[test]
    fn the_hash_of_an_empty_field_is_no_contact_data() {
        let nothing = "udff[em]=e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(
            judged(nothing, None, CookiesRecorded::Yes),
            Identifiability::None
        );
    }
}
