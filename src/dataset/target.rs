//! Where a dataset may be written: never over anything but an empty folder or, when told so, an older dataset with
//! nothing else in it.

use super::csv::CsvStyle;
use super::error::{DatasetError, io_at};
use super::folder::Partial;
use super::format::Format;
use super::manifest::MANIFEST;
use super::ndjson::Ndjson;
use super::package::PACKAGE;
use super::parquet::Parquet;
use super::parts;
use super::run_record::RUN_RECORD;
use super::schema::TABLES;
use super::sqlite::SQLITE;
use super::way::{path_of_bytes, way};
use super::xlsx::XLSX;
use std::env;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// The folder that a dataset will be, or the file or folder of answers, with all links in its path resolved.
#[derive(Debug)]
pub(super) struct Target {
    pub(super) parent: PathBuf,
    pub(super) name: OsString,
    /// Whether an empty folder or an older dataset stands there.
    pub(super) replaces: bool,
}

impl Target {
    /// Finds the place and refuses it where something stands that must stay.
    pub(super) fn settle(out: &Path, force: bool) -> Result<Self, DatasetError> {
        let folder = resolved(out)?;
        let replaces = folder.symlink_metadata().is_ok();
        if replaces {
            may_go(&folder, force)?;
        }
        match (folder.parent(), folder.file_name()) {
            (Some(parent), Some(name)) => Ok(Target {
                parent: parent.to_owned(),
                name: name.to_owned(),
                replaces,
            }),
            _ => Err(DatasetError::Nameless(out.to_owned())),
        }
    }

    /// Finds the place and refuses it where anything stands.
    pub(super) fn free(out: &Path) -> Result<Self, DatasetError> {
        match out.symlink_metadata() {
            Ok(_) => Err(DatasetError::Taken(out.to_owned())),
            Err(_) => Target::settle(out, false),
        }
    }

    pub(super) fn folder(&self) -> PathBuf {
        self.parent.join(&self.name)
    }

    /// A hidden name beside the target.
    pub(super) fn beside(&self, what: &str, number: u32) -> PathBuf {
        let mut name = OsString::from(".");
        name.push(&self.name);
        name.push(format!(".{what}-{}", std::process::id()));
        if number > 0 {
            name.push(format!("-{number}"));
        }
        self.parent.join(name)
    }
}

/// Says before a long analysis whether its dataset could be written there. Leaves nothing behind.
pub fn check_target(out: &Path, force: bool) -> Result<(), DatasetError> {
    let target = Target::settle(out, force)?;
    Partial::create(&target).map(drop)
}

/// The way from the folder that a dataset is or will be to the folder in which one works; `None`: to another drive.
pub fn way_back(out: &Path) -> Result<Option<PathBuf>, DatasetError> {
    let folder = resolved(out)?;
    let here = env::current_dir().and_then(|here| here.canonicalize());
    let here = here.map_err(io_at("find", "the folder in which you are working"))?;
    Ok(way(&folder, &here).and_then(|way| path_of_bytes(&way)))
}

/// Whether a folder holds a dataset.
pub fn is_dataset(folder: &Path) -> bool {
    [RUN_RECORD, PACKAGE]
        .iter()
        .all(|name| folder.join(name).is_file())
}

/// The place itself where it exists, else its name in its parent, which has to exist.
fn resolved(out: &Path) -> Result<PathBuf, DatasetError> {
    match out.canonicalize() {
        Ok(folder) => return Ok(folder),
        Err(error) if error.kind() != ErrorKind::NotFound => {
            return Err(io_at("open", out)(error));
        }
        Err(_) => {}
    }
    let name = out
        .file_name()
        .ok_or_else(|| DatasetError::Nameless(out.to_owned()))?;
    let parent = match out.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    };
    let parent = parent
        .canonicalize()
        .map_err(io_at("find the folder", parent))?;
    Ok(parent.join(name))
}

