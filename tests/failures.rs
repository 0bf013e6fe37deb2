//! What goes wrong is said in plain words, with the right exit code, and leaves nothing half-written.

mod common;

use std::fs;
use std::path::Path;
use std::process::Output;

const CAPTURE: &str = r#"{"log":{"version":"1.2","creator":{"name":"x","version":"1"},"entries":[
    {"startedDateTime":"2026-03-01T10:00:00.000Z","request":{"method":"GET","url":"https://www.clinic.example/hiv","headers":[]},"response":{"status":200}}]}}"#;

fn attempt(inputs: &[&Path], out: &Path, more: &[&str]) -> Output {
    let mut command = common::pixelhound(&["analyse"]);
    command.args(inputs).arg("--out").arg(out).args(more);
    command.output().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Everything in a folder, hidden or not.
fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

#[test]
fn a_missing_input_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let output = attempt(
        &[Path::new("no-such-folder")],
        &folder.path().join("out"),
        &[],
    );
    assert_eq!(output.status.code(), Some(2));
    assert!(
        said(&output).contains("no-such-folder"),
        "{}",
        said(&output)
    );
    assert_eq!(names(folder.path()), Vec::<String>::new());
}

#[test]
fn a_folder_without_captures_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let empty = folder.path().join("empty");
    fs::create_dir(&empty).unwrap();
    fs::write(empty.join("notes.txt"), "call Anna").unwrap();
    let output = attempt(&[&empty], &folder.path().join("out"), &[]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        said(&output).contains("no captures found"),
        "{}",
        said(&output)
    );
    assert_eq!(names(folder.path()), ["empty"]);
}

#[test]
fn unreadable_and_empty_files_are_rows_and_the_batch_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let captures = folder.path().join("captures");
    fs::create_dir(&captures).unwrap();
    fs::write(captures.join("a.har"), CAPTURE).unwrap();
    fs::write(captures.join("b-empty.har"), "").unwrap();
    fs::write(
        captures.join("c-page.har"),
        "<!doctype html><title>Sign in</title>",
    )
    .unwrap();
    fs::write(captures.join("d-cut.har"), &CAPTURE[..CAPTURE.len() - 20]).unwrap();
    fs::write(captures.join("e-copy.har"), CAPTURE).unwrap();
    let out = folder.path().join("out");
    let output = attempt(&[&captures], &out, &[]);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    let states: Vec<String> = common::table(&out, "captures")
        .into_iter()
        .map(|row| row["state"].clone())
        .collect();
    assert_eq!(
        states,
        [
            "read",
            "unreadable",
            "unreadable",
            "unreadable",
            "duplicate"
        ]
    );
    let codes: Vec<String> = common::table(&out, "problems")
        .into_iter()
        .map(|row| row["code"].clone())
        .collect();
    assert_eq!(codes, ["empty_file", "not_a_capture", "truncated"]);
}

#[cfg(unix)]
#[test]
fn a_file_that_may_not_be_read_is_a_row() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("locked.har");
    fs::write(&path, CAPTURE).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).unwrap();
    if fs::read(&path).is_ok() {
        eprintln!("skipped: this user may read everything");
        return;
    }
    let out = folder.path().join("out");
    let output = attempt(&[&path], &out, &[]);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    assert_eq!(
        common::table(&out, "problems")[0]["code"],
        "unreadable_input"
    );
}

#[test]
fn an_existing_folder_is_not_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let input = folder.path().join("a.har");
    fs::write(&input, CAPTURE).unwrap();
    let out = folder.path().join("out");
    assert_eq!(attempt(&[&input], &out, &[]).status.code(), Some(0));
    let before = common::files(&out);
    let again = attempt(&[&input], &out, &["--parameters"]);
    assert_eq!(again.status.code(), Some(2));
    assert!(said(&again).contains("--force"), "{}", said(&again));
    assert_eq!(common::files(&out), before);
    assert_eq!(
        attempt(&[&input], &out, &["--parameters", "--force"])
            .status
            .code(),
        Some(0)
    );
    assert!(common::files(&out).len() > before.len());
    assert_eq!(names(folder.path()), ["a.har", "out"]);
}

#[test]
fn somebodys_own_folder_is_never_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let input = folder.path().join("a.har");
    fs::write(&input, CAPTURE).unwrap();
    let out = folder.path().join("documents");
    fs::create_dir(&out).unwrap();
    fs::write(out.join("story.txt"), "draft").unwrap();
    let output = attempt(&[&input], &out, &["--force"]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(names(&out), ["story.txt"]);
}

