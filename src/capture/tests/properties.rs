//! What must hold for any capture: the scanner agrees with a strict reader, and damage never stops it.

use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::read;
use crate::capture::{Capture, Pair, State, response_headers};

fn pairs() -> impl Strategy<Value = Vec<(String, String)>> {
    vec((".{0,8}", ".{0,12}"), 0..4)
}

fn as_json(pairs: &[(String, String)]) -> Value {
    pairs
        .iter()
        .map(|(name, value)| json!({"name": name, "value": value}))
        .collect()
}

/// Any value, for the members nobody needs.
fn anything() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        ".{0,10}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            vec((".{0,6}", inner), 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

fn entry() -> impl Strategy<Value = Value> {
    let request = (
        ".{1,20}",
        "[A-Z]{0,6}",
        pairs(),
        proptest::option::of(".{0,20}"),
    );
    let response = (
        any::<Option<i32>>(),
        pairs(),
        proptest::option::of(".{0,40}"),
    );
    (request, response, any::<Option<i32>>(), anything()).prop_map(
        |((url, method, headers, body), (status, answers, text), time, other)| {
            json!({
                "_other": other,
                "request": {
                    "url": format!("https://a.example/{url}"),
                    "method": method,
                    "headers": as_json(&headers),
                    "postData": body.map(|text| json!({"text": text})),
                },
                "response": {
                    "status": status,
                    "headers": as_json(&answers),
                    "content": {"text": text, "mimeType": "text/html"},
                },
                "time": time,
            })
        },
    )
}

fn document() -> impl Strategy<Value = Value> {
    (vec(entry(), 0..5), anything()).prop_map(
        |(entries, other)| json!({"a": other, "log": {"creator": {"name": "Invented"}, "entries": entries}}),
    )
}

fn written(document: &Value, pretty: bool) -> String {
    let text = if pretty {
        serde_json::to_string_pretty(document)
    } else {
        serde_json::to_string(document)
    };
    text.expect("JSON")
}

/// How somebody's program writes JSON, or an editor saves it.
#[derive(Debug, Clone)]
struct Layout {
    indent: &'static str,
    line_end: &'static str,
    colon: &'static str,
    /// Which member of an object comes first; the others follow in turn.
    first: usize,
    is_backwards: bool,
}

fn layout() -> impl Strategy<Value = Layout> {
    (
        prop_oneof![Just(""), Just("  "), Just("\t"), Just("        ")],
        prop_oneof![
            Just(""),
            Just("\n"),
            Just("\r\n"),
            Just("\r"),
            Just("\n\r\n")
        ],
        prop_oneof![Just(":"), Just(": "), Just(" : "), Just(":\r\n")],
        0..5usize,
        any::<bool>(),
    )
        .prop_map(|(indent, line_end, colon, first, is_backwards)| Layout {
            indent,
            line_end,
            colon,
            first,
            is_backwards,
        })
}

impl Layout {
    fn write(&self, value: &Value, depth: usize, text: &mut String) {
        match value {
            Value::Array(items) => self.write_all(items, ['[', ']'], depth, text, |item, text| {
                self.write(item, depth + 1, text);
            }),
            Value::Object(members) => {
                let mut members: Vec<_> = members.iter().collect();
                if !members.is_empty() {
                    let first = self.first % members.len();
                    members.rotate_left(first);
                }
                if self.is_backwards {
                    members.reverse();
                }
                self.write_all(&members, ['{', '}'], depth, text, |(key, value), text| {
                    *text += &Value::from(key.as_str()).to_string();
                    *text += self.colon;
                    self.write(value, depth + 1, text);
                });
            }
            plain => *text += &plain.to_string(),
        }
    }

    fn write_all<T>(
        &self,
        items: &[T],
        [opening, closing]: [char; 2],
        depth: usize,
        text: &mut String,
        mut write: impl FnMut(&T, &mut String),
    ) {
        text.push(opening);
        for (number, item) in items.iter().enumerate() {
            if number > 0 {
                text.push(',');
            }
            self.new_line(depth + 1, text);
            write(item, text);
        }
        self.new_line(depth, text);
        text.push(closing);
    }

    fn new_line(&self, depth: usize, text: &mut String) {
        *text += self.line_end;
        *text += &self.indent.repeat(depth);
    }
}

fn entries(document: &Value) -> &[Value] {
    document["log"]["entries"]
        .as_array()
        .map_or(&[], Vec::as_slice)
}

fn pairs_of(value: &Value) -> Vec<Pair> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let pairs = value.as_array().into_iter().flatten();
    pairs
        .map(|pair| Pair {
            name: text(&pair["name"]),
            value: text(&pair["value"]),
        })
        .collect()
}

