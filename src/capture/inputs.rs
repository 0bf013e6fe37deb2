//! Finds the files to read: from paths as typed to a sorted list in which every file stands once.
//!
//! What a file is shows in its content, so that no extension is asked for. Only the sheets, notes and pictures
//! that people keep beside their captures are left out, and named.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};

use walkdir::{DirEntry, WalkDir};

use super::container::is_companion_name;
use super::{Problem, Stage, codes, text};

/// What is said after the name of a folder that is left out because this program wrote it.
pub const A_DATASET: &str = " (a dataset)";

/// The same for what it wrote of a share of the inputs.
const A_SHARD: &str = " (a shard)";

/// As much of a file as is needed to see whether it begins like a capture.
const HEAD_BYTES: u64 = 1024;

/// What stands for standard input among the inputs.
pub const STANDARD_INPUT: &str = "-";

/// Why the inputs could not be listed at all.
#[derive(Debug, thiserror::Error)]
pub enum CaptureError {
    /// A path that was typed leads nowhere.
    #[error("cannot find {path}")]
    Missing { path: String, source: io::Error },
}

/// One file to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputFile {
    /// Where it is.
    pub path: PathBuf,
    /// As typed, or as found below a folder as typed; `/` between folders on every system.
    pub shown: String,
}

impl InputFile {
    /// Whether it is read from standard input.
    pub fn is_standard_input(&self) -> bool {
        self.path == Path::new(STANDARD_INPUT)
    }
}

/// What the paths led to.
#[derive(Debug, Default)]
pub struct Found {
    /// The files to read, sorted by `shown`.
    pub files: Vec<InputFile>,
    /// Files beside the captures that are clearly none, as shown.
    pub left_out: Vec<String>,
    /// What could not be looked into, as shown, and why.
    pub problems: Vec<(String, Problem)>,
}

/// Lists every file below `paths`. The order of `paths` does not matter; hidden files are not looked at unless
/// they are named.
pub fn find_inputs(paths: &[PathBuf]) -> Result<Found, CaptureError> {
    let mut search = Search::default();
    for path in paths {
        match fs::metadata(path) {
            _ if path == Path::new(STANDARD_INPUT) => search.add(path, true),
            Ok(metadata) if metadata.is_dir() => search.walk(path),
            Ok(_) => search.add(path, true),
            Err(source) => {
                return Err(CaptureError::Missing {
                    path: shown(path),
                    source,
                });
            }
        }
    }
    Ok(search.finish())
}

#[derive(Default)]
struct Search {
    /// By the path without links, under which a file is the same however it was reached.
    files: BTreeMap<PathBuf, Candidate>,
    /// Folders that this program wrote.
    datasets: Vec<String>,
    problems: Vec<(String, Problem)>,
}

struct Candidate {
    file: InputFile,
    /// Typed by the user: never left out.
    named: bool,
}

impl Search {
    fn walk(&mut self, folder: &Path) {
        let walk = WalkDir::new(folder)
            .follow_links(true)
            .sort_by_file_name()
            .into_iter();
        let mut datasets = Vec::new();
        let wanted = |entry: &DirEntry| {
            if entry.depth() > 0 && is_hidden(entry) {
                return false;
            }
            let result = result_in(entry.path()).filter(|_| entry.file_type().is_dir());
            datasets.extend(result.map(|what| shown(entry.path()) + what));
            result.is_none()
        };
        for step in walk.filter_entry(wanted) {
            match step {
                Ok(entry) if entry.file_type().is_file() => self.add(entry.path(), false),
                Ok(_) => {}
                // A link back to a folder above shows nothing that is not seen anyway.
                Err(error) if error.loop_ancestor().is_some() => {}
                Err(error) => self.note(error.path().unwrap_or(folder), &error),
            }
        }
        self.datasets.extend(datasets);
    }

    fn add(&mut self, path: &Path, named: bool) {
        let file = InputFile {
            path: path.to_owned(),
            shown: shown(path),
        };
        let key = match fs::canonicalize(path) {
            Ok(key) if !file.is_standard_input() => key,
            _ => path.to_owned(),
        };
        match self.files.get_mut(&key) {
            Some(known) => {
                known.named |= named;
                if file.shown < known.file.shown {
                    known.file = file;
                }
            }
            None => {
                self.files.insert(key, Candidate { file, named });
            }
        }
    }

    fn note(&mut self, path: &Path, error: &walkdir::Error) {
        let reason = error
            .io_error()
            .map_or_else(|| "unknown reason".to_owned(), ToString::to_string);
        let message = format!("cannot be looked into: {reason}");
        self.problems.push((
            shown(path),
            Problem::of_file(Stage::Input, codes::UNREADABLE_INPUT, message),
        ));
    }

    fn finish(self) -> Found {
        let mut found = Found {
            problems: self.problems,
            ..Found::default()
        };
        for candidate in self.files.into_values() {
            if !candidate.named && is_companion(&candidate.file.path) {
                found.left_out.push(candidate.file.shown);
            } else {
                found.files.push(candidate.file);
            }
        }
        found
            .files
            .sort_by(|one, other| one.shown.cmp(&other.shown));
        found.left_out.extend(self.datasets);
        found.left_out.sort();
        found.left_out.dedup();
        found.problems.sort();
        found.problems.dedup();
        found
    }
}

/// What this program wrote to a folder in an earlier run, so that it holds results and no captures.
fn result_in(folder: &Path) -> Option<&'static str> {
    let has = |names: &[&str]| names.iter().all(|name| folder.join(name).is_file());
    if has(&["datapackage.json", "run.json", "captures.parquet"]) {
        Some(A_DATASET)
    } else {
        has(&["shard.json", "parts.arrow"]).then_some(A_SHARD)
    }
}

fn is_hidden(entry: &DirEntry) -> bool {
    entry.file_name().as_encoded_bytes().starts_with(b".")
}

/// Whether a file is named as companions are and does not begin as a capture does.
fn is_companion(path: &Path) -> bool {
    let named_so = is_companion_name(&path.to_string_lossy());
    // One that cannot be opened is kept: reading it will say why.
    named_so && head(path).is_ok_and(|head| !text::open(&head).is_json_like())
}

fn head(path: &Path) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    File::open(path)?.take(HEAD_BYTES).read_to_end(&mut head)?;
    Ok(head)
}

/// A path for people: as typed, without `./`, and with `/` on every system.
fn shown(path: &Path) -> String {
    let mut out = String::new();
    for component in path.components() {
        match component {
            Component::CurDir => continue,
            Component::RootDir => {
                out.push('/');
                continue;
            }
            Component::Prefix(_) | Component::ParentDir | Component::Normal(_) => {}
        }
        if !out.is_empty() && !out.ends_with('/') {
            out.push('/');
        }
        out.push_str(&component.as_os_str().to_string_lossy());
    }
    out
}
