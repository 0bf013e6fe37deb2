//! Tables as Parquet: typed as declared, also when empty, for the queries and for DuckDB, R and Python.

use super::format::Format;
use polars::polars_utils::compression::ZstdLevel;
use polars::prelude::{DataFrame, ParquetCompression, ParquetWriter, PolarsError};
use std::io::{self, Write};

/// Fixed, because both show in the bytes of the file.
const ZSTD_LEVEL: i32 = 3;
const ROW_GROUP_SIZE: usize = 262_144;

/// From so many rows on, the columns of a table are worth several threads; the bytes are the same.
const SIDE_BY_SIDE_FROM: usize = 10_000;

/// The file of a table.
pub fn file_name(table: &str) -> String {
    format!("{table}.parquet")
}

/// The format.
pub(super) struct Parquet;

impl Format for Parquet {
    fn file_name(&self, table: &str) -> String {
        file_name(table)
    }

    fn write(&self, frame: &DataFrame, out: &mut dyn Write) -> io::Result<()> {
        let level = ZstdLevel::try_new(ZSTD_LEVEL).map_err(as_io)?;
        ParquetWriter::new(out)
            .with_compression(ParquetCompression::Zstd(Some(level)))
            .with_row_group_size(Some(ROW_GROUP_SIZE))
            .set_parallel(frame.height() >= SIDE_BY_SIDE_FROM)
            .finish(&mut frame.clone())
            .map_err(as_io)?;
        Ok(())
    }
}

fn as_io(error: PolarsError) -> io::Error {
    match error {
        PolarsError::IO { error, .. } => io::Error::new(error.kind(), error.to_string()),
        other => io::Error::other(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::{Dataset, Kind, Rows, Table, made};
    use polars::prelude::{DataType, ParquetReader, SerReader};

    fn bytes(table: &Table) -> Vec<u8> {
        let mut bytes = Vec::new();
        Parquet.write(table.frame(), &mut bytes).unwrap();
        bytes
    }

    fn read(bytes: Vec<u8>) -> DataFrame {
        ParquetReader::new(io::Cursor::new(bytes)).finish().unwrap()
    }

    #[test]
    fn empty_tables_keep_the_declared_types() {
        for table in Dataset::new(&Rows::default()).unwrap().tables() {
            let frame = read(bytes(table));
            for column in table.schema().columns {
                let expected = match column.kind {
                    Kind::Text => DataType::String,
                    Kind::Integer => DataType::Int64,
                    Kind::Flag => DataType::Boolean,
                };
                assert_eq!(frame.column(column.name).unwrap().dtype(), &expected);
            }
        }
    }

    #[test]
    fn the_same_rows_in_any_order_give_the_same_bytes() {
        let mut turned = made::rows();
        turned.captures.reverse();
        turned.pages.reverse();
        turned.events.reverse();
        turned.organisations.reverse();
        turned.contacts.reverse();
        let one = Dataset::new(&made::rows()).unwrap();
        let other = Dataset::new(&turned).unwrap();
        for (one, other) in one.tables().iter().zip(other.tables()) {
            assert_eq!(bytes(one), bytes(other), "{}", one.schema().name);
            assert!(read(bytes(one)).equals_missing(one.frame()));
        }
    }

    #[test]
    fn large_tables_give_the_same_bytes_every_time() {
        let mut rows = made::rows();
        rows.disclosures = (0..300_000)
            .map(|n| made::disclosure("a1", n, "email"))
            .collect();
        let dataset = Dataset::new(&rows).unwrap();
        let table = dataset.table("disclosures").unwrap();
        assert_eq!(bytes(table), bytes(table));
    }
}
