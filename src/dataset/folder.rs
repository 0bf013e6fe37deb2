//! A dataset on disk, whole or not at all: everything goes to a hidden folder beside the target, which takes the
//! target's name only when every file is complete and on the disk.

use super::csv::CsvStyle;
use super::error::{DatasetError, io_at};
use super::format::Format;
use super::manifest::{self, InputHash, MANIFEST};
use super::package::{self, PACKAGE};
use super::parquet::Parquet;
use super::run_record::{self, RUN_RECORD};
use super::sink::{WrittenFile, write_file};
use super::table::Dataset;
use super::target::Target;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

/// How many leftovers of runs that were killed may lie beside the target.
const ATTEMPTS: u32 = 100;

/// How a dataset is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct WriteOptions {
    pub csv: CsvStyle,
    /// Whether an older dataset may be replaced.
    pub force: bool,
}

/// Writes the dataset to the folder `out` and says which files there are now. `inputs` are listed in the manifest,
/// `run` is the record of the run. When `keep_going` says no, nothing stays behind.
pub fn write(
    dataset: &Dataset,
    out: &Path,
    options: &WriteOptions,
    inputs: &[InputHash],
    run: &serde_json::Value,
    keep_going: &dyn Fn() -> bool,
) -> Result<Vec<WrittenFile>, DatasetError> {
    let target = Target::settle(out, options.force)?;
    let partial = Partial::create(&target)?;
    let mut files = Files {
        folder: &partial.folder,
        keep_going,
        written: Vec::new(),
    };
    let formats: [&dyn Format; 2] = [&options.csv, &Parquet];
    for table in dataset.tables() {
        for format in formats {
            let name = format.file_name(table.schema().name);
            files.add(name, |out| format.write(table, out))?;
        }
    }
    let package = package::describe(dataset.tables(), options.csv, &files.written);
    files.add(PACKAGE.to_owned(), |out| package.write(out))?;
    files.add(RUN_RECORD.to_owned(), |out| run_record::write(run, out))?;
    let manifest = manifest::lines(&files.written, inputs, &target.folder());
    files.add(MANIFEST.to_owned(), |out| out.write_all(&manifest))?;
    let written = files.written;
    partial.publish(&target)?;
    Ok(written)
}

struct Files<'a> {
    folder: &'a Path,
    keep_going: &'a dyn Fn() -> bool,
    written: Vec<WrittenFile>,
}

impl Files<'_> {
    fn add(
        &mut self,
        name: String,
        content: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<(), DatasetError> {
        let file = write_file(self.folder, name, self.keep_going, content)?;
        self.written.push(file);
        Ok(())
    }
}

