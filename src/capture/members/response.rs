//! `response`: what came back. The body's text is never read, only where it stands.

use crate::capture::entry::{Entry, Response};
use crate::capture::lenient::Notes;
use crate::capture::members::{BLOCKED, fields, is_blocked, plain};
use crate::capture::pairs::Pairs;
use crate::capture::scanner::Object;

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

/// Fills in what the response says: itself, and the reasons that some producers write there and others beside it.
pub fn read(bytes: &[u8], object: &Object, entry: &mut Entry, notes: &mut Notes) {
    let Some(member) = object.last("response") else {
        return;
    };
    let Some(response) = &member.inside else {
        if bytes.get(member.value.clone()) != Some(b"null") {
            notes.wrong_type("response", "an object");
        }
        return;
    };
    let headers = headers(bytes, response);
    let wanted = match headers {
        Some(_) => is_wanted_but_headers,
        None => is_wanted,
    };
    let mut fields = fields(bytes, response, "response", wanted, notes);
    let error = fields.text_or_json("_error", notes);
    let failure = fields.text("_failureText", notes);
    entry.error = entry.error.take().or(error).or(failure);
    entry.blocked_reason = entry
        .blocked_reason
        .take()
        .or_else(|| fields.text_named_like(BLOCKED));
    let mut read = Response {
        status: fields.integer("status", notes),
        status_text: fields.text("statusText", notes),
        http_version: fields.text("httpVersion", notes),
        headers: headers.unwrap_or_else(|| fields.pairs("headers", notes).into()),
        redirect_url: fields.text("redirectURL", notes),
        body_size: fields.integer("bodySize", notes),
        transfer_size: fields.integer("_transferSize", notes),
        ..Response::default()
    };
    read_content(bytes, response, &mut read, notes);
    entry.response = Some(read);
}

/// The headers, where they stand there once and as the format has them.
fn headers(bytes: &[u8], response: &Object) -> Option<Pairs> {
    let mut headers = response.members.iter().filter(|m| m.key == "headers");
    let (first, second) = (headers.next()?, headers.next());
    match second {
        Some(_) => None,
        None => plain::pairs(bytes.get(first.value.clone())?),
    }
}

fn is_wanted_but_headers(key: &str) -> bool {
    key != "headers" && is_wanted(key)
}

fn is_wanted(key: &str) -> bool {
    WANTED.contains(&key) || is_blocked(key)
}

fn read_content(bytes: &[u8], response: &Object, read: &mut Response, notes: &mut Notes) {
    let Some(content) = response
        .last("content")
        .and_then(|member| member.inside.as_ref())
    else {
        return;
    };
    let text = content.last("text").map(|member| member.value.clone());
    read.content_text = text.filter(|range| bytes.get(range.start) == Some(&b'"'));
    let mut fields = fields(
        bytes,
        content,
        "response.content",
        |key| key == "encoding" || key == "mimeType",
        notes,
    );
    read.content_encoding = fields.text("encoding", notes);
    read.content_type = fields.text("mimeType", notes);
}
