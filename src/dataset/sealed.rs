//! A folder of tables that somebody else wrote as Parquet, a file or a folder of parts each, completed to a dataset: the data
//! package, the record of the run and the manifest beside them.

use super::error::{DatasetError, io_at};
use super::format::KeepGoing;
use super::manifest::{self, InputHash, MANIFEST};
use super::package::{self, PACKAGE};
use super::parquet::file_name;
use super::parts::is_part;
use super::run_record::{self, RUN_RECORD};
use super::schema::TABLES;
use super::sink::{WrittenFile, make_file, write_file};
use super::target::names_in;
use serde::Serialize;
use std::path::Path;

/// Completes the folder. What stands in it already is hashed and stays as it is.
///
/// # Errors
/// A folder that holds such files already, or cannot be read or written; an interruption.
pub fn seal(
    folder: &Path,
    inputs: &[InputHash],
    run: &impl Serialize,
    keep_going: KeepGoing<'_>,
) -> Result<(), DatasetError> {
    let mut tables = Vec::new();
    for table in &TABLES {
        let parts = files_of(folder, table.name)?.into_iter();
        let hashed = parts.map(|name| make_file(folder, name, keep_going, |_| Ok(())));
        tables.push((table, hashed.collect::<Result<Vec<WrittenFile>, _>>()?));
    }
    let package = package::of_parts(&tables);
    let mut files: Vec<WrittenFile> = tables.into_iter().flat_map(|(_, parts)| parts).collect();
    let name = || PACKAGE.to_owned();
    files.push(write_file(folder, name(), keep_going, |out| {
        package.write(out)
    })?);
    let name = || RUN_RECORD.to_owned();
    files.push(write_file(folder, name(), keep_going, |out| {
        run_record::write(run, out)
    })?);
    let place = folder.canonicalize().map_err(io_at("find", folder))?;
    let manifest = manifest::lines(&files, inputs, &place);
    write_file(folder, MANIFEST.to_owned(), keep_going, |out| {
        out.write_all(&manifest)
    })?;
    Ok(())
}

/// The files of a table, as seen from the folder: none, one, or the parts of it in order.
fn files_of(folder: &Path, table: &str) -> Result<Vec<String>, DatasetError> {
    let name = file_name(table);
    let path = folder.join(&name);
    if !path.is_dir() {
        return Ok(path.is_file().then_some(name).into_iter().collect());
    }
    let parts = names_in(&path)?.into_iter();
    let parts = parts.filter(|part| is_part(part));
    let parts = parts.filter_map(|part| part.into_string().ok());
    Ok(parts.map(|part| format!("{name}/{part}")).collect())
}
