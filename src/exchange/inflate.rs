//! Compressed payloads: bodies that a script compressed before it sent them.

use std::io::Read;

use flate2::read::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};

/// Largest payload, unpacked, in bytes: no tracker sends more, a hostile file could.
pub const MAX_INFLATED: u64 = 8 << 20;

/// How bytes are compressed, by how they begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compression {
    /// RFC 1952.
    Gzip,
    /// RFC 1950.
    Zlib,
}

impl Compression {
    /// What the first bytes say; raw deflate (RFC 1951) has no mark.
    pub fn of(bytes: &[u8]) -> Option<Compression> {
        match bytes {
            [0x1f, 0x8b, ..] => Some(Compression::Gzip),
            [0x78, 0x01 | 0x5e | 0x9c | 0xda, ..] => Some(Compression::Zlib),
            _ => None,
        }
    }
}

/// What compressed bytes unpack to; without a mark they are read as raw deflate. `None`: they are damaged, or too large.
pub fn inflate(bytes: &[u8], compression: Option<Compression>) -> Option<Vec<u8>> {
    match compression {
        Some(Compression::Gzip) => read_limited(MultiGzDecoder::new(bytes)),
        Some(Compression::Zlib) => read_limited(ZlibDecoder::new(bytes)),
        None => read_limited(DeflateDecoder::new(bytes)),
    }
}

/// The bytes of a text that holds one character a byte, as exporters write what is no text; `None` where it does not.
pub fn latin_1_bytes(text: &str) -> Option<Vec<u8>> {
    text.chars()
        .map(|character| u8::try_from(u32::from(character)).ok())
        .collect()
}

fn read_limited(reader: impl Read) -> Option<Vec<u8>> {
    let mut plain = Vec::new();
    reader.take(MAX_INFLATED + 1).read_to_end(&mut plain).ok()?;
    (plain.len() as u64 <= MAX_INFLATED).then_some(plain)
}
