//! What a capture says by the word of another reader: serde_json, which knows nothing of captures.

use pixelhound::capture::{Capture, Entry, Pair, Pairs, State, response_headers};
use serde_json::Value;

/// The entries of `{"log": {"entries": […]}}` where each is an object with an address that can be used.
pub fn entries(document: &Value) -> Option<&Vec<Value>> {
    let entries = document.as_object()?.get("log")?.as_object()?;
    let entries = entries.get("entries")?.as_array()?;
    let is_usable = |entry: &Value| {
        let url = entry.get("request").and_then(|request| request.get("url"));
        url.and_then(Value::as_str)
            .is_some_and(|url| !url.trim().is_empty())
    };
    entries.iter().all(is_usable).then_some(entries)
}

/// That the capture holds these entries and says the same of each.
pub fn assert_same(capture: &Capture, text: &[u8], entries: &[Value]) {
    assert_eq!(capture.state, State::Read, "{:?}", capture.problems);
    assert_eq!(capture.entries_found, entries.len());
    assert_eq!(capture.entries.len(), entries.len());
    for (index, (entry, wanted)) in capture.entries.iter().zip(entries).enumerate() {
        assert_eq!(entry.index, index);
        let own_text: Value = serde_json::from_slice(&text[entry.range.clone()]).unwrap();
        assert_eq!(own_text, *wanted);
        assert_same_request(entry, &wanted["request"]);
        assert_same_response(entry, &wanted["response"], text);
        assert_eq!(entry.time, number(&wanted["time"]));
        assert_eq!(entry.started_at, scalar(&wanted["startedDateTime"]));
    }
}

fn assert_same_request(entry: &Entry, wanted: &Value) {
    let request = &entry.request;
    assert_eq!(Some(request.url.as_str()), wanted["url"].as_str());
    assert_eq!(
        request.method,
        scalar(&wanted["method"]).unwrap_or_default()
    );
    assert_same_pairs(&listed(&request.headers), &wanted["headers"]);
    assert_same_pairs(&listed(&request.cookies), &wanted["cookies"]);
    let body = &wanted["postData"];
    // Some programs put the body elsewhere.
    let elsewhere = ["_requestBody", "_content"].map(|name| wanted.get(name));
    if body.get("_content").is_none() && elsewhere == [None, None] {
        let text = request.body.as_ref().and_then(|body| body.text.clone());
        let whole = body.as_str().map(str::to_owned);
        assert_eq!(text, whole.or(scalar(&body["text"])));
    }
    let params = request.body.as_ref().map(|body| body.params.as_slice());
    assert_same_pairs(params.unwrap_or_default(), &body["params"]);
}

fn assert_same_response(entry: &Entry, wanted: &Value, text: &[u8]) {
    let response = entry.response.as_ref();
    assert_eq!(response.is_some(), wanted.is_object());
    let Some(response) = response else { return };
    assert_eq!(response.status, whole(&wanted["status"]));
    let headers = response_headers(text, entry);
    assert_same_pairs(&listed(&headers), &wanted["headers"]);
    assert_eq!(response.has_headers, !headers.is_empty());
    let content = response.content_text.clone();
    let content = content.map(|range| serde_json::from_slice::<Value>(&text[range]).unwrap());
    let wanted = &wanted["content"]["text"];
    assert_eq!(
        content.as_ref(),
        Some(wanted).filter(|text| text.is_string())
    );
}

fn listed(pairs: &Pairs) -> Vec<Pair> {
    pairs.iter().map(Pair::from).collect()
}

/// Compared where they stand as a list of names and plain values; in an object, serde_json keeps no order.
fn assert_same_pairs(found: &[Pair], wanted: &Value) {
    let Some(elements) = wanted.as_array() else {
        assert!(wanted.is_object() || found.is_empty());
        return;
    };
    let is_plain = |element: &&Value| !element["value"].is_array() && !element["value"].is_object();
    if !elements.iter().all(|element| is_plain(&element)) {
        return;
    }
    let pairs = elements.iter().filter_map(|element| {
        Some(Pair {
            name: scalar(&element["name"])?,
            value: scalar(&element["value"]).unwrap_or_default(),
        })
    });
    assert_eq!(found, pairs.collect::<Vec<_>>());
}

/// A text, or a number or truth value written as one.
fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(is) => Some(is.to_string()),
        _ => None,
    }
}

fn number(value: &Value) -> Option<f64> {
    let number = match value {
        Value::String(text) => text.trim().parse().ok(),
        other => other.as_f64(),
    };
    number.filter(|number: &f64| number.is_finite())
}

fn whole(value: &Value) -> Option<i64> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    let number = number(value)?.trunc();
    (number.abs() <= EXACT).then_some(number as i64)
}
