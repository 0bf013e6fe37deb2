//! Answers to questions in every format: the same cells in all of them, whatever stands in a cell; where they go; and that
//! nothing is written over.

mod common;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use common::workbook;
use polars::prelude::{ParquetReader, SerReader};
use rusqlite::Connection;
use rusqlite::types::Value as Stored;
use serde_json::Value;

/// The cells of an answer, row by row, the names of its columns first.
type Cells = Vec<Vec<String>>;

struct Place(tempfile::TempDir);

impl Place {
    /// A dataset in a place of its own.
    fn of(captures: &Path) -> Place {
        let place = Place(tempfile::tempdir().unwrap());
        common::analyse(&[captures], &place.path("out"), &["--quiet"]);
        place
    }

    /// One of captures that their programs are named so.
    fn of_programs(names: &[&str]) -> Place {
        let captures = tempfile::tempdir().unwrap();
        for (number, name) in names.iter().enumerate() {
            let capture = serde_json::json!({"log": {"creator": {"name": name, "version": "1"}, "entries": []}});
            let path = captures.path().join(format!("{number}.har"));
            fs::write(path, capture.to_string()).unwrap();
        }
        Place::of(captures.path())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn ask(&self, more: &[&str]) -> Output {
        let mut command = common::pixelhound(&["query"]);
        command.arg(self.path("out")).args(more).output().unwrap()
    }

    /// Asks for files, and gives back where they are and what was said.
    fn put(&self, name: &str, more: &[&str]) -> (PathBuf, String) {
        let path = self.path(name);
        let out = ["--out", path.to_str().unwrap()];
        let output = self.ask(&[more, &out].concat());
        assert!(output.status.success(), "{output:?}");
        (path, String::from_utf8(output.stdout).unwrap())
    }
}

fn in_csv(bytes: &[u8]) -> Cells {
    let mut reader = csv::ReaderBuilder::new();
    let mut reader = reader.has_headers(false).from_reader(bytes);
    let records = reader.records().map(Result::unwrap);
    records
        .map(|record| record.iter().map(str::to_owned).collect())
        .collect()
}

fn in_parquet(path: &Path) -> Cells {
    let frame = ParquetReader::new(fs::File::open(path).unwrap());
    let mut csv = Vec::new();
    pixelhound::dataset::write_csv(&frame.finish().unwrap(), Default::default(), &mut csv).unwrap();
    in_csv(&csv)
}

/// The names of the columns are in the lines; an answer without rows has none.
fn in_ndjson(text: &str) -> Cells {
    let text_of = |value: &Value| match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Number(number) if number.is_f64() => number.as_f64().unwrap().to_string(),
        other => other.to_string(),
    };
    let lines = text.lines().map(|line| {
        let object: serde_json::Map<String, Value> = serde_json::from_str(line).unwrap();
        object.values().map(text_of).collect()
    });
    lines.collect()
}

fn in_sqlite(path: &Path, sql: &str) -> Cells {
    let database = Connection::open(path).unwrap();
    let mut rows = database.prepare(sql).unwrap();
    let columns = rows.column_count();
    let text_of = |value| match value {
        Stored::Null => String::new(),
        Stored::Text(text) => text,
        Stored::Integer(number) => number.to_string(),
        Stored::Real(number) => number.to_string(),
        Stored::Blob(bytes) => format!("{bytes:?}"),
    };
    let cells = rows.query_map([], |row| {
        (0..columns).map(|n| Ok(text_of(row.get(n)?))).collect()
    });
    cells.unwrap().map(Result::unwrap).collect()
}

/// SQLite has no word for a flag; JSON sorts the members of an object when it is read here.
fn sorted(cells: &[Vec<String>], flag: impl Fn(&str) -> String) -> Cells {
    let row = |row: &Vec<String>| {
        let mut row: Vec<String> = row.iter().map(|text| flag(text)).collect();
        row.sort();
        row
    };
    cells.iter().map(row).collect()
}

fn as_number(text: &str) -> String {
    match text {
        "true" => "1".to_owned(),
        "false" => "0".to_owned(),
        other => other.to_owned(),
    }
}

