//! A part: what one input yields, before anything is known of the others. Its rows are those of the tables, as far as one
//! capture can say them, and beside them stands what the comparison with all others needs. Parts come from reading; from a
//! shard on disk; or from a worker: the whole-dataset stage ([`super::join`]) makes no difference between them.
//!
//! A part is more than may be published: addresses of pages stand in it unmasked. Without a case key equal values are known by
//! the digest of the value, which can be found by trying; with one, by a label that cannot.

use std::panic::{AssertUnwindSafe, catch_unwind};

use serde::{Deserialize, Serialize};

use super::Knowledge;
use super::digest::Digest;
use super::kin::kin_of;
use super::pages::SeenPage;
use super::reading::{Reading, read_one};
use super::repeats::Witness;
use super::rows;
use crate::capture::{
    InputFile, Problem, Receipt, Sink, Stage, Taken, read_bytes_as, read_captures,
};
use crate::dataset::{
    CaptureRow, ContactRow, DisclosureRow, EventRow, MatchRow, ParameterRow, ProblemRow, SettingRow,
};

/// What one input yields.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Part {
    /// The input's name in the list of all inputs; no other has the same.
    pub input_id: String,
    /// What the input is called in the tables.
    pub path: String,
    /// Where the file is, byte by byte; empty: nowhere that can be looked at again.
    #[serde(with = "bytes")]
    pub file: Vec<u8>,
    /// Of the file as received; empty where it could not be read.
    pub sha256: String,
    /// Members of archives that are plainly no captures.
    pub left_out: u64,
    /// What it shares with every other part with which it has to be compared, beside the traces of its captures; sorted, each
    /// once.
    pub kin: Vec<i64>,
    pub captures: Vec<CapturePart>,
}

/// What one capture yields.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CapturePart {
    /// Still without what all captures together say: whose duplicate and session it is.
    pub row: CaptureRow,
    /// What tells each request from all others; sorted, each once.
    pub traces: Vec<i64>,
    pub pages: Vec<SeenPage>,
    pub events: Vec<EventPart>,
    pub contacts: Vec<OfPage<ContactRow>>,
    pub matches: Vec<OfPage<MatchRow>>,
    /// Requests to third parties that were looked through, and those of them without their body.
    pub requests_searched: u64,
    pub requests_without_body: u64,
    pub settings: Vec<SettingRow>,
    pub problems: Vec<ProblemRow>,
}

/// A row about a page, which has no id before all pages are known.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct OfPage<R> {
    pub page_key: Option<String>,
    pub row: R,
}

/// One event with its items and parameters.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct EventPart {
    /// Still without its page, and whose repeat it is.
    pub row: EventRow,
    pub page_key: Option<String>,
    pub witness: Witness,
    pub items: Vec<ItemPart>,
    pub parameters: Vec<ParameterRow>,
}

/// One data item.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ItemPart {
    /// With its label where that is keyed.
    pub row: DisclosureRow,
    /// By which equal values are known, where the label is a number that only all captures together give.
    pub value: Option<Digest>,
}

impl Part {
    /// The name of an input by its position among all, so that names sort as inputs do.
    pub fn input_id(place: usize) -> String {
        format!("{place:010}")
    }

    /// What a file yields; `place` is its position among all. Never fails: what cannot be read is a capture's problem.
    pub fn of_file(file: &InputFile, place: usize, knowledge: &Knowledge) -> Part {
        Part::of_place(file, place, knowledge, &|sink| read_captures(file, sink))
    }

    /// The same, of a file that was taken in already.
    pub fn of_taken(taken: &Taken, file: &InputFile, place: usize, knowledge: &Knowledge) -> Part {
        Part::of_place(file, place, knowledge, &|sink| taken.read(sink))
    }

    fn of_place(
        file: &InputFile,
        place: usize,
        knowledge: &Knowledge,
        read: &dyn Fn(&mut Sink) -> Receipt,
    ) -> Part {
        let on_disk = (!file.is_standard_input()).then(|| file.path.as_os_str());
        Part {
            input_id: Part::input_id(place),
            file: on_disk
                .map_or(&[][..], |path| path.as_encoded_bytes())
                .to_vec(),
            ..Part::of(&file.shown, knowledge, read)
        }
    }

    /// What bytes yield that are already here.
    pub fn of_bytes(shown: &str, bytes: &[u8], knowledge: &Knowledge) -> Part {
        Part::of(shown, knowledge, &|sink| read_bytes_as(shown, bytes, sink))
    }

    fn of(shown: &str, knowledge: &Knowledge, read: &dyn Fn(&mut Sink) -> Receipt) -> Part {
        // No input is known to reach a panic; if one does, it must not take the batch along.
        let attempt = catch_unwind(AssertUnwindSafe(|| {
            let mut captures = Vec::new();
            let receipt = read(&mut |capture, text| {
                let reading = read_one(capture, text, knowledge);
                captures.push(rows::part_of(reading, knowledge));
            });
            (receipt, captures)
        }));
        let Ok((receipt, captures)) = attempt else {
            let message = "the program failed on this file, which is a fault of the program; please report it";
            let problem = Problem::of_file(Stage::Capture, "internal_error", message);
            return Part::unread(shown, problem, knowledge);
        };
        Part {
            path: shown.to_string(),
            sha256: receipt.sha256,
            left_out: receipt.left_out as u64,
            kin: kin_of(&captures),
            captures,
            ..Part::default()
        }
    }

    /// Of an input of which nothing could be read or passed on, and why.
    pub fn unread(shown: &str, problem: Problem, knowledge: &Knowledge) -> Part {
        let unread = Reading::unread(shown, problem);
        Part {
            path: shown.to_string(),
            captures: vec![rows::part_of(unread, knowledge)],
            ..Part::default()
        }
    }
}

impl CapturePart {
    /// Drops what a duplicate holds: the capture that it repeats holds it too.
    pub fn become_duplicate(&mut self, state: &str, original: String) {
        self.row.state = state.to_string();
        self.row.duplicate_of = Some(original);
        self.traces.clear();
        self.pages.clear();
        self.events.clear();
        self.contacts.clear();
        self.matches.clear();
        self.requests_searched = 0;
        self.requests_without_body = 0;
        self.settings.clear();
        self.problems.clear();
    }

    /// Drops what only the comparison asks.
    pub fn forget_comparison(&mut self) {
        self.traces.clear();
        for event in &mut self.events {
            event.witness = Witness::default();
        }
    }
}

/// Bytes as one value, not as a list of numbers.
pub mod bytes {
    use serde::de::{Deserializer, Error, Visitor};
    use serde::ser::Serializer;

    pub fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(bytes)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
        deserializer.deserialize_byte_buf(Bytes)
    }

    struct Bytes;

    impl Visitor<'_> for Bytes {
        type Value = Vec<u8>;

        fn expecting(&self, formatter: &mut std::fmt::Formatter) -> std::fmt::Result {
            formatter.write_str("bytes")
        }

        fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Vec<u8>, E> {
            Ok(bytes.to_vec())
        }
    }
}
