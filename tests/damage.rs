//! Damaged at random, the samples are still analysed to the end: every input is accounted for, and the program never fails.

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

use common::table;

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

fn sample_files() -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = ["samples/wave-1", "samples/wave-2"]
        .iter()
        .flat_map(|wave| fs::read_dir(common::root().join(wave)).unwrap())
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

#[test]
fn damaged_captures_are_all_accounted_for() {
    let folder = tempfile::tempdir().unwrap();
    let captures = folder.path().join("captures");
    fs::create_dir(&captures).unwrap();
    let mut dice = Dice(0x5eed_cafe);
    let samples = sample_files();
    let number = 400;
    for copy in 0..number {
        let mut bytes = fs::read(&samples[copy % samples.len()]).unwrap();
        damage(&mut bytes, &mut dice);
        fs::write(captures.join(format!("{copy:04}.har")), bytes).unwrap();
    }
    let out = folder.path().join("out");
    common::analyse(&[&captures], &out, &[]);
    let rows = table(&out, "captures");
    assert_eq!(rows.len(), number);
    let mut states: BTreeMap<&str, usize> = BTreeMap::new();
    for row in &rows {
        *states.entry(row["state"].as_str()).or_default() += 1;
    }
    let known = ["read", "salvaged", "unreadable", "duplicate"];
    assert!(
        states.keys().all(|state| known.contains(state)),
        "{states:?}"
    );
    assert!(states["salvaged"] > 50 && states["read"] > 10, "{states:?}");
    let problems = table(&out, "problems");
    assert!(problems.iter().all(|row| row["code"] != "internal_error"));
    let lost: BTreeSet<&str> = problems.iter().map(|row| row["path"].as_str()).collect();
    for row in rows
        .iter()
        .filter(|row| ["salvaged", "unreadable"].contains(&row["state"].as_str()))
    {
        assert!(
            lost.contains(row["path"].as_str()),
            "{} has no problem",
            row["path"]
        );
    }
}