#[test]
fn every_answer_is_the_same_in_every_format() {
    let place = Place::of(Path::new("samples"));
    let formats = ["--all", "--format", "parquet,ndjson,csv,sqlite,xlsx,csv"];
    let (out, said) = place.put("figures", &formats);
    let files = common::files(&out);
    let questions: Vec<_> = pixelhound::figures::built_in().collect();
    assert_eq!(files.len(), 3 * questions.len() + 2);
    assert!(
        said.contains("waves.csv, waves.parquet, waves.ndjson: 17 rows. Who still"),
        "{said}"
    );
    assert!(
        said.ends_with("answers.sqlite: all of these\nanswers.xlsx: all of these\n"),
        "{said}"
    );
    let database = out.join("answers.sqlite");
    for query in &questions {
        let name = query.name();
        let csv = &files[&format!("{name}.csv")];
        assert_eq!(csv, &place.ask(&[name]).stdout, "{name}");
        let cells = in_csv(csv);
        assert_eq!(in_parquet(&out.join(format!("{name}.parquet"))), cells);
        let rows = &cells[1..];
        let ndjson = &files[&format!("{name}.ndjson")];
        assert_eq!(ndjson, &place.ask(&[name, "--format", "ndjson"]).stdout);
        let ndjson = in_ndjson(std::str::from_utf8(ndjson).unwrap());
        let same = |text: &str| text.to_owned();
        assert_eq!(sorted(&ndjson, same), sorted(rows, same), "{name}");
        let table = name.replace('-', "_");
        let stored = in_sqlite(&database, &format!("SELECT * FROM {table} ORDER BY rowid"));
        let rows: Cells = rows
            .iter()
            .map(|row| row.iter().map(|text| as_number(text)).collect())
            .collect();
        assert_eq!(stored, rows, "{name}");
        let asked = format!(
            "SELECT question, counted, \"rows\" FROM _questions WHERE \"table\" = '{table}'"
        );
        let wanted = [
            query.question().unwrap().to_owned(),
            query.notes(),
            rows.len().to_string(),
        ];
        assert_eq!(in_sqlite(&database, &asked), [wanted]);
    }
    assert_eq!(in_sqlite(&database, "PRAGMA integrity_check"), [["ok"]]);
}

#[test]
fn a_workbook_has_a_sheet_an_answer_and_says_what_was_asked() {
    let place = Place::of(Path::new("samples"));
    let (out, _) = place.put("figures", &["--all", "--format", "csv,xlsx"]);
    let book = out.join("answers.xlsx");
    let read_me = workbook::sheet(&book, "read me");
    let read_me = workbook::cells(&read_me, 3);
    for query in pixelhound::figures::built_in() {
        // A sheet has room for a name of 31 characters.
        let name: String = query.name().chars().take(31).collect();
        let csv = fs::read(out.join(format!("{}.csv", query.name())));
        let cells = in_csv(&csv.unwrap());
        let sheet = workbook::sheet(&book, &name);
        assert_eq!(workbook::cells(&sheet, cells[0].len()), cells, "{name}");
        assert!(sheet.contains("state=\"frozen\""));
        let about = read_me.iter().find(|line| line[0] == name).unwrap();
        assert!(about[1].starts_with(query.question().unwrap()));
        assert!(about[1].ends_with(&query.notes()));
        assert_eq!(about[2], (cells.len() - 1).to_string());
    }
}

#[test]
fn ids_are_texts_and_numbers_are_numbers() {
    let place = Place::of(Path::new("samples"));
    let sql = "SELECT account_id, COUNT(*) AS events, AVG(tier) AS mean, MIN(automatic) AS automatic FROM events \
        WHERE account_id IS NOT NULL GROUP BY account_id ORDER BY account_id";
    let (file, _) = place.put("ids.sqlite", &["--sql", sql]);
    let types = "SELECT DISTINCT typeof(account_id), typeof(events), typeof(mean) FROM answer";
    assert_eq!(in_sqlite(&file, types), [["text", "integer", "real"]]);
    let (file, said) = place.put("ids.ndjson", &["--sql", sql]);
    assert!(said.starts_with(&format!("{}: ", file.display())), "{said}");
    let lines = fs::read_to_string(file).unwrap();
    assert!(
        lines
            .lines()
            .all(|line| line.starts_with("{\"account_id\":\"") && line.contains(",\"events\":"))
    );
}

const HOSTILE: [&str; 6] = [
    "=HYPERLINK(\"http://x.example\")",
    "\"; DROP TABLE answer; --",
    "\u{202e}turned\u{202c} \u{7}bell\r\nline",
    "a\u{0}b",
    "<script>alert(1)</script>",
    "007",
];

const PROGRAMS: &str = "SELECT producer FROM captures ORDER BY path";

