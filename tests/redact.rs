//! Redacted captures tell the same events, and hold nothing of the volunteers.

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use common::{Row, table};
use memchr::memmem;
use pixelhound::capture::{InputFile, find_inputs, read_captures};
use pixelhound::disclosure::{ConsentTools, HASHES, digest};
use pixelhound::exchange::{Exchange, habits_of, is_redacted};

/// A folder with the redacted captures in `red`, the dataset of the originals in `before` and that of the others in `after`.
struct Compared {
    folder: tempfile::TempDir,
}

impl Compared {
    fn of(inputs: &[&Path], more: &[&str]) -> Compared {
        let folder = tempfile::tempdir().unwrap();
        let compared = Compared { folder };
        redact(inputs, &compared.path("red"), more);
        common::analyse(inputs, &compared.path("before"), &["--quiet"]);
        let red = compared.path("red");
        common::analyse(&[&red], &compared.path("after"), &["--quiet"]);
        compared
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The events of a dataset, as far as they must be the same.
    fn events(&self, name: &str) -> BTreeMap<String, usize> {
        let dataset = self.path(name);
        let places: BTreeMap<String, String> = table(&dataset, "captures")
            .iter()
            .map(|capture| (capture["capture_id"].clone(), place(capture)))
            .collect();
        let pages: BTreeMap<String, Row> = table(&dataset, "pages")
            .into_iter()
            .map(|page| (page["page_id"].clone(), page))
            .collect();
        let mut events = BTreeMap::new();
        for event in table(&dataset, "events") {
            let told = told(&event, pages.get(&event["page_id"]));
            let place = places.get(&event["capture_id"]).unwrap();
            *events.entry(format!("{place} {told}")).or_insert(0) += 1;
        }
        events
    }

    /// What the recipients' scripts say of the sites, without the captures' names.
    fn settings(&self, name: &str) -> Vec<Row> {
        let mut settings = table(&self.path(name), "settings");
        for setting in &mut settings {
            setting.remove("capture_id");
        }
        settings.sort();
        settings
    }

    /// What is not the same: only before, only after.
    fn differences(&self) -> Vec<String> {
        let (before, after) = (self.events("before"), self.events("after"));
        let only = |one: &BTreeMap<String, usize>, other: &BTreeMap<String, usize>, sign: &str| {
            one.iter()
                .filter(|(event, count)| other.get(*event) != Some(count))
                .map(|(event, count)| format!("{sign} {count} {event}"))
                .collect::<Vec<_>>()
        };
        let mut all = only(&before, &after, "-");
        all.extend(only(&after, &before, "+"));
        all.sort_by_key(|line| line.get(2..).map(str::to_owned));
        all
    }

    fn bytes(&self) -> Vec<u8> {
        let mut all = Vec::new();
        for file in walkdir::WalkDir::new(self.path("red")) {
            let file = file.unwrap();
            if file.file_type().is_file() {
                all.extend(std::fs::read(file.path()).unwrap());
            }
        }
        all
    }
}

fn redact(inputs: &[&Path], out: &Path, more: &[&str]) -> std::process::Output {
    let mut command = common::pixelhound(&["redact"]);
    command.args(inputs).arg("--out").arg(out).args(more);
    let output = command.output().unwrap();
    assert!(
        matches!(output.status.code(), Some(0 | 1)),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    output
}

/// The file that a capture came from, the same for a redacted one.
fn place(capture: &Row) -> String {
    let whole = match capture["member"].as_str() {
        "" => capture["path"].clone(),
        member => format!("{}/{member}", capture["path"]),
    };
    let fronts = ["/red/", "red/", "corpus/"];
    let name = fronts.iter().fold(whole.as_str(), |name, front| {
        name.split_once(front).map_or(name, |(_, name)| name)
    });
    name.trim_end_matches(".har").to_owned()
}

fn told(event: &Row, page: Option<&Row>) -> String {
    let mut told: Vec<String> = [
        "entry_index",
        "tracker",
        "endpoint",
        "recipient",
        "account_id",
        "event_name",
        "action",
        "automatic",
        "in_frame",
        "page_known_from",
        "category",
        "tier",
        "matched_in",
        "organisation_id",
        "delivery",
        "identifiability",
        "repeat_reason",
        "body_recorded",
        "via_own_host",
        "consent",
        "consent_reported",
        "started_at",
    ]
    .iter()
    .map(|column| {
        event
            .get(*column)
            .cloned()
            .unwrap_or_else(|| format!("no column {column}"))
    })
    .collect();
    told.push(digits_gone(&event["clicked_text"]));
    let page = page.map(|page| digits_gone(page["url"].split('?').next().unwrap_or_default()));
    told.push(page.unwrap_or_default());
    told.join(" | ")
}

/// Numbers and e-mail addresses are masked before, and placeholders after.
fn digits_gone(text: &str) -> String {
    let digits = |c: char| if c.is_ascii_digit() { '0' } else { c };
    text.chars().map(digits).collect()
}

fn none(differences: Vec<String>) {
    assert!(
        differences.is_empty(),
        "{} differences:\n{}",
        differences.len(),
        differences[..differences.len().min(60)].join("\n")
    );
}

#[test]
fn the_samples_tell_the_same_events() {
    let compared = Compared::of(&[Path::new("samples")], &["--keep-search-terms"]);
    none(compared.differences());
}

#[test]
fn the_quirks_tell_the_same_events() {
    let compared = Compared::of(&[Path::new("tests/quirks")], &["--keep-search-terms"]);
    none(compared.differences());
}

#[test]
fn the_published_captures_tell_the_same_events() {
    let Some(corpus) = common::published_captures() else {
        return;
    };
    let compared = Compared::of(&[&corpus], &["--keep-search-terms"]);
    none(compared.differences());
    // A configuration in which something stands that goes elsewhere goes too; what stays says what it said.
    let before = compared.settings("before");
    let after = compared.settings("after");
    assert!(!after.is_empty() && after.iter().all(|setting| before.contains(setting)));
}

#[test]
fn without_their_searches_the_samples_tell_as_many_events() {
    let compared = Compared::of(&[Path::new("samples")], &[]);
    let count = |name| compared.events(name).values().sum::<usize>();
    assert!(count("before") > 40);
    assert_eq!(count("before"), count("after"));
    // Only what was judged by what was typed is judged otherwise.
    let judged_by_search = |line: &String| line.contains(" | search | ") || line.starts_with('+');
    assert!(compared.differences().iter().all(judged_by_search));
}

#[test]
fn what_was_redacted_can_be_redacted() {
    let folder = tempfile::tempdir().unwrap();
    let once = folder.path().join("red");
    redact(&[Path::new("samples")], &once, &[]);
    none(Compared::of(&[&once], &["--keep-search-terms"]).differences());
}

#[test]
fn a_key_makes_the_same_bytes_and_none_makes_others() {
    let folder = tempfile::tempdir().unwrap();
    let key = folder.path().join("key");
    std::fs::write(&key, "an invented key, long enough").unwrap();
    let key = key.to_str().unwrap();
    let sample = Path::new("samples/wave-1/anna-northmoor-police.har");
    let made = |name: &str, more: &[&str]| {
        let out = folder.path().join(name);
        redact(&[sample], &out, more);
        std::fs::read(out.join(sample)).unwrap()
    };
    assert_eq!(made("a", &["--key", key]), made("b", &["--key", key]));
    assert_ne!(made("c", &[]), made("d", &[]));
    std::fs::write(key, "short").unwrap();
    refused(
        &["redact", "samples", "--out", "never", "--key", key],
        "could be found by trying",
    );
}

fn refused(arguments: &[&str], why: &str) {
    let output = common::run(arguments);
    let message = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{message}");
    assert!(message.contains(why), "{message}");
}

#[test]
fn nothing_is_written_over_and_the_original_stays() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let original = folder.join("a.har");
    std::fs::write(&original, common::capture(&[common::PIXEL])).unwrap();
    let before = std::fs::read(&original).unwrap();
    let place = folder.to_str().unwrap();
    refused(&["redact", place, "--out", place], "is not empty");
    refused(&["redact", "-", "--out", "never"], "standard input");
    redact(&[folder], &folder.join("out"), &[]);
    assert_eq!(std::fs::read(&original).unwrap(), before);
    let report = std::fs::read_to_string(folder.join("out/redactions.txt")).unwrap();
    assert!(report.contains(&pixelhound::capture::sha256_of(&before)));
}

/// Every value of a cookie that the captures hold, that is long enough to be told from chance.
fn cookie_values(inputs: &[PathBuf]) -> BTreeSet<String> {
    let tools = ConsentTools::built_in().unwrap();
    let mut values = BTreeSet::new();
    for InputFile { path, shown } in find_inputs(inputs).unwrap().files {
        read_captures(&InputFile { path, shown }, &mut |capture, _| {
            let habits = habits_of(&capture);
            for entry in &capture.entries {
                let exchange = Exchange::decode(entry, habits);
                let cookies = exchange.into_iter().flat_map(|exchange| exchange.cookies);
                // The answer to a banner may stay.
                let others = cookies.filter(|cookie| tools.answer_in(&cookie.name).is_none());
                values.extend(others.map(|cookie| cookie.value));
            }
        });
    }
    let is_telling = |value: &String| {
        value.len() >= 8 && value.bytes().any(|b| b.is_ascii_digit()) && !is_redacted(value)
    };
    values.retain(is_telling);
    values
}

fn left_of<'v>(values: &'v BTreeSet<String>, bytes: &[u8]) -> Vec<&'v String> {
    let values = values.iter();
    values
        .filter(|value| memmem::find(bytes, value.as_bytes()).is_some())
        .collect()
}

