//! `run.json`, typed: what was asked for, by what it was answered, and what was counted. `analyse` writes it and
//! `verify` asks for the same again. No clock, no threads and no machine are in it: the same captures give the same
//! record.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::Context;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::arguments::ReadingArguments;
use crate::capture::sha256_of;
use crate::dataset::{
    CsvStyle, DatasetError, Delimiter, Formats, Rows, follow, path_of_bytes, read_record,
};
use crate::figures::{FigureError, Tables};
use crate::pipeline::{Knowledge, PipelineError, Sources};

/// Who writes such records.
pub const PROGRAM: &str = "pixelhound";

/// The version that is running.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// What an analysis is asked for: everything that shows in the dataset.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// As typed; sorted, because their order shows nowhere.
    inputs: Vec<TypedPath>,
    pub options: Options,
}

/// The options of an analysis that show in the dataset. A file that was not named is `None`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Options {
    pub reveal: bool,
    pub parameters: bool,
    pub delimiter: Delimiter,
    pub excel: bool,
    /// Not written where it is as ever, so that records from before there was a choice stay the same.
    #[serde(default, skip_serializing_if = "Formats::is_default")]
    pub formats: Formats,
    pub rules: Option<TypedPath>,
    pub taxonomy: Option<TypedPath>,
    pub organisations: Option<TypedPath>,
    pub sheet: Option<TypedPath>,
    /// Not written where there is none, so that records from before there were personas stay the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub personas: Option<TypedPath>,
    /// Where the key is, never what it is; not written where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case_key: Option<TypedPath>,
}

impl ReadingArguments {
    /// What they ask for; the tables are written as ever.
    pub fn options(&self) -> Options {
        let path = |typed: &Option<_>| typed.clone().map(TypedPath);
        Options {
            reveal: self.reveal,
            parameters: self.parameters,
            delimiter: Delimiter::default(),
            excel: false,
            formats: Formats::default(),
            rules: path(&self.sources.rules),
            taxonomy: path(&self.sources.taxonomy),
            organisations: path(&self.sources.organisations),
            sheet: path(&self.sheet),
            personas: path(&self.personas),
            case_key: path(&self.case_key),
        }
    }
}

impl Request {
    pub fn new(inputs: &[PathBuf], options: Options) -> Request {
        let mut inputs: Vec<TypedPath> = inputs.iter().cloned().map(TypedPath).collect();
        // By the text as typed: as paths `a` and `a/` would be equal, and which one stays would depend on the order.
        inputs.sort_by(|one, other| one.0.as_os_str().cmp(other.0.as_os_str()));
        inputs.dedup_by(|one, other| one.0.as_os_str() == other.0.as_os_str());
        Request { inputs, options }
    }

    pub fn inputs(&self) -> Vec<PathBuf> {
        self.inputs.iter().map(|path| path.0.clone()).collect()
    }

    /// Files and folders of rules, categories, organisations, the sheet, the personas and the key that were named.
    pub fn named_sources(&self) -> Vec<&Path> {
        let options = &self.options;
        let named = [
            &options.rules,
            &options.taxonomy,
            &options.organisations,
            &options.sheet,
            &options.personas,
            &options.case_key,
        ];
        let named = named.into_iter().flatten();
        named.map(|path| path.0.as_path()).collect()
    }

    /// Loads everything that is known before the first capture is read.
    pub fn knowledge(&self) -> Result<Knowledge, PipelineError> {
        let path = |typed: &Option<TypedPath>| typed.as_ref().map(|path| path.0.clone());
        let options = &self.options;
        let sources = Sources {
            rules: path(&options.rules),
            taxonomy: path(&options.taxonomy),
            organisations: path(&options.organisations),
            sheet: path(&options.sheet),
            personas: path(&options.personas),
            case_key: path(&options.case_key),
            reveal: options.reveal.into(),
            with_parameters: options.parameters,
        };
        Knowledge::load(&sources, &self.inputs())
    }

