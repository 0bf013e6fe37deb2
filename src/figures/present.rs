//! An answer for people (an aligned table, on a terminal) or for programs (CSV, in a pipe or a file). What came off the
//! wire was written by strangers: on a terminal nothing of it may move the cursor or turn the text around.

use crate::dataset::{CsvStyle, is_invisible, text_of, write_csv, write_ndjson};
use comfy_table::{
    CellAlignment, ColumnConstraint, ContentArrangement, Table, TableComponent, Width, presets,
};
use polars::prelude::{Column, DataFrame};
use std::borrow::Cow;
use std::io::{self, Write};

/// A cell shows no more characters than this on a terminal; the CSV has all of them.
const LONGEST_CELL: usize = 200;

/// A column is not made narrower than its longest word, and a word longer than this may be broken.
const LONGEST_WORD: u16 = 14;

/// Between two columns.
const GAP: u16 = 2;

/// The answer as a table that keeps to a width, or as one block a row where its columns cannot stand side by side.
pub fn as_table(answer: &DataFrame, width: Option<u16>) -> String {
    let names = answer.get_column_names();
    let names: Vec<String> = names.into_iter().map(|name| shown(name)).collect();
    let rows = rows_of(answer).into_iter();
    let rows: Vec<Vec<String>> = rows
        .map(|row| row.iter().map(|text| shown(text)).collect())
        .collect();
    let narrowest = least_widths(&names, &rows);
    if rows.is_empty() {
        format!("No rows. ({})\n", names.join(", "))
    } else if width.is_some_and(|width| narrowest.iter().sum::<u16>() > width) {
        blocks(&names, &rows)
    } else {
        side_by_side(answer, &names, rows, &narrowest, width)
    }
}

/// How wide each column must be, gap included, so that no word of ordinary length breaks.
fn least_widths(names: &[String], rows: &[Vec<String>]) -> Vec<u16> {
    let mut widths: Vec<u16> = names
        .iter()
        .map(|name| longest_word(name, '_', u16::MAX - GAP))
        .collect();
    for row in rows {
        for (width, text) in widths.iter_mut().zip(row) {
            *width = longest_word(text, ' ', LONGEST_WORD).max(*width);
        }
    }
    widths.iter().map(|width| width + GAP).collect()
}

fn longest_word(text: &str, between: char, limit: u16) -> u16 {
    let longest = text.split(between).map(|word| word.chars().count()).max();
    u16::try_from(longest.unwrap_or(0)).map_or(limit, |longest| longest.min(limit))
}

fn side_by_side(
    answer: &DataFrame,
    names: &[String],
    rows: Vec<Vec<String>>,
    narrowest: &[u16],
    width: Option<u16>,
) -> String {
    let mut table = Table::new();
    // A name of several words may break between them.
    table
        .load_preset(presets::NOTHING)
        .set_style(TableComponent::HeaderLines, '-')
        .set_header(names.iter().map(|name| name.replace('_', " ")))
        .add_rows(rows);
    if let Some(width) = width {
        table
            .set_content_arrangement(ContentArrangement::Dynamic)
            .set_width(width);
    }
    for (index, shape) in table.column_iter_mut().enumerate() {
        shape.set_padding((0, GAP));
        if let Some(least) = narrowest.get(index) {
            shape.set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(*least)));
        }
        let column = answer.columns().get(index);
        if column.is_some_and(|column| column.dtype().is_primitive_numeric()) {
            shape.set_cell_alignment(CellAlignment::Right);
        }
    }
    table.trim_fmt() + "\n"
}

/// One line a cell, the empty ones left out, and an empty line between two rows.
fn blocks(names: &[String], rows: &[Vec<String>]) -> String {
    let widest = names.iter().map(|name| name.chars().count()).max();
    let widest = widest.unwrap_or(0);
    let block = |row: &Vec<String>| -> String {
        let cells = names.iter().zip(row).filter(|(_, text)| !text.is_empty());
        cells
            .map(|(name, text)| format!("{:<widest$}  {text}\n", name.replace('_', " ")))
            .collect()
    };
    rows.iter().map(block).collect::<Vec<_>>().join("\n")
}

/// The answer as CSV, whole.
pub fn as_csv(answer: &DataFrame, out: &mut dyn Write) -> io::Result<()> {
    write_csv(answer, CsvStyle::default(), out)
}

/// The answer as JSON, an object a line, whole.
pub fn as_ndjson(answer: &DataFrame, out: &mut dyn Write) -> io::Result<()> {
    write_ndjson(answer, out)
}

/// A number and its noun.
pub fn count(number: u64, one: &str, several: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { several })
}

/// The answer as texts, row by row; a missing value is empty.
pub(super) fn rows_of(answer: &DataFrame) -> Vec<Vec<String>> {
    let row = |row| {
        answer
            .columns()
            .iter()
            .map(|column| text(column, row))
            .collect()
    };
    (0..answer.height()).map(row).collect()
}

/// A cell as text; a missing value is empty.
pub(super) fn text(column: &Column, row: usize) -> String {
    let value = column.get(row).ok();
    let text = value.as_ref().and_then(text_of).unwrap_or_default();
    text.into_owned()
}

fn shown(text: &str) -> String {
    match text.char_indices().nth(LONGEST_CELL) {
        Some((end, _)) => format!("{}…", printable(text.get(..end).unwrap_or(text))),
        None => printable(text).into_owned(),
    }
}

/// A text that is safe on a terminal: control characters and invisible ones are written out (`\n`, `\u{202e}`).
pub fn printable(text: &str) -> Cow<'_, str> {
    let hides = |c: char| c.is_control() || is_invisible(c);
    if !text.contains(hides) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        if hides(character) {
            safe.extend(character.escape_default());
        } else {
            safe.push(character);
        }
    }
    Cow::Owned(safe)
}