#[cfg(unix)]
#[test]
fn a_full_disk_leaves_nothing_half_written() {
    let folder = tempfile::tempdir().unwrap();
    let input = folder.path().join("a.har");
    fs::write(&input, CAPTURE).unwrap();
    let out = folder.path().join("out");
    // A limit on the size of files stands for the disk: writing fails in the middle, as it does there.
    let script = "trap '' XFSZ; ulimit -f 1; exec \"$0\" analyse \"$1\" --out \"$2\"";
    let output = std::process::Command::new("sh")
        .args(["-c", script, env!("CARGO_BIN_EXE_pixelhound")])
        .args([&input, &out])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    assert!(said(&output).contains("out"), "{}", said(&output));
    assert_eq!(names(folder.path()), ["a.har"]);
}

/// The rows of a workbook wait on the disk, and take more of it than all that comes before them.
#[cfg(unix)]
#[test]
fn a_disk_that_is_full_for_a_workbook_only_leaves_nothing_either() {
    let folder = tempfile::tempdir().unwrap();
    let input = folder.path().join("a.har");
    fs::write(&input, common::capture(&[common::PIXEL; 60])).unwrap();
    let whole = folder.path().join("whole");
    let format = ["--format", "xlsx"];
    assert_eq!(attempt(&[&input], &whole, &format).status.code(), Some(0));
    let largest = common::files(&whole).into_values().map(|file| file.len());
    let blocks = (largest.max().unwrap() * 3 / 2 / 512).to_string();
    let out = folder.path().join("out");
    let script =
        "trap '' XFSZ; ulimit -f \"$3\"; exec \"$0\" analyse \"$1\" --out \"$2\" --format xlsx";
    let output = std::process::Command::new("sh")
        .args(["-c", script, env!("CARGO_BIN_EXE_pixelhound")])
        .args([&input, &out])
        .arg(blocks)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    let said = said(&output);
    assert!(
        said.contains("dataset.xlsx") && said.contains("the disk may be full"),
        "{said}"
    );
    assert_eq!(names(folder.path()), ["a.har", "whole"]);
}

#[cfg(unix)]
#[test]
fn a_read_only_place_is_refused_before_the_work() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let input = folder.path().join("a.har");
    fs::write(&input, CAPTURE).unwrap();
    let locked = folder.path().join("locked");
    fs::create_dir(&locked).unwrap();
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o555)).unwrap();
    // A superuser may write there; for it a place that nobody can write to stands in.
    let place = if fs::create_dir(locked.join("x")).is_ok() {
        Path::new("/proc").to_path_buf()
    } else {
        locked.clone()
    };
    let output = attempt(&[&input], &place.join("out"), &[]);
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o755)).unwrap();
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    assert!(
        said(&output).contains(&*place.to_string_lossy()),
        "{}",
        said(&output)
    );
}

#[test]
fn a_place_that_does_not_exist_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let input = folder.path().join("a.har");
    fs::write(&input, CAPTURE).unwrap();
    let output = attempt(&[&input], &folder.path().join("no/such/out"), &[]);
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("no/such"), "{}", said(&output));
}

#[test]
fn wrong_usage_ends_with_2_and_help_with_0() {
    assert_eq!(common::run(&["analyse"]).status.code(), Some(2));
    assert_eq!(common::run(&["nonsense"]).status.code(), Some(2));
    assert_eq!(
        common::run(&["analyse", "samples", "--out", "x", "--threads", "0"])
            .status
            .code(),
        Some(2)
    );
    assert_eq!(common::run(&["--help"]).status.code(), Some(0));
}

#[test]
fn quiet_is_quiet() {
    let folder = tempfile::tempdir().unwrap();
    let output = attempt(
        &[Path::new("samples")],
        &folder.path().join("out"),
        &["--quiet"],
    );
    assert_eq!(output.status.code(), Some(1));
    assert!(
        output.stdout.is_empty() && output.stderr.is_empty(),
        "{}",
        said(&output)
    );
}

#[test]
fn an_earlier_dataset_below_the_inputs_is_no_input() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.har"), CAPTURE).unwrap();
    let out = folder.path().join("out");
    assert_eq!(attempt(&[folder.path()], &out, &[]).status.code(), Some(0));
    let other = tempfile::tempdir().unwrap();
    let again = other.path().join("out");
    assert_eq!(
        attempt(&[folder.path()], &again, &[]).status.code(),
        Some(0)
    );
    assert_eq!(common::table(&again, "captures").len(), 1);
}