    /// Loads everything but the case key, for what was read and labelled before.
    pub fn knowledge_without_key(&self) -> Result<Knowledge, PipelineError> {
        let mut keyless = self.clone();
        keyless.options.case_key = None;
        keyless.knowledge()
    }

    /// Loads the rules alone, for reading a request again without judging anything anew.
    pub fn rules(&self) -> Result<Knowledge, PipelineError> {
        let sources = Sources {
            rules: self.options.rules.as_ref().map(|path| path.0.clone()),
            ..Sources::default()
        };
        Knowledge::load(&sources, &[])
    }

    pub fn csv_style(&self) -> CsvStyle {
        CsvStyle {
            delimiter: self.options.delimiter,
            excel: self.options.excel,
        }
    }
}

/// What ran, on what, by which rules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunRecord {
    program: String,
    pub version: String,
    /// The way from the dataset's folder to the folder in which the command was run; `None`: to another drive.
    pub working_folder: Option<TypedPath>,
    #[serde(flatten)]
    pub request: Request,
    /// The SHA-256 of every file of rules, categories, registries, vocabulary, shapes, sheet and personas that was in force, by name; of the case key a
    /// fingerprint that says nothing of it.
    pub knowledge_sha256: BTreeMap<String, String>,
    counts: Counts,
    pub left_out: Vec<String>,
}

/// What was counted, in inputs and rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    inputs: usize,
    read: usize,
    salvaged: usize,
    unreadable: usize,
    duplicate: usize,
    pages: usize,
    events: usize,
    disclosures: usize,
    contacts: usize,
    problems: usize,
}

/// Why a record cannot be used to ask for the same again.
#[derive(Debug, thiserror::Error)]
pub enum RecordFault {
    #[error(transparent)]
    File(#[from] DatasetError),
    #[error("run.json is no record of this program: {0}")]
    Unreadable(String),
    #[error(
        "run.json was written by an older pixelhound{0}, which did not record its inputs; run analyse as it was run then, and compare"
    )]
    Older(String),
}

impl RunRecord {
    pub fn new(
        request: &Request,
        knowledge_sha256: BTreeMap<String, String>,
        counts: Counts,
        left_out: Vec<String>,
        working_folder: Option<PathBuf>,
    ) -> RunRecord {
        RunRecord {
            program: PROGRAM.to_owned(),
            version: VERSION.to_owned(),
            working_folder: working_folder.map(TypedPath),
            request: request.clone(),
            knowledge_sha256,
            counts,
            left_out,
        }
    }

    /// The record of a dataset on disk.
    ///
    /// # Errors
    /// A file that is not there, is something else, or is of the kind that did not record what was asked for.
    pub fn read(folder: &Path) -> Result<RunRecord, RecordFault> {
        RunRecord::parse(&read_record(folder)?)
    }

    fn parse(bytes: &[u8]) -> Result<RunRecord, RecordFault> {
        let unreadable = |error: serde_json::Error| RecordFault::Unreadable(error.to_string());
        let record: Value = serde_json::from_slice(bytes).map_err(unreadable)?;
        let text = |key: &str| record.get(key).and_then(Value::as_str);
        if text("program") == Some(PROGRAM) && record.get("inputs").is_none() {
            let version = text("version").map(|version| format!(" ({version})"));
            return Err(RecordFault::Older(version.unwrap_or_default()));
        }
        serde_json::from_value(record).map_err(unreadable)
    }

    /// Goes to the folder in which the analysis was run: paths were typed as seen from there, and stand so in the tables.
    /// `dataset` is without links.
    ///
    /// # Errors
    /// A folder that is not there now.
    pub fn enter_working_folder(&self, dataset: &Path) -> anyhow::Result<()> {
        let Some(way) = &self.working_folder else {
            return Ok(());
        };
        let folder = follow(dataset, &way.0);
        std::env::set_current_dir(&folder).with_context(|| {
            format!(
                "analyse was run in {}, which is not there now",
                folder.display()
            )
        })
    }

