//! The answer to a question as texts, and the one cell of it that a figure looks for.

use polars::prelude::DataFrame;

use crate::figures::present::rows_of;

/// The column by which an answer says whose row it is.
const WHOSE: &str = "organisation_id";

/// The answer to a question, as texts.
pub(super) struct Cells {
    columns: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Cells {
    pub(super) fn of(frame: &DataFrame) -> Cells {
        let columns = frame.get_column_names().into_iter();
        Cells {
            columns: columns.map(ToString::to_string).collect(),
            rows: rows_of(frame),
        }
    }

    /// The value in a column of an organisation's row, or of the only row. `None`: there is none, or it is missing. An
    /// error says what the answer has or has not.
    pub(super) fn cell(&self, column: &str, organisation: &str) -> Result<Option<String>, String> {
        let place = self.place(column)?;
        let mut rows: Vec<&Vec<String>> = self.rows.iter().collect();
        if !organisation.is_empty() {
            let whose = self.place(WHOSE)?;
            rows.retain(|row| row.get(whose).is_some_and(|id| id == organisation));
        }
        if rows.len() > 1 {
            let count = rows.len();
            return Err(format!("has {count} rows where the figure needs one"));
        }
        let value = rows.first().and_then(|row| row.get(place));
        Ok(value.filter(|value| !value.is_empty()).cloned())
    }

    fn place(&self, column: &str) -> Result<usize, String> {
        let mut names = self.columns.iter();
        let place = names.position(|name| name == column);
        place.ok_or_else(|| format!("has no column {column}"))
    }
}
