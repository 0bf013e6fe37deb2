//! How the values of a row become a column of a table (text, whole number or flag, with missing values), and how a
//! value of a column becomes text again.

use polars::prelude::{AnyValue, Column, PlSmallStr};
use std::borrow::Cow;

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

/// A value as text, in the one form that every output uses; `None` where it is missing.
pub fn text_of<'a>(value: &'a AnyValue<'a>) -> Option<Cow<'a, str>> {
    match value {
        AnyValue::Null => None,
        AnyValue::String(text) => Some(Cow::Borrowed(text)),
        AnyValue::StringOwned(text) => Some(Cow::Borrowed(text.as_str())),
        AnyValue::Float32(number) => Some(Cow::Owned(number.to_string())),
        AnyValue::Float64(number) => Some(Cow::Owned(number.to_string())),
        other => Some(Cow::Owned(other.to_string())),
    }
}
