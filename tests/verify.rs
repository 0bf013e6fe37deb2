//! `pixelhound verify`: a dataset that nobody touched comes out the same; one bit anywhere is noticed and named.

mod common;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use common::{PIXEL, RULE, capture};

const TAXONOMY: &str = r#"
[[category]]
code = "XX-TEA"
name = "tea"
tier = 2
basis = "invented"
patterns = ["tea ?pots?"]
matches = ["/tea-pots", "Teapots", "a tea pot", "teapot"]
rejects = ["/steam-pots", "tea", "pot"]
"#;

/// Captures, everything that a newsroom may add, and a dataset of all of it in `out`.
struct Case {
    folder: tempfile::TempDir,
}

impl Case {
    /// The captures and files, and no dataset yet.
    fn bare() -> Case {
        let case = Case {
            folder: tempfile::tempdir().unwrap(),
        };
        let hit = "https://shy.example/hit?p=https%3A%2F%2Fwww.clinic.example%2Fhiv";
        case.write("captures/anna.har", capture(&[hit, PIXEL]));
        case.write("captures/ben.har", capture(&[PIXEL, hit, PIXEL]));
        case.write("rules/shy-tracker.toml", RULE);
        case.write("more.toml", TAXONOMY);
        case.write(
            "orgs.csv",
            "org_id,name,sector,domain\nclinic,The Clinic,health,clinic.example\n",
        );
        case.write(
            "sheet.csv",
            "pattern,volunteer,wave,note\nanna.har,anna,1,\nben.har,ben,1,late\n",
        );
        case
    }

