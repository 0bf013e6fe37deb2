//! An answer narrowed to the rows that somebody asks about: one organisation, one company.

use std::fmt;
use std::str::FromStr;

use polars::prelude::{BooleanChunked, DataFrame, NewChunkedArray};

use super::error::FigureError;
use super::present::text;

/// What a column must say, written `column=value`; an empty value asks for empty cells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    column: String,
    value: String,
}

impl FromStr for Condition {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.split_once('=') {
            Some((column, value)) if !column.is_empty() => Ok(Condition {
                column: column.to_owned(),
                value: value.to_owned(),
            }),
            _ => Err("it is written as column=value".to_owned()),
        }
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}={}", self.column, self.value)
    }
}

/// The rows of an answer for which every condition holds, as their cells are written.
///
/// # Errors
/// A column that the answer does not have.
pub fn narrowed(answer: DataFrame, conditions: &[Condition]) -> Result<DataFrame, FigureError> {
    conditions.iter().try_fold(answer, narrowed_by)
}

fn narrowed_by(answer: DataFrame, condition: &Condition) -> Result<DataFrame, FigureError> {
    let names = answer.get_column_names().into_iter();
    let Some(column) = answer
        .columns()
        .iter()
        .find(|column| column.name() == condition.column.as_str())
    else {
        return Err(FigureError::NoSuchColumn {
            column: condition.column.clone(),
            columns: names
                .map(|name| name.as_str())
                .collect::<Vec<_>>()
                .join(", "),
        });
    };
    let rows = (0..answer.height()).map(|row| text(column, row) == condition.value);
    let kept = BooleanChunked::from_iter_values("kept".into(), rows);
    // The mask is as long as the answer, so nothing can fail; if it did, the answer would be the SQL's failure.
    answer.filter(&kept).map_err(|error| FigureError::Sql {
        query: condition.to_string(),
        error,
    })
}

#[cfg(test)]
mod tests {
    use polars::prelude::df;

    use super::*;

    fn kept(conditions: &[&str]) -> Result<usize, FigureError> {
        let answer = df!(
            "organisation" => [Some("Northmoor"), Some("Westhaven"), None],
            "leaks" => [3_i64, 1, 3],
        );
        let conditions: Vec<Condition> = conditions
            .iter()
            .map(|text| text.parse().unwrap())
            .collect();
        narrowed(answer.unwrap(), &conditions).map(|answer| answer.height())
    }

    #[test]
    fn only_rows_of_which_all_is_true_stay() {
        assert_eq!(kept(&[]).unwrap(), 3);
        assert_eq!(kept(&["organisation=Northmoor"]).unwrap(), 1);
        assert_eq!(kept(&["leaks=3"]).unwrap(), 2);
        assert_eq!(kept(&["leaks=3", "organisation="]).unwrap(), 1);
        assert_eq!(kept(&["organisation=north"]).unwrap(), 0);
    }

    #[test]
    fn a_column_that_is_not_there_is_an_error_that_names_those_that_are() {
        let error = kept(&["org=Northmoor"]).unwrap_err().to_string();
        assert!(error.contains("organisation, leaks"), "{error}");
        assert!("organisation".parse::<Condition>().is_err());
        assert!("=x".parse::<Condition>().is_err());
    }
}
