//! The declared tables in the words of SQLite.

use super::View;
use crate::dataset::cell::Kind;
use crate::dataset::schema::{ColumnSchema, TableSchema};
use crate::dataset::table::Table;
use polars::prelude::{DataFrame, DataType};

/// The table that says what each column means.
pub(super) const DICTIONARY: &str = "CREATE TABLE _dictionary (\n  \"table\" TEXT,\n  \"column\" TEXT,\n  type TEXT,\n  \
    meaning TEXT,\n  personal BOOLEAN,\n  PRIMARY KEY (\"table\", \"column\")\n);";

/// Columns by which tables are joined, whether or not a reference is declared: a capture may have several rows.
const JOINED_BY: [&str; 4] = ["event_id", "page_id", "organisation_id", "capture_id"];

/// The table that says what was asked, and which table is the answer.
pub(super) const QUESTIONS: &str = "CREATE TABLE _questions (\n  \"table\" TEXT PRIMARY KEY,\n  question TEXT,\n  \
    counted TEXT,\n  only_where TEXT,\n  \"rows\" INTEGER,\n  sql TEXT\n);";

/// SQLite keeps a flag as 0 or 1; the word says that it is one. A number that its integers have no room for must not come
/// near a column of numbers, where it would lose digits.
pub(super) fn type_of(kind: &DataType) -> &'static str {
    match kind {
        DataType::Boolean => "BOOLEAN",
        DataType::UInt64 => "TEXT",
        kind if kind.is_integer() => "INTEGER",
        kind if kind.is_float() => "REAL",
        _ => "TEXT",
    }
}

/// Creates a table. A key with a column that may be missing is no primary key, because SQLite takes no two missing
/// values for equal.
pub(super) fn table(table: &Table) -> String {
    let schema = table.schema();
    let mut parts = columns(table.frame());
    if !may_lack_its_key(schema) {
        parts.push(format!("PRIMARY KEY ({})", list(schema.key)));
    }
    parts.extend(schema.references.iter().map(|reference| {
        format!(
            "FOREIGN KEY ({}) REFERENCES {} ({})",
            quoted(reference.column),
            quoted(reference.table),
            quoted(reference.to)
        )
    }));
    create(schema.name, &parts)
}

/// Creates the table of an answer, of which nothing is declared but its columns.
pub(super) fn answer(name: &str, frame: &DataFrame) -> String {
    create(name, &columns(frame))
}

fn create(name: &str, parts: &[String]) -> String {
    format!(
        "CREATE TABLE {} (\n  {}\n);",
        quoted(name),
        parts.join(",\n  ")
    )
}

fn columns(frame: &DataFrame) -> Vec<String> {
    let columns = frame.columns().iter();
    columns
        .map(|column| format!("{} {}", quoted(column.name()), type_of(column.dtype())))
        .collect()
}

/// Takes a value a column.
pub(super) fn insert(name: &str, columns: usize) -> String {
    let places = vec!["?"; columns].join(", ");
    format!("INSERT INTO {} VALUES ({places})", quoted(name))
}

/// Creates the indexes: of the key where it is no primary key, and of each column by which tables are joined unless the
/// primary key begins with it.
pub(super) fn indexes(schema: &TableSchema) -> String {
    let mut indexes = String::new();
    let has_primary_key = !may_lack_its_key(schema);
    if !has_primary_key {
        let key = schema
            .columns
            .iter()
            .filter(|column| schema.key.contains(&column.name));
        let key: Vec<String> = key.map(never_missing).collect();
        indexes += &format!(
            "CREATE UNIQUE INDEX {} ON {} ({});\n",
            quoted(&format!("{}_key", schema.name)),
            quoted(schema.name),
            key.join(", ")
        );
    }
    for column in schema.columns.iter().map(|column| column.name) {
        let leads = has_primary_key && schema.key.first() == Some(&column);
        let refers = schema.references.iter().any(|to| to.column == column);
        if !leads && (refers || JOINED_BY.contains(&column)) {
            indexes += &format!(
                "CREATE INDEX {} ON {} ({});\n",
                quoted(&format!("{}_{column}", schema.name)),
                quoted(schema.name),
                quoted(column)
            );
        }
    }
    indexes
}

/// Creates a view, under a name that needs no quotes.
pub(super) fn view(view: &View) -> String {
    format!(
        "CREATE VIEW {} AS\n{};",
        quoted(&view.name),
        view.sql.trim_end().trim_end_matches(';')
    )
}

fn may_lack_its_key(schema: &TableSchema) -> bool {
    let mut columns = schema.columns.iter();
    columns.any(|column| column.optional && schema.key.contains(&column.name))
}

/// A column of a key with a value in place of a missing one that no row has: no text of a table is empty, no number of a
/// key is below 0.
fn never_missing(column: &ColumnSchema) -> String {
    let name = quoted(column.name);
    match (column.optional, column.kind) {
        (false, _) => name,
        (true, Kind::Text) => format!("COALESCE({name}, '')"),
        (true, Kind::Integer | Kind::Flag) => format!("COALESCE({name}, -1)"),
    }
}

fn list(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| quoted(name)).collect();
    quoted.join(", ")
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
