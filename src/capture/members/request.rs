//! `request`: the one member without which an entry says nothing.

use crate::capture::codes;
use crate::capture::entry::Request;
use crate::capture::lenient::{self, Fields, Json, Notes};
use crate::capture::members::{body, plain};
use crate::capture::scanner::Object;

/// The request of an entry, or a note on why there is none to be used.
pub fn read(bytes: &[u8], entry: &mut Object, notes: &mut Notes) -> Option<Request> {
    let mut member = entry.last_mut("request");
    let object = member
        .as_mut()
        .and_then(|member| member.inside.object_mut());
    let plain = object.and_then(|object| plain::request(bytes, object));
    plain.filter(has_url).or_else(|| {
        let text = member.and_then(|member| bytes.get(member.value.clone()));
        read_with_care(text, notes)
    })
}

pub(super) fn read_with_care(text: Option<&[u8]>, notes: &mut Notes) -> Option<Request> {
    let request = match text.map(|text| lenient::parse(text, &mut notes.repairs)) {
        Some(None) => {
            notes.add(
                codes::DAMAGED_ENTRY,
                "the request could not be read, even after repair",
            );
            return None;
        }
        Some(Some(Json::Object(members))) => read_members(Fields::new("request", members), notes),
        Some(Some(Json::Text(url))) => address_only(url.into_owned(), notes),
        _ => Request::default(),
    };
    if !has_url(&request) {
        notes.add(
            codes::NO_URL,
            "the entry has no `request.url`; it was left out",
        );
        return None;
    }
    Some(request)
}

fn read_members(mut fields: Fields, notes: &mut Notes) -> Request {
    Request {
        method: fields.text("method", notes).unwrap_or_default(),
        url: fields.text("url", notes).unwrap_or_default(),
        http_version: fields.text("httpVersion", notes),
        headers: fields.pairs("headers", notes).into(),
        cookies: fields.pairs("cookies", notes).into(),
        query: fields.pairs("queryString", notes).into(),
        body: body::read(&mut fields, notes).map(Box::new),
        body_size: fields.integer("bodySize", notes),
    }
}

fn has_url(request: &Request) -> bool {
    !request.url.trim().is_empty()
}

/// Hand-made captures write the address in the place of the request.
fn address_only(url: String, notes: &mut Notes) -> Request {
    notes.add(
        codes::WRONG_TYPE,
        "`request` is a text; it was taken as the address of a GET request",
    );
    Request {
        method: "GET".to_owned(),
        url: notes.cut("request", url),
        ..Request::default()
    }
}
