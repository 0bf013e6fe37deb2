//! The short way: what is packed in one piece, and says what it unpacks to, is unpacked in one step to just that. Nearly every
//! file is so. Of anything else (several pieces, damage, bytes behind the end, a size that lies) nothing is taken here, and it is
//! read piece by piece; tests hold the two to the same result.

use zstd::zstd_safe::{DCtx, find_frame_compressed_size, get_frame_content_size};

use super::stream::Packing;
use crate::capture::raw::inflated;

/// The largest window that zstd unpacks piece by piece; the long way says what is wrong with a larger one.
const MAX_ZSTD_WINDOW: u64 = (1 << 27) + 1;

/// Flags of a gzip header: only the one for a name is known here (RFC 1952, 2.3.1).
const GZIP_NAMED: u8 = 8;
const GZIP_HEAD: usize = 10;
/// Checksum and size.
const GZIP_FOOT: usize = 8;
const MAX_GZIP_NAME: usize = 1024;

impl Packing {
    /// Everything that a file unpacks to, where that is no more than `most` bytes and can be had in one step.
    pub fn at_once(self, packed: &[u8], most: u64) -> Option<Vec<u8>> {
        match self {
            Packing::Gzip => gunzipped(packed, most),
            Packing::Zstd => unzstd(packed, most),
        }
    }
}

/// A gzip file of one member (RFC 1952, 2.2 and 2.3).
fn gunzipped(packed: &[u8], most: u64) -> Option<Vec<u8>> {
    let (head, rest) = packed.split_first_chunk::<GZIP_HEAD>()?;
    let [0x1F, 0x8B, 8, flags, ..] = *head else {
        return None;
    };
    let rest = match flags {
        0 => rest,
        GZIP_NAMED => {
            let name_end = rest
                .iter()
                .take(MAX_GZIP_NAME)
                .position(|byte| *byte == 0)?;
            rest.get(name_end + 1..)?
        }
        _ => return None,
    };
    let (deflated, foot) = rest.split_last_chunk::<GZIP_FOOT>()?;
    let [sum @ .., s0, s1, s2, s3] = *foot;
    let size = u32::from_le_bytes([s0, s1, s2, s3]);
    inflated_within(deflated, size.into(), u32::from_le_bytes(sum), most)
}

/// Bytes packed with DEFLATE, where it is known beforehand what they unpack to.
pub fn inflated_within(deflated: &[u8], size: u64, crc32: u32, most: u64) -> Option<Vec<u8>> {
    inflated(deflated, size_within(size, most)?, crc32)
}

/// A file of one zstd frame (RFC 8878, 3.1.1).
fn unzstd(packed: &[u8], most: u64) -> Option<Vec<u8>> {
    let size = get_frame_content_size(packed).ok().flatten()?;
    let size = size_within(size, most)?;
    let is_one_frame = find_frame_compressed_size(packed) == Ok(packed.len());
    if !is_one_frame || window(packed, size)? > MAX_ZSTD_WINDOW {
        return None;
    }
    let mut unpacked = Vec::new();
    unpacked.try_reserve_exact(size).ok()?;
    let written = DCtx::try_create()?.decompress(&mut unpacked, packed).ok()?;
    (written == size).then_some(unpacked)
}

/// An empty file is left to the long way: nothing can be won there.
fn size_within(size: u64, most: u64) -> Option<usize> {
    let size = Some(size).filter(|size| (1..=most).contains(size))?;
    usize::try_from(size).ok()
}