    /// Whether the rules and the vocabulary are those of the analysis.
    pub fn has_rules_of(&self, knowledge: &Knowledge) -> bool {
        let is_read = |name: &str| name.starts_with("rules/") || name == "vocabulary.toml";
        let now = hashes_of(knowledge);
        let then = self.knowledge_sha256.iter();
        let then = then.filter(|(name, _)| is_read(name));
        then.eq(now.iter().filter(|(name, _)| is_read(name)))
    }

    /// The names of what another record says differently.
    pub fn differing(&self, other: &RunRecord) -> Vec<String> {
        let members = |record: &RunRecord| match serde_json::to_value(record) {
            Ok(Value::Object(members)) => members,
            _ => serde_json::Map::new(),
        };
        let (ours, theirs) = (members(self), members(other));
        let differing = ours
            .iter()
            .filter(|(name, value)| theirs.get(*name) != Some(value));
        differing.map(|(name, _)| name.clone()).collect()
    }
}

/// Under which name the fingerprint of the key stands, which is no SHA-256 of its file: that could be tried out.
pub const CASE_KEY: &str = "case-key";

/// The SHA-256 of everything in force, and the fingerprint of the case key. Two files of one name, such as a rule file that is named like a built-in one and
/// does not replace it, are both there.
pub fn hashes_of(knowledge: &Knowledge) -> BTreeMap<String, String> {
    let mut hashes = BTreeMap::new();
    for (name, text) in knowledge.sources() {
        let mut free = name.clone();
        for number in 2.. {
            if !hashes.contains_key(&free) {
                break;
            }
            free = format!("{name} ({number})");
        }
        hashes.insert(free, sha256_of(text.as_bytes()));
    }
    let key = knowledge.case_key.as_ref();
    hashes.extend(key.map(|key| (CASE_KEY.to_owned(), key.fingerprint())));
    hashes
}

impl Counts {
    /// Of rows that are not tables yet.
    pub fn of(rows: &Rows) -> Counts {
        let in_state = |state: &str| {
            rows.captures
                .iter()
                .filter(|row| row.state == state)
                .count()
        };
        Counts {
            inputs: rows.captures.len(),
            read: in_state("read"),
            salvaged: in_state("salvaged"),
            unreadable: in_state("unreadable"),
            duplicate: in_state("duplicate"),
            pages: rows.pages.len(),
            events: rows.events.len(),
            disclosures: rows.disclosures.len(),
            contacts: rows.contacts.len(),
            problems: rows.problems.len(),
        }
    }

    /// Of tables on disk.
    ///
    /// # Errors
    /// A table that cannot be read.
    pub fn in_tables(tables: &Tables) -> Result<Counts, FigureError> {
        let states = tables.count_by("captures", "state")?;
        let in_state = |state: &str| states.get(state).copied().unwrap_or_default();
        let rows = |table: &str| tables.rows_of(table);
        Ok(Counts {
            inputs: rows("captures")?,
            read: in_state("read"),
            salvaged: in_state("salvaged"),
            unreadable: in_state("unreadable"),
            duplicate: in_state("duplicate"),
            pages: rows("pages")?,
            events: rows("events")?,
            disclosures: rows("disclosures")?,
            contacts: rows("contacts")?,
            problems: rows("problems")?,
        })
    }
}

/// A path as it was typed: a text, or its bytes where they are no text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "WrittenPath", try_from = "WrittenPath")]
pub struct TypedPath(pub PathBuf);

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum WrittenPath {
    Text(String),
    Bytes(Vec<u8>),
}

impl From<TypedPath> for WrittenPath {
    fn from(path: TypedPath) -> WrittenPath {
        match path.0.to_str() {
            Some(text) => WrittenPath::Text(text.to_owned()),
            None => WrittenPath::Bytes(path.0.as_os_str().as_encoded_bytes().to_vec()),
        }
    }
}

impl TryFrom<WrittenPath> for TypedPath {
    type Error = String;

