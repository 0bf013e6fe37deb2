//! A capture as a HAR file: everything that the capture room reads, and nothing else. What is written reads the same.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::Number;

use crate::capture::{
    Body, Capture, Entry, Json, Pair, PairRef, Pairs, Request, Response, Timings,
};

/// The members of an object.
type Members<'a> = Vec<(Cow<'a, str>, Json<'a>)>;

/// The text of a capture, with the answers that stay, by entry. An entry that could not be read leaves its place empty, so that the others keep their numbers.
pub fn written(capture: &Capture, answers: &BTreeMap<usize, String>) -> String {
    let pages = capture.pages.iter().map(|page| {
        let mut members = Members::new();
        put(
            &mut members,
            "startedDateTime",
            page.started_at.as_deref().map(text),
        );
        put(&mut members, "id", Some(text(&page.id)));
        put(&mut members, "title", page.title.as_deref().map(text));
        put(
            &mut members,
            "pageTimings",
            Some(Json::Object(Members::new())),
        );
        Json::Object(members)
    });
    let mut log = Members::new();
    put(&mut log, "version", Some(text("1.2")));
    put(&mut log, "creator", Some(creator(capture)));
    put(
        &mut log,
        "browser",
        capture.browser.as_deref().map(|name| named(name, "")),
    );
    put(&mut log, "comment", Some(text(REMARK)));
    put(&mut log, "pages", Some(Json::List(pages.collect())));
    put(&mut log, "entries", Some(entries(capture, answers)));
    let whole = Json::Object(vec![("log".into(), Json::Object(log))]);
    whole.to_json_text()
}

const REMARK: &str = concat!(
    "Redacted by pixelhound ",
    env!("CARGO_PKG_VERSION"),
    ": values were replaced by placeholders of the same shape, answers were removed."
);

fn creator(capture: &Capture) -> Json<'_> {
    let name = capture.producer.as_deref().unwrap_or("unknown");
    named(
        name,
        capture.producer_version.as_deref().unwrap_or_default(),
    )
}

fn named<'a>(name: &'a str, version: &'a str) -> Json<'a> {
    let mut members = Members::new();
    put(&mut members, "name", Some(text(name)));
    put(&mut members, "version", Some(text(version)));
    Json::Object(members)
}

fn entries<'a>(capture: &'a Capture, answers: &'a BTreeMap<usize, String>) -> Json<'a> {
    let last = capture.entries.last().map_or(0, |entry| entry.index + 1);
    let mut places = vec![Json::Null; last];
    for read in &capture.entries {
        if let Some(place) = places.get_mut(read.index) {
            *place = entry(read, answers.get(&read.index));
        }
    }
    Json::List(places)
}

fn entry<'a>(entry: &'a Entry, answer: Option<&'a String>) -> Json<'a> {
    let mut members = Members::new();
    let mut put = |key, value| put(&mut members, key, value);
    let flag = |is_so: bool| is_so.then_some(Json::Bool(true));
    put("pageref", entry.pageref.as_deref().map(text));
    put("startedDateTime", entry.started_at.as_deref().map(text));
    put("time", entry.time.and_then(number));
    put("request", Some(request(&entry.request)));
    put(
        "response",
        entry.response.as_ref().map(|read| response(read, answer)),
    );
    put("cache", Some(cache(entry.cache_filled)));
    put("timings", Some(timings(&entry.timings)));
    put("serverIPAddress", entry.server_ip.as_deref().map(text));
    put("connection", entry.connection.as_deref().map(text));
    put("_fromCache", entry.from_cache.as_deref().map(text));
    put("_error", entry.error.as_deref().map(text));
    put("_blocked_reason", entry.blocked_reason.as_deref().map(text));
    put("_resourceType", entry.resource_type.as_deref().map(text));
    put("_initiator", entry.initiator_url.as_deref().map(initiator));
    put("_fetchedViaServiceWorker", flag(entry.via_service_worker));
    put("_apiRequest", flag(entry.api_request));
    put("_wasFulfilled", flag(entry.answered_by_script));
    put(
        "_webSocketMessages",
        entry.socket_messages.map(|count| {
            let message = |kind, count: u64| {
                let message = Json::Object(vec![("type".into(), text(kind))]);
                (0..count).map(move |_| message.clone())
            };
            let sent = message("send", count.sent);
            Json::List(sent.chain(message("receive", count.received)).collect())
        }),
    );
    Json::Object(members)
}

fn request(request: &Request) -> Json<'_> {
    let mut members = Members::new();
    let mut put = |key, value| put(&mut members, key, value);
    put("method", Some(text(&request.method)));
    put("url", Some(text(&request.url)));
    put("httpVersion", request.http_version.as_deref().map(text));
    put("headers", Some(pairs(&request.headers)));
    put("cookies", Some(pairs(&request.cookies)));
    put("queryString", Some(pairs(&request.query)));
    put("postData", request.body.as_deref().map(body));
    put("bodySize", request.body_size.map(whole));
    Json::Object(members)
}

