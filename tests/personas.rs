//! What was typed is looked for in every request to a third party, and a clean result says what was looked for.

mod common;

use std::collections::BTreeSet;
use std::path::Path;

use common::Row;

const PERSONAS: &str = "samples/personas.csv";

fn analysed(input: &str, more: &[&str]) -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let more: Vec<&str> = ["--personas", PERSONAS]
        .iter()
        .chain(more)
        .copied()
        .collect();
    let output = common::analyse(&[Path::new(input)], &folder.path().join("out"), &more);
    (folder, String::from_utf8(output.stdout).unwrap())
}

fn rows(folder: &tempfile::TempDir, table: &str) -> Vec<Row> {
    common::table(&folder.path().join("out"), table)
}

/// Receiver, parameter, kind and chain of every match of a persona.
fn found(matches: &[Row]) -> Vec<String> {
    let of_personas = matches.iter().filter(|row| row["found_by"] == "persona");
    of_personas
        .map(|row| {
            let columns = ["third_party", "location", "parameter", "kind", "chain"];
            columns.map(|column| row[column].as_str()).join(" | ")
        })
        .collect()
}

#[test]
fn what_was_typed_is_found_in_base64_inside_json_and_in_hashes() {
    let (folder, summary) = analysed("samples", &[]);
    let matches = rows(&folder, "matches");
    let found: BTreeSet<String> = found(&matches).into_iter().collect();
    let expected = [
        "facebook.com | body | ud[external_id] | user_id | sha256 of the user id in lower case",
        "facebook.com | body | udff[em] | email | sha256 of the e-mail address as typed",
        "facebook.com | body | udff[fn] | first_name | sha256 of the first name in lower case",
        "facebook.com | body | udff[ph] | phone | sha256 of the phone number in digits alone, without the zeros in front",
        "formpulse.example | body | fields | email | base64 of the e-mail address in other capitals",
        "formpulse.example | body | fields | name | base64 of the name as typed",
        "formpulse.example | body | fields | phone | base64 of the phone number as typed",
        "formpulse.example | body | fields | text | base64 of the text as typed",
        "kingsmere-mental-health.example | query | ud[em] | email | the e-mail address as typed",
    ];
    assert_eq!(found, expected.map(str::to_owned).into());
    assert!(
        summary.contains(
            "1  request to formpulse.example; to be read as it is: email, name, phone, text"
        ),
        "{summary}"
    );
    assert!(
        summary.contains("6 of the values found, 0 not found"),
        "{summary}"
    );
}

#[test]
fn a_persona_s_value_proves_the_item_that_a_rule_names() {
    let (folder, _) = analysed("samples", &[]);
    let proven: BTreeSet<(String, String, String)> = rows(&folder, "disclosures")
        .into_iter()
        .filter(|row| row["matches_persona"] == "sam")
        .map(|mut row| {
            let mut take = |column: &str| row.remove(column).unwrap();
            (take("item"), take("parameter"), take("encoding"))
        })
        .collect();
    let expected = [
        ("email", "ud[em]", "plain"),
        ("email", "udff[em]", "sha256"),
        ("first_name", "udff[fn]", "sha256"),
        ("phone", "udff[ph]", "sha256"),
        ("site_user_id", "ud[external_id]", "sha256"),
    ];
    let expected = expected.map(|(item, at, how)| (item.to_owned(), at.to_owned(), how.to_owned()));
    assert_eq!(proven, expected.into());
}

#[test]
fn the_same_page_without_that_request_has_a_clean_bill_that_says_what_was_looked_for() {
    let (folder, summary) = analysed("samples/wave-2/ellen-larkfield-advice.har", &[]);
    assert_eq!(rows(&folder, "matches"), []);
    let searches = rows(&folder, "searches");
    let of_personas: Vec<&Row> = searches
        .iter()
        .filter(|row| row["found_by"] == "persona")
        .collect();
    assert_eq!(of_personas.len(), 6);
    for row in of_personas {
        assert_eq!(
            (row["requests"].as_str(), row["requests_found"].as_str()),
            ("1", "0")
        );
        assert!(
            row["looked_for"]
                .contains("packed up to two layers deep; as md5, sha1, sha256 and sha512")
        );
    }
    assert!(
        summary.contains("6 values of 1 persona were looked for in 1 request to third parties"),
        "{summary}"
    );
    assert!(
        summary.contains("None was found in a request that left the browser"),
        "{summary}"
    );
    assert!(
        summary.contains("Not looked through: what scripts encrypted, and WebSockets."),
        "{summary}"
    );
}

