//! Nothing flows backwards: each room may name only the rooms that the crate documentation allows it.

use std::fs;
use std::path::{Path, PathBuf};

/// A room, the rooms it may name, and the crates it must not.
const ROOMS: [(&str, &[&str], &[&str]); 12] = [
    ("capture", &[], &["polars", "clap"]),
    ("exchange", &["capture"], &["polars", "clap", "rayon"]),
    ("pattern", &[], &["polars", "clap", "rayon"]),
    (
        "tracker",
        &["capture", "exchange", "pattern"],
        &["polars", "clap", "rayon"],
    ),
    (
        "page",
        &["capture", "exchange", "pattern"],
        &["polars", "clap", "rayon"],
    ),
    (
        "disclosure",
        &["capture", "exchange", "pattern", "tracker"],
        &["polars", "clap", "rayon"],
    ),
    ("dataset", &[], &["clap"]),
    ("figures", &["dataset"], &["clap", "rayon"]),
    (
        "report",
        &["dataset", "figures"],
        &["polars", "clap", "rayon", "fs"],
    ),
    (
        "pipeline",
        &[
            "capture",
            "exchange",
            "tracker",
            "page",
            "disclosure",
            "dataset",
        ],
        &["clap", "polars", "indicatif"],
    ),
    (
        "redact",
        &["capture", "exchange", "tracker", "page", "disclosure"],
        &["polars", "clap", "rayon"],
    ),
    (
        "cli",
        &[
            "capture",
            "exchange",
            "tracker",
            "page",
            "disclosure",
            "dataset",
            "figures",
            "report",
            "pipeline",
            "redact",
        ],
        &["polars"],
    ),
];

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(rust_files(&path));
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
    found
}

/// The code of a file: comments may name what they like, and a room's tests may build what they need.
fn code(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap();
    let text = text
        .split("#[cfg(test)]\nmod tests {")
        .next()
        .unwrap_or_default();
    let lines = text
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
}

/// Every `crate::NAME` in a text.
fn rooms_named(code: &str) -> Vec<String> {
    let names = code.split("crate::").skip(1);
    names
        .map(|rest| {
            rest.chars()
                .take_while(|c| c.is_ascii_alphanumeric() || *c == '_')
                .collect()
        })
        .collect()
}

#[test]
fn no_room_knows_a_room_to_its_right() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut faults = Vec::new();
    let mut files = 0;
    for (room, allowed, forbidden) in ROOMS {
        for file in rust_files(&source.join(room)) {
            files += 1;
            let code = code(&file);
            for name in rooms_named(&code) {
                let is_room = ROOMS.iter().any(|(other, _, _)| *other == name);
                if is_room && name != room && !allowed.contains(&name.as_str()) {
                    faults.push(format!("{} names crate::{name}", file.display()));
                }
            }
            for name in forbidden {
                if code.contains(&format!("{name}::")) {
                    faults.push(format!("{} uses {name}", file.display()));
                }
            }
        }
    }
    assert!(files > 30, "only {files} files were read");
    assert_eq!(faults, Vec::<String>::new());
}

#[test]
fn every_room_is_in_the_table() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for entry in fs::read_dir(&source).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let known = ROOMS.iter().any(|(room, _, _)| *room == name);
        assert!(
            known || ["lib.rs", "main.rs"].contains(&name.as_str()),
            "{name} is in no row"
        );
    }
}

#[test]
fn every_file_says_what_it_is_for() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for file in rust_files(&source) {
        let text = fs::read_to_string(&file).unwrap();
        assert!(text.starts_with("//!"), "{} does not", file.display());
    }
}
