//! The first sheet of the workbook: what this is, which tables there are, what is missing, and how leaks are read.

use super::ROWS_OF_A_TABLE;
use crate::dataset::table::Table;
use std::borrow::Cow;

/// What the sheet is called.
pub(super) const NAME: &str = "read me";

/// The lines, a few cells each.
pub(super) fn lines(tables: &[Table]) -> Vec<Vec<Cow<'static, str>>> {
    let mut lines = vec![
        line(
            "what this is",
            "Tables drawn from captures of web traffic by pixelhound: what web pages told third parties about their visitors. The same rows stand in the CSV and Parquet files beside this workbook.",
        ),
        line(
            "how to read leaks",
            "An event counts if delivery is delivered and repeat_of is empty. A leak is an event that counts and has tier 1, 2 or 3. All other rows are evidence, and are in no figure.",
        ),
        line(
            "missing values",
            "An empty cell is a missing value: not recorded, or not there. It is never 0, and never no.",
        ),
        line(
            "long texts",
            "A cell holds 32,767 characters. A longer text is cut and ends with how many characters it has; the CSV file holds it whole.",
        ),
        line(
            "control characters",
            "Control characters that a workbook cannot hold are written out, such as \\u{0} or \\r; the CSV file holds them as they are.",
        ),
        line(
            "personal data",
            "Columns marked personal in datapackage.json may say something about a volunteer or a visitor.",
        ),
        line(
            "evidence",
            "manifest-sha256.txt holds the hash of this file and of every capture; run.json says what ran.",
        ),
        vec![],
        vec!["table".into(), "rows".into(), "one row for".into()],
    ];
    for table in tables {
        let rows = table.frame().height();
        lines.push(vec![
            table.schema().name.into(),
            rows_of(table.schema().name, rows),
            table.schema().about.trim().into(),
        ]);
    }
    lines
}

fn line(heading: &'static str, text: &'static str) -> Vec<Cow<'static, str>> {
    vec![heading.into(), text.into()]
}

/// How many rows there are, and how many of them the sheet has no room for.
fn rows_of(table: &str, rows: usize) -> Cow<'static, str> {
    match rows.saturating_sub(ROWS_OF_A_TABLE) {
        0 => rows.to_string().into(),
        missing => format!("{rows}; NOT HERE: the last {missing}, for which a sheet has no room. They are in {table}.csv").into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_that_do_not_fit_are_counted_and_found() {
        assert_eq!(rows_of("events", 1_048_575), "1048575");
        assert_eq!(
            rows_of("events", 1_048_600),
            "1048600; NOT HERE: the last 25, for which a sheet has no room. They are in events.csv"
        );
    }
}
