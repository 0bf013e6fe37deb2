//! Datasette publishes the database: every table, every view, the rows by their keys and the links between them, and no
//! text of a capture runs in the reader's browser.

mod common;

use std::path::Path;
use std::process::Command;

use common::hostile;

/// Analyses the input, asks all questions, and lets `datasette.py` compare what the site says. Its report comes back;
/// `None` where Datasette is not installed.
fn published(input: &Path, more: &[&str]) -> Option<String> {
    let installed = Command::new("python3")
        .args(["-c", "import datasette"])
        .output();
    if !installed.is_ok_and(|output| output.status.success()) {
        eprintln!("skipped: the Python package datasette is not here");
        return None;
    }
    let folder = tempfile::tempdir().unwrap();
    let (out, answers) = (folder.path().join("out"), folder.path().join("answers"));
    let format = ["--parameters", "--format", "sqlite"];
    common::analyse(&[input], &out, &[&format, more].concat());
    let mut query = common::pixelhound(&["query", "--all"]);
    let asked = query.arg(&out).arg("--out").arg(&answers).output();
    assert!(asked.unwrap().status.success());
    let checked = Command::new("python3")
        .current_dir(common::root())
        .arg("tests/datasette.py")
        .arg(out.join("dataset.sqlite"))
        .arg(&answers)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&checked.stderr);
    assert!(checked.status.success(), "{said}");
    Some(String::from_utf8_lossy(&checked.stdout).into_owned())
}

#[test]
fn datasette_publishes_the_samples() {
    let personas = ["--personas", "samples/personas.csv"];
    if let Some(report) = published(Path::new("samples"), &personas) {
        assert!(report.contains("19 views"), "{report}");
    }
}

#[test]
fn datasette_shows_what_is_hostile_and_runs_nothing_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let long = "long ".repeat(8_000);
    let texts: Vec<&str> = hostile::TEXTS.into_iter().chain([long.as_str()]).collect();
    let captures = hostile::captures(folder.path(), &texts);
    if let Some(report) = published(&captures, &[]) {
        let (_, escaped) = report.split_once("escaped: ").unwrap();
        assert_ne!(escaped.trim(), "0", "{report}");
    }
}
