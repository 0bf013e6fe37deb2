//! Which files are read, and what they are called.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::{har, three};
use crate::capture::{Capture, CaptureError, Found, InputFile, State, find_inputs, read_captures};

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, content) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, content).expect("a file");
    }
    folder
}

fn find(paths: &[&Path]) -> Found {
    let paths: Vec<PathBuf> = paths.iter().map(|path| path.to_path_buf()).collect();
    find_inputs(&paths).expect("inputs")
}

/// Every capture in every file.
fn read_all(files: &[InputFile]) -> Vec<Capture> {
    let mut captures = Vec::new();
    for file in files {
        read_captures(file, &mut |capture, _| captures.push(capture));
    }
    captures
}

/// The files found, as shown below `folder`.
fn names(found: &Found, folder: &Path) -> Vec<String> {
    let prefix = format!("{}/", folder.display());
    found
        .files
        .iter()
        .map(|file| file.shown.trim_start_matches(&prefix).to_owned())
        .collect()
}

#[test]
fn a_folder_is_walked_in_order_and_hidden_files_are_passed_by() {
    let folder = folder(&[
        ("b/2.har", "{}"),
        ("a.har", "{}"),
        (".git/x.har", "{}"),
        (".hidden", "{}"),
        ("b/1", "{}"),
    ]);
    assert_eq!(
        names(&find(&[folder.path()]), folder.path()),
        ["a.har", "b/1", "b/2.har"]
    );
}

#[test]
fn companions_are_left_out_by_name_and_content() {
    let folder = folder(&[
        ("README.md", "# About\n"),
        ("sheet.csv", "a;b\n"),
        ("photo.JPG", "\u{fffd}"),
        ("capture.har.txt", "\u{FEFF} {\"log\":{}}"),
        ("old.txt", "onInputData({})"),
        ("page.har", "<html>"),
        ("empty.txt", ""),
    ]);
    let found = find(&[folder.path()]);
    assert_eq!(
        names(&found, folder.path()),
        ["capture.har.txt", "old.txt", "page.har"]
    );
    assert_eq!(found.left_out.len(), 4);
    let named = find(&[&folder.path().join("README.md"), folder.path()]);
    assert!(
        names(&named, folder.path()).contains(&"README.md".to_owned()),
        "named files are always read"
    );
}

#[test]
fn a_file_reached_twice_is_listed_once_whatever_the_order() {
    let folder = folder(&[("in/a.har", "{}"), ("in/b.har", "{}")]);
    let inner = folder.path().join("in");
    let (one, detour) = (inner.join("b.har"), inner.join("../in"));
    let there = find(&[&one, &inner, &detour]);
    let back = find(&[&detour, &inner, &one]);
    assert_eq!(there.files, back.files);
    assert_eq!(there.files.len(), 2);
}

#[test]
fn a_missing_path_is_an_error_that_names_it() {
    let error = find_inputs(&[PathBuf::from("no/such/folder.example")]).expect_err("an error");
    let CaptureError::Missing { path, .. } = &error;
    assert_eq!(path, "no/such/folder.example");
    assert!(error.to_string().contains("no/such/folder.example"));
}

#[test]
fn nothing_in_a_folder_is_nothing_found() {
    let found = find(&[folder(&[]).path()]);
    assert!(found.files.is_empty() && found.problems.is_empty());
}

#[cfg(unix)]
#[test]
fn links_are_followed_once_and_broken_ones_are_problems() {
    use std::os::unix::fs::symlink;
    let folder = folder(&[("a.har", "{}")]);
    symlink(folder.path(), folder.path().join("loop")).expect("a link");
    symlink(folder.path().join("a.har"), folder.path().join("again.har")).expect("a link");
    symlink(folder.path().join("gone"), folder.path().join("broken.har")).expect("a link");
    let found = find(&[folder.path()]);
    assert_eq!(names(&found, folder.path()), ["a.har"]);
    assert_eq!(found.problems.len(), 1);
    assert!(found.problems[0].0.ends_with("broken.har"));
}

#[cfg(unix)]
#[test]
fn a_name_that_is_no_unicode_is_shown_as_well_as_it_can_be() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let folder = folder(&[]);
    fs::write(folder.path().join(OsStr::from_bytes(b"M\xFC.har")), "{}").expect("a file");
    assert_eq!(
        names(&find(&[folder.path()]), folder.path()),
        ["M\u{FFFD}.har"]
    );
}

#[test]
fn a_file_is_read_with_its_hash() {
    let text = har(&three());
    let folder = folder(&[("a.har", &text), ("abc", "abc")]);
    let found = find(&[folder.path()]);
    let captures = read_all(&found.files);
    assert_eq!(
        (captures[0].state, captures[0].entries.len()),
        (State::Read, 3)
    );
    assert_eq!(captures[0].path, found.files[0].shown);
    assert_eq!(captures[1].id(), "ba7816bf8f01cfea");
    assert_eq!((captures[1].sha256.len(), captures[1].bytes), (64, 3));
}

#[test]
fn a_file_that_cannot_be_opened_is_an_unreadable_capture() {
    let gone = InputFile {
        path: PathBuf::from("gone.example"),
        shown: "gone".to_owned(),
    };
    let capture = read_all(&[gone]).remove(0);
    assert_eq!(
        (capture.state, capture.problems[0].code),
        (State::Unreadable, "unreadable_input")
    );
    assert_eq!(capture.id(), "");
}
