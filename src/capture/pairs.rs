//! Names and values as recorded, in one piece of memory: a capture holds thirty an entry, and two texts of their own for each
//! would take more time and room than all the rest of it.

use std::fmt;

use super::Pair;

/// Names and values in the order in which they were recorded, duplicates included.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct Pairs {
    /// All names and values, one behind the other.
    text: String,
    /// Where each name and its value end in it: no capture is so large that half a word would not do.
    ends: Vec<(u32, u32)>,
}

/// One of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PairRef<'p> {
    pub name: &'p str,
    pub value: &'p str,
}

impl Pairs {
    /// Without any, and with room for so many whose names and values are so many bytes together.
    pub fn with_room(pairs: usize, bytes: usize) -> Pairs {
        Pairs {
            text: String::with_capacity(bytes),
            ends: Vec::with_capacity(pairs),
        }
    }

    pub fn push(&mut self, name: &str, value: &str) {
        let name_end = self.text.len() + name.len();
        let ends = (name_end.try_into(), (name_end + value.len()).try_into());
        if let (Ok(name_end), Ok(end)) = ends {
            self.text.push_str(name);
            self.text.push_str(value);
            self.ends.push((name_end, end));
        }
    }

    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    pub fn len(&self) -> usize {
        self.ends.len()
    }

    pub fn iter(&self) -> impl ExactSizeIterator<Item = PairRef<'_>> + Clone {
        let mut next = 0;
        self.ends.iter().map(move |(name_end, end)| {
            let (name_end, end) = (*name_end as usize, *end as usize);
            let start = std::mem::replace(&mut next, end);
            PairRef {
                name: self.text.get(start..name_end).unwrap_or_default(),
                value: self.text.get(name_end..end).unwrap_or_default(),
            }
        })
    }

    /// Those with one of some names, without regard to case.
    pub fn named(&self, names: &[&str]) -> Pairs {
        let mut named = Pairs::default();
        for pair in self.iter().filter(|pair| is_one_of(pair.name, names)) {
            named.push(pair.name, pair.value);
        }
        named.shrink();
        named
    }

    /// The first value of a header, by name without regard to case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut named = self
            .iter()
            .filter(|pair| pair.name.eq_ignore_ascii_case(name));
        named.next().map(|pair| pair.value)
    }

    /// Gives back the room that is left over from growing.
    pub fn shrink(&mut self) {
        self.text.shrink_to_fit();
        self.ends.shrink_to_fit();
    }
}

/// Whether a name is one of some, without regard to case.
pub fn is_one_of(name: &str, names: &[&str]) -> bool {
    names.iter().any(|one| name.eq_ignore_ascii_case(one))
}

impl fmt::Debug for Pairs {
    fn fmt(&self, out: &mut fmt::Formatter) -> fmt::Result {
        out.debug_list().entries(self.iter()).finish()
    }
}

impl FromIterator<Pair> for Pairs {
    fn from_iter<I: IntoIterator<Item = Pair>>(all: I) -> Pairs {
        let mut pairs = Pairs::default();
        for Pair { name, value } in all {
            pairs.push(&name, &value);
        }
        pairs.shrink();
        pairs
    }
}

impl From<Vec<Pair>> for Pairs {
    fn from(all: Vec<Pair>) -> Pairs {
        all.into_iter().collect()
    }
}

impl PartialEq<Vec<Pair>> for Pairs {
    fn eq(&self, other: &Vec<Pair>) -> bool {
        let equal =
            |(one, other): (PairRef, &Pair)| one.name == other.name && one.value == other.value;
        self.len() == other.len() && self.iter().zip(other).all(equal)
    }
}

impl From<PairRef<'_>> for Pair {
    fn from(pair: PairRef) -> Pair {
        Pair {
            name: pair.name.to_owned(),
            value: pair.value.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_put_in_comes_out() {
        let pairs: Pairs = [
            ("Cookie", "a=1"),
            ("", ""),
            ("x", "\u{e9}"),
            ("cookie", "b"),
        ]
        .map(|(name, value)| PairRef { name, value }.into())
        .into_iter()
        .collect();
        let read: Vec<_> = pairs.iter().map(|pair| (pair.name, pair.value)).collect();
        assert_eq!(
            read,
            [
                ("Cookie", "a=1"),
                ("", ""),
                ("x", "\u{e9}"),
                ("cookie", "b")
            ]
        );
        assert_eq!(
            (pairs.header("COOKIE"), pairs.header("y")),
            (Some("a=1"), None)
        );
        assert!(Pairs::default().is_empty() && Pairs::default().iter().next().is_none());
    }
}