/// That the first entries of a capture say what the document says.
fn assert_same(capture: &Capture, text: &[u8], document: &Value) {
    for (entry, wanted) in capture.entries.iter().zip(entries(document)) {
        let (request, response) = (&wanted["request"], &wanted["response"]);
        let range = &text[entry.range.clone()];
        assert_eq!(
            &serde_json::from_slice::<Value>(range).expect("JSON"),
            wanted
        );
        assert_eq!(
            entry.request.url,
            request["url"].as_str().unwrap_or_default()
        );
        assert_eq!(
            entry.request.method,
            request["method"].as_str().unwrap_or_default()
        );
        assert_eq!(entry.request.headers, pairs_of(&request["headers"]));
        let body = entry
            .request
            .body
            .as_ref()
            .and_then(|body| body.text.as_deref());
        assert_eq!(body, request["postData"]["text"].as_str());
        assert_eq!(entry.time, wanted["time"].as_f64());
        let read = entry.response.as_ref().expect("a response");
        assert_eq!(read.status, response["status"].as_i64());
        assert_eq!(
            response_headers(text, entry),
            pairs_of(&response["headers"])
        );
        let content = read
            .content_text
            .clone()
            .map(|range| serde_json::from_slice::<Value>(&text[range]));
        assert_eq!(
            content.map(|text| text.expect("JSON")),
            Some(response["content"]["text"].clone()).filter(Value::is_string)
        );
    }
}

/// How many entries stand whole before `cut`.
fn whole_before(text: &str, cut: usize) -> usize {
    read(text)
        .entries
        .iter()
        .filter(|entry| entry.range.end <= cut)
        .count()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn the_scanner_reads_what_a_strict_reader_reads(document in document(), pretty in any::<bool>()) {
        let text = written(&document, pretty);
        let capture = read(&text);
        prop_assert_eq!(capture.state, State::Read, "{:?}", capture.problems);
        prop_assert_eq!(capture.entries.len(), entries(&document).len());
        assert_same(&capture, text.as_bytes(), &document);
    }

    #[test]
    fn indentation_order_of_keys_and_line_ends_say_nothing(document in document(), layout in layout()) {
        let mut text = String::new();
        layout.write(&document, 0, &mut text);
        let capture = read(&text);
        prop_assert_eq!(capture.state, State::Read, "{:?}", capture.problems);
        prop_assert!(capture.problems.is_empty(), "{:?}", capture.problems);
        prop_assert_eq!(capture.entries.len(), entries(&document).len());
        prop_assert_eq!(capture.producer.as_deref(), Some("Invented"));
        assert_same(&capture, text.as_bytes(), &document);
    }

    #[test]
    fn a_cut_anywhere_keeps_all_whole_entries_before_it(document in document(), at in any::<prop::sample::Index>()) {
        let text = written(&document, false);
        let cut = at.index(text.len());
        let capture = read(&text.as_bytes()[..cut]);
        prop_assert_eq!(capture.entries.len(), whole_before(&text, cut));
        prop_assert_ne!(capture.state, State::Read);
        assert_same(&capture, text.as_bytes(), &document);
    }

    #[test]
    fn a_changed_byte_anywhere_loses_no_whole_entry_before_it(
        document in document(),
        at in any::<prop::sample::Index>(),
        byte in any::<u8>(),
    ) {
        let text = written(&document, false);
        let changed = at.index(text.len());
        let mut bytes = text.clone().into_bytes();
        bytes[changed] = byte;
        let capture = read(&bytes);
        let list_at = text.find("\"entries\":[").unwrap_or_default();
        if changed > list_at + 10 {
            let kept = capture.entries.iter().filter(|entry| entry.range.end <= changed).count();
            prop_assert_eq!(kept, whole_before(&text, changed));
        }
        prop_assert!(capture.entries.len() <= capture.entries_found);
    }

    #[test]
    fn no_bytes_make_it_stop(bytes in vec(any::<u8>(), 0..256)) {
        read(&bytes);
        read([&br#"{"log":{"entries":[{"request":"#[..], &bytes].concat());
    }

    #[test]
    fn no_marks_of_structure_make_it_stop(text in r#"[\[\]{}",:\\un0 ]{0,120}"#) {
        read(&text);
        read(format!(r#"{{"log":{{"entries":[{text}]}}}}"#));
        read(format!(r#"{{"log":{{"entries":[{{"request":{{"url":"a","headers":{text}}}}}]}}}}"#));
    }
}
