//! Finds the entries of a capture in its text: one pass, nothing copied, nothing parsed that need not be.
//!
//! A capture is an object with a list called `entries`, usually `{"log": {"entries": […]}}`; some tools wrap it
//! once more, and some files hold two. What is found is handed on piece by piece, so that memory does not grow
//! with the file. Damage ends an entry, never the scan: it goes on at the next entry that stands whole.

mod cursor;
mod form;
mod list;
mod names;
mod nesting;
mod object;
mod pairs;
mod quick;
mod resync;
mod step;

pub use cursor::{Cursor, Halt};
pub use form::Form;
pub use nesting::{Kind, MAX_DEPTH};
pub use object::{Inside, Listed, Member, Object, name};
pub use step::first_mark;

use std::ops::Range;

use memchr::memmem;

pub use list::{KEPT, entry_at};

use list::Pending;
use resync::Resync;

/// How far below the root the object with `entries` may be.
const MAX_WRAPPERS: usize = 2;

/// The members of `log` that say where a capture comes from.
const ABOUT: &[&str] = &["browser", "creator", "pages"];

/// One thing found in the text.
#[derive(Debug)]
pub enum Piece<'a> {
    Entry(FoundEntry<'a>),
    /// Something in the place of an entry that is none, or is broken; `at` is where it shows.
    Damaged {
        index: usize,
        at: usize,
    },
    /// `browser`, `creator` or `pages` of a capture.
    About {
        capture: usize,
        key: &'static str,
        value: Range<usize>,
    },
}

/// An entry that stands whole.
#[derive(Debug)]
pub struct FoundEntry<'a> {
    pub index: usize,
    /// Which of the captures in the text it belongs to, from 0.
    pub capture: usize,
    pub object: Object<'a>,
    /// It has values nested beyond the limit.
    pub too_deep: bool,
}

/// What is known at the end of the text.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// How many lists of entries there are.
    pub lists: usize,
    /// How many entries began, damaged ones included.
    pub entries_found: usize,
    /// Where the text ends in the middle of something.
    pub truncated_at: Option<usize>,
    /// Where, outside the entries, the structure broke.
    pub damaged_at: Option<usize>,
    /// Bytes behind the last capture that belong to nothing.
    pub trailing: usize,
    /// Where the text ends.
    pub end: usize,
}

/// Walks the text from `start` and hands every piece to `sink`.
pub fn scan<'a>(bytes: &'a [u8], start: usize, sink: &mut dyn FnMut(Piece<'a>)) -> Outcome {
    let mut walk = Walk {
        cursor: Cursor::new(bytes, start),
        resync: Resync::new(bytes.len()),
        sink,
        outcome: Outcome {
            end: bytes.len(),
            ..Outcome::default()
        },
        pending: None,
        form: Form::default(),
        captures: 0,
        search_from: start,
    };
    match walk.roots() {
        Ok(()) => {}
        Err(halt) => {
            walk.note(halt);
            walk.rescue(halt.at());
        }
    }
    walk.outcome
}

struct Walk<'a, 's> {
    cursor: Cursor<'a>,
    resync: Resync,
    sink: &'s mut dyn FnMut(Piece<'a>),
    outcome: Outcome,
    pending: Option<Pending<'a>>,
    /// How the entry before was written.
    form: Form<'a>,
    /// Captures that ended: objects with lists of entries.
    captures: usize,
    /// Where, after damage, the search for the next entry begins.
    search_from: usize,
}

impl Walk<'_, '_> {
    /// One root after the other: captures are sometimes simply appended to one another.
    fn roots(&mut self) -> Result<(), Halt> {
        loop {
            self.skip_filler();
            match self.cursor.peek() {
                None => return Ok(()),
                Some(b'{' | b'[') => self.container(0, false)?,
                Some(_) => return self.trailing(),
            }
        }
    }

    /// Something follows the capture. Where a bracket too many closed it early, that is the rest of it.
    fn trailing(&mut self) -> Result<(), Halt> {
        if self.next_entry().is_some() {
            return Err(Halt::Bad(self.cursor.at));
        }
        self.outcome.trailing = self.cursor.rest().len();
        Ok(())
    }

