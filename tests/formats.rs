//! The further formats of a dataset hold the same rows as its CSV files, whatever stands in them, and come out the same
//! byte for byte.

mod common;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use common::{hostile, workbook};
use pixelhound::dataset::{Kind, TABLES, TableSchema};
use rusqlite::Connection;
use rusqlite::types::Value as Stored;
use serde_json::Value;

/// The cells of a table as the CSV has them.
type Cells = Vec<Vec<String>>;

const ALL: [&str; 3] = ["--parameters", "--format", "csv,parquet,ndjson,sqlite,xlsx"];

fn made(input: &Path, more: &[&str]) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    common::analyse(&[input], &out, &[&ALL, more].concat());
    (folder, out)
}

fn in_csv(dataset: &Path, table: &TableSchema) -> Cells {
    let path = dataset.join(format!("{}.csv", table.name));
    let mut reader = csv::Reader::from_path(path).unwrap();
    let names: Vec<&str> = table.columns.iter().map(|column| column.name).collect();
    assert_eq!(reader.headers().unwrap(), names, "{}", table.name);
    let record = |record: csv::Result<csv::StringRecord>| {
        record.unwrap().iter().map(str::to_owned).collect()
    };
    reader.records().map(record).collect()
}

fn in_ndjson(dataset: &Path, table: &TableSchema) -> Cells {
    let path = dataset.join(format!("{}.ndjson", table.name));
    let text = fs::read_to_string(path).unwrap();
    let line = |line: &str| {
        let object: serde_json::Map<String, Value> = serde_json::from_str(line).unwrap();
        assert_eq!(object.len(), table.columns.len());
        let cell = |name: &str| match (&object[name], kind(table, name)) {
            (Value::Null, _) => String::new(),
            (Value::String(text), Kind::Text) => text.clone(),
            (Value::Number(number), Kind::Integer) => number.to_string(),
            (Value::Bool(flag), Kind::Flag) => flag.to_string(),
            (other, kind) => panic!("{name}: {other} is no {kind:?}"),
        };
        table
            .columns
            .iter()
            .map(|column| cell(column.name))
            .collect()
    };
    text.lines().map(line).collect()
}

fn kind(table: &TableSchema, name: &str) -> Kind {
    let column = table.columns.iter().find(|column| column.name == name);
    column.unwrap().kind
}

fn in_sqlite(dataset: &Path, table: &TableSchema) -> Cells {
    let database = Connection::open(dataset.join("dataset.sqlite")).unwrap();
    let sql = format!("SELECT * FROM {} ORDER BY rowid", table.name);
    let mut rows = database.prepare(&sql).unwrap();
    let cells = rows.query_map([], |row| {
        let cell = |(place, kind)| Ok(stored(row.get(place)?, kind));
        let kinds = table.columns.iter().map(|column| column.kind);
        kinds.enumerate().map(cell).collect()
    });
    cells.unwrap().map(Result::unwrap).collect()
}

fn stored(value: Stored, kind: Kind) -> String {
    match (value, kind) {
        (Stored::Null, _) => String::new(),
        (Stored::Text(text), Kind::Text) => text,
        (Stored::Integer(number), Kind::Integer) => number.to_string(),
        (Stored::Integer(flag), Kind::Flag) => (flag == 1).to_string(),
        (other, kind) => panic!("{other:?} is no {kind:?}"),
    }
}

/// The sheet of a table.
fn sheet(dataset: &Path, name: &str) -> String {
    workbook::sheet(&dataset.join("dataset.xlsx"), name)
}

fn in_xlsx(dataset: &Path, table: &TableSchema) -> Cells {
    workbook::cells(&sheet(dataset, table.name), table.columns.len()).split_off(1)
}

#[test]
fn every_format_holds_the_rows_of_the_samples() {
    let (_folder, out) = made(Path::new("samples"), &[]);
    for table in &TABLES {
        let cells = in_csv(&out, table);
        assert_eq!(in_ndjson(&out, table), cells, "{}", table.name);
        assert_eq!(in_sqlite(&out, table), cells, "{}", table.name);
        assert_eq!(in_xlsx(&out, table), cells, "{}", table.name);
    }
    assert!(sheet(&out, "read me").contains("how to read leaks"));
}

