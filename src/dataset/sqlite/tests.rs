//! What a reader of the database finds: the rows, the types, the references, the questions.

use super::*;
use crate::dataset::{Dataset, Rows, made};
use rusqlite::types::Value as Stored;

fn bytes(rows: &Rows, views: &[View]) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(SQLITE);
    let dataset = Dataset::new(rows).unwrap();
    let book = Sqlite { views };
    book.write(dataset.tables(), &path, &|| true).unwrap();
    std::fs::read(path).unwrap()
}

fn opened(rows: &Rows, views: &[View]) -> (tempfile::TempDir, Connection) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(SQLITE);
    std::fs::write(&path, bytes(rows, views)).unwrap();
    (folder, Connection::open(path).unwrap())
}

fn column(database: &Connection, sql: &str) -> Vec<Stored> {
    let mut rows = database.prepare(sql).unwrap();
    let values = rows.query_map([], |row| row.get(0)).unwrap();
    values.map(Result::unwrap).collect()
}

fn texts(database: &Connection, sql: &str) -> Vec<String> {
    let text = |value| match value {
        Stored::Text(text) => text,
        other => format!("{other:?}"),
    };
    column(database, sql).into_iter().map(text).collect()
}

fn view(name: &str, sql: &str) -> View {
    View {
        name: name.to_owned(),
        sql: sql.to_owned(),
    }
}

#[test]
fn the_database_is_sound_and_every_reference_leads_somewhere() {
    let (_folder, database) = opened(&made::rows(), &[]);
    assert_eq!(texts(&database, "PRAGMA integrity_check"), ["ok"]);
    assert_eq!(
        column(&database, "PRAGMA foreign_key_check"),
        Vec::<Stored>::new()
    );
    let references = "SELECT \"table\" FROM pragma_foreign_key_list('events') ORDER BY 1";
    assert_eq!(
        texts(&database, references),
        ["events", "organisations", "pages"]
    );
}

#[test]
fn values_keep_their_type_and_missing_ones_are_null() {
    let (_folder, database) = opened(&made::rows(), &[]);
    let types = |sql: &str| texts(&database, sql);
    assert_eq!(
        types("SELECT DISTINCT typeof(event_id) FROM events"),
        ["text"]
    );
    assert_eq!(
        types("SELECT DISTINCT typeof(entry_index) FROM events"),
        ["integer"]
    );
    assert_eq!(
        types("SELECT DISTINCT typeof(automatic) FROM events"),
        ["integer"]
    );
    assert_eq!(
        types("SELECT DISTINCT typeof(member) FROM captures"),
        ["null"]
    );
    let meaning =
        "SELECT meaning FROM _dictionary WHERE \"table\" = 'captures' AND \"column\" = 'volunteer'";
    assert_eq!(types(meaning), ["Who sent it, by the sheet."]);
    let meant = "SELECT \"column\" FROM _dictionary WHERE \"table\" = 'events'";
    assert_eq!(
        types(meant).len(),
        types("SELECT name FROM pragma_table_info('events')").len()
    );
}

#[test]
fn a_key_is_unique_also_where_a_part_of_it_is_missing() {
    let (_folder, database) = opened(&made::rows(), &[]);
    for table in ["captures", "contacts", "problems", "events"] {
        let twice = format!("INSERT INTO {table} SELECT * FROM {table}");
        assert!(database.execute_batch(&twice).is_err(), "{table}");
    }
}

#[test]
fn a_text_is_whole_whatever_stands_in_it() {
    let mut rows = made::rows();
    let hostile = "a\0b\"; DROP TABLE events; --\u{202e}<script>";
    rows.pages[0].title = Some(hostile.to_owned());
    let (_folder, database) = opened(&rows, &[]);
    let titles = texts(&database, "SELECT title FROM pages WHERE title IS NOT NULL");
    assert!(titles.contains(&hostile.to_owned()), "{titles:?}");
}

#[test]
fn a_question_that_is_no_sql_here_is_left_out_and_the_others_answer() {
    let views = [
        view(
            "how_many",
            "-- How many?\nSELECT COUNT(*) AS events FROM events\n",
        ),
        view("broken", "SELECT TOP 3 FROM nowhere"),
        view("an_array", "SELECT ARRAY_AGG(tracker) FROM events"),
    ];
    let (_folder, database) = opened(&made::rows(), &views);
    let there = "SELECT name FROM sqlite_schema WHERE type = 'view'";
    assert_eq!(texts(&database, there), ["how_many"]);
    let events = made::rows().events.len() as i64;
    assert_eq!(
        column(&database, "SELECT * FROM how_many"),
        [Stored::Integer(events)]
    );
}

#[test]
fn the_same_rows_give_the_same_bytes() {
    let mut rows = made::rows();
    rows.disclosures = (0..20_000)
        .map(|n| made::disclosure("a1", n, "email"))
        .collect();
    assert_eq!(bytes(&rows, &[]), bytes(&rows, &[]));
}

#[test]
fn an_interruption_stops_in_the_middle_of_a_table() {
    let folder = tempfile::tempdir().unwrap();
    let dataset = Dataset::new(&made::rows()).unwrap();
    let path = folder.path().join(SQLITE);
    let stopped = Sqlite { views: &[] }.write(dataset.tables(), &path, &|| false);
    assert!(stopped.is_err());
}