fn body(body: &Body) -> Json<'_> {
    let mut members = Members::new();
    let mut put = |key, value| put(&mut members, key, value);
    put("mimeType", body.mime_type.as_deref().map(text));
    put("text", body.text.as_deref().map(text));
    put("_file", body.attached.as_deref().map(text));
    put("comment", body.comment.as_deref().map(text));
    put(
        "params",
        (!body.params.is_empty()).then(|| listed(&body.params)),
    );
    Json::Object(members)
}

fn response<'a>(response: &'a Response, answer: Option<&'a String>) -> Json<'a> {
    let mut members = Members::new();
    let mut put = |key, value| put(&mut members, key, value);
    put("status", response.status.map(whole));
    put("statusText", response.status_text.as_deref().map(text));
    put("httpVersion", response.http_version.as_deref().map(text));
    put("headers", Some(pairs(&response.headers)));
    put("cookies", Some(Json::List(Vec::new())));
    let content = [
        ("mimeType", response.content_type.as_ref()),
        ("text", answer),
    ];
    let content = content
        .into_iter()
        .filter_map(|(key, value)| Some((key.into(), text(value?))));
    put("content", Some(Json::Object(content.collect())));
    put("redirectURL", response.redirect_url.as_deref().map(text));
    put("bodySize", response.body_size.map(whole));
    put("_transferSize", response.transfer_size.map(whole));
    Json::Object(members)
}

/// Only that it was filled matters.
fn cache(is_filled: bool) -> Json<'static> {
    let inside = Json::Object(vec![("comment".into(), text("removed"))]);
    let members = is_filled.then(|| ("afterRequest".into(), inside));
    Json::Object(members.into_iter().collect())
}

fn timings(timings: &Timings) -> Json<'_> {
    let mut members = Members::new();
    let mut put = |key, value: Option<f64>| put(&mut members, key, value.and_then(number));
    put("blocked", timings.blocked);
    put("send", timings.send);
    put("wait", timings.wait);
    put("receive", timings.receive);
    Json::Object(members)
}

fn initiator(url: &str) -> Json<'_> {
    Json::Object(vec![
        ("type".into(), text("other")),
        ("url".into(), text(url)),
    ])
}

fn listed(pairs: &[Pair]) -> Json<'_> {
    let pairs = pairs.iter().map(|Pair { name, value }| pair(name, value));
    Json::List(pairs.collect())
}

fn pairs(pairs: &Pairs) -> Json<'_> {
    let pairs = pairs
        .iter()
        .map(|PairRef { name, value }| pair(name, value));
    Json::List(pairs.collect())
}

fn pair<'a>(name: &'a str, value: &'a str) -> Json<'a> {
    Json::Object(vec![
        ("name".into(), text(name)),
        ("value".into(), text(value)),
    ])
}

fn put<'a>(members: &mut Members<'a>, key: &'a str, value: Option<Json<'a>>) {
    members.extend(value.map(|value| (key.into(), value)));
}

fn text(value: &str) -> Json<'_> {
    Json::Text(value.into())
}

fn whole(value: i64) -> Json<'static> {
    Json::Number(value.into())
}

fn number(value: f64) -> Option<Json<'static>> {
    Number::from_f64(value).map(Json::Number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capture::{InputFile, read_capture_bytes, read_captures, response_headers};
    use std::path::PathBuf;

    fn captures() -> Vec<Capture> {
        let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
        let mut all = Vec::new();
        for folder in ["samples/wave-1", "samples/wave-2", "tests/quirks"] {
            for file in std::fs::read_dir(root.join(folder)).unwrap() {
                let path = file.unwrap().path();
                let shown = path.display().to_string();
                read_captures(&InputFile { path, shown }, &mut |capture, text| {
                    all.push(with_headers(capture, text));
                });
            }
        }
        all
    }

    /// A capture with all headers of its responses, as they are written.
    fn with_headers(mut capture: Capture, text: &[u8]) -> Capture {
        for entry in &mut capture.entries {
            let headers = response_headers(text, entry);
            if let Some(response) = &mut entry.response {
                response.headers = headers;
            }
        }
        capture
    }

    /// What cannot be the same: where an entry stands, and where the answer did.
    fn comparable(entry: &Entry) -> Entry {
        let mut entry = entry.clone();
        entry.range = 0..0;
        if let Some(body) = &mut entry.request.body {
            body.encoding = None;
            // A text that stood in a file of its own stands here now.
            body.attached.take_if(|_| body.text.is_some());
        }
        if let Some(response) = &mut entry.response {
            response.content_text = None;
            response.content_encoding = None;
        }
        entry
    }

    #[test]
    fn what_is_written_reads_the_same() {
        let mut entries = 0;
        for capture in captures()
            .iter()
            .filter(|capture| !capture.entries.is_empty())
        {
            let text = written(capture, &BTreeMap::new());
            let again = read_capture_bytes("again", text.as_bytes());
            let again = with_headers(again, text.as_bytes());
            assert_eq!(again.pages, capture.pages, "{}", capture.place());
            assert_eq!(
                again.entries.len(),
                capture.entries.len(),
                "{}",
                capture.place()
            );
            for (one, other) in capture.entries.iter().zip(&again.entries) {
                assert_eq!(comparable(one), comparable(other), "{}", capture.place());
                entries += 1;
            }
        }
        assert!(entries > 200, "{entries}");
    }
}
