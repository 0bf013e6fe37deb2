//! A table read back from its CSV file, as declared: what was written comes back, an id as text, an empty cell as a missing
//! value. A file that somebody changed is used as far as it still is the table; where it is not, its line is named.

use super::cell::Kind;
use super::csv::CsvStyle;
use super::schema::{ColumnSchema, TableSchema};
use csv::{ByteRecord, Position};
use polars::prelude::{
    Column, DataFrame, IntoColumn, NamedFrom, PolarsError, Series, StringChunkedBuilder,
};
use std::fs::File;
use std::io;
use std::path::Path;

/// Why a file is not the table.
#[derive(Debug, thiserror::Error)]
pub enum CsvFault {
    #[error("{}", super::error::cause(.0))]
    Io(#[from] io::Error),
    #[error(transparent)]
    Frame(#[from] PolarsError),
    #[error("its columns are not those of the table {table}: column {place} {difference}")]
    Columns {
        table: &'static str,
        place: usize,
        difference: String,
    },
    #[error("line {line} has {found} cells, and the table has {wanted} columns")]
    Cells {
        line: u64,
        found: usize,
        wanted: usize,
    },
    #[error("line {line}: {column} is no text in UTF-8")]
    NotText { line: u64, column: &'static str },
    #[error("line {line}: {column} says {text:?}, which is no {wanted}")]
    Value {
        line: u64,
        column: &'static str,
        text: String,
        wanted: &'static str,
    },
}

/// Reads the file of a table. The file itself says how it was written.
pub fn read_csv(path: &Path, schema: &TableSchema) -> Result<DataFrame, CsvFault> {
    table_in(File::open(path)?, schema)
}

fn table_in(file: impl io::Read, schema: &TableSchema) -> Result<DataFrame, CsvFault> {
    let first = schema.columns.first().map_or("", |column| column.name);
    let (style, file) = CsvStyle::found_in(file, first)?;
    let mut reader = style.reader(file);
    let mut record = ByteRecord::new();
    read(&mut reader, &mut record)?;
    check_names(&record, schema)?;
    let mut columns: Vec<Cells> = schema.columns.iter().map(Cells::of).collect();
    let mut height = 0;
    while read(&mut reader, &mut record)? {
        let line = record.position().map_or(0, Position::line);
        if record.len() != columns.len() {
            return Err(CsvFault::Cells {
                line,
                found: record.len(),
                wanted: columns.len(),
            });
        }
        for (cells, cell) in columns.iter_mut().zip(&record) {
            cells.add(cell, style, line)?;
        }
        height += 1;
    }
    let columns = columns.into_iter().map(Cells::finished).collect();
    Ok(DataFrame::new(height, columns)?)
}

fn read<R: io::Read>(reader: &mut csv::Reader<R>, record: &mut ByteRecord) -> io::Result<bool> {
    Ok(reader.read_byte_record(record)?)
}

fn check_names(names: &ByteRecord, schema: &TableSchema) -> Result<(), CsvFault> {
    for place in 0..names.len().max(schema.columns.len()) {
        let wanted = schema.columns.get(place).map(|column| column.name);
        let found = names.get(place);
        if found != wanted.map(str::as_bytes) {
            return Err(CsvFault::Columns {
                table: schema.name,
                place: place + 1,
                difference: difference(wanted, found),
            });
        }
    }
    Ok(())
}

fn difference(wanted: Option<&str>, found: Option<&[u8]>) -> String {
    let found = found.map(String::from_utf8_lossy);
    match (wanted, found) {
        (Some(wanted), Some(found)) => format!("should be {wanted} and is {found:?}"),
        (Some(wanted), None) => format!("should be {wanted} and is missing"),
        (None, found) => format!("is {:?}, which it does not have", found.unwrap_or_default()),
    }
}

/// The cells of a column as far as they were read.
struct Cells {
    name: &'static str,
    values: Values,
}

enum Values {
    Text(StringChunkedBuilder),
    Integer(Vec<Option<i64>>),
    Flag(Vec<Option<bool>>),
}

impl Cells {
    fn of(column: &ColumnSchema) -> Self {
        let values = match column.kind {
            Kind::Text => Values::Text(StringChunkedBuilder::new(column.name.into(), 0)),
            Kind::Integer => Values::Integer(Vec::new()),
            Kind::Flag => Values::Flag(Vec::new()),
        };
        Cells {
            name: column.name,
            values,
        }
    }

    fn add(&mut self, cell: &[u8], style: CsvStyle, line: u64) -> Result<(), CsvFault> {
        let column = self.name;
        let Ok(text) = std::str::from_utf8(cell) else {
            return Err(CsvFault::NotText { line, column });
        };
        let wrong = |wanted| CsvFault::Value {
            line,
            column,
            text: text.to_owned(),
            wanted,
        };
        let there = !text.is_empty();
        match &mut self.values {
            Values::Text(values) => values.append_option(there.then(|| style.as_it_was(text))),
            Values::Integer(values) => {
                let number = there.then(|| text.parse().map_err(|_| wrong("whole number")));
                values.push(number.transpose()?);
            }
            Values::Flag(values) => {
                let flag = there.then(|| text.parse().map_err(|_| wrong("true or false")));
                values.push(flag.transpose()?);
            }
        }
        Ok(())
    }

    fn finished(self) -> Column {
        let name = self.name.into();
        match self.values {
            Values::Text(values) => values.finish().into_column(),
            Values::Integer(values) => Series::new(name, values).into_column(),
            Values::Flag(values) => Series::new(name, values).into_column(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::csv::{Delimiter, write_frame};
    use crate::dataset::{Dataset, EventRow, Row, Rows, TABLES, made};
    use proptest::prelude::*;

    fn written(frame: &DataFrame, style: CsvStyle) -> Vec<u8> {
        let mut bytes = Vec::new();
        write_frame(frame, style, &mut bytes).unwrap();
        bytes
    }

    fn styles() -> [CsvStyle; 4] {
        let style = |sign: &str, excel| CsvStyle {
            delimiter: sign.parse::<Delimiter>().unwrap(),
            excel,
        };
        [
            style(",", false),
            style("tab", false),
            style(";", true),
            style("_", true),
        ]
    }

    #[test]
    fn every_table_comes_back_however_it_was_written() {
        for rows in [made::rows(), Rows::default()] {
            for table in Dataset::new(&rows).unwrap().tables() {
                for style in styles() {
                    let frame =
                        table_in(written(table.frame(), style).as_slice(), table.schema()).unwrap();
                    assert!(
                        frame.equals_missing(table.frame()),
                        "{}",
                        table.schema().name
                    );
                    assert_eq!(frame.schema(), table.frame().schema());
                }
            }
        }
    }

    /// A table of problems is all texts but two.
    fn problems() -> String {
        let dataset = Dataset::new(&made::rows()).unwrap();
        let problems = written(
            dataset.table("problems").unwrap().frame(),
            CsvStyle::default(),
        );
        String::from_utf8(problems).unwrap()
    }

    fn fault(text: &str) -> String {
        let schema = TABLES.iter().find(|table| table.name == "problems");
        table_in(text.as_bytes(), schema.unwrap())
            .unwrap_err()
            .to_string()
    }

    #[test]
    fn what_is_not_the_table_is_named() {
        let problems = problems();
        assert_eq!(
            fault(&problems.replacen("entry_index", "entryIndex", 1)),
            "its columns are not those of the table problems: column 4 should be entry_index and is \"entryIndex\""
        );
        assert!(
            fault(&problems.replacen(",message", "", 1))
                .ends_with("should be message and is missing")
        );
        assert!(
            fault(&problems.replacen("message", "message,more", 1))
                .ends_with("column 9 is \"more\", which it does not have")
        );
        assert!(fault("").ends_with("column 1 should be path and is missing"));
        assert!(fault("path;member\n").ends_with("column 3 should be capture_id and is missing"));
        assert_eq!(
            fault(&problems.replacen(",9,", ",nine,", 1)),
            "line 3: entry_index says \"nine\", which is no whole number"
        );
        assert_eq!(
            fault(&(problems + "more,cells\n")),
            "line 5 has 2 cells, and the table has 8 columns"
        );
    }

    #[test]
    fn bytes_that_are_no_text_are_named() {
        let mut bytes = problems().into_bytes();
        let place = bytes.windows(5).position(|five| five == b"b.har").unwrap();
        bytes[place] = 0xff;
        let fault = table_in(bytes.as_slice(), &TABLES[TABLES.len() - 1]).unwrap_err();
        assert_eq!(fault.to_string(), "line 2: path is no text in UTF-8");
    }

    proptest! {
        #[test]
        fn every_text_comes_back(text in "'{0,2}[=+@]?\\PC*|[\\x00-\\x20\",;'=_]*", index in any::<u64>()) {
            let event = EventRow {
                clicked_text: Some(text),
                entry_index: index,
                ..made::event("a1", "a", "p1", "Meta")
            };
            let frame = EventRow::frame(&[event]).unwrap();
            for style in styles() {
                let back = table_in(written(&frame, style).as_slice(), &EventRow::SCHEMA).unwrap();
                prop_assert!(back.equals_missing(&frame), "{style:?}");
            }
        }
    }
}
