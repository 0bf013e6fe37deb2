//! How fast the scanner reads a capture, by the form of its JSON and by what its bodies are made of; and the hashing that every
//! capture costs as well.
//!
//!     cargo bench --bench scanner

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use pixelhound::capture::{read_capture_bytes, sha256_of};
use serde_json::{Value, json};

const ENTRIES: usize = 300;
const BODY_BYTES: usize = 18_000;

/// What a body is made of, from what is skipped fastest to what stops the scanner most.
const BODIES: &[(&str, &str)] = &[
    ("pictures", "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJ"),
    (
        "scripts",
        "function readNode(a,b){return a.map(b||{},17)}\n// naïve “help”\nvar s='x';",
    ),
    (
        "pages",
        "<div class=\"card wide\" id=\"top\">\n\t<a href=\"/help\">Help</a>\n</div>\n",
    ),
    (
        "escapes",
        "\\\"{\\\"url\\\":\\\"https:\\\\/\\\\/www.facebook.com\\\\/tr\\\"}\\",
    ),
];

fn scanner(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("scanner");
    for (bodies, text) in BODIES {
        let capture = capture(text);
        let forms = [
            ("minified", capture.to_string()),
            ("pretty", format!("{capture:#}")),
        ];
        for (form, text) in forms {
            group.throughput(Throughput::Bytes(text.len() as u64));
            group.bench_function(format!("{bodies}, {form}"), |bencher| {
                bencher.iter(|| read_capture_bytes("bench.har", black_box(text.as_bytes())));
            });
        }
    }
    group.finish();
}

/// `read_capture_bytes` hashes too: the difference to this is the scanner.
fn hashing(criterion: &mut Criterion) {
    let text = capture(BODIES[0].1).to_string();
    let mut group = criterion.benchmark_group("hashing");
    group.throughput(Throughput::Bytes(text.len() as u64));
    group.bench_function("sha256", |bencher| {
        bencher.iter(|| sha256_of(black_box(text.as_bytes())));
    });
    group.finish();
}

/// A capture whose answers all repeat one text.
fn capture(text: &str) -> Value {
    let body = text.repeat(BODY_BYTES / text.len());
    let entries: Vec<Value> = (0..ENTRIES).map(|number| entry(number, &body)).collect();
    json!({"log": {"version": "1.2", "creator": {"name": "WebInspector", "version": "537.36"}, "pages": [], "entries": entries}})
}

fn entry(number: usize, body: &str) -> Value {
    let header = |name: &str| json!({"name": name, "value": "a value as long as most are"});
    let names = ["accept", "cookie", "referer", "sec-ch-ua", "user-agent"];
    let headers: Vec<Value> = names
        .iter()
        .cycle()
        .take(15)
        .map(|name| header(name))
        .collect();
    json!({
        "_initiator": {"type": "script", "stack": {"callFrames": [{"functionName": "send", "lineNumber": number}]}},
        "startedDateTime": "2026-03-01T10:00:00.000Z",
        "time": 12.5,
        "request": {
            "method": "GET",
            "url": format!("https://static.clinic.example/build/{number}.js?v=1"),
            "httpVersion": "http/2.0",
            "headers": headers,
            "queryString": [{"name": "v", "value": "1"}],
            "cookies": [],
        },
        "response": {
            "status": 200,
            "headers": headers,
            "content": {"size": body.len(), "mimeType": "application/javascript", "text": body},
        },
        "timings": {"send": 0.1, "wait": 10.0, "receive": 2.4},
    })
}

criterion_group!(benches, scanner, hashing);
criterion_main!(benches);
