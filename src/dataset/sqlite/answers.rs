//! Answers to questions as one database: a table an answer, and a table that says what was asked.

use super::{as_io, declare, fill, whole};
use crate::dataset::answers::Answers;
use crate::dataset::format::KeepGoing;
use polars::prelude::DataFrame;
use rusqlite::{Connection, params};
use std::io;
use std::path::Path;

/// Makes the whole file, unless `keep_going` says no.
pub(in crate::dataset) fn write(
    answers: &Answers,
    path: &Path,
    keep_going: KeepGoing<'_>,
) -> io::Result<()> {
    whole(path, |database| {
        say_what_was_asked(database, answers).map_err(as_io)?;
        for (answered, frame) in answers.there() {
            let name = table_of(&answered.name);
            let create = declare::answer(&name, frame);
            database.execute_batch(&create).map_err(as_io)?;
            fill(database, &name, frame, keep_going)?;
        }
        Ok(())
    })
}

/// A question that was left out has no number of rows.
fn say_what_was_asked(database: &Connection, answers: &Answers) -> rusqlite::Result<()> {
    database.execute_batch(declare::QUESTIONS)?;
    let mut insert = database.prepare("INSERT INTO _questions VALUES (?, ?, ?, ?, ?, ?)")?;
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    for answered in &answers.answered {
        let rows = answered.frame.as_ref().map(DataFrame::height);
        insert.execute(params![
            table_of(&answered.name),
            some(&answered.question),
            some(&answered.notes),
            some(&answers.only_where),
            rows.and_then(|rows| i64::try_from(rows).ok()),
            answered.sql,
        ])?;
    }
    Ok(())
}

/// A name that needs no quotes in SQL, as the views of a dataset have it.
fn table_of(name: &str) -> String {
    name.replace('-', "_")
}
