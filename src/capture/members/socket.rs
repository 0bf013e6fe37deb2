//! `_webSocketMessages`: what went over a WebSocket, which Chrome lists at the request that opened it. Messages are
//! counted and not read: each is walked over where it stands.

use crate::capture::entry::SocketMessages;
use crate::capture::lenient::Notes;
use crate::capture::scanner::{Cursor, Form, Halt, Kind, Object};

/// Counts the messages; `None` where the producer lists none.
pub fn read(bytes: &[u8], entry: &Object, notes: &mut Notes) -> Option<SocketMessages> {
    let member = entry.last("_webSocketMessages")?;
    let mut cursor = Cursor::new(bytes, member.value.start);
    if cursor.peek() != Some(b'[') {
        if bytes.get(member.value.clone()) != Some(b"null") {
            notes.wrong_type("_webSocketMessages", "a list");
        }
        return None;
    }
    // The scanner has stepped over this text before: it can break only below the depth limit, which was noted.
    let counted = count(bytes, &mut cursor).unwrap_or_default();
    (counted != SocketMessages::default()).then_some(counted)
}

fn count<'a>(bytes: &'a [u8], cursor: &mut Cursor<'a>) -> Result<SocketMessages, Halt> {
    let mut counted = SocketMessages::default();
    let mut after_value = false;
    let mut form = Form::default();
    cursor.at += 1;
    while cursor.next_in(Kind::Array, after_value)? {
        after_value = true;
        if cursor.peek() != Some(b'{') {
            cursor.skip_value()?;
            continue;
        }
        let message = Object::read(cursor, &[], &mut form)?;
        let kind = message
            .last("type")
            .and_then(|kind| bytes.get(kind.value.clone()));
        match kind {
            Some(b"\"send\"") => counted.sent += 1,
            Some(b"\"receive\"") => counted.received += 1,
            _ => {}
        }
    }
    Ok(counted)
}
