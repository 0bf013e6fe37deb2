//! Pseudonyms: equal values of one kind get one label, numbered by first appearance in the sorted dataset. There is
//! nothing in a label to guess the value from, and it comes out the same on every run.

use std::collections::HashMap;

use super::digest::Digest;

/// Hands out labels.
#[derive(Debug, Default)]
pub struct Labels {
    known: HashMap<(String, Digest), u64>,
    counts: HashMap<String, u64>,
}

impl Labels {
    /// The label of a value, given by its digest, of a kind, such as `meta-browser-id-3`. Call in the order of the dataset.
    pub fn label(&mut self, kind: &str, value: Digest) -> String {
        let key = (kind.to_string(), value);
        let number = match self.known.get(&key) {
            Some(&number) => number,
            None => {
                let count = self.counts.entry(kind.to_string()).or_insert(0);
                *count += 1;
                self.known.insert(key, *count);
                *count
            }
        };
        format!("{kind}-{number}")
    }
}

/// The kind of a value: who received it and which item it is. "Meta", "browser_id" → `meta-browser-id`.
pub fn kind(recipient: &str, item: &str) -> String {
    let recipient: String = recipient
        .chars()
        .map(|c| {
            if c.is_alphanumeric() {
                c.to_ascii_lowercase()
            } else {
                '-'
            }
        })
        .collect();
    format!("{recipient}-{}", item.replace('_', "-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_values_of_one_kind_share_a_label() {
        let mut labels = Labels::default();
        let [a, b] = ["a", "b"].map(|value| Digest::of(&[value]));
        let browser = kind("Meta", "browser_id");
        assert_eq!(labels.label(&browser, a), "meta-browser-id-1");
        assert_eq!(labels.label(&browser, b), "meta-browser-id-2");
        assert_eq!(labels.label(&browser, a), "meta-browser-id-1");
        assert_eq!(labels.label(&kind("Meta", "email"), a), "meta-email-1");
    }
}
