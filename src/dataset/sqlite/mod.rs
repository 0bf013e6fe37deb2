//! Tables as one SQLite database. Those of a dataset, `dataset.sqlite`, are typed, keyed and joined as declared, with the
//! meaning of every column and the questions as views; answers have tables of their own. The same rows give the same bytes.

mod answers;
mod declare;

use super::cell::{Value, each_row, value_of};
use super::format::{Book, KeepGoing, go_on};
use super::table::Table;
use polars::prelude::DataFrame;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, ErrorCode, ToSql, params, params_from_iter};
use std::io;
use std::path::Path;

pub(super) use answers::write as write_answers;

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
        whole(path, |database| {
            for table in tables {
                add_table(database, table, keep_going)?;
            }
            describe(database, tables).map_err(as_io)?;
            let mut views = self.views.iter();
            views.try_for_each(|view| add_view(database, view).map_err(as_io))
        })
    }
}

/// Makes a database in one go.
fn whole(path: &Path, content: impl FnOnce(&Connection) -> io::Result<()>) -> io::Result<()> {
    let mut database = Connection::open(path).map_err(as_io)?;
    database.execute_batch(SETTINGS).map_err(as_io)?;
    let transaction = database.transaction().map_err(as_io)?;
    content(&transaction)?;
    transaction.commit().map_err(as_io)?;
    database.close().map_err(|(_, error)| as_io(error))
}

/// A table with its rows; the indexes come last, because a whole table is indexed faster than a growing one.
fn add_table(database: &Connection, table: &Table, keep_going: KeepGoing<'_>) -> io::Result<()> {
    let run = |sql: &str| database.execute_batch(sql).map_err(as_io);
    run(&declare::table(table))?;
    fill(database, table.schema().name, table.frame(), keep_going)?;
    run(&declare::indexes(table.schema()))
}

/// The rows of a table that was created.
fn fill(
    database: &Connection,
    name: &str,
    frame: &DataFrame,
    keep_going: KeepGoing<'_>,
) -> io::Result<()> {
    let insert = declare::insert(name, frame.width());
    let mut insert = database.prepare(&insert).map_err(as_io)?;
    each_row(frame, |row| {
        go_on(keep_going)?;
        let values = row.iter().map(value_of);
        insert.execute(params_from_iter(values)).map_err(as_io)?;
        Ok(())
    })
}

/// What each column means.
fn describe(database: &Connection, tables: &[Table]) -> rusqlite::Result<()> {
    database.execute_batch(declare::DICTIONARY)?;
    let mut insert = database.prepare("INSERT INTO _dictionary VALUES (?, ?, ?, ?, ?)")?;
    for table in tables {
        let columns = table.frame().columns().iter();
        for (column, declared) in columns.zip(table.schema().columns) {
            insert.execute(params![
                table.schema().name,
                declared.name,
                declare::type_of(column.dtype()),
                declared.meaning.trim(),
                declared.personal,
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
