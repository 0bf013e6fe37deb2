//! An object looked at from above: its keys and where its values stand. Values are not read.

use std::borrow::Cow;
use std::ops::Range;

use super::cursor::{Cursor, Halt};
use super::form::{Form, MemberForm};
use super::names::usual;
use crate::capture::lenient;
use crate::capture::pairs::Pairs;

/// As many members as most objects that are looked at have.
const MEMBERS: usize = 16;

/// One member of an object.
#[derive(Debug)]
pub struct Member<'a> {
    /// Unescaped.
    pub key: Cow<'a, str>,
    pub value: Range<usize>,
    /// What is inside, where the object was read with a plan that asks for it.
    pub inside: Inside<'a>,
}

/// What is known of the inside of a value.
#[derive(Debug)]
pub enum Inside<'a> {
    /// It was stepped over.
    Unknown,
    Object(Object<'a>),
    /// A list of names and values, written as the format has it.
    Pairs(Listed),
}

impl<'a> Inside<'a> {
    pub fn object(&self) -> Option<&Object<'a>> {
        match self {
            Inside::Object(object) => Some(object),
            _ => None,
        }
    }

    pub fn object_mut(&mut self) -> Option<&mut Object<'a>> {
        match self {
            Inside::Object(object) => Some(object),
            _ => None,
        }
    }
}

/// What is kept of a list of names and values.
#[derive(Debug)]
pub struct Listed {
    pub pairs: Pairs,
    /// How many are listed, kept or not.
    pub count: usize,
}

/// Into which members of an object it is looked while it is stepped over, by name.
pub type Plan = &'static [(&'static str, Look)];

/// Which pairs of a list are kept, by name; `None`: all.
pub type Kept = Option<&'static [&'static str]>;

/// What a value is looked at as, where it is one.
#[derive(Debug, Clone, Copy)]
pub enum Look {
    /// As an object.
    Into(Plan),
    /// As a list of names and values, of which all are kept or those with some names, without regard to case.
    AtPairs(Kept),
}

/// An object's members in the order of the text, duplicates included.
#[derive(Debug)]
pub struct Object<'a> {
    pub range: Range<usize>,
    pub members: Vec<Member<'a>>,
}

impl<'a> Object<'a> {
    /// Reads the object at the cursor: one pass over the text gives all that the plan names. `form` is that of the object that
    /// was read before by the same plan, and becomes this one's.
    pub fn read(cursor: &mut Cursor<'a>, plan: Plan, form: &mut Form<'a>) -> Result<Self, Halt> {
        let start = cursor.at;
        cursor.at += 1;
        let mut members = Vec::with_capacity(MEMBERS);
        let mut place = 0;
        while let Some(member) = form.next(cursor, plan, &mut place, !members.is_empty())? {
            members.push(Member::read(cursor, member)?);
        }
        Ok(Object {
            range: start..cursor.at,
            members,
        })
    }

    /// The last member of that name: in JSON, the one that counts.
    pub fn last(&self, key: &str) -> Option<&Member<'a>> {
        self.members.iter().rev().find(|member| member.key == key)
    }

    /// The same, to take something out of it.
    pub fn last_mut(&mut self, key: &str) -> Option<&mut Member<'a>> {
        let mut members = self.members.iter_mut().rev();
        members.find(|member| member.key == key)
    }
}

impl<'a> Member<'a> {
    /// Reads the value at the cursor.
    fn read(cursor: &mut Cursor<'a>, form: &mut MemberForm<'a>) -> Result<Self, Halt> {
        let start = cursor.at;
        let inside = match (form.look, cursor.peek()) {
            (Some(Look::Into(deeper)), Some(b'{')) => {
                Inside::Object(Object::read(cursor, deeper, &mut form.inside)?)
            }
            (Some(Look::AtPairs(kept)), Some(b'[')) => cursor.pairs(*kept)?,
            _ => {
                cursor.skip_value()?;
                Inside::Unknown
            }
        };
        let value = start..cursor.at;
        Ok(Member {
            key: form.key.clone(),
            value,
            inside,
        })
    }
}

/// What a key says. Nearly all are usual, or plain; an escaped or damaged one takes the long way.
pub fn name<'a>(bytes: &'a [u8], key: Range<usize>) -> Cow<'a, str> {
    let quoted = bytes.get(key).unwrap_or_default();
    let plain = quoted
        .get(1..quoted.len().saturating_sub(1))
        .unwrap_or_default();
    if let Some(usual) = usual(plain) {
        return Cow::Borrowed(usual);
    }
    match std::str::from_utf8(plain) {
        Ok(text) if !plain.contains(&b'\\') => Cow::Borrowed(text),
        _ => Cow::Owned(lenient::key(quoted)),
    }
}
