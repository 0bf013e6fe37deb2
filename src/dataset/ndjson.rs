//! Tables as JSON, one object a line, for programs that read a line at a time: every column in its order, a
//! missing value as null, whole numbers as numbers, flags as true and false, ids as text.

use super::cell::{Value, each_row, value_of};
use super::format::Format;
use polars::prelude::DataFrame;
use serde::ser::{Serialize, SerializeMap, Serializer};
use std::io::{self, Write};

/// The format.
pub(super) struct Ndjson;

impl Format for Ndjson {
    fn file_name(&self, table: &str) -> String {
        format!("{table}.ndjson")
    }

    fn write(&self, frame: &DataFrame, out: &mut dyn Write) -> io::Result<()> {
        write_frame(frame, out)
    }
}

/// Writes any frame, also the answer to a query.
pub fn write_frame(frame: &DataFrame, out: &mut dyn Write) -> io::Result<()> {
    let names = frame.get_column_names();
    each_row(frame, |row| {
        let mut line = serde_json::Serializer::new(&mut *out);
        let mut members = line.serialize_map(Some(names.len()))?;
        for (name, value) in names.iter().zip(row) {
            members.serialize_entry(name.as_str(), &value_of(value))?;
        }
        members.end()?;
        out.write_all(b"\n")
    })
}

impl Serialize for Value<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Value::Missing => serializer.serialize_none(),
            Value::Text(text) => serializer.serialize_str(text),
            Value::Integer(number) => serializer.serialize_i64(*number),
            Value::Number(number) => serializer.serialize_f64(*number),
            Value::Flag(flag) => serializer.serialize_bool(*flag),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::{Dataset, Rows, made};

    fn written(rows: &Rows, table: &str) -> String {
        let dataset = Dataset::new(rows).unwrap();
        let mut bytes = Vec::new();
        Ndjson
            .write(dataset.table(table).unwrap().frame(), &mut bytes)
            .unwrap();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn each_line_holds_every_column_in_order_with_its_type() {
        let visits = written(&made::rows(), "visits");
        for line in visits.lines() {
            assert!(line.starts_with(r#"{"capture_id":""#), "{line}");
        }
        let events = written(&made::rows(), "events");
        let first = events.lines().next().unwrap();
        let is_number = |c: char| c.is_ascii_digit();
        let (_, index) = first.split_once(r#","entry_index":"#).unwrap();
        assert!(index.starts_with(is_number), "{first}");
        let (_, automatic) = first.split_once(r#","automatic":"#).unwrap();
        let is_flag = automatic.starts_with("true,") || automatic.starts_with("false,");
        assert!(is_flag, "{first}");
        assert!(first.contains(":null"), "{first}");
    }

    #[test]
    fn a_table_without_rows_is_an_empty_file() {
        assert_eq!(written(&Rows::default(), "events"), "");
    }
}