    fn try_from(written: WrittenPath) -> Result<TypedPath, String> {
        match written {
            WrittenPath::Text(text) => Ok(TypedPath(text.into())),
            WrittenPath::Bytes(bytes) => path_of_bytes(&bytes)
                .map(TypedPath)
                .ok_or_else(|| "a path that this system cannot have".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(inputs: &[&str]) -> Request {
        let inputs: Vec<PathBuf> = inputs.iter().map(PathBuf::from).collect();
        let options = Options {
            reveal: false,
            parameters: true,
            delimiter: "tab".parse().unwrap(),
            excel: false,
            formats: Formats::default(),
            rules: Some(TypedPath("my-rules".into())),
            taxonomy: None,
            organisations: None,
            sheet: None,
            personas: None,
            case_key: None,
        };
        Request::new(&inputs, options)
    }

    fn record() -> RunRecord {
        RunRecord {
            program: PROGRAM.to_owned(),
            version: VERSION.to_owned(),
            working_folder: Some(TypedPath("..".into())),
            request: request(&["a"]),
            knowledge_sha256: BTreeMap::new(),
            counts: Counts::of(&Rows::default()),
            left_out: Vec::new(),
        }
    }

    #[test]
    fn the_order_of_the_inputs_shows_nowhere() {
        assert_eq!(
            request(&["b", "a/", "a", "b"]),
            request(&["a", "b", "a/", "a"])
        );
        assert_eq!(request(&["b", "a/", "a"]).inputs().len(), 3);
    }

    #[test]
    fn what_is_written_is_read_back() {
        let written = serde_json::to_vec(&record()).unwrap();
        assert_eq!(RunRecord::parse(&written).unwrap(), record());
        let text = String::from_utf8(written).unwrap();
        assert!(text.contains("\"inputs\":[\"a\"],\"options\":{"), "{text}");
        assert!(text.contains("\"delimiter\":\"\\t\"") && text.contains("\"sheet\":null"));
    }

    #[cfg(unix)]
    #[test]
    fn a_path_that_is_no_text_is_read_back_too() {
        let path = TypedPath(path_of_bytes(b"caf\xe9").unwrap());
        let written = serde_json::to_string(&path).unwrap();
        assert_eq!(written, "[99,97,102,233]");
        assert_eq!(serde_json::from_str::<TypedPath>(&written).unwrap(), path);
    }

    #[test]
    fn an_older_record_and_no_record_are_told_apart() {
        let older = br#"{"program": "pixelhound", "version": "0.0.9", "options": {}}"#;
        let fault = RunRecord::parse(older).unwrap_err().to_string();
        assert!(fault.contains("older pixelhound (0.0.9)"), "{fault}");
        for none in [&b"{"[..], b"[]", b"{\"inputs\": 3}", b"\xff", b""] {
            let fault = RunRecord::parse(none).unwrap_err();
            assert!(matches!(fault, RecordFault::Unreadable(_)), "{fault}");
        }
    }

    #[test]
    fn what_differs_between_two_records_is_named() {
        let mut other = record();
        assert_eq!(record().differing(&other), Vec::<String>::new());
        other.version = "9".to_owned();
        other.left_out.push("notes.txt".to_owned());
        assert_eq!(record().differing(&other), ["left_out", "version"]);
    }

    #[test]
    fn two_files_of_one_name_are_both_hashed() {
        let folder = tempfile::tempdir().unwrap();
        let crate::tracker::BuiltIn { file, text, .. } = crate::tracker::BUILT_IN[0];
        let name = format!("name = \"{}\"", file.trim_end_matches(".toml"));
        std::fs::write(
            folder.path().join(file),
            text.replacen(&name, "name = \"own\"", 1),
        )
        .unwrap();
        let mut request = request(&[]);
        request.options.rules = Some(TypedPath(folder.path().to_owned()));
        let hashes = hashes_of(&request.knowledge().unwrap());
        let hash = |name: &str| hashes.get(&format!("rules/{name}")).unwrap();
        assert_eq!(hash(file), &sha256_of(text.as_bytes()));
        assert_ne!(hash(file), hash(&format!("{file} (2)")));
    }
}
