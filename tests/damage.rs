//! Damaged at random, the samples are still analysed to the end: every input is accounted for, and the program never fails.

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use common::{Row, table};

/// A small generator of numbers, always the same, so that a failure can be repeated.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % limit.max(1) as u64).unwrap()
    }
}

/// Every file of these folders, in an order of its own.
fn files_of(folders: &[&str]) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = folders
        .iter()
        .flat_map(|folder| fs::read_dir(common::root().join(folder)).unwrap())
        .map(|entry| entry.unwrap().path())
        .collect();
    found.sort();
    found
}

fn damage(bytes: &mut Vec<u8>, dice: &mut Dice) {
    const STRUCTURE: &[u8] = b"{}[]\",:\\\n\0";
    for _ in 0..=dice.below(4) {
        let at = dice.below(bytes.len());
        match dice.below(5) {
            0 => bytes.truncate(at),
            1 => bytes.insert(at, STRUCTURE[dice.below(STRUCTURE.len())]),
            2 if !bytes.is_empty() => bytes[at] = STRUCTURE[dice.below(STRUCTURE.len())],
            3 if !bytes.is_empty() => bytes[at] = u8::try_from(dice.below(256)).unwrap(),
            _ => {
                let end = (at + dice.below(200)).min(bytes.len());
                bytes.drain(at..end);
            }
        }
    }
}

/// Analyses damaged copies of these files and checks that every one is accounted for; how many rows came out in which
/// state.
fn account_for(originals: &[PathBuf], number: usize) -> BTreeMap<String, usize> {
    let folder = tempfile::tempdir().unwrap();
    let captures = folder.path().join("captures");
    fs::create_dir(&captures).unwrap();
    let mut dice = Dice(0x5eed_cafe);
    for copy in 0..number {
        let original = &originals[copy % originals.len()];
        let mut bytes = fs::read(original).unwrap();
        damage(&mut bytes, &mut dice);
        let name = original.file_name().unwrap().to_string_lossy();
        fs::write(captures.join(format!("{copy:05}-{name}")), bytes).unwrap();
    }
    let out = folder.path().join("out");
    common::analyse(&[&captures], &out, &["--quiet"]);
    let rows = table(&out, "captures");
    let inputs: BTreeSet<&str> = rows.iter().map(|row| row["path"].as_str()).collect();
    assert_eq!(inputs.len() + left_out(&out), number, "no input is lost");
    has_its_reason(&rows, &table(&out, "problems"));
    let mut states: BTreeMap<String, usize> = BTreeMap::new();
    for row in &rows {
        *states.entry(row["state"].clone()).or_default() += 1;
    }
    let known = ["duplicate", "read", "salvaged", "unreadable"];
    assert!(
        states.keys().all(|state| known.contains(&state.as_str())),
        "{states:?}"
    );
    states
}

/// How many files were left out because they are named as notes are and do not begin as captures do.
fn left_out(out: &Path) -> usize {
    let record = fs::read(out.join("run.json")).unwrap();
    let record: serde_json::Value = serde_json::from_slice(&record).unwrap();
    let files = record["left_out"].as_array().unwrap().iter();
    files
        .filter(|file| file.as_str().unwrap().ends_with(".txt"))
        .count()
}

/// Whatever could not be read has a problem, and no problem is a failure of the program.
fn has_its_reason(rows: &[Row], problems: &[Row]) {
    let failed = problems.iter().find(|row| row["code"] == "internal_error");
    assert_eq!(failed, None);
    let place = |row: &Row| (row["path"].clone(), row["member"].clone());
    let told: BTreeSet<_> = problems.iter().map(place).collect();
    for row in rows {
        let lost = ["salvaged", "unreadable"].contains(&row["state"].as_str());
        assert!(
            !lost || told.contains(&place(row)),
            "{:?} has no problem",
            place(row)
        );
    }
}

#[test]
fn damaged_captures_are_all_accounted_for() {
    let states = account_for(&files_of(&["samples/wave-1", "samples/wave-2"]), 400);
    assert!(states["salvaged"] > 50 && states["read"] > 10, "{states:?}");
}

#[test]
fn ten_thousand_damaged_quirks_are_all_accounted_for() {
    let states = account_for(&files_of(&["tests/quirks"]), 10_000);
    let enough = [
        ("read", 1000),
        ("salvaged", 1000),
        ("unreadable", 1000),
        ("duplicate", 20),
    ];
    for (state, number) in enough {
        assert!(states[state] > number, "{states:?}");
    }
}
