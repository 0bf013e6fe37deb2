//! What is to be said about one entry, gathered while its members are read.

use std::fmt::Display;

use super::repair::Repairs;
use crate::capture::codes;
use crate::capture::{Problem, Stage};

/// Longest text that is kept; what is longer is cut.
pub const MAX_VALUE_BYTES: usize = 16 << 20;

/// The problems of one entry, or of the file where there is no index.
#[derive(Debug, Default)]
pub struct Notes {
    index: Option<usize>,
    problems: Vec<Problem>,
    pub repairs: Repairs,
}

impl Notes {
    pub fn new(index: Option<usize>) -> Self {
        Notes {
            index,
            ..Notes::default()
        }
    }

    /// Adds a problem; the same one is said once.
    pub fn add(&mut self, code: &'static str, message: impl Into<String>) {
        let problem = Problem {
            entry_index: self.index,
            at: None,
            stage: Stage::Capture,
            code,
            message: message.into(),
        };
        if !self.problems.contains(&problem) {
            self.problems.push(problem);
        }
    }

    pub fn wrong_type(&mut self, field: impl Display, wanted: &str) {
        self.add(
            codes::WRONG_TYPE,
            format!("`{field}` is not {wanted}; it was left out"),
        );
    }

    pub fn duplicate(&mut self, field: impl Display, count: usize) {
        self.add(
            codes::DUPLICATE_KEY,
            format!("`{field}` stands {count} times; the last one was taken"),
        );
    }

    /// Cuts a text that is too long to keep.
    pub fn cut(&mut self, field: impl Display, mut text: String) -> String {
        if text.len() > MAX_VALUE_BYTES {
            let length = text.len();
            text.truncate(text.floor_char_boundary(MAX_VALUE_BYTES));
            self.add(
                codes::VALUE_CUT,
                format!(
                    "`{field}` is {length} bytes long; the first {} were kept",
                    text.len()
                ),
            );
        }
        text
    }

    /// All problems, the repairs summed up in one.
    pub fn finish(mut self) -> Vec<Problem> {
        if !self.repairs.is_empty() {
            let kinds: Vec<&str> = std::mem::take(&mut self.repairs).into_iter().collect();
            self.add(
                codes::REPAIRED_TEXT,
                format!("illegal JSON was repaired: {}", kinds.join(", ")),
            );
        }
        self.problems
    }
}
