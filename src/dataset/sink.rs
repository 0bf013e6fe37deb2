//! A file of the dataset while it is written: hashed and counted on the way to the disk, and stopped when the user
//! wants no more of it.

use super::error::{DatasetError, io_at};
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

/// A file that was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrittenFile {
    /// Its name in the folder of the dataset.
    pub name: String,
    pub bytes: u64,
    /// Hexadecimal, lower case.
    pub sha256: String,
}

/// Writes one file of the folder and makes sure that it is on the disk.
pub(super) fn write_file(
    folder: &Path,
    name: String,
    keep_going: &dyn Fn() -> bool,
    content: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<WrittenFile, DatasetError> {
    let path = folder.join(&name);
    let file = File::create_new(&path).map_err(io_at("create", &path))?;
    let mut sink = Sink::new(&file, keep_going);
    let outcome = content_through(&mut sink, content);
    if sink.interrupted || !keep_going() {
        return Err(DatasetError::Interrupted);
    }
    // Libraries wrap the errors of a writer in their own; the sink remembers what the disk really said.
    let failure = sink.failure.take();
    outcome
        .map_err(|error| failure.unwrap_or(error))
        .and_then(|()| file.sync_all())
        .map_err(io_at("write", &path))?;
    Ok(sink.finish(name))
}

/// Lets `make` put a file of the folder at its path, makes sure that it is on the disk, and reads it again for its hash.
pub(super) fn make_file(
    folder: &Path,
    name: String,
    keep_going: &dyn Fn() -> bool,
    make: impl FnOnce(&Path) -> io::Result<()>,
) -> Result<WrittenFile, DatasetError> {
    let path = folder.join(&name);
    let mut sink = Sink::new(io::sink(), keep_going);
    let outcome = make(&path).and_then(|()| {
        let mut file = File::options().read(true).write(true).open(&path)?;
        file.sync_all()?;
        io::copy(&mut file, &mut sink)
    });
    if sink.interrupted || !keep_going() {
        return Err(DatasetError::Interrupted);
    }
    outcome.map_err(io_at("write", &path))?;
    Ok(sink.finish(name))
}

/// A hash in lower-case hexadecimal.
pub(super) fn digits_of(hash: Sha256) -> String {
    let digits = hash.finalize();
    digits.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn content_through<W: Write>(
    sink: &mut Sink<'_, W>,
    content: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    let mut buffered = BufWriter::with_capacity(1 << 16, sink);
    content(&mut buffered)?;
    buffered.flush()
}

struct Sink<'a, W> {
    inner: W,
    keep_going: &'a dyn Fn() -> bool,
    interrupted: bool,
    failure: Option<io::Error>,
    hash: Sha256,
    bytes: u64,
}

impl<'a, W: Write> Sink<'a, W> {
    fn new(inner: W, keep_going: &'a dyn Fn() -> bool) -> Self {
        Sink {
            inner,
            keep_going,
            interrupted: false,
            failure: None,
            hash: Sha256::new(),
            bytes: 0,
        }
    }

    fn finish(self, name: String) -> WrittenFile {
        WrittenFile {
            name,
            bytes: self.bytes,
            sha256: digits_of(self.hash),
        }
    }
}

impl<W: Write> Write for Sink<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if !(self.keep_going)() {
            self.interrupted = true;
            return Err(io::Error::other("interrupted"));
        }
        let written = self.inner.write(bytes).inspect_err(|error| {
            self.failure = Some(same_error(error));
        })?;
        self.hash.update(bytes.get(..written).unwrap_or(bytes));
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

fn same_error(error: &io::Error) -> io::Error {
    match error.raw_os_error() {
        Some(code) => io::Error::from_raw_os_error(code),
        None => error.kind().into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;
    use std::io::ErrorKind;

    struct FullDisk;

    impl Write for FullDisk {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(ErrorKind::StorageFull.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_file_is_hashed_and_counted_on_the_way() {
        let folder = tempfile::tempdir().unwrap();
        let file = write_file(folder.path(), "a.txt".to_owned(), &|| true, |out| {
            out.write_all(b"abc")
        });
        let file = file.unwrap();
        assert_eq!(file.bytes, 3);
        assert_eq!(
            file.sha256,
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
        assert_eq!(std::fs::read(folder.path().join("a.txt")).unwrap(), b"abc");
    }

    #[test]
    fn a_file_that_was_made_at_its_path_is_hashed_too() {
        let folder = tempfile::tempdir().unwrap();
        let make = |path: &Path| std::fs::write(path, "abc");
        let made = make_file(folder.path(), "a.bin".to_owned(), &|| true, make).unwrap();
        let written = write_file(folder.path(), "a.txt".to_owned(), &|| true, |out| {
            out.write_all(b"abc")
        });
        assert_eq!((made.bytes, made.sha256), (3, written.unwrap().sha256));
        let stopped = make_file(folder.path(), "b.bin".to_owned(), &|| false, make);
        assert!(matches!(stopped, Err(DatasetError::Interrupted)));
    }

    #[test]
    fn what_the_disk_said_is_remembered_when_a_library_hides_it() {
        let mut sink = Sink::new(FullDisk, &|| true);
        let hidden = content_through(&mut sink, |out| {
            out.write_all(&[0; 1 << 17])
                .map_err(|_| io::Error::other("it did not work"))
        });
        assert!(hidden.is_err());
        assert_eq!(sink.failure.unwrap().kind(), ErrorKind::StorageFull);
    }

    #[test]
    fn an_interruption_stops_in_the_middle_of_a_file() {
        let folder = tempfile::tempdir().unwrap();
        let asked = Cell::new(0);
        let keep_going = || {
            asked.set(asked.get() + 1);
            asked.get() < 3
        };
        let outcome = write_file(folder.path(), "a".to_owned(), &keep_going, |out| {
            (0..10).try_for_each(|_| out.write_all(&[0; 1 << 17]))
        });
        assert!(matches!(outcome, Err(DatasetError::Interrupted)));
        assert_eq!(
            std::fs::metadata(folder.path().join("a")).unwrap().len(),
            2 << 17
        );
    }
}
