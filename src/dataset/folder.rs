//! A dataset on disk, whole or not at all: everything goes to a hidden folder beside the target, which takes the
//! target's name only when every file is complete and on the disk.

use super::csv::CsvStyle;
use super::error::{DatasetError, io_at};
use super::format::KeepGoing;
use super::formats::Formats;
use super::manifest::{self, InputHash, MANIFEST};
use super::package::{self, PACKAGE};
use super::run_record::{self, RUN_RECORD};
use super::sink::{WrittenFile, make_file, write_file};
use super::sqlite::View;
use super::table::Dataset;
use super::target::Target;
use rayon::prelude::*;
use serde::Serialize;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

/// How many leftovers of runs that were killed may lie beside the target.
const ATTEMPTS: u32 = 100;

/// How a dataset is written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WriteOptions {
    pub csv: CsvStyle,
    /// In which formats.
    pub formats: Formats,
    /// The questions that a database answers by itself.
    pub views: Vec<View>,
    /// Whether an older dataset may be replaced.
    pub force: bool,
    /// The dataset, links resolved, that is made again elsewhere: the manifest names the inputs as seen from there.
    pub stands_at: Option<PathBuf>,
}

/// Writes the dataset to the folder `out` and says which files there are now. `inputs` are listed in the manifest,
/// `run` is the record of the run. When `keep_going` says no, nothing stays behind.
pub fn write(
    dataset: &Dataset,
    out: &Path,
    options: &WriteOptions,
    inputs: &[InputHash],
    run: &impl Serialize,
    keep_going: KeepGoing<'_>,
) -> Result<Vec<WrittenFile>, DatasetError> {
    let target = Target::settle(out, options.force)?;
    let folder = options.stands_at.clone();
    let folder = folder.unwrap_or_else(|| target.folder());
    write_whole(&target, keep_going, |files| {
        write_dataset(dataset, options, inputs, run, &folder, files)
    })
}

/// Writes files to a folder that is not there yet, or is empty; all of them or none.
pub fn write_new(
    out: &Path,
    keep_going: KeepGoing<'_>,
    content: impl FnOnce(&mut Files) -> Result<(), DatasetError>,
) -> Result<Vec<WrittenFile>, DatasetError> {
    write_whole(&Target::settle(out, false)?, keep_going, content)
}

/// Fills the folder of a target; whole or not at all.
pub(super) fn write_whole(
    target: &Target,
    keep_going: KeepGoing<'_>,
    content: impl FnOnce(&mut Files) -> Result<(), DatasetError>,
) -> Result<Vec<WrittenFile>, DatasetError> {
    let partial = Partial::create(target)?;
    let mut files = Files::new(&partial, keep_going);
    content(&mut files)?;
    let written = files.written;
    partial.publish(target)?;
    Ok(written)
}

/// `folder` is where the dataset will stand.
fn write_dataset(
    dataset: &Dataset,
    options: &WriteOptions,
    inputs: &[InputHash],
    run: &impl Serialize,
    folder: &Path,
    files: &mut Files,
) -> Result<(), DatasetError> {
    let tables = dataset.tables().iter().flat_map(|table| {
        let formats = options.formats.of_a_table(&options.csv);
        formats.map(move |format| (format.file_name(table.schema().name), (table, format)))
    });
    files.add_side_by_side(tables.collect(), |(table, format), out| {
        format.write(table.frame(), out)
    })?;
    let keep_going = files.keep_going;
    for book in options.formats.of_all_tables(&options.views) {
        files.make(book.file_name(), |path| {
            book.write(dataset.tables(), path, keep_going)
        })?;
    }
    let package = package::describe(dataset.tables(), options.csv, &files.written);
    files.add(PACKAGE.to_owned(), |out| package.write(out))?;
    files.add(RUN_RECORD.to_owned(), |out| run_record::write(run, out))?;
    let manifest = manifest::lines(&files.written, inputs, folder);
    files.add(MANIFEST.to_owned(), |out| out.write_all(&manifest))?;
    Ok(())
}

/// The files of a folder that is not published yet.
pub struct Files<'a> {
    folder: &'a Path,
    pub(super) keep_going: KeepGoing<'a>,
    pub(super) written: Vec<WrittenFile>,
}