    fn new() -> Case {
        let case = Case::bare();
        case.analyse(&["captures"], &[]);
        case
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    /// As somebody types it who works in the folder of the case.
    fn analyse(&self, inputs: &[&str], more: &[&str]) {
        let mut command = common::pixelhound(&["analyse", "--out", "out", "--quiet"]);
        command.args(["--rules", "rules", "--taxonomy", "more.toml"]);
        command.args(["--organisations", "orgs.csv", "--sheet", "sheet.csv"]);
        let status = command
            .args(inputs)
            .args(more)
            .current_dir(self.folder.path())
            .status();
        assert!(matches!(status.unwrap().code(), Some(0 | 1)));
    }

    fn verify(&self, more: &[&str]) -> Verdict {
        let mut command = common::pixelhound(&["verify", "out"]);
        let output = command.args(more).current_dir(self.folder.path()).output();
        Verdict::of(&output.unwrap())
    }

    /// Flips a bit at several places of a file, one after the other, and wants each to be noticed and `named`.
    fn flip(&self, name: &str, named: &str) {
        let whole = fs::read(self.path(name)).unwrap();
        for eighth in 0..8 {
            let position = (whole.len() - 1) * eighth / 7;
            let mut damaged = whole.clone();
            damaged[position] ^= 1 << eighth;
            self.write(name, &damaged);
            let verdict = self.verify(&[]);
            let place = format!("{name}, bit {eighth} of byte {position}: {verdict:?}");
            assert_eq!(verdict.code, Some(1), "{place}");
            assert!(verdict.names(named), "{place}");
            assert!(verdict.last_line().contains("NOT"), "{place}");
        }
        self.write(name, &whole);
    }
}

#[derive(Debug)]
struct Verdict {
    code: Option<i32>,
    said: String,
    complained: String,
}

impl Verdict {
    fn of(output: &Output) -> Verdict {
        Verdict {
            code: output.status.code(),
            said: String::from_utf8_lossy(&output.stdout).into_owned(),
            complained: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    fn last_line(&self) -> &str {
        self.said.lines().last().unwrap_or_default()
    }

    /// Whether a line of the differences is about something.
    fn names(&self, what: &str) -> bool {
        self.said.lines().any(|line| line.contains(what))
    }

    fn is_clean(&self) -> bool {
        self.code == Some(0) && self.last_line() == "Every byte came out the same."
    }
}

#[test]
fn a_fresh_dataset_comes_out_the_same_from_any_folder() {
    let case = Case::new();
    let before = common::files(&case.path("out"));
    let verdict = case.verify(&[]);
    assert!(verdict.is_clean(), "{verdict:?}");
    assert!(verdict.names("inputs                2 of 2 unchanged"));
    let absolute = common::run(&[Path::new("verify"), &case.path("out")]);
    assert!(Verdict::of(&absolute).is_clean());
    let inside = common::pixelhound(&["verify", "."])
        .current_dir(case.path("out"))
        .output();
    assert!(Verdict::of(&inside.unwrap()).is_clean());
    assert_eq!(common::files(&case.path("out")), before);
}

#[test]
fn every_option_that_shows_in_the_dataset_is_used_again() {
    for more in [
        &["--parameters", "--reveal"][..],
        &["--excel", "--delimiter", ";"],
        &["--delimiter", "tab", "--threads", "1"],
    ] {
        let case = Case::bare();
        case.analyse(&["captures"], more);
        let verdict = case.verify(&["--threads", "2"]);
        assert!(verdict.is_clean(), "{more:?}: {verdict:?}");
    }
}

#[test]
fn inputs_in_another_order_and_the_dataset_among_its_captures_make_no_difference() {
    let case = Case::bare();
    let inputs = ["captures/ben.har", "captures/anna.har"];
    case.analyse(&inputs, &[]);
    assert!(case.verify(&[]).is_clean());
    let first = common::files(&case.path("out"));
    let turned = ["captures/anna.har", "captures/ben.har", "captures/ben.har"];
    case.analyse(&turned, &["--force"]);
    assert_eq!(common::files(&case.path("out")), first);
    case.analyse(&["."], &["--force"]);
    let here = common::files(&case.path("out"));
    assert!(case.verify(&[]).is_clean());
    fs::remove_dir_all(case.path("out")).unwrap();
    case.analyse(&["."], &[]);
    assert_eq!(common::files(&case.path("out")), here);
}

#[test]
fn a_dataset_may_be_carried_elsewhere_with_its_captures() {
    let case = Case::new();
    let elsewhere = tempfile::tempdir().unwrap();
    let moved = elsewhere.path().join("stick");
    fs::rename(case.folder.path(), &moved).unwrap();
    let output = common::run(&[Path::new("verify"), &moved.join("out")]);
    assert!(Verdict::of(&output).is_clean(), "{output:?}");
}

#[test]
fn a_flipped_bit_in_an_input_is_named() {
    Case::new().flip("captures/anna.har", "../captures/anna.har: not the file");
}

#[test]
fn a_flipped_bit_in_a_table_is_named_and_the_cell_with_it() {
    let case = Case::new();
    case.flip("out/events.csv", "events.csv: not the file");
    case.flip("out/events.parquet", "events.parquet: not the file");
    let csv = fs::read_to_string(case.path("out/events.csv")).unwrap();
    case.write("out/events.csv", csv.replacen("page_view", "page_wiev", 1));
    let verdict = case.verify(&[]);
    let cell = "line 2, column action: \"page_wiev\" in the dataset, \"page_view\" made again";
    assert!(verdict.names(cell), "{verdict:?}");
    assert!(verdict.names("it was changed after the analysis"));
}

#[test]
fn a_flipped_bit_in_what_describes_the_dataset_is_named() {
    let case = Case::new();
    case.flip("out/datapackage.json", "datapackage.json: not the file");
    case.flip("out/run.json", "run.json: not the file");
    case.flip("out/manifest-sha256.txt", "manifest-sha256.txt");
}

#[test]
fn a_flipped_bit_in_what_the_newsroom_added_is_named() {
    let case = Case::new();
    case.flip("rules/shy-tracker.toml", "shy-tracker.toml");
    case.flip("more.toml", "more.toml");
    case.flip("orgs.csv", "orgs.csv");
    case.flip("sheet.csv", "sheet.csv");
    assert!(case.verify(&[]).is_clean());
}

#[test]
fn files_and_manifest_changed_together_do_not_pass() {
    let case = Case::new();
    let csv = fs::read(case.path("out/events.csv")).unwrap();
    let forged = String::from_utf8(csv.clone()).unwrap();
    let forged = forged.replacen("Shy Ltd", "Sly Ltd", 1);
    case.write("out/events.csv", &forged);
    let manifest = fs::read_to_string(case.path("out/manifest-sha256.txt")).unwrap();
    let hash = |bytes: &[u8]| pixelhound::capture::sha256_of(bytes);
    let manifest = manifest.replace(&hash(&csv), &hash(forged.as_bytes()));
    case.write("out/manifest-sha256.txt", manifest);
    let hashes = case.verify(&["--hashes-only"]);
    assert_eq!(hashes.code, Some(0), "hashes alone cannot tell: {hashes:?}");
    let verdict = case.verify(&[]);
    assert_eq!(verdict.code, Some(1));
    assert!(verdict.names("\"Sly Ltd\" in the dataset") && verdict.names("changed together"));
}

#[test]
fn a_missing_input_is_named_and_says_nothing_against_the_dataset() {
    let case = Case::new();
    fs::remove_file(case.path("captures/ben.har")).unwrap();
    let verdict = case.verify(&[]);
    assert_eq!(verdict.code, Some(1));
    assert!(verdict.names("../captures/ben.har: missing"), "{verdict:?}");
    assert!(verdict.last_line().starts_with("What is here is unchanged"));
    assert!(!verdict.names("NOT"));
}

#[test]
fn rules_that_are_gone_are_named_and_say_nothing_against_the_dataset() {
    let case = Case::new();
    fs::rename(case.path("rules"), case.path("elsewhere")).unwrap();
    let verdict = case.verify(&[]);
    assert_eq!(verdict.code, Some(1));
    assert!(verdict.names("rules: missing, the analysis used it"));
    assert!(
        verdict
            .last_line()
            .contains("1 file from which the dataset was made is missing")
    );
    fs::rename(case.path("elsewhere"), case.path("rules")).unwrap();
    case.write("rules/other.toml", RULE.replace("shy-tracker", "other"));
    let verdict = case.verify(&[]);
    assert!(
        verdict.names("rules/other.toml: in force now"),
        "{verdict:?}"
    );
    assert!(verdict.names("rules and lists are not those of the analysis"));
}

#[test]
fn a_renamed_input_and_a_new_one_are_named() {
    let case = Case::new();
    fs::rename(case.path("captures/ben.har"), case.path("captures/bob.har")).unwrap();
    let verdict = case.verify(&[]);
    assert_eq!(verdict.code, Some(1));
    assert!(verdict.names("the file of these bytes is ../captures/bob.har"));
    fs::rename(case.path("captures/bob.har"), case.path("captures/ben.har")).unwrap();
    case.write("captures/carol.har", capture(&[PIXEL]));
    let verdict = case.verify(&[]);
    assert_eq!(verdict.code, Some(1));
    assert!(verdict.names("../captures/carol.har: an input now"));
}

#[test]
fn a_file_that_does_not_belong_is_named_and_one_that_is_gone_too() {
    let case = Case::new();
    case.write("out/story.txt", "draft");
    let verdict = case.verify(&[]);
    assert_eq!(verdict.code, Some(1));
    assert!(verdict.names("story.txt: no part of the dataset"));
    assert!(!verdict.names("NOT"), "{verdict:?}");
    fs::remove_file(case.path("out/pages.csv")).unwrap();
    let verdict = case.verify(&[]);
    assert!(verdict.names("pages.csv: missing"));
    assert!(verdict.names("pages.csv: made again, and not in the dataset"));
}

#[test]
fn hashes_alone_need_no_second_run_and_still_see_the_rules() {
    let case = Case::new();
    let verdict = case.verify(&["--hashes-only"]);
    assert_eq!(verdict.code, Some(0));
    assert!(verdict.last_line().contains("was not made again"));
    case.write(
        "rules/shy-tracker.toml",
        RULE.replace("Invented.", "invented."),
    );
    let verdict = case.verify(&["--hashes-only"]);
    assert_eq!(verdict.code, Some(1));
    assert!(verdict.names("rules/shy-tracker.toml: changed since the analysis"));
}

/// A dataset with a record as this one has it after a change, and a manifest that agrees.
fn with_record(change: impl FnOnce(&mut serde_json::Value)) -> Case {
    let case = Case::new();
    let written = fs::read(case.path("out/run.json")).unwrap();
    let mut record = serde_json::from_slice(&written).unwrap();
    change(&mut record);
    let changed = serde_json::to_vec(&record).unwrap();
    case.write("out/run.json", &changed);
    let manifest = fs::read_to_string(case.path("out/manifest-sha256.txt")).unwrap();
    let hash = pixelhound::capture::sha256_of;
    let manifest = manifest.replace(&hash(&written), &hash(&changed));
    case.write("out/manifest-sha256.txt", manifest);
    case
}

#[test]
fn an_older_record_is_said_to_be_one_after_the_hashes() {
    let case = with_record(|record| {
        record.as_object_mut().unwrap().remove("inputs");
    });
    let verdict = case.verify(&[]);
    assert_eq!(verdict.code, Some(2), "{verdict:?}");
    assert!(verdict.names("files of the dataset  26 of 26 unchanged"));
    assert!(verdict.last_line().contains("older pixelhound"));
    case.write("captures/ben.har", capture(&[PIXEL]));
    assert_eq!(case.verify(&[]).code, Some(1));
}

#[test]
fn an_input_from_standard_input_cannot_be_read_again() {
    let case = with_record(|record| record["inputs"] = serde_json::json!(["-", "captures"]));
    let verdict = case.verify(&[]);
    assert_eq!(verdict.code, Some(2), "{verdict:?}");
    assert!(
        verdict
            .last_line()
            .contains("the input - was read from standard input")
    );
    assert_eq!(case.verify(&["--hashes-only"]).code, Some(0));
}

#[test]
fn a_record_that_is_none_and_a_folder_that_is_gone_are_said() {
    let case = with_record(|record| *record = serde_json::json!([]));
    let verdict = case.verify(&[]);
    assert_eq!(verdict.code, Some(2), "{verdict:?}");
    assert!(verdict.last_line().contains("no record of this program"));
    let case = with_record(|record| record["working_folder"] = "../gone".into());
    let verdict = case.verify(&[]);
    assert_eq!(verdict.code, Some(2), "{verdict:?}");
    assert!(verdict.last_line().contains("gone, which is not there now"));
}

#[test]
fn another_version_is_said_to_be_one() {
    let case = with_record(|record| record["version"] = "0.0.9".into());
    let verdict = case.verify(&[]);
    assert_eq!(verdict.code, Some(1), "{verdict:?}");
    assert!(verdict.names("made by pixelhound 0.0.9"));
    assert!(verdict.names("Another version of pixelhound made the dataset"));
    assert!(verdict.names(", in version"), "{verdict:?}");
}

#[test]
fn what_is_no_dataset_is_an_error() {
    let case = Case::bare();
    let verdict = case.verify(&[]);
    assert_eq!(verdict.code, Some(2));
    assert!(verdict.complained.contains("out"), "{verdict:?}");
    fs::create_dir(case.path("out")).unwrap();
    let verdict = case.verify(&[]);
    assert_eq!(verdict.code, Some(2));
    assert!(
        verdict
            .complained
            .contains("manifest-sha256.txt is missing")
    );
    assert!(verdict.said.is_empty());
}

#[test]
fn quiet_says_nothing_of_what_is_the_same() {
    let case = Case::new();
    let verdict = case.verify(&["--quiet"]);
    assert!(
        verdict.code == Some(0) && verdict.said.is_empty(),
        "{verdict:?}"
    );
    case.write("out/story.txt", "draft");
    let verdict = case.verify(&["--quiet"]);
    assert!(verdict.said.starts_with("story.txt: "), "{verdict:?}");
    assert!(verdict.complained.is_empty());
}

#[cfg(unix)]
#[test]
fn a_dataset_in_a_place_where_nobody_may_write_is_checked_too() {
    use std::os::unix::fs::PermissionsExt;
    let case = Case::new();
    let allow = |mode: u32| {
        let mode = fs::Permissions::from_mode(mode);
        fs::set_permissions(case.path("out"), mode).unwrap();
    };
    allow(0o555);
    let verdict = case.verify(&[]);
    allow(0o755);
    assert!(verdict.is_clean(), "{verdict:?}");
}

#[cfg(unix)]
#[test]
fn names_that_are_no_text_are_read_again() {
    use std::os::unix::ffi::OsStrExt;
    let case = Case::bare();
    let name = Path::new(std::ffi::OsStr::from_bytes(b"captures/caf\xe9\\\n.har"));
    if fs::rename(case.path("captures/ben.har"), case.folder.path().join(name)).is_err() {
        eprintln!("skipped: this disk takes no such names");
        return;
    }
    let status = common::pixelhound(&["analyse", "captures/anna.har", "--out", "out", "-q"])
        .arg(name)
        .current_dir(case.folder.path())
        .status();
    assert_eq!(status.unwrap().code(), Some(0));
    let verdict = case.verify(&[]);
    assert!(verdict.is_clean(), "{verdict:?}");
}
