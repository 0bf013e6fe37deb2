//! What a volunteer coordinator sends back to the volunteer: what a capture is, what is missing, how to do better.

mod common;

use std::fs;
use std::io::Write;
use std::process::Stdio;

fn inspected(inputs: &[&str]) -> (String, Option<i32>) {
    let arguments: Vec<&str> = ["inspect"].iter().chain(inputs).copied().collect();
    let output = common::run(&arguments);
    let text = String::from_utf8(output.stdout).unwrap();
    (text, output.status.code())
}

/// The lines under a heading of the page.
fn under<'a>(page: &'a str, heading: &str) -> Vec<&'a str> {
    let mut lines = page
        .lines()
        .skip_while(|line| !line.trim_start().starts_with(heading));
    let first = lines
        .next()
        .map(|line| line.trim_start()[heading.len()..].trim());
    let more = lines.take_while(|line| line.starts_with("                 "));
    first.into_iter().chain(more.map(str::trim)).collect()
}

#[test]
fn a_sanitised_export_is_explained_with_the_steps_to_a_better_one() {
    let (page, code) = inspected(&["samples/wave-1/carol-saltmarsh-police.har"]);
    assert_eq!(code, Some(0), "{page}");
    assert_eq!(
        under(&page, "what it is"),
        ["a capture (HAR) of 12 entries"]
    );
    assert_eq!(
        under(&page, "made by"),
        ["WebInspector 537.36 (Chrome and Edge DevTools)"]
    );
    assert!(
        under(&page, "cookies")[0].starts_with("NOT recorded, probably taken out by the export")
    );
    let advice = under(&page, "to do better");
    assert!(
        advice[0].contains("Left out of the ordinary export since version 130"),
        "{advice:?}"
    );
    assert!(
        advice
            .last()
            .unwrap()
            .ends_with("Export HAR (with sensitive data).")
    );
}

#[test]
fn damage_is_named_with_its_place() {
    let (page, code) = inspected(&["samples/wave-1/dev-westhaven-hospital-cut-short.har"]);
    assert_eq!(code, Some(1));
    assert_eq!(
        under(&page, "what it is"),
        ["a capture (HAR), damaged: 2 of 3 entries could be read"]
    );
    assert!(
        under(&page, "problems")[0].starts_with("byte 9290: truncated: "),
        "{page}"
    );
    assert!(under(&page, "to do better")[0].starts_with("The file is cut off."));
}

#[test]
fn what_is_no_capture_is_named() {
    let (page, code) = inspected(&["samples/wave-2/login-page.har"]);
    assert_eq!(code, Some(1));
    assert_eq!(under(&page, "what it is"), ["could not be read"]);
    assert!(under(&page, "problems")[0].contains("looks like an HTML page"));
}

#[test]
fn a_missing_body_is_named_with_its_entry_and_reason() {
    let (page, _) = inspected(&["tests/quirks/q07-beacon-without-body.har"]);
    let bodies = under(&page, "bodies")[0];
    assert!(
        bodies.contains("MISSING: entry 0 (Content-Length: 812), entry 1 (bodySize 812)"),
        "{bodies}"
    );
}

#[test]
fn every_member_of_an_archive_has_a_page() {
    let (page, code) = inspected(&["tests/quirks/q21-captures.zip"]);
    assert_eq!(code, Some(0), "{page}");
    let names: Vec<&str> = page
        .lines()
        .filter(|line| line.starts_with("tests/"))
        .collect();
    assert_eq!(
        names,
        [
            "tests/quirks/q21-captures.zip/monday/anna.har",
            "tests/quirks/q21-captures.zip/tuesday/anna.har"
        ]
    );
}

#[test]
fn standard_input_is_read() {
    let mut child = common::pixelhound(&["inspect", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let bytes = fs::read(common::root().join("tests/quirks/q21-capture.har.gz")).unwrap();
    child.stdin.take().unwrap().write_all(&bytes).unwrap();
    let page = String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap();
    assert!(page.starts_with("-/-\n"), "{page}");
    assert!(page.contains("a capture (HAR) of"), "{page}");
}

#[test]
fn nothing_on_the_page_comes_out_of_a_request() {
    let (pages, _) = inspected(&["tests/quirks", "samples"]);
    assert!(pages.lines().count() > 1000);
    for secret in ["http://", "https://", ".example", "facebook", "@", "fb.1."] {
        let leaking = pages.lines().find(|line| line.contains(secret));
        assert_eq!(leaking, None, "{secret}");
    }
}
