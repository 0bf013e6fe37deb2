//! No raw identifier, no typed-in contact data and no session secret reaches an output of a default run.

mod common;

use std::path::Path;

/// Every identifier of the invented visitors in `samples/`.
const IDENTIFIERS: &[&str] = &[
    // account and session
    "100000000000123",
    "InventedSecret9aQ",
    // Facebook's browser cookies
    "k3InventedSb0_TqLw8Zr5Yx1N",
    "k3InventedDatr_7mPzQ2uVw4",
    "1InventedFrCookie",
    "Wq8InventedSb1_Hd3Kf6Gj9B",
    "Wq8InventedDatr_2xCvB5nM",
    "0InventedFrCookieBen",
    "Zt4InventedDatr_8kLpO1iUy",
    "0InventedFrCookieDev",
    // browser and click ids
    "1772478252980",
    "482915037261",
    "915302774618",
    "307744190582",
    "660018225541",
    "731840265590",
    "118264390057",
    "564120983377",
    "209933481765",
    "IwAR2InventedClick_7hQz0pXnB4",
    "1043216789",
    "508127734",
    "771204586",
    "1778779210",
    // contact data, plain and hashed
    "sam.tester",
    "mail.example",
    "f586390ef7ecc9556a51ae3856c49e6315593810683870e39d592ddfc1446d7b",
    "e96e02d8e47f2a7c03be5117b3ed175c52aa30fb22028cf9c96f261563577605",
    "17164f7cb1909b65e812895d10d70785982ade377c79c8824dc02c0a1237674d",
    "9ff3fad2d8c3b3b487926c611446a7efcb3284708d2aae36e9b293b3755dd668",
    // the sites' own sessions
    "npf-51c07a9e",
    "npf-8d20be17",
    "npf-e47710c3",
    "va0c71invented55",
    "3f7c9a21",
    "b2e8004d",
    "90ac17fe",
    "sm-20b6f1",
];

fn contains(bytes: &[u8], text: &str) -> bool {
    memchr::memmem::find(bytes, text.as_bytes()).is_some()
}

fn found_in(out: &Path, texts: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for (name, bytes) in common::files(out) {
        for text in texts.iter().filter(|text| contains(&bytes, text)) {
            found.push(format!("{name}: {text}"));
        }
    }
    found
}

fn analysed(more: &[&str]) -> (tempfile::TempDir, std::process::Output) {
    let folder = tempfile::tempdir().unwrap();
    let output = common::analyse(&[Path::new("samples")], &folder.path().join("out"), more);
    (folder, output)
}

#[test]
fn the_samples_hold_what_is_looked_for() {
    let mut captures = Vec::new();
    for wave in ["samples/wave-1", "samples/wave-2"] {
        for bytes in common::files(&common::root().join(wave)).into_values() {
            captures.extend(bytes);
        }
    }
    for identifier in IDENTIFIERS {
        assert!(
            contains(&captures, identifier),
            "{identifier} is in no sample"
        );
    }
}

#[test]
fn a_default_run_writes_no_identifier() {
    let (folder, output) = analysed(&["--parameters"]);
    let out = folder.path().join("out");
    assert_eq!(found_in(&out, IDENTIFIERS), Vec::<String>::new());
    for text in IDENTIFIERS {
        assert!(
            !contains(&output.stdout, text) && !contains(&output.stderr, text),
            "{text} on the terminal"
        );
    }
}

#[test]
fn reveal_shows_identifiers_and_still_no_session_secret() {
    let (folder, _) = analysed(&["--reveal", "--parameters"]);
    let out = folder.path().join("out");
    assert_eq!(found_in(&out, &["InventedSecret9aQ"]), Vec::<String>::new());
    let csv = std::fs::read(out.join("disclosures.csv")).unwrap();
    for text in ["100000000000123", "sam.tester@mail.example"] {
        assert!(contains(&csv, text), "{text}");
    }
}
