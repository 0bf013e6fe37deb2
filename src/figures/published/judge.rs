//! The figures of an investigation held to a dataset: what each is when it is counted again, and the verdict on it.

use std::collections::{BTreeMap, HashSet};

use super::cells::Cells;
use super::error::InvestigationError;
use super::finding::{Finding, Recount, Verdict};
use super::folder::Investigation;
use super::line::PublishedFigure;
use super::value::same;
use crate::figures::Tables;
use crate::figures::answer::{Answer, ask};

/// The organisations of which there is a page in a capture.
const SEEN: &str = "SELECT organisation_id FROM organisations WHERE captures > 0";

/// Those of them with a page in a capture that could not be read whole.
const SEEN_IN_PART: &str = "
    SELECT DISTINCT v.organisation_id
    FROM visits AS v JOIN captures AS c ON v.capture_id = c.capture_id
    WHERE c.state = 'salvaged'";

impl Investigation {
    /// Holds every figure to a dataset. All questions are asked, also those that no figure needs.
    ///
    /// # Errors
    /// A question that cannot be answered, or whose answer has not what a figure looks for in it.
    pub fn hold_to(&self, tables: &Tables) -> Result<Recount, InvestigationError> {
        let mut bench = Bench {
            investigation: self,
            answers: BTreeMap::new(),
            seen: self.ours(ask(tables, "organisations seen", SEEN)?),
            in_part: self.ours(ask(tables, "organisations seen in part", SEEN_IN_PART)?),
        };
        for query in self.queries() {
            let answer = tables.answer(query)?;
            bench.answers.insert(query.name(), Cells::of(&answer));
        }
        let findings = self.figures.iter().map(|figure| bench.judge(figure));
        Ok(Recount {
            findings: findings.collect::<Result<_, _>>()?,
            organisations_seen: bench.seen.len(),
            organisations: self.organisations.len(),
        })
    }

    /// Those of its organisations that an answer names.
    fn ours(&self, named: Vec<Answer>) -> HashSet<String> {
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
    answers: BTreeMap<&'a str, Cells>,
}

impl Bench<'_> {
    fn judge(&self, figure: &PublishedFigure) -> Result<Finding, InvestigationError> {
        let counted = self.count(figure)?;
        let (recomputed, verdict, why) = match (counted, self.gap(figure)) {
            (Some(value), None) => {
                let verdict = verdict_on(figure, &value);
                let why = why(figure, verdict);
                (Some(value), verdict, why)
            }
            (None, None) => (None, Verdict::NotComputable, undecided(figure)),
            (counted, Some(gap)) => {
                let counted = counted.filter(|_| self.is_seen(figure));
                (None, Verdict::NotComputable, with_remark(gap, counted))
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

    /// Whether there is a capture of the organisation that a figure is about. What a question says of one that nobody
    /// looked at is about nothing.
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
            let whole = all.saturating_sub(in_part);
            Some(format!(
                "captures of {whole} of {all} organisations could be read whole"
            ))
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

/// What could not be decided may still be worth a look.
fn with_remark(gap: String, counted: Option<String>) -> String {
    match counted {
        Some(value) => format!("{gap}; from what is here it would be {value}"),
        None => gap,
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
