//! A folder of tables that somebody else wrote as Parquet, a file or a folder of parts each, completed to a dataset: the data
//! package, the record of the run and the manifest beside them.

use super::error::{DatasetError, io_at};
use super::format::KeepGoing;
use super::manifest::{self, InputHash, MANIFEST};
use super::package::{self, PACKAGE};
use super::parquet::file_name;
use super::parts::{is_part, names_within};
use super::run_record::{self, RUN_RECORD};
use super::schema::TABLES;
use super::sink::{WrittenFile, make_file, write_file};
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
    let seen = names_within(folder, &name)?.into_iter();
    let parts = seen.filter(|seen| Path::new(seen).file_name().is_some_and(is_part));
    Ok(parts.filter_map(|part| part.into_string().ok()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::format::Format;
    use crate::dataset::parquet::Parquet;
    use crate::dataset::{Custody, Dataset, State, made};
    use std::fs::{self, File};

    /// A dataset as a cluster leaves it: some tables in parts, with its notes beside them.
    fn tables_in_parts() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        let dataset = Dataset::new(&made::rows()).unwrap();
        for table in dataset.tables() {
            let name = file_name(table.schema().name);
            let half = table.frame().height() / 2;
            let write = |name: &str, rows| {
                let mut file = File::create(folder.path().join(name)).unwrap();
                Parquet.write(&rows, &mut file).unwrap();
            };
            if half == 0 {
                write(&name, table.frame().clone());
                continue;
            }
            fs::create_dir(folder.path().join(&name)).unwrap();
            fs::write(folder.path().join(&name).join("_SUCCESS"), "").unwrap();
            let (one, other) = table.frame().split_at(half as i64);
            write(&format!("{name}/part-00000.parquet"), one);
            write(&format!("{name}/part-00001.parquet"), other);
        }
        folder
    }

    #[test]
    fn a_folder_of_tables_becomes_a_dataset_that_is_held_to_its_manifest() {
        let folder = tables_in_parts();
        let input = InputHash {
            path: folder.path().join("../gone.har"),
            sha256: "ab".repeat(32),
        };
        seal(folder.path(), &[input], &"a record", &|| true).unwrap();
        let manifest = fs::read_to_string(folder.path().join(MANIFEST)).unwrap();
        let listed = |name: &str| manifest.lines().any(|line| line.ends_with(name));
        assert!(listed("  events.parquet/part-00001.parquet") && listed("gone.har"));
        assert!(listed(PACKAGE) && listed(RUN_RECORD) && !listed("_SUCCESS"));
        let hashes = Custody::open(folder.path()).unwrap().check(&|_| true);
        let hashes = hashes.unwrap();
        let changed = hashes
            .files
            .iter()
            .filter(|file| file.state != State::Unchanged);
        assert_eq!(changed.count(), 0, "{:?}", hashes.files);

        let package = fs::read(folder.path().join(PACKAGE)).unwrap();
        let package: serde_json::Value = serde_json::from_slice(&package).unwrap();
        let events = package["resources"].as_array().unwrap().iter();
        let events: Vec<_> = events.filter(|table| table["name"] == "events").collect();
        let parts = [
            "events.parquet/part-00000.parquet",
            "events.parquet/part-00001.parquet",
        ];
        assert_eq!(events[0]["path"], serde_json::json!(parts));
        assert_eq!(
            events[0]["schema"]["primaryKey"],
            serde_json::json!(["event_id"])
        );
    }

    #[test]
    fn what_is_a_dataset_already_is_not_completed_again() {
        let folder = tables_in_parts();
        seal(folder.path(), &[], &"a record", &|| true).unwrap();
        let again = seal(folder.path(), &[], &"another", &|| true);
        assert!(again.is_err());
        let record = fs::read_to_string(folder.path().join(RUN_RECORD)).unwrap();
        assert_eq!(record, "\"a record\"\n");
    }
}
