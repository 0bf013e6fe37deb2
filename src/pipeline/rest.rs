//! What the tables say besides what captures yield: what was looked for, what the words of the vocabulary mean, what could not
//! be looked into, and which lines of the sheet fit nothing.

use serde::{Deserialize, Serialize};

use super::Knowledge;
use super::part::CapturePart;
use super::rows::input_problem;
use super::searching::search_rows;
use crate::capture::{Problem, Stage};
use crate::dataset::{ProblemRow, SearchRow, VocabularyRow};
use crate::disclosure::Item;

/// The rows that no capture yields.
#[derive(Debug, Serialize)]
pub struct Rest {
    pub problems: Vec<ProblemRow>,
    pub searches: Vec<SearchRow>,
    pub vocabulary: Vec<VocabularyRow>,
}

/// How much was looked through.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
pub struct Searched {
    /// Requests to third parties.
    pub requests: u64,
    /// Those of them without their body.
    pub requests_without_body: u64,
}

impl Searched {
    /// In all of these captures.
    pub fn of(captures: &[CapturePart]) -> Searched {
        let counts = captures.iter();
        counts.fold(Searched::default(), |sum, capture| Searched {
            requests: sum.requests + capture.requests_searched,
            requests_without_body: sum.requests_without_body + capture.requests_without_body,
        })
    }
}

impl Rest {
    /// `names` are all names of all captures, by which the sheet may call them; `problems` those of inputs that never became
    /// captures.
    pub fn of(
        names: impl Iterator<Item = String>,
        searched: Searched,
        knowledge: &Knowledge,
        mut problems: Vec<ProblemRow>,
    ) -> Rest {
        problems.extend(unused_patterns(names, knowledge));
        let words = knowledge.vocabulary.items().iter();
        Rest {
            problems,
            searches: search_rows(searched, knowledge),
            vocabulary: words.map(vocabulary_row).collect(),
        }
    }
}

/// Lines of the sheet that fit nothing.
fn unused_patterns(
    names: impl Iterator<Item = String>,
    knowledge: &Knowledge,
) -> impl Iterator<Item = ProblemRow> {
    let sheet = knowledge.sheet.path.as_deref().unwrap_or_default();
    let unused = knowledge.sheet.unused(names).into_iter();
    unused.map(move |pattern| {
        let message = format!("the sheet's pattern {pattern:?} fits none of the captures");
        let problem = Problem::of_file(Stage::Input, "sheet_pattern_unused", message);
        input_problem(sheet, &problem)
    })
}

fn vocabulary_row(item: &Item) -> VocabularyRow {
    VocabularyRow {
        item: item.name.clone(),
        is: item.is.clone(),
        is_not: item.is_not.clone(),
        plain: item.plain.name().to_string(),
        hashed: item.hashed.name().to_string(),
        turned_back_by: item.turned_back.clone(),
        candidates: item.candidates,
    }
}
