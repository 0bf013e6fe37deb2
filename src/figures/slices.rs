//! A large dataset in slices. A figure that is made of an event at a time, and would need a list of all events to be counted
//! at once, is asked for slice by slice, and the answers are put together: so memory holds one slice, however many there are.
//!
//! A slice is a range of the ids of captures, and so of the ids of their events, which begin with them. Together they hold
//! every id, whatever it looks like; as ids begin with a hash, they are of about one size. Tables are sorted by them, so a
//! slice is read where it stands and the rest is passed over.

use super::Tables;
use super::answer::{ask, first};
use super::error::FigureError;

/// Events of one slice, about.
const MOST_EVENTS: u64 = 2_000_000;

/// As many digits of an id are looked at, at most.
const MOST_DIGITS: u32 = 4;

/// The ids from one on and before another; `None`: from the first, to the last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Slice {
    from: Option<String>,
    before: Option<String>,
}

impl Slice {
    /// The slices of a dataset; a small one is a single slice.
    pub(super) fn all_of(tables: &Tables) -> Result<Vec<Slice>, FigureError> {
        let events = ask(tables, "number of events", "SELECT COUNT(*) FROM events")?;
        let events = first(events).number(0);
        let digits = (0..MOST_DIGITS).find(|digits| events >> (4 * digits) <= MOST_EVENTS);
        Ok(Slice::by_digits(digits.unwrap_or(MOST_DIGITS)))
    }

    /// A slice for each beginning of so many hexadecimal digits.
    pub(super) fn by_digits(digits: u32) -> Vec<Slice> {
        let width = digits as usize;
        let beginnings =
            (1..1_u64 << (4 * digits)).map(|number| Some(format!("{number:0width$x}")));
        let ends: Vec<Option<String>> =
            [None].into_iter().chain(beginnings).chain([None]).collect();
        let pairs = ends.iter().zip(ends.iter().skip(1));
        pairs
            .map(|(from, before)| Slice {
                from: from.clone(),
                before: before.clone(),
            })
            .collect()
    }

    /// The condition in SQL that a column of ids lies in this slice.
    pub(super) fn holds(&self, column: &str) -> String {
        let from = self.from.iter().map(|id| format!("{column} >= '{id}'"));
        let before = self.before.iter().map(|id| format!("{column} < '{id}'"));
        let conditions: Vec<String> = from.chain(before).collect();
        if conditions.is_empty() {
            "TRUE".to_owned()
        } else {
            conditions.join(" AND ")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slices_leave_nothing_out_and_take_nothing_twice() {
        assert_eq!(Slice::by_digits(0).len(), 1);
        assert_eq!(Slice::by_digits(0)[0].holds("id"), "TRUE");
        let slices = Slice::by_digits(2);
        assert_eq!(slices.len(), 256);
        for pair in slices.windows(2) {
            assert_eq!(pair[0].before, pair[1].from);
            assert!(pair[0].from < pair[0].before);
        }
        assert_eq!(slices[0].holds("id"), "id < '01'");
        assert_eq!(slices[0xa0].holds("id"), "id >= 'a0' AND id < 'a1'");
        assert_eq!(slices[255].holds("id"), "id >= 'ff'");
    }
}
