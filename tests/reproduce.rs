//! `pixelhound reproduce`: verdicts on invented investigations; the committed ones load, and their questions run; and over
//! the captures that reporters published, where they are at hand, no figure differs without a cause.

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use common::Row;
use tempfile::TempDir;

const HEADER: &str = "figure,organisation,published,source,date,query,column,expected,cause";

/// How often the invented sites told Meta of a visit.
const EVENTS: &str = "-- How often did each site tell Meta?
WITH told AS (
    SELECT organisation_id, COUNT(*) AS events FROM events
    WHERE tracker = 'meta-pixel' AND delivery = 'delivered' AND repeat_of IS NULL
    GROUP BY organisation_id
)
SELECT o.organisation_id, COALESCE(t.events, 0) AS events, t.events AS at_least
FROM organisations AS o LEFT JOIN told AS t ON o.organisation_id = t.organisation_id
ORDER BY o.organisation_id";

const SITES: &str = "-- How many sites tell Meta?
SELECT COUNT(DISTINCT organisation_id) AS sites FROM events WHERE tracker = 'meta-pixel'";

/// An invented investigation of three sites: two that tell Meta, of which one once and one twice, and one that does not.
struct Story {
    folder: TempDir,
}

struct Verdict {
    code: Option<i32>,
    said: String,
    complained: String,
}

impl Story {
    fn new(lines: &[&str]) -> Story {
        let story = Story {
            folder: tempfile::tempdir().unwrap(),
        };
        fs::create_dir_all(story.path("story")).unwrap();
        fs::create_dir_all(story.path("captures")).unwrap();
        story.write(
            "story/organisations.csv",
            "org_id,name,sector,domain\nclinic,The Clinic,health,clinic.example\nhotline,The Hotline,health,hotline.example\n\
             quiet,The Quiet One,health,quiet.example\n",
        );
        story.write("story/events.sql", EVENTS);
        story.write("story/sites.sql", SITES);
        story.figures(lines);
        story.captured("clinic", 1);
        story.captured("hotline", 2);
        story.captured("quiet", 0);
        story
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
    }

    fn figures(&self, lines: &[&str]) {
        self.write(
            "story/published.csv",
            &format!("{HEADER}\n{}\n", lines.join("\n")),
        );
    }

    /// A visit to pages of a site, of which so many are told to Meta.
    fn captured(&self, site: &str, told: usize) {
        self.write(
            &format!("captures/{site}.har"),
            &visit(&format!("www.{site}.example"), told),
        );
    }

