//! On captures that reporters published (where they are at hand; they are no part of the project): the same Meta events
//! as a second, independent program reads, and the figures that follow from them.

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use common::{Row, counts};

/// The dataset of all published captures, analysed once; raw, so that values can be compared.
fn dataset() -> Option<(tempfile::TempDir, PathBuf)> {
    let captures = common::published_captures()?;
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    common::analyse(&[&captures], &out, &["--reveal", "--parameters"]);
    Some((folder, out))
}

fn har_files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(har_files(&path));
        } else if path.extension().is_some_and(|e| e == "har") {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// What both programs say of an event: file, entry, account, name, page, user-data keys.
type Reading = (String, u64, String, String, String, Vec<String>);

fn by_oracle(captures: &Path) -> Option<BTreeSet<Reading>> {
    let script = captures.join("../oracle/meta_events.py");
    let output = Command::new("python3")
        .arg(script)
        .args(har_files(captures))
        .output()
        .ok()?;
    let lines = String::from_utf8(output.stdout).ok()?;
    let mut found = BTreeSet::new();
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for line in lines.lines() {
        let event: serde_json::Value = serde_json::from_str(line).unwrap();
        // The script leaves the dashes of the next boundary on the values of multipart bodies.
        let text = |name: &str| {
            event[name]
                .as_str()
                .unwrap_or("")
                .trim_end_matches("\n----")
                .to_string()
        };
        let keys = event["user_data"].as_array().unwrap().iter();
        let entry = event["entry"].as_u64().unwrap();
        *seen.entry(text("file")).or_default() += 1;
        found.insert((
            text("file"),
            entry,
            text("account"),
            text("event"),
            text("page_url"),
            keys.map(|key| key.as_str().unwrap().to_string()).collect(),
        ));
    }
    Some(found)
}

fn by_pixelhound(out: &Path) -> BTreeSet<Reading> {
    let paths: BTreeMap<String, String> = common::table(out, "captures")
        .into_iter()
        .map(|row| (row["capture_id"].clone(), row["path"].clone()))
        .collect();
    let mut told: BTreeMap<String, Vec<Row>> = BTreeMap::new();
    for row in common::table(out, "parameters") {
        told.entry(row["event_id"].clone()).or_default().push(row);
    }
    let events = common::table(out, "events").into_iter();
    events
        .filter(|event| event["tracker"] == "meta-pixel" && event["endpoint"] == "event")
        .map(|event| {
            let rows = &told[&event["event_id"]];
            let value = |name: &str| {
                let row = rows.iter().find(|row| row["name"] == name);
                row.map_or(String::new(), |row| row["shown"].clone())
            };
            let is_user_data = |row: &&Row| {
                (row["name"].starts_with("ud[") || row["name"].starts_with("udff["))
                    && !row["shown"].is_empty()
            };
            let mut keys: Vec<String> = rows
                .iter()
                .filter(is_user_data)
                .map(|row| row["name"].clone())
                .collect();
            keys.sort();
            let path = &paths[&event["capture_id"]];
            (
                path.rsplit('/').next().unwrap().to_string(),
                event["entry_index"].parse().unwrap(),
                event["account_id"].clone(),
                event["event_name"].clone(),
                value("dl"),
                keys,
            )
        })
        .collect()
}

#[test]
fn every_input_is_accounted_for_and_the_events_are_the_oracles() {
    let Some((_folder, out)) = dataset() else {
        return;
    };
    let captures = common::published_captures().unwrap();
    let rows = common::table(&out, "captures");
    assert_eq!(rows.len(), har_files(&captures).len());
    assert!(
        rows.iter()
            .all(|row| row["state"] == "read" && row["entries"] == row["entries_read"])
    );
    let Some(oracle) = by_oracle(&captures) else {
        eprintln!("skipped: python3 is not here");
        return;
    };
    assert_eq!(oracle.len(), 62);
    assert_eq!(by_pixelhound(&out), oracle);
}

#[test]
fn every_attribution_copy_is_a_repeat_of_an_event_of_its_capture() {
    let Some((_folder, out)) = dataset() else {
        return;
    };
    let events = common::table(&out, "events");
    let endpoints: BTreeMap<&str, &str> = events
        .iter()
        .map(|event| (event["event_id"].as_str(), event["endpoint"].as_str()))
        .collect();
    let copies: Vec<&Row> = events
        .iter()
        .filter(|e| e["tracker"] == "meta-pixel" && e["endpoint"] == "attribution-copy")
        .collect();
    assert_eq!(copies.len(), 15);
    for copy in copies {
        assert_eq!(copy["repeat_reason"], "copy_endpoint");
        assert_eq!(endpoints[copy["repeat_of"].as_str()], "event");
        assert!(copy["repeat_of"].starts_with(&copy["capture_id"]));
    }
}

#[test]
fn the_health_exchanges_have_fifteen_distinct_events() {
    let Some((_folder, out)) = dataset() else {
        return;
    };
    let state = |event: &Row, paths: &BTreeMap<String, String>| {
        let path = &paths[&event["capture_id"]];
        let folder = path.split("exchanges/").nth(1)?;
        Some(folder.split('-').next()?.to_string())
    };
    let paths: BTreeMap<String, String> = common::table(&out, "captures")
        .into_iter()
        .map(|row| (row["capture_id"].clone(), row["path"].clone()))
        .collect();
    let mut found: BTreeMap<String, u64> = BTreeMap::new();
    for event in common::table(&out, "events") {
        if event["tracker"] == "meta-pixel"
            && counts(&event)
            && let Some(state) = state(&event, &paths)
        {
            *found.entry(state).or_default() += 1;
        }
    }
    let wanted = [
        ("colorado", 2),
        ("connecticut", 3),
        ("georgia", 1),
        ("maine", 2),
        ("maryland", 3),
        ("massachusetts", 1),
        ("new", 1),
        ("rhode", 1),
        ("virginia", 1),
    ];
    assert_eq!(
        found,
        wanted.map(|(name, count)| (name.to_string(), count)).into()
    );
}

#[test]
fn a_stale_page_title_does_not_name_the_organisation() {
    let Some((_folder, out)) = dataset() else {
        return;
    };
    let captures = common::table(&out, "captures");
    let capture = captures
        .iter()
        .find(|row| row["path"].contains("211palmbeach"))
        .unwrap();
    let events = common::table(&out, "events");
    let event = events
        .iter()
        .find(|event| event["capture_id"] == capture["capture_id"])
        .unwrap();
    assert_eq!(event["organisation_id"], "211palmbeach.org");
    assert_eq!(event["page_known_from"], "payload");
    assert!(
        event["page_conflict"].contains("unitedwaynefl.org"),
        "{}",
        event["page_conflict"]
    );
}

#[test]
fn scrubbed_and_unscrubbed_button_texts_are_both_there() {
    let Some((_folder, out)) = dataset() else {
        return;
    };
    let disclosures = common::table(&out, "disclosures");
    let shown = |parameter: &str| -> Vec<&str> {
        let rows = disclosures
            .iter()
            .filter(|row| row["parameter"] == parameter);
        rows.map(|row| row["shown"].as_str()).collect()
    };
    assert!(shown("cd[buttonText]").contains(&"Phone\n(0) 0-0"));
    assert!(shown("cd[buttonFeatures].innerText").contains(&"Phone\n(239) 455-8500"));
    assert!(shown("cd[buttonFeatures].destination").contains(&"tel:(239) 455-8500"));
}

#[test]
fn an_event_in_an_advertising_frame_is_the_embedding_organisations() {
    let Some((_folder, out)) = dataset() else {
        return;
    };
    let events = common::table(&out, "events");
    let framed: Vec<&Row> = events
        .iter()
        .filter(|e| e["account_id"] == "812396462484872" && e["in_frame"] == "true")
        .collect();
    assert_eq!(framed.len(), 4);
    for event in framed {
        assert_eq!(event["organisation_id"], "marchofdimes.org");
    }
    assert!(
        common::table(&out, "organisations")
            .iter()
            .all(|row| row["organisation_id"] != "doubleclick.net")
    );
}

#[test]
fn nearly_every_request_that_says_something_goes_to_somebody_known() {
    let Some((_folder, out)) = dataset() else {
        return;
    };
    let (mut telling, mut known) = (0, 0);
    for row in common::table(&out, "contacts") {
        let number = |column: &str| row[column].parse::<u64>().unwrap();
        telling += number("telling_requests");
        known += match row["recipient"].as_str() {
            "" => number("telling_requests_read"),
            _ => number("telling_requests"),
        };
    }
    assert!(telling > 1000);
    assert!(known * 100 >= telling * 95, "{known} of {telling}");
}

#[test]
fn nobody_is_named_by_mistake() {
    let Some((_folder, out)) = dataset() else {
        return;
    };
    // The testers were logged out, and typed their data only into forms whose values were hashed.
    let named: Vec<_> = common::table(&out, "events")
        .into_iter()
        .filter(|event| event["identifiability"] == "named")
        .collect();
    assert_eq!(named, Vec::<Row>::new());
}
