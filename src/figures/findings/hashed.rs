//! The hashed values of a dataset, capture by capture: which event holds which, and where the captures are.

use std::collections::BTreeMap;

use super::event::{CapturePlace, event_number};
use super::{FigureError, Tables};
use crate::figures::answer::{Answer, ask};
use crate::figures::slices::{Slice, Slices};

/// A capture whose events hold hashed values.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CaptureHashes {
    pub capture_id: String,
    /// Where it was found, the one that was read first.
    pub places: Vec<CapturePlace>,
    pub items: Vec<HashedItem>,
}

/// One hashed data item of an event, without its value.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HashedItem {
    pub event_id: String,
    pub entry_index: u64,
    /// The number of the event within the entry.
    pub event_number: u64,
    /// The year in which the request began; 0: it is not known.
    pub year: u16,
    /// Its number within the event.
    pub number: u64,
    pub item: String,
    pub encoding: String,
    pub label: String,
    /// Whether its event is a repeat of another.
    pub is_repeat: bool,
}

impl CaptureHashes {
    /// Asks a dataset, and hands on the captures in the order of their ids; those without hashed values are left out.
    ///
    /// # Errors
    /// A table that cannot be read.
    pub fn each(tables: &Tables, take: &mut dyn FnMut(&CaptureHashes)) -> Result<(), FigureError> {
        for slice in Slices::of_captures(tables)? {
            CaptureHashes::of(tables, slice)?
                .iter()
                .for_each(&mut *take);
        }
        Ok(())
    }

    fn of(tables: &Tables, slice: &Slice) -> Result<Vec<CaptureHashes>, FigureError> {
        let mut captures: BTreeMap<String, CaptureHashes> = BTreeMap::new();
        for row in ask(tables, "hashed items", &items(slice))? {
            let capture = captures.entry(row.text(0)).or_default();
            capture.capture_id = row.text(0);
            capture.items.push(item(&row));
        }
        for row in ask(tables, "the files of captures", &places(slice))? {
            if let Some(capture) = captures.get_mut(&row.text(4)) {
                capture.places.push(CapturePlace::at(&row));
            }
        }
        Ok(captures.into_values().collect())
    }
}

fn items(slice: &Slice) -> String {
    let in_slice = slice.holds("event_id");
    format!(
        "SELECT e.capture_id, d.event_id, d.number, d.item, d.encoding, d.label, e.repeat_of IS NOT NULL AS is_repeat,
            e.entry_index, e.started_at
        FROM (
            SELECT * FROM disclosures
            WHERE encoding IN ('md5', 'sha1', 'sha256', 'sha512') AND {in_slice}
        ) AS d
        JOIN (SELECT * FROM events WHERE {in_slice}) AS e ON d.event_id = e.event_id
        ORDER BY d.event_id, d.number"
    )
}

fn places(slice: &Slice) -> String {
    format!(
        "SELECT path, member, file_sha256, sha256, capture_id, state = 'duplicate' AS is_copy
        FROM captures WHERE {} ORDER BY is_copy, path, member",
        slice.holds("capture_id")
    )
}

fn item(row: &Answer) -> HashedItem {
    let event_id = row.text(1);
    HashedItem {
        event_number: event_number(&event_id),
        event_id,
        number: row.number(2),
        item: row.text(3),
        encoding: row.text(4),
        label: row.text(5),
        is_repeat: row.text(6) == "true",
        entry_index: row.number(7),
        year: row
            .text(8)
            .get(..4)
            .and_then(|year| year.parse().ok())
            .unwrap_or(0),
    }
}
