//! Finds the next whole entry after damage.
//!
//! An entry is recognised by its shape: an object that is no member's value and holds a `request` object beside
//! something else an entry has. Text inside a string cannot look so, because its quotes are escaped.

use memchr::memchr;

use super::cursor::Cursor;
use super::form::Form;
use super::object::{Look, Object, Plan};

/// How many times the text may be gone over in the search, in all. Only text made to be slow needs more than
/// two; then the rest is given up.
const MAX_PASSES: usize = 4;

/// Members of which an entry has at least one, beside `request`.
const COMPANIONS: &[&str] = &["response", "startedDateTime", "time", "timings", "cache"];

const SOUGHT: Plan = &[("request", Look::Into(&[]))];

/// The search, with what it may still cost.
pub struct Resync {
    /// Bytes.
    budget: usize,
}

impl Resync {
    pub fn new(text_length: usize) -> Self {
        Resync {
            budget: text_length.saturating_mul(MAX_PASSES),
        }
    }

    /// Where the next whole entry begins, from `from` on.
    pub fn next_entry(&mut self, bytes: &[u8], from: usize) -> Option<usize> {
        let mut at = from;
        while self.budget > 0 {
            let skipped = memchr(b'{', bytes.get(at..)?)?;
            at += skipped;
            let mut cursor = Cursor::new(bytes, at);
            let read = if is_member(bytes, at) {
                None
            } else {
                Object::read(&mut cursor, SOUGHT, &mut Form::default()).ok()
            };
            self.budget = self.budget.saturating_sub(skipped + 1 + (cursor.at - at));
            match read {
                Some(object) if is_entry(&object) => return Some(at),
                // No entry stands inside a whole object that is none.
                Some(object) => at = object.range.end,
                None => at += 1,
            }
        }
        None
    }
}

/// Whether the object at `at` stands behind a colon.
fn is_member(bytes: &[u8], at: usize) -> bool {
    let before = bytes.get(..at).unwrap_or_default();
    before.trim_ascii_end().last() == Some(&b':')
}

fn is_entry(object: &Object) -> bool {
    let request = object
        .last("request")
        .and_then(|member| member.inside.object());
    request.is_some_and(|request| request.last("url").is_some())
        && COMPANIONS.iter().any(|name| object.last(name).is_some())
}