    /// Blanks, NUL bytes and byte-order marks between captures mean nothing.
    fn skip_filler(&mut self) {
        loop {
            let rest = self.cursor.rest();
            if rest.starts_with(b"\xEF\xBB\xBF") {
                self.cursor.at += 3;
            } else if matches!(rest.first(), Some(b' ' | b'\n' | b'\r' | b'\t' | 0)) {
                self.cursor.at += 1;
            } else {
                return;
            }
        }
    }

    /// Reads a value that may hold a capture; anything else is stepped over.
    fn value(&mut self, depth: usize, is_log: bool) -> Result<(), Halt> {
        match self.cursor.byte()? {
            b'{' | b'[' if depth <= MAX_WRAPPERS => self.container(depth, is_log),
            _ => self.cursor.skip_value().map(|_| ()),
        }
    }

    fn container(&mut self, depth: usize, is_log: bool) -> Result<(), Halt> {
        let open = self.cursor.byte()?;
        self.cursor.at += 1;
        if open == b'[' {
            return self.elements(depth);
        }
        let mut about = Vec::new();
        let lists_before = self.outcome.lists;
        let capture = self.captures;
        let walked = self.members(depth, is_log, &mut about);
        // Also where the text broke off: what was said about the capture before holds.
        let holds_lists = self.outcome.lists > lists_before;
        if is_log || holds_lists {
            for (key, value) in about {
                (self.sink)(Piece::About {
                    capture,
                    key,
                    value,
                });
            }
        }
        // What only wraps captures is none itself.
        if holds_lists && self.captures == capture {
            self.captures += 1;
        }
        walked
    }

    fn elements(&mut self, depth: usize) -> Result<(), Halt> {
        let mut after_value = false;
        while self.cursor.next_in(Kind::Array, after_value)? {
            self.value(depth + 1, false)?;
            after_value = true;
        }
        Ok(())
    }

    fn members(
        &mut self,
        depth: usize,
        is_log: bool,
        about: &mut Vec<(&'static str, Range<usize>)>,
    ) -> Result<(), Halt> {
        let mut after_value = false;
        while self.cursor.next_in(Kind::Object, after_value)? {
            let key = name(self.cursor.bytes(), self.cursor.key()?);
            if key == "entries" && self.cursor.peek() == Some(b'[') {
                self.list()?;
            } else if let Some(known) = ABOUT.iter().find(|known| **known == key) {
                about.push((known, self.cursor.skip_value()?));
            } else if is_log {
                // Below a log only its own entries count.
                self.cursor.skip_value()?;
            } else {
                self.value(depth + 1, key == "log")?;
            }
            after_value = true;
        }
        Ok(())
    }

    /// The structure broke outside the entries: looks for the list, if it was not found yet, and then for every
    /// entry that still stands whole.
    fn rescue(&mut self, broken_at: usize) {
        let mut read = Ok(());
        self.cursor.at = broken_at;
        if self.outcome.lists == 0 && self.find_list() {
            read = self.list();
        }
        while let (Ok(()), Some(next)) = (read, self.next_entry()) {
            self.cursor.at = next;
            // Where the damage took the list's name, the entries still tell that there is one.
            self.outcome.lists = self.outcome.lists.max(1);
            read = self.entries();
        }
        if let Err(halt) = read {
            self.note(halt);
        }
    }

    /// Goes to the next list called `entries`.
    fn find_list(&mut self) -> bool {
        while let Some(found) = memmem::find(self.cursor.rest(), b"\"entries\"") {
            self.cursor.at += found;
            if self.cursor.key().is_ok() && self.cursor.peek() == Some(b'[') {
                return true;
            }
        }
        false
    }

    fn note(&mut self, halt: Halt) {
        match halt {
            Halt::End(at) => self.outcome.truncated_at.get_or_insert(at),
            Halt::Bad(at) => self.outcome.damaged_at.get_or_insert(at),
        };
    }
}
