//! Did the site choose it? What the recipients' own scripts in a capture say of the sites' accounts, from the file to the table.

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use common::{Row, table};
use serde_json::{Value, json};

const CONFIG: &str =
    "https://connect.facebook.net/signals/config/111222333444555?v=2.9.199&r=stable";

/// A configuration in the form of Meta's, for one pixel.
fn config(pixel: &str, keys: &str) -> String {
    format!(
        r#"fbq.registerPlugin("{pixel}", {{plugin: function(fbq, instance, config) {{ config.set("{pixel}", "automaticMatching", {{"selectedMatchKeys":[{keys}]}});
instance.optIn("{pixel}", "AutomaticMatching", true);
instance.optIn("{pixel}", "InferredEvents", true);instance.configLoaded("{pixel}"); }}}});"#
    )
}

/// A request and what came back.
fn entry(url: &str, response: Value) -> Value {
    json!({
        "startedDateTime": "2026-03-01T10:00:00.000Z",
        "pageref": "page_1",
        "request": {"method": "GET", "url": url, "headers": []},
        "response": response,
    })
}

fn script(text: &str) -> Value {
    json!({"status": 200, "content": {"mimeType": "application/javascript", "text": text}})
}

fn capture(entries: &[Value]) -> String {
    let home = json!({"status": 200, "content": {"mimeType": "text/html"}});
    let mut all = vec![entry("https://www.clinic.example/", home)];
    all.extend(entries.iter().cloned());
    let page = json!({
        "id": "page_1", "title": "https://www.clinic.example/", "startedDateTime": "2026-03-01T10:00:00.000Z",
        "pageTimings": {},
    });
    json!({"log": {"creator": {"name": "made", "version": "1"}, "pages": [page], "entries": all}})
        .to_string()
}

/// Captures, a file each, analysed.
struct Place(tempfile::TempDir);

impl Place {
    fn of(captures: &[String]) -> Place {
        let place = Place(tempfile::tempdir().unwrap());
        let inputs = place.0.path().join("captures");
        fs::create_dir(&inputs).unwrap();
        for (number, capture) in captures.iter().enumerate() {
            fs::write(inputs.join(format!("{number}.har")), capture).unwrap();
        }
        common::analyse(&[&inputs], &place.out(), &["--quiet"]);
        place
    }

    fn out(&self) -> PathBuf {
        self.0.path().join("out")
    }

    /// Entry, account, setting, value.
    fn settings(&self) -> Vec<[String; 4]> {
        let rows = table(&self.out(), "settings");
        let columns = ["entry_index", "account_key", "setting", "value"];
        let row = |row: &Row| columns.map(|column| row[column].clone());
        rows.iter().map(row).collect()
    }

    /// Entry and code of each problem with an answer.
    fn problems(&self) -> Vec<[String; 2]> {
        let rows = table(&self.out(), "problems");
        let of_answers = rows
            .iter()
            .filter(|row| row["code"].starts_with("settings") || row["code"].starts_with("answer"));
        let row = |row: &Row| ["entry_index", "code"].map(|column| row[column].clone());
        of_answers.map(row).collect()
    }
}

/// The rows of a pixel that reads these keys and clicks.
fn rows(entry: &str, pixel: &str, keys: &str) -> Vec<[String; 4]> {
    let account = format!("meta-pixel:{pixel}");
    let row = |setting: &str, value: &str| [entry, &account, setting, value].map(str::to_string);
    vec![
        row("automatic_matching", "on"),
        row("automatic_matching_keys", keys),
        row("click_tracking", "on"),
        row("parts_switched_on", "AutomaticMatching InferredEvents"),
    ]
}

