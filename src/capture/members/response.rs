//! `response`: what came back. The body's text is never read, only where it stands.

use crate::capture::entry::{Entry, Response};
use crate::capture::lenient::Notes;
use crate::capture::members::{BLOCKED, fields, is_blocked, plain};
use crate::capture::pairs::Pairs;
use crate::capture::scanner::{KEPT, Object, entry_at};

/// The members of a response that are read; its `content` is looked at from above only.
const WANTED: &[&str] = &[
    "_error",
    "_failureText",
    "_transferSize",
    "bodySize",
    "headers",
    "httpVersion",
    "redirectURL",
    "status",
    "statusText",
];

/// All headers of an entry's response, read where they stand; `text` is the capture's own.
pub fn response_headers(text: &[u8], entry: &Entry) -> Pairs {
    let object = entry_at(text, entry.range.start);
    let member = object.as_ref().and_then(|object| object.last("response"));
    let Some(response) = member.and_then(|member| member.inside.object()) else {
        return Pairs::default();
    };
    plain::response_headers(text, response).unwrap_or_else(|| {
        let mut notes = Notes::default();
        let mut fields = fields(
            text,
            response,
            "response",
            |key| key == "headers",
            &mut notes,
        );
        fields.pairs("headers", &mut notes).into()
    })
}

/// Fills in what the response says: itself, and the reasons that some producers write there and others beside it.
pub fn read(bytes: &[u8], object: &Object, entry: &mut Entry, notes: &mut Notes) {
    let Some(member) = object.last("response") else {
        return;
    };
    let Some(response) = member.inside.object() else {
        if bytes.get(member.value.clone()) != Some(b"null") {
            notes.wrong_type("response", "an object");
        }
        return;
    };
    let mut read = match plain::response(bytes, response) {
        Some((read, error)) => {
            entry.error = entry.error.take().or(error);
            read
        }
        None => read_with_care(bytes, response, entry, notes),
    };
    read_content(bytes, response, &mut read, notes);
    entry.response = Some(read);
}

pub(super) fn read_with_care(
    bytes: &[u8],
    response: &Object,
    entry: &mut Entry,
    notes: &mut Notes,
) -> Response {
    let mut fields = fields(bytes, response, "response", is_wanted, notes);
    let error = fields.text_or_json("_error", notes);
    let failure = fields.text("_failureText", notes);
    entry.error = entry.error.take().or(error).or(failure);
    entry.blocked_reason = entry
        .blocked_reason
        .take()
        .or_else(|| fields.text_named_like(BLOCKED));
    let headers: Pairs = fields.pairs("headers", notes).into();
    Response {
        status: fields.integer("status", notes),
        status_text: fields.text("statusText", notes),
        http_version: fields.text("httpVersion", notes),
        has_headers: !headers.is_empty(),
        headers: headers.named(&KEPT),
        redirect_url: fields.text("redirectURL", notes),
        body_size: fields.integer("bodySize", notes),
        transfer_size: fields.integer("_transferSize", notes),
        ..Response::default()
    }
}

fn is_wanted(key: &str) -> bool {
    WANTED.contains(&key) || is_blocked(key)
}

fn read_content(bytes: &[u8], response: &Object, read: &mut Response, notes: &mut Notes) {
    let Some(content) = response
        .last("content")
        .and_then(|member| member.inside.object())
    else {
        return;
    };
    let text = content.last("text").map(|member| member.value.clone());
    read.content_text = text.filter(|range| bytes.get(range.start) == Some(&b'"'));
    (read.content_encoding, read.content_type) =
        plain::content(bytes, content).unwrap_or_else(|| {
            let is_wanted = |key: &str| key == "encoding" || key == "mimeType";
            let mut fields = fields(bytes, content, "response.content", is_wanted, notes);
            (
                fields.text("encoding", notes),
                fields.text("mimeType", notes),
            )
        });
}