#[test]
fn no_cookie_of_the_samples_is_left() {
    let compared = Compared::of(&[Path::new("samples")], &[]);
    let values = cookie_values(&[common::root().join("samples")]);
    assert!(values.len() > 5, "{values:?}");
    assert_eq!(left_of(&values, &compared.bytes()), Vec::<&String>::new());
}

#[test]
fn no_cookie_of_the_published_captures_is_left() {
    let Some(corpus) = common::published_captures() else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let compared = Compared { folder };
    redact(&[&corpus], &compared.path("red"), &[]);
    let values = cookie_values(&[corpus]);
    assert!(values.len() > 100);
    assert_eq!(left_of(&values, &compared.bytes()), Vec::<&String>::new());
}

/// A value in every dress in which it may go over the wire.
fn dresses(value: &str) -> BTreeSet<String> {
    let percent = pixelhound::exchange::encode_component;
    let hex = |bytes: &[u8]| bytes.iter().map(|b| format!("{b:02x}")).collect::<String>();
    let mut dresses = BTreeSet::from([value.to_owned(), percent(value), percent(&percent(value))]);
    for plain in [value.to_owned(), value.to_lowercase()] {
        dresses.insert(hex(plain.as_bytes()));
        // Whatever stands before it: what of its base64 does not depend on that.
        for shift in 0..3 {
            let padded = [vec![b'x'; shift], plain.clone().into_bytes()].concat();
            let packed = STANDARD.encode(&padded);
            let whole = padded.len() / 3 * 4;
            let first = if shift == 0 { 0 } else { 4 };
            dresses.extend(packed.get(first..whole).map(str::to_owned));
        }
        for kind in HASHES {
            dresses.insert(hex(&digest(kind, plain.as_bytes())));
        }
    }
    dresses.retain(|dress| dress.len() >= 6);
    dresses
}

#[test]
fn nothing_of_the_personas_is_left_and_no_answer() {
    let personas = Path::new("samples/personas.csv");
    let more = ["--personas", personas.to_str().unwrap()];
    let compared = Compared::of(&[Path::new("samples")], &more);
    let bytes = compared.bytes();
    let mut reader = csv::Reader::from_path(common::root().join(personas)).unwrap();
    let values: Vec<Row> = reader.deserialize().map(Result::unwrap).collect();
    assert!(values.len() > 3);
    for value in values {
        let left = dresses(&value["value"]);
        assert_eq!(
            left_of(&left, &bytes),
            Vec::<&String>::new(),
            "{}",
            value["value"]
        );
    }
    assert!(memmem::find(&bytes, b"<html").is_none());
    let events = |name| compared.events(name).values().sum::<usize>();
    assert_eq!(events("before"), events("after"));
}
