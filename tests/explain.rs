//! `pixelhound explain`: the sentence, the meanings, the bytes of the request with their hash, and what is shown to whom.

mod common;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// A click on a button, told to Meta by the pixel itself, with an e-mail address where a hash belongs.
const CLICK: &str = "https://www.facebook.com/tr/?id=111222333444555&ev=SubscribedButtonClick&es=automatic\
    &dl=https%3A%2F%2Fwww.northmere-police.example%2Freport%2Frape%3Fname%3DJo&if=true\
    &cd[buttonText]=Report%20rape%20securely&cd[pageFeatures]=%7B%22title%22%3A%22Report%20a%20sexual%20offence%22%7D\
    &fbp=fb.1.1772478252980.482915037261&ud[em]=sam.tester%40mail.example&shy=invented%20words&ts=1772478252999";

const COOKIES: &str = "c_user=100000000000123; xs=12%3AInventedSecret9aQ; mine=MaybeALogin77";

/// What no default output may hold.
const HIDDEN: [&str; 5] = [
    "100000000000123",
    "sam.tester",
    "482915037261",
    "invented words",
    "name=Jo",
];

/// What no output may hold.
const SECRET: [&str; 2] = ["InventedSecret9aQ", "MaybeALogin77"];

struct Case {
    folder: tempfile::TempDir,
}

struct Told {
    code: Option<i32>,
    said: String,
    complained: String,
}

impl Told {
    /// What stands behind a name at the beginning of a line.
    fn row(&self, name: &str) -> &str {
        let rows = self
            .said
            .lines()
            .filter_map(|line| line.trim().split_once("  "));
        let mut rows = rows.filter(|(found, _)| *found == name);
        rows.next().map(|(_, said)| said.trim()).unwrap_or_default()
    }
}

fn entry(second: u32, url: &str, cookies: &str) -> Value {
    let headers = match cookies {
        "" => json!([{"name": "Accept", "value": "*/*"}]),
        cookies => {
            json!([{"name": "Accept", "value": "*/*"}, {"name": "Cookie", "value": cookies}])
        }
    };
    json!({
        "startedDateTime": format!("2026-05-14T10:03:{second:02}.250Z"),
        "request": {"method": "GET", "url": url, "headers": headers},
        "response": {"status": 200, "content": {"mimeType": "text/html"}},
    })
}

/// A page with signs of several bytes before the click, so that bytes and letters differ.
fn har() -> String {
    let home = entry(
        10,
        "https://www.northmere-police.example/caf%C3%A9?x=é漢",
        "",
    );
    let log = json!({"log": {"creator": {"name": "made", "version": "1"}, "entries": [
        home, entry(11, CLICK, COOKIES), entry(12, common::PIXEL, "")
    ]}});
    serde_json::to_string_pretty(&log).unwrap()
}

impl Case {
    fn of(name: &str, bytes: &[u8], more: &[&str]) -> Case {
        let case = Case {
            folder: tempfile::tempdir().unwrap(),
        };
        fs::create_dir(case.path("captures")).unwrap();
        fs::write(case.path("captures").join(name), bytes).unwrap();
        let mut command = common::pixelhound(&["analyse", "captures", "--out", "out", "--quiet"]);
        let status = command.args(more).current_dir(case.folder.path()).status();
        assert!(matches!(status.unwrap().code(), Some(0 | 1)));
        case
    }

