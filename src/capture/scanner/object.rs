//! An object looked at from above: its keys and where its values stand. Values are not read.

use std::borrow::Cow;
use std::ops::Range;

use super::cursor::{Cursor, Halt};
use super::nesting::Kind;
use crate::capture::lenient;

/// One member of an object.
#[derive(Debug)]
pub struct Member<'a> {
    /// Unescaped.
    pub key: Cow<'a, str>,
    pub value: Range<usize>,
    /// The members inside, where the object was read with a plan that asks for them.
    pub inside: Option<Object<'a>>,
}

/// An object's members in the order of the text, duplicates included.
#[derive(Debug)]
pub struct Object<'a> {
    pub range: Range<usize>,
    pub members: Vec<Member<'a>>,
}

impl<'a> Object<'a> {
    /// Reads the object at the cursor. `plan` names the member that is itself read as an object, then the one
    /// inside that, and so on: one pass over the text gives all of them.
    pub fn read(cursor: &mut Cursor<'a>, plan: &[&str]) -> Result<Self, Halt> {
        let start = cursor.at;
        cursor.at += 1;
        let mut members = Vec::new();
        while cursor.next_in(Kind::Object, !members.is_empty())? {
            members.push(Member::read(cursor, plan)?);
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
}

impl<'a> Member<'a> {
    fn read(cursor: &mut Cursor<'a>, plan: &[&str]) -> Result<Self, Halt> {
        let key = name(cursor.bytes(), cursor.key()?);
        let (value, inside) = match plan.split_first() {
            Some((first, deeper)) if *first == key && cursor.peek() == Some(b'{') => {
                let object = Object::read(cursor, deeper)?;
                (object.range.clone(), Some(object))
            }
            _ => (cursor.skip_value()?, None),
        };
        Ok(Member { key, value, inside })
    }
}

/// What a key says. Nearly all are plain; an escaped or damaged one takes the long way.
pub fn name<'a>(bytes: &'a [u8], key: Range<usize>) -> Cow<'a, str> {
    let quoted = bytes.get(key).unwrap_or_default();
    let plain = quoted
        .get(1..quoted.len().saturating_sub(1))
        .unwrap_or_default();
    match std::str::from_utf8(plain) {
        Ok(text) if !text.contains('\\') => Cow::Borrowed(text),
        _ => Cow::Owned(lenient::key(quoted)),
    }
}
