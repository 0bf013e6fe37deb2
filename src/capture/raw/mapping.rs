//! The bytes of a file: read into memory, or, where the file is large, mapped into it, so that a capture of gigabytes takes
//! no memory of its own.
//!
//! Mapping is unsafe because the bytes change under the reader's feet where somebody writes
//! to the file meanwhile, and because the program is ended by the system (SIGBUS) where somebody cuts it off. Captures are
//! evidence that nobody writes to; one that changes while it is hashed proves nothing in any case. Nothing here or behind it
//! relies on the bytes staying what they were: no text is taken for checked UTF-8 without a copy, and every index is checked.

use std::fs::File;
use std::io;
use std::ops::Deref;

use memmap2::Mmap;

/// From this size on a file is mapped: a copy of it would cost more.
const MAPPED_FROM: u64 = 256 << 10;

/// The bytes of a file.
#[derive(Debug)]
pub enum FileBytes {
    Read(Vec<u8>),
    Mapped(Mmap),
}

impl FileBytes {
    /// Maps a large file; `None` for a small one, and for what cannot be mapped (a device, a pipe).
    pub fn map(file: &File, length: u64) -> Option<FileBytes> {
        if length < MAPPED_FROM {
            return None;
        }
        Self::mapped(file).ok()
    }

    fn mapped(file: &File) -> io::Result<FileBytes> {
        // SAFETY: see the head of this file: the bytes may change, and nothing behind relies on that they do not.
        let map = unsafe { Mmap::map(file) }?;
        #[cfg(unix)]
        map.advise(memmap2::Advice::Sequential)?;
        Ok(FileBytes::Mapped(map))
    }
}

impl Deref for FileBytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match self {
            FileBytes::Read(bytes) => bytes,
            FileBytes::Mapped(map) => map,
        }
    }
}
