//! Sorts a table by its key and guards the two promises of the schema: keys are unique, references lead somewhere. A
//! broken promise is a bug of this program, never of a capture.

use super::cell::text_of;
use super::error::DatasetError;
use super::schema::{Reference, TableSchema};
use super::table::Table;
use polars::prelude::*;

/// The table, its rows in the order of the key (missing values first, text by bytes, numbers by value).
pub(super) fn sorted(schema: TableSchema, frame: DataFrame) -> Result<Table, DatasetError> {
    let order = SortMultipleOptions::default()
        .with_nulls_last(false)
        .with_maintain_order(true);
    let mut frame = frame
        .sort(schema.key.iter().copied(), order)
        .map_err(DatasetError::Frames)?;
    frame.rechunk_mut();
    unique(&schema, &frame)?;
    Ok(Table::new(schema, frame))
}

/// In a sorted table, rows with one key stand side by side.
fn unique(schema: &TableSchema, sorted: &DataFrame) -> Result<(), DatasetError> {
    match twice(schema, sorted).map_err(DatasetError::Frames)? {
        None => Ok(()),
        Some(row) => Err(DatasetError::DuplicateKey {
            table: schema.name,
            key: schema.key.join(", "),
            value: texts_of(sorted, schema.key, row),
        }),
    }
}

/// The first row that has the key of the row above it.
fn twice(schema: &TableSchema, sorted: &DataFrame) -> PolarsResult<Option<usize>> {
    let below = sorted.height().saturating_sub(1);
    let mut same = BooleanChunked::full("same".into(), true, below);
    for name in schema.key {
        let column = sorted.column(name)?;
        let above = column.slice(0, below);
        same = same & column.slice(1, below).equal_missing(&above)?;
    }
    Ok(same.first_true_idx().map(|place| place + 1))
}

/// Checks every declared reference of every table.
pub(super) fn references(tables: &[Table]) -> Result<(), DatasetError> {
    for table in tables {
        for reference in table.schema().references {
            let target = tables
                .iter()
                .find(|other| other.schema().name == reference.table);
            if let Some(target) = target {
                resolved(table, reference, target)?;
            }
        }
    }
    Ok(())
}

fn resolved(table: &Table, reference: &Reference, target: &Table) -> Result<(), DatasetError> {
    let lost = lost(table, reference, target).map_err(DatasetError::Frames)?;
    match lost {
        None => Ok(()),
        Some(value) => Err(DatasetError::UnresolvedReference {
            table: table.schema().name,
            column: reference.column,
            value,
            target: reference.table,
        }),
    }
}

/// The least text that leads nowhere.
fn lost(table: &Table, reference: &Reference, target: &Table) -> PolarsResult<Option<String>> {
    let from = table.frame().column(reference.column)?.str()?;
    let known = target.frame().column(reference.to)?.str()?;
    let known: PlHashSet<&str> = known.iter().flatten().collect();
    let lost = from.iter().flatten().filter(|text| !known.contains(text));
    Ok(lost.min().map(str::to_owned))
}

/// What a row says in some columns.
fn texts_of(frame: &DataFrame, columns: &[&str], row: usize) -> String {
    let values = columns.iter().map(|name| {
        let value = frame.column(name).and_then(|column| column.get(row));
        let value = value.unwrap_or(AnyValue::Null);
        text_of(&value).map_or_else(|| "nothing".to_owned(), |text| text.into_owned())
    });
    values.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use crate::dataset::{Dataset, DatasetError, Rows, made, text_of};

    fn column(dataset: &Dataset, table: &str, name: &str) -> Vec<String> {
        let frame = dataset.table(table).unwrap().frame();
        let column = frame.column(name).unwrap();
        let text = |row| {
            let value = column.get(row).unwrap();
            text_of(&value).map_or("-".to_owned(), |text| text.into_owned())
        };
        (0..frame.height()).map(text).collect()
    }

    fn refused(rows: &Rows) -> String {
        Dataset::new(rows).unwrap_err().to_string()
    }

    #[test]
    fn rows_are_sorted_by_key_numbers_by_value_missing_first() {
        let dataset = Dataset::new(&made::rows()).unwrap();
        assert_eq!(
            column(&dataset, "captures", "path"),
            ["a.har", "b.har", "c.har", "copy.har"]
        );
        assert_eq!(column(&dataset, "disclosures", "number"), ["9", "10", "11"]);
        assert_eq!(
            column(&dataset, "problems", "entry_index"),
            ["-", "9", "10"]
        );
        assert_eq!(column(&dataset, "contacts", "page_id"), ["-", "p3", "p4"]);
    }

    #[test]
    fn two_rows_with_one_key_are_a_bug_that_is_named() {
        let mut rows = made::rows();
        rows.disclosures.push(made::disclosure("a1", 9, "email"));
        assert!(refused(&rows).contains("disclosures have the same key (event_id, number: a1, 9)"));
    }

    #[test]
    fn a_reference_to_nothing_is_a_bug_that_is_named() {
        let mut rows = made::rows();
        rows.disclosures.push(made::disclosure("gone", 1, "email"));
        assert!(
            refused(&rows)
                .starts_with("disclosures.event_id names gone, which events does not have")
        );

        let mut rows = made::rows();
        rows.events[1].repeat_of = Some("lost".to_owned());
        assert!(matches!(
            Dataset::new(&rows),
            Err(DatasetError::UnresolvedReference {
                table: "events",
                column: "repeat_of",
                ..
            })
        ));

        let mut rows = made::rows();
        rows.events[0].page_id = Some("p99".to_owned());
        assert!(refused(&rows).contains("events.page_id names p99"));
    }

    #[test]
    fn the_same_problem_in_the_same_words_is_told_once() {
        let mut rows = made::rows();
        rows.problems.push(rows.problems[0].clone());
        let dataset = Dataset::new(&rows).unwrap();
        assert_eq!(dataset.table("problems").unwrap().frame().height(), 3);
    }
}
