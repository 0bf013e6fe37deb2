//! What the analysis knew, held to what is in force now: rules, categories, registries, vocabulary and sheet, by their
//! hashes.

use std::collections::BTreeMap;
use std::path::PathBuf;

/// How what is known now compares with what was known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Known {
    /// Files or folders that were named then are not there.
    Missing(Vec<PathBuf>),
    /// It could be loaded once and cannot be any more: why.
    Faulty(String),
    Compared(Compared),
}

/// The names of the files, by what became of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Compared {
    pub same: usize,
    pub changed: Vec<String>,
    /// In force now, and not then.
    pub new: Vec<String>,
    /// In force then, and not now.
    pub gone: Vec<String>,
}

impl Known {
    /// How many files are not there, which says nothing against the dataset.
    pub fn missing(&self) -> usize {
        match self {
            Known::Missing(paths) => paths.len(),
            Known::Faulty(_) | Known::Compared(_) => 0,
        }
    }

    /// How many files are not as they were.
    pub fn differing(&self) -> usize {
        match self {
            Known::Missing(_) => 0,
            Known::Faulty(_) => 1,
            Known::Compared(files) => files.changed.len() + files.new.len() + files.gone.len(),
        }
    }
}

/// Compares two lists of names and hashes.
pub fn compare(then: &BTreeMap<String, String>, now: &BTreeMap<String, String>) -> Known {
    let mut compared = Compared::default();
    for (name, hash) in then {
        match now.get(name) {
            Some(today) if today == hash => compared.same += 1,
            Some(_) => compared.changed.push(name.clone()),
            None => compared.gone.push(name.clone()),
        }
    }
    let new = now.keys().filter(|name| !then.contains_key(*name));
    compared.new = new.cloned().collect();
    Known::Compared(compared)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_the_same_changed_new_or_gone() {
        let list = |names: &[(&str, &str)]| {
            let names = names
                .iter()
                .map(|(n, h)| ((*n).to_owned(), (*h).to_owned()));
            names.collect::<BTreeMap<_, _>>()
        };
        let then = list(&[("a", "1"), ("b", "1"), ("c", "1")]);
        let now = list(&[("a", "1"), ("b", "2"), ("d", "1")]);
        let known = compare(&then, &now);
        assert_eq!(
            known,
            Known::Compared(Compared {
                same: 1,
                changed: vec!["b".to_owned()],
                new: vec!["d".to_owned()],
                gone: vec!["c".to_owned()],
            })
        );
        assert_eq!(known.differing(), 3);
        assert_eq!(compare(&then, &then).differing(), 0);
    }
}
