//! What a dataset says to the figures of an investigation: counted again, and the verdict on each.

use std::collections::{BTreeMap, HashSet};

use polars::prelude::{DataFrame, df};

use super::error::InvestigationError;
use super::folder::Investigation;
use super::line::PublishedFigure;
use super::value::same;
use crate::figures::Tables;
use crate::figures::answer::{Answer as Row, ask};
use crate::figures::present::rows_of;

/// The column by which an answer says whose row it is.
const WHOSE: &str = "organisation_id";

/// The organisations of which there is a page in a capture.
const SEEN: &str = "SELECT organisation_id FROM organisations WHERE captures > 0";

/// Those of them with a page or an event in a capture that could not be read whole.
const SEEN_IN_PART: &str = "
    WITH shown AS (
        SELECT k.capture_id, p.organisation_id
        FROM contacts AS k JOIN pages AS p ON k.page_id = p.page_id
        UNION ALL
        SELECT capture_id, organisation_id FROM events
    )
    SELECT DISTINCT s.organisation_id
    FROM shown AS s JOIN captures AS c ON s.capture_id = c.capture_id
    WHERE c.state = 'salvaged' AND s.organisation_id IS NOT NULL";

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
struct Finding {
    figure: PublishedFigure,
    /// The organisation's name; empty: all of them.
    organisation: String,
    recomputed: Option<String>,
    verdict: Verdict,
    /// What is to be known about it; empty: nothing.
    why: String,
}

/// All figures of an investigation, in the order of its file.
#[derive(Debug, Clone)]
pub struct Findings {
    findings: Vec<Finding>,
    organisations_seen: usize,
    organisations: usize,
}

impl Investigation {
    /// Holds every figure to a dataset. All questions are asked, also those that no figure needs.
    ///
    /// # Errors
    /// A question that cannot be answered, or whose answer has not what a figure looks for in it.
    pub fn hold_to(&self, tables: &mut Tables) -> Result<Findings, InvestigationError> {
        let mut bench = Bench {
            investigation: self,
            answers: BTreeMap::new(),
            seen: self.ours(ask(tables, "organisations seen", SEEN)?),
            in_part: self.ours(ask(tables, "organisations seen in part", SEEN_IN_PART)?),
        };
        for query in self.queries() {
            let answer = Answer::of(&tables.answer(query)?);
            bench.answers.insert(query.name(), answer);
        }
        let findings = self.figures.iter().map(|figure| bench.judge(figure));
        Ok(Findings {
            findings: findings.collect::<Result<_, _>>()?,
            organisations_seen: bench.seen.len(),
            organisations: self.organisations.len(),
        })
    }

    /// Those of its organisations that an answer names.
    fn ours(&self, named: Vec<Row>) -> HashSet<String> {
        let named = named.iter().map(|row| row.text(0));
        named
            .filter(|id| self.organisations.contains_key(id))
            .collect()
    }
}

/// Everything that a figure is judged by.
struct Bench<'a> {
    investigation: &'a Investigation,
    seen: HashSet<String>,
    in_part: HashSet<String>,
    answers: BTreeMap<&'a str, Answer>,
}

