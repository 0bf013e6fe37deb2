//! The first cell in which two CSV files differ: what a reader of a table wants to know instead of a number of bytes.

use crate::dataset::csv::CsvStyle;
use csv::ByteRecord;
use std::io::{self, Read};

/// Two cells that should be equal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellDifference {
    /// The line of the file, from 1, in which the record begins.
    pub line: u64,
    pub column: String,
    /// `None`: there is no such cell.
    pub recorded: Option<String>,
    pub made: Option<String>,
}

/// Reads both side by side to the first record that differs. `None`: all cells are equal, or nobody wants to know any
/// more.
pub(super) fn first_cell(
    recorded: impl Read,
    made: impl Read,
    style: CsvStyle,
    keep_going: &dyn Fn() -> bool,
) -> io::Result<Option<CellDifference>> {
    let (mut recorded, mut made) = (style.reader(recorded), style.reader(made));
    let (mut ours, mut theirs) = (ByteRecord::new(), ByteRecord::new());
    let mut names = None;
    while keep_going() {
        let goes_on = recorded.read_byte_record(&mut ours)?;
        let goes_on = made.read_byte_record(&mut theirs)? || goes_on;
        let names = names.get_or_insert_with(|| theirs.clone());
        if ours != theirs {
            return Ok(Some(difference(names, &ours, &theirs)));
        }
        if !goes_on {
            break;
        }
    }
    Ok(None)
}

fn difference(names: &ByteRecord, ours: &ByteRecord, theirs: &ByteRecord) -> CellDifference {
    let text = |cell: &[u8]| String::from_utf8_lossy(cell).into_owned();
    let equal = ours
        .iter()
        .zip(theirs)
        .take_while(|(one, other)| one == other);
    let place = equal.count();
    let here = if ours.is_empty() { theirs } else { ours };
    CellDifference {
        line: here.position().map_or(0, csv::Position::line),
        column: names
            .get(place)
            .map_or_else(|| format!("number {}", place + 1), text),
        recorded: ours.get(place).map(text),
        made: theirs.get(place).map(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first(one: &str, other: &str) -> Option<(u64, String, Option<String>, Option<String>)> {
        let style = CsvStyle::default();
        let found = first_cell(one.as_bytes(), other.as_bytes(), style, &|| true).unwrap();
        found.map(|cell| (cell.line, cell.column, cell.recorded, cell.made))
    }

    fn some(
        line: u64,
        column: &str,
        one: &str,
        other: &str,
    ) -> Option<(u64, String, Option<String>, Option<String>)> {
        let cell = |text: &str| Some(text.to_owned());
        Some((line, column.to_owned(), cell(one), cell(other)))
    }

    #[test]
    fn a_cell_is_named_by_line_and_column() {
        let made = "id,name\n1,\"two\nlines\"\n2,b\n";
        assert_eq!(first(made, made), None);
        assert_eq!(
            first("id,name\n1,\"two\nlines\"\n2,c\n", made),
            some(4, "name", "c", "b")
        );
        assert_eq!(
            first("id,name\n1,\"two\nlinez\"\n2,b\n", made),
            some(2, "name", "two\nlinez", "two\nlines")
        );
        assert_eq!(first("ix,name\n", made), some(1, "id", "ix", "id"));
    }

    #[test]
    fn a_line_too_few_or_too_many_is_a_difference() {
        let made = "id,name\n1,a\n";
        let (_, column, recorded, again) = first("id,name\n", made).unwrap();
        assert_eq!(
            (column.as_str(), recorded, again.as_deref()),
            ("id", None, Some("1"))
        );
        let (line, _, recorded, again) = first("id,name\n1,a\n2,b\n", made).unwrap();
        assert_eq!((line, recorded.as_deref(), again), (3, Some("2"), None));
        let (_, column, recorded, _) = first("id,name\n1,a,x\n", made).unwrap();
        assert_eq!(
            (column.as_str(), recorded.as_deref()),
            ("number 3", Some("x"))
        );
    }

    #[test]
    fn quotes_alone_are_no_difference_of_a_cell() {
        assert_eq!(first("id\n\"1\"\n", "id\n1\n"), None);
    }
}