    fn new() -> Case {
        Case::of("anna.har", har().as_bytes(), &[])
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The id of the click.
    fn click(&self) -> String {
        let events = common::table(&self.path("out"), "events");
        let click = events.iter().find(|event| event["action"] == "click");
        click.unwrap()["event_id"].clone()
    }

    fn explain(&self, event: &str, more: &[&str]) -> Told {
        self.explain_from(self.folder.path(), Path::new("out"), event, more)
    }

    fn explain_from(&self, folder: &Path, out: &Path, event: &str, more: &[&str]) -> Told {
        let mut command = common::pixelhound(&["explain"]);
        command.arg(out).arg(event).args(more).current_dir(folder);
        let output = command.output().unwrap();
        Told {
            code: output.status.code(),
            said: String::from_utf8_lossy(&output.stdout).into_owned(),
            complained: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

/// The SHA-256 of bytes, not by the program.
fn sha256(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Cuts the bytes out that the answer names, and holds them to the hash that it gives.
#[track_caller]
fn check_bytes(told: &Told, capture: &[u8]) {
    let numbers: Vec<usize> = told
        .row("its bytes")
        .split(|c: char| !c.is_ascii_digit())
        .filter_map(|number| number.parse().ok())
        .collect();
    let [length, start, _] = numbers[..] else {
        panic!("{}", told.said);
    };
    let cut = &capture[start..start + length];
    assert_eq!(told.row("their SHA-256"), sha256(cut));
    let entry: Value = serde_json::from_slice(cut).unwrap();
    assert_eq!(entry["request"]["url"], CLICK);
    let line = format!("tail -c +{} ", start + 1);
    assert!(told.row("cut it out").contains(&line), "{}", told.said);
}

#[test]
fn the_sentence_says_who_did_what_where_and_what_was_told() {
    let case = Case::new();
    let told = case.explain(&case.click(), &[]);
    assert_eq!(told.code, Some(0), "{}{}", told.said, told.complained);
    for sentence in [
        "On 14 May 2026 at 10:03:11 UTC a visitor to northmere-police.example's page “Report a sexual offence” \
         (https://www.northmere-police.example/report/rape?name=…) clicked “Report rape securely”.",
        "Meta was told: ",
        "button text",
        "email (in plain text)",
        "An answer is recorded (status 200).",
        "The tracker of its own accord",
        "It came from inside a frame",
        "named: by an account, or contact data in plain text. Here: email (ud[em]), recipient account (cookie c_user).",
        "email (ud[em]): sent in plain text where the recipient asks for a hash.",
        "no rule says what this means",
        "documentation: Meta",
    ] {
        assert!(
            told.said.contains(sentence),
            "{sentence}\nnot in\n{}",
            told.said
        );
    }
    assert!(!told.said.contains('\u{1b}'), "colours in a pipe");
}

#[test]
fn the_bytes_of_the_request_can_be_cut_out_and_hashed_by_anybody() {
    let case = Case::new();
    let told = case.explain(&case.click(), &[]);
    check_bytes(&told, har().as_bytes());
    assert_eq!(told.row("its SHA-256"), sha256(har().as_bytes()));
    assert!(told.row("cut it out").contains(" captures/anna.har | "));
}

#[test]
fn masked_unless_revealed_and_secrets_never() {
    let case = Case::new();
    let masked = case.explain(&case.click(), &[]).said;
    for hidden in HIDDEN.iter().chain(&SECRET) {
        assert!(!masked.contains(hidden), "{hidden} in\n{masked}");
    }
    let revealed = case.explain(&case.click(), &["--reveal"]).said;
    for shown in ["100000000000123", "sam.tester", "482915037261"] {
        assert!(revealed.contains(shown), "{shown} not in\n{revealed}");
    }
    assert!(revealed.contains(&format!("GET {CLICK}")), "{revealed}");
    for secret in SECRET {
        assert!(!revealed.contains(secret), "{secret} in\n{revealed}");
    }
}

#[test]
fn a_dataset_made_with_reveal_is_told_masked_all_the_same() {
    let case = Case::of("anna.har", har().as_bytes(), &["--reveal"]);
    let masked = case.explain(&case.click(), &[]).said;
    for hidden in HIDDEN.iter().chain(&SECRET) {
        assert!(!masked.contains(hidden), "{hidden} in\n{masked}");
    }
}

#[test]
fn a_changed_or_missing_capture_is_not_used() {
    let case = Case::new();
    let click = case.click();
    let capture = case.path("captures/anna.har");
    let changed = har().replace("securely", "SECURELY");
    fs::write(&capture, changed).unwrap();
    let told = case.explain(&click, &[]);
    assert_eq!(told.code, Some(1));
    assert!(
        told.said.contains("is not the file that was analysed"),
        "{}",
        told.said
    );
    assert!(told.said.contains("clicked “Report rape securely”"));
    assert!(!told.said.contains("SECURELY") && !told.said.contains("their SHA-256"));
    fs::remove_file(&capture).unwrap();
    let told = case.explain(&click, &[]);
    assert_eq!(told.code, Some(1));
    assert!(
        told.said.contains("captures/anna.har is not there"),
        "{}",
        told.said
    );
}

#[test]
fn a_file_of_the_same_bytes_does_as_well() {
    let case = Case::new();
    fs::write(case.path("captures/copy.har"), har()).unwrap();
    let mut command =
        common::pixelhound(&["analyse", "captures", "--out", "out", "--force", "--quiet"]);
    command.current_dir(case.folder.path()).status().unwrap();
    fs::remove_file(case.path("captures/anna.har")).unwrap();
    let told = case.explain(&case.click(), &[]);
    assert_eq!(told.code, Some(0), "{}", told.said);
    assert_eq!(told.row("file"), "captures/copy.har");
}

#[test]
fn an_event_is_found_by_its_beginning_and_refused_where_it_is_not_clear() {
    let case = Case::new();
    let click = case.click();
    let beginning = click.rsplit_once('-').unwrap().0;
    assert_eq!(case.explain(beginning, &[]).code, Some(0));
    let several = case.explain(&click[..16], &[]);
    assert_eq!(several.code, Some(2));
    assert!(
        several.complained.contains("2 events begin with"),
        "{}",
        several.complained
    );
    assert!(
        several.complained.contains(&click),
        "{}",
        several.complained
    );
    let none = case.explain(&click.replace("-00001-", "-00777-"), &[]);
    assert_eq!(none.code, Some(2));
    assert!(
        none.complained.contains("no event is called"),
        "{}",
        none.complained
    );
    assert!(none.complained.contains(&click), "{}", none.complained);
    assert!(none.said.is_empty());
}

#[test]
fn a_capture_in_an_archive_is_cut_out_of_its_member() {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    archive.start_file("a folder/anna.har", options).unwrap();
    archive.write_all(har().as_bytes()).unwrap();
    let bytes = archive.finish().unwrap().into_inner();
    let case = Case::of("anna.zip", &bytes, &[]);
    let told = case.explain(&case.click(), &[]);
    assert_eq!(told.code, Some(0), "{}", told.said);
    check_bytes(&told, har().as_bytes());
    let unzip = "unzip -p captures/anna.zip 'a folder/anna.har' | ";
    assert!(told.row("cut it out").starts_with(unzip), "{}", told.said);
    assert_eq!(told.row("its SHA-256"), sha256(&bytes));
}

#[test]
fn a_capture_in_utf_16_is_cut_out_of_its_text_in_utf_8() {
    let text = format!("\u{feff}{}", har());
    let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let case = Case::of("anna.har", &bytes, &[]);
    let told = case.explain(&case.click(), &[]);
    assert_eq!(told.code, Some(0), "{}", told.said);
    check_bytes(&told, text.as_bytes());
    assert!(told.row("cut it out").starts_with("The capture is UTF-16"));
}

#[test]
fn elsewhere_the_path_to_type_is_whole() {
    let case = Case::new();
    let elsewhere = tempfile::tempdir().unwrap();
    let told = case.explain_from(elsewhere.path(), &case.path("out"), &case.click(), &[]);
    assert_eq!(told.code, Some(0), "{}", told.said);
    let captures = case
        .folder
        .path()
        .canonicalize()
        .unwrap()
        .join("captures/anna.har");
    assert!(
        told.row("cut it out")
            .contains(&captures.display().to_string()),
        "{}",
        told.said
    );
}

#[test]
fn rules_that_are_gone_leave_the_evidence() {
    let case = Case::of("anna.har", har().as_bytes(), &[]);
    let rules = case.path("rules");
    fs::create_dir(&rules).unwrap();
    fs::write(rules.join("shy-tracker.toml"), common::RULE).unwrap();
    let mut command =
        common::pixelhound(&["analyse", "captures", "--out", "out", "--force", "--quiet"]);
    command
        .args(["--rules", "rules"])
        .current_dir(case.folder.path())
        .status()
        .unwrap();
    fs::remove_dir_all(&rules).unwrap();
    let told = case.explain(&case.click(), &[]);
    assert_eq!(told.code, Some(1));
    assert!(
        told.said
            .contains("The rules of the analysis cannot be loaded"),
        "{}",
        told.said
    );
    check_bytes(&told, har().as_bytes());
    for hidden in HIDDEN.iter().chain(&SECRET) {
        assert!(!told.said.contains(hidden), "{hidden} in\n{}", told.said);
    }
}