#[test]
fn the_settings_of_an_account_reach_the_table_with_their_meaning() {
    let text = config("111222333444555", r#""em","ph""#);
    let place = Place::of(&[capture(&[entry(CONFIG, script(&text))])]);
    assert_eq!(place.settings(), rows("1", "111222333444555", "em ph"));
    assert_eq!(place.problems(), Vec::<[String; 2]>::new());
    let first = &table(&place.out(), "settings")[0];
    assert_eq!(
        (first["tracker"].as_str(), first["recipient"].as_str()),
        ("meta-pixel", "Meta")
    );
    assert_eq!(first["account_id"], "111222333444555");
    assert!(first["meaning"].contains("automatic advanced matching"));
    assert!(first["source"].starts_with("script:"));
}

#[test]
fn an_answer_may_be_packed_damaged_and_about_another_account() {
    let odd = format!("/* \u{1f469} */ {}", config("555444333222111", r#""em""#));
    let packed =
        json!({"status": 200, "content": {"text": STANDARD.encode(&odd), "encoding": "base64"}});
    let whole = capture(&[entry(CONFIG, script(&odd)), entry(CONFIG, packed)]);
    // What JSON does not allow and exporters write all the same: half a character, an unknown escape.
    let damaged = whole.replacen("\u{1f469}", "\\ud83d \\q", 1);
    assert_ne!(whole, damaged);
    let place = Place::of(&[damaged]);
    let mut wanted = rows("1", "555444333222111", "em");
    wanted.extend(rows("2", "555444333222111", "em"));
    assert_eq!(place.settings(), wanted);
}

#[test]
fn what_did_not_come_says_nothing_and_what_is_strange_is_a_problem() {
    let text = config("111222333444555", r#""em""#);
    let mut blocked = script(&text);
    blocked["status"] = json!(0);
    blocked["_error"] = json!("net::ERR_BLOCKED_BY_CLIENT");
    let mut gone = script("not found");
    gone["status"] = json!(404);
    let half = &text[..text.len() / 2];
    let not_base64 = json!({"status": 200, "content": {"text": "!", "encoding": "base64"}});
    let place = Place::of(&[capture(&[
        entry(CONFIG, blocked),
        entry(CONFIG, gone),
        entry(CONFIG, json!({"status": 200})),
        entry(CONFIG, script("")),
        entry(CONFIG, script(half)),
        entry(CONFIG, not_base64),
        entry(common::PIXEL, script(&text)),
    ])]);
    assert_eq!(place.settings(), Vec::<[String; 4]>::new());
    let wanted = [["5", "settings_not_understood"], ["6", "answer_not_base64"]];
    assert_eq!(place.problems(), wanted.map(|row| row.map(str::to_string)));
}

#[test]
fn the_same_capture_twice_says_it_once() {
    let text = config("111222333444555", r#""em""#);
    let capture = capture(&[entry(CONFIG, script(&text))]);
    let place = Place::of(&[capture.clone(), capture]);
    assert_eq!(place.settings().len(), 4);
}

#[test]
fn a_script_out_of_the_cache_ran_on_the_page_too() {
    let text = config("111222333444555", r#""em""#);
    let mut cached = entry(CONFIG, script(&text));
    cached["_fromCache"] = json!("disk");
    let place = Place::of(&[capture(&[cached])]);
    assert_eq!(place.settings(), rows("1", "111222333444555", "em"));
}

#[test]
fn the_question_names_the_organisation_where_it_told_an_event_or_loaded_the_script() {
    let known = config("111222333444555", r#""em""#);
    let place = Place::of(&[
        capture(&[
            entry(CONFIG, script(&known)),
            entry(common::PIXEL, json!({"status": 200})),
        ]),
        capture(&[entry(CONFIG, script(&known))]).replace("2026-03-01", "2026-03-02"),
    ]);
    let out = place.out();
    let answer = common::run(&["query", out.to_str().unwrap(), "what-was-switched-on"]);
    assert!(answer.status.success(), "{answer:?}");
    let mut reader = csv::Reader::from_reader(answer.stdout.as_slice());
    let rows: Vec<Row> = reader.deserialize().map(Result::unwrap).collect();
    let columns = ["organisation", "setting", "value", "captures", "first_seen"];
    let found: Vec<[&str; 5]> = rows
        .iter()
        .map(|row| columns.map(|column| row[column].as_str()))
        .collect();
    let seen = "2026-03-01T10:00:00.000Z";
    let row = |setting, value| ["clinic.example", setting, value, "2", seen];
    assert_eq!(
        found,
        [
            row("automatic_matching", "on"),
            row("automatic_matching_keys", "em"),
            row("click_tracking", "on"),
            row("parts_switched_on", "AutomaticMatching InferredEvents"),
        ]
    );
}

/// Account to its keys of automatic matching; `None`: it was not on.
fn keys_by_account(dataset: &Path) -> BTreeMap<String, Option<String>> {
    let mut keys = BTreeMap::new();
    for row in table(dataset, "settings") {
        let account = keys.entry(row["account_key"].clone()).or_default();
        if row["setting"] == "automatic_matching_keys" {
            *account = Some(row["value"].clone());
        }
    }
    keys
}

#[test]
fn the_published_captures_say_what_was_found_in_them_by_hand() {
    let Some(corpus) = common::published_captures() else {
        return;
    };
    let place = tempfile::tempdir().unwrap();
    let out = place.path().join("out");
    let inputs = [corpus.join("988"), corpus.join("edtech")];
    common::analyse(&[&inputs[0], &inputs[1]], &out, &["--quiet"]);
    let all = Some("em fn ln ge ph ct st zp db country external_id");
    let wanted = [
        ("google-analytics-4:G-85F9PB3HXS", None),
        ("google-analytics-4:G-8S2V5RTT86", None),
        ("hotjar:1952810", None),
        ("meta-pixel:1291899454305127", None),
        ("meta-pixel:1725089781061572", None),
        ("meta-pixel:234816549288606", all),
        ("meta-pixel:3270355436534855", None),
        (
            "meta-pixel:621102132118633",
            Some("em fn ln ph ge zp ct st country db external_id"),
        ),
        (
            "meta-pixel:686407008078166",
            Some("em fn ln ge ph ct st zp"),
        ),
        (
            "tiktok:C2J87UCST06BEPRUG4F0",
            Some("auto_email auto_phone_number"),
        ),
        (
            "tiktok:CH642RJC77UDT6H4LLG0",
            Some("auto_email auto_phone_number"),
        ),
    ];
    let wanted: BTreeMap<String, Option<String>> = wanted
        .into_iter()
        .map(|(account, keys)| (account.to_string(), keys.map(str::to_string)))
        .collect();
    assert_eq!(keys_by_account(&out), wanted);
    let value = |account: &str, setting: &str| {
        let rows = table(&out, "settings");
        let row = rows
            .iter()
            .find(|row| row["account_id"] == account && row["setting"] == setting);
        row.map(|row| row["value"].clone())
    };
    for (account, setting, wanted) in [
        ("621102132118633", "click_tracking_extended", Some("on")),
        ("621102132118633", "event_setup_rules", Some("4")),
        (
            "621102132118633",
            "event_setup_events",
            Some("ViewContent Contact InitiateCheckout Purchase"),
        ),
        ("1725089781061572", "click_tracking", None),
        ("1291899454305127", "automatic_setup", Some("on")),
        ("3270355436534855", "blocked_keys", Some("dob password")),
        ("686407008078166", "blocked_keys", Some("dob")),
        ("G-8S2V5RTT86", "google_signals", Some("on")),
        ("G-85F9PB3HXS", "google_signals", None),
        ("1952810", "keystrokes_recorded", Some("off")),
    ] {
        assert_eq!(
            value(account, setting).as_deref(),
            wanted,
            "{account} {setting}"
        );
    }
    let problems = table(&out, "problems");
    let strange = problems
        .iter()
        .filter(|row| row["code"] == "settings_not_understood");
    assert_eq!(strange.count(), 0);
}