#[test]
fn nothing_hostile_is_lost_or_does_anything() {
    let long = "long ".repeat(8_000) + "end";
    let names: Vec<&str> = HOSTILE.into_iter().chain([long.as_str()]).collect();
    let place = Place::of_programs(&names);
    let formats = [
        "--sql",
        PROGRAMS,
        "--format",
        "csv,parquet,ndjson,sqlite,xlsx",
    ];
    let (out, _) = place.put("hostile", &formats);
    let wanted: Cells = names.iter().map(|name| vec![(*name).to_owned()]).collect();
    assert_eq!(
        in_csv(&fs::read(out.join("answer.csv")).unwrap())[1..],
        wanted
    );
    assert_eq!(in_parquet(&out.join("answer.parquet"))[1..], wanted);
    let ndjson = fs::read_to_string(out.join("answer.ndjson")).unwrap();
    assert_eq!(in_ndjson(&ndjson), wanted);
    let stored = in_sqlite(
        &out.join("answers.sqlite"),
        "SELECT * FROM answer ORDER BY rowid",
    );
    assert_eq!(stored, wanted);
    let sheet = workbook::sheet(&out.join("answers.xlsx"), "answer");
    assert!(!sheet.contains("<f") && !sheet.contains("hyperlink"));
    let shown = &workbook::cells(&sheet, 1)[1..];
    // A workbook has no sign for most control characters, and its cells no room for a long text. Both show.
    let written_out = |name: &str| {
        name.replace('\u{0}', "\\u{0}")
            .replace('\u{7}', "\\u{7}")
            .replace('\r', "\\r")
    };
    for (shown, name) in shown.iter().zip(HOSTILE) {
        assert_eq!(shown[0], written_out(name));
    }
    let cut = &shown.last().unwrap()[0];
    assert!(cut.ends_with(&format!("… [cut: {} characters]", long.len())));
    assert_eq!(cut.encode_utf16().count(), 32_767);
}

#[test]
fn a_format_goes_where_it_can_be_used() {
    let place = Place::of_programs(&["made"]);
    let refused = |more: &[&str]| {
        let output = place.ask(more);
        assert_eq!(output.status.code(), Some(2), "{more:?}");
        assert!(output.stdout.is_empty());
        String::from_utf8(output.stderr).unwrap()
    };
    for format in ["parquet", "sqlite", "xlsx"] {
        let said = refused(&["waves", "--format", format]);
        assert!(
            said.contains(&format!("name a file: --out answer.{format}")),
            "{said}"
        );
    }
    assert!(refused(&["waves", "--format", "csv,ndjson"]).contains("--out DIR"));
    assert!(refused(&["waves", "--format", "xml"]).contains("a format is csv, parquet"));
    assert!(refused(&["--format", "csv"]).contains("there is no question"));
    assert!(refused(&["--all"]).contains("--out"));
    let out = place.path("answer.csv");
    let out = out.to_str().unwrap();
    assert!(
        refused(&["waves", "--out", out, "--format", "ndjson"]).contains("--format says ndjson")
    );
    let unnamed = place.path("answer");
    assert!(refused(&["waves", "--out", unnamed.to_str().unwrap()]).contains("add --format"));
    let inside = place.path("out/answer.csv");
    assert!(refused(&["waves", "--out", inside.to_str().unwrap()]).contains("inside the dataset"));
    assert!(!inside.exists() && !unnamed.exists());
    fs::write(out, "mine").unwrap();
    assert!(refused(&["waves", "--out", out]).contains("exists already"));
    assert_eq!(fs::read_to_string(out).unwrap(), "mine");
    let left: Vec<_> = fs::read_dir(place.0.path()).unwrap().collect();
    assert_eq!(left.len(), 2, "the dataset and the file that was there");
}

#[test]
fn what_was_left_out_is_said_in_what_holds_the_others() {
    let place = Place::of(Path::new("samples"));
    let narrow = [
        "--all",
        "--format",
        "sqlite,xlsx",
        "--where",
        "organisation=northmoor-police.example",
    ];
    let (out, said) = place.put("narrow", &narrow);
    assert!(
        said.contains("recipients: left out, no such column"),
        "{said}"
    );
    let database = out.join("answers.sqlite");
    let left_out =
        "SELECT \"table\" FROM _questions WHERE \"rows\" IS NULL AND \"table\" = 'recipients'";
    assert_eq!(in_sqlite(&database, left_out), [["recipients"]]);
    let narrowed = "SELECT DISTINCT only_where FROM _questions";
    assert_eq!(
        in_sqlite(&database, narrowed),
        [["organisation=northmoor-police.example"]]
    );
    let tables = "SELECT name FROM sqlite_schema WHERE name = 'recipients'";
    assert!(in_sqlite(&database, tables).is_empty());
    let read_me = workbook::sheet(&out.join("answers.xlsx"), "read me");
    let read_me = workbook::cells(&read_me, 3);
    let says = |text: &str| read_me.iter().any(|line| line[1].contains(text));
    assert!(says("recipients") && says("organisation=northmoor-police.example"));
}
