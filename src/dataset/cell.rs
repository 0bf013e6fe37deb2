//! How the values of a row become a column of a table (text, whole number or flag, with missing values), and how a
//! value of a column becomes text again.

use polars::prelude::{
    AnyValue, BooleanChunked, Column, DataFrame, Int64Chunked, PlSmallStr, Series, StringChunked,
};
use std::borrow::Cow;
use std::io;

/// The type of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Text,
    Integer,
    Flag,
}

/// A value that can stand in a column.
pub trait Cell: Sized + 'static {
    const KIND: Kind;
    /// Whether it is declared that it may be missing.
    const OPTIONAL: bool = false;

    /// Builds a column out of one value a row.
    fn column<'a>(name: &'static str, values: impl Iterator<Item = &'a Self>) -> Column;
}

/// An empty text is a missing value.
fn text_column<'a>(name: &'static str, values: impl Iterator<Item = Option<&'a str>>) -> Column {
    let values: Vec<Option<&str>> = values.map(|text| text.filter(|t| !t.is_empty())).collect();
    Column::new(PlSmallStr::from_static(name), values)
}

fn integer_column(name: &'static str, values: impl Iterator<Item = Option<i64>>) -> Column {
    let values: Vec<Option<i64>> = values.collect();
    Column::new(PlSmallStr::from_static(name), values)
}

/// No count in a dataset comes near the limit; one that did would be cut to it rather than wrap.
fn signed(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

impl Cell for String {
    const KIND: Kind = Kind::Text;

    fn column<'a>(name: &'static str, values: impl Iterator<Item = &'a Self>) -> Column {
        text_column(name, values.map(|text| Some(text.as_str())))
    }
}

impl Cell for Option<String> {
    const KIND: Kind = Kind::Text;
    const OPTIONAL: bool = true;

    fn column<'a>(name: &'static str, values: impl Iterator<Item = &'a Self>) -> Column {
        text_column(name, values.map(Option::as_deref))
    }
}

impl Cell for u64 {
    const KIND: Kind = Kind::Integer;

    fn column<'a>(name: &'static str, values: impl Iterator<Item = &'a Self>) -> Column {
        integer_column(name, values.map(|count| Some(signed(*count))))
    }
}

impl Cell for Option<u64> {
    const KIND: Kind = Kind::Integer;
    const OPTIONAL: bool = true;

    fn column<'a>(name: &'static str, values: impl Iterator<Item = &'a Self>) -> Column {
        integer_column(name, values.map(|count| count.map(signed)))
    }
}

impl Cell for i64 {
    const KIND: Kind = Kind::Integer;

    fn column<'a>(name: &'static str, values: impl Iterator<Item = &'a Self>) -> Column {
        integer_column(name, values.map(|number| Some(*number)))
    }
}

impl Cell for Option<i64> {
    const KIND: Kind = Kind::Integer;
    const OPTIONAL: bool = true;

    fn column<'a>(name: &'static str, values: impl Iterator<Item = &'a Self>) -> Column {
        integer_column(name, values.copied())
    }
}

impl Cell for bool {
    const KIND: Kind = Kind::Flag;

    fn column<'a>(name: &'static str, values: impl Iterator<Item = &'a Self>) -> Column {
        let values: Vec<bool> = values.copied().collect();
        Column::new(PlSmallStr::from_static(name), values)
    }
}

/// A value of a column, as every format tells them apart.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value<'a> {
    Missing,
    Text(Cow<'a, str>),
    Integer(i64),
    /// A finite number that is not whole by its type: only answers to questions hold such.
    Number(f64),
    Flag(bool),
}

/// What stands in a cell. A whole number of any size is one as long as it fits; what has no word of its own is a text.
pub(super) fn value_of<'a>(value: &'a AnyValue<'a>) -> Value<'a> {
    let in_words = || text_of(value).map_or(Value::Missing, Value::Text);
    match value {
        AnyValue::Int64(number) => Value::Integer(*number),
        AnyValue::Boolean(flag) => Value::Flag(*flag),
        AnyValue::Float32(number) if number.is_finite() => Value::Number(f64::from(*number)),
        AnyValue::Float64(number) if number.is_finite() => Value::Number(*number),
        other if other.is_integer() => other.extract().map_or_else(in_words, Value::Integer),
        _ => in_words(),
    }
}

