//! The options of `analyse` that bring knowledge in or change how tables are written, and the commands beside it.

mod common;

use std::fs;
use std::path::{Path, PathBuf};

use common::{PIXEL, RULE, capture, is_leak, table};

struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    fn new() -> Place {
        Place {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        path
    }

    fn out(&self) -> PathBuf {
        self.folder.path().join("out")
    }
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn a_newsroom_adds_its_own_tracker() {
    let place = Place::new();
    place.write("rules/shy-tracker.toml", RULE);
    let hit = "https://shy.example/hit?p=https%3A%2F%2Fwww.clinic.example%2Fhiv";
    let input = place.write("a.har", &capture(&[hit, PIXEL]));
    let rules = place.folder.path().join("rules");
    common::analyse(&[&input], &place.out(), &["--rules", text(&rules)]);
    let events = table(&place.out(), "events");
    assert_eq!(events.len(), 2);
    assert_eq!(events[0]["tracker"], "shy-tracker");
    assert_eq!(events[0]["recipient"], "Shy Ltd");
    assert_eq!(events[0]["category"], "HE-SEXH");
}

#[test]
fn a_rule_with_a_fault_is_named_with_it() {
    for (broken, wanted) in [
        (
            RULE.replace("item = \"page_address\"", "item = \"nonsense\""),
            "nonsense",
        ),
        (
            RULE.replace("source = \"observed: invented\"", "source = \"trust me\""),
            "source",
        ),
        (
            RULE.replace("hosts = [\"shy.example\"]\n", "")
                .replace("parameters = { p = \".+\" }\n", ""),
            "everything",
        ),
        (
            RULE.replace("step = \"query\"", "step = \"guess\""),
            "guess",
        ),
        (RULE.replace(".+\" }", "(\" }"), "shy-tracker.toml"),
    ] {
        let place = Place::new();
        place.write("rules/shy-tracker.toml", &broken);
        let input = place.write("a.har", &capture(&[PIXEL]));
        let rules = place.folder.path().join("rules");
        let output = common::run(&[
            "analyse",
            text(&input),
            "--out",
            text(&place.out()),
            "--rules",
            text(&rules),
        ]);
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains(wanted), "{wanted}: {said}");
        assert!(!place.out().exists());
    }
}

#[test]
fn rules_check_runs_the_examples_and_says_which_fail() {
    let place = Place::new();
    place.write("rules/shy-tracker.toml", RULE);
    let rules = place.folder.path().join("rules");
    let output = common::run(&["rules", "check", "--rules", text(&rules)]);
    assert_eq!(output.status.code(), Some(0));
    place.write(
        "rules/shy-tracker.toml",
        &RULE.replace(
            "page_url = \"https://a.example/\"",
            "page_url = \"https://b.example/\"",
        ),
    );
    let output = common::run(&["rules", "check", "--rules", text(&rules)]);
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        said.contains("shy-tracker: a hit") && said.contains("https://b.example/"),
        "{said}"
    );
}

#[test]
fn rules_list_names_trackers_categories_and_organisations() {
    let output = common::run(&["rules", "list", "--all"]);
    let listed = String::from_utf8_lossy(&output.stdout);
    for name in [
        "meta-pixel",
        "google-analytics-4",
        "CR-SEX",
        "police-metropolitan",
    ] {
        assert!(listed.contains(name), "{name}");
    }
}

#[test]
fn a_newsroom_adds_its_own_category_and_organisation() {
    let place = Place::new();
    let taxonomy = place.write(
        "more.toml",
        r#"
[[category]]
code = "XX-TEA"
name = "tea"
tier = 2
basis = "invented"
patterns = ["tea ?pots?"]
matches = ["/tea-pots", "Teapots", "a tea pot", "teapot"]
rejects = ["/steam-pots", "tea", "pot"]
"#,
    );
    let organisations = place.write(
        "orgs.csv",
        "org_id,name,sector,domain\ntea-house,The Tea House,shops,tea.example\n",
    );
    let pixel = PIXEL.replace("www.clinic.example%2F", "www.tea.example%2Fteapots");
    let input = place.write("a.har", &capture(&[&pixel]));
    let more = [
        "--taxonomy",
        text(&taxonomy),
        "--organisations",
        text(&organisations),
    ];
    common::analyse(&[&input], &place.out(), &more);
    let events = table(&place.out(), "events");
    assert_eq!(events[0]["category"], "XX-TEA");
    assert_eq!(events[0]["organisation_id"], "tea-house");
    assert!(is_leak(&events[0]));
    assert_eq!(
        table(&place.out(), "organisations")[0]["in_registry"],
        "true"
    );
}

#[test]
fn a_taxonomy_pattern_that_matches_everything_is_refused() {
    let place = Place::new();
    let taxonomy = place.write(
        "more.toml",
        "[[category]]\ncode = \"XX\"\nname = \"x\"\ntier = 1\nbasis = \"x\"\npatterns = [\"(tea)?\"]\nmatches = []\nrejects = []\n",
    );
    let input = place.write("a.har", &capture(&[PIXEL]));
    let output = common::run(&[
        "analyse",
        text(&input),
        "--out",
        text(&place.out()),
        "--taxonomy",
        text(&taxonomy),
    ]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("(tea)?"));
}

