//! Investigations without public captures: `queries/published/observer-*`, held to captures that are invented here and
//! have the shape of the figures. The sites have the names of nobody.

mod common;

use std::fs;
use std::path::{Path, PathBuf};

use common::Row;
use tempfile::TempDir;

const OPEN: &str = "not computable from what is here";

/// A committed investigation among invented sites: every organisation is called by its id, and so is its site.
struct Scenario {
    folder: TempDir,
    /// In the order of `organisations.csv`.
    organisations: Vec<String>,
}

impl Scenario {
    fn of(name: &str) -> Scenario {
        let committed = common::root().join("queries/published").join(name);
        let folder = tempfile::tempdir().unwrap();
        let story = folder.path().join("story");
        fs::create_dir(&story).unwrap();
        fs::create_dir(folder.path().join("captures")).unwrap();
        for entry in fs::read_dir(&committed).unwrap() {
            let path = entry.unwrap().path();
            fs::copy(&path, story.join(path.file_name().unwrap())).unwrap();
        }
        let mut invented = String::from("org_id,name,sector,domain\n");
        let mut organisations = Vec::new();
        for row in common::table(&committed, "organisations") {
            let id = &row["org_id"];
            invented += &format!("{id},{id},{},{id}.example\n", row["sector"]);
            organisations.push(id.clone());
        }
        fs::write(story.join("organisations.csv"), invented).unwrap();
        Scenario {
            folder,
            organisations,
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.path(&format!("captures/{name}")), text).unwrap();
    }

    /// How it ends, and the figures.
    fn reproduce(&self) -> (Option<i32>, Vec<Row>) {
        let out = self.path("figures.csv");
        let _ = fs::remove_file(&out);
        let output = common::run(&[
            Path::new("reproduce"),
            &self.path("story"),
            &self.path("captures"),
            Path::new("--out"),
            &out,
        ]);
        assert_eq!(String::from_utf8_lossy(&output.stderr), "");
        (
            output.status.code(),
            common::table(self.folder.path(), "figures"),
        )
    }
}

/// The request by which Meta's pixel tells of a page.
fn pixel(host: &str, path: &str, event: &str) -> String {
    format!("https://www.facebook.com/tr/?id=111222333444555&{event}&dl=https%3A%2F%2F{host}{path}")
}

fn like_button(host: &str) -> String {
    format!("https://www.facebook.com/plugins/like.php?href=https%3A%2F%2F{host}%2F")
}

/// What was recomputed of a figure about all organisations together, and the verdict.
fn of_all<'a>(rows: &'a [Row], figure: &str) -> (&'a str, &'a str) {
    let mut found = rows.iter();
    let row = found
        .find(|row| row["figure"] == figure && row["organisation_id"].is_empty())
        .unwrap();
    (&row["recomputed"], &row["verdict"])
}

/// The visit of one round to one trust's site, with or without the pixel.
fn visit_to_trust(scenario: &Scenario, round: u32, trust: &str, has_pixel: bool) {
    let host = format!("www.{trust}.example");
    let mut requests = vec![like_button(&host)];
    if has_pixel {
        requests.push(pixel(&host, "%2Fservices%2Fhiv", "ev=PageView"));
    }
    scenario.write(
        &format!("round-{round}-{trust}.har"),
        &common::visit(&host, round, &requests, ""),
    );
}

const USED: &str = "trusts whose sites used the pixel";
const REMOVED: &str = "trusts that had removed it that weekend";

#[test]
fn twenty_trusts_of_which_seventeen_stopped() {
    let scenario = Scenario::of("observer-nhs-trusts");
    assert_eq!(scenario.organisations.len(), 20);
    scenario.write("captures.csv", "pattern,wave\nround-1-*,1\nround-2-*,2\n");
    for (place, trust) in scenario.organisations.iter().enumerate() {
        visit_to_trust(&scenario, 1, trust, true);
        visit_to_trust(&scenario, 2, trust, place >= 17);
    }
    let (code, rows) = scenario.reproduce();
    assert_eq!(code, Some(0));
    assert_eq!(of_all(&rows, USED), ("20", "same"));
    assert_eq!(of_all(&rows, REMOVED), ("17", "same"));
    assert_eq!(
        rows.iter().filter(|row| row["verdict"] == "same").count(),
        22
    );

    // An eighteenth that stopped is another figure, and nobody has named a cause.
    visit_to_trust(&scenario, 2, &scenario.organisations[17], false);
    let (code, rows) = scenario.reproduce();
    assert_eq!(code, Some(1));
    assert_eq!(of_all(&rows, REMOVED), ("18", "differs"));
}

#[test]
fn a_trust_to_which_nobody_came_back_has_not_stopped() {
    let scenario = Scenario::of("observer-nhs-trusts");
    scenario.write("captures.csv", "pattern,wave\nround-1-*,1\nround-2-*,2\n");
    for (place, trust) in scenario.organisations.iter().enumerate() {
        visit_to_trust(&scenario, 1, trust, true);
        if place > 0 {
            visit_to_trust(&scenario, 2, trust, place >= 18);
        }
    }
    let (code, rows) = scenario.reproduce();
    assert_eq!(code, Some(0));
    assert_eq!(of_all(&rows, USED), ("20", "same"));
    assert_eq!(of_all(&rows, REMOVED), ("", OPEN));
}

#[test]
fn three_police_forces() {
    let scenario = Scenario::of("observer-police");
    assert_eq!(scenario.organisations.len(), 3);
    for force in &scenario.organisations {
        let host = format!("www.{force}.example");
        let mut requests = vec![
            like_button(&host),
            pixel(&host, "%2F", "ev=PageView"),
            pixel(&host, "%2Freport%2Fdomestic-abuse", "ev=PageView"),
        ];
        let mut cookies = "";
        if force == "police-metropolitan" {
            let click =
                "ev=SubscribedButtonClick&cd[buttonText]=Report%20rape%20or%20sexual%20assault";
            requests.push(pixel(&host, "%2Freport", click));
            cookies = "c_user=100000000000001; fr=0abc";
        }
        scenario.write(
            &format!("{force}.har"),
            &common::visit(&host, 1, &requests, cookies),
        );
    }
    let (code, rows) = scenario.reproduce();
    assert_eq!(code, Some(0));
    let verdicts: Vec<&str> = rows.iter().map(|row| row["verdict"].as_str()).collect();
    assert_eq!(verdicts, ["same", "same", "same", "same", "same", OPEN]);

    // A visit of the home page alone shows nothing of this, and is no proof of the contrary.
    let force = &scenario.organisations[1];
    let host = format!("www.{force}.example");
    let home = common::visit(&host, 1, &[pixel(&host, "%2F", "ev=PageView")], "");
    scenario.write(&format!("{force}.har"), &home);
    let (code, rows) = scenario.reproduce();
    assert_eq!(code, Some(0));
    let row = rows
        .iter()
        .find(|row| row["organisation_id"] == *force)
        .unwrap();
    assert_eq!(
        (row["recomputed"].as_str(), row["verdict"].as_str()),
        ("", OPEN)
    );
}
