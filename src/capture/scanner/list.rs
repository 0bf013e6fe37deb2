//! The list of entries itself, and what happens to the scan when one of them is broken.
//!
//! An entry is held back until the next step has shown that the list goes on behind it. Where a closing bracket
//! was lost, an entry takes all that follow for its own; it is then given up, and they are read.

use super::cursor::{Cursor, Halt};
use super::form::Form;
use super::nesting::Kind;
use super::object::{Look, Object, Plan};
use super::{FoundEntry, Piece, Walk};

/// What of an entry is looked into while it is stepped over: the bodies stand in `response.content.text`, and most of the rest
/// in lists of headers.
const ENTRY: Plan = &[
    ("request", Look::Into(REQUEST)),
    ("response", Look::Into(RESPONSE)),
    ("timings", Look::Into(&[])),
    ("_initiator", Look::Into(&[("stack", Look::Into(&[]))])),
];
const REQUEST: Plan = &[
    ("headers", Look::AtPairs(None)),
    ("cookies", Look::AtPairs(None)),
    ("queryString", Look::AtPairs(None)),
];
const RESPONSE: Plan = &[
    ("headers", Look::AtPairs(Some(&KEPT))),
    ("content", Look::Into(&[])),
];

/// Headers of a response that something is judged by.
pub const KEPT: [&str; 2] = ["location", "set-cookie"];

/// Where all headers of the response are wanted, and nothing else.
const ALL_HEADERS: Plan = &[("response", Look::Into(&[("headers", Look::AtPairs(None))]))];

/// The entry that begins at a place of a text, with all headers of its response.
pub fn entry_at(bytes: &[u8], at: usize) -> Option<Object<'_>> {
    let mut cursor = Cursor::new(bytes, at);
    Object::read(&mut cursor, ALL_HEADERS, &mut Form::default()).ok()
}

/// An entry that stands whole, held back.
pub struct Pending<'a> {
    index: usize,
    object: Object<'a>,
    too_deep: bool,
}

impl<'a> Walk<'a, '_> {
    /// Reads the list at the cursor. A halt means that nothing more can be read.
    pub(super) fn list(&mut self) -> Result<(), Halt> {
        self.outcome.lists += 1;
        self.cursor.at += 1;
        self.search_from = self.cursor.at;
        self.entries()
    }

    /// Reads entries to the end of the list that the cursor is in.
    pub(super) fn entries(&mut self) -> Result<(), Halt> {
        let mut after_value = false;
        loop {
            match self.cursor.next_in(Kind::Array, after_value) {
                Ok(goes_on) => {
                    self.hand_on();
                    self.search_from = self.cursor.at;
                    if !goes_on {
                        return Ok(());
                    }
                }
                Err(halt) => self.resume(halt)?,
            }
            after_value = self.element()?;
        }
    }

    /// Reads what stands in the place of an entry. `false`: it was broken, and the cursor is at the next one.
    fn element(&mut self) -> Result<bool, Halt> {
        let start = self.cursor.at;
        let index = self.outcome.entries_found;
        // From its second byte on, because its damage may swallow others.
        self.search_from = start + 1;
        self.outcome.entries_found += 1;
        self.cursor.too_deep = false;
        let read = match self.cursor.byte()? {
            b'{' => Object::read(&mut self.cursor, ENTRY, &mut self.form).map(Some),
            _ => self.cursor.skip_value().map(|_| None),
        };
        match read {
            Ok(Some(object)) => {
                let too_deep = self.cursor.too_deep;
                self.pending = Some(Pending {
                    index,
                    object,
                    too_deep,
                });
            }
            Ok(None) => (self.sink)(Piece::Damaged { index, at: start }),
            Err(halt) => {
                self.leave(index, halt)?;
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn hand_on(&mut self) {
        if let Some(Pending {
            index,
            object,
            too_deep,
        }) = self.pending.take()
        {
            let capture = self.captures;
            (self.sink)(Piece::Entry(FoundEntry {
                index,
                capture,
                object,
                too_deep,
            }));
        }
    }

    /// The last entry broke: it is given up.
    fn leave(&mut self, index: usize, halt: Halt) -> Result<(), Halt> {
        let next = self.next_entry();
        if next.is_some() || matches!(halt, Halt::Bad(_)) {
            (self.sink)(Piece::Damaged {
                index,
                at: halt.at(),
            });
        }
        self.cursor.at = next.ok_or(halt)?;
        Ok(())
    }

    /// Behind the last entry the list does not go on as a list does.
    fn resume(&mut self, halt: Halt) -> Result<(), Halt> {
        let next = self.next_entry();
        match self
            .pending
            .take_if(|last| next.is_some_and(|next| next < last.object.range.end))
        {
            Some(last) => (self.sink)(Piece::Damaged {
                index: last.index,
                at: halt.at(),
            }),
            None => self.hand_on(),
        }
        self.cursor.at = next.ok_or(halt)?;
        self.outcome.damaged_at.get_or_insert(halt.at());
        Ok(())
    }

    /// The next whole entry behind what is known to be read.
    pub(super) fn next_entry(&mut self) -> Option<usize> {
        self.resync
            .next_entry(self.cursor.bytes(), self.search_from)
    }
}
