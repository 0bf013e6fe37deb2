//! One compressed file: gzip, also of several pieces one behind the other, and zstd.

use std::io::{self, Read};

use flate2::bufread::GzDecoder;

use super::kind::{Kind, TAR_MARK};
use super::limits::{Counting, Limiting, Meter};
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
    let meter = Meter::default();
    match packing.decoder(item.bytes, &meter) {
        Ok(decoder) if level + 1 < super::MAX_LEVELS && packing.holds_tar(item.bytes) => {
            tar::walk(walk, item, decoder, &meter, level + 1);
        }
        Ok(decoder) => {
            let mut unpacked = walk.budget.unpack(decoder, &meter, MAX_CAPTURE_BYTES);
            unpacked.fault = unpacked.fault.or(item.fault);
            let own_name = item.member.as_deref();
            let name = names::unpacked(names::file_name(own_name.unwrap_or(walk.received.shown)));
            let member = names::inside(own_name, &name);
            walk.unpacked(Some(member), unpacked, level + 1, None);
        }
        Err(error) => {
            let damage = Damage::of_archive(&error);
            walk.close(item, walk.handed_on, 0, Some(damage));
        }
    }
}

impl Packing {
    fn decoder<'a>(
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