fn may_go(folder: &Path, force: bool) -> Result<(), DatasetError> {
    if !folder.is_dir() {
        return Err(DatasetError::NotAFolder(folder.to_owned()));
    }
    if holds_working_folder(folder) {
        return Err(DatasetError::WorkingFolder(folder.to_owned()));
    }
    let names = names_in(folder)?;
    if names.is_empty() {
        return Ok(());
    }
    if !is_dataset(folder) {
        return Err(DatasetError::NotADataset(folder.to_owned()));
    }
    if !force {
        return Err(DatasetError::Exists(folder.to_owned()));
    }
    let mut foreign = names.into_iter().find(|name| !is_ours(name));
    for table in parts::folders_in(folder) {
        foreign = match foreign {
            None => parts::foreign_within(folder, &table)?,
            found => found,
        };
    }
    match foreign {
        None => Ok(()),
        Some(foreign) => Err(DatasetError::ForeignFile {
            folder: folder.to_owned(),
            file: foreign.into(),
        }),
    }
}

fn holds_working_folder(folder: &Path) -> bool {
    env::current_dir()
        .and_then(|here| here.canonicalize())
        .is_ok_and(|here| here.starts_with(folder))
}

/// What lies in a folder, in order.
pub fn names_in(folder: &Path) -> Result<Vec<OsString>, DatasetError> {
    let entries = fs::read_dir(folder).map_err(io_at("read", folder))?;
    let mut names = entries
        .map(|entry| entry.map(|entry| entry.file_name()))
        .collect::<Result<Vec<_>, _>>()
        .map_err(io_at("read", folder))?;
    names.sort();
    Ok(names)
}

/// Whether a file of this name is one that this room writes.
pub(super) fn is_ours(name: &OsStr) -> bool {
    let of_a_table = || {
        TABLES.iter().any(|table| {
            let formats: [&dyn Format; 3] = [&CsvStyle::default(), &Parquet, &Ndjson];
            formats
                .iter()
                .any(|format| name == format.file_name(table.name).as_str())
        })
    };
    [RUN_RECORD, PACKAGE, MANIFEST, SQLITE, XLSX]
        .iter()
        .any(|known| name == *known)
        || of_a_table()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_folder_and_an_empty_one_are_fine_and_checking_leaves_nothing() {
        let parent = tempfile::tempdir().unwrap();
        let out = parent.path().join("out");
        check_target(&out, false).unwrap();
        assert_eq!(fs::read_dir(parent.path()).unwrap().count(), 0);
        fs::create_dir(&out).unwrap();
        check_target(&out, false).unwrap();
        assert_eq!(fs::read_dir(parent.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_missing_parent_is_named() {
        let parent = tempfile::tempdir().unwrap();
        let error = check_target(&parent.path().join("nowhere/out"), false).unwrap_err();
        assert!(
            error
                .to_string()
                .contains("nowhere: there is no such file or folder"),
            "{error}"
        );
    }

    #[test]
    fn a_file_in_the_way_is_refused() {
        let parent = tempfile::tempdir().unwrap();
        let out = parent.path().join("out");
        fs::write(&out, "mine").unwrap();
        assert!(matches!(
            check_target(&out, true),
            Err(DatasetError::NotAFolder(_))
        ));
    }

    #[test]
    fn the_folder_in_which_one_works_is_refused() {
        assert!(matches!(
            check_target(Path::new("."), true),
            Err(DatasetError::WorkingFolder(_))
        ));
    }

    #[cfg(unix)]
    #[test]
    fn a_folder_that_may_not_be_written_to_is_named() {
        use std::os::unix::fs::PermissionsExt;
        let parent = tempfile::tempdir().unwrap();
        fs::set_permissions(parent.path(), fs::Permissions::from_mode(0o555)).unwrap();
        if fs::write(parent.path().join("probe"), "").is_ok() {
            return; // Permissions do not bind the administrator.
        }
        let error = check_target(&parent.path().join("out"), false).unwrap_err();
        assert!(
            error
                .to_string()
                .ends_with("you have no permission to do so"),
            "{error}"
        );
    }
}
