//! Reads one file, whatever it holds: the outcome is always a capture.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use sha2::{Digest, Sha256};

use super::inputs::InputFile;
use super::{Capture, Problem, Stage, State, assemble, codes};

/// Largest file that is read: it is held in memory while it is scanned.
pub const MAX_CAPTURE_BYTES: u64 = 4 << 30;

/// Reads a file. What goes wrong is a problem of the capture.
pub fn read_capture(file: &InputFile) -> Capture {
    match read_bytes(&file.path) {
        Ok(bytes) => read_capture_bytes(&file.shown, &bytes),
        Err(error) => unreadable(&file.shown, &error),
    }
}

/// Reads a capture from bytes that are already here; `shown` is what it is called.
pub fn read_capture_bytes(shown: &str, bytes: &[u8]) -> Capture {
    let mut capture = empty(shown);
    capture.sha256 = sha256_of(bytes);
    capture.bytes = bytes.len() as u64;
    assemble::fill(&mut capture, bytes);
    capture
}

fn read_bytes(path: &Path) -> io::Result<Vec<u8>> {
    let file = File::open(path)?;
    let length = file.metadata()?.len();
    let mut bytes = Vec::new();
    if length <= MAX_CAPTURE_BYTES {
        bytes.reserve_exact(usize::try_from(length).unwrap_or_default());
        // One byte more than allowed is enough to know that there are too many.
        file.take(MAX_CAPTURE_BYTES + 1).read_to_end(&mut bytes)?;
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
    let mut capture = empty(shown);
    capture
        .problems
        .push(Problem::of_file(Stage::Input, code, message));
    capture
}

fn empty(shown: &str) -> Capture {
    Capture {
        path: shown.to_owned(),
        member: None,
        sha256: String::new(),
        bytes: 0,
        state: State::Unreadable,
        producer: None,
        producer_known_from: None,
        producer_version: None,
        browser: None,
        pages: Vec::new(),
        entries_found: 0,
        entries: Vec::new(),
        problems: Vec::new(),
    }
}

/// The SHA-256 of bytes, in lower-case hexadecimal.
pub fn sha256_of(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}
