//! What the tests of the whole program share: running it, and reading its tables.
#![allow(dead_code, reason = "each test binary uses a part of it")]

pub mod hostile;
pub mod workbook;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The project's own folder: tests run there, so that paths are as a reader of the README types them.
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The program, with arguments, ready to run.
pub fn pixelhound<S: AsRef<std::ffi::OsStr>>(arguments: &[S]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pixelhound"));
    command
        .current_dir(root())
        .args(arguments)
        .env("NO_COLOR", "1");
    command
}

/// Runs the program.
pub fn run<S: AsRef<std::ffi::OsStr>>(arguments: &[S]) -> Output {
    pixelhound(arguments).output().unwrap()
}

/// Runs `analyse` into a folder and fails the test where it fails; problems are allowed.
pub fn analyse(inputs: &[&Path], out: &Path, more: &[&str]) -> Output {
    let mut command = pixelhound(&["analyse"]);
    command.args(inputs).arg("--out").arg(out).args(more);
    let output = command.output().unwrap();
    let code = output.status.code();
    assert!(
        matches!(code, Some(0 | 1)),
        "exit code {code:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    output
}

/// A capture of requests, all answered with 200.
pub fn capture(urls: &[&str]) -> String {
    let entry = |(number, url): (usize, &&str)| {
        let started = format!("2026-03-01T10:00:{number:02}.000Z");
        serde_json::json!({
            "startedDateTime": started,
            "request": {"method": "GET", "url": url, "headers": []},
            "response": {"status": 200},
        })
    };
    let entries: Vec<_> = urls.iter().enumerate().map(entry).collect();
    serde_json::json!({"log": {"creator": {"name": "made", "version": "1"}, "entries": entries}})
        .to_string()
}

/// A page view told to Meta.
pub const PIXEL: &str = "https://www.facebook.com/tr/?id=111222333444555&ev=PageView&dl=https%3A%2F%2Fwww.clinic.example%2F";

/// A rule of a newsroom's own.
pub const RULE: &str = r#"
name = "shy-tracker"
title = "Shy Tracker"
recipient = "Shy Ltd"
about = "Invented."
unpack = [{ step = "query" }]

[[endpoints]]
name = "event"
role = "event"
hosts = ["shy.example"]
paths = ["/hit"]
parameters = { p = ".+" }

[[parameters]]
wire = ["p"]
fills = "page_url"
item = "page_address"
meaning = "The page."
source = "observed: invented"

[[examples]]
title = "a hit"
endpoint = "event"
url = "https://shy.example/hit?p=https%3A%2F%2Fa.example%2F"
[[examples.events]]
page_url = "https://a.example/"

[[examples]]
title = "not a hit"
url = "https://shy.example/other?p=1"
"#;

/// One row of a table, by column.
pub type Row = BTreeMap<String, String>;

/// The rows of a table.
pub fn table(dataset: &Path, name: &str) -> Vec<Row> {
    let path = dataset.join(format!("{name}.csv"));
    let mut reader =
        csv::Reader::from_path(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    reader.deserialize().map(Result::unwrap).collect()
}

/// Whether an event counts: delivered, and no repeat.
pub fn counts(event: &Row) -> bool {
    event["delivery"] == "delivered" && event["repeat_of"].is_empty()
}

/// Whether an event is a leak: it counts, and is of tier 1 to 3.
pub fn is_leak(event: &Row) -> bool {
    counts(event) && ["1", "2", "3"].contains(&event["tier"].as_str())
}

/// Every file of a folder with its bytes, by name.
pub fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, std::fs::read(path).unwrap())
        })
        .collect()
}

/// A folder of the reporters' published captures, where this machine has it; they are no part of the project.
pub fn published_captures() -> Option<PathBuf> {
    let folder = root().join("../shared/corpus");
    if folder.is_dir() {
        Some(folder)
    } else {
        eprintln!("skipped: the published captures are not here");
        None
    }
}

/// A recording of a visit to a site, on a day of March 2026: its home page, and then these requests, each with cookies.
pub fn visit(host: &str, day: u32, urls: &[String], cookies: &str) -> String {
    let home = format!("https://{host}/");
    let started = |second: usize| format!("2026-03-{day:02}T10:00:{second:02}.000Z");
    let entry = |second: usize, url: &str, headers: serde_json::Value| {
        serde_json::json!({
            "startedDateTime": started(second),
            "pageref": "page_1",
            "request": {"method": "GET", "url": url, "headers": headers},
            "response": {"status": 200, "content": {"mimeType": "text/html"}},
        })
    };
    let mut entries = vec![entry(0, &home, serde_json::json!([]))];
    let cookies = match cookies {
        "" => serde_json::json!([]),
        value => serde_json::json!([{"name": "Cookie", "value": value}]),
    };
    let requests = urls.iter().enumerate();
    entries.extend(requests.map(|(number, url)| entry(number + 1, url, cookies.clone())));
    let page = serde_json::json!({
        "id": "page_1", "title": home, "startedDateTime": started(0), "pageTimings": {},
    });
    serde_json::json!({
        "log": {"version": "1.2", "creator": {"name": "made", "version": "1"}, "pages": [page], "entries": entries}
    })
    .to_string()
}
