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
    let same_as_above: Vec<Expr> = schema
        .key
        .iter()
        .map(|name| col(*name).eq_missing(col(*name).shift(lit(1))))
        .collect();
    let twice = all_horizontal(same_as_above)
        .and_then(|same| {
            let key = sorted.select(schema.key.iter().copied())?;
            // Nothing stands above the first row.
            let rows = key.lazy().with_column(same.alias("same_as_above"));
            rows.slice(1, IdxSize::MAX)
                .filter(col("same_as_above"))
                .limit(1)
                .collect()
        })
        .map_err(DatasetError::Frames)?;
    match twice.height() {
        0 => Ok(()),
        _ => Err(DatasetError::DuplicateKey {
            table: schema.name,
            key: schema.key.join(", "),
            value: first_row(&twice, schema.key),
        }),
    }
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
    let lost = table
        .frame()
        .clone()
        .lazy()
        .filter(col(reference.column).is_not_null())
        .select([col(reference.column)])
        .join(
            target.frame().clone().lazy(),
            [col(reference.column)],
            [col(reference.to)],
            JoinArgs::new(JoinType::Anti),
        )
        .sort([reference.column], Default::default())
        .limit(1)
        .collect()
        .map_err(DatasetError::Frames)?;
    match lost.height() {
        0 => Ok(()),
        _ => Err(DatasetError::UnresolvedReference {
            table: table.schema().name,
            column: reference.column,
            value: first_row(&lost, &[reference.column]),
            target: reference.table,
        }),
    }
}

fn first_row(frame: &DataFrame, columns: &[&str]) -> String {
    let values = columns.iter().map(|name| {
        let value = frame.column(name).and_then(|column| column.get(0));
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
