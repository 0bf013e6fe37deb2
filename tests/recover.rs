//! `pixelhound recover`: hashes of invented testers turned back, and shown to nobody who does not ask.

mod common;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use sha2::{Digest, Sha256};

fn sha256(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A form sent, told to Meta with what was read out of it.
fn form(fields: &[(&str, &str)]) -> String {
    let fields = fields.iter();
    let fields: String = fields
        .map(|(field, value)| format!("&udff[{field}]={}", sha256(value)))
        .collect();
    format!("{}{fields}", common::PIXEL)
}

struct Case {
    folder: tempfile::TempDir,
}

struct Told {
    code: Option<i32>,
    said: String,
}

impl Told {
    fn of(output: &Output) -> Told {
        Told {
            code: output.status.code(),
            said: String::from_utf8_lossy(&output.stdout).into_owned(),
        }
    }

    /// The outcome of an item, in its row of the table.
    fn outcome(&self, item: &str) -> &str {
        let mut lines = self.said.lines();
        let line = lines.find(|line| line.split(' ').next() == Some(item));
        let line = line.unwrap_or_else(|| panic!("{item} is not in\n{}", self.said));
        line.rsplit("  ").next().unwrap_or_default()
    }
}

impl Case {
    fn of(urls: &[&str]) -> Case {
        let case = Case {
            folder: tempfile::tempdir().unwrap(),
        };
        fs::write(case.path("anna.har"), common::capture(urls)).unwrap();
        let mut command = common::pixelhound(&["analyse", "anna.har", "--out", "out", "--quiet"]);
        let status = command.current_dir(case.folder.path()).status().unwrap();
        assert!(matches!(status.code(), Some(0 | 1)));
        case
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// With time enough, however busy the computer is: what is found ends the search.
    fn recover(&self, more: &[&str]) -> Told {
        self.recover_in(100_000, more)
    }

    fn recover_in(&self, seconds: u32, more: &[&str]) -> Told {
        let seconds = seconds.to_string();
        let mut command = common::pixelhound(&["recover", "out", "--seconds", &seconds]);
        let output = command.args(more).current_dir(self.folder.path()).output();
        Told::of(&output.unwrap())
    }
}

/// Invented testers' data that can be enumerated; the postcode is the first of the space, so that it is found at once.
const ENUMERABLE: [(&str, &str); 4] = [
    ("ge", "f"),
    ("country", "gb"),
    ("db", "19840229"),
    ("zp", "ab101aa"),
];

#[test]
fn what_can_be_enumerated_is_recovered_and_shown_only_on_request() {
    let case = Case::of(&[&form(&ENUMERABLE), common::PIXEL]);
    let shy = case.recover(&[]);
    assert_eq!(shy.code, Some(0), "{}", shy.said);
    assert!(
        shy.said.starts_with("This identifies people."),
        "{}",
        shy.said
    );
    assert_eq!(shy.outcome("gender"), "recovered, 1 of 1 characters");
    assert_eq!(shy.outcome("country"), "recovered, 2 of 2 characters");
    assert_eq!(shy.outcome("date_of_birth"), "recovered, 8 of 8 characters");
    assert_eq!(shy.outcome("postcode"), "recovered, 7 of 7 characters");
    assert!(shy.said.contains("4 of 4 hashes recovered"), "{}", shy.said);
    for value in ["19840229", "ab101aa", "recovered: ", " gb"] {
        assert!(!shy.said.contains(value), "{value} in\n{}", shy.said);
    }
    let open = case.recover(&["--reveal"]);
    for (item, value) in [
        ("gender", "f"),
        ("country", "gb"),
        ("date_of_birth", "19840229"),
        ("postcode", "ab101aa"),
    ] {
        assert_eq!(open.outcome(item), format!("recovered: {value}"));
    }
}

#[test]
fn a_listed_address_is_found_in_its_normal_form_and_another_is_not() {
    let case = Case::of(&[&form(&[("em", "sam.tester@mail.example"), ("fn", "anna")])]);
    let without = case.recover(&[]);
    assert_eq!(without.outcome("email"), "not tried");
    assert!(
        without.said.contains("--candidates FILE"),
        "{}",
        without.said
    );
    fs::write(
        case.path("testers.txt"),
        "\n Sam.Tester@Mail.Example \r\nBen\n",
    )
    .unwrap();
    let listed = ["--candidates", "testers.txt"];
    let shy = case.recover(&listed);
    assert_eq!(shy.outcome("email"), "recovered, 23 of 23 characters");
    assert_eq!(shy.outcome("first_name"), "not found");
    assert!(
        !shy.said.to_lowercase().contains("sam.tester"),
        "{}",
        shy.said
    );
    let open = case.recover(&[&listed[..], &["--reveal"]].concat());
    assert_eq!(open.outcome("email"), "recovered: sam.tester@mail.example");
    assert_eq!(
        case.recover(&["--candidates", "no-such-file"]).code,
        Some(2)
    );
}

#[test]
fn a_hash_in_base64_is_read_too() {
    use base64::Engine;
    let digest = Sha256::digest(b"sam.tester@mail.example");
    let hash = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(digest);
    let hit = format!(
        "https://analytics.google.com/g/collect?v=2&tid=G-SAMPLE0001&en=sign_up&em=tv.1~em.{hash}\
         &dl=https%3A%2F%2Fwww.clinic.example%2F"
    );
    let case = Case::of(&[&hit]);
    fs::write(case.path("testers.txt"), "sam.tester@mail.example").unwrap();
    let told = case.recover(&["--candidates", "testers.txt", "--reveal"]);
    assert_eq!(told.outcome("email"), "recovered: sam.tester@mail.example");
}

#[test]
fn a_hash_of_something_else_is_not_found() {
    let case = Case::of(&[&form(&[("ge", "no gender at all"), ("st", "no state")])]);
    let told = case.recover(&["--reveal"]);
    assert_eq!(told.code, Some(0));
    assert_eq!(told.outcome("gender"), "not found");
    assert_eq!(told.outcome("region"), "not found");
    assert!(
        told.said.contains("0 of 2 hashes recovered"),
        "{}",
        told.said
    );
}

#[test]
fn what_takes_too_long_is_not_begun_and_says_how_long() {
    let hit = format!(
        "{}&ncudff[ph]=%23%23%23%23%23%23%23%23%23%23%23%23",
        form(&[("ph", "447700900123")])
    );
    let told = Case::of(&[&hit]).recover_in(1, &[]);
    assert_eq!(told.outcome("phone"), "not tried");
    let wanted = "UK mobile numbers, 447…: 1,000,000,000 candidates, about";
    assert!(told.said.contains(wanted), "{}", told.said);
    assert!(
        !told.said.contains("+447…"),
        "the mask has no plus sign: {}",
        told.said
    );
}

#[test]
fn repeats_are_no_events_and_equal_hashes_are_one() {
    let hit = form(&[("ge", "f")]);
    let twin = hit.replace("/tr/?", "/privacy_sandbox/pixel/register/trigger/?");
    let case = Case::of(&[&hit, &twin]);
    let told = case.recover(&[]);
    assert!(told.said.contains("1 of 1 hash recovered"), "{}", told.said);
    let row = told.said.lines().find(|line| line.starts_with("gender"));
    let cells: Vec<&str> = row.unwrap().split_whitespace().collect();
    let repeats = common::table(&case.path("out"), "events");
    let events = repeats.iter().filter(|event| event["repeat_of"].is_empty());
    assert_eq!(cells[2], events.count().to_string(), "{}", told.said);
}

#[test]
fn a_changed_capture_is_not_used() {
    let case = Case::of(&[&form(&ENUMERABLE)]);
    let capture = case.path("anna.har");
    let text = fs::read_to_string(&capture).unwrap();
    fs::write(&capture, text.replace("PageView", "PageSeen")).unwrap();
    let told = case.recover(&["--reveal"]);
    assert_eq!(told.code, Some(1));
    assert!(
        told.said.contains("is not the file that was analysed"),
        "{}",
        told.said
    );
    assert!(
        told.said.contains("4 hashed values not tried"),
        "{}",
        told.said
    );
    assert!(!told.said.contains("recovered:"));
}

#[test]
fn the_samples_give_nothing_away_without_a_list() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    common::analyse(&[Path::new("samples")], &out, &["--quiet"]);
    let told = Told::of(&common::run(&[
        Path::new("recover"),
        &out,
        Path::new("--seconds"),
        Path::new("1"),
    ]));
    assert_eq!(told.code, Some(0), "{}", told.said);
    assert_eq!(told.outcome("email"), "not tried");
    let before = common::files(&out);
    common::run(&[
        Path::new("recover"),
        &out,
        Path::new("--seconds"),
        Path::new("1"),
    ]);
    assert_eq!(common::files(&out), before);
}
