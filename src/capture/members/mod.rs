//! Fills an `Entry` from the members that the scanner found.

mod about;
mod body;
mod initiator;
mod plain;
mod request;
mod response;
mod socket;

pub use about::{About, page_id};
pub use response::response_headers;

use crate::capture::entry::{Entry, Timings};
use crate::capture::lenient::{self, Fields, Json, Notes};
use crate::capture::scanner::{Member, Object};
use crate::capture::{Problem, codes};

/// The members of an entry that are read as they stand; `request`, `response` and `_initiator` are read by rooms
/// of their own, and everything else is never looked at.
const PLAIN: &[&str] = &[
    "_apiRequest",
    "_error",
    "_fetchedViaServiceWorker",
    "_fromCache",
    "_resourceType",
    "_type",
    "_wasFulfilled",
    "cache",
    "connection",
    "pageref",
    "serverIPAddress",
    "startedDateTime",
    "time",
    "timings",
];

/// Part of the name of members that say why a request was stopped.
const BLOCKED: &str = "blocked";

/// Reads one entry, and takes the lists of its request out of the object. `None`: it could not be used, and the problems say why.
pub fn read_entry(
    bytes: &[u8],
    index: usize,
    object: &mut Object,
) -> (Option<Entry>, Vec<Problem>) {
    let mut notes = Notes::new(Some(index));
    note_duplicates(object, &mut notes);
    let entry = request::read(bytes, object, &mut notes).map(|request| {
        let mut entry = plain::entry(bytes, object).unwrap_or_else(|| {
            let mut fields = fields(bytes, object, "", is_plain, &mut notes);
            plain_members(&mut fields, &mut notes)
        });
        entry.index = index;
        entry.range = object.range.clone();
        entry.request = request;
        entry.initiator_url = initiator::read(bytes, object, &mut notes);
        entry.socket_messages = socket::read(bytes, object, &mut notes);
        response::read(bytes, object, &mut entry, &mut notes);
        entry
    });
    (entry, notes.finish())
}

/// These are not taken from `Fields`, which notices the duplicates of all others.
fn note_duplicates(object: &Object, notes: &mut Notes) {
    for key in ["request", "response", "_initiator", "_webSocketMessages"] {
        let count = object
            .members
            .iter()
            .filter(|member| member.key == key)
            .count();
        if count > 1 {
            notes.duplicate(key, count);
        }
    }
}

fn is_plain(key: &str) -> bool {
    PLAIN.contains(&key) || is_blocked(key)
}

fn is_blocked(key: &str) -> bool {
    let mut parts = key.as_bytes().windows(BLOCKED.len());
    parts.any(|part| part.eq_ignore_ascii_case(BLOCKED.as_bytes()))
}

/// The wanted members of an object, read.
fn fields<'a>(
    bytes: &'a [u8],
    object: &'a Object,
    place: &'static str,
    wanted: fn(&str) -> bool,
    notes: &mut Notes,
) -> Fields<'a> {
    let members = object.members.iter().filter(|member| wanted(&member.key));
    let read = members
        .map(|member| (member.key.as_ref().into(), value(bytes, member, notes)))
        .collect();
    Fields::new(place, read)
}

/// The value of one member; one that cannot be read is noted and counts as absent.
fn value<'a>(bytes: &'a [u8], member: &Member, notes: &mut Notes) -> Json<'a> {
    let text = bytes.get(member.value.clone()).unwrap_or_default();
    lenient::parse(text, &mut notes.repairs).unwrap_or_else(|| {
        notes.add(
            codes::DAMAGED_MEMBER,
            format!("`{}` could not be read; it was left out", member.key),
        );
        Json::Null
    })
}

fn plain_members(fields: &mut Fields, notes: &mut Notes) -> Entry {
    let kind = fields.text("_resourceType", notes);
    let other_kind = fields.text("_type", notes);
    Entry {
        started_at: fields.text("startedDateTime", notes),
        pageref: fields.text("pageref", notes),
        server_ip: fields.text("serverIPAddress", notes),
        connection: fields.text("connection", notes),
        time: fields.number("time", notes),
        timings: timings(fields, notes),
        cache_filled: cache_filled(fields, notes),
        from_cache: fields.text("_fromCache", notes),
        error: fields.text_or_json("_error", notes),
        blocked_reason: fields.text_named_like(BLOCKED),
        resource_type: kind.or(other_kind),
        via_service_worker: fields.flag("_fetchedViaServiceWorker", notes),
        api_request: fields.flag("_apiRequest", notes),
        answered_by_script: fields.flag("_wasFulfilled", notes),
        ..Entry::default()
    }
}

fn timings(fields: &mut Fields, notes: &mut Notes) -> Timings {
    let mut timings = fields.inside("timings", "timings", notes);
    Timings {
        blocked: timings.number("blocked", notes),
        send: timings.number("send", notes),
        wait: timings.number("wait", notes),
        receive: timings.number("receive", notes),
    }
}

/// Most producers write an empty `cache` always; only one that holds something says that a cache was met.
fn cache_filled(fields: &mut Fields, notes: &mut Notes) -> bool {
    let Json::Object(members) = fields.take("cache", notes) else {
        return false;
    };
    members.iter().any(|(key, value)| {
        let filled = matches!(value, Json::Object(inside) if !inside.is_empty());
        filled && (key == "afterRequest" || key == "beforeRequest")
    })
}
