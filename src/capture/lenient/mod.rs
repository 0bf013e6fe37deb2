//! Turns a slice of the text into a value, also where the producer wrote no legal JSON: first as it stands, and
//! if that is refused, once more after repair.

mod fields;
mod json;
mod legal;
mod notes;
mod pairs;
mod repair;
mod string_repair;

pub use fields::Fields;
pub use json::Json;
pub use legal::{is_legal, legal_text, say};
pub use notes::{MAX_VALUE_BYTES, Notes};
pub use repair::Repairs;

/// The value that `text` holds. `None`: not even repair made it readable.
pub fn parse<'a>(text: &'a [u8], repairs: &mut Repairs) -> Option<Json<'a>> {
    match std::str::from_utf8(text).map(serde_json::from_str) {
        Ok(Ok(value)) => Some(value),
        _ => {
            let mut needed = Repairs::new();
            let twin = repair::repair(text, &mut needed);
            let value: Json = serde_json::from_str(&twin).ok()?;
            repairs.append(&mut needed);
            Some(value.into_owned())
        }
    }
}

/// The legal twin of a JSON text that a strict reader refuses for what its strings hold, such as half a surrogate pair.
/// `None` where more than strings would have to be changed: then it says something else, or is no JSON.
pub fn repaired(text: &str) -> Option<String> {
    let mut needed = Repairs::new();
    let twin = repair::repair(text.as_bytes(), &mut needed);
    let only_strings = repair::OF_WORDS.iter().all(|kind| !needed.contains(kind));
    only_strings.then_some(twin)
}

/// What a quoted text says, also where half a surrogate pair or a damaged escape stands in it. `None`: it is no text.
pub fn unquoted(quoted: &[u8]) -> Option<String> {
    match parse(quoted, &mut Repairs::new()) {
        Some(Json::Text(text)) => Some(text.into_owned()),
        _ => None,
    }
}

/// What a key says; a key that cannot be read says nothing.
pub fn key(quoted: &[u8]) -> String {
    unquoted(quoted).unwrap_or_default()
}
