//! What became of the figures of an investigation, as tables for a file and for people.

use polars::prelude::{DataFrame, df};

use super::error::InvestigationError;
use super::line::PublishedFigure;

/// What became of a published figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    Same,
    /// Another value, the very one that a named cause leads to.
    DiffersForItsCause,
    /// Another value, and nobody said why.
    Differs,
    /// The captures at hand do not decide it.
    NotComputable,
}

impl Verdict {
    /// As it stands in the table.
    pub fn words(self) -> &'static str {
        match self {
            Verdict::Same => "same",
            Verdict::DiffersForItsCause | Verdict::Differs => "differs",
            Verdict::NotComputable => "not computable from what is here",
        }
    }
}

/// A published figure, counted again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Finding {
    pub figure: PublishedFigure,
    /// The organisation's name; empty: all of them.
    pub organisation: String,
    pub recomputed: Option<String>,
    pub verdict: Verdict,
    /// What is to be known about it; empty: nothing.
    pub why: String,
}

/// All figures of an investigation, in the order of its file.
#[derive(Debug, Clone)]
pub struct Recount {
    pub(super) findings: Vec<Finding>,
    pub(super) organisations_seen: usize,
    pub(super) organisations: usize,
}

impl Recount {
    /// How many figures got this verdict.
    pub fn count(&self, verdict: Verdict) -> usize {
        let findings = self.findings.iter();
        findings.filter(|found| found.verdict == verdict).count()
    }

    /// Of how many of its organisations there are captures, and how many it has.
    pub fn organisations(&self) -> (usize, usize) {
        (self.organisations_seen, self.organisations)
    }

    /// One row a figure, with everything that is known about it: for a file.
    ///
    /// # Errors
    /// None that is known of.
    pub fn table(&self) -> Result<DataFrame, InvestigationError> {
        Ok(df!(
            "figure" => self.texts(|found| &found.figure.figure),
            "organisation_id" => self.texts(|found| &found.figure.organisation),
            "organisation" => self.texts(|found| &found.organisation),
            "published" => self.texts(|found| &found.figure.published),
            "recomputed" => self.texts(|found| found.recomputed.as_deref().unwrap_or_default()),
            "verdict" => self.texts(|found| found.verdict.words()),
            "cause" => self.texts(|found| &found.why),
            "query" => self.texts(|found| &found.figure.query),
            "source" => self.texts(|found| &found.figure.source),
            "date" => self.texts(|found| &found.figure.date),
        )?)
    }

    /// The same for people, and the causes that its last column numbers: many figures have one and the same.
    ///
    /// # Errors
    /// None that is known of.
    pub fn short_table(&self) -> Result<(DataFrame, Vec<&str>), InvestigationError> {
        let mut causes: Vec<&str> = Vec::new();
        let findings = self.findings.iter();
        let numbers: Vec<Option<u32>> = findings
            .map(|found| number_of(&found.why, &mut causes))
            .collect();
        let table = df!(
            "figure" => self.texts(|found| &found.figure.figure),
            "organisation" => self.texts(|found| &found.organisation),
            "published" => self.texts(|found| &found.figure.published),
            "recomputed" => self.texts(|found| found.recomputed.as_deref().unwrap_or_default()),
            "verdict" => self.texts(|found| found.verdict.words()),
            "cause" => numbers,
        )?;
        Ok((table, causes))
    }

    fn texts<'a>(&'a self, text: impl Fn(&'a Finding) -> &'a str) -> Vec<Option<&'a str>> {
        let texts = self.findings.iter().map(text);
        texts
            .map(|text| Some(text).filter(|text| !text.is_empty()))
            .collect()
    }
}

/// The number of a cause, from 1, by first appearance.
fn number_of<'a>(cause: &'a str, causes: &mut Vec<&'a str>) -> Option<u32> {
    if cause.is_empty() {
        return None;
    }
    let place = causes.iter().position(|known| *known == cause);
    let place = place.unwrap_or_else(|| {
        causes.push(cause);
        causes.len() - 1
    });
    u32::try_from(place + 1).ok()
}
