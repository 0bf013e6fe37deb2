//! What a container may cost. A few kilobytes can be made to unpack to terabytes; nothing here trusts a size that a
//! file claims, and everything is counted while it is unpacked.

use std::cell::Cell;
use std::io::{self, BufRead, Read};
use std::rc::Rc;

use crate::capture::codes;
use crate::capture::read::MAX_CAPTURE_BYTES;

/// As much may unpack from anything, in bytes.
pub const FREE_BYTES: u64 = 64 << 20;

/// How many times its size a container may unpack to beyond that. Captures pack to a fifth up to a thirtieth.
pub const MAX_EXPANSION: u64 = 300;

/// How deep containers may stand inside one another: a zip, in it a tar, in it a compressed file.
pub const MAX_LEVELS: usize = 3;

/// How many members of one archive are looked at.
pub const MAX_MEMBERS: usize = 100_000;

/// Why a member's bytes are not all there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    #[error("it unpacks to more than {MAX_EXPANSION} times its size; it was not read")]
    Expands,
    #[error("it unpacks to more than {MAX_CAPTURE_BYTES} bytes; it was not read")]
    TooLarge,
    #[error("the compressed data is damaged or cut off behind {0} unpacked bytes")]
    Damaged(u64),
    #[error("it is encrypted, and was not read")]
    Encrypted,
    #[error("it is packed in a way that is not read here; unpack it first")]
    UnknownPacking,
}

impl Fault {
    pub fn code(self) -> &'static str {
        match self {
            Fault::Expands => codes::EXPANSION_LIMIT,
            Fault::TooLarge => codes::TOO_LARGE,
            Fault::Damaged(_) => codes::DAMAGED_ARCHIVE,
            Fault::Encrypted => codes::ENCRYPTED,
            Fault::UnknownPacking => codes::COMPRESSED,
        }
    }

    /// Whether what was unpacked so far is not to be looked at.
    pub fn is_refusal(self) -> bool {
        !matches!(self, Fault::Damaged(_))
    }
}

/// A member's bytes, and why they are not all there.
#[derive(Debug)]
pub struct Unpacked {
    pub bytes: Vec<u8>,
    pub fault: Option<Fault>,
}

impl Unpacked {
    pub fn refused(fault: Fault) -> Unpacked {
        Unpacked {
            bytes: Vec::new(),
            fault: Some(fault),
        }
    }
}

/// What one received file may unpack to, all its members together.
#[derive(Debug)]
pub struct Budget {
    received: u64,
    unpacked: u64,
}

impl Budget {
    pub fn new(received: usize) -> Budget {
        Budget {
            received: received as u64,
            unpacked: 0,
        }
    }

    /// A member whose `packed` bytes can be unpacked in one step, by `unpack`, which is told how many bytes may come out. `None`:
    /// they cannot, and nothing was spent.
    pub fn at_once(
        &mut self,
        packed: u64,
        limit: u64,
        unpack: impl FnOnce(u64) -> Option<Vec<u8>>,
    ) -> Option<Unpacked> {
        let bytes = unpack(limit.min(self.left()).min(allowance(packed)))?;
        self.unpacked += bytes.len() as u64;
        Some(Unpacked { bytes, fault: None })
    }

    fn left(&self) -> u64 {
        allowance(self.received).saturating_sub(self.unpacked)
    }

    /// Reads a member to its end, or to where a limit or damage stops it. `meter` is that of the packed data below.
    pub fn unpack(&mut self, reader: impl Read, meter: &Meter, limit: u64) -> Unpacked {
        let mut bytes = Vec::new();
        let left = self.left();
        // One byte more than allowed is enough to know that there are too many.
        let most = limit.min(left).saturating_add(1);
        let read = reader.take(most).read_to_end(&mut bytes);
        let length = bytes.len() as u64;
        self.unpacked += length;
        let fault = if meter.exceeded() || length > left {
            Some(Fault::Expands)
        } else if length > limit {
            Some(Fault::TooLarge)
        } else {
            read.is_err().then_some(Fault::Damaged(length))
        };
        if fault.is_some_and(Fault::is_refusal) {
            bytes = Vec::new();
        }
        Unpacked { bytes, fault }
    }
}

/// How much so many packed bytes may unpack to.
pub fn allowance(packed: u64) -> u64 {
    packed.saturating_mul(MAX_EXPANSION).max(FREE_BYTES)
}

/// Compares what comes out of a decompressor with what went in, while it runs: a bomb shows within its first
/// [`FREE_BYTES`], however large it is.
#[derive(Debug, Clone, Default)]
pub struct Meter {
    packed: Rc<Cell<u64>>,
    exceeded: Rc<Cell<bool>>,
}

impl Meter {
    /// For data whose packed size is known beforehand.
    pub fn of_size(packed: u64) -> Meter {
        let meter = Meter::default();
        meter.packed.set(packed);
        meter
    }

    pub fn exceeded(&self) -> bool {
        self.exceeded.get()
    }

    /// Counts what a decompressor takes in.
    pub fn counting<'a>(&self, bytes: &'a [u8]) -> Counting<'a> {
        Counting {
            rest: bytes,
            packed: Rc::clone(&self.packed),
        }
    }

    /// Counts what comes out of it, and ends with an error when that is too much.
    pub fn limiting<R: Read>(&self, reader: R) -> Limiting<R> {
        Limiting {
            reader,
            unpacked: 0,
            meter: self.clone(),
        }
    }
}

/// Packed bytes that know how many of them were taken.
pub struct Counting<'a> {
    rest: &'a [u8],
    packed: Rc<Cell<u64>>,
}

impl Counting<'_> {
    /// What was not taken.
    pub fn rest(&self) -> &[u8] {
        self.rest
    }
}

impl Read for Counting<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let taken = self.rest.read(out)?;
        self.packed.set(self.packed.get() + taken as u64);
        Ok(taken)
    }
}

impl BufRead for Counting<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        Ok(self.rest)
    }

    fn consume(&mut self, amount: usize) {
        self.rest = self.rest.get(amount..).unwrap_or_default();
        self.packed.set(self.packed.get() + amount as u64);
    }
}

/// A reader that stops where a [`Meter`] says so.
pub struct Limiting<R> {
    reader: R,
    unpacked: u64,
    meter: Meter,
}

impl<R: Read> Read for Limiting<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(out)?;
        self.unpacked += read as u64;
        if self.unpacked > allowance(self.meter.packed.get()) {
            self.meter.exceeded.set(true);
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        Ok(read)
    }
}
