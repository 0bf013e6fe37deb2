//! `postData`: the body of a request, and the other places where producers put it.

use std::borrow::Cow;

use crate::capture::codes;
use crate::capture::entry::Body;
use crate::capture::lenient::{Fields, Json, Notes};

/// The body of a request; `None` where the producer wrote nothing about one.
pub fn read(request: &mut Fields, notes: &mut Notes) -> Option<Body> {
    let body = post_data(request, notes);
    let beside = beside_post_data(request, notes);
    match (body, beside) {
        (Some(body), Some(beside)) if is_empty(&body.text) && body.params.is_empty() => {
            Some(Body {
                text: beside.text.or(body.text),
                encoding: beside.encoding.or(body.encoding),
                comment: body.comment.or(beside.comment),
                ..body
            })
        }
        (body, beside) => body.or(beside),
    }
}

fn post_data(request: &mut Fields, notes: &mut Notes) -> Option<Body> {
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
            let text = notes.cut("request.postData", text.into_owned());
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
    let elsewhere = content_of(&mut fields, "_content", notes);
    let encoding = fields.text("encoding", notes);
    let other_encoding = fields.text("_encoding", notes);
    let text = fields.text("text", notes);
    let (text, encoding) = match elsewhere {
        Some(content) if is_empty(&text) => content,
        _ => (text, encoding.or(other_encoding)),
    };
    let file = fields.text("_file", notes);
    let digest = fields.text("_sha1", notes);
    let attached = file.or(digest).filter(|name| !name.is_empty());
    Body {
        mime_type: fields.text("mimeType", notes),
        attached: attached.filter(|_| is_empty(&text)),
        params: fields.pairs("params", notes),
        comment: fields.text("comment", notes),
        text,
        encoding,
    }
}

/// Proxies that leave `postData` out for a body that is no text write it, or why they did not, beside its place.
fn beside_post_data(request: &mut Fields, notes: &mut Notes) -> Option<Body> {
    let content = content_of(request, "_content", notes);
    let other = content_of(request, "_requestBody", notes);
    let comment = request.text("comment", notes);
    let comment = comment.filter(|comment| !comment.is_empty());
    let content = content.or(other);
    if content.is_none() && comment.is_none() {
        return None;
    }
    let (text, encoding) = content.unwrap_or_default();
    Some(Body {
        text,
        encoding,
        comment,
        ..Body::default()
    })
}

/// The text and encoding of a body that is a member of its own: a text, or an object with both.
fn content_of(
    fields: &mut Fields,
    key: &'static str,
    notes: &mut Notes,
) -> Option<(Option<String>, Option<String>)> {
    let (text, encoding) = match fields.take(key, notes) {
        Json::Object(members) => {
            let mut content = Fields::new(key, members);
            (content.text("text", notes), content.text("encoding", notes))
        }
        other => (other.into_scalar().map(Cow::into_owned), None),
    };
    let text = text.filter(|text| !text.is_empty())?;
    Some((Some(notes.cut(key, text)), encoding))
}

fn is_empty(text: &Option<String>) -> bool {
    text.as_ref().is_none_or(String::is_empty)
}