/// How much of what was unpacked a frame looks back to.
fn window(frame: &[u8], size: usize) -> Option<u64> {
    let &[_, _, _, _, descriptor, window, ..] = frame else {
        return None;
    };
    if descriptor >> 5 & 1 == 1 {
        return u64::try_from(size).ok();
    }
    let base = 1u64 << (10 + (window >> 3));
    Some(base + base / 8 * u64::from(window & 7))
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::{Compression, GzBuilder};
    use proptest::prelude::*;

    use super::*;
    use crate::capture::container::limits::{Budget, Meter};

    fn gzip(bytes: &[u8], name: Option<&str>) -> Vec<u8> {
        let builder = name.map_or_else(GzBuilder::new, |name| GzBuilder::new().filename(name));
        let mut packed = builder.write(Vec::new(), Compression::default());
        packed.write_all(bytes).unwrap();
        packed.finish().unwrap()
    }

    /// With the size of what is inside, as the program `zstd` writes it of a file.
    fn zstd(bytes: &[u8]) -> Vec<u8> {
        zstd::bulk::compress(bytes, 3).unwrap()
    }

    fn piece_by_piece(packing: Packing, packed: &[u8]) -> Option<Vec<u8>> {
        let meter = Meter::default();
        let decoder = packing.decoder(packed, &meter).ok()?;
        let unpacked = Budget::new(packed.len()).unpack(decoder, &meter, 1 << 20);
        unpacked.fault.is_none().then_some(unpacked.bytes)
    }

    /// What may befall a file: a bit turned over, an end cut off, bytes behind it, its own bytes once more.
    fn befallen(mut packed: Vec<u8>, kind: u8, at: prop::sample::Index) -> Vec<u8> {
        let at = at.index(packed.len());
        match kind {
            0 => packed[at] ^= 1 << (at % 8),
            1 => packed.truncate(at),
            2 => packed.extend(vec![0; at]),
            3 => packed.extend(packed.clone()),
            4 => packed.extend(&packed.clone()[at..]),
            _ => {}
        }
        packed
    }

    proptest! {
        #[test]
        fn what_is_unpacked_at_once_is_what_comes_piece_by_piece(
            text in prop_oneof![".{1,300}", "(lorem |ipsum ){1,80}"],
            name in prop::option::of("[a-z]{1,9}"),
            kind in 0..6u8,
            at in any::<prop::sample::Index>(),
        ) {
            let text = text.as_bytes();
            for (packing, packed) in [
                (Packing::Gzip, gzip(text, name.as_deref())),
                (Packing::Zstd, zstd(text)),
            ] {
                let whole = packing.at_once(&packed, text.len() as u64);
                prop_assert_eq!(whole.as_deref(), Some(text));
                prop_assert_eq!(packing.at_once(&packed, text.len() as u64 - 1), None, "beyond a limit");
                let befallen = befallen(packed, kind, at);
                if let Some(bytes) = packing.at_once(&befallen, 1 << 20) {
                    prop_assert_eq!(Some(bytes), piece_by_piece(packing, &befallen));
                }
            }
        }
    }

    #[test]
    fn a_file_of_two_equal_pieces_is_not_taken_for_one() {
        for (packing, packed) in [
            (Packing::Gzip, gzip(b"{}", None)),
            (Packing::Zstd, zstd(b"{}")),
        ] {
            let twice = packed.repeat(2);
            assert_eq!(packing.at_once(&twice, 1 << 20), None);
            assert_eq!(
                piece_by_piece(packing, &twice).as_deref(),
                Some(&b"{}{}"[..])
            );
        }
    }

    #[test]
    fn a_size_that_lies_is_not_believed() {
        let mut packed = gzip(b"{\"log\":{}}", None);
        let last = packed.len() - 4;
        for lie in [0, 1, 9, 12, u32::MAX] {
            packed[last..].copy_from_slice(&lie.to_le_bytes());
            assert_eq!(Packing::Gzip.at_once(&packed, u64::MAX), None, "{lie}");
        }
    }

    #[test]
    fn a_zstd_frame_with_a_window_too_large_is_left_to_the_long_way() {
        // Magic number, a descriptor (size in four bytes, window), a window of 256 MiB.
        let frame = [0x28, 0xB5, 0x2F, 0xFD, 0x80, 18 << 3];
        assert!(window(&frame, 9).unwrap() > MAX_ZSTD_WINDOW);
        assert_eq!(window(&[0x28, 0xB5, 0x2F, 0xFD, 0x20, 9], 9), Some(9));
    }
}
