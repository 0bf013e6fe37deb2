//! The way through the house: inputs in, rows out. Captures are read side by side, largest first, and each input yields its
//! part; what needs all of them (pages, repeats, labels) comes after, in an order that depends on nothing but the captures.

mod compare;
mod contacts;
mod digest;
mod join;
mod kin;
mod labels;
mod pages;
mod part;
mod parties;
mod reading;
mod recorded;
mod repeats;
mod rest;
mod rows;
mod searching;
mod sessions;
mod settings;
mod share;
mod sheet;
mod sighting;
mod stream;
mod worker;

use std::path::{Path, PathBuf};

use rayon::prelude::*;

use crate::capture::{InputFile, Taken, find_inputs, hashed_together};
use crate::dataset::{InputHash, Rows, path_of_bytes};
use crate::disclosure::search::{SHAPES_TEXT, Search, SearchError};
use crate::disclosure::{
    CaseKey, ConsentTools, DisclosureError, LEAST_KEY, Reveal, Vocabulary, check_items,
};
use crate::page::{PageError, Registries, Taxonomy};
use crate::tracker::{Library, RuleFile, TrackerError};

pub use part::Part;
pub use recorded::{Recorded, inspect};
pub use rest::{Rest, Searched};
pub use share::{Harvest, Listing, Share};
pub use sheet::Sheet;
pub use stream::{RowWriter, StreamError, read_parts};
pub use worker::{Stage, work};

/// As many requests of one capture as are worth a core of their own. Most captures hold fewer, and then one core reads them from
/// end to end.
const SHARE: usize = 2048;

