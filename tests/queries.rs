//! The questions that come with the program: what the waves come to, that another engine gives the same answers, and the
//! ways to ask.

mod common;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use pixelhound::figures::{Findings, Query, Tables, as_csv, built_in};
use serde_json::{Value, json};

/// What happened on a page: nobody was told, Meta was, a blocker stopped that, or only Meta's script was loaded.
#[derive(Clone, Copy)]
enum Told {
    Nobody,
    Meta,
    Blocked,
    ScriptOnly,
}

/// The requests of a visit of a page.
fn visit(day: u8, number: usize, page: &str, told: Told) -> Vec<Value> {
    let url = format!("https://{page}");
    let entry = |second: usize, url: &str, status: i64, error: Option<&str>| {
        json!({
            "startedDateTime": format!("2026-03-{day:02}T10:{number:02}:{second:02}.000Z"),
            "_resourceType": if second == 0 { "document" } else { "image" },
            "pageref": format!("page_{number}"),
            "request": {"method": "GET", "url": url, "headers": [{"name": "Host", "value": "x"}]},
            "response": {"status": status, "content": {"mimeType": "text/html"}, "_error": error},
        })
    };
    let pixel = format!("https://www.facebook.com/tr/?id=111222333444555&ev=PageView&dl={url}");
    let mut entries = vec![entry(0, &url, 200, None)];
    match told {
        Told::Nobody => {}
        Told::Meta => entries.push(entry(1, &pixel, 200, None)),
        Told::Blocked => entries.push(entry(1, &pixel, 0, Some("net::ERR_BLOCKED_BY_CLIENT"))),
        Told::ScriptOnly => {
            let script = "https://connect.facebook.net/en_US/fbevents.js";
            entries.push(entry(1, script, 200, None));
        }
    }
    entries
}

/// A capture of one day on which pages were visited one after the other.
fn capture(day: u8, visits: &[(&str, Told)]) -> String {
    let entries = visits.iter().enumerate();
    let entries = entries.flat_map(|(number, (page, told))| visit(day, number, page, *told));
    let entries: Vec<Value> = entries.collect();
    let pages = visits.iter().enumerate().map(|(number, (page, _))| {
        json!({
            "startedDateTime": format!("2026-03-{day:02}T10:{number:02}:00.000Z"),
            "id": format!("page_{number}"),
            "title": format!("https://{page}"),
        })
    });
    let pages: Vec<Value> = pages.collect();
    json!({"log": {"creator": {"name": "made", "version": "1"}, "pages": pages, "entries": entries}})
        .to_string()
}

struct Place(tempfile::TempDir);

