//! One sheet of the workbook, written row by row. A text is a text there, whatever it looks like: never a formula, never
//! a link, never a number.

use super::text::{shown, write_xml};
use super::{HEAD, MAIN, ROWS_OF_A_TABLE};
use crate::dataset::cell::{Value, each_row, value_of};
use crate::dataset::format::go_on;
use polars::prelude::DataFrame;
use std::borrow::Cow;
use std::io::{self, Write};

/// Spreadsheets keep this many digits of a number; a longer one is written as a text.
const EXACT: u64 = 999_999_999_999_999;

/// The numbers of the styles in `STYLES`.
const HEADING: u8 = 1;
const TEXT: u8 = 2;

/// The row of names stays in sight.
const FROZEN: &str = "<sheetViews><sheetView workbookViewId=\"0\"><pane ySplit=\"1\" topLeftCell=\"A2\" \
    activePane=\"bottomLeft\" state=\"frozen\"/></sheetView></sheetViews>";

/// Writes a table as a sheet: the names of its columns, which stay in sight and filter, and as many rows as a sheet holds.
pub(super) fn write_table(
    frame: &DataFrame,
    keep_going: &dyn Fn() -> bool,
    out: &mut dyn Write,
) -> io::Result<()> {
    let columns = frame.get_column_names();
    let height = frame.height().min(ROWS_OF_A_TABLE);
    let shown_rows = frame.head(Some(height));
    write!(
        out,
        "{HEAD}<worksheet xmlns=\"{MAIN}\">{FROZEN}<sheetFormatPr defaultRowHeight=\"15\"/>\
         <cols><col min=\"1\" max=\"{}\" width=\"20\" customWidth=\"1\"/></cols><sheetData>",
        columns.len()
    )?;
    write!(out, "<row r=\"1\">")?;
    for (column, place) in columns.iter().zip(0..) {
        write_text(column, HEADING, &reference(place, 1), out)?;
    }
    write!(out, "</row>")?;
    let mut number = 1;
    each_row(&shown_rows, |row| {
        go_on(keep_going)?;
        number += 1;
        write!(out, "<row r=\"{number}\">")?;
        for (value, place) in row.iter().zip(0..) {
            write_value(&value_of(value), &reference(place, number), out)?;
        }
        write!(out, "</row>")
    })?;
    let last = reference(columns.len().saturating_sub(1), height + 1);
    write!(
        out,
        "</sheetData><autoFilter ref=\"A1:{last}\"/></worksheet>"
    )
}

/// Writes lines of a few cells each, the first of them as headings.
pub(super) fn write_read_me(lines: &[Vec<Cow<'_, str>>], out: &mut dyn Write) -> io::Result<()> {
    write!(
        out,
        "{HEAD}<worksheet xmlns=\"{MAIN}\"><sheetFormatPr defaultRowHeight=\"15\"/>\
         <cols><col min=\"1\" max=\"1\" width=\"24\" customWidth=\"1\"/></cols><sheetData>"
    )?;
    for (line, number) in lines.iter().zip(1..) {
        write!(out, "<row r=\"{number}\">")?;
        for (text, place) in line.iter().zip(0..) {
            let style = if place == 0 { HEADING } else { TEXT };
            write_text(text, style, &reference(place, number), out)?;
        }
        write!(out, "</row>")?;
    }
    write!(out, "</sheetData></worksheet>")
}

/// A missing value is no cell.
fn write_value(value: &Value<'_>, reference: &str, out: &mut dyn Write) -> io::Result<()> {
    match value {
        Value::Missing => Ok(()),
        Value::Text(text) => write_text(text, TEXT, reference, out),
        Value::Flag(flag) => write!(
            out,
            "<c r=\"{reference}\" t=\"b\"><v>{}</v></c>",
            u8::from(*flag)
        ),
        Value::Number(number) => write!(out, "<c r=\"{reference}\"><v>{number}</v></c>"),
        Value::Integer(number) if number.unsigned_abs() <= EXACT => {
            write!(out, "<c r=\"{reference}\"><v>{number}</v></c>")
        }
        Value::Integer(number) => write_text(&number.to_string(), TEXT, reference, out),
    }
}

fn write_text(text: &str, style: u8, reference: &str, out: &mut dyn Write) -> io::Result<()> {
    write!(
        out,
        "<c r=\"{reference}\" s=\"{style}\" t=\"inlineStr\"><is><t xml:space=\"preserve\">"
    )?;
    write_xml(&shown(text), out)?;
    write!(out, "</t></is></c>")
}

/// A cell by the letters of its column, counted from 0, and the number of its row, counted from 1.
fn reference(column: usize, row: usize) -> String {
    let mut letters = Vec::new();
    let mut rest = column + 1;
    while rest > 0 {
        let letter = u8::try_from((rest - 1) % 26).unwrap_or_default();
        letters.push(char::from(b'A' + letter));
        rest = (rest - 1) / 26;
    }
    letters
        .into_iter()
        .rev()
        .chain(row.to_string().chars())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(value: &Value<'_>) -> String {
        let mut bytes = Vec::new();
        write_value(value, "B2", &mut bytes).unwrap();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn cells_are_named_as_spreadsheets_name_them() {
        assert_eq!(reference(0, 1), "A1");
        assert_eq!(reference(25, 9), "Z9");
        assert_eq!(reference(26, 10), "AA10");
        assert_eq!(reference(701, 2), "ZZ2");
        assert_eq!(reference(702, 2), "AAA2");
    }

    #[test]
    fn a_formula_is_a_text_and_a_number_that_would_lose_digits_is_one_too() {
        let formula = cell(&Value::Text("=1+1".into()));
        assert!(formula.starts_with("<c r=\"B2\" s=\"2\" t=\"inlineStr\">"));
        assert!(formula.contains(">=1+1<") && !formula.contains("<f>"));
        assert_eq!(cell(&Value::Integer(-3)), "<c r=\"B2\"><v>-3</v></c>");
        assert!(cell(&Value::Integer(1_000_000_000_000_000)).contains("inlineStr"));
        assert!(cell(&Value::Integer(i64::MIN)).contains("inlineStr"));
        assert_eq!(cell(&Value::Flag(true)), "<c r=\"B2\" t=\"b\"><v>1</v></c>");
        assert_eq!(cell(&Value::Missing), "");
    }
}
