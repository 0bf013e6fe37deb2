//! All that was found out about a dataset, and the verdict.

use super::again::MadeAgain;
use super::knowledge::Known;
use crate::cli::exit_code::Outcome;
use crate::cli::record::VERSION;
use crate::dataset::{Checked, Hashes, MANIFEST, RUN_RECORD, State};
use crate::figures::count;

/// What was found out, in the order in which it was.
#[derive(Debug)]
pub struct Findings {
    pub hashes: Hashes,
    /// The version of the program that made the dataset; `None`: the record cannot be trusted or read.
    pub made_by: Option<String>,
    /// `None`: it was not compared.
    pub known: Option<Known>,
    /// `None`: it was not made again.
    pub again: Option<MadeAgain>,
    /// What stood in the way of finding out more.
    pub obstacle: Option<String>,
    pub hashes_only: bool,
}

/// What it comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    pub outcome: Outcome,
    pub words: String,
}

impl Findings {
    pub fn new(hashes: Hashes, hashes_only: bool) -> Findings {
        Findings {
            hashes,
            made_by: None,
            known: None,
            again: None,
            obstacle: None,
            hashes_only,
        }
    }

    /// Inputs that are not there or cannot be read: they say nothing against the dataset.
    pub fn inputs_missing(&self) -> usize {
        let inputs = self.hashes.inputs.iter();
        inputs.filter(|input| is_missing(input)).count()
    }

    /// Inputs that are there and are not what they were.
    fn inputs_changed(&self) -> usize {
        let inputs = self.hashes.inputs.iter();
        inputs
            .filter(|input| input.state != State::Unchanged && !is_missing(input))
            .count()
    }

    /// Files of the dataset that are not as they were written.
    fn files_changed(&self) -> usize {
        let files = self.hashes.files.iter();
        files.filter(|file| file.state != State::Unchanged).count()
    }

    pub fn knows_otherwise(&self) -> bool {
        self.known
            .as_ref()
            .is_some_and(|known| known.differing() > 0)
    }

    /// The version that made the dataset, where it is another.
    pub fn other_version(&self) -> Option<&str> {
        self.made_by
            .as_deref()
            .filter(|version| *version != VERSION)
    }

    /// What it all comes to, and how the command ends.
    pub fn verdict(&self) -> Verdict {
        let against = self.against();
        let missing = self.inputs_missing() + self.known.as_ref().map_or(0, Known::missing);
        let missing = missing as u64;
        let foreign = self.hashes.foreign.len() as u64;
        let (outcome, words) = if !against.is_empty() {
            let against = against.join(", ");
            let not = format!("This dataset is NOT what these captures and rules give: {against}.");
            (Outcome::Different, not)
        } else if missing > 0 {
            let files = count(missing, "file", "files");
            let words = format!(
                "What is here is unchanged, but {files} from which the dataset was made {} missing or unreadable.",
                is_or_are(missing)
            );
            (Outcome::Different, words)
        } else if foreign > 0 {
            let files = count(foreign, "file", "files");
            let words = format!(
                "What was checked is the same, but {files} in the folder {} no part of the dataset.",
                is_or_are(foreign)
            );
            (Outcome::Different, words)
        } else {
            self.nothing_against()
        };
        Verdict { outcome, words }
    }

    fn nothing_against(&self) -> (Outcome, String) {
        let Some(obstacle) = &self.obstacle else {
            let words = if self.hashes_only {
                "Every hash is the same. The dataset was not made again."
            } else {
                "Every byte came out the same."
            };
            return (Outcome::Clean, words.to_owned());
        };
        let not_done = if self.hashes_only {
            "the rules could not be compared"
        } else {
            "the dataset could not be made again"
        };
        let words = format!("Every file is as {MANIFEST} lists it, but {not_done}: {obstacle}.");
        (Outcome::Unfinished, words)
    }

    /// What speaks against the dataset, counted by kind.
    fn against(&self) -> Vec<String> {
        let files = self.files_changed() as u64;
        let lines = self.hashes.faulty_lines.len() as u64;
        let inputs = self.inputs_changed() as u64;
        let known = self.known.as_ref().map_or(0, Known::differing) as u64;
        let again = self
            .again
            .as_ref()
            .map_or(0, |made| made.differing().count()) as u64;
        let kinds = [
            (files, "file", "files", "not as listed"),
            (
                lines,
                "line of the manifest",
                "lines of the manifest",
                "unreadable",
            ),
            (inputs, "input", "inputs", "not as listed"),
            (known, "rule or list", "rules and lists", "not the same"),
            (again, "file", "files", "different when made again"),
        ];
        let kinds = kinds.into_iter().filter(|(number, ..)| *number > 0);
        kinds
            .map(|(number, one, several, what)| {
                let be = is_or_are(number);
                format!("{} {be} {what}", count(number, one, several))
            })
            .collect()
    }

    /// What the differences mean, as far as that can be said.
    pub fn meaning(&self) -> Vec<String> {
        let Some(made) = &self.again else {
            return Vec::new();
        };
        let mut meaning = Vec::new();
        let mut say = |holds: bool, words: &str| {
            if holds {
                meaning.push(words.to_owned());
            }
        };
        let mut inputs = self.hashes.inputs.iter();
        say(
            inputs.any(|input| input.state == State::Changed),
            "An input is not the file that was analysed: what comes out differently may come from that.",
        );
        let mut inputs = self.hashes.inputs.iter();
        say(
            inputs.any(|input| matches!(input.state, State::Renamed(_))),
            "An input has another name than the manifest lists: the tables name their captures, so that alone makes a difference.",
        );
        say(
            !made.new_inputs.is_empty(),
            "There are more inputs than at the analysis: what comes out differently may come from that.",
        );
        say(
            self.knows_otherwise(),
            "The rules and lists are not those of the analysis: what comes out differently may come from that.",
        );
        say(
            self.other_version().is_some(),
            "Another version of pixelhound made the dataset: what comes out differently may come from that.",
        );
        say(
            self.files_changed_afterwards(made),
            "The captures still give the listed bytes of what changed in the dataset: it was changed after the analysis.",
        );
        say(
            self.is_unexplained(made),
            "Every hash is right, and still other bytes come out. Either files and manifest were changed together, or this is a bug; please report it.",
        );
        meaning
    }

    /// Whether the captures still give what the manifest lists for every file that is not as listed.
    fn files_changed_afterwards(&self, made: &MadeAgain) -> bool {
        let files = self.hashes.files.iter();
        let mut changed = files.filter(|file| file.state != State::Unchanged);
        self.files_changed() > 0 && changed.all(|file| made.as_listed.contains(&file.path))
    }

    /// Whether tables differ and nothing else that was found could be the cause.
    fn is_unexplained(&self, made: &MadeAgain) -> bool {
        let is_table = |name: &str| ![MANIFEST, RUN_RECORD].contains(&name);
        let has_cause = self.files_changed() + self.inputs_changed() > 0
            || self.knows_otherwise()
            || self.other_version().is_some()
            || !self.hashes.faulty_lines.is_empty()
            || !made.new_inputs.is_empty();
        !has_cause && made.differing().any(|(name, _)| is_table(name))
    }
}

fn is_missing(input: &Checked) -> bool {
    matches!(input.state, State::Missing | State::Unreadable(_))
}

fn is_or_are(number: u64) -> &'static str {
    if number == 1 { "is" } else { "are" }
}
