//! One sheet of a workbook, written row by row. A text is a text there, whatever it looks like: only the calls of the
//! library that write texts, numbers and flags are used, none that guesses what a text may be.

use super::ROWS_OF_A_TABLE;
use super::as_io;
use super::read_me::{Line, NAME};
use super::text::shown;
use crate::dataset::cell::{Value, each_row, value_of};
use crate::dataset::format::{KeepGoing, go_on};
use polars::prelude::{Column, DataFrame};
use rust_xlsxwriter::{Format, FormatAlign, IgnoreError, Worksheet, XlsxError};
use std::io;

/// Spreadsheets keep this many digits of a number; a longer one is written as a text.
const EXACT: u64 = 999_999_999_999_999;

/// The signs that surely fit into a line of the widest column of "read me".
const SIGNS_OF_A_LINE: usize = 85;

/// The number of the built-in format for texts: what stands in such a cell stays one also when somebody edits it.
const AS_TEXT: u8 = 49;

/// Writes a table: the names of its columns, which stay in sight and filter, and as many rows as a sheet holds.
pub(super) fn write_table(
    sheet: &mut Worksheet,
    frame: &DataFrame,
    keep_going: KeepGoing<'_>,
) -> io::Result<()> {
    let shown_rows = frame.head(Some(ROWS_OF_A_TABLE));
    arrange(sheet, &shown_rows).map_err(as_io)?;
    for (name, place) in frame.get_column_names().into_iter().zip(0..) {
        let name = shown(name);
        let written = sheet.write_string_with_format(0, place, name, &heading());
        written.map_err(as_io)?;
    }
    let mut number = 0;
    each_row(&shown_rows, |row| {
        go_on(keep_going)?;
        number += 1;
        for (value, place) in row.iter().zip(0..) {
            write_value(sheet, number, place, &value_of(value)).map_err(as_io)?;
        }
        Ok(())
    })
}

/// Writes lines of a few cells each, the first of them as headings.
pub(super) fn write_read_me(sheet: &mut Worksheet, lines: &[Line<'_>]) -> io::Result<()> {
    arrange_read_me(sheet).map_err(as_io)?;
    for (line, number) in lines.iter().zip(0..) {
        sheet
            .set_row_height(number, height_of(line))
            .map_err(as_io)?;
        for (text, place) in line.iter().zip(0..) {
            let format = if place == 0 { heading() } else { prose() };
            let written = sheet.write_string_with_format(number, place, shown(text), &format);
            written.map_err(as_io)?;
        }
    }
    Ok(())
}

/// What is said of a whole column or of the whole sheet. Spreadsheets would mark every id of digits as a mistake.
fn arrange(sheet: &mut Worksheet, frame: &DataFrame) -> Result<(), XlsxError> {
    sheet.set_freeze_panes(1, 0)?;
    let Some(last) = frame.width().checked_sub(1) else {
        return Ok(());
    };
    let last_column = u16::try_from(last).map_err(|_| XlsxError::RowColumnLimitError)?;
    let last_row = u32::try_from(frame.height()).map_err(|_| XlsxError::RowColumnLimitError)?;
    sheet.set_column_range_width(0, last_column, 20)?;
    for (column, place) in frame.columns().iter().zip(0..) {
        if holds_texts(column) {
            sheet.set_column_format(place, &text())?;
        }
    }
    sheet.autofilter(0, 0, last_row, last_column)?;
    let mistakes = IgnoreError::NumberStoredAsText;
    sheet.ignore_error_range(0, 0, last_row, last_column, mistakes)?;
    Ok(())
}

fn arrange_read_me(sheet: &mut Worksheet) -> Result<(), XlsxError> {
    sheet.set_name(NAME)?;
    sheet.set_column_width(0, 32)?;
    sheet.set_column_width(1, 100)?;
    sheet.set_column_width(2, 32)?;
    sheet.set_landscape().set_print_fit_to_pages(1, 0);
    Ok(())
}

/// Not every spreadsheet makes room for a text that runs over several lines.
fn height_of(line: &Line<'_>) -> f64 {
    let longest = line.iter().map(|text| text.chars().count()).max();
    let lines = longest.unwrap_or_default().div_ceil(SIGNS_OF_A_LINE);
    15.0 * lines.clamp(1, 25) as f64
}

/// Whether there is anything in a column that is neither a number nor a flag.
fn holds_texts(column: &Column) -> bool {
    !column.dtype().is_primitive_numeric() && !column.dtype().is_bool()
}

/// A missing value is no cell; a text takes the format of its column.
fn write_value(
    sheet: &mut Worksheet,
    row: u32,
    place: u16,
    value: &Value<'_>,
) -> Result<(), XlsxError> {
    match value {
        Value::Missing => return Ok(()),
        Value::Text(text) => sheet.write_string(row, place, shown(text)),
        Value::Flag(flag) => sheet.write_boolean(row, place, *flag),
        Value::Number(number) => sheet.write_number(row, place, *number),
        Value::Integer(number) if number.unsigned_abs() <= EXACT => {
            // No digit is lost: every number up to the limit is one of these.
            sheet.write_number(row, place, *number as f64)
        }
        Value::Integer(number) => {
            sheet.write_string_with_format(row, place, number.to_string(), &text())
        }
    }?;
    Ok(())
}

fn text() -> Format {
    Format::new().set_num_format_index(AS_TEXT)
}

fn heading() -> Format {
    text().set_bold().set_align(FormatAlign::Top)
}

fn prose() -> Format {
    text().set_text_wrap().set_align(FormatAlign::Top)
}
