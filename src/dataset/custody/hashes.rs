//! Every file that the manifest lists, hashed once more; and what lies beside them that it does not list.

use crate::dataset::error::{DatasetError, cause, io_at};
use crate::dataset::manifest::{self, Listed, MANIFEST, located};
use crate::dataset::parts::{folders_in, is_note, is_table, names_within};
use crate::dataset::sink::digits_of;
use crate::dataset::target::names_in;
use crate::dataset::way::{follow, path_of_bytes, seen_from};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Read};
use std::path::{Component, Path, PathBuf};

/// As much of a file as is read at once.
const PIECE: usize = 1 << 18;

/// A dataset on disk and what its manifest says.
#[derive(Debug)]
pub struct Custody {
    folder: PathBuf,
    listed: Vec<Listed>,
    faulty_lines: Vec<usize>,
}

/// What became of a listed file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    Unchanged,
    /// Its bytes are not those that were hashed.
    Changed,
    Missing,
    /// It is not there, and one with the same bytes is an input under another name.
    Renamed(PathBuf),
    /// It is there and cannot be read: why.
    Unreadable(String),
}

/// A listed file and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// As seen from the folder of the dataset.
    pub path: PathBuf,
    pub state: State,
}

/// What became of everything that the manifest lists.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hashes {
    /// The files of the dataset but for the manifest itself.
    pub files: Vec<Checked>,
    pub inputs: Vec<Checked>,
    /// What lies in the folder of the dataset and is in no line.
    pub foreign: Vec<PathBuf>,
    /// Numbers of lines, from 1, that are not as a manifest is written.
    pub faulty_lines: Vec<usize>,
}

impl Custody {
    /// Reads the manifest.
    ///
    /// # Errors
    /// A folder that is not there or cannot be read, or has no manifest.
    pub fn open(folder: &Path) -> Result<Custody, DatasetError> {
        let folder = folder.canonicalize().map_err(io_at("open", folder))?;
        let path = folder.join(MANIFEST);
        let text = match fs::read(&path) {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                let missing = MANIFEST;
                return Err(DatasetError::NotChecked { folder, missing });
            }
            other => other.map_err(io_at("read", path))?,
        };
        let mut custody = Custody {
            folder,
            listed: Vec::new(),
            faulty_lines: Vec::new(),
        };
        for line in manifest::read(&text) {
            match line {
                Ok(listed) => custody.listed.push(listed),
                Err(number) => custody.faulty_lines.push(number),
            }
        }
        Ok(custody)
    }

    /// Where the dataset is, links resolved.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// How many bytes there are to hash.
    pub fn bytes(&self) -> u64 {
        let paths = self.listed.iter().filter_map(|listed| self.place(listed));
        paths
            .map(|path| fs::metadata(path).map_or(0, |about| about.len()))
            .sum()
    }

    /// Hashes every listed file. `hashed` is told of bytes that were, and says whether to go on.
    ///
    /// # Errors
    /// A folder that cannot be listed, or an interruption; never for what became of a file.
    pub fn check(&self, hashed: &dyn Fn(u64) -> bool) -> Result<Hashes, DatasetError> {
        let mut hashes = Hashes {
            foreign: self.foreign()?,
            faulty_lines: self.faulty_lines.clone(),
            ..Hashes::default()
        };
        for listed in &self.listed {
            let state = match self.place(listed) {
                Some(place) => state_of(&place, &listed.sha256, hashed)?,
                None => State::Unreadable("no file can have this name here".to_owned()),
            };
            let checked = Checked {
                path: shown_path(listed),
                state,
            };
            if is_output(listed) {
                hashes.files.push(checked);
            } else {
                hashes.inputs.push(checked);
            }
        }
        Ok(hashes)
    }

    /// Looks for missing inputs among the files that would be read today: one with the bytes of a missing input, and
    /// with a name that no line lists, is that input.
    ///
    /// # Errors
    /// An interruption.
    pub fn find_renamed(
        &self,
        hashes: &mut Hashes,
        today: &[PathBuf],
        keep_going: &dyn Fn() -> bool,
    ) -> Result<(), DatasetError> {
        let is_missing = |checked: &&mut Checked| checked.state == State::Missing;
        for file in today {
            let name = seen_from(&self.folder, &located(file));
            if self.listed.iter().any(|listed| listed.path == name) {
                continue;
            }
            let mut missing = hashes.inputs.iter_mut().filter(is_missing).peekable();
            if missing.peek().is_none() {
                break;
            }
            let Ok(sha256) = sha256_of_file(file, &|_| keep_going()) else {
                continue;
            };
            let sha256 = sha256.ok_or(DatasetError::Interrupted)?;
            let is_it = |checked: &&mut Checked| {
                let mut lines = self.listed.iter();
                lines.any(|line| line.sha256 == sha256 && shown_path(line) == checked.path)
            };
            if let (Some(renamed), Some(name)) = (missing.find(is_it), path_of_bytes(&name)) {
                renamed.state = State::Renamed(name);
            }
        }
        Ok(())
    }

    /// Inputs that this manifest does not list and another one does.
    pub fn inputs_only_in(&self, other: &Custody) -> Vec<PathBuf> {
        let known: BTreeSet<&[u8]> = self.listed.iter().map(|l| l.path.as_slice()).collect();
        let others = other.listed.iter().filter(|listed| !is_output(listed));
        others
            .filter(|listed| !known.contains(listed.path.as_slice()))
            .map(shown_path)
            .collect()
    }

    /// Files of the dataset that another manifest lists with the same hash.
    pub fn outputs_as_in(&self, other: &Custody) -> Vec<PathBuf> {
        let ours = self.listed.iter().filter(|listed| is_output(listed));
        ours.filter(|listed| other.listed.contains(listed))
            .map(shown_path)
            .collect()
    }

    fn place(&self, listed: &Listed) -> Option<PathBuf> {
        path_of_bytes(&listed.path).map(|way| follow(&self.folder, &way))
    }

    fn foreign(&self) -> Result<Vec<PathBuf>, DatasetError> {
        let known: BTreeSet<&[u8]> = self.listed.iter().map(|l| l.path.as_slice()).collect();
        let mut names = names_in(&self.folder)?;
        for table in folders_in(&self.folder) {
            names.retain(|name| *name != *table);
            let within = names_within(&self.folder, &table)?.into_iter();
            names.extend(
                within.filter(|name| Path::new(name).file_name().is_none_or(|n| !is_note(n))),
            );
        }
        let foreign = names
            .into_iter()
            .filter(|name| name != MANIFEST && !known.contains(name.as_encoded_bytes()));
        Ok(foreign.map(PathBuf::from).collect())
    }
}

