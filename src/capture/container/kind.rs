//! Which containers are opened, by the bytes with which they begin.

use super::stream::Packing;

/// A kind of container.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Zip,
    Tar,
    /// One compressed file.
    Stream(Packing),
}

/// Where the mark of a tar stands (POSIX.1-1988, `ustar`): behind the names and numbers of its first member.
pub const TAR_MARK: (usize, &[u8]) = (257, b"ustar");

impl Kind {
    /// The kind of container that a text of these bytes is; `None` for all other files.
    pub fn of(bytes: &[u8]) -> Option<Kind> {
        let (tar_at, tar_mark) = TAR_MARK;
        let has =
            |at: usize, mark: &[u8]| bytes.get(at..).is_some_and(|rest| rest.starts_with(mark));
        if has(0, b"PK\x03\x04") || has(0, b"PK\x05\x06") {
            Some(Kind::Zip)
        } else if has(0, b"\x1F\x8B") {
            Some(Kind::Stream(Packing::Gzip))
        } else if has(0, b"\x28\xB5\x2F\xFD") {
            Some(Kind::Stream(Packing::Zstd))
        } else if has(tar_at, tar_mark) {
            Some(Kind::Tar)
        } else {
            None
        }
    }
}
