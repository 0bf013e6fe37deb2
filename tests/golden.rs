//! The tables and answers over `samples/` are those that were read by eye and reckoned by hand (`samples/README.md`).
//!
//! After a change that is meant: `PIXELHOUND_ACCEPT=1 cargo test --test golden`, and read the difference before
//! committing it.

mod common;

use std::fs;
use std::path::Path;

use common::{counts, is_leak, table};

fn compare(name: &str, came: &[u8]) {
    let path = common::root().join("tests/golden").join(name);
    if std::env::var_os("PIXELHOUND_ACCEPT").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, came).unwrap();
        return;
    }
    let wanted = fs::read(&path).unwrap_or_default();
    let (wanted, came) = (
        String::from_utf8_lossy(&wanted),
        String::from_utf8_lossy(came),
    );
    for (number, (wanted, came)) in wanted.lines().zip(came.lines()).enumerate() {
        assert_eq!(came, wanted, "{name}, line {}", number + 1);
    }
    assert_eq!(
        came.lines().count(),
        wanted.lines().count(),
        "{name}: number of lines"
    );
    assert_eq!(came, wanted, "{name}");
}

fn samples() -> (tempfile::TempDir, std::process::Output) {
    let folder = tempfile::tempdir().unwrap();
    let output = common::analyse(
        &[Path::new("samples")],
        &folder.path().join("out"),
        &["--parameters"],
    );
    (folder, output)
}

#[test]
fn every_table_of_the_samples_is_as_it_was_read() {
    let (folder, output) = samples();
    assert_eq!(output.status.code(), Some(1), "two files have problems");
    let out = folder.path().join("out");
    for (name, bytes) in common::files(&out) {
        if name.ends_with(".csv") {
            compare(&name, &bytes);
        }
    }
    let summary = String::from_utf8(output.stdout).unwrap();
    compare(
        "summary.txt",
        summary.replace(out.to_str().unwrap(), "out").as_bytes(),
    );
}

#[test]
fn every_answer_over_the_samples_is_as_it_was_read() {
    let (folder, _) = samples();
    let out = folder.path().join("out");
    let mut asked = 0;
    for entry in fs::read_dir(common::root().join("queries")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|ending| ending != "sql") {
            continue;
        }
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let output = common::run(&["query", out.to_str().unwrap(), &name]);
        assert!(
            output.status.success(),
            "{name}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        compare(&format!("queries/{name}.csv"), &output.stdout);
        asked += 1;
    }
    assert!(asked >= 19);
}

#[test]
fn the_sums_of_the_story_come_out() {
    let (folder, _) = samples();
    let out = folder.path().join("out");
    let captures = table(&out, "captures");
    let in_state = |state: &str| captures.iter().filter(|row| row["state"] == state).count();
    assert_eq!(
        ["read", "salvaged", "duplicate", "unreadable"].map(in_state),
        [14, 1, 1, 1]
    );
    let wave =
        |id: &str| captures.iter().find(|row| row["capture_id"] == id).unwrap()["wave"].clone();
    let events = table(&out, "events");
    let sums = |number: &str| {
        let counting = events
            .iter()
            .filter(|e| counts(e) && wave(&e["capture_id"]) == number);
        let leaks = counting.clone().filter(|e| is_leak(e)).count();
        let meta = counting
            .clone()
            .filter(|e| e["recipient"] == "Meta")
            .count();
        (counting.count(), meta, leaks)
    };
    assert_eq!(sums("1"), (24, 20, 21));
    assert_eq!(sums("2"), (3, 1, 2));
    let organisations = table(&out, "organisations");
    let waves = |site: &str| {
        let row = organisations
            .iter()
            .find(|row| row["organisation_id"] == site)
            .unwrap();
        row["waves"].clone()
    };
    assert_eq!(waves("northmoor-police.example"), "1=events; 2=none_seen");
    assert_eq!(
        waves("saltmarsh-police.example"),
        "1=events; 2=tracker_present"
    );
    assert_eq!(
        waves("kingsmere-mental-health.example"),
        "1=events; 2=events"
    );
}

#[test]
fn questions_are_listed_and_sql_can_be_typed() {
    let (folder, _) = samples();
    let out = folder.path().join("out");
    let out = out.to_str().unwrap();
    let listed = common::run(&["query", out]);
    assert!(String::from_utf8_lossy(&listed.stdout).contains("sensitive-pages"));
    let typed = common::run(&[
        "query",
        out,
        "--sql",
        "SELECT COUNT(*) AS captures FROM captures",
    ]);
    assert_eq!(String::from_utf8_lossy(&typed.stdout), "captures\n17\n");
    let wrong = common::run(&["query", out, "--sql", "SELECT nonsense FROM captures"]);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&wrong.stderr).contains("nonsense"));
    let nowhere = common::run(&["query", "samples", "sensitive-pages"]);
    assert_eq!(nowhere.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&nowhere.stderr).contains("no pixelhound dataset"));
}
