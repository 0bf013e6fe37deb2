//! JSON bodies and JSON inside parameters, flattened in wire order: `{"a":{"b":[1]}}` becomes `a.b[0]` = `1`.
//!
//! serde_json's own map type would sort the keys and drop duplicates, so the flattening is done while it reads.

use std::fmt;

use crate::capture::repaired_json;
use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

/// More leaves than this in one document are cut: no tracker sends them, a hostile file could.
pub const MAX_LEAVES: usize = 200_000;

/// A document, flattened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flat {
    /// Path and value, in the order of the text.
    pub leaves: Vec<(String, String)>,
    /// There were more than are read.
    pub is_cut: bool,
}

/// Flattens a JSON document; `prefix` goes before every path. Scripts that cut a text in the middle of an emoji send half
/// a surrogate pair, which a strict reader refuses: such a text is read once more, repaired.
///
/// # Errors
/// The parser's own message where the text is not JSON.
pub fn flatten(text: &str, prefix: &str) -> Result<Flat, serde_json::Error> {
    flatten_strictly(text, prefix).or_else(|error| {
        let repaired = repaired_json(text);
        repaired
            .and_then(|repaired| flatten_strictly(&repaired, prefix).ok())
            .ok_or(error)
    })
}

fn flatten_strictly(text: &str, prefix: &str) -> Result<Flat, serde_json::Error> {
    let mut leaves = Vec::new();
    let mut reader = serde_json::Deserializer::from_str(text);
    Leaf {
        path: prefix.to_string(),
        leaves: &mut leaves,
    }
    .deserialize(&mut reader)?;
    reader.end()?;
    let is_cut = leaves.len() > MAX_LEAVES;
    leaves.truncate(MAX_LEAVES);
    Ok(Flat { leaves, is_cut })
}

/// Whether a text could be a JSON object or array.
pub fn looks_json(text: &str) -> bool {
    text.trim_start().starts_with(['{', '['])
}

struct Leaf<'a> {
    path: String,
    leaves: &'a mut Vec<(String, String)>,
}

impl Leaf<'_> {
    fn put(self, value: String) {
        // One more than is read is enough to know that there are too many.
        if self.leaves.len() <= MAX_LEAVES {
            self.leaves.push((self.path, value));
        }
    }
}

impl<'de> DeserializeSeed<'de> for Leaf<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Leaf<'_> {
    type Value = ();

    fn expecting(&self, out: &mut fmt::Formatter) -> fmt::Result {
        out.write_str("any JSON value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<(), E> {
        self.put(value.to_string());
        Ok(())
    }

    fn visit_i64<E>(self, value: i64) -> Result<(), E> {
        self.put(value.to_string());
        Ok(())
    }

    fn visit_u64<E>(self, value: u64) -> Result<(), E> {
        self.put(value.to_string());
        Ok(())
    }

    fn visit_f64<E>(self, value: f64) -> Result<(), E> {
        self.put(value.to_string());
        Ok(())
    }

    fn visit_str<E>(self, value: &str) -> Result<(), E> {
        self.put(value.to_string());
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        self.put(String::new());
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        let mut index = 0;
        loop {
            let item = Leaf {
                path: format!("{}[{index}]", self.path),
                leaves: self.leaves,
            };
            if items.next_element_seed(item)?.is_none() {
                return Ok(());
            }
            index += 1;
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        while let Some(key) = members.next_key::<String>()? {
            let path = if self.path.is_empty() {
                key
            } else {
                format!("{}.{key}", self.path)
            };
            members.next_value_seed(Leaf {
                path,
                leaves: self.leaves,
            })?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_duplicates_and_nesting_are_kept() {
        let found = flatten(
            r#"{"z":1,"a":{"b":[true,null,{"c":"x"}]},"z":"two"}"#,
            "cd[x]",
        )
        .unwrap()
        .leaves;
        let wanted = [
            ("cd[x].z", "1"),
            ("cd[x].a.b[0]", "true"),
            ("cd[x].a.b[1]", ""),
            ("cd[x].a.b[2].c", "x"),
            ("cd[x].z", "two"),
        ];
        assert_eq!(
            found,
            wanted.map(|(name, value)| (name.to_string(), value.to_string()))
        );
    }

    #[test]
    fn a_nesting_bomb_is_an_error_not_a_crash() {
        assert!(flatten(&"[".repeat(100_000), "").is_err());
    }

    #[test]
    fn too_many_leaves_are_cut_and_said() {
        let text = format!("[{}0]", "0,".repeat(MAX_LEAVES));
        let flat = flatten(&text, "").unwrap();
        assert_eq!((flat.leaves.len(), flat.is_cut), (MAX_LEAVES, true));
        assert!(!flatten("[1,2]", "").unwrap().is_cut);
    }
}
