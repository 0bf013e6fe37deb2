//! The whole way from files to tables. It never fails for what a file holds, and every file is accounted for.
//!
//! A byte 0xFE, which is in no UTF-8, ends one file and begins the next, so that repeats and duplicates are met too.

#![no_main]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use pixelhound::dataset::{Dataset, Rows};
use pixelhound::pipeline::{Knowledge, Sources, Watcher, analyse};
use pixelhound_fuzz::memory::Allowance;

const END_OF_FILE: u8 = 0xFE;
const MOST_FILES: usize = 4;

static KNOWLEDGE: LazyLock<Knowledge> = LazyLock::new(|| {
    let sources = Sources {
        with_parameters: true,
        ..Sources::default()
    };
    Knowledge::load(&sources, &[]).expect("the knowledge as shipped")
});

struct Unwatched;

impl Watcher for Unwatched {
    fn found(&self, _: u64) {}
    fn read(&self, _: u64) {}
    fn is_interrupted(&self) -> bool {
        false
    }
}

const ALLOWANCE: Allowance = Allowance {
    fixed: 64 << 20,
    each: 10_000,
};

fuzz_target!(init: { LazyLock::force(&KNOWLEDGE); }, |bytes: &[u8]| {
    let folder = tempfile::tempdir_in(place()).expect("a folder");
    let files = write(folder.path(), bytes);
    ALLOWANCE.hold(bytes.len(), || {
        let analysis = analyse(&files, &KNOWLEDGE, 1, &Unwatched).expect("an analysis");
        assert_eq!(analysis.inputs.len(), files.len());
        check(&analysis.rows, files.len());
        if let Err(error) = Dataset::new(&analysis.rows) {
            panic!("{error}: {:#?}", analysis.rows);
        }
    });
});

/// In memory, where the system offers that.
fn place() -> PathBuf {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() {
        memory.to_owned()
    } else {
        std::env::temp_dir()
    }
}

fn write(folder: &Path, bytes: &[u8]) -> Vec<PathBuf> {
    let texts = bytes.splitn(MOST_FILES, |byte| *byte == END_OF_FILE);
    let files = texts.enumerate().map(|(number, text)| {
        let path = folder.join(format!("{number}.har"));
        fs::write(&path, text).expect("a file");
        path
    });
    files.collect()
}

fn check(rows: &Rows, files: usize) {
    let paths: BTreeSet<&str> = rows.captures.iter().map(|row| row.path.as_str()).collect();
    assert_eq!(paths.len(), files);
    for capture in &rows.captures {
        let has_problem = rows.problems.iter().any(|p| p.path == capture.path);
        match capture.state.as_str() {
            "read" => {}
            "duplicate" => assert!(capture.duplicate_of.is_some()),
            "salvaged" | "unreadable" => assert!(has_problem, "{} without a word", capture.path),
            other => panic!("the state {other:?}"),
        }
    }
    assert!(rows.problems.iter().all(|p| p.code != "internal_error"));
}