#[test]
fn nothing_that_was_typed_reaches_an_output_of_a_default_run() {
    let (folder, _) = analysed(
        "samples",
        &["--parameters", "--format", "ndjson,sqlite,xlsx"],
    );
    for (name, bytes) in common::files(&folder.path().join("out")) {
        for typed in [
            "sam.tester",
            "Sam.Tester",
            "Sam Tester",
            "900123",
            "WH-204418",
            "wh-204418",
            "gas bill",
        ] {
            assert!(
                memchr::memmem::find(&bytes, typed.as_bytes()).is_none(),
                "{name}: {typed}"
            );
        }
    }
    let (folder, _) = analysed("samples", &["--reveal"]);
    let shown: Vec<String> = rows(&folder, "matches")
        .into_iter()
        .map(|row| row["shown"].clone())
        .collect();
    assert!(shown.contains(&"Sam.Tester@mail.example".to_owned()));
}

#[test]
fn without_personas_only_shapes_are_looked_for_and_a_repeat_is_told_once() {
    let folder = tempfile::tempdir().unwrap();
    let beacon = "https://hits.example/b?who=sam.tester%40mail.example&nhs_number=9434765919&v=jquery%403.6.0";
    let page = common::visit(
        "www.clinic.example",
        1,
        &[beacon.to_owned(), beacon.to_owned()],
        "",
    );
    let input = folder.path().join("a.har");
    std::fs::write(&input, page).unwrap();
    let out = folder.path().join("out");
    let output = common::analyse(&[&input], &out, &[]);
    let matches = common::table(&out, "matches");
    let kinds: Vec<&str> = matches.iter().map(|row| row["kind"].as_str()).collect();
    assert_eq!(kinds, ["email", "nhs_number", "email", "nhs_number"]);
    assert!(matches.iter().all(|row| row["shown"].starts_with('[')));
    let summary = String::from_utf8(output.stdout).unwrap();
    assert!(
        summary.contains("2  requests to hits.example; to be read as it is: email, nhs number"),
        "{summary}"
    );
    assert!(!summary.contains("What was typed"), "{summary}");
}

#[test]
fn personas_with_a_fault_end_before_anything_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let personas = folder.path().join("typed.csv");
    std::fs::write(&personas, "persona,kind,value\nsam,shoe,39\n").unwrap();
    let out = folder.path().join("out");
    let mut command = common::pixelhound(&["analyse", "samples", "--out"]);
    let output = command
        .arg(&out)
        .arg("--personas")
        .arg(&personas)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(
        error.contains("typed.csv") && error.contains("line 2: \"shoe\""),
        "{error}"
    );
    assert!(!out.exists());
}

#[test]
fn a_dataset_with_personas_is_made_again_byte_for_byte() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    common::analyse(
        &[Path::new("samples/wave-1")],
        &out,
        &["--personas", PERSONAS],
    );
    let output = common::pixelhound(&["verify"]).arg(&out).output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0), "{said}");
    let record = std::fs::read_to_string(out.join("run.json")).unwrap();
    assert!(
        record.contains("\"personas/samples/personas.csv\""),
        "{record}"
    );
}

/// The published captures of the crisis lines: their testers typed these three, and the fields are those of the published
/// table.
#[test]
fn the_testers_values_are_found_in_the_published_captures_and_nothing_else_is_claimed() {
    let Some(captures) = common::published_captures() else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let personas = folder.path().join("typed.csv");
    let typed = "persona,kind,value\ntester,first_name,test\ntester,email,test@test.org\ntester,phone,2125551212\n";
    std::fs::write(&personas, typed).unwrap();
    let out = folder.path().join("out");
    let personas = personas.display().to_string();
    common::analyse(&[&captures.join("988")], &out, &["--personas", &personas]);
    let matches = common::table(&out, "matches");
    let captures = common::table(&out, "captures");
    let site = |id: &str| {
        let capture = captures.iter().find(|row| row["capture_id"] == id).unwrap();
        capture["path"].rsplit('/').nth(1).unwrap().to_owned()
    };
    let found: Vec<String> = matches
        .iter()
        .map(|row| {
            format!(
                "{} {} {} {}",
                site(&row["capture_id"]),
                row["entry_index"],
                row["parameter"],
                row["chain"]
            )
        })
        .collect();
    let name = "sha256 of the first name as typed";
    let mail = "sha256 of the e-mail address as typed";
    let phone = "sha256 of the phone number as typed";
    let mut expected: Vec<String> = [
        ("211palmbeach.org 1", "udff[fn]", name),
        ("211palmbeach.org 1", "udff[ln]", name),
        ("211palmbeach.org 1", "udff[em]", mail),
        ("gryphon.org 1", "udff[fn]", name),
        ("gryphon.org 1", "udff[em]", mail),
        ("gryphon.org 1", "udff[ph]", phone),
        ("gryphon.org 7", "udff[fn]", name),
        ("gryphon.org 7", "udff[em]", mail),
        ("gryphon.org 7", "udff[ph]", phone),
        ("ncssinc.org 9", "udff[fn]", name),
        ("ncssinc.org 9", "udff[ln]", name),
        ("ncssinc.org 9", "udff[em]", mail),
    ]
    .map(|(request, parameter, chain)| format!("{request} {parameter} {chain}"))
    .into();
    let mut found = found;
    found.sort();
    expected.sort();
    assert_eq!(found, expected);
}