    fn reproduce(&self, more: &[&str]) -> Verdict {
        let mut command = common::pixelhound(&["reproduce"]);
        let output = command
            .args([self.path("story"), self.path("captures")])
            .args(more)
            .output()
            .unwrap();
        Verdict {
            code: output.status.code(),
            said: String::from_utf8_lossy(&output.stdout).into_owned(),
            complained: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// The verdict, and the figures as they stand in the file.
    fn reproduced(&self) -> (Verdict, Vec<Row>) {
        let out = self.path("figures.csv");
        let verdict = self.reproduce(&["--out", out.to_str().unwrap()]);
        (verdict, common::table(self.folder.path(), "figures"))
    }
}

/// A capture of a site's pages, of which so many are told to Meta, beside a like button, which tells no event.
fn visit(host: &str, told: usize) -> String {
    let page = |number: usize| format!("https%3A%2F%2F{host}%2Fpage-{number}");
    let mut urls = vec![format!(
        "https://www.facebook.com/plugins/like.php?href={}",
        page(0)
    )];
    let pixel = "https://www.facebook.com/tr/?id=111222333444555&ev=PageView&dl=";
    urls.extend((0..told).map(|number| format!("{pixel}{}", page(number))));
    common::visit(host, 1, &urls, "")
}

/// Of each figure what was recomputed, and the verdict.
fn verdicts(rows: &[Row]) -> Vec<(&str, &str)> {
    let pair = |row| -> (&str, &str) {
        let row: &Row = row;
        (row["recomputed"].as_str(), row["verdict"].as_str())
    };
    rows.iter().map(pair).collect()
}

const OPEN: &str = "not computable from what is here";

#[test]
fn the_same_and_different_for_a_cause_end_well() {
    let story = Story::new(&[
        "events,clinic,1,A Paper,2026-03-02,events,events,,",
        "events,hotline,\"4\",A Paper,2026-03-02,events,events,2,each was counted twice",
        "events,quiet,0,A Paper,2026-03-02,events,events,,",
        "sites,,2,A Paper,2026-03-02,sites,sites,,",
        "readers,,\"1,379\",A Paper,2026-03-02,,,,of no capture",
    ]);
    let (verdict, rows) = story.reproduced();
    assert_eq!(
        verdict.code,
        Some(0),
        "{}{}",
        verdict.said,
        verdict.complained
    );
    assert_eq!(
        verdicts(&rows),
        [
            ("1", "same"),
            ("2", "differs"),
            ("0", "same"),
            ("2", "same"),
            ("", OPEN)
        ]
    );
    assert_eq!(rows[1]["cause"], "each was counted twice");
    assert_eq!(rows[4]["cause"], "of no capture");
    assert!(
        verdict
            .said
            .contains("3 inputs, 3 read whole; captures of 3 of 3 organisations")
    );
    assert!(
        verdict.said.contains("   1  each was counted twice\n"),
        "{}",
        verdict.said
    );
    assert!(verdict.said.ends_with(
        "3 the same, 1 different for a named cause, 0 different without one, 1 not computable from what is here\n"
    ));
}

#[test]
fn a_difference_without_a_cause_and_one_that_its_cause_does_not_lead_to_end_with_1() {
    for (line, why) in [
        (
            "events,hotline,3,A Paper,2026-03-02,events,events,,",
            "no cause is named",
        ),
        (
            "events,hotline,3,A Paper,2026-03-02,events,events,1,forgotten",
            "the cause that is named leads to 1, not to this",
        ),
    ] {
        let (verdict, rows) = Story::new(&[line]).reproduced();
        assert_eq!(
            verdict.code,
            Some(1),
            "{}{}",
            verdict.said,
            verdict.complained
        );
        assert_eq!(verdicts(&rows), [("2", "differs")]);
        assert_eq!(rows[0]["cause"], why);
    }
}

#[test]
fn without_a_capture_there_is_no_figure_and_never_a_0() {
    let story = Story::new(&[
        "events,clinic,1,A Paper,2026-03-02,events,events,,",
        "events,quiet,0,A Paper,2026-03-02,events,events,,",
        "sites,,2,A Paper,2026-03-02,sites,sites,,",
    ]);
    fs::remove_file(story.path("captures/quiet.har")).unwrap();
    let (verdict, rows) = story.reproduced();
    assert_eq!(
        verdict.code,
        Some(0),
        "{}{}",
        verdict.said,
        verdict.complained
    );
    assert_eq!(verdicts(&rows), [("1", "same"), ("", OPEN), ("", OPEN)]);
    assert_eq!(rows[1]["cause"], "no capture of this organisation is here");
    assert_eq!(
        rows[2]["cause"],
        "captures of 2 of 3 organisations are here; from what is here it would be 2"
    );
}

#[test]
fn a_capture_that_was_cut_off_decides_nothing() {
    let story = Story::new(&[
        "events,clinic,1,A Paper,2026-03-02,events,events,,",
        "events,hotline,2,A Paper,2026-03-02,events,events,,",
        "sites,,2,A Paper,2026-03-02,sites,sites,,",
    ]);
    let whole = fs::read_to_string(story.path("captures/hotline.har")).unwrap();
    let cut = whole.find("page-1").unwrap();
    story.write("captures/hotline.har", &whole[..cut]);
    let (verdict, rows) = story.reproduced();
    assert_eq!(
        verdict.code,
        Some(0),
        "{}{}",
        verdict.said,
        verdict.complained
    );
    assert_eq!(verdicts(&rows), [("1", "same"), ("", OPEN), ("", OPEN)]);
    assert_eq!(
        rows[1]["cause"],
        "a capture of this organisation could not be read whole; from what is here it would be 1"
    );
    assert_eq!(
        rows[2]["cause"],
        "captures of 2 of 3 organisations could be read whole; from what is here it would be 2"
    );
    assert!(verdict.said.contains("3 inputs, 2 read whole"));
}

#[test]
fn what_a_capture_does_not_show_is_not_denied() {
    let story = Story::new(&[
        "told,quiet,TRUE,A Paper,2026-03-02,events,at_least,,",
        "told once,quiet,TRUE,A Paper,2026-03-02,events,at_least,,it was seen on another day",
    ]);
    let (verdict, rows) = story.reproduced();
    assert_eq!(
        verdict.code,
        Some(2),
        "nothing was confirmed: {}",
        verdict.said
    );
    assert_eq!(verdicts(&rows), [("", OPEN), ("", OPEN)]);
    assert_eq!(
        rows[0]["cause"],
        "the captures of this organisation do not show it"
    );
    assert_eq!(rows[1]["cause"], "it was seen on another day");
}

#[test]
fn the_same_capture_twice_counts_once() {
    let story = Story::new(&["events,hotline,2,A Paper,2026-03-02,events,events,,"]);
    fs::copy(
        story.path("captures/hotline.har"),
        story.path("captures/again.har"),
    )
    .unwrap();
    assert_eq!(story.reproduce(&[]).code, Some(0));
}

#[test]
fn a_faulty_folder_is_named_and_nothing_is_done() {
    let line = "events,clinic,1,A Paper,2026-03-02,events,events,,";
    let story = Story::new(&[line]);
    let complaint = |story: &Story| {
        let verdict = story.reproduce(&[]);
        assert_eq!((verdict.code, verdict.said.as_str()), (Some(2), ""));
        verdict.complained
    };
    story.figures(&[line, "events,nobody,1,A Paper,2026-03-02,events,events,,"]);
    assert!(
        complaint(&story).contains("published.csv, line 3: nobody is not in organisations.csv")
    );
    story.figures(&["events,clinic,1,A Paper,2026-03-02,events,visits,,"]);
    assert!(complaint(&story).contains("line 2: the answer to events has no column visits"));
    story.figures(&["events,,1,A Paper,2026-03-02,events,events,,"]);
    assert!(
        complaint(&story)
            .contains("line 2: the answer to events has 3 rows where the figure needs one")
    );
    story.figures(&[line]);
    story.write("story/sites.sql", "SELECT nonsense FROM events");
    assert!(complaint(&story).contains("the query sites failed"));
    fs::remove_file(story.path("story/organisations.csv")).unwrap();
    assert!(complaint(&story).contains("cannot read "));
}

#[test]
fn nothing_that_a_question_answers_moves_the_cursor() {
    let story = Story::new(&["sites,,2,A Paper,2026-03-02,sites,sites,,"]);
    story.write("story/sites.sql", "SELECT '\u{1b}[2J' AS sites");
    fs::remove_file(story.path("captures/quiet.har")).unwrap();
    let verdict = story.reproduce(&[]);
    assert!(
        verdict.said.contains("it would be \\u{1b}[2J"),
        "{}",
        verdict.said
    );
    assert!(!verdict.said.contains('\u{1b}'));
}

#[test]
fn a_file_that_is_there_is_not_replaced() {
    let story = Story::new(&["events,clinic,1,A Paper,2026-03-02,events,events,,"]);
    story.write("figures.csv", "mine");
    let out = story.path("figures.csv");
    let verdict = story.reproduce(&["--out", out.to_str().unwrap()]);
    assert_eq!(verdict.code, Some(2));
    assert!(verdict.complained.contains("is there already"));
    assert_eq!(fs::read_to_string(out).unwrap(), "mine");
}

/// The committed investigations, by name.
fn committed() -> BTreeMap<String, PathBuf> {
    let entries = fs::read_dir(common::root().join("queries/published")).unwrap();
    let folders = entries.map(|entry| entry.unwrap().path());
    let folders = folders.filter(|path| path.is_dir());
    folders
        .map(|path| {
            (
                path.file_name().unwrap().to_string_lossy().into_owned(),
                path,
            )
        })
        .collect()
}

fn files_ending(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    paths
        .filter(|path| path.extension().is_some_and(|e| e == ending))
        .collect()
}

#[test]
fn every_committed_investigation_is_whole_and_its_questions_run() {
    assert!(!committed().is_empty());
    for (name, folder) in committed() {
        assert!(
            folder.join("README.md").is_file(),
            "{name} has no README.md"
        );
        assert!(
            !files_ending(&folder, "sql").is_empty(),
            "{name} asks nothing"
        );
        let output = common::run(&[Path::new("reproduce"), &folder, Path::new("samples")]);
        // No capture of any of its organisations is among the samples, so that no figure can be counted.
        let said = String::from_utf8_lossy(&output.stdout);
        let complained = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{name}: {said}{complained}");
        assert_eq!(complained, "", "{name}");
        assert!(
            said.contains("\n0 the same, 0 different for a named cause, 0 different without one, "),
            "{name}: {said}"
        );
    }
}

#[test]
fn every_question_says_what_counts_and_is_the_same_wherever_it_stands() {
    let mut texts: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for folder in committed().values() {
        for path in files_ending(folder, "sql") {
            let text = fs::read_to_string(&path).unwrap();
            let first = text.lines().next().unwrap();
            assert!(
                first.starts_with("-- ") && first.ends_with('?'),
                "{}",
                path.display()
            );
            assert!(text.contains("-- Counted: "), "{}", path.display());
            assert!(text.contains("-- Not counted: "), "{}", path.display());
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            texts.entry(name).or_default().insert(text);
        }
    }
    for (name, versions) in texts {
        assert_eq!(versions.len(), 1, "{name} is not the same in all folders");
    }
}

/// An investigation, the folder of its captures, and how many of its figures are then the same and how many differ, each
/// for a named cause.
const EXPECTED: [(&str, &str, usize, usize); 5] = [
    ("988-hotlines", "988", 7, 0),
    ("edtech", "edtech", 3, 0),
    ("free-website", "free-website", 4, 1),
    ("health-exchanges", "exchanges", 23, 10),
    ("nonprofits", "nonprofits", 6, 2),
];

#[test]
fn over_the_published_captures_no_figure_differs_without_a_cause() {
    let Some(captures) = common::published_captures() else {
        return;
    };
    for (name, folder, same, explained) in EXPECTED {
        let investigation = &committed()[name];
        let scratch = tempfile::tempdir().unwrap();
        let out = scratch.path().join("figures.csv");
        let output = common::run(&[
            Path::new("reproduce"),
            investigation,
            &captures.join(folder),
            Path::new("--out"),
            &out,
        ]);
        let said = String::from_utf8_lossy(&output.stdout);
        assert_eq!(output.status.code(), Some(0), "{said}");
        let rows = common::table(scratch.path(), "figures");
        let of = |verdict: &str| rows.iter().filter(|row| row["verdict"] == verdict).count();
        assert_eq!((of("same"), of("differs")), (same, explained), "{said}");
    }
}

/// A text without the widths of its columns.
fn squeezed(line: &str) -> String {
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn the_readme_shows_what_comes_out() {
    let readme = fs::read_to_string(common::root().join("README.md")).unwrap();
    for name in committed().keys() {
        assert!(
            readme.contains(&format!("| `{name}` |")),
            "{name} is not in the README"
        );
    }
    let Some(captures) = common::published_captures() else {
        return;
    };
    let (_, rest) = readme
        .split_once("<!-- begin reproduce -->\n```text\n")
        .unwrap();
    let (block, _) = rest.split_once("```").unwrap();
    let output = common::run(&[
        Path::new("reproduce"),
        Path::new("queries/published/health-exchanges"),
        &captures.join("exchanges"),
    ]);
    let said = String::from_utf8(output.stdout).unwrap();
    let lines: BTreeSet<String> = said.lines().map(squeezed).collect();
    for line in block.lines().filter(|line| *line != "…") {
        assert!(lines.contains(&squeezed(line)), "{line}");
    }
}