#[test]
fn nothing_hostile_is_lost_or_does_anything() {
    let folder = tempfile::tempdir().unwrap();
    let (_out, out) = made(&hostile::captures(folder.path(), &hostile::TEXTS), &[]);
    for table in &TABLES {
        let cells = in_csv(&out, table);
        assert_eq!(in_ndjson(&out, table), cells, "{}", table.name);
        assert_eq!(in_sqlite(&out, table), cells, "{}", table.name);
        // A workbook cannot hold control characters, and says so.
        let written_out = |text: &String| {
            text.replace('\u{0}', "\\u{0}")
                .replace('\u{7}', "\\u{7}")
                .replace('\r', "\\r")
        };
        let shown: Cells = cells
            .iter()
            .map(|row| row.iter().map(written_out).collect())
            .collect();
        assert_eq!(in_xlsx(&out, table), shown, "{}", table.name);
        let sheet = sheet(&out, table.name);
        assert!(!sheet.contains("<f") && !sheet.contains("hyperlink"));
    }
    let producers: Vec<String> = common::table(&out, "captures")
        .into_iter()
        .map(|row| row["producer"].clone())
        .collect();
    assert_eq!(producers, hostile::TEXTS);
}

#[test]
fn a_text_too_long_for_a_cell_is_cut_with_a_mark_and_is_whole_elsewhere() {
    let folder = tempfile::tempdir().unwrap();
    let long = "long ".repeat(8_000);
    let (_out, out) = made(&hostile::captures(folder.path(), &[&long]), &[]);
    let captures = TABLES
        .iter()
        .find(|table| table.name == "captures")
        .unwrap();
    let place = captures
        .columns
        .iter()
        .position(|column| column.name == "producer");
    let cell = |cells: Cells| cells[0][place.unwrap()].clone();
    let whole = cell(in_csv(&out, captures));
    assert_eq!(whole.trim_end(), long.trim_end());
    assert_eq!(cell(in_ndjson(&out, captures)), whole);
    assert_eq!(cell(in_sqlite(&out, captures)), whole);
    let cut = cell(in_xlsx(&out, captures));
    let mark = format!("… [cut: {} characters]", whole.chars().count());
    assert!(cut.starts_with("long long ") && cut.ends_with(&mark));
    assert!(cut.encode_utf16().count() <= 32_767);
}

#[test]
fn the_files_are_as_ever_unless_more_is_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let out = |name: &str| folder.path().join(name);
    let samples = Path::new("samples");
    common::analyse(&[samples], &out("plain"), &[]);
    common::analyse(&[samples], &out("named"), &["--format", "csv"]);
    common::analyse(&[samples], &out("json"), &["--format", "ndjson"]);
    assert_eq!(common::files(&out("plain")), common::files(&out("named")));
    let plain = common::files(&out("plain"));
    let json = common::files(&out("json"));
    assert_eq!(json.len(), plain.len() + TABLES.len() - 1);
    let record = |files: &std::collections::BTreeMap<String, Vec<u8>>| -> Value {
        serde_json::from_slice(&files["run.json"]).unwrap()
    };
    assert_eq!(record(&plain)["options"].get("formats"), None);
    assert_eq!(
        record(&json)["options"]["formats"],
        serde_json::json!(["csv", "parquet", "ndjson"])
    );
    let unknown = common::run(&["analyse", "samples", "--out", "nowhere", "--format", "xml"]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&unknown.stderr).contains("a format is csv, parquet"));
}

#[test]
fn verify_makes_them_again_and_names_a_bit_that_was_flipped() {
    let (_folder, out) = made(Path::new("samples"), &[]);
    let verify = |more: &[&str]| {
        let mut command = common::pixelhound(&["verify"]);
        let output = command.arg(&out).args(more).output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        (output.status.code(), said)
    };
    let (code, said) = verify(&[]);
    assert_eq!(code, Some(0), "{said}");
    let manifest = fs::read_to_string(out.join("manifest-sha256.txt")).unwrap();
    for name in ["dataset.sqlite", "dataset.xlsx", "events.ndjson"] {
        assert!(manifest.contains(&format!("  {name}\n")));
        let whole = fs::read(out.join(name)).unwrap();
        let mut damaged = whole.clone();
        damaged[whole.len() / 2] ^= 4;
        fs::write(out.join(name), damaged).unwrap();
        let (code, said) = verify(&[]);
        assert_eq!(code, Some(1), "{said}");
        assert!(said.contains(name), "{said}");
        fs::write(out.join(name), whole).unwrap();
    }
}

