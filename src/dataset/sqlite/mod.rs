//! All tables as one SQLite database, `dataset.sqlite`: typed, keyed and joined as declared, with the meaning of every
//! column in it and the questions as views. The same rows give the same bytes.

mod declare;

use super::cell::{Value, each_row, value_of};
use super::format::{Book, KeepGoing, go_on};
use super::table::Table;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, ErrorCode, ToSql, params, params_from_iter};
use std::io;
use std::path::Path;

/// The name of the file.
pub(super) const SQLITE: &str = "dataset.sqlite";

/// Nothing of the file is worth keeping unless it is whole, so it needs no journal. The size of a page shows in the bytes.
/// The references are kept already; in a table that refers to itself a row may come before the one it names.
const SETTINGS: &str = "PRAGMA page_size = 4096; PRAGMA encoding = 'UTF-8'; PRAGMA journal_mode = OFF; \
    PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF; PRAGMA temp_store = MEMORY;";

/// A question that the database answers by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct View {
    pub name: String,
    pub sql: String,
}

/// The format.
pub(super) struct Sqlite<'a> {
    /// Those that are no SQL for SQLite are left out.
    pub(super) views: &'a [View],
}

impl Book for Sqlite<'_> {
    fn file_name(&self) -> &'static str {
        SQLITE
    }

    fn write(&self, tables: &[Table], path: &Path, keep_going: KeepGoing<'_>) -> io::Result<()> {
        let mut database = Connection::open(path).map_err(as_io)?;
        database.execute_batch(SETTINGS).map_err(as_io)?;
        let transaction = database.transaction().map_err(as_io)?;
        for table in tables {
            fill(&transaction, table, keep_going)?;
        }
        describe(&transaction, tables).map_err(as_io)?;
        for view in self.views {
            add_view(&transaction, view).map_err(as_io)?;
        }
        transaction.commit().map_err(as_io)?;
        database.close().map_err(|(_, error)| as_io(error))
    }
}

/// A table with its rows; the indexes come last, because a whole table is indexed faster than a growing one.
fn fill(database: &Connection, table: &Table, keep_going: KeepGoing<'_>) -> io::Result<()> {
    let schema = table.schema();
    database
        .execute_batch(&declare::table(schema))
        .map_err(as_io)?;
    let mut insert = database.prepare(&declare::insert(schema)).map_err(as_io)?;
    each_row(table.frame(), |row| {
        go_on(keep_going)?;
        let values = row.iter().map(value_of);
        insert.execute(params_from_iter(values)).map_err(as_io)?;
        Ok(())
    })?;
    database
        .execute_batch(&declare::indexes(schema))
        .map_err(as_io)
}

/// What each column means.
fn describe(database: &Connection, tables: &[Table]) -> rusqlite::Result<()> {
    database.execute_batch(declare::DICTIONARY)?;
    let mut insert = database.prepare("INSERT INTO _dictionary VALUES (?, ?, ?, ?, ?)")?;
    for schema in tables.iter().map(Table::schema) {
        for column in schema.columns {
            insert.execute(params![
                schema.name,
                column.name,
                declare::type_of(column.kind),
                column.meaning.trim(),
                column.personal,
            ])?;
        }
    }
    Ok(())
}

/// Only a view that can be asked may stay: one that cannot would make the whole database unreadable.
fn add_view(database: &Connection, view: &View) -> rusqlite::Result<()> {
    if database.prepare(&view.sql).is_err() {
        return Ok(());
    }
    database.execute_batch(&declare::view(view))
}

impl ToSql for Value<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Value::Missing => ValueRef::Null,
            Value::Text(text) => ValueRef::Text(text.as_bytes()),
            Value::Integer(number) => ValueRef::Integer(*number),
            Value::Number(number) => ValueRef::Real(*number),
            Value::Flag(flag) => ValueRef::Integer(i64::from(*flag)),
        }))
    }
}

fn as_io(error: rusqlite::Error) -> io::Error {
    match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => io::ErrorKind::StorageFull.into(),
        Some(ErrorCode::PermissionDenied) => io::ErrorKind::PermissionDenied.into(),
        Some(ErrorCode::ReadOnly) => io::ErrorKind::ReadOnlyFilesystem.into(),
        _ => io::Error::other(error),
    }
}

#[cfg(test)]
mod tests;
