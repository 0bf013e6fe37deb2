//! The way through the house: inputs in, rows out. Captures are read side by side, largest first; what needs all of them
//! (pages, repeats, labels) comes after, in an order that depends on nothing but the captures.

mod contacts;
mod labels;
mod pages;
mod parties;
mod reading;
mod recorded;
mod repeats;
mod rows;
mod searching;
mod sessions;
mod settings;
mod sheet;
mod sighting;

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use crate::capture::{Found, InputFile, Problem, Receipt, Stage, State, find_inputs};
use crate::dataset::{InputHash, ProblemRow, Rows};
use crate::disclosure::search::{SHAPES_TEXT, Search, SearchError};
use crate::disclosure::{ConsentTools, DisclosureError, Reveal, Vocabulary, check_items};
use crate::page::{PageError, Registries, Taxonomy};
use crate::tracker::{Library, TrackerError};

use reading::Reading;
pub use recorded::{Recorded, inspect};
pub use sheet::Sheet;

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
            Some(folder) => Library::with_folder(folder)?,
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
    threads: usize,
    watcher: &dyn Watcher,
) -> Result<Analysis, PipelineError> {
    let found = find_inputs(inputs)?;
    if found.files.is_empty() && found.problems.is_empty() {
        let named: Vec<String> = inputs
            .iter()
            .map(|path| path.display().to_string())
            .collect();
        return Err(PipelineError::NoCaptures(named.join(", ")));
    }
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .map_err(|error| PipelineError::Threads(error.to_string()))?;
    pool.install(|| {
        let files = read_all(&found.files, knowledge, watcher)?;
        Ok(join(found, files, knowledge))
    })
}

/// One file, read: what is known of it, and every capture in it.
struct FileRead {
    receipt: Receipt,
    readings: Vec<Reading>,
}

/// Reads every file, largest first so that no core idles at the end; the result is in the order of the files.
fn read_all(
    files: &[InputFile],
    knowledge: &Knowledge,
    watcher: &dyn Watcher,
) -> Result<Vec<FileRead>, PipelineError> {
    let size = |file: &InputFile| std::fs::metadata(&file.path).map_or(0, |about| about.len());
    let mut by_size: Vec<(u64, usize)> = files.iter().map(size).zip(0..).collect();
    watcher.found(by_size.iter().map(|(bytes, _)| bytes).sum());
    by_size.sort_unstable_by(|one, other| other.cmp(one));
    let read: Option<Vec<(usize, FileRead)>> = by_size
        .par_iter()
        .with_max_len(1)
        .map(|&(bytes, place)| {
            if watcher.is_interrupted() {
                return None;
            }
            let file = read_file(&files[place], knowledge);
            watcher.read(bytes);
            Some((place, file))
        })
        .collect();
    let mut read = read.ok_or(PipelineError::Interrupted)?;
    read.sort_unstable_by_key(|(place, _)| *place);
    Ok(read.into_iter().map(|(_, file)| file).collect())
}

fn read_file(file: &InputFile, knowledge: &Knowledge) -> FileRead {
    // No input is known to reach a panic; if one does, it must not take the batch along.
    let attempt = catch_unwind(AssertUnwindSafe(|| {
        let mut readings = Vec::new();
        let receipt = reading::read(file, knowledge, &mut readings);
        FileRead { receipt, readings }
    }));
    attempt.unwrap_or_else(|_| FileRead {
        receipt: Receipt::default(),
        readings: vec![Reading::given_up(file)],
    })
}

fn join(found: Found, files: Vec<FileRead>, knowledge: &Knowledge) -> Analysis {
    let inputs = input_hashes(&found.files, &files);
    let left_out = left_out(&found, &files);
    let mut readings: Vec<Reading> = files.into_iter().flat_map(|file| file.readings).collect();
    let duplicates = mark_duplicates(&mut readings);
    let problems = input_problems(&found, &readings, knowledge);
    let pages = pages::judge_pages(&readings, knowledge);
    Analysis {
        rows: rows::rows_of(readings, &duplicates, pages, knowledge, problems),
        inputs,
        left_out,
    }
}

/// Files with a place of their own; what came on standard input cannot be checked later.
fn input_hashes(found: &[InputFile], files: &[FileRead]) -> Vec<InputHash> {
    let on_disk = found
        .iter()
        .zip(files)
        .filter(|(file, read)| !file.is_standard_input() && !read.receipt.sha256.is_empty());
    on_disk
        .map(|(file, read)| InputHash {
            path: file.path.clone(),
            sha256: read.receipt.sha256.clone(),
        })
        .collect()
}

fn left_out(found: &Found, files: &[FileRead]) -> Vec<String> {
    let in_archives = found.files.iter().zip(files).filter_map(|(file, read)| {
        let count = read.receipt.left_out;
        (count > 0).then(|| format!("{} ({count} of its files)", file.shown))
    });
    let mut all: Vec<String> = found.left_out.iter().cloned().chain(in_archives).collect();
    all.sort();
    all
}

/// Problems of inputs that never became captures, and of the sheet.
fn input_problems(found: &Found, readings: &[Reading], knowledge: &Knowledge) -> Vec<ProblemRow> {
    let places: Vec<String> = readings
        .iter()
        .flat_map(|reading| [reading.capture.path.clone(), reading.capture.place()])
        .collect();
    let places: Vec<&str> = places.iter().map(String::as_str).collect();
    let unused = knowledge.sheet.unused(&places).into_iter().map(|pattern| {
        let sheet = knowledge.sheet.path.as_deref().unwrap_or_default();
        let message = format!("the sheet's pattern {pattern:?} fits none of the captures");
        rows::input_problem(
            sheet,
            &Problem::of_file(Stage::Input, "sheet_pattern_unused", message),
        )
    });
    let of_inputs = found
        .problems
        .iter()
        .map(|(path, problem)| rows::input_problem(path, problem));
    unused.chain(of_inputs).collect()
}

/// The first capture of equal bytes, in the order of the paths, is read; the others are duplicates of it.
fn mark_duplicates(readings: &mut [Reading]) -> HashMap<usize, String> {
    let mut first: HashMap<String, String> = HashMap::new();
    let mut duplicates = HashMap::new();
    for (place, reading) in readings.iter_mut().enumerate() {
        let capture = &reading.capture;
        if capture.state == State::Unreadable {
            continue;
        }
        match first.get(&capture.sha256) {
            Some(original) => {
                duplicates.insert(place, original.clone());
                reading.become_duplicate();
            }
            None => {
                first.insert(capture.sha256.clone(), capture.place());
            }
        }
    }
    duplicates
}

fn sorted(inputs: &[PathBuf]) -> Vec<&Path> {
    let mut paths: Vec<&Path> = inputs.iter().map(PathBuf::as_path).collect();
    paths.sort();
    paths
}
