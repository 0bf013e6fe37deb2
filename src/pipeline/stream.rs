//! Parts, and what is made of them, as an Arrow IPC stream: one row each, in columns whose names and types are the same for
//! every stream. Shards keep parts so, and a worker answers so.

use std::collections::HashMap;
use std::io::{Read, Write};
use std::marker::PhantomData;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_ipc::MetadataVersion;
use arrow_ipc::reader::StreamReader;
use arrow_ipc::writer::{IpcWriteOptions, StreamWriter};
use arrow_schema::{ArrowError, DataType, Field, FieldRef, Fields, Schema, SchemaRef};
use serde::{Deserialize, Serialize};
use serde_arrow::schema::{SchemaLike, TracingOptions};

use super::part::Part;

/// What can stand in a stream, a row each.
pub trait Streamed: Serialize + for<'de> Deserialize<'de> {}

impl<T: Serialize + for<'de> Deserialize<'de>> Streamed for T {}

/// Rows that stand together: a stream of many small batches is mostly padding.
const BATCH: usize = 64;

/// Where a value begins in its column, in multiples of this many bytes.
const ALIGNMENT: usize = 8;

/// How often the types may be looked through until every variant was seen.
const BUDGET: usize = 1000;

/// Under which name a stream says by what it was made.
const MADE_BY: &str = "made_by";

