//! What can go wrong between rows and a folder of files, in words that name the place and the cause.

use polars::prelude::PolarsError;
use std::io::{self, ErrorKind};
use std::path::PathBuf;

/// Why a dataset could not be built or written.
#[derive(Debug, thiserror::Error)]
pub enum DatasetError {
    /// The tables could not be computed.
    #[error("the tables could not be computed: {0}")]
    Frames(#[source] PolarsError),
    /// A bug: two rows claim the same key.
    #[error(
        "two rows of the table {table} have the same key ({key}: {value}); please report this as a bug"
    )]
    DuplicateKey {
        table: &'static str,
        key: String,
        value: String,
    },
    /// A bug: a row refers to a row that is not there.
    #[error(
        "{table}.{column} names {value}, which {target} does not have; please report this as a bug"
    )]
    UnresolvedReference {
        table: &'static str,
        column: &'static str,
        value: String,
        target: &'static str,
    },
    /// The target is a dataset, and nobody said that it may go.
    #[error("{} already holds a dataset; give another folder, or --force to replace it", .0.display())]
    Exists(PathBuf),
    /// Something stands where answers should go.
    #[error("{} exists already; give another name with --out", .0.display())]
    Taken(PathBuf),
    /// One file cannot hold what was to be written.
    #[error("{} cannot hold several answers in this format; give a folder", .0.display())]
    NotOneFile(PathBuf),
    /// The target is somebody's folder.
    #[error("{} is not empty and holds no dataset, so it is not replaced; give another folder", .0.display())]
    NotADataset(PathBuf),
    /// The target is a dataset, and somebody keeps other things in it.
    #[error("{} is not replaced, because {} in it is no part of the dataset; move it elsewhere first, or give another folder", folder.display(), file.display())]
    ForeignFile { folder: PathBuf, file: PathBuf },
    /// The target is a file.
    #[error("{} exists and is not a folder; give another name", .0.display())]
    NotAFolder(PathBuf),
    /// Replacing the target would take away the ground under the shell.
    #[error("{} is the folder you are working in, or holds it; name a new folder inside it instead", .0.display())]
    WorkingFolder(PathBuf),
    /// The path ends in nothing that a folder could be called.
    #[error("{} names no folder that could be made", .0.display())]
    Nameless(PathBuf),
    /// There is nothing that the folder could be held to.
    #[error("{} cannot be checked: {missing} is missing; give the folder that analyse wrote with --out", folder.display())]
    NotChecked {
        folder: PathBuf,
        missing: &'static str,
    },
    /// A file or folder could not be read, made, written or renamed.
    #[error("cannot {doing} {}: {}", path.display(), cause(error))]
    Io {
        doing: &'static str,
        path: PathBuf,
        error: io::Error,
    },
    /// The user stopped the run.
    #[error("interrupted; nothing was written")]
    Interrupted,
}

/// Turns an I/O error into one that says what was being done, and to which path.
pub(super) fn io_at(
    doing: &'static str,
    path: impl Into<PathBuf>,
) -> impl FnOnce(io::Error) -> DatasetError {
    let path = path.into();
    move |error| DatasetError::Io { doing, path, error }
}

/// The usual causes in plain words, the rest as the system says it.
pub(super) fn cause(error: &io::Error) -> String {
    match error.kind() {
        ErrorKind::StorageFull => "the disk is full".to_owned(),
        ErrorKind::QuotaExceeded => "your share of the disk is used up".to_owned(),
        ErrorKind::PermissionDenied => "you have no permission to do so".to_owned(),
        ErrorKind::ReadOnlyFilesystem => "the disk is read-only".to_owned(),
        ErrorKind::NotFound => "there is no such file or folder".to_owned(),
        ErrorKind::InvalidFilename => "the name is too long or not allowed".to_owned(),
        _ => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_names_the_path_and_the_cause_in_plain_words() {
        let full = io::Error::from(ErrorKind::StorageFull);
        assert_eq!(
            io_at("write", "out/events.csv")(full).to_string(),
            "cannot write out/events.csv: the disk is full"
        );
    }
}
