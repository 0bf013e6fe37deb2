//! The members of one object, taken out one by one in the type that is wanted. A value of another type is turned
//! into it where that is beyond doubt, and otherwise left out with a note.

use std::borrow::Cow;
use std::fmt;

use super::json::Json;
use super::notes::Notes;
use super::pairs::pairs;
use crate::capture::Pair;

/// A member as it is named in a message: written out only where there is something to say of it.
#[derive(Debug, Clone, Copy)]
pub struct Field<'k> {
    /// The object that it is a member of; nothing at the top of an entry.
    place: &'static str,
    key: &'k str,
}

impl fmt::Display for Field<'_> {
    fn fmt(&self, out: &mut fmt::Formatter) -> fmt::Result {
        let dot = if self.place.is_empty() { "" } else { "." };
        write!(out, "{}{dot}{}", self.place, self.key)
    }
}

/// An object whose members are still to be taken.
#[derive(Debug)]
pub struct Fields<'a> {
    /// Where the object stands, for messages: "request", or nothing at the top of an entry.
    place: &'static str,
    members: Vec<(Cow<'a, str>, Json<'a>)>,
}

impl<'a> Fields<'a> {
    pub fn new(place: &'static str, members: Vec<(Cow<'a, str>, Json<'a>)>) -> Self {
        Fields { place, members }
    }

    /// The member's value as it stands; `Null` where there is none. Of duplicates, the last.
    pub fn take(&mut self, key: &str, notes: &mut Notes) -> Json<'a> {
        let mut last = Json::Null;
        let mut count = 0usize;
        self.members.retain_mut(|(name, value)| {
            let wanted = name == key;
            if wanted {
                count += 1;
                last = std::mem::take(value);
            }
            !wanted
        });
        if count > 1 {
            notes.duplicate(self.field(key), count);
        }
        last
    }

    /// A text, or whatever can be written as one.
    pub fn text(&mut self, key: &str, notes: &mut Notes) -> Option<String> {
        let text = match self.take(key, notes) {
            Json::List(_) | Json::Object(_) => {
                notes.wrong_type(self.field(key), "a text");
                return None;
            }
            single => single.into_scalar()?,
        };
        Some(notes.cut(self.field(key), text.into_owned()))
    }

    /// A text, or an object's JSON text; an empty one counts as none.
    pub fn text_or_json(&mut self, key: &str, notes: &mut Notes) -> Option<String> {
        let text = match self.take(key, notes) {
            Json::Text(text) => text.into_owned(),
            Json::Null => return None,
            other => other.to_json_text(),
        };
        Some(notes.cut(self.field(key), text)).filter(|text| !text.is_empty())
    }

    /// A number, also one written as a text. An empty text, as `NaN`, means that there is none.
    pub fn number(&mut self, key: &str, notes: &mut Notes) -> Option<f64> {
        let (number, says_nothing) = match self.take(key, notes) {
            Json::Number(number) => (number.as_f64(), false),
            Json::Text(text) => (text.trim().parse().ok(), text.trim().is_empty()),
            other => (None, other == Json::Null),
        };
        if number.is_none() && !says_nothing {
            notes.wrong_type(self.field(key), "a number");
        }
        number.filter(|number: &f64| number.is_finite())
    }

    /// A whole number; a fraction is dropped.
    pub fn integer(&mut self, key: &str, notes: &mut Notes) -> Option<i64> {
        let number = self.number(key, notes)?.trunc();
        // Up to 2^53 every whole number is exact as f64; no size or status comes near.
        const EXACT: f64 = 9_007_199_254_740_992.0;
        if number.abs() > EXACT {
            notes.wrong_type(self.field(key), "a number of sensible size");
            return None;
        }
        Some(number as i64)
    }

    /// `true`, also where it is written as a text or a number.
    pub fn flag(&mut self, key: &str, notes: &mut Notes) -> bool {
        match self.take(key, notes) {
            Json::Bool(value) => value,
            Json::Text(text) => text.eq_ignore_ascii_case("true"),
            Json::Number(number) => number.as_f64() != Some(0.0),
            Json::Null => false,
            Json::List(_) | Json::Object(_) => {
                notes.wrong_type(self.field(key), "true or false");
                false
            }
        }
    }

    /// Names and values: headers, cookies, parameters.
    pub fn pairs(&mut self, key: &str, notes: &mut Notes) -> Vec<Pair> {
        let value = self.take(key, notes);
        pairs(self.field(key), value, notes)
    }

    /// An object inside; an empty one where there is none.
    pub fn inside(&mut self, key: &str, place: &'static str, notes: &mut Notes) -> Fields<'a> {
        match self.take(key, notes) {
            Json::Object(members) => Fields::new(place, members),
            Json::Null => Fields::new(place, Vec::new()),
            _ => {
                notes.wrong_type(self.field(key), "an object");
                Fields::new(place, Vec::new())
            }
        }
    }

    /// The value of the first member whose name holds `part` and whose value is a text that says something.
    pub fn text_named_like(&self, part: &str) -> Option<String> {
        self.members.iter().find_map(|(name, value)| match value {
            Json::Text(text) if !text.is_empty() && name.to_ascii_lowercase().contains(part) => {
                Some(text.to_string())
            }
            _ => None,
        })
    }

    fn field<'k>(&self, key: &'k str) -> Field<'k> {
        Field {
            place: self.place,
            key,
        }
    }
}
