//! The capture room: paths and bytes in, captures with their SHA-256, entries and damage out.
//!
//! A capture is a record of network traffic in the HAR format, as a volunteer's browser or proxy exported it.
//! The room knows nothing of trackers, pages or tables. It never fails for what a file holds: an unreadable
//! file is a capture in the state `Unreadable` with a problem, a damaged entry is a problem in a capture that
//! goes on.

mod assemble;
pub mod codes;
mod container;
mod entries;
mod entry;
mod foreign;
mod hash;
mod identify;
mod inputs;
mod lenient;
mod members;
mod pairs;
mod problem;
mod producer;
mod raw;
mod read;
mod scanner;
mod text;

#[cfg(test)]
mod tests;

pub use container::{FREE_BYTES, MAX_CONTAINERS, MAX_EXPANSION, MAX_MEMBERS};
pub use entries::Entries;
pub use entry::{Body, Entry, Pair, RecordedPage, Request, Response, SocketMessages, Timings};
pub use hash::{sha256_of, together as hashed_together};
pub use inputs::{A_DATASET, CaptureError, Found, InputFile, STANDARD_INPUT, find_inputs};
pub use lenient::{Json, repaired as repaired_json, unquoted as unquoted_json};
pub use members::response_headers;
pub use pairs::{PairRef, Pairs};
pub use problem::{Problem, Stage};
pub use producer::{
    Browser, BrowserExample, Lists, PRODUCERS_TEXT, Producer, ProducerError, ProducerExample,
    ProducerKnownFrom, Producers,
};
pub use read::{
    MAX_CAPTURE_BYTES, Receipt, Sink, Taken, read_bytes_as, read_capture_bytes, read_captures,
    unread_capture,
};

/// What became of one input file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// Every entry was read.
    Read,
    /// Some entries were read; others, or the end of the file, were damaged.
    Salvaged,
    /// Nothing could be read: the problem says why.
    Unreadable,
    /// The same bytes as a capture already read.
    Duplicate,
}

/// One capture, read: a file, or a member of an archive.
#[derive(Debug, Clone)]
pub struct Capture {
    /// As typed, or as found below a folder as typed; `/` between folders on every system.
    pub path: String,
    /// Inside an archive or a compressed file: the member's name.
    pub member: Option<String>,
    /// Lower-case hex, of the file as received.
    pub file_sha256: String,
    /// Lower-case hex, of the capture's own bytes: those of the member, else of the file.
    pub sha256: String,
    /// Size of the capture's own bytes.
    pub bytes: u64,
    pub state: State,
    /// `log.creator`, or the name that the table of producers has for the program that was guessed.
    pub producer: Option<String>,
    /// `None`: nobody knows.
    pub producer_known_from: Option<ProducerKnownFrom>,
    pub producer_version: Option<String>,
    /// `log.browser`: name and version; or, where nothing tells the producer, what the User-Agent header says.
    pub browser: Option<String>,
    pub pages: Vec<RecordedPage>,
    /// Entries found in the file, damaged ones included.
    pub entries_found: usize,
    /// The entries that could be read, in file order.
    pub entries: Entries,
    pub problems: Vec<Problem>,
}

impl Capture {
    /// First 16 hex digits of the SHA-256: the capture's name in every table.
    pub fn id(&self) -> &str {
        self.sha256.get(..16).unwrap_or(&self.sha256)
    }

    /// Where it is: the path, and inside an archive the member, as if the archive were a folder.
    pub fn place(&self) -> String {
        match &self.member {
            Some(member) => format!("{}/{member}", self.path),
            None => self.path.clone(),
        }
    }

    /// Adds a problem after which the capture is not wholly read.
    fn note_loss(&mut self, problem: Problem) {
        self.problems.push(problem);
        if self.state == State::Read {
            self.state = State::Salvaged;
        }
    }
}