/// Why parts could not be written or read.
#[derive(Debug, thiserror::Error)]
pub enum StreamError {
    #[error("{0}")]
    Arrow(#[from] ArrowError),
    #[error("{0}")]
    Rows(#[from] serde_arrow::Error),
    #[error("its columns are not those of this version of pixelhound")]
    OtherColumns,
    #[error("it is damaged")]
    Damaged,
    #[error("{0}")]
    Threads(String),
}

/// The columns of a stream of such rows.
///
/// # Errors
/// None that a test would not have shown.
pub fn columns<T: Streamed>() -> Result<SchemaRef, StreamError> {
    let options = TracingOptions::default()
        .from_type_budget(BUDGET)
        .map_as_struct(false)
        .enums_without_data_as_strings(true)
        .strings_as_large_utf8(false)
        .sequence_as_large_list(false)
        .bytes_as_large_binary(false);
    let fields = Vec::<FieldRef>::from_type::<T>(options)?;
    let fields: Fields = fields.iter().map(known_everywhere).collect();
    Ok(Arc::new(Schema::new(fields)))
}

/// The same column with types that every engine knows: not all know numbers without a sign, or dictionaries.
fn known_everywhere(field: &FieldRef) -> FieldRef {
    let kind = match field.data_type() {
        DataType::UInt64 => DataType::Int64,
        DataType::Dictionary(_, _) => DataType::Utf8,
        DataType::List(item) => DataType::List(known_everywhere(item)),
        DataType::Map(entry, sorted) => DataType::Map(known_everywhere(entry), *sorted),
        DataType::Struct(fields) => DataType::Struct(fields.iter().map(known_everywhere).collect()),
        kind => kind.clone(),
    };
    // Without the notes that the reading of types leaves: they mean nothing to others.
    Arc::new(Field::new(field.name(), kind, field.is_nullable()))
}

/// Writes rows of one kind.
pub struct RowWriter<T, W: Write> {
    out: StreamWriter<W>,
    columns: SchemaRef,
    kind: PhantomData<T>,
}

impl<T: Streamed, W: Write> RowWriter<T, W> {
    /// Begins a stream: a reader knows the columns, even if no row follows, and by what the rows are made.
    ///
    /// # Errors
    /// What the writer below says.
    pub fn new(out: W, made_by: &str) -> Result<RowWriter<T, W>, StreamError> {
        let columns = columns::<T>()?;
        let note = HashMap::from([(MADE_BY.to_owned(), made_by.to_owned())]);
        let columns = Arc::new(Schema::new_with_metadata(columns.fields().clone(), note));
        let options = IpcWriteOptions::try_new(ALIGNMENT, false, MetadataVersion::V5)?;
        let mut out = StreamWriter::try_new_with_options(out, &columns, options)?;
        out.flush()?;
        Ok(RowWriter {
            out,
            columns,
            kind: PhantomData,
        })
    }

    /// Writes rows together.
    ///
    /// # Errors
    /// What the writer below says; or rows whose texts are together too long for a column.
    pub fn write(&mut self, rows: &[T]) -> Result<(), StreamError> {
        let batch = serde_arrow::to_record_batch(self.columns.fields(), &rows)?;
        let batch = batch.with_schema(self.columns.clone())?;
        self.out.write(&batch)?;
        Ok(self.out.flush()?)
    }

    /// Writes many rows, a few together.
    ///
    /// # Errors
    /// As [`RowWriter::write`].
    pub fn write_all(&mut self, rows: &[T]) -> Result<(), StreamError> {
        rows.chunks(BATCH).try_for_each(|rows| self.write(rows))
    }

    /// Ends the stream.
    ///
    /// # Errors
    /// What the writer below says.
    pub fn finish(mut self) -> Result<W, StreamError> {
        self.out.finish()?;
        Ok(self.out.into_inner()?)
    }
}

/// Reads a stream of parts to its end.
///
/// # Errors
/// A stream that is damaged, or has other columns.
pub fn read_parts(stream: impl Read) -> Result<Vec<Part>, StreamError> {
    let columns = columns::<Part>()?;
    let mut parts = Vec::new();
    for batch in batches(stream)? {
        parts.extend(declared_rows_in::<Part>(&batch?, &columns)?);
    }
    Ok(parts)
}

/// The rows of a batch that has at least the columns of such rows, in any order.
///
/// # Errors
/// Other columns.
pub(super) fn declared_rows_in<T: Streamed>(
    batch: &RecordBatch,
    columns: &SchemaRef,
) -> Result<Vec<T>, StreamError> {
    rows_in(&as_declared(batch, columns)?)
}

/// The batches of a stream; nothing may be read behind one that is damaged.
///
/// # Errors
/// What is no stream at all.
pub(super) fn batches(
    stream: impl Read,
) -> Result<impl Iterator<Item = Result<RecordBatch, StreamError>>, StreamError> {
    let mut reader = unless_it_gives_up(|| Ok(StreamReader::try_new(stream, None)?))?;
    Ok(std::iter::from_fn(move || {
        unless_it_gives_up(|| Ok(reader.next().transpose()?)).transpose()
    }))
}

/// The rows of a batch.
///
/// # Errors
/// Columns of other types, or values that cannot stand in them.
pub(super) fn rows_in<'b, T: Deserialize<'b>>(
    batch: &'b RecordBatch,
) -> Result<Vec<T>, StreamError> {
    unless_it_gives_up(|| Ok(serde_arrow::from_record_batch(batch)?))
}

/// The library panics over some streams that are damaged: over places in them that lie beyond their end.
fn unless_it_gives_up<T>(read: impl FnOnce() -> Result<T, StreamError>) -> Result<T, StreamError> {
    catch_unwind(AssertUnwindSafe(read)).unwrap_or(Err(StreamError::Damaged))
}

/// The columns in their order, found by their names.
fn as_declared(batch: &RecordBatch, columns: &SchemaRef) -> Result<RecordBatch, StreamError> {
    let names = columns.fields().iter().map(|field| field.name());
    let places: Option<Vec<usize>> = names
        .map(|name| batch.schema().index_of(name).ok())
        .collect();
    Ok(batch.project(&places.ok_or(StreamError::OtherColumns)?)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_columns_are_of_types_that_every_engine_knows() {
        let text = format!("{:?}", columns::<Part>().unwrap());
        for unknown in ["UInt", "Dictionary", "Large", "View", "Union"] {
            assert!(!text.contains(unknown), "{unknown} in {text}");
        }
        for known in [
            "\"event_id\"",
            "\"fingerprint\"",
            "\"traces\"",
            "\"titles\"",
        ] {
            assert!(text.contains(known), "{known} not in {text}");
        }
    }

    #[test]
    fn no_parts_are_a_stream_too() {
        let stream = RowWriter::<Part, _>::new(Vec::new(), "a test")
            .unwrap()
            .finish()
            .unwrap();
        assert!(read_parts(stream.as_slice()).unwrap().is_empty());
    }

    /// A byte is changed at one place after the other: what the library does with it is its affair, and never ours to fall over.
    #[test]
    fn a_damaged_stream_is_an_error_or_another_one() {
        let mut writer = RowWriter::<Part, _>::new(Vec::new(), "a test").unwrap();
        writer.write(&[Part::default()]).unwrap();
        let whole = writer.finish().unwrap();
        let mut refused = 0;
        for place in (0..whole.len()).step_by(23) {
            let mut stream = whole.clone();
            stream[place] = if stream[place] == 0xff { 0x7f } else { 0xff };
            refused += usize::from(read_parts(stream.as_slice()).is_err());
        }
        assert!(refused > 10);
    }

    #[test]
    fn what_is_no_stream_is_an_error() {
        for none in [&b""[..], b"{}", &[0xff; 64]] {
            assert!(read_parts(none).is_err());
        }
    }
}
