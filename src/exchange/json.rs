//! JSON bodies and JSON inside parameters, flattened in wire order: `{"a":{"b":[1]}}` becomes `a.b[0]` = `1`.
//!
//! serde_json's own map type would sort the keys and drop duplicates, so the flattening is done while it reads.

use std::fmt;

use crate::capture::repaired_json;
use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

/// More leaves than this in one document are cut: no tracker sends them, a hostile file could.
pub const MAX_LEAVES: usize = 200_000;

/// And so are leaves whose paths together are longer than this: below a long key, each leaf repeats it.
pub const MAX_PATH_BYTES: usize = 16 << 20;

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
    let mut walk = Walk::from(prefix);
    let mut reader = serde_json::Deserializer::from_str(text);
    walk.deserialize(&mut reader)?;
    reader.end()?;
    Ok(walk.into_flat())
}

/// Flattens the JSON value with which a text begins, whatever follows it: such as an argument of a call. `None`: no value
/// stands there whole.
pub fn flatten_first(text: &[u8]) -> Option<Flat> {
    let mut walk = Walk::from("");
    let mut reader = serde_json::Deserializer::from_slice(text);
    walk.deserialize(&mut reader).ok()?;
    Some(walk.into_flat())
}

/// Whether a text could be a JSON object or array.
pub fn looks_json(text: &str) -> bool {
    text.trim_start().starts_with(['{', '['])
}

/// The way through a document: where it stands, and what it has met.
struct Walk {
    path: String,
    /// The paths of all leaves together.
    path_bytes: usize,
    leaves: Vec<(String, String)>,
    is_cut: bool,
}

impl Walk {
    fn from(prefix: &str) -> Walk {
        Walk {
            path: prefix.to_string(),
            path_bytes: 0,
            leaves: Vec::new(),
            is_cut: false,
        }
    }

    fn into_flat(self) -> Flat {
        Flat {
            leaves: self.leaves,
            is_cut: self.is_cut,
        }
    }

    fn put(&mut self, value: impl ToString) {
        let path_bytes = self.path_bytes + self.path.len();
        self.is_cut |= self.leaves.len() >= MAX_LEAVES || path_bytes > MAX_PATH_BYTES;
        if !self.is_cut {
            self.path_bytes = path_bytes;
            self.leaves.push((self.path.clone(), value.to_string()));
        }
    }
}

impl<'de> DeserializeSeed<'de> for &mut Walk {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for &mut Walk {
    type Value = ();

    fn expecting(&self, out: &mut fmt::Formatter) -> fmt::Result {
        out.write_str("any JSON value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<(), E> {
        self.put(value);
        Ok(())
    }

    fn visit_i64<E>(self, value: i64) -> Result<(), E> {
        self.put(value);
        Ok(())
    }

    fn visit_u64<E>(self, value: u64) -> Result<(), E> {
        self.put(value);
        Ok(())
    }

    fn visit_f64<E>(self, value: f64) -> Result<(), E> {
        self.put(value);
        Ok(())
    }

    fn visit_str<E>(self, value: &str) -> Result<(), E> {
        self.put(value);
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        self.put("");
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        let length = self.path.len();
        let mut index = 0;
        loop {
            self.path.push_str(&format!("[{index}]"));
            let item = items.next_element_seed(&mut *self)?;
            self.path.truncate(length);
            if item.is_none() {
                return Ok(());
            }
            index += 1;
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        let length = self.path.len();
        while let Some(key) = members.next_key::<String>()? {
            if length > 0 {
                self.path.push('.');
            }
            self.path.push_str(&key);
            members.next_value_seed(&mut *self)?;
            self.path.truncate(length);
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
    fn a_value_is_read_out_of_the_text_that_goes_on() {
        let leaf = |text: &str| flatten_first(text.as_bytes()).map(|flat| flat.leaves);
        let found = leaf(r#"{"a":["x"]}); next({"b":1})"#);
        assert_eq!(found, Some(vec![("a[0]".to_string(), "x".to_string())]));
        assert_eq!(leaf(r#"{"a":["x""#), None);
        assert_eq!(leaf("nothing"), None);
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

    #[test]
    fn a_long_key_is_not_repeated_without_end() {
        let text = format!("{{\"{}\":[{}0]}}", "a".repeat(20_000), "0,".repeat(10_000));
        let flat = flatten(&text, "").unwrap();
        let paths: usize = flat.leaves.iter().map(|(path, _)| path.len()).sum();
        assert!(flat.is_cut && paths <= MAX_PATH_BYTES);
        assert_eq!(flat.leaves[1].0, format!("{}[1]", "a".repeat(20_000)));
    }
}