/// Hands over one row after the other, its values in the order of the columns. No row is kept.
pub(super) fn each_row(
    frame: &DataFrame,
    mut take: impl FnMut(&[AnyValue<'_>]) -> io::Result<()>,
) -> io::Result<()> {
    let columns: Vec<Column> = frame.columns().iter().map(Column::rechunk).collect();
    let columns: Vec<Values<'_>> = columns.iter().map(Values::of).collect();
    let mut row = Vec::with_capacity(columns.len());
    for place in 0..frame.height() {
        row.clear();
        row.extend(columns.iter().map(|column| column.at(place)));
        take(&row)?;
    }
    Ok(())
}

/// The values of a column in one piece. Those of the types that tables have are at hand; the library would ask of each value
/// again what type it has.
enum Values<'a> {
    Texts(&'a StringChunked),
    Integers(&'a Int64Chunked),
    Flags(&'a BooleanChunked),
    Any(&'a Series),
}

impl<'a> Values<'a> {
    fn of(column: &'a Column) -> Values<'a> {
        let series = column.as_materialized_series();
        let texts = series.str().map(Values::Texts);
        let texts_or_integers = texts.or_else(|_| series.i64().map(Values::Integers));
        let known = texts_or_integers.or_else(|_| series.bool().map(Values::Flags));
        known.unwrap_or(Values::Any(series))
    }

    fn at(&self, row: usize) -> AnyValue<'a> {
        match self {
            Values::Texts(texts) => texts.get(row).map_or(AnyValue::Null, AnyValue::String),
            Values::Integers(numbers) => numbers.get(row).map_or(AnyValue::Null, AnyValue::Int64),
            Values::Flags(flags) => flags.get(row).map_or(AnyValue::Null, AnyValue::Boolean),
            Values::Any(series) => series.get(row).unwrap_or(AnyValue::Null),
        }
    }
}

/// A value as text, in the one form that every output uses; `None` where it is missing.
pub fn text_of<'a>(value: &'a AnyValue<'a>) -> Option<Cow<'a, str>> {
    match value {
        AnyValue::Null => None,
        AnyValue::String(text) => Some(Cow::Borrowed(text)),
        AnyValue::StringOwned(text) => Some(Cow::Borrowed(text.as_str())),
        AnyValue::Int64(number) => Some(Cow::Owned(number.to_string())),
        AnyValue::Boolean(flag) => Some(Cow::Borrowed(if *flag { "true" } else { "false" })),
        AnyValue::Float32(number) => Some(Cow::Owned(number.to_string())),
        AnyValue::Float64(number) => Some(Cow::Owned(number.to_string())),
        AnyValue::List(items) => Some(Cow::Owned(joined(items))),
        other => Some(Cow::Owned(other.to_string())),
    }
}

/// All items of a list, joined as the tables join theirs. The library itself would leave most of them out.
fn joined(items: &Series) -> String {
    let texts: Vec<String> = items
        .iter()
        .map(|item| text_of(&item).unwrap_or_default().into_owned())
        .collect();
    texts.join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use polars::prelude::{NamedFrom, df};

    #[test]
    fn a_list_is_whole() {
        let items = Series::new("a".into(), ["a", "b", "c", "d", "e", "f"]);
        let list = AnyValue::List(items);
        assert_eq!(text_of(&list).unwrap(), "a; b; c; d; e; f");
        assert_eq!(value_of(&list), Value::Text("a; b; c; d; e; f".into()));
    }

    #[test]
    fn numbers_are_numbers_whatever_their_width_and_what_no_format_holds_is_a_text() {
        let frame = df!("a" => [7_u32], "b" => [u64::MAX], "c" => [0.5_f32], "d" => [f64::NAN]);
        let mut row = Vec::new();
        each_row(&frame.unwrap(), |values| {
            row = values
                .iter()
                .map(|value| format!("{:?}", value_of(value)))
                .collect();
            Ok(())
        })
        .unwrap();
        let text = |text: &str| format!("Text({text:?})");
        let wanted = [
            "Integer(7)".to_owned(),
            text("18446744073709551615"),
            "Number(0.5)".to_owned(),
            text("NaN"),
        ];
        assert_eq!(row, wanted);
    }
}