/// What stops an analysis before or while it runs.
#[derive(Debug, thiserror::Error)]
pub enum PipelineError {
    #[error(transparent)]
    Input(#[from] crate::capture::CaptureError),
    #[error(transparent)]
    Rules(#[from] TrackerError),
    #[error(transparent)]
    Pages(#[from] PageError),
    #[error(transparent)]
    Vocabulary(#[from] DisclosureError),
    #[error(transparent)]
    Search(#[from] SearchError),
    #[error("the personas in {path} cannot be used: {message}")]
    Personas { path: String, message: String },
    #[error("the key {path} cannot be used: {message}")]
    Key { path: String, message: String },
    #[error("the sheet {path} cannot be used: {message}")]
    Sheet { path: String, message: String },
    #[error("no captures found in {0}")]
    NoCaptures(String),
    #[error("the threads cannot be started: {0}")]
    Threads(String),
    #[error("interrupted; nothing was written")]
    Interrupted,
}

/// Where rules, taxonomy, registries and sheet come from beside the built-in ones, and what may be shown.
#[derive(Debug, Clone)]
pub struct Sources {
    pub rules: Option<PathBuf>,
    pub taxonomy: Option<PathBuf>,
    pub organisations: Option<PathBuf>,
    pub sheet: Option<PathBuf>,
    pub personas: Option<PathBuf>,
    pub case_key: Option<PathBuf>,
    pub reveal: Reveal,
    pub with_parameters: bool,
}

impl Default for Sources {
    fn default() -> Self {
        Sources {
            rules: None,
            taxonomy: None,
            organisations: None,
            sheet: None,
            personas: None,
            case_key: None,
            reveal: Reveal::No,
            with_parameters: false,
        }
    }
}

/// Everything that is known before the first capture is read.
#[derive(Debug)]
pub struct Knowledge {
    pub library: Library,
    pub vocabulary: Vocabulary,
    pub consent_tools: ConsentTools,
    pub taxonomy: Taxonomy,
    pub registries: Registries,
    pub sheet: Sheet,
    pub search: Search,
    /// The file of personas, where one was named: its path and text.
    pub personas: Option<(String, String)>,
    /// With it labels are keyed; without it they are numbers.
    pub case_key: Option<CaseKey>,
    pub reveal: Reveal,
    pub with_parameters: bool,
}

impl Knowledge {
    /// Loads and checks it. Without a named sheet, a `captures.csv` in one of the input folders is taken.
    ///
    /// # Errors
    /// The first file with a fault: named, with the fault.
    pub fn load(sources: &Sources, inputs: &[PathBuf]) -> Result<Knowledge, PipelineError> {
        let library = match &sources.rules {
            Some(folder) => {
                let files = RuleFile::of_folder(folder)?.into_par_iter();
                Library::with_own(files.map(RuleFile::read).collect())?
            }
            None => Library::built_in()?,
        };
        let vocabulary = Vocabulary::built_in()?;
        check_items(&library, &vocabulary)?;
        let personas = sources.personas.as_deref().map(read_personas).transpose()?;
        Ok(Knowledge {
            library,
            vocabulary,
            consent_tools: ConsentTools::built_in()?,
            taxonomy: match &sources.taxonomy {
                Some(file) => Taxonomy::with_file(file)?,
                None => Taxonomy::built_in()?,
            },
            registries: match &sources.organisations {
                Some(file) => Registries::with_file(file)?,
                None => Registries::built_in()?,
            },
            sheet: match &sources.sheet {
                Some(file) => Sheet::read(file)?,
                None => Sheet::find_beside(sorted(inputs).into_iter())?,
            },
            search: search_for(personas.as_ref())?,
            personas,
            case_key: sources.case_key.as_deref().map(read_case_key).transpose()?,
            reveal: sources.reveal,
            with_parameters: sources.with_parameters,
        })
    }

    /// The texts of rules, taxonomy, registries, vocabulary, consent tools and the table of producers in force, by room and
    /// name: for the record of the run.
    pub fn sources(&self) -> Vec<(String, &str)> {
        let rooms = [
            ("rules", &self.library.sources),
            ("taxonomy", &self.taxonomy.sources),
            ("organisations", &self.registries.sources),
        ];
        let mut all = Vec::new();
        for (room, files) in rooms {
            let of_room = files.iter();
            all.extend(of_room.map(|(name, text)| (format!("{room}/{name}"), text.as_str())));
        }
        all.push((
            "vocabulary.toml".to_string(),
            crate::disclosure::VOCABULARY_TEXT,
        ));
        all.push(("consent.toml".to_string(), crate::disclosure::CONSENT_TEXT));
        all.push(("producers.toml".to_string(), crate::capture::PRODUCERS_TEXT));
        all.push(("shapes.toml".to_string(), SHAPES_TEXT));
        if let Some((path, text)) = &self.personas {
            all.push((format!("personas/{path}"), text));
        }
        if let Some(path) = &self.sheet.path {
            all.push((format!("sheet/{path}"), self.sheet.text.as_str()));
        }
        all
    }
}

/// The secret in a file, which nobody may find by trying.
///
/// # Errors
/// A file that cannot be read, or is too short for that.
pub fn read_key(path: &Path) -> Result<Vec<u8>, PipelineError> {
    let fault = |message: String| PipelineError::Key {
        path: path.display().to_string(),
        message,
    };
    let key = std::fs::read(path).map_err(|error| fault(error.to_string()))?;
    if key.trim_ascii().len() < LEAST_KEY {
        let message = format!("it is shorter than {LEAST_KEY} bytes and could be found by trying");
        return Err(fault(message));
    }
    Ok(key)
}

fn read_case_key(path: &Path) -> Result<CaseKey, PipelineError> {
    CaseKey::new(&read_key(path)?).ok_or_else(|| PipelineError::Key {
        path: path.display().to_string(),
        message: "it is too short".to_string(),
    })
}

fn read_personas(path: &Path) -> Result<(String, String), PipelineError> {
    let text = std::fs::read_to_string(path).map_err(|error| PipelineError::Personas {
        path: path.display().to_string(),
        message: error.to_string(),
    })?;
    Ok((path.display().to_string(), text))
}

fn search_for(personas: Option<&(String, String)>) -> Result<Search, PipelineError> {
    let text = personas.map(|(_, text)| text.as_str());
    Search::new(text).map_err(|error| match (error, personas) {
        (SearchError::Personas(message), Some((path, _))) => PipelineError::Personas {
            path: path.clone(),
            message,
        },
        (error, _) => error.into(),
    })
}

/// How an analysis is watched and stopped.
pub trait Watcher: Sync {
    /// All inputs are known: their bytes together.
    fn found(&self, bytes: u64);
    /// One more input was read.
    fn read(&self, bytes: u64);
    /// Whether to stop.
    fn is_interrupted(&self) -> bool;
}

/// The outcome of an analysis, before it is written.
#[derive(Debug)]
pub struct Analysis {
    pub rows: Rows,
    /// Every input with its SHA-256, by path.
    pub inputs: Vec<InputHash>,
    /// Files beside the captures that are plainly none (notes, sheets, pictures).
    pub left_out: Vec<String>,
}

/// Reads all inputs and makes the rows of every table.
///
/// # Errors
/// A missing input, no input at all, or an interruption; never for what an input holds.
pub fn analyse(
    inputs: &[PathBuf],
    knowledge: &Knowledge,
    watcher: &dyn Watcher,
) -> Result<Analysis, PipelineError> {
    let harvest = harvest(inputs, Share::default(), knowledge, watcher)?;
    Ok(join(harvest, knowledge))
}

/// Makes the rows of every table of what all inputs yielded.
pub fn join(harvest: Harvest, knowledge: &Knowledge) -> Analysis {
    let Harvest { parts, listing } = harvest;
    let archives = parts.iter().map(|part| (part.path.clone(), part.left_out));
    Analysis {
        inputs: input_hashes(&parts),
        left_out: left_out(&listing.left_out, archives),
        rows: join::rows_of(parts, knowledge, listing.problems),
    }
}

/// Reads a share of the inputs, and compares nothing.
///
/// # Errors
/// As [`analyse`].
pub fn harvest(
    inputs: &[PathBuf],
    share: Share,
    knowledge: &Knowledge,
    watcher: &dyn Watcher,
) -> Result<Harvest, PipelineError> {
    let found = find_inputs(inputs)?;
    if found.files.is_empty() && found.problems.is_empty() {
        let named: Vec<String> = inputs
            .iter()
            .map(|path| path.display().to_string())
            .collect();
        return Err(PipelineError::NoCaptures(named.join(", ")));
    }
    let listing = Listing::of(&found);
    let files: Vec<(usize, InputFile)> = found.files.into_iter().enumerate().collect();
    let files: Vec<(usize, InputFile)> = files
        .into_iter()
        .filter(|(place, _)| share.has(*place))
        .collect();
    let parts = read_all(&files, knowledge, watcher)?;
    Ok(Harvest { parts, listing })
}

/// Does what is asked for in so many threads.
///
/// # Errors
/// The system gives no threads.
pub fn in_threads<T: Send>(
    threads: usize,
    work: impl FnOnce() -> T + Send,
) -> Result<T, PipelineError> {
    Ok(pool_of(threads)?.install(work))
}

fn pool_of(threads: usize) -> Result<rayon::ThreadPool, PipelineError> {
    rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .map_err(|error| PipelineError::Threads(error.to_string()))
}

/// Reads every file, largest first so that no core idles at the end.
fn read_all(
    files: &[(usize, InputFile)],
    knowledge: &Knowledge,
    watcher: &dyn Watcher,
) -> Result<Vec<Part>, PipelineError> {
    let size = |file: &InputFile| std::fs::metadata(&file.path).map_or(0, |about| about.len());
    let sizes = files.iter().map(|(place, file)| (size(file), *place, file));
    let mut by_size: Vec<(u64, usize, &InputFile)> = sizes.collect();
    watcher.found(by_size.iter().map(|(bytes, ..)| bytes).sum());
    by_size.sort_unstable_by_key(|(bytes, place, _)| std::cmp::Reverse((*bytes, *place)));
    let large = by_size.partition_point(|(bytes, ..)| *bytes >= TAKEN_ALONE_FROM);
    let (large, others) = by_size.split_at(large);
    let alone = large.chunks(1).map(<[_]>::to_vec);
    let groups: Vec<Vec<_>> = alone.chain(dealt_out(others)).collect();
    let read: Option<Vec<Vec<Part>>> = groups
        .par_iter()
        .with_max_len(1)
        .map(|files| read_together(files, knowledge, watcher))
        .collect();
    let read = read.ok_or(PipelineError::Interrupted)?;
    let mut read: Vec<Part> = read.into_iter().flatten().collect();
    read.sort_unstable_by(|one, other| one.input_id.cmp(&other.input_id));
    Ok(read)
}

/// From this size on a file is hashed by itself, while it is read: many of them together would take so long that nothing is seen
/// to go on, nor an interruption noticed.
const TAKEN_ALONE_FROM: u64 = 128 << 20;

/// Groups of as many files as are hashed together. Each has its share of the larger ones, which are hashed while smaller ones
/// follow one another beside them.
fn dealt_out<T: Clone>(files: &[T]) -> impl Iterator<Item = Vec<T>> {
    let groups = files.len().div_ceil(taken_together(files.len()));
    (0..groups).map(move |first| files.iter().skip(first).step_by(groups).cloned().collect())
}

/// As many files as are hashed together: where that is quicker, and as long as there are some for every thread.
fn taken_together(files: usize) -> usize {
    let share = files.div_ceil(rayon::current_num_threads());
    match hashed_together() {
        Some(count) if share >= *count.start() => share.min(*count.end()),
        _ => 1,
    }
}

/// Reads some files of about one size, each with its bytes and its position among all.
fn read_together(
    files: &[(u64, usize, &InputFile)],
    knowledge: &Knowledge,
    watcher: &dyn Watcher,
) -> Option<Vec<Part>> {
    let read = |(bytes, place, file): &(u64, usize, &InputFile), taken: Option<&Taken>| {
        if watcher.is_interrupted() {
            return None;
        }
        let part = match taken {
            Some(taken) => Part::of_taken(taken, file, *place, knowledge),
            None => Part::of_file(file, *place, knowledge),
        };
        watcher.read(*bytes);
        Some(part)
    };
    if let [alone] = files {
        return Some(vec![read(alone, None)?]);
    }
    let of_files: Vec<&InputFile> = files.iter().map(|(_, _, file)| *file).collect();
    let taken = Taken::together(&of_files);
    // The bytes of each go when it is read: to give them all back at the end takes as long, and then nothing else is done.
    files
        .par_iter()
        .zip(taken)
        .with_max_len(1)
        .map(|(file, taken)| read(file, Some(&taken)))
        .collect()
}

/// Files with a place of their own; what came on standard input cannot be checked later.
fn input_hashes(parts: &[Part]) -> Vec<InputHash> {
    let on_disk = parts
        .iter()
        .filter(|part| !part.file.is_empty() && !part.sha256.is_empty());
    let hash = |part: &Part| {
        Some(InputHash {
            path: path_of_bytes(&part.file)?,
            sha256: part.sha256.clone(),
        })
    };
    on_disk.filter_map(hash).collect()
}

/// Files beside the captures and in archives that are plainly none; `archives` are these with the number of such files in them.
pub fn left_out(beside: &[String], archives: impl Iterator<Item = (String, u64)>) -> Vec<String> {
    let in_archives = archives.filter(|(_, count)| *count > 0);
    let in_archives = in_archives.map(|(path, count)| format!("{path} ({count} of its files)"));
    let mut all: Vec<String> = beside.iter().cloned().chain(in_archives).collect();
    all.sort();
    all
}

fn sorted(inputs: &[PathBuf]) -> Vec<&Path> {
    let mut paths: Vec<&Path> = inputs.iter().map(PathBuf::as_path).collect();
    paths.sort();
    paths
}
