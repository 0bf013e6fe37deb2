//! What stays and what goes. A value stays only where a rule says what it is and the vocabulary says that it is about the page
//! or the device, never about the person. Everything else goes: too much rather than too little.

use crate::disclosure::{Show, Vocabulary};
use crate::page::is_search;
use crate::tracker::{Column, Leaf};

/// What becomes of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate<'v> {
    /// It stays, without what looks like an e-mail address.
    Stays,
    /// It is about the script or the transport: ids in it go.
    Technical,
    /// It is prose: e-mail addresses and long numbers in it go.
    Prose,
    /// It is an address: the values of its query go, where nobody says that they are harmless.
    Address,
    /// It goes; the word says what it was.
    Goes(&'v str),
}

/// Where no rule says what a value is.
pub const UNKNOWN: &str = "unknown";
/// What a visitor typed into a search.
pub const SEARCH_TERM: &str = "search_term";

/// Judges one value of a payload.
pub fn fate_of<'v>(leaf: &Leaf, vocabulary: &'v Vocabulary, keeps_searches: bool) -> Fate<'v> {
    let search = if keeps_searches {
        Fate::Prose
    } else {
        Fate::Goes(SEARCH_TERM)
    };
    let Some(rule) = leaf.rule else {
        return match leaf.name {
            name if is_search(name) => search,
            _ if leaf.decides => Fate::Stays,
            _ => Fate::Goes(UNKNOWN),
        };
    };
    let item = rule.item.as_deref().map(|name| vocabulary.get(name));
    match (item, rule.fills) {
        (Some(Some(item)), _) if item.name == SEARCH_TERM => search,
        (None, Some(Column::SearchTerm)) => search,
        (Some(Some(item)), _) => match item.show {
            Show::Content if item.name == "button_text" => Fate::Prose,
            Show::Content => Fate::Stays,
            Show::Typed => Fate::Prose,
            Show::Address => Fate::Address,
            Show::Masked | Show::Never => Fate::Goes(&item.name),
        },
        (Some(None), _) => Fate::Goes(UNKNOWN),
        (None, Some(Column::PageUrl | Column::Referrer | Column::ClickedDestination)) => {
            Fate::Address
        }
        (None, Some(Column::PageTitle | Column::ClickedText)) => Fate::Prose,
        (None, None) if !leaf.decides => Fate::Technical,
        (None, _) => Fate::Stays,
    }
}

/// Whether a value is what an event is known by.
pub fn names_the_event(leaf: &Leaf) -> bool {
    let fills = leaf.rule.and_then(|rule| rule.fills);
    matches!(fills, Some(Column::AccountId | Column::EventName))
}
