//! A large dataset in slices. A figure that is made of an event at a time, and would need a list of all events to be counted
//! at once, is asked for slice by slice, and the answers are put together: so memory holds one slice, however many there are.
//!
//! A slice is a range of ids; together the slices hold every id, whatever it looks like, and what has none. Ids of captures
//! begin with a hash, and so do those of their events: ranges of them are of about one size. Tables are sorted by them, so
//! that a slice is read where it stands and the rest is passed over. Organisations lie all over a table, which is gone
//! through once for each slice of them; so there are fewer of these.

use super::Tables;
use super::answer::{ask, first, quoted};
use super::error::FigureError;
use std::sync::OnceLock;

/// Events of one slice of captures, about.
pub(super) const SLICE_EVENTS: u64 = 2_000_000;

/// A slice of organisations holds this many times the events.
const ORGANISATIONS_AT_ONCE: u64 = 2;

/// Ids that can be told apart by their first four digits.
const BEGINNINGS: u64 = 1 << 16;

/// The ids from one on and before another; `None`: from the first, to the last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Slice {
    from: Option<String>,
    before: Option<String>,
}

/// The slices of a dataset, counted when they are first asked for.
#[derive(Debug, Default)]
pub(super) struct Slices {
    of_captures: OnceLock<Vec<Slice>>,
    of_organisations: OnceLock<Vec<Slice>>,
}

impl Slices {
    /// The captures of a dataset; those of a small one are a single slice.
    pub(super) fn of_captures(tables: &Tables) -> Result<&[Slice], FigureError> {
        once(&tables.slices().of_captures, || Slice::of_captures(tables))
    }

    /// The organisations of a dataset.
    pub(super) fn of_organisations(tables: &Tables) -> Result<&[Slice], FigureError> {
        once(&tables.slices().of_organisations, || {
            Slice::of_organisations(tables)
        })
    }
}

fn once(
    counted: &OnceLock<Vec<Slice>>,
    count: impl FnOnce() -> Result<Vec<Slice>, FigureError>,
) -> Result<&[Slice], FigureError> {
    if let Some(slices) = counted.get() {
        return Ok(slices);
    }
    let slices = count()?;
    Ok(counted.get_or_init(|| slices))
}

impl Slice {
    fn of_captures(tables: &Tables) -> Result<Vec<Slice>, FigureError> {
        let events = ask(tables, "number of events", "SELECT COUNT(*) FROM events")?;
        let number = first(events).number(0).div_ceil(tables.slice_events());
        Ok(Slice::equal(number))
    }

    /// By what their rows say of their size: to count their events would itself need a list
    /// of all events. One that is larger than a slice is a slice of its own.
    fn of_organisations(tables: &Tables) -> Result<Vec<Slice>, FigureError> {
        let sql =
            "SELECT organisation_id, events + captures FROM organisations ORDER BY organisation_id";
        let most = tables.slice_events().saturating_mul(ORGANISATIONS_AT_ONCE);
        let mut beginnings = Vec::new();
        let mut held = 0_u64;
        for organisation in ask(tables, "sizes of organisations", sql)? {
            let events = organisation.number(1);
            if held > 0 && held + events > most {
                beginnings.push(organisation.text(0));
                held = 0;
            }
            held += events;
        }
        Ok(Slice::beginning_with(beginnings))
    }

    /// So many slices of about as many ids each, where ids begin with a hash in hexadecimal digits.
    pub(super) fn equal(number: u64) -> Vec<Slice> {
        let number = number.clamp(1, BEGINNINGS);
        let beginnings = (1..number).map(|slice| format!("{:04x}", slice * BEGINNINGS / number));
        Slice::beginning_with(beginnings.collect())
    }

    /// A slice from each of these ids on, and one before the first.
    fn beginning_with(beginnings: Vec<String>) -> Vec<Slice> {
        let beginnings = beginnings.into_iter().map(Some);
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
        match (&self.from, &self.before) {
            (None, None) => "TRUE".to_owned(),
            (None, Some(before)) => format!("({column} IS NULL OR {column} < {})", quoted(before)),
            (Some(from), None) => format!("{column} >= {}", quoted(from)),
            (Some(from), Some(before)) => {
                format!(
                    "{column} >= {} AND {column} < {}",
                    quoted(from),
                    quoted(before)
                )
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slices_leave_nothing_out_and_take_nothing_twice() {
        assert_eq!(Slice::equal(0), Slice::equal(1));
        assert_eq!(Slice::equal(1)[0].holds("id"), "TRUE");
        assert_eq!(Slice::equal(u64::MAX).len(), 65_536);
        for number in [2, 3, 10, 256] {
            let slices = Slice::equal(number);
            assert_eq!(slices.len() as u64, number);
            for pair in slices.windows(2) {
                assert_eq!(pair[0].before, pair[1].from);
                assert!(pair[0].from < pair[0].before);
            }
        }
        let slices = Slice::equal(256);
        assert_eq!(slices[0].holds("id"), "(id IS NULL OR id < '0100')");
        assert_eq!(slices[0xa0].holds("id"), "id >= 'a000' AND id < 'a100'");
        assert_eq!(slices[255].holds("id"), "id >= 'ff00'");
        let with_mark = Slice::beginning_with(vec!["o'b".to_owned()]);
        assert_eq!(with_mark[1].holds("id"), "id >= 'o''b'");
    }
}
