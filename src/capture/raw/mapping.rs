//! The bytes of a file: read into memory, or, where the file is large, mapped into it, so that a capture of gigabytes takes
//! no memory of its own.
//!
//! Mapping is unsafe because the bytes change under the reader's feet where somebody writes to the file meanwhile: what is read
//! then means nothing, and may not even be the UTF-8 that it was checked to be; where the file is cut off the system ends the
//! program (SIGBUS). Captures are evidence that nobody writes to while they are analysed: one that changes while it is hashed
//! proves nothing in any case. No index into the bytes is taken unchecked.

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
        // SAFETY: by the head of this file, nobody writes to a capture while it is read.
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