/// Files of the dataset are listed by their bare names, parts of a table behind the name of its folder; no input lies
/// among them.
fn is_output(listed: &Listed) -> bool {
    let path = shown_path(listed);
    let mut steps = path.components();
    match (steps.next(), steps.next(), steps.next()) {
        (Some(Component::Normal(_)), None, _) => true,
        (Some(Component::Normal(table)), Some(Component::Normal(_)), None) => is_table(table),
        _ => false,
    }
}

fn shown_path(listed: &Listed) -> PathBuf {
    path_of_bytes(&listed.path)
        .unwrap_or_else(|| PathBuf::from(String::from_utf8_lossy(&listed.path).into_owned()))
}

fn state_of(
    place: &Path,
    sha256: &str,
    hashed: &dyn Fn(u64) -> bool,
) -> Result<State, DatasetError> {
    Ok(match sha256_of_file(place, hashed) {
        Ok(None) => return Err(DatasetError::Interrupted),
        Ok(Some(now)) if now == sha256 => State::Unchanged,
        Ok(Some(_)) => State::Changed,
        Err(error) => match error.kind() {
            ErrorKind::NotFound | ErrorKind::NotADirectory => State::Missing,
            _ => State::Unreadable(cause(&error)),
        },
    })
}

/// Piece by piece, because a capture may be larger than the memory; `None`: interrupted.
fn sha256_of_file(path: &Path, hashed: &dyn Fn(u64) -> bool) -> io::Result<Option<String>> {
    if !fs::metadata(path)?.is_file() {
        return Err(io::Error::other("it is no file"));
    }
    let mut file = File::open(path)?;
    let mut hash = Sha256::new();
    let mut piece = Vec::with_capacity(PIECE);
    loop {
        piece.clear();
        let length = file.by_ref().take(PIECE as u64).read_to_end(&mut piece)?;
        hash.update(&piece);
        if !hashed(length as u64) {
            return Ok(None);
        }
        if length == 0 {
            return Ok(Some(digits_of(hash)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::{Dataset, InputHash, WriteOptions, made, write};

    /// SHA-256 of "abc".
    const ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    struct Place {
        parent: tempfile::TempDir,
    }

    impl Place {
        /// A dataset of inputs that all hold "abc".
        fn with_inputs(names: &[PathBuf]) -> Place {
            let parent = tempfile::tempdir().unwrap();
            let captures = parent.path().join("captures");
            fs::create_dir(&captures).unwrap();
            let inputs: Vec<InputHash> = names
                .iter()
                .map(|name| {
                    let path = captures.join(name);
                    fs::write(&path, "abc").unwrap();
                    let sha256 = ABC.to_owned();
                    InputHash { path, sha256 }
                })
                .collect();
            let dataset = Dataset::new(&made::rows()).unwrap();
            let (out, options) = (parent.path().join("out"), WriteOptions::default());
            let run = serde_json::json!({});
            write(&dataset, &out, &options, &inputs, &run, &|| true).unwrap();
            Place { parent }
        }

        fn out(&self) -> PathBuf {
            self.parent.path().join("out")
        }

        fn check(&self) -> Hashes {
            let custody = Custody::open(&self.out()).unwrap();
            custody.check(&|_| true).unwrap()
        }
    }

    fn states(checked: &[Checked]) -> Vec<State> {
        checked.iter().map(|one| one.state.clone()).collect()
    }

    #[test]
    fn a_fresh_dataset_is_unchanged_whatever_its_inputs_are_called() {
        let mut names = vec![PathBuf::from("a b.har"), PathBuf::from("-")];
        if cfg!(unix) {
            names.push(PathBuf::from("odd\\na\nme\r.har"));
            names.extend(path_of_bytes(b"caf\xe9.har"));
        }
        let place = Place::with_inputs(&names);
        let hashes = place.check();
        assert_eq!(
            states(&hashes.inputs),
            vec![State::Unchanged; names.len()],
            "{hashes:?}"
        );
        assert_eq!(
            states(&hashes.files),
            vec![State::Unchanged; made::TABLES_WRITTEN * 2 + 2]
        );
        assert_eq!((hashes.foreign, hashes.faulty_lines), (vec![], vec![]));
    }

    #[test]
    fn what_changed_is_missing_or_does_not_belong_is_named() {
        let place = Place::with_inputs(&["a.har".into(), "b.har".into()]);
        let captures = place.parent.path().join("captures");
        fs::write(captures.join("a.har"), "abd").unwrap();
        fs::remove_file(captures.join("b.har")).unwrap();
        fs::remove_file(place.out().join("events.csv")).unwrap();
        fs::create_dir(place.out().join("events.csv")).unwrap();
        fs::write(place.out().join("notes.txt"), "mine").unwrap();
        let hashes = place.check();
        assert_eq!(states(&hashes.inputs), [State::Changed, State::Missing]);
        let other = hashes.files.iter().find(|f| f.state != State::Unchanged);
        assert_eq!(other.unwrap().path, Path::new("events.csv"));
        assert_eq!(hashes.foreign, [Path::new("notes.txt")]);
    }

    #[test]
    fn a_renamed_input_is_found_by_its_bytes() {
        let place = Place::with_inputs(&["a.har".into(), "b.har".into()]);
        let captures = place.parent.path().join("captures");
        fs::rename(captures.join("b.har"), captures.join("c.har")).unwrap();
        let custody = Custody::open(&place.out()).unwrap();
        let mut hashes = custody.check(&|_| true).unwrap();
        let today = ["a.har", "c.har"].map(|name| captures.join(name));
        custody.find_renamed(&mut hashes, &today, &|| true).unwrap();
        let renamed = State::Renamed("../captures/c.har".into());
        assert_eq!(states(&hashes.inputs), [State::Unchanged, renamed]);
    }

    /// Positions all over a text of this length, the first and the last among them.
    fn positions(length: usize) -> impl Iterator<Item = usize> {
        (0..=7).map(move |eighth| (length - 1) * eighth / 7)
    }

    #[test]
    fn one_flipped_bit_anywhere_in_any_file_or_input_is_noticed() {
        let place = Place::with_inputs(&["a.har".into(), "sub b.har".into()]);
        let (out, captures) = (place.out(), place.parent.path().join("captures"));
        let files = [&out, &captures].map(|folder| fs::read_dir(folder).unwrap());
        let mut flipped = 0;
        for path in files.into_iter().flatten().map(|file| file.unwrap().path()) {
            let whole = fs::read(&path).unwrap();
            for (bit, position) in positions(whole.len()).enumerate() {
                let mut damaged = whole.clone();
                damaged[position] ^= 1 << bit;
                fs::write(&path, &damaged).unwrap();
                let hashes = place.check();
                let checked = hashes.files.iter().chain(&hashes.inputs);
                let noticed = checked
                    .filter(|one| one.state != State::Unchanged)
                    .map(|one| one.path.file_name().unwrap().to_owned());
                let noticed: Vec<_> = noticed.collect();
                if path.ends_with(MANIFEST) {
                    assert!(
                        !noticed.is_empty() || !hashes.faulty_lines.is_empty(),
                        "bit {bit} of byte {position} of the manifest"
                    );
                } else {
                    assert_eq!(noticed, [path.file_name().unwrap()]);
                }
                flipped += 1;
            }
            fs::write(&path, whole).unwrap();
        }
        assert_eq!(flipped, (made::TABLES_WRITTEN * 2 + 3 + 2) * 8);
    }

    #[test]
    fn a_line_that_is_none_is_counted_from_one() {
        let place = Place::with_inputs(&[]);
        let manifest = place.out().join(MANIFEST);
        let text = fs::read_to_string(&manifest).unwrap();
        fs::write(&manifest, text.replacen('\n', "\n\n", 1)).unwrap();
        assert_eq!(place.check().faulty_lines, [2]);
    }

    #[test]
    fn no_dataset_no_manifest_and_an_interruption_are_told_apart() {
        let place = Place::with_inputs(&[]);
        let nowhere = Custody::open(&place.parent.path().join("nowhere")).unwrap_err();
        assert!(nowhere.to_string().contains("no such file"), "{nowhere}");
        let other = Custody::open(place.parent.path()).unwrap_err();
        assert!(other.to_string().contains(MANIFEST), "{other}");
        let custody = Custody::open(&place.out()).unwrap();
        assert!(matches!(
            custody.check(&|_| false),
            Err(DatasetError::Interrupted)
        ));
    }
}
