//! The entries of a capture, in pieces. One list for all of a large capture would be moved again and again while it grows, and
//! stay whole until the last entry is used up.

use std::iter::Flatten;
use std::ops::Index;
use std::{slice, vec};

use super::entry::Entry;

/// Entries of one piece.
const PIECE: usize = 1024;

/// Entries in the order of the file.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Entries {
    /// All are full but the last.
    pieces: Vec<Vec<Entry>>,
}

impl Entries {
    pub fn push(&mut self, entry: Entry) {
        match self.pieces.last_mut() {
            Some(last) if last.len() < PIECE => last.push(entry),
            _ => self.pieces.push(vec![entry]),
        }
    }

    pub fn len(&self) -> usize {
        self.pieces.iter().map(Vec::len).sum()
    }

    pub fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }

    pub fn last(&self) -> Option<&Entry> {
        self.pieces.last()?.last()
    }

    pub fn iter(&self) -> Flatten<slice::Iter<'_, Vec<Entry>>> {
        self.pieces.iter().flatten()
    }
}

impl Index<usize> for Entries {
    type Output = Entry;

    fn index(&self, place: usize) -> &Entry {
        &self.pieces[place / PIECE][place % PIECE]
    }
}

impl Extend<Entry> for Entries {
    fn extend<I: IntoIterator<Item = Entry>>(&mut self, entries: I) {
        entries.into_iter().for_each(|entry| self.push(entry));
    }
}

impl FromIterator<Entry> for Entries {
    fn from_iter<I: IntoIterator<Item = Entry>>(entries: I) -> Entries {
        let mut all = Entries::default();
        all.extend(entries);
        all
    }
}

/// A piece is given back when its last entry was taken.
impl IntoIterator for Entries {
    type Item = Entry;
    type IntoIter = Flatten<vec::IntoIter<Vec<Entry>>>;

    fn into_iter(self) -> Self::IntoIter {
        self.pieces.into_iter().flatten()
    }
}

impl<'e> IntoIterator for &'e Entries {
    type Item = &'e Entry;
    type IntoIter = Flatten<slice::Iter<'e, Vec<Entry>>>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<'e> IntoIterator for &'e mut Entries {
    type Item = &'e mut Entry;
    type IntoIter = Flatten<slice::IterMut<'e, Vec<Entry>>>;

    fn into_iter(self) -> Self::IntoIter {
        self.pieces.iter_mut().flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_one_list() {
        let count = 2 * PIECE + 1;
        let numbered = |index| Entry {
            index,
            ..Entry::of_request("GET", "https://a.example/", None, None)
        };
        let mut entries: Entries = (0..count).map(numbered).collect();
        assert_eq!(entries.len(), count);
        assert!((0..count).all(|place| entries[place].index == place));
        for entry in &mut entries {
            entry.index += 1;
        }
        assert_eq!(entries.last().unwrap().index, count);
        let taken: Vec<usize> = entries.into_iter().map(|entry| entry.index).collect();
        assert_eq!(taken, (1..=count).collect::<Vec<_>>());
        let none = Entries::default();
        assert!(none.is_empty() && none.last().is_none() && none.iter().next().is_none());
    }
}
