//! Ctrl-C leaves no half dataset, and nothing in the way of temporary files.
#![cfg(unix)]

mod common;

use std::fmt::Write;
use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Captures that are work for a while, for the signal to arrive in the middle of it.
fn write_captures(folder: &Path, number: usize) {
    fs::create_dir(folder).unwrap();
    for number in 0..number {
        let mut text = String::from("{\"log\":{\"entries\":[");
        for entry in 0..400 {
            let comma = if entry == 0 { "" } else { "," };
            write!(
                text,
                "{comma}{{\"startedDateTime\":\"2026-03-01T10:00:00.{entry:03}Z\",\"request\":{{\"method\":\"GET\",\"url\":\"https://www.facebook.com/tr/?id=1{number:05}&ev=PageView&dl=https%3A%2F%2Fwww.clinic.example%2F{number}%2F{entry}&ts={entry}\",\"headers\":[]}},\"response\":{{\"status\":200}}}}"
            )
            .unwrap();
        }
        text.push_str("]}}");
        fs::write(folder.join(format!("{number}.har")), text).unwrap();
    }
}

/// Starts a command, presses Ctrl-C, and wants it to end soon and to say so by its exit code.
fn interrupt(command: &mut Command) {
    let command = command.stdout(Stdio::null()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    std::thread::sleep(Duration::from_millis(400));
    let sent = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status()
        .unwrap();
    assert!(sent.success());
    let begun = Instant::now();
    let status = child.wait().unwrap();
    // On a slow machine the signal may arrive before the program listens to it; then it simply ends.
    let listened = status.code() == Some(130);
    assert!(listened || status.signal() == Some(2), "{status:?}");
    assert!(begun.elapsed() < Duration::from_secs(20));
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
fn an_interrupted_run_leaves_nothing_and_ends_with_130() {
    let folder = tempfile::tempdir().unwrap();
    let captures = folder.path().join("captures");
    write_captures(&captures, 300);
    let mut command = common::pixelhound(&["analyse"]);
    let out = folder.path().join("out");
    interrupt(command.arg(&captures).arg("--out").arg(&out));
    assert_eq!(names(folder.path()), ["captures"]);
}

#[test]
fn an_interrupted_check_leaves_no_temporary_files_and_ends_with_130() {
    let folder = tempfile::tempdir().unwrap();
    let captures = folder.path().join("captures");
    write_captures(&captures, 100);
    let out = folder.path().join("out");
    common::analyse(&[&captures], &out, &["--quiet"]);
    let before = common::files(&out);
    let temporary = folder.path().join("temporary");
    fs::create_dir(&temporary).unwrap();
    let mut command = common::pixelhound(&["verify"]);
    interrupt(command.arg(&out).env("TMPDIR", &temporary));
    assert_eq!(names(&temporary), Vec::<String>::new());
    assert_eq!(names(folder.path()), ["captures", "out", "temporary"]);
    assert_eq!(common::files(&out), before);
}
