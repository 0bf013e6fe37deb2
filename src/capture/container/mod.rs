//! Files that hold files: what volunteers zip, and what browsers' test tools pack. A container is opened where it lies,
//! in memory; nothing is ever written to a disk, and no name inside it leads out of it.
//!
//! A file that was received gives one capture a member that looks like one. A container that is damaged, or that holds
//! no capture, is an input of its own besides, so that nothing is lost in silence.

mod attachment;
mod kind;
mod limits;
mod names;
mod stream;
mod tar;
mod whole;
mod zip;

use std::collections::HashSet;
use std::error::Error;

use super::assemble::{self, SIDE_BY_SIDE_FROM};
use super::hash::sha256_of;
use super::read::{Receipt, Sink, empty};
use super::text::Text;
use super::{Capture, Problem, Stage, State, codes};
use attachment::Attachments;
use kind::Kind;
use limits::{Budget, Fault, MAX_LEVELS, Meter, Unpacked};

pub use limits::{FREE_BYTES, MAX_EXPANSION, MAX_LEVELS as MAX_CONTAINERS, MAX_MEMBERS};
pub use names::is_companion_name;

/// A file as it was received, on its way to being captures.
struct Received<'w> {
    /// What it is called.
    shown: &'w str,
    /// Of all its bytes.
    sha256: &'w str,
}

/// A packed file of that size unpacks to so much, and its own bytes are hashed while it is unpacked.
const PACKED_SIDE_BY_SIDE_FROM: usize = SIDE_BY_SIDE_FROM / 4;

/// Opens whatever a file holds and hands every capture in it to `sink`, one after the other. `sha256` is that of its bytes,
/// where it is known.
pub fn open(shown: &str, bytes: &[u8], sha256: Option<String>, sink: &mut Sink) -> Receipt {
    let mut budget = Budget::new(bytes.len());
    let (sha256, begun) = begin(shown, bytes, sha256, &mut budget);
    let received = Received {
        shown,
        sha256: &sha256,
    };
    let mut walk = Walk {
        received: &received,
        sink,
        budget,
        taken: HashSet::new(),
        handed_on: Count::default(),
        left_out: 0,
    };
    let whole = Item {
        member: None,
        bytes,
        fault: None,
    };
    match begun {
        Begun::Capture(capture, text) => walk.filled(*capture, &text, whole, &sha256, None),
        Begun::Unpacked(unpacked) => stream::file(&mut walk, &whole, unpacked, 0),
        Begun::Nothing => walk.item(whole, 0, None),
    }
    let left_out = walk.left_out;
    Receipt { sha256, left_out }
}

/// What is done with a received file beside hashing it.
enum Begun<'b> {
    /// It is no container, and was read.
    Capture(Box<Capture>, Text<'b>),
    /// It was packed in one piece.
    Unpacked(Unpacked),
    Nothing,
}

/// Hashes a file where nobody did, and does what can be done meanwhile.
fn begin<'b>(
    shown: &str,
    bytes: &'b [u8],
    known: Option<String>,
    budget: &mut Budget,
) -> (String, Begun<'b>) {
    match Kind::of(bytes) {
        None => {
            let (sha256, (capture, text)) = hashed_and_filled(shown, bytes, known);
            (sha256, Begun::Capture(Box::new(capture), text))
        }
        Some(Kind::Stream(packing)) if bytes.len() >= PACKED_SIDE_BY_SIDE_FROM => {
            let unpack = || stream::whole(bytes, packing, budget);
            let (sha256, unpacked) = hashed_beside(bytes, known, unpack);
            (sha256, unpacked.map_or(Begun::Nothing, Begun::Unpacked))
        }
        Some(_) => (known.unwrap_or_else(|| sha256_of(bytes)), Begun::Nothing),
    }
}

/// The SHA-256 of a capture and all that comes from its text; side by side where it is large.
fn hashed_and_filled<'b>(
    shown: &str,
    bytes: &'b [u8],
    known: Option<String>,
) -> (String, (Capture, Text<'b>)) {
    if bytes.len() >= SIDE_BY_SIDE_FROM {
        hashed_beside(bytes, known, || filled(shown, bytes))
    } else {
        let sha256 = known.unwrap_or_else(|| sha256_of(bytes));
        (sha256, filled(shown, bytes))
    }
}

/// The SHA-256 of bytes, made while something else is done where it is not known yet.
fn hashed_beside<T: Send>(
    bytes: &[u8],
    known: Option<String>,
    work: impl FnOnce() -> T + Send,
) -> (String, T) {
    match known {
        Some(sha256) => (sha256, work()),
        None => rayon::join(|| sha256_of(bytes), work),
    }
}

/// A capture with everything that comes from its text, and the text.
fn filled<'b>(shown: &str, bytes: &'b [u8]) -> (Capture, Text<'b>) {
    let mut capture = empty(shown);
    let text = assemble::fill(&mut capture, bytes);
    (capture, text)
}

/// A piece of the received file that is looked at by itself: all of it, or a member.
struct Item<'a> {
    /// Its name inside; `None`: the whole file.
    member: Option<String>,
    bytes: &'a [u8],
    /// Why its bytes are not all there, or not to be trusted.
    fault: Option<Fault>,
}

/// Why not all of an archive could be read.
struct Damage {
    code: &'static str,
    what: String,
}

impl Damage {
    fn new(what: impl Into<String>) -> Damage {
        Damage {
            code: codes::DAMAGED_ARCHIVE,
            what: what.into(),
        }
    }

    fn of_archive(error: &dyn Error) -> Damage {
        Damage::new(format!("the archive is damaged or cut off: {error}"))
    }

