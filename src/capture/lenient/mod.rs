//! Turns a slice of the text into a value, also where the producer wrote no legal JSON: first as it stands, and
//! if that is refused, once more after repair.

mod fields;
mod json;
mod notes;
mod pairs;
mod repair;
mod string_repair;

pub use fields::Fields;
pub use json::Json;
pub use notes::{MAX_VALUE_BYTES, Notes};
pub use repair::Repairs;

/// The value that `text` holds. `None`: not even repair made it readable.
pub fn parse(text: &[u8], repairs: &mut Repairs) -> Option<Json> {
    match serde_json::from_slice(text) {
        Ok(value) => Some(value),
        Err(_) => {
            let mut needed = Repairs::new();
            let value = serde_json::from_str(&repair::repair(text, &mut needed)).ok()?;
            repairs.append(&mut needed);
            Some(value)
        }
    }
}

/// What a key says; a key that cannot be read says nothing.
pub fn key(quoted: &[u8]) -> String {
    match parse(quoted, &mut Repairs::new()) {
        Some(Json::Text(text)) => text,
        _ => String::new(),
    }
}
