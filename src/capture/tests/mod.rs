//! What the room does with everything that real captures do to a reader. All inputs are invented.

mod containers;
mod damage;
mod foreign;
mod identify;
mod inputs;
mod members;
mod properties;
mod structure;
mod text;
mod values;

use super::{Capture, Entry, Problem, read_capture_bytes};

/// An entry with nothing but what makes it one.
fn entry(url: &str) -> String {
    format!(
        r#"{{"startedDateTime":"2026-03-01T08:15:30.000Z","time":12.5,"request":{{"method":"GET","url":"{url}","headers":[{{"name":"Accept","value":"*/*"}}]}},"response":{{"status":200,"content":{{"mimeType":"text/html","text":"a \"quoted\" {{\"request\": 1}}, body"}}}}}}"#
    )
}

fn har(entries: &[String]) -> String {
    format!(
        r#"{{"log":{{"version":"1.2","entries":[{}]}}}}"#,
        entries.join(",")
    )
}

/// A capture of one entry whose members are given as JSON, beside `request`.
fn har_with(members: &str) -> String {
    har(&[format!(
        r#"{{"request":{{"method":"GET","url":"https://a.example/"}},{members}}}"#
    )])
}

/// A capture of one entry with more members in its request, given as JSON.
fn har_with_request(members: &str) -> String {
    har(&[format!(
        r#"{{"request":{{"method":"POST","url":"https://a.example/",{members}}}}}"#
    )])
}

fn three() -> Vec<String> {
    [
        "https://a.example/1",
        "https://a.example/2",
        "https://a.example/3",
    ]
    .map(entry)
    .to_vec()
}

fn read(text: impl AsRef<[u8]>) -> Capture {
    read_capture_bytes("test.har", text.as_ref())
}

/// The only entry of a capture.
fn only(text: impl AsRef<[u8]>) -> (Entry, Vec<Problem>) {
    let capture = read(text);
    assert_eq!(capture.entries.len(), 1, "{:?}", capture.problems);
    let entry = capture.entries.into_iter().next();
    (entry.unwrap(), capture.problems)
}

fn urls(capture: &Capture) -> Vec<&str> {
    capture
        .entries
        .iter()
        .map(|entry| entry.request.url.as_str())
        .collect()
}

fn codes(problems: &[Problem]) -> Vec<&'static str> {
    problems.iter().map(|problem| problem.code).collect()
}