#[test]
fn force_replaces_them_and_the_files_of_others_stay() {
    let (_folder, out) = made(Path::new("samples"), &[]);
    let before = common::files(&out);
    common::analyse(
        &[Path::new("samples")],
        &out,
        &[&ALL[..], &["--force"]].concat(),
    );
    assert_eq!(common::files(&out), before);
    common::analyse(&[Path::new("samples")], &out, &["--force"]);
    assert!(!out.join("dataset.sqlite").exists() && !out.join("events.ndjson").exists());
    fs::write(out.join("mine.xlsx"), "mine").unwrap();
    let mut again = common::pixelhound(&["analyse", "samples", "--force", "--out"]);
    let refused = again.arg(&out).output().unwrap();
    assert_eq!(refused.status.code(), Some(2));
    assert!(out.join("mine.xlsx").is_file());
}

/// What SQLite answers: the names of the columns, then the rows.
fn asked(database: &Connection, sql: &str) -> Cells {
    let mut rows = database.prepare(sql).unwrap();
    let names: Vec<String> = rows.column_names().map(str::to_owned).collect();
    let cell = |value| match value {
        Stored::Null => String::new(),
        Stored::Text(text) => text,
        Stored::Integer(number) => number.to_string(),
        other => format!("{other:?}"),
    };
    let width = names.len();
    let answer = rows.query_map([], |row| {
        let cells = (0..width).map(|place| Ok(cell(row.get(place)?)));
        cells.collect()
    });
    let answer = answer.unwrap().map(Result::unwrap);
    std::iter::once(names).chain(answer).collect()
}

/// What `query` says; SQLite has no word for a flag.
fn answered(dataset: &Path, question: &str) -> Cells {
    let mut query = common::pixelhound(&["query"]);
    let csv = query.arg(dataset).arg(question).output().unwrap().stdout;
    let cell = |text: &str| match text {
        "true" => "1".to_owned(),
        "false" => "0".to_owned(),
        other => other.to_owned(),
    };
    let mut answer = csv::ReaderBuilder::new()
        .has_headers(false)
        .from_reader(csv.as_slice());
    let records = answer.records().map(Result::unwrap);
    records
        .map(|record| record.iter().map(cell).collect())
        .collect()
}

#[test]
fn every_question_is_a_view_and_answers_as_query_does() {
    let personas = ["--personas", "samples/personas.csv"];
    let mut silent: Vec<String> = Vec::new();
    for more in [&[][..], &personas] {
        let (_folder, out) = made(Path::new("samples"), more);
        let database = Connection::open(out.join("dataset.sqlite")).unwrap();
        for query in pixelhound::figures::built_in() {
            let view = query.name().replace('-', "_");
            let answer = answered(&out, query.name());
            let in_view = asked(&database, &format!("SELECT * FROM {view}"));
            assert_eq!(in_view, answer, "{view}");
            assert_eq!(asked(&database, query.sql()), answer, "{view} as it is");
            if answer.len() < 2 {
                silent.push(view);
            }
        }
    }
    // Two questions divide between them what is found with personas and without.
    assert_eq!(silent, ["what_was_typed", "looks_like_contact_data"]);
}

/// Older than what this program brings along, as on most computers.
#[test]
fn python_opens_the_database_and_the_workbook() {
    let script = "\
import sqlite3, sys, zipfile, xml.etree.ElementTree as tree
database = sqlite3.connect(sys.argv[1] + '/dataset.sqlite')
assert database.execute('PRAGMA integrity_check').fetchall() == [('ok',)]
assert database.execute('PRAGMA foreign_key_check').fetchall() == []
for (name,) in database.execute(\"SELECT name FROM sqlite_master WHERE type IN ('table', 'view')\").fetchall():
    database.execute(f'SELECT * FROM \"{name}\"').fetchall()
book = zipfile.ZipFile(sys.argv[1] + '/dataset.xlsx')
assert book.testzip() is None
for part in book.namelist():
    tree.fromstring(book.read(part))
    assert book.getinfo(part).date_time == (1980, 1, 1, 0, 0, 0), part
";
    let python = Command::new("python3")
        .args(["-c", "import sqlite3"])
        .output();
    if !python.is_ok_and(|output| output.status.success()) {
        eprintln!("skipped: python3 is not here");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let (_out, out) = made(&hostile::captures(folder.path(), &hostile::TEXTS), &[]);
    let checked = Command::new("python3")
        .arg("-c")
        .arg(script)
        .arg(&out)
        .output();
    let checked = checked.unwrap();
    let said = String::from_utf8_lossy(&checked.stderr);
    assert!(checked.status.success(), "{said}");
}
