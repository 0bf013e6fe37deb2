//! The vocabulary of data items: one list for every tracker, read from `vocabulary.toml`.

use std::collections::HashMap;

use serde::Deserialize;

use super::DisclosureError;
use super::encoding::Encoding;
use crate::pattern::Pattern;

/// What a value does to the visitor, by the vocabulary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Power {
    #[default]
    Nothing,
    /// Marks the same visitor again.
    Pseudonym,
    /// The recipient can compare it with its own accounts.
    Matches,
    /// Names a person without more.
    Names,
}

impl Power {
    pub fn name(self) -> &'static str {
        match self {
            Power::Nothing => "nothing",
            Power::Pseudonym => "pseudonym",
            Power::Matches => "matches",
            Power::Names => "names",
        }
    }
}

/// How a value is shown by default.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Show {
    Content,
    Address,
    Typed,
    Masked,
    Never,
}

/// A kind of data item.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    pub name: String,
    pub is: String,
    pub is_not: String,
    /// What a plain value must fit whole to be this item at all.
    pub plain_looks: Option<String>,
    pub plain: Power,
    #[serde(default)]
    pub hashed: Power,
    pub show: Show,
    /// What the site wrote on its page, not the visitor.
    #[serde(default)]
    pub of_page: bool,
    /// "enumeration" or "dictionary"; `None`: not by known means.
    pub turned_back: Option<String>,
    /// How many values there are, at most; `None`: more than can be counted.
    pub candidates: Option<u64>,
}

impl Item {
    /// What a value of it does to the visitor, sent in this form.
    pub fn power(&self, encoding: Encoding) -> Power {
        match encoding {
            Encoding::Plain => self.plain,
            Encoding::Mask | Encoding::Removed => Power::Nothing,
            Encoding::Md5 | Encoding::Sha1 | Encoding::Sha256 | Encoding::Sha512 => self.hashed,
        }
    }
}

/// The vocabulary.
#[derive(Debug)]
pub struct Vocabulary {
    items: Vec<Item>,
    /// `Item::plain_looks`, in the order of the items.
    looks: Vec<Option<Pattern>>,
    by_name: HashMap<String, usize>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    items: Vec<Item>,
}

/// The file as compiled in, for the record of the run.
pub const VOCABULARY_TEXT: &str = include_str!("vocabulary.toml");

impl Vocabulary {
    /// The built-in vocabulary.
    ///
    /// # Errors
    /// Never, for the file as shipped: a test holds it to that.
    pub fn built_in() -> Result<Vocabulary, DisclosureError> {
        let file: File = toml::from_str(VOCABULARY_TEXT)
            .map_err(|error| DisclosureError::BadVocabulary(error.to_string()))?;
        let whole = |look: &String| {
            let look = Pattern::new(format!("^(?:{look})$"));
            // There is only the built-in file: that its patterns are some is for the tests to find.
            if cfg!(test) {
                look.check()?;
            }
            Ok(look)
        };
        let looks: Result<Vec<Option<Pattern>>, regex::Error> = file
            .items
            .iter()
            .map(|item| item.plain_looks.as_ref().map(whole).transpose())
            .collect();
        let names = file.items.iter().map(|item| item.name.clone());
        Ok(Vocabulary {
            looks: looks.map_err(|error| DisclosureError::BadVocabulary(error.to_string()))?,
            by_name: names.enumerate().map(|(at, name)| (name, at)).collect(),
            items: file.items,
        })
    }

    /// Whether a plain value can be the item at all; a placeholder of a template cannot.
    pub fn can_be(&self, item: &Item, value: &str) -> bool {
        let look = self
            .by_name
            .get(&item.name)
            .and_then(|&place| self.looks.get(place));
        look.and_then(Option::as_ref)
            .is_none_or(|look| look.is_match(value.trim()))
    }

    pub fn get(&self, name: &str) -> Option<&Item> {
        self.items.get(*self.by_name.get(name)?)
    }

    pub fn items(&self) -> &[Item] {
        &self.items
    }
}
