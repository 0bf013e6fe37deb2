//! `run.json`: what ran, with which versions, rules and options, and what was counted. Its content is the caller's.

use super::error::{DatasetError, io_at};
use serde::Serialize;
use std::fs;
use std::io::{self, Write};
use std::path::Path;

/// The name of the file.
pub const RUN_RECORD: &str = "run.json";

/// Writes the record for a person to read, and for a program too.
pub(super) fn write(run: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, run)?;
    out.write_all(b"\n")
}

/// The record of the dataset in a folder, as it was written.
pub fn read_record(folder: &Path) -> Result<Vec<u8>, DatasetError> {
    let path = folder.join(RUN_RECORD);
    fs::read(&path).map_err(io_at("read", &path))
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_record_is_for_people_and_ends_its_last_line() {
        let mut bytes = Vec::new();
        super::write(&serde_json::json!({"inputs": 2}), &mut bytes).unwrap();
        assert_eq!(bytes, b"{\n  \"inputs\": 2\n}\n");
    }
}
