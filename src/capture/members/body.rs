//! `postData`: the body of a request, and the other places where producers put it.

use crate::capture::codes;
use crate::capture::entry::Body;
use crate::capture::lenient::{Fields, Json, Notes};

/// The body of a request; `None` where the producer wrote nothing about one.
pub fn read(request: &mut Fields, notes: &mut Notes) -> Option<Body> {
    match request.take("postData", notes) {
        Json::Null => None,
        Json::Object(members) => Some(read_members(
            Fields::new("request.postData", members),
            notes,
        )),
        Json::Text(text) => {
            notes.add(
                codes::WRONG_TYPE,
                "`request.postData` is a text; it was taken as the body's text",
            );
            let text = notes.cut("request.postData", text);
            Some(Body {
                text: Some(text),
                ..Body::default()
            })
        }
        _ => {
            notes.wrong_type("request.postData", "an object");
            None
        }
    }
}

fn read_members(mut fields: Fields, notes: &mut Notes) -> Body {
    // Some proxies keep a body that is no text in an object of its own.
    let mut content = fields.inside("_content", "request.postData._content", notes);
    let encoding = fields.text("encoding", notes);
    let other_encoding = fields.text("_encoding", notes);
    let text = fields.text("text", notes);
    let own_encoding = encoding.or(other_encoding);
    let (text, encoding) = match content.text("text", notes) {
        Some(other) if text.as_ref().is_none_or(String::is_empty) => {
            (Some(other), content.text("encoding", notes))
        }
        _ => (text, own_encoding),
    };
    let file = fields.text("_file", notes);
    let digest = fields.text("_sha1", notes);
    let is_elsewhere = text.as_ref().is_none_or(String::is_empty);
    Body {
        mime_type: fields.text("mimeType", notes),
        attached: file
            .or(digest)
            .filter(|name| is_elsewhere && !name.is_empty()),
        text,
        params: fields.pairs("params", notes),
        encoding,
        comment: fields.text("comment", notes),
    }
}
