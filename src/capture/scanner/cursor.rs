//! A place in a JSON text and the ways to step over what stands there, without copying and without recursion.
//!
//! It is strict about structure (keys, colons, commas, brackets), because structure is how damage is noticed,
//! and forgiving about everything else: what a string or a bare word holds is looked at later, if at all. The
//! one liberty it allows in structure is a comma before a closing bracket.

use std::ops::Range;

use super::nesting::{Kind, Nesting};
use super::object::{Inside, Kept};
use super::pairs::{self, Place};
use super::quick::{is_of_word, value_end};
use super::step::{blanks, end_of_string};

/// Why a step could not be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Halt {
    /// The text ends here, in the middle of something.
    End(usize),
    /// This byte cannot stand here.
    Bad(usize),
}

impl Halt {
    pub fn at(self) -> usize {
        match self {
            Halt::End(at) | Halt::Bad(at) => at,
        }
    }
}

/// A place in a JSON text.
#[derive(Debug, Clone)]
pub struct Cursor<'a> {
    bytes: &'a [u8],
    pub at: usize,
    /// Set once a value was stepped over that is nested deeper than `MAX_DEPTH`.
    pub too_deep: bool,
    /// Room in which lists of pairs are read.
    places: Vec<Place>,
}

impl<'a> Cursor<'a> {
    pub fn new(bytes: &'a [u8], at: usize) -> Self {
        Cursor {
            bytes,
            at,
            too_deep: false,
            places: Vec::new(),
        }
    }

    pub fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// The text from here on.
    pub fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    pub fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    /// The byte here; the end of the text is a halt.
    pub fn byte(&self) -> Result<u8, Halt> {
        self.peek().ok_or(Halt::End(self.bytes.len()))
    }

    #[inline]
    pub fn skip_space(&mut self) {
        self.at += blanks(self.rest());
    }

    /// Goes to the next member or element of the innermost open container. `false`: the container ended here
    /// and is behind us.
    pub fn next_in(&mut self, kind: Kind, after_value: bool) -> Result<bool, Halt> {
        self.skip_space();
        let mut byte = self.byte()?;
        if after_value && byte != kind.closing() {
            self.expect(b',')?;
            self.skip_space();
            byte = self.byte()?;
        }
        if byte == kind.closing() {
            self.at += 1;
            return Ok(false);
        }
        Ok(true)
    }

    /// Steps over a key and its colon, to the value. The range is the key's, quotes included.
    pub fn key(&mut self) -> Result<Range<usize>, Halt> {
        let start = self.at;
        self.expect(b'"')?;
        self.finish_string()?;
        let key = start..self.at;
        self.skip_space();
        self.expect(b':')?;
        self.skip_space();
        Ok(key)
    }

    /// Steps over a whole value.
    pub fn skip_value(&mut self) -> Result<Range<usize>, Halt> {
        match value_end(self.bytes, self.at) {
            Some(end) => {
                let start = std::mem::replace(&mut self.at, end);
                Ok(start..end)
            }
            None => self.skip_value_with_care(),
        }
    }

    /// Steps over a list, and reads it where it is one of names and values.
    pub(super) fn pairs(&mut self, kept: Kept) -> Result<Inside<'a>, Halt> {
        match pairs::read(self.bytes, self.at, kept, &mut self.places) {
            Some((end, pairs)) => {
                self.at = end;
                Ok(Inside::Pairs(pairs))
            }
            None => self.skip_value().map(|_| Inside::Unknown),
        }
    }

    /// The same as `skip_value`, also over what is damaged or nested too deep.
    pub(super) fn skip_value_with_care(&mut self) -> Result<Range<usize>, Halt> {
        let start = self.at;
        let mut open = Nesting::default();
        loop {
            let opened = self.begin_value(&mut open)?;
            if !self.advance(&mut open, !opened)? {
                return Ok(start..self.at);
            }
        }
    }

    /// Steps over a string or a word, or into a container. `true`: a container was opened.
    fn begin_value(&mut self, open: &mut Nesting) -> Result<bool, Halt> {
        let kind = match self.byte()? {
            b'"' => {
                self.at += 1;
                return self.finish_string().map(|()| false);
            }
            b'{' => Kind::Object,
            b'[' => Kind::Array,
            _ => return self.skip_word().map(|()| false),
        };
        if !open.push(kind) {
            self.too_deep = true;
            return self.skip_brackets().map(|()| false);
        }
        self.at += 1;
        Ok(true)
    }

    /// Goes on to the next value inside what is open, closing what ends. `false`: all is closed.
    fn advance(&mut self, open: &mut Nesting, mut after_value: bool) -> Result<bool, Halt> {
        while let Some(kind) = open.last() {
            if self.next_in(kind, after_value)? {
                if kind == Kind::Object {
                    self.key()?;
                }
                return Ok(true);
            }
            open.pop();
            after_value = true;
        }
        Ok(false)
    }

    fn expect(&mut self, wanted: u8) -> Result<(), Halt> {
        if self.byte()? != wanted {
            return Err(Halt::Bad(self.at));
        }
        self.at += 1;
        Ok(())
    }

    /// From behind an opening quote to behind the closing one.
    fn finish_string(&mut self) -> Result<(), Halt> {
        let end = end_of_string(self.rest());
        self.at += end.ok_or(Halt::End(self.bytes.len()))? + 1;
        Ok(())
    }

    /// Numbers, `true`, `null`, and words that are no JSON but stand where a value stands, as `NaN` does.
    fn skip_word(&mut self) -> Result<(), Halt> {
        let start = self.at;
        while self.peek().is_some_and(is_of_word) {
            self.at += 1;
        }
        if self.at == start {
            return Err(Halt::Bad(start));
        }
        // A word at the very end may have lost its other half.
        self.byte().map(|_| ())
    }

    /// Steps over a container by counting brackets only: past the depth limit nothing more is remembered.
    fn skip_brackets(&mut self) -> Result<(), Halt> {
        let mut depth = 0usize;
        loop {
            let byte = self.byte()?;
            self.at += 1;
            match byte {
                b'"' => self.finish_string()?,
                b'{' | b'[' => depth += 1,
                b'}' | b']' if depth <= 1 => return Ok(()),
                b'}' | b']' => depth -= 1,
                _ => {}
            }
        }
    }
}
