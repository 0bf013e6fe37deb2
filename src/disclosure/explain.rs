//! Every parameter and cookie of an event, known or not: what it means, who says so, and how it may be shown.

use super::mask::{Reveal, shown};
use super::vocabulary::{Show, Vocabulary};
use crate::exchange::Location;
use crate::tracker::{Column, Event, ParameterRule};

/// One parameter, explained.
#[derive(Debug, Clone)]
pub struct Explained<'a> {
    pub location: Location,
    name: &'a str,
    value: &'a str,
    show: Show,
    /// Unpacked out of another parameter.
    pub derived: bool,
    pub item: Option<&'a str>,
    /// `None`: no rule says what it means.
    pub meaning: Option<&'a str>,
    pub source: Option<&'a str>,
}

impl Explained<'_> {
    /// The name as it may be shown: it comes off the wire too.
    pub fn name(&self, reveal: Reveal) -> String {
        shown(self.name, Show::Content, reveal)
    }

    /// Whether this is the parameter or cookie that stood there with this name and value.
    pub fn is(&self, location: Location, name: &str, value: &str) -> bool {
        self.location == location && self.name == name && self.value == value
    }

    /// The value, if it is the secret of a login, which is never shown.
    pub fn secret(&self) -> Option<&str> {
        (self.show == Show::Never && !self.value.is_empty()).then_some(self.value)
    }

    /// The value as it may be shown.
    pub fn value(&self, reveal: Reveal) -> String {
        shown(self.value, self.show, reveal)
    }
}

/// Explains an event, in wire order, its cookies last.
pub fn explain<'a>(event: &'a Event, vocabulary: &Vocabulary) -> Vec<Explained<'a>> {
    let parameters = event.told.iter().map(|told| {
        let rule = event.meaning_of(told);
        Explained {
            location: told.parameter.location,
            name: &told.parameter.name,
            value: &told.parameter.value,
            show: show_of(rule, vocabulary),
            derived: told.derived,
            item: rule.and_then(|rule| rule.item.as_deref()),
            meaning: rule.map(|rule| rule.meaning.as_str()),
            source: rule.map(|rule| rule.source.as_str()),
        }
    });
    let cookies = event.cookies.iter().map(|told| {
        let rule = event.meaning_of_cookie(told);
        let item = vocabulary.get(&rule.item);
        Explained {
            location: Location::Cookie,
            name: &told.cookie.name,
            value: &told.cookie.value,
            show: item.map_or(Show::Never, |item| item.show),
            derived: false,
            item: Some(&rule.item),
            meaning: Some(&rule.meaning),
            source: Some(&rule.source),
        }
    });
    parameters.chain(cookies).collect()
}

fn show_of(rule: Option<&ParameterRule>, vocabulary: &Vocabulary) -> Show {
    // What no rule knows may be anything.
    let Some(rule) = rule else {
        return Show::Masked;
    };
    match rule.item.as_deref().map(|item| vocabulary.get(item)) {
        Some(item) => item.map_or(Show::Masked, |item| item.show),
        // The site's own account, and then what is about the script or the transport; a long number there may be the
        // moment in which a browser id was made.
        None if rule.fills == Some(Column::AccountId) => Show::Content,
        None => Show::Typed,
    }
}
