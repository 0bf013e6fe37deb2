//! A table as a folder of parts, as a cluster writes it: `events.parquet/part-00000.zstd.parquet` and so on, each with all
//! columns, together in the order of their names the table. Beside them lie notes of the program that wrote them
//! (`_SUCCESS`, `.part-00000.zstd.parquet.crc`), which hold no rows.

use super::error::DatasetError;
use super::parquet;
use super::schema::TABLES;
use super::target::names_in;
use std::ffi::{OsStr, OsString};
use std::path::Path;

/// The folders that are tables in parts.
pub(super) fn folders_in(dataset: &Path) -> Vec<String> {
    let names = TABLES.iter().map(|table| parquet::file_name(table.name));
    names.filter(|name| dataset.join(name).is_dir()).collect()
}

/// Whether a folder of this name in a dataset is a table.
pub(super) fn is_table(name: &OsStr) -> bool {
    let mut tables = TABLES.iter();
    tables.any(|table| name == parquet::file_name(table.name).as_str())
}

/// Whether a dataset has a table in parts.
pub fn is_in_parts(dataset: &Path) -> bool {
    !folders_in(dataset).is_empty()
}

/// Whether a file of this name in the folder of a table holds rows of it.
pub fn is_part(name: &OsStr) -> bool {
    !is_note(name) && name.as_encoded_bytes().ends_with(b".parquet")
}

/// Whether a file of this name in the folder of a table is a note.
pub fn is_note(name: &OsStr) -> bool {
    let name = name.as_encoded_bytes();
    name.starts_with(b"_") || name.starts_with(b".")
}

/// What lies in the folder of a table, as seen from the folder of the dataset.
pub(super) fn names_within(dataset: &Path, table: &str) -> Result<Vec<OsString>, DatasetError> {
    let names = names_in(&dataset.join(table))?.into_iter();
    let seen = names.map(|name| {
        let mut seen = OsString::from(table);
        seen.push("/");
        seen.push(name);
        seen
    });
    Ok(seen.collect())
}

/// What lies in the folder of a table and is neither a part nor a note, as seen from the folder of the dataset.
pub(super) fn foreign_within(
    dataset: &Path,
    table: &str,
) -> Result<Option<OsString>, DatasetError> {
    let mut names = names_within(dataset, table)?.into_iter();
    let is_foreign = |seen: &OsString| {
        let place = dataset.join(seen);
        let name = place.file_name().unwrap_or_default();
        !(is_part(name) && place.is_file() || is_note(name))
    };
    Ok(names.find(is_foreign))
}
