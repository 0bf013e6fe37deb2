//! Captures that hold texts which would run, hide or break something where they are not taken for texts.

use std::fs;
use std::path::{Path, PathBuf};

pub const TEXTS: [&str; 7] = [
    "<script>alert(1)</script>",
    "=HYPERLINK(\"http://x.example\")",
    "\"; DROP TABLE events; --",
    "\u{202e}turned\u{202c} \u{7}bell",
    "a\u{0}b",
    "_x0041_ & ]]> line\r\nbreak\ttab",
    "007",
];

/// A page that is called like this, of which a tracker was told.
fn called(title: &str) -> String {
    let told = "https://www.facebook.com/tr/?id=111222333444555&ev=PageView&dl=https%3A%2F%2Fwww.clinic.example%2Fhiv";
    let entry = |second: u32, url: &str| {
        serde_json::json!({
            "startedDateTime": format!("2026-03-01T10:00:0{second}.000Z"),
            "pageref": "p",
            "request": {"method": "GET", "url": url, "headers": []},
            "response": {"status": 200, "content": {"mimeType": "text/html"}},
        })
    };
    let entries = [entry(0, "https://www.clinic.example/hiv"), entry(1, told)];
    let page = serde_json::json!({"id": "p", "title": title, "startedDateTime": "2026-03-01T10:00:00.000Z"});
    // The program that made it is shown as it is named, so that it carries the text into the tables too.
    serde_json::json!({"log": {"creator": {"name": title, "version": title}, "pages": [page], "entries": entries}})
        .to_string()
}

/// A folder with a capture for each text.
pub fn captures(folder: &Path, texts: &[&str]) -> PathBuf {
    let captures = folder.join("captures");
    fs::create_dir(&captures).unwrap();
    for (number, text) in texts.iter().enumerate() {
        fs::write(captures.join(format!("{number}.har")), called(text)).unwrap();
    }
    captures
}
