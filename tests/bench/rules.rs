//! How fast the rule engine reads requests: those that rules know, by the examples of all rules; and those that no rule knows,
//! which are nearly all of a capture.
//!
//!     cargo bench --bench rules

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use pixelhound::capture::Entry;
use pixelhound::exchange::{Exchange, ProducerHabits};
use pixelhound::tracker::Library;

const UNKNOWN: usize = 1000;

fn rules(criterion: &mut Criterion) {
    let library = Library::built_in().expect("the rules as shipped are sound");
    let known = examples(&library);
    let unknown = static_files();

    let mut group = criterion.benchmark_group("exchange");
    group.throughput(Throughput::Elements(unknown.len() as u64));
    group.bench_function("decode requests for files", |bencher| {
        bencher.iter(|| exchanges(black_box(&unknown)).len());
    });
    group.finish();

    let mut group = criterion.benchmark_group("rules");
    for (name, entries) in [
        ("examples of all rules", known),
        ("requests for files", unknown),
    ] {
        let exchanges = exchanges(&entries);
        group.throughput(Throughput::Elements(exchanges.len() as u64));
        group.bench_function(name, |bencher| {
            bencher.iter(|| events(&library, black_box(&exchanges)));
        });
    }
    group.finish();
}

/// Reading all rules, which every run of the program begins with.
fn loading(criterion: &mut Criterion) {
    criterion.bench_function("load the built-in rules", |bencher| {
        bencher.iter(Library::built_in);
    });
}

/// How many events the requests told.
fn events(library: &Library, exchanges: &[Exchange]) -> usize {
    let decodings = exchanges
        .iter()
        .filter_map(|exchange| library.decode(exchange));
    decodings.map(|decoding| decoding.events.len()).sum()
}

fn exchanges(entries: &[Entry]) -> Vec<Exchange> {
    let exchanges = entries
        .iter()
        .filter_map(|entry| Exchange::decode(entry, ProducerHabits::default()));
    exchanges.collect()
}

/// The requests in the examples of all rules.
fn examples(library: &Library) -> Vec<Entry> {
    let examples = library.rules().flat_map(|rule| &rule.examples);
    examples
        .map(|example| {
            let mime = example.content_type.as_deref();
            let body = example.body.as_deref().map(|body| (body, mime));
            let cookies = example.cookies.as_deref();
            Entry::of_request(&example.method, &example.url, cookies, body)
        })
        .collect()
}

/// Requests as a page makes them for its own files and those of others.
fn static_files() -> Vec<Entry> {
    let hosts = [
        "www.clinic.example",
        "cdn.jsdelivr.net",
        "img.pictures.example",
    ];
    let hosts = hosts.iter().cycle().take(UNKNOWN).enumerate();
    hosts
        .map(|(number, host)| {
            let url = format!("https://{host}/build/{number:x}/main.js?v={number}&w=640&q=80");
            Entry::of_request("GET", &url, None, None)
        })
        .collect()
}

criterion_group!(benches, rules, loading);
criterion_main!(benches);