impl<'a> Files<'a> {
    pub(super) fn new(partial: &'a Partial, keep_going: KeepGoing<'a>) -> Self {
        Files {
            folder: &partial.folder,
            keep_going,
            written: Vec::new(),
        }
    }

    /// Writes a file from its first byte to its last, and gives its SHA-256.
    pub fn add(
        &mut self,
        name: String,
        content: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<String, DatasetError> {
        let file = write_file(self.folder, name, self.keep_going, content)?;
        let sha256 = file.sha256.clone();
        self.written.push(file);
        Ok(sha256)
    }

    /// Writes several files as [`Files::add`] does, at the same time as far as there are threads.
    fn add_side_by_side<T: Send>(
        &mut self,
        files: Vec<(String, T)>,
        content: impl Fn(T, &mut dyn Write) -> io::Result<()> + Sync,
    ) -> Result<(), DatasetError> {
        let (folder, keep_going) = (self.folder, self.keep_going);
        let written = files
            .into_par_iter()
            .with_max_len(1)
            .map(|(name, what)| write_file(folder, name, keep_going, |out| content(what, out)));
        let written: Result<Vec<WrittenFile>, DatasetError> = written.collect();
        self.written.extend(written?);
        Ok(())
    }

    /// Lets a file be made at its path.
    pub(super) fn make(
        &mut self,
        name: &str,
        content: impl FnOnce(&Path) -> io::Result<()>,
    ) -> Result<(), DatasetError> {
        let file = make_file(self.folder, name.to_owned(), self.keep_going, content)?;
        self.written.push(file);
        Ok(())
    }
}

/// The hidden folder; it goes away with this value, with all that was not published.
pub(super) struct Partial {
    folder: PathBuf,
}

impl Partial {
    pub(super) fn create(target: &Target) -> Result<Self, DatasetError> {
        for number in 0..ATTEMPTS {
            let folder = target.beside("partial", number);
            match fs::create_dir(&folder) {
                Ok(()) => return Ok(Partial { folder }),
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                Err(error) => return Err(io_at("write to the folder", &target.parent)(error)),
            }
        }
        Err(io_at("create", target.beside("partial", ATTEMPTS))(
            ErrorKind::AlreadyExists.into(),
        ))
    }

    /// Gives the folder the name of the target. Whatever stood there stays until the new one has taken its place.
    pub(super) fn publish(self, target: &Target) -> Result<(), DatasetError> {
        let folder = target.folder();
        sync(&self.folder).map_err(io_at("write", &self.folder))?;
        if target.replaces {
            let aside = set_aside(target)?;
            if let Err(error) = fs::rename(&self.folder, &folder) {
                let _ = fs::rename(&aside, &folder);
                return Err(io_at("create", folder)(error));
            }
            fs::remove_dir_all(&aside).map_err(io_at("remove the replaced dataset", &aside))?;
        } else {
            fs::rename(&self.folder, &folder).map_err(io_at("create", &folder))?;
        }
        sync(&target.parent).map_err(io_at("write to the folder", &target.parent))
    }

    /// Gives one of the files the name of the target, at which nothing may stand.
    pub(super) fn publish_file(self, name: &str, target: &Target) -> Result<(), DatasetError> {
        let file = target.folder();
        fs::rename(self.folder.join(name), &file).map_err(io_at("create", file))?;
        sync(&target.parent).map_err(io_at("write to the folder", &target.parent))
    }
}

impl Drop for Partial {
    /// After publishing there is nothing of this name left to remove. An error here has nobody left to hear it.
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn set_aside(target: &Target) -> Result<PathBuf, DatasetError> {
    let free = (0..ATTEMPTS)
        .map(|number| target.beside("replaced", number))
        .find(|path| path.symlink_metadata().is_err());
    let aside = free.unwrap_or_else(|| target.beside("replaced", ATTEMPTS));
    fs::rename(target.folder(), &aside).map_err(io_at("replace", target.folder()))?;
    Ok(aside)
}

/// Makes the names in a folder last through a power cut, on systems where a folder can be opened like a file.
fn sync(folder: &Path) -> io::Result<()> {
    if cfg!(unix) {
        File::open(folder)?.sync_all()
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests;
