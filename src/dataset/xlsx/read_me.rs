//! The first sheet of a workbook: what this is, how cells are to be read, which sheets there are, and what is missing.

use super::{ROWS_OF_A_TABLE, Sheet, Workbook};
use std::borrow::Cow;

/// What the sheet is called.
pub(super) const NAME: &str = "read me";

/// What is said of a dataset.
pub(super) const OF_A_DATASET: [(&str, &str); 4] = [
    (
        "what this is",
        "Tables drawn from captures of web traffic by pixelhound: what web pages told third parties about their visitors. The same rows stand in the CSV and Parquet files beside this workbook.",
    ),
    (
        "how to read leaks",
        "An event counts if delivery is delivered and repeat_of is empty. A leak is an event that counts and has tier 1, 2 or 3. All other rows are evidence, and are in no figure.",
    ),
    (
        "personal data",
        "Columns marked personal in datapackage.json may say something about a volunteer or a visitor.",
    ),
    (
        "evidence",
        "manifest-sha256.txt holds the hash of this file and of every capture; run.json says what ran.",
    ),
];

/// What is said of every workbook.
const OF_ITS_CELLS: [(&str, &str); 3] = [
    (
        "missing values",
        "An empty cell is a missing value: not recorded, or not there. It is never 0, and never no.",
    ),
    (
        "long texts",
        "A cell holds 32,767 characters. A longer text is cut and ends with how many characters it has; the CSV file holds it whole.",
    ),
    (
        "control characters",
        "Control characters that a workbook cannot hold are written out, such as \\u{0} or \\r; the CSV file holds them as they are.",
    ),
];

/// A line, a few cells.
pub(super) type Line<'a> = Vec<Cow<'a, str>>;

/// The lines, of which `names` are the names of the sheets.
pub(super) fn lines<'a>(workbook: &Workbook<'a>, names: &'a [String]) -> Vec<Line<'a>> {
    let notes = workbook.notes.iter().chain(&OF_ITS_CELLS);
    let mut lines: Vec<Line<'a>> = notes
        .map(|(heading, text)| vec![Cow::Borrowed(*heading), Cow::Borrowed(*text)])
        .collect();
    lines.push(Vec::new());
    lines.push(vec!["sheet".into(), "about".into(), "rows".into()]);
    for (sheet, name) in workbook.sheets.iter().zip(names) {
        lines.push(vec![name.into(), sheet.about.into(), rows_of(sheet)]);
    }
    lines
}

fn rows_of(sheet: &Sheet<'_>) -> Cow<'static, str> {
    counted(sheet.name, sheet.frame.height())
}

/// How many rows there are, and how many of them the sheet has no room for.
fn counted(name: &str, rows: usize) -> Cow<'static, str> {
    match rows.saturating_sub(ROWS_OF_A_TABLE) {
        0 => rows.to_string().into(),
        missing => format!("{rows}; NOT HERE: the last {missing}, for which a sheet has no room. They are in {name}.csv").into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_that_do_not_fit_are_counted_and_found() {
        assert_eq!(counted("events", 1_048_575), "1048575");
        assert_eq!(
            counted("events", 1_048_600),
            "1048600; NOT HERE: the last 25, for which a sheet has no room. They are in events.csv"
        );
    }
}
