//! Answers to questions of the program's own, row by row, for its summaries.

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
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_with_a_quotation_mark_stays_one_text() {
        assert_eq!(quoted("it's"), "'it''s'");
    }
}
