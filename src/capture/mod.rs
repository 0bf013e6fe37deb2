//! The capture room: paths and bytes in, captures with their SHA-256, entries and damage out.
//!
//! A capture is a record of network traffic in the HAR format, as a volunteer's browser or proxy exported it.
//! The room knows nothing of trackers, pages or tables. It never fails for what a file holds: an unreadable
//! file is a capture in the state `Unreadable` with a problem, a damaged entry is a problem in a capture that
//! goes on.

mod assemble;
pub mod codes;
mod entry;
mod foreign;
mod inputs;
mod lenient;
mod members;
mod problem;
mod read;
mod scanner;
mod text;

#[cfg(test)]
mod tests;

pub use entry::{Body, Entry, Pair, RecordedPage, Request, Response, Timings};
pub use inputs::{A_DATASET, CaptureError, Found, InputFile, find_inputs};
pub use problem::{Problem, Stage};
pub use read::{MAX_CAPTURE_BYTES, read_capture, read_capture_bytes, sha256_of};

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

/// One file, read.
#[derive(Debug, Clone)]
pub struct Capture {
    /// As typed, or as found below a folder as typed; `/` between folders on every system.
    pub path: String,
    /// Inside an archive: the member's name.
    pub member: Option<String>,
    /// Lower-case hex of the file's bytes as received.
    pub sha256: String,
    pub bytes: u64,
    pub state: State,
    /// `log.creator`.
    pub producer: Option<String>,
    pub producer_version: Option<String>,
    /// `log.browser`: name and version.
    pub browser: Option<String>,
    pub pages: Vec<RecordedPage>,
    /// Entries found in the file, damaged ones included.
    pub entries_found: usize,
    /// The entries that could be read, in file order.
    pub entries: Vec<Entry>,
    pub problems: Vec<Problem>,
}

impl Capture {
    /// First 16 hex digits of the SHA-256: the capture's name in every table.
    pub fn id(&self) -> &str {
        self.sha256.get(..16).unwrap_or(&self.sha256)
    }
}