impl Bench<'_> {
    fn judge(&self, figure: &PublishedFigure) -> Result<Finding, InvestigationError> {
        let counted = self.count(figure)?;
        let (recomputed, verdict, why) = match (counted, self.gap(figure)) {
            (None, None) => (None, Verdict::NotComputable, undecided(figure)),
            (None, Some(gap)) => (None, Verdict::NotComputable, gap),
            // What a question says of an organisation that nobody looked at is about nothing.
            (Some(_), Some(gap)) if !self.is_seen(figure) => (None, Verdict::NotComputable, gap),
            (Some(value), Some(gap)) => {
                let why = format!("{gap}; from what is here it would be {value}");
                (None, Verdict::NotComputable, why)
            }
            (Some(value), None) => {
                let verdict = verdict_on(figure, &value);
                let why = why(figure, verdict);
                (Some(value), verdict, why)
            }
        };
        let names = &self.investigation.organisations;
        let organisation = names.get(&figure.organisation).cloned();
        Ok(Finding {
            figure: figure.clone(),
            organisation: organisation.unwrap_or_default(),
            recomputed,
            verdict,
            why,
        })
    }

    /// Why the captures cannot decide a figure, whatever a question answers: an organisation that nobody looked at has
    /// no figure, and a sum over all of them needs all of them.
    fn gap(&self, figure: &PublishedFigure) -> Option<String> {
        if figure.query.is_empty() {
            return Some(figure.cause.clone());
        }
        if figure.organisation.is_empty() {
            self.gap_of_all()
        } else {
            self.gap_of(&figure.organisation).map(str::to_owned)
        }
    }

    /// Whether there is a capture of the organisation that a figure is about.
    fn is_seen(&self, figure: &PublishedFigure) -> bool {
        figure.organisation.is_empty() || self.seen.contains(&figure.organisation)
    }

    fn gap_of(&self, organisation: &str) -> Option<&'static str> {
        if !self.seen.contains(organisation) {
            Some("no capture of this organisation is here")
        } else if self.in_part.contains(organisation) {
            Some("a capture of this organisation could not be read whole")
        } else {
            None
        }
    }

    fn gap_of_all(&self) -> Option<String> {
        let all = self.investigation.organisations.len();
        let (seen, in_part) = (self.seen.len(), self.in_part.len());
        if seen < all {
            Some(format!(
                "captures of {seen} of {all} organisations are here"
            ))
        } else if in_part > 0 {
            let whole = all - in_part;
            let gap = format!("captures of {whole} of {all} organisations could be read whole");
            Some(gap)
        } else {
            None
        }
    }

    fn count(&self, figure: &PublishedFigure) -> Result<Option<String>, InvestigationError> {
        let Some(answer) = self.answers.get(figure.query.as_str()) else {
            return Ok(None);
        };
        let cell = answer.cell(&figure.column, &figure.organisation);
        cell.map_err(|fault| {
            let query = &figure.query;
            self.investigation
                .at(figure, format!("the answer to {query} {fault}"))
        })
    }
}

fn verdict_on(figure: &PublishedFigure, value: &str) -> Verdict {
    if same(&figure.published, value) {
        Verdict::Same
    } else if !figure.expected.is_empty() && same(&figure.expected, value) {
        Verdict::DiffersForItsCause
    } else {
        Verdict::Differs
    }
}

fn undecided(figure: &PublishedFigure) -> String {
    if figure.cause.is_empty() {
        "the captures of this organisation do not show it".to_owned()
    } else {
        figure.cause.clone()
    }
}

fn why(figure: &PublishedFigure, verdict: Verdict) -> String {
    match verdict {
        Verdict::DiffersForItsCause => figure.cause.clone(),
        Verdict::Differs if figure.expected.is_empty() => "no cause is named".to_owned(),
        Verdict::Differs => format!(
            "the cause that is named leads to {}, not to this",
            figure.expected
        ),
        Verdict::Same | Verdict::NotComputable => String::new(),
    }
}

/// The answer to a question, as texts.
struct Answer {
    columns: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Answer {
    fn of(frame: &DataFrame) -> Answer {
        let columns = frame.get_column_names().into_iter();
        Answer {
            columns: columns.map(ToString::to_string).collect(),
            rows: rows_of(frame),
        }
    }

    /// The value in a column of an organisation's row, or of the only row. `None`: there is none, or it is missing.
    fn cell(&self, column: &str, organisation: &str) -> Result<Option<String>, String> {
        let place = self.place(column)?;
        let mut rows: Vec<&Vec<String>> = self.rows.iter().collect();
        if !organisation.is_empty() {
            let whose = self.place(WHOSE)?;
            rows.retain(|row| row.get(whose).is_some_and(|id| id == organisation));
        }
        if rows.len() > 1 {
            let count = rows.len();
            return Err(format!("has {count} rows where the figure needs one"));
        }
        let value = rows.first().and_then(|row| row.get(place));
        Ok(value.filter(|value| !value.is_empty()).cloned())
    }

    fn place(&self, column: &str) -> Result<usize, String> {
        let mut names = self.columns.iter();
        let place = names.position(|name| name == column);
        place.ok_or_else(|| format!("has no column {column}"))
    }
}

impl Findings {
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
