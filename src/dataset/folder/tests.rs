//! What a user would notice of the folder: whole or not there, nothing of anybody's lost, verifiable by others.

use super::*;
use crate::dataset::{Rows, made};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};

fn put(rows: &Rows, out: &Path, force: bool) -> Result<Vec<WrittenFile>, DatasetError> {
    let options = WriteOptions {
        force,
        ..Default::default()
    };
    let run = serde_json::json!({"program": "pixelhound"});
    write(&Dataset::new(rows)?, out, &options, &[], &run, &|| true)
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn a_dataset_is_whole_and_nothing_else_is_left() {
    let parent = tempfile::tempdir().unwrap();
    let out = parent.path().join("out");
    let written = put(&made::rows(), &out, false).unwrap();
    let mut listed: Vec<String> = written.into_iter().map(|file| file.name).collect();
    listed.sort();
    assert_eq!(names(&out), listed);
    assert_eq!(listed.len(), made::TABLES_WRITTEN * 2 + 3);
    assert_eq!(names(parent.path()), ["out"]);
}

#[test]
fn parameters_are_written_when_asked_for() {
    let parent = tempfile::tempdir().unwrap();
    let out = parent.path().join("out");
    let rows = Rows {
        parameters: Some(vec![made::parameter("a1", 1)]),
        ..made::rows()
    };
    put(&rows, &out, false).unwrap();
    assert!(out.join("parameters.csv").is_file() && out.join("parameters.parquet").is_file());
}

#[test]
fn two_runs_write_the_same_bytes() {
    let parent = tempfile::tempdir().unwrap();
    let one = put(&made::rows(), &parent.path().join("one"), false).unwrap();
    let two = put(&made::rows(), &parent.path().join("two"), false).unwrap();
    assert_eq!(one, two);
}

#[test]
fn an_older_dataset_is_replaced_only_by_force() {
    let parent = tempfile::tempdir().unwrap();
    let out = parent.path().join("out");
    put(&made::rows(), &out, false).unwrap();
    let refused = put(&Rows::default(), &out, false).unwrap_err();
    assert!(refused.to_string().contains("--force"));
    let before = fs::read(out.join("events.csv")).unwrap();
    put(&Rows::default(), &out, true).unwrap();
    assert_ne!(fs::read(out.join("events.csv")).unwrap(), before);
    assert_eq!(names(parent.path()), ["out"]);
}

#[test]
fn the_folder_of_somebody_else_is_never_replaced() {
    let parent = tempfile::tempdir().unwrap();
    let out = parent.path().join("out");
    fs::create_dir(&out).unwrap();
    fs::write(out.join("notes.txt"), "mine").unwrap();
    assert!(matches!(
        put(&made::rows(), &out, true),
        Err(DatasetError::NotADataset(_))
    ));
    assert_eq!(names(&out), ["notes.txt"]);
}

#[test]
fn a_dataset_with_somebodys_notes_in_it_is_not_replaced() {
    let parent = tempfile::tempdir().unwrap();
    let out = parent.path().join("out");
    put(&made::rows(), &out, false).unwrap();
    fs::write(out.join("notes.txt"), "mine").unwrap();
    let refused = put(&made::rows(), &out, true).unwrap_err();
    assert!(refused.to_string().contains("notes.txt"), "{refused}");
    assert_eq!(fs::read(out.join("notes.txt")).unwrap(), b"mine");
}

#[test]
fn an_empty_folder_is_taken_without_force() {
    let parent = tempfile::tempdir().unwrap();
    let out = parent.path().join("out");
    fs::create_dir(&out).unwrap();
    put(&made::rows(), &out, false).unwrap();
    assert!(out.join(MANIFEST).is_file());
}

#[test]
fn an_interruption_leaves_nothing_behind_and_the_older_dataset_in_place() {
    let parent = tempfile::tempdir().unwrap();
    let out = parent.path().join("out");
    put(&made::rows(), &out, false).unwrap();
    let before = names(&out);
    let options = WriteOptions {
        force: true,
        ..Default::default()
    };
    let dataset = Dataset::new(&Rows::default()).unwrap();
    let asked = AtomicUsize::new(0);
    let keep_going = || asked.fetch_add(1, Ordering::Relaxed) < 8;
    let outcome = write(
        &dataset,
        &out,
        &options,
        &[],
        &serde_json::json!({}),
        &keep_going,
    );
    assert!(matches!(outcome, Err(DatasetError::Interrupted)));
    assert_eq!(names(parent.path()), ["out"]);
    assert_eq!(names(&out), before);
}

#[test]
fn a_leftover_of_a_killed_run_is_no_obstacle() {
    let parent = tempfile::tempdir().unwrap();
    let out = parent.path().join("out");
    let target = Target::settle(&out, false).unwrap();
    fs::create_dir(target.beside("partial", 0)).unwrap();
    put(&made::rows(), &out, false).unwrap();
    assert!(out.is_dir());
}

#[test]
fn sha256sum_verifies_outputs_and_inputs_wherever_they_lie() {
    let parent = tempfile::tempdir().unwrap();
    let captures = parent.path().join("captures");
    fs::create_dir(&captures).unwrap();
    let mut inputs = Vec::new();
    let strange: &[&str] = if cfg!(unix) {
        &["a b.har", "odd\\na\nme\r.har", "-"]
    } else {
        &["a b.har"]
    };
    for name in strange {
        let path = captures.join(name);
        fs::write(&path, "abc").unwrap();
        inputs.push(InputHash {
            path,
            sha256: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad".to_owned(),
        });
    }
    fs::create_dir(parent.path().join("deep")).unwrap();
    let out = parent.path().join("deep/out");
    let dataset = Dataset::new(&made::rows()).unwrap();
    let run = serde_json::json!({});
    write(
        &dataset,
        &out,
        &WriteOptions::default(),
        &inputs,
        &run,
        &|| true,
    )
    .unwrap();

    let verify = || {
        Command::new("sha256sum")
            .args(["-c", "--strict", MANIFEST])
            .current_dir(&out)
            .output()
    };
    let Ok(verdict) = verify() else {
        return; // Not every system has it.
    };
    let told = String::from_utf8_lossy(&verdict.stdout).into_owned();
    assert!(verdict.status.success(), "{told}");
    assert_eq!(
        told.matches(": OK").count(),
        made::TABLES_WRITTEN * 2 + 2 + strange.len()
    );
    fs::write(captures.join("a b.har"), "abd").unwrap();
    assert!(!verify().unwrap().status.success());
}
