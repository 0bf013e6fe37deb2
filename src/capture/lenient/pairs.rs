//! Lists of names and values, in every way producers write them: as a list of objects, as one object, with lists
//! or objects in the place of values.

use std::borrow::Cow;

use super::fields::Field;
use super::json::Json;
use super::notes::Notes;
use crate::capture::Pair;

/// The pairs that a value holds, in its order.
pub fn pairs(field: Field, value: Json, notes: &mut Notes) -> Vec<Pair> {
    let mut found = Vec::new();
    match value {
        Json::Null => {}
        Json::Object(members) => {
            for (name, value) in members {
                push(field, name, value, notes, &mut found);
            }
        }
        Json::List(elements) => {
            found.reserve(elements.len());
            for element in elements {
                push_element(field, element, notes, &mut found);
            }
        }
        _ => notes.wrong_type(field, "a list of names and values"),
    }
    found
}

/// One `{"name": …, "value": …}`.
fn push_element(field: Field, element: Json, notes: &mut Notes, found: &mut Vec<Pair>) {
    let mut name = None;
    let mut value = Json::Null;
    if let Json::Object(members) = element {
        for (key, member) in members {
            match &*key {
                "name" => name = member.into_scalar(),
                "value" => value = member,
                _ => {}
            }
        }
    }
    match name {
        Some(name) => push(field, name, value, notes, found),
        None => notes.wrong_type(format_args!("{field}[]"), "an object with a name"),
    }
}

/// A list in the place of a value is several values of the same name.
fn push(field: Field, name: Cow<str>, value: Json, notes: &mut Notes, found: &mut Vec<Pair>) {
    match value {
        Json::List(values) => {
            for value in values {
                found.push(pair(field, name.clone(), value, notes));
            }
        }
        single => found.push(pair(field, name, single, notes)),
    }
}

fn pair(field: Field, name: Cow<str>, value: Json, notes: &mut Notes) -> Pair {
    let text = match value {
        nested @ (Json::List(_) | Json::Object(_)) => nested.to_json_text().into(),
        single => single.into_scalar().unwrap_or_default(),
    };
    Pair {
        name: name.into_owned(),
        value: notes.cut(field, text.into_owned()),
    }
}