/// The hidden folder; it goes away with this value unless it was published.
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
    fn publish(self, target: &Target) -> Result<(), DatasetError> {
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
mod tests {
    use super::*;
    use crate::dataset::{Rows, made};
    use std::process::Command;

    fn put(rows: &Rows, out: &Path, force: bool) -> Result<Vec<WrittenFile>, DatasetError> {
        let options = WriteOptions {
            force,
            ..Default::default()
        };
        let run = serde_json::json!({"program": "pixelhound"});
        write(&Dataset::new(rows)?, out, &options, &[], &run, &|| true)
    }

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        let mut names: Vec<String> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn a_dataset_is_whole_and_nothing_else_is_left() {
        let parent = tempfile::tempdir().unwrap();
        let out = parent.path().join("out");
        let written = put(&made::rows(), &out, false).unwrap();
        let mut listed: Vec<String> = written.into_iter().map(|file| file.name).collect();
        listed.sort();
        assert_eq!(names(&out), listed);
        assert_eq!(listed.len(), 7 * 2 + 3);
        assert_eq!(names(parent.path()), ["out"]);
    }

    #[test]
    fn parameters_are_written_when_asked_for() {
        let parent = tempfile::tempdir().unwrap();
        let out = parent.path().join("out");
        let rows = Rows {
            parameters: Some(vec![made::parameter("a1", 1)]),
            ..made::rows()
        };
        put(&rows, &out, false).unwrap();
        assert!(out.join("parameters.csv").is_file() && out.join("parameters.parquet").is_file());
    }

    #[test]
    fn two_runs_write_the_same_bytes() {
        let parent = tempfile::tempdir().unwrap();
        let one = put(&made::rows(), &parent.path().join("one"), false).unwrap();
        let two = put(&made::rows(), &parent.path().join("two"), false).unwrap();
        assert_eq!(one, two);
    }

    #[test]
    fn an_older_dataset_is_replaced_only_by_force() {
        let parent = tempfile::tempdir().unwrap();
        let out = parent.path().join("out");
        put(&made::rows(), &out, false).unwrap();
        let refused = put(&Rows::default(), &out, false).unwrap_err();
        assert!(refused.to_string().contains("--force"));
        let before = fs::read(out.join("events.csv")).unwrap();
        put(&Rows::default(), &out, true).unwrap();
        assert_ne!(fs::read(out.join("events.csv")).unwrap(), before);
        assert_eq!(names(parent.path()), ["out"]);
    }

    #[test]
    fn the_folder_of_somebody_else_is_never_replaced() {
        let parent = tempfile::tempdir().unwrap();
        let out = parent.path().join("out");
        fs::create_dir(&out).unwrap();
        fs::write(out.join("notes.txt"), "mine").unwrap();
        assert!(matches!(
            put(&made::rows(), &out, true),
            Err(DatasetError::NotADataset(_))
        ));
        assert_eq!(names(&out), ["notes.txt"]);
    }

    #[test]
    fn a_dataset_with_somebodys_notes_in_it_is_not_replaced() {
        let parent = tempfile::tempdir().unwrap();
        let out = parent.path().join("out");
        put(&made::rows(), &out, false).unwrap();
        fs::write(out.join("notes.txt"), "mine").unwrap();
        let refused = put(&made::rows(), &out, true).unwrap_err();
        assert!(refused.to_string().contains("notes.txt"), "{refused}");
        assert_eq!(fs::read(out.join("notes.txt")).unwrap(), b"mine");
    }

    #[test]
    fn an_empty_folder_is_taken_without_force() {
        let parent = tempfile::tempdir().unwrap();
        let out = parent.path().join("out");
        fs::create_dir(&out).unwrap();
        put(&made::rows(), &out, false).unwrap();
        assert!(out.join(MANIFEST).is_file());
    }

    #[test]
    fn an_interruption_leaves_nothing_behind_and_the_older_dataset_in_place() {
        let parent = tempfile::tempdir().unwrap();
        let out = parent.path().join("out");
        put(&made::rows(), &out, false).unwrap();
        let before = names(&out);
        let options = WriteOptions {
            force: true,
            ..Default::default()
        };
        let dataset = Dataset::new(&Rows::default()).unwrap();
        let asked = std::cell::Cell::new(0);
        let keep_going = || {
            asked.set(asked.get() + 1);
            asked.get() < 9
        };
        let outcome = write(
            &dataset,
            &out,
            &options,
            &[],
            &serde_json::json!({}),
            &keep_going,
        );
        assert!(matches!(outcome, Err(DatasetError::Interrupted)));
        assert_eq!(names(parent.path()), ["out"]);
        assert_eq!(names(&out), before);
    }

    #[test]
    fn a_leftover_of_a_killed_run_is_no_obstacle() {
        let parent = tempfile::tempdir().unwrap();
        let out = parent.path().join("out");
        let target = Target::settle(&out, false).unwrap();
        fs::create_dir(target.beside("partial", 0)).unwrap();
        put(&made::rows(), &out, false).unwrap();
        assert!(out.is_dir());
    }

    #[test]
    fn sha256sum_verifies_outputs_and_inputs_wherever_they_lie() {
        let parent = tempfile::tempdir().unwrap();
        let captures = parent.path().join("captures");
        fs::create_dir(&captures).unwrap();
        let mut inputs = Vec::new();
        let strange: &[&str] = if cfg!(unix) {
            &["a b.har", "odd\\na\nme\r.har", "-"]
        } else {
            &["a b.har"]
        };
        for name in strange {
            let path = captures.join(name);
            fs::write(&path, "abc").unwrap();
            inputs.push(InputHash {
                path,
                sha256: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
                    .to_owned(),
            });
        }
        fs::create_dir(parent.path().join("deep")).unwrap();
        let out = parent.path().join("deep/out");
        let dataset = Dataset::new(&made::rows()).unwrap();
        let run = serde_json::json!({});
        write(
            &dataset,
            &out,
            &WriteOptions::default(),
            &inputs,
            &run,
            &|| true,
        )
        .unwrap();

        let verify = || {
            Command::new("sha256sum")
                .args(["-c", "--strict", MANIFEST])
                .current_dir(&out)
                .output()
        };
        let Ok(verdict) = verify() else {
            return; // Not every system has it.
        };
        let told = String::from_utf8_lossy(&verdict.stdout).into_owned();
        assert!(verdict.status.success(), "{told}");
        assert_eq!(told.matches(": OK").count(), 7 * 2 + 2 + strange.len());
        fs::write(captures.join("a b.har"), "abd").unwrap();
        assert!(!verify().unwrap().status.success());
    }
}
