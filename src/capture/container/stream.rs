//! One compressed file: gzip, also of several pieces one behind the other, and zstd.

use std::io::{self, Read};

use flate2::bufread::GzDecoder;

use super::kind::{Kind, TAR_MARK};
use super::limits::{Budget, Counting, Limiting, MAX_LEVELS, Meter, Unpacked};
use super::names;
use super::{Damage, Item, Walk, tar};
use crate::capture::read::MAX_CAPTURE_BYTES;

/// How a file is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Packing {
    Gzip,
    Zstd,
}

/// Unpacks the one file inside. A tar is read as it comes, since it may be larger than the memory.
pub fn walk(walk: &mut Walk, item: &Item, packing: Packing, level: usize) {
    let is_tar = level + 1 < MAX_LEVELS && packing.holds_tar(item.bytes);
    if !is_tar && let Some(unpacked) = packing.unpack_at_once(item.bytes, &mut walk.budget) {
        return file(walk, item, unpacked, level);
    }
    let meter = Meter::default();
    match packing.decoder(item.bytes, &meter) {
        Ok(decoder) if is_tar => tar::walk(walk, item, decoder, &meter, level + 1),
        Ok(decoder) => {
            let unpacked = walk.budget.unpack(decoder, &meter, MAX_CAPTURE_BYTES);
            file(walk, item, unpacked, level);
        }
        Err(error) => {
            let damage = Damage::of_archive(&error);
            walk.close(item, walk.handed_on, 0, Some(damage));
        }
    }
}

/// Looks at what was packed.
pub fn file(walk: &mut Walk, item: &Item, mut unpacked: Unpacked, level: usize) {
    unpacked.fault = unpacked.fault.or(item.fault);
    let own_name = item.member.as_deref();
    let name = names::unpacked(names::file_name(own_name.unwrap_or(walk.received.shown)));
    let member = names::inside(own_name, &name);
    walk.unpacked(Some(member), unpacked, level + 1, None);
}

/// What a received file unpacks to, where that is no tar and can be had in one step.
pub fn whole(bytes: &[u8], packing: Packing, budget: &mut Budget) -> Option<Unpacked> {
    if packing.holds_tar(bytes) {
        return None;
    }
    packing.unpack_at_once(bytes, budget)
}

impl Packing {
    fn unpack_at_once(self, bytes: &[u8], budget: &mut Budget) -> Option<Unpacked> {
        let packed = bytes.len() as u64;
        budget.at_once(packed, MAX_CAPTURE_BYTES, |most| self.at_once(bytes, most))
    }

    pub fn decoder<'a>(
        self,
        bytes: &'a [u8],
        meter: &Meter,
    ) -> io::Result<Limiting<Box<dyn Read + 'a>>> {
        let packed = meter.counting(bytes);
        let decoder: Box<dyn Read + 'a> = match self {
            Packing::Gzip => Box::new(Gzip(Some(GzDecoder::new(packed)))),
            Packing::Zstd => Box::new(zstd::Decoder::with_buffer(packed)?),
        };
        Ok(meter.limiting(decoder))
    }

    /// Whether what is inside begins as a tar does.
    fn holds_tar(self, bytes: &[u8]) -> bool {
        let (mark_at, mark) = TAR_MARK;
        let mut head = Vec::new();
        let Ok(decoder) = self.decoder(bytes, &Meter::default()) else {
            return false;
        };
        // What cannot be read here cannot be read later either, and is said then.
        let _ = decoder
            .take((mark_at + mark.len()) as u64)
            .read_to_end(&mut head);
        Kind::of(&head) == Some(Kind::Tar)
    }
}

/// A gzip file: members one behind the other, which together are the file (RFC 1952, 2.2). What follows them and is
/// none, such as the padding of a tape, means nothing.
struct Gzip<'a>(Option<GzDecoder<Counting<'a>>>);

impl Read for Gzip<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if out.is_empty() {
            return Ok(0);
        }
        while let Some(decoder) = &mut self.0 {
            let read = decoder.read(out)?;
            if read > 0 {
                return Ok(read);
            }
            self.0 = self
                .0
                .take()
                .map(GzDecoder::into_inner)
                .filter(|packed| packed.rest().starts_with(b"\x1F\x8B"))
                .map(GzDecoder::new);
        }
        Ok(0)
    }
}
