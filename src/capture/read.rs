//! Reads one file, whatever it holds: the outcome is always at least one capture.

use std::fs::File;
use std::io::{self, Read};

use super::container;
use super::hash::{sha256_of, sha256_of_each};
use super::inputs::InputFile;
use super::raw::FileBytes;
use super::{Capture, Entries, Problem, Stage, State, assemble, codes};

/// Largest file, and largest member of an archive, that is read.
pub const MAX_CAPTURE_BYTES: u64 = 4 << 30;

/// What is known of a file as it was received.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Receipt {
    /// Lower-case hex, of all its bytes; empty where it could not be read.
    pub sha256: String,
    /// Members of archives that are plainly no captures.
    pub left_out: usize,
}

/// Takes captures in, each with its text: the bytes into which the ranges of its entries point (of a capture of which nothing
/// was read: none).
pub type Sink<'s> = dyn FnMut(Capture, &[u8]) + 's;

/// A file whose bytes are here, or why they are not.
#[derive(Debug)]
pub struct Taken<'f> {
    shown: &'f str,
    bytes: io::Result<FileBytes>,
    /// Where it was hashed already.
    sha256: Option<String>,
}

impl<'f> Taken<'f> {
    fn of(file: &'f InputFile) -> Taken<'f> {
        Taken {
            shown: &file.shown,
            bytes: read_bytes(file),
            sha256: None,
        }
    }

    /// Takes files in and hashes them together.
    pub fn together(files: &[&'f InputFile]) -> Vec<Taken<'f>> {
        let mut taken: Vec<Taken> = files.iter().map(|file| Taken::of(file)).collect();
        let texts: Vec<&[u8]> = taken
            .iter()
            .flat_map(|one| &one.bytes)
            .map(|b| &**b)
            .collect();
        let hashes = sha256_of_each(&texts);
        let readable = taken.iter_mut().filter(|one| one.bytes.is_ok());
        for (one, hash) in readable.zip(hashes) {
            one.sha256 = Some(hash);
        }
        taken
    }

    /// Hands every capture in it to `sink`, one after the other, so that only one is held in memory at a time. What goes wrong
    /// is a problem of a capture.
    pub fn read(&self, sink: &mut Sink) -> Receipt {
        match &self.bytes {
            Ok(bytes) => container::open(self.shown, bytes, self.sha256.clone(), sink),
            Err(error) => {
                sink(unreadable(self.shown, error), &[]);
                Receipt::default()
            }
        }
    }
}

/// Reads a file by itself, as [`Taken::read`] does.
pub fn read_captures(file: &InputFile, sink: &mut Sink) -> Receipt {
    Taken::of(file).read(sink)
}

/// Reads a file whose bytes are already here; `shown` is what it is called.
pub fn read_bytes_as(shown: &str, bytes: &[u8], sink: &mut Sink) -> Receipt {
    container::open(shown, bytes, None, sink)
}

/// Reads bytes as one capture, even where they are an archive: then that is its problem.
pub fn read_capture_bytes(shown: &str, bytes: &[u8]) -> Capture {
    let mut capture = empty(shown);
    capture.sha256 = sha256_of(bytes);
    capture.file_sha256.clone_from(&capture.sha256);
    capture.bytes = bytes.len() as u64;
    assemble::fill(&mut capture, bytes);
    capture
}

/// A capture of which nothing was read, and why.
pub fn unread_capture(shown: &str, problem: Problem) -> Capture {
    let mut capture = empty(shown);
    capture.problems.push(problem);
    capture
}

fn read_bytes(file: &InputFile) -> io::Result<FileBytes> {
    if file.is_standard_input() {
        return read_all(io::stdin().lock(), 0).map(FileBytes::Read);
    }
    let opened = File::open(&file.path)?;
    let length = opened.metadata()?.len();
    if length <= MAX_CAPTURE_BYTES
        && let Some(mapped) = FileBytes::map(&opened, length)
    {
        return Ok(mapped);
    }
    read_all(opened, length).map(FileBytes::Read)
}

/// Everything from a reader that is expected to give `length` bytes.
fn read_all(reader: impl Read, length: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    if length <= MAX_CAPTURE_BYTES {
        bytes.reserve_exact(usize::try_from(length).unwrap_or_default());
        // One byte more than allowed is enough to know that there are too many.
        reader.take(MAX_CAPTURE_BYTES + 1).read_to_end(&mut bytes)?;
    }
    if length.max(bytes.len() as u64) > MAX_CAPTURE_BYTES {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    Ok(bytes)
}

fn unreadable(shown: &str, error: &io::Error) -> Capture {
    let (code, message) = match error.kind() {
        io::ErrorKind::FileTooLarge => (
            codes::TOO_LARGE,
            format!("the file is larger than {MAX_CAPTURE_BYTES} bytes"),
        ),
        _ => (
            codes::UNREADABLE_INPUT,
            format!("the file cannot be read: {error}"),
        ),
    };
    unread_capture(shown, Problem::of_file(Stage::Input, code, message))
}

pub(super) fn empty(shown: &str) -> Capture {
    Capture {
        path: shown.to_owned(),
        member: None,
        file_sha256: String::new(),
        sha256: String::new(),
        bytes: 0,
        state: State::Unreadable,
        producer: None,
        producer_known_from: None,
        producer_version: None,
        browser: None,
        pages: Vec::new(),
        entries_found: 0,
        entries: Entries::default(),
        problems: Vec::new(),
    }
}