impl Place {
    /// Captures, a file each, with the sheet that says which wave they are of; analysed.
    fn of_waves(waves: &[(&str, String)]) -> Place {
        let place = Place(tempfile::tempdir().unwrap());
        let mut sheet = String::from("pattern,volunteer,wave,note\n");
        let captures = place.path("captures");
        fs::create_dir(&captures).unwrap();
        for (number, (wave, capture)) in waves.iter().enumerate() {
            sheet += &format!("{number}.har,v{number},{wave},\n");
            fs::write(captures.join(format!("{number}.har")), capture).unwrap();
        }
        fs::write(captures.join("captures.csv"), sheet).unwrap();
        common::analyse(&[&captures], &place.path("out"), &["--quiet"]);
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// An answer as CSV.
    fn ask(&self, more: &[&str]) -> String {
        let mut command = common::pixelhound(&["query"]);
        let output = command.arg(self.path("out")).args(more).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    }
}

#[test]
fn the_waves_say_who_stopped_only_where_the_same_pages_were_visited_again() {
    use Told::{Blocked, Meta, Nobody, ScriptOnly};
    let first = [
        ("www.still.example/a", Meta),
        ("www.stopped.example/a", Meta),
        ("www.partly.example/a", Meta),
        ("www.partly.example/b", Meta),
        ("www.elsewhere.example/a", Meta),
        ("www.absent.example/a", Meta),
        ("www.blocked.example/a", Meta),
        ("www.there.example/a", Meta),
        ("www.started.example/a", Nobody),
        ("www.new.example/a", Nobody),
    ];
    let second = [
        ("www.still.example/a", Meta),
        ("www.stopped.example/a", Nobody),
        ("www.partly.example/a", Nobody),
        ("www.elsewhere.example/b", Nobody),
        ("www.blocked.example/a", Blocked),
        ("www.there.example/a", ScriptOnly),
        ("www.started.example/a", Meta),
        ("www.new.example/b", Meta),
    ];
    // The wave of the later capture comes first in the alphabet: their time decides.
    let place = Place::of_waves(&[
        ("spring", capture(1, &first)),
        ("autumn", capture(20, &second)),
    ]);
    let answer = place.ask(&["waves"]);
    let mut reader = csv::Reader::from_reader(answer.as_bytes());
    let rows: Vec<common::Row> = reader.deserialize().map(Result::unwrap).collect();
    let mut findings: Vec<[&str; 3]> = rows
        .iter()
        .map(|row| ["organisation", "wave", "finding"].map(|column| row[column].as_str()))
        .filter(|[_, _, finding]| *finding != "shares")
        .collect();
    findings.sort_unstable();
    assert_eq!(
        findings,
        [
            ["absent.example", "autumn", "not re-tested"],
            ["blocked.example", "autumn", "tried"],
            ["elsewhere.example", "autumn", "not re-tested"],
            ["new.example", "autumn", "new"],
            [
                "partly.example",
                "autumn",
                "stopped on the pages visited again"
            ],
            ["started.example", "autumn", "started"],
            ["still.example", "autumn", "still shares"],
            ["stopped.example", "autumn", "stopped"],
            ["there.example", "autumn", "tracker still there"],
        ]
    );
    let shared = rows.iter().filter(|row| row["finding"] == "shares").count();
    assert_eq!(shared, 7, "those of spring");
}

#[test]
fn a_session_sent_in_twice_bears_nothing_out() {
    let spring = capture(1, &[("www.clinic.example/hiv", Told::Meta)]);
    let longer = capture(
        1,
        &[
            ("www.clinic.example/hiv", Told::Meta),
            ("www.clinic.example/abortion", Told::Meta),
        ],
    );
    let place = Place::of_waves(&[("1", spring), ("1", longer)]);
    let answer = place.ask(&["corroboration", "--where", "category=HE-SEXH"]);
    let row = answer.lines().nth(1).unwrap();
    assert!(
        row.starts_with("1,HE-SEXH,clinic.example,Meta,1,1,1,1,1,1,"),
        "{row}"
    );
    let answer = place.ask(&["recipients"]);
    assert!(answer.contains("Meta,1,2,2,1,0,1,"), "{answer}");
}

fn answer(tables: &Tables, query: &Query) -> String {
    let mut csv = Vec::new();
    as_csv(&tables.answer(query).unwrap(), &mut csv).unwrap();
    String::from_utf8(csv).unwrap()
}

/// Every question over a dataset, and what a report tells of it, in one go and in slices of so many events.
fn same_in_slices(dataset: &Path, events: u64) {
    let whole = Tables::open(dataset).unwrap();
    let sliced = Tables::open(dataset).unwrap().in_slices_of(events);
    for query in built_in() {
        let name = query.name();
        assert_eq!(answer(&sliced, &query), answer(&whole, &query), "{name}");
    }
    let found = Findings::of(&whole).unwrap();
    assert!(found.visit.is_some());
    assert!(Findings::of(&sliced).unwrap() == found);
}

#[test]
fn every_question_says_the_same_slice_by_slice() {
    let out = tempfile::tempdir().unwrap();
    let out = out.path().join("out");
    common::analyse(&[Path::new("samples")], &out, &["--quiet"]);
    same_in_slices(&out, 20);
}

/// The two exports of a session have ids that have nothing in common, so they lie in different slices, and so do the pages of
/// different organisations of one capture.
#[test]
fn sessions_sent_in_twice_count_once_whatever_the_slices() {
    let mut captures = Vec::new();
    for day in 1..=9 {
        let told = if day % 3 == 0 {
            Told::Nobody
        } else {
            Told::Meta
        };
        let visits = [
            ("www.clinic.example/hiv", Told::Meta),
            ("www.police.example/report-rape", told),
            ("www.clinic.example/abortion", told),
        ];
        let wave = if day < 5 { "spring" } else { "autumn" };
        captures.push((wave, capture(day, &visits[..1])));
        captures.push((wave, capture(day, &visits)));
    }
    let place = Place::of_waves(&captures);
    same_in_slices(&place.path("out"), 1);
    let recipients = place.ask(&["recipients"]);
    assert!(recipients.contains("\nMeta,2,21,21,2,0,9,"), "{recipients}");
    let tested = "SELECT COUNT(DISTINCT organisation_id) AS of_tested FROM visits";
    let whole = Tables::open(&place.path("out")).unwrap();
    let tested = answer(&whole, &Query::new("tested", tested));
    assert_eq!(tested, "of_tested\n2\n");
    let sharing = place.ask(&["organisations-sharing", "--where", "of_tested=2"]);
    assert_eq!(sharing.lines().count(), 3, "{sharing}");
    let sliced = Tables::open(&place.path("out")).unwrap().in_slices_of(1);
    for (column, slices) in [("capture_id", 30), ("organisation_id", 2)] {
        let sql = format!(
            "-- In slices of {column}: told
            WITH told AS (SELECT COUNT(*) AS events FROM events)
            SELECT COUNT(*) AS slices, SUM(events) AS events FROM told"
        );
        let said = answer(&sliced, &Query::new("slices", sql));
        assert_eq!(said, format!("slices,events\n{slices},30\n"));
    }
}

#[test]
fn a_line_about_slices_that_cannot_be_followed_is_an_error_that_says_why() {
    let place = Place::of_waves(&[("1", capture(1, &[("www.clinic.example/hiv", Told::Meta)]))]);
    let complaint = |line: &str, sql: &str| {
        let mut command = common::pixelhound(&["query"]);
        let file = place.path("own.sql");
        fs::write(
            &file,
            format!("-- How many?\n-- In slices of {line}\n{sql}"),
        )
        .unwrap();
        let output = command.arg(place.path("out")).arg(&file).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        (output.status.code(), said)
    };
    let sql = "WITH told AS (SELECT * FROM events) SELECT COUNT(*) FROM told";
    assert_eq!(complaint("capture_id: told", sql).0, Some(0));
    for (line, sql, why) in [
        (
            "page_id: told",
            sql,
            "slices are of capture_id or of organisation_id",
        ),
        ("capture_id", sql, "it has no part \"\" behind WITH"),
        (
            "capture_id: heard",
            sql,
            "it has no part \"heard\" behind WITH",
        ),
        ("capture_id: told", "SELECT (", "sql parser error"),
        (
            "capture_id: told",
            "SELECT 1; SELECT 2",
            "it is not one statement that reads",
        ),
        (
            "capture_id: pages",
            "WITH pages AS (SELECT * FROM events) SELECT * FROM pages",
            "its part pages is called as a table is",
        ),
    ] {
        let (code, said) = complaint(line, sql);
        assert_eq!(code, Some(2), "{said}");
        assert!(said.contains(why), "{said}");
    }
}

fn stored_questions() -> usize {
    let files = fs::read_dir(common::root().join("queries")).unwrap();
    let paths = files.map(|file| file.unwrap().path());
    paths
        .filter(|path| path.extension().is_some_and(|e| e == "sql"))
        .count()
}

#[test]
fn every_question_is_answered_into_a_folder() {
    let place = Place::of_waves(&[("1", capture(1, &[("www.clinic.example/hiv", Told::Meta)]))]);
    let figures = place.path("figures");
    let all = ["--all", "--out", figures.to_str().unwrap()];
    let said = place.ask(&all);
    let files = common::files(&figures);
    assert_eq!(files.len(), said.lines().count());
    assert_eq!(files.len(), stored_questions());
    for (name, csv) in &files {
        assert!(said.contains(name.as_str()));
        let query = name.trim_end_matches(".csv");
        assert_eq!(place.ask(&[query]).as_bytes(), csv, "{name}");
    }
    let mut again = common::pixelhound(&["query"]);
    let again = again.arg(place.path("out")).args(all).output().unwrap();
    assert_eq!(again.status.code(), Some(2), "nothing is overwritten");
    let narrow = place.path("narrow");
    let out = narrow.to_str().unwrap();
    let said = place.ask(&[
        "--all",
        "--out",
        out,
        "--where",
        "organisation=other.example",
    ]);
    assert!(said.contains("waves.csv: 0 rows"));
    assert!(said.contains("recipients.csv: left out"));
    assert!(!narrow.join("recipients.csv").exists());
}

#[test]
fn contact_data_is_told_by_form_and_by_who_collected_it() {
    const HASH: &str = "973dfe463ec85785f5f95af5ba3906eedb2d931c24e69824a89ea65dba4e813b";
    let pixel = |number: usize, data: &str| {
        format!(
            "https://www.facebook.com/tr/?id=111222333444555&ev=Lead&ts=177235200000{number}\
             &dl=https%3A%2F%2Fwww.clinic.example%2Fhiv%3Femail%3D_removed_&{data}"
        )
    };
    let hashed =
        format!("udff[zp]={HASH}&cudff[zp]=%23%23%23%23%23&udff[em]={HASH}&aud[em]={HASH}");
    let urls = [
        pixel(1, "ud[em]=sam.tester%40mail.example&ud[ph]="),
        pixel(2, &hashed),
        pixel(3, &hashed),
    ];
    let urls: Vec<&str> = urls.iter().map(String::as_str).collect();
    let place = Place::of_waves(&[("1", common::capture(&urls))]);
    let answer = place.ask(&["contact-data"]);
    let rows: Vec<&str> = answer.lines().skip(1).collect();
    let of_clinic = "Meta,clinic.example";
    let found: Vec<String> = rows
        .iter()
        .map(|row| row.split(',').take(11).collect::<Vec<_>>().join(","))
        .collect();
    let wanted = [
        "email,sha256,tracker,2,2,0,dictionary,,",
        "email,sha256,,2,2,0,dictionary,,",
        "postcode,mask,tracker,2,2,0,enumeration,100000,100000",
        "postcode,sha256,tracker,2,2,0,enumeration,100000,100000",
        "email,plain,site,1,1,1,,,",
    ];
    assert_eq!(found, wanted.map(|row| format!("{of_clinic},{row}")));
}

#[test]
fn sql_comes_on_standard_input_too() {
    let place = Place::of_waves(&[("1", capture(1, &[("www.clinic.example/hiv", Told::Meta)]))]);
    let sql = place.path("sql");
    fs::write(&sql, "SELECT COUNT(*) AS visits FROM visits").unwrap();
    let mut command = common::pixelhound(&["query"]);
    let command = command.arg(place.path("out")).arg("-");
    let output = command
        .stdin(fs::File::open(&sql).unwrap())
        .output()
        .unwrap();
    assert_eq!(output.stdout, b"visits\n1\n");
    let nothing = command.stdin(Stdio::null()).output().unwrap();
    assert_eq!(nothing.status.code(), Some(2));
}

#[test]
fn duckdb_gives_the_same_answers() {
    let has_duckdb = Command::new("python3")
        .args(["-c", "import duckdb"])
        .output();
    if !has_duckdb.is_ok_and(|output| output.status.success()) {
        eprintln!("skipped: DuckDB's Python package is not here");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    common::analyse(&[Path::new("samples")], &out, &["--quiet"]);
    for format in ["parquet", "csv"] {
        let answers = folder.path().join(format);
        fs::create_dir(&answers).unwrap();
        let status = Command::new("python3")
            .current_dir(common::root())
            .arg("tests/duckdb.py")
            .arg(&out)
            .args(["queries", format])
            .arg(&answers)
            .status();
        assert!(status.unwrap().success());
        for (name, csv) in common::files(&answers) {
            let query = name.trim_end_matches(".csv");
            let ours = common::run(&["query", out.to_str().unwrap(), query]).stdout;
            assert_eq!(
                String::from_utf8_lossy(&ours),
                String::from_utf8_lossy(&csv),
                "{name} of the {format} files"
            );
        }
    }
}

/// The dataset with only some of its files.
fn copy_of(dataset: &Path, copy: &Path, keep: impl Fn(&str) -> bool) {
    fs::create_dir(copy).unwrap();
    for (name, bytes) in common::files(dataset) {
        if keep(&name) {
            fs::write(copy.join(name), bytes).unwrap();
        }
    }
}

#[test]
fn csv_files_alone_give_the_same_answers_as_parquet_files_alone() {
    let folder = tempfile::tempdir().unwrap();
    let place = |name: &str| folder.path().join(name);
    for (style, more) in [
        ("plain", &["--quiet"][..]),
        ("excel", &["--quiet", "--excel", "--delimiter", ";"][..]),
    ] {
        let out = place(style);
        let (captures, personas) = (Path::new("samples"), "samples/personas.csv");
        let more = [more, &["--parameters", "--personas", personas]].concat();
        common::analyse(&[captures], &out, &more);
        let (parquet, csv) = (place(&format!("{style}-p")), place(&format!("{style}-c")));
        copy_of(&out, &parquet, |name| !name.ends_with(".csv"));
        copy_of(&out, &csv, |name| !name.ends_with(".parquet"));
        let answers = |dataset: &Path| {
            let answers = dataset.with_extension("answers");
            let mut command = common::pixelhound(&["query", "--all"]);
            let command = command.arg(dataset).arg("--out").arg(&answers);
            assert!(command.output().unwrap().status.success());
            common::files(&answers)
        };
        assert_eq!(answers(&parquet), answers(&csv));
        let whole = |dataset: &Path, table: &str| {
            let sql = format!("SELECT * FROM {table}");
            let dataset = dataset.to_str().unwrap();
            common::run(&["query", dataset, "--sql", &sql]).stdout
        };
        for table in &pixelhound::dataset::TABLES {
            let (parquet, csv) = (whole(&parquet, table.name), whole(&csv, table.name));
            assert!(!parquet.is_empty());
            assert_eq!(parquet, csv, "{}", table.name);
        }
        let report = |dataset: &Path| {
            let report = dataset.with_extension("html");
            let mut command = common::pixelhound(&["report"]);
            let command = command.arg(dataset).arg("--out").arg(&report);
            assert!(command.output().unwrap().status.success());
            fs::read_to_string(report).unwrap()
        };
        assert_eq!(report(&parquet), report(&csv));
    }
}

#[test]
fn a_table_that_is_not_there_or_not_as_it_was_is_named() {
    let place = Place::of_waves(&[("1", capture(1, &[("www.clinic.example/hiv", Told::Meta)]))]);
    let out = place.path("out");
    let said = |change: &dyn Fn(&Path)| {
        let copy = tempfile::tempdir().unwrap();
        let dataset = copy.path().join("out");
        copy_of(&out, &dataset, |name| !name.ends_with(".parquet"));
        change(&dataset.join("events.csv"));
        let answer = common::run(&["query", dataset.to_str().unwrap(), "recipients"]);
        assert_eq!(answer.status.code(), Some(2));
        String::from_utf8(answer.stderr).unwrap()
    };
    let gone = said(&|events| fs::remove_file(events).unwrap());
    assert!(
        gone.contains("it holds neither events.parquet nor events.csv"),
        "{gone}"
    );
    let replaced = |from: &str, to: &str| {
        said(&|events| {
            let text = fs::read_to_string(events).unwrap();
            assert!(text.contains(from));
            fs::write(events, text.replacen(from, to, 1)).unwrap();
        })
    };
    let renamed = replaced("event_id", "id");
    assert!(
        renamed.contains("column 1 should be event_id and is \"id\""),
        "{renamed}"
    );
    let shifted = replaced(",delivered,", ",");
    assert!(shifted.contains("events.csv: line 2 has "), "{shifted}");
}