#[test]
fn the_sheet_gives_volunteers_and_a_slip_in_it_is_a_problem() {
    let place = Place::new();
    let input = place.write("captures/anna-1.har", &capture(&[PIXEL]));
    let sheet = place.write(
        "sheet.csv",
        "pattern,volunteer,wave,note\nanna-*.har,Anna,first,\nana-*.har,Anna,second,\n",
    );
    let output = common::analyse(
        &[input.parent().unwrap()],
        &place.out(),
        &["--sheet", text(&sheet)],
    );
    assert_eq!(output.status.code(), Some(1));
    let captures = table(&place.out(), "captures");
    assert_eq!(
        (
            captures[0]["volunteer"].as_str(),
            captures[0]["wave"].as_str()
        ),
        ("Anna", "first")
    );
    let problems = table(&place.out(), "problems");
    assert_eq!(problems[0]["code"], "sheet_pattern_unused");
    assert!(problems[0]["message"].contains("ana-*.har"));
}

#[test]
fn excel_gets_a_mark_and_no_formula() {
    let place = Place::new();
    let formula = format!("{PIXEL}&cd[buttonText]=%3DHYPERLINK(%22https%3A%2F%2Fevil.example%22)")
        .replace("ev=PageView", "ev=SubscribedButtonClick");
    let input = place.write("a.har", &capture(&[&formula]));
    common::analyse(&[&input], &place.out(), &["--excel", "--delimiter", ";"]);
    let csv = fs::read_to_string(place.out().join("events.csv")).unwrap();
    assert!(csv.starts_with("\u{feff}event_id;capture_id;"));
    assert!(csv.contains("'=HYPERLINK"));
    let plain = Place::new();
    common::analyse(&[&input], &plain.out(), &[]);
    let csv = fs::read_to_string(plain.out().join("events.csv")).unwrap();
    assert!(
        csv.contains(",\"=HYPERLINK") || csv.contains(",=HYPERLINK"),
        "the evidence is unaltered by default"
    );
}

#[test]
fn the_manifest_can_be_checked_without_this_program() {
    let place = Place::new();
    let input = place.write("a.har", &capture(&[PIXEL]));
    common::analyse(&[&input], &place.out(), &[]);
    let check = || {
        std::process::Command::new("sha256sum")
            .args(["--check", "--strict", "manifest-sha256.txt"])
            .current_dir(place.out())
            .output()
    };
    let Ok(first) = check() else {
        eprintln!("skipped: sha256sum is not here");
        return;
    };
    assert!(first.status.success());
    fs::write(&input, capture(&[PIXEL, PIXEL])).unwrap();
    assert!(!check().unwrap().status.success());
}

#[test]
fn a_new_rule_passes_its_own_examples_and_overwrites_nothing() {
    let place = Place::new();
    let folder = place.folder.path();
    let new = |name: &str| common::run(&["rules", "new", name, "--dir", text(folder)]);
    assert_eq!(new("my-tracker").status.code(), Some(0));
    assert_eq!(
        common::run(&["rules", "check", "--rules", text(folder)])
            .status
            .code(),
        Some(0)
    );
    assert_eq!(new("my-tracker").status.code(), Some(2));
    assert_eq!(new("My Tracker").status.code(), Some(2));
}

#[test]
fn explain_says_what_a_request_would_tell() {
    let url = format!("{PIXEL}&ud[em]=sam@mail.example&zz=1");
    let output = common::run(&[
        "rules",
        "explain",
        &url,
        "--cookies",
        "xs=secret; c_user=100000000000001",
    ]);
    let said = String::from_utf8_lossy(&output.stdout);
    for wanted in [
        "Meta Pixel (Meta), endpoint event",
        "action page_view",
        "ud[em] = [e-mail address, 16 characters]  [email]",
        "cookie xs = [withheld]  [session_secret]",
        "no rule says what this means",
    ] {
        assert!(said.contains(wanted), "{wanted}: {said}");
    }
    assert!(!said.contains("sam@mail") && !said.contains("100000000000001"));
    let other = common::run(&["rules", "explain", "https://fonts.gstatic.com/x.woff2"]);
    assert!(String::from_utf8_lossy(&other.stdout).contains("belongs to Google"));
    assert_eq!(
        common::run(&["rules", "explain", "data:,x"]).status.code(),
        Some(2)
    );
}

#[test]
fn coverage_says_what_no_rule_reads() {
    let place = Place::new();
    let stranger = "https://collect.stranger.example/x";
    let mut log: serde_json::Value =
        serde_json::from_str(&capture(&[PIXEL, stranger, stranger])).unwrap();
    for entry in log["log"]["entries"].as_array_mut().unwrap() {
        entry["request"]["headers"] =
            serde_json::json!([{"name": "Referer", "value": "https://www.clinic.example/"}]);
    }
    let input = place.write("a.har", &log.to_string());
    common::analyse(&[&input], &place.out(), &[]);
    let output = common::run(&["rules", "coverage", text(&place.out())]);
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        said.starts_with("3 requests to third-party sites"),
        "{said}"
    );
    assert!(
        said.contains("1   33.3%  told events") && said.contains("2  stranger.example"),
        "{said}"
    );
}