    fn of_fault(fault: Fault) -> Damage {
        Damage {
            code: fault.code(),
            what: fault.to_string(),
        }
    }
}

/// How many captures were handed on.
#[derive(Debug, Clone, Copy, Default)]
struct Count {
    all: usize,
    /// Those of which something could be read.
    readable: usize,
}

/// The way through one received file.
struct Walk<'w> {
    received: &'w Received<'w>,
    sink: &'w mut Sink<'w>,
    budget: Budget,
    /// Names of members that were handed on: each must be found again by its name.
    taken: HashSet<String>,
    handed_on: Count,
    left_out: usize,
}

impl Walk<'_> {
    /// Looks at one piece, `level` containers deep.
    fn item(&mut self, item: Item, level: usize, attachments: Option<&mut dyn Attachments>) {
        match Kind::of(item.bytes) {
            None => self.capture(item, attachments),
            Some(_) if level >= MAX_LEVELS => {
                let message = format!(
                    "archives stand inside one another more than {MAX_LEVELS} deep; this one was not opened"
                );
                self.refuse(
                    item.member,
                    Some(item.bytes),
                    codes::NESTED_TOO_DEEP,
                    message,
                );
            }
            Some(Kind::Zip) => zip::walk(self, &item, level),
            // Nothing is compressed here, but a sparse file takes no room: the budget of the whole file bounds it.
            Some(Kind::Tar) => tar::walk(self, &item, item.bytes, &Meter::of_size(u64::MAX), level),
            Some(Kind::Stream(packing)) => stream::walk(self, &item, packing, level),
        }
    }

    /// A member that was unpacked, or as much of it as could be.
    fn unpacked(
        &mut self,
        member: Option<String>,
        unpacked: Unpacked,
        level: usize,
        attachments: Option<&mut dyn Attachments>,
    ) {
        let Unpacked { bytes, fault } = unpacked;
        match fault {
            Some(fault) if bytes.is_empty() || fault.is_refusal() => {
                self.refuse(member, None, fault.code(), fault.to_string());
            }
            fault => {
                let item = Item {
                    member,
                    bytes: &bytes,
                    fault,
                };
                self.item(item, level, attachments);
            }
        }
    }

    fn capture(&mut self, item: Item, attachments: Option<&mut dyn Attachments>) {
        let (sha256, (capture, text)) = hashed_and_filled(self.received.shown, item.bytes, None);
        self.filled(capture, &text, item, &sha256, attachments);
    }

    fn filled(
        &mut self,
        mut capture: Capture,
        text: &Text,
        item: Item,
        sha256: &str,
        attachments: Option<&mut dyn Attachments>,
    ) {
        self.name(&mut capture, item.member, item.bytes.len(), sha256);
        if let Some(fault) = item.fault {
            capture.note_loss(Problem::of_file(
                Stage::Input,
                fault.code(),
                fault.to_string(),
            ));
        }
        attachment::resolve(&mut capture, attachments, &mut self.budget);
        self.hand_on(capture, &text.bytes);
    }

    /// A piece that is not read, and why; `bytes` where it was unpacked at all.
    fn refuse(
        &mut self,
        member: Option<String>,
        bytes: Option<&[u8]>,
        code: &'static str,
        message: String,
    ) {
        let mut capture = self.row(member, bytes);
        capture
            .problems
            .push(Problem::of_file(Stage::Input, code, message));
        self.hand_on(capture, &[]);
    }

    /// Ends the walk of one container: one that is damaged, or in which nothing was found, is an input by itself.
    fn close(&mut self, item: &Item, before: Count, left_out: usize, damage: Option<Damage>) {
        self.left_out += left_out;
        let found = self.handed_on.all - before.all;
        let readable = self.handed_on.readable - before.readable;
        if let Some(Damage { code, what }) = damage.or(item.fault.map(Damage::of_fault)) {
            let mut capture = self.row(item.member.clone(), Some(item.bytes));
            if readable > 0 {
                capture.state = State::Salvaged;
            }
            let message = format!("{what}; {readable} files in it could be read");
            let problem = Problem::of_file(Stage::Input, code, message);
            capture.problems.push(problem);
            self.hand_on(capture, &[]);
        } else if found == 0 {
            let message = format!("the archive holds no capture, and {left_out} other files");
            self.refuse(
                item.member.clone(),
                Some(item.bytes),
                codes::NO_CAPTURE_INSIDE,
                message,
            );
        }
    }

    fn row(&mut self, member: Option<String>, bytes: Option<&[u8]>) -> Capture {
        let mut capture = empty(self.received.shown);
        let sha256 = match &member {
            // Hashing is most of the work on a large file: it is done once.
            None => self.received.sha256.to_owned(),
            Some(_) => bytes.map(sha256_of).unwrap_or_default(),
        };
        self.name(&mut capture, member, bytes.map_or(0, <[u8]>::len), &sha256);
        capture
    }

    /// Fills in what a piece is and where it stands.
    fn name(&mut self, capture: &mut Capture, member: Option<String>, bytes: usize, sha256: &str) {
        capture.file_sha256 = self.received.sha256.to_owned();
        capture.sha256 = sha256.to_owned();
        capture.bytes = bytes as u64;
        capture.member = member.map(|name| names::free(name, &mut self.taken));
    }

    fn hand_on(&mut self, capture: Capture, text: &[u8]) {
        self.handed_on.all += 1;
        self.handed_on.readable += usize::from(capture.state != State::Unreadable);
        (self.sink)(capture, text);
    }
}
