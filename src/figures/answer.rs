//! Answers to questions of the program's own, row by row, for its summaries.

use std::collections::BTreeMap;

use super::error::FigureError;
use super::present::rows_of;
use super::{Query, Tables};

/// Asks one question of the program's own.
pub(super) fn ask(tables: &Tables, name: &str, sql: &str) -> Result<Vec<Answer>, FigureError> {
    let frame = tables.answer(&Query::new(name, sql))?;
    Ok(rows_of(&frame).into_iter().map(Answer).collect())
}

pub(super) fn first(rows: Vec<Answer>) -> Answer {
    rows.into_iter().next().unwrap_or_default()
}

impl Tables {
    /// How many rows a table has.
    ///
    /// # Errors
    /// A table that is not there or cannot be read.
    pub fn rows_of(&self, table: &str) -> Result<usize, FigureError> {
        let rows = ask(
            self,
            "rows",
            &format!("SELECT COUNT(*) AS rows FROM {table}"),
        )?;
        Ok(first(rows).size(0))
    }

    /// How many rows of a table say what in a column.
    ///
    /// # Errors
    /// A table or column that is not there or cannot be read.
    pub fn count_by(
        &self,
        table: &str,
        column: &str,
    ) -> Result<BTreeMap<String, usize>, FigureError> {
        let sql = format!("SELECT {column}, COUNT(*) AS rows FROM {table} GROUP BY {column}");
        let rows = ask(self, "rows by what they say", &sql)?;
        Ok(rows.iter().map(|row| (row.text(0), row.size(1))).collect())
    }
}

/// A text as SQL writes it.
pub(super) fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// One row of an answer, as texts; a missing number is 0.
#[derive(Debug, Default)]
pub(super) struct Answer(Vec<String>);

impl Answer {
    pub(super) fn text(&self, place: usize) -> String {
        self.0.get(place).cloned().unwrap_or_default()
    }

    pub(super) fn number(&self, place: usize) -> u64 {
        self.text(place).parse().unwrap_or(0)
    }

    /// A number of things that this machine can count.
    fn size(&self, place: usize) -> usize {
        usize::try_from(self.number(place)).unwrap_or(usize::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_with_a_quotation_mark_stays_one_text() {
        assert_eq!(quoted("it's"), "'it''s'");
    }
}
