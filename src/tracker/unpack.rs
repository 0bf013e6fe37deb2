//! Unpacks a payload by the steps of a rule: a closed set, each a pure function. A step that cannot do its work says
//! so; the parameter stays as it was.

use super::TrackerError;
use super::pattern::name_fits;
use super::rule::Step;
use super::steps::{self, Key};
use crate::exchange::{Exchange, Location, Parameter, split_pairs};

/// More events than this in one request are cut: no tracker sends them, a hostile file could.
const MAX_EVENTS: usize = 1_000;

/// The name of the body as a whole.
const BODY: &str = "(body)";

/// A parameter, and whether a step made it out of another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unpacked {
    pub parameter: Parameter,
    pub derived: bool,
}

/// Runs the steps over an exchange. The outer list has one set of parameters an event; `from_path` stands first in each.
pub fn unpack(
    steps: &[Step],
    exchange: &Exchange,
    from_path: Vec<Parameter>,
) -> (Vec<Vec<Unpacked>>, Vec<TrackerError>) {
    let mut work = Work {
        sets: vec![as_told(from_path)],
        errors: Vec::new(),
    };
    for step in steps {
        work.run(step, exchange);
    }
    work.sets.truncate(MAX_EVENTS);
    (work.sets, work.errors)
}

struct Work {
    sets: Vec<Vec<Unpacked>>,
    errors: Vec<TrackerError>,
}

impl Work {
    fn run(&mut self, step: &Step, exchange: &Exchange) {
        match step {
            Step::Query => self.extend(exchange.query_parameters()),
            Step::Body => match exchange.body.parameters() {
                Ok(parameters) => self.extend(parameters),
                Err(error) => self
                    .errors
                    .push(TrackerError::BodyNotUnpacked(error.to_string())),
            },
            Step::BodyText if exchange.body.text.is_empty() => {}
            Step::BodyText => {
                let text = exchange.body.text.as_str();
                self.extend(vec![Parameter::new(BODY, text, Location::Body)]);
            }
            Step::Matrix => self.extend(steps::matrix(&exchange.address.path)),
            Step::Lines => self.sets = split_lines(&self.sets, &exchange.body.text),
            Step::Each { of } => {
                self.sets = self.sets.iter().flat_map(|set| each(set, of)).collect()
            }
            Step::Blocks => self.sets.iter_mut().for_each(|set| blocks(set)),
            Step::Json { of, into } => self.derive(of, |p| steps::json_leaves(p, into.as_deref())),
            Step::NestedQuery { of, into } => {
                self.derive(of, |p| Ok(steps::nested_query(p, into.as_deref())));
            }
            Step::Jwt { of } => self.derive(of, steps::token_payload),
            Step::Pieces {
                of,
                separator,
                key_separator,
                key_length,
            } => {
                let key = Key {
                    separator: key_separator.as_deref(),
                    length: *key_length,
                };
                self.derive(of, |parameter| Ok(steps::pieces(parameter, separator, key)));
            }
            Step::Base64 { of } => self.change(of, steps::from_base64),
            Step::Inflate { of } => self.change(of, steps::inflated),
            Step::Decode { of } => self.change(of, steps::decoded_again),
        }
    }

    fn extend(&mut self, parameters: Vec<Parameter>) {
        for set in &mut self.sets {
            set.extend(as_told(parameters.clone()));
        }
    }

    /// Appends what `split` makes of every parameter whose name fits one of `of`.
    fn derive(
        &mut self,
        of: &[String],
        split: impl Fn(&Parameter) -> Result<Vec<Parameter>, TrackerError>,
    ) {
        for set in &mut self.sets {
            let mut made = Vec::new();
            for unpacked in set.iter().filter(|unpacked| is_named(unpacked, of)) {
                match split(&unpacked.parameter) {
                    Ok(parameters) => made.extend(parameters),
                    Err(error) => self.errors.push(error),
                }
            }
            set.extend(made.into_iter().map(|parameter| Unpacked {
                parameter,
                derived: true,
            }));
        }
    }

    /// Replaces the value of every parameter whose name fits one of `of`; its raw text stays as it was on the wire.
    fn change(
        &mut self,
        of: &[String],
        change: impl Fn(&Parameter) -> Result<String, TrackerError>,
    ) {
        for set in &mut self.sets {
            for unpacked in set.iter_mut().filter(|unpacked| is_named(unpacked, of)) {
                match change(&unpacked.parameter) {
                    Ok(value) => unpacked.parameter.value = value,
                    Err(error) => self.errors.push(error),
                }
            }
        }
    }
}

fn is_named(unpacked: &Unpacked, of: &[String]) -> bool {
    let name = &unpacked.parameter.name;
    !unpacked.parameter.value.is_empty() && of.iter().any(|pattern| name_fits(pattern, name))
}

fn as_told(parameters: Vec<Parameter>) -> Vec<Unpacked> {
    parameters
        .into_iter()
        .map(|parameter| Unpacked {
            parameter,
            derived: false,
        })
        .collect()
}

/// Each non-empty line becomes an event of its own that inherits the set; no line: the set stays the one event.
fn split_lines(sets: &[Vec<Unpacked>], body: &str) -> Vec<Vec<Unpacked>> {
    let lines = body.lines().filter(|line| !line.trim().is_empty());
    let lines: Vec<&str> = lines.take(MAX_EVENTS).collect();
    if lines.is_empty() {
        return sets.to_vec();
    }
    let with_line = |set: &Vec<Unpacked>, line: &str| {
        let told = as_told(split_pairs(line, Location::Body));
        set.iter().cloned().chain(told).collect::<Vec<_>>()
    };
    sets.iter()
        .flat_map(|set| lines.iter().map(|line| with_line(set, line)))
        .collect()
}

/// One set for each element of the array; without any element, the set as it is.
fn each(set: &[Unpacked], array: &str) -> Vec<Vec<Unpacked>> {
    let element = |unpacked: &Unpacked| -> Option<usize> {
        let rest = unpacked
            .parameter
            .name
            .strip_prefix(array)?
            .strip_prefix('[')?;
        rest.split_once(']')?.0.parse().ok()
    };
    let mut indexes: Vec<usize> = set.iter().filter_map(element).collect();
    indexes.dedup();
    indexes.sort_unstable();
    indexes.dedup();
    indexes.truncate(MAX_EVENTS);
    if indexes.is_empty() {
        return vec![set.to_vec()];
    }
    let of_index = |index: usize| {
        let belongs = |unpacked: &&Unpacked| element(unpacked).is_none_or(|place| place == index);
        set.iter().filter(belongs).cloned().collect()
    };
    indexes.into_iter().map(of_index).collect()
}

/// `c.` opens a block and `.c` closes it; what stands in between is named for it.
fn blocks(set: &mut [Unpacked]) {
    let mut open: Vec<String> = Vec::new();
    for unpacked in set {
        let name = unpacked.parameter.name.clone();
        if let Some(block) = name.strip_suffix('.').filter(|block| !block.is_empty()) {
            open.push(block.to_string());
        } else if let Some(block) = name.strip_prefix('.') {
            if open.last().is_some_and(|last| last == block) {
                open.pop();
            }
        } else if !open.is_empty() {
            unpacked.parameter.name = format!("{}.{name}", open.join("."));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(pairs: &[(&str, &str)]) -> Vec<Unpacked> {
        let parameters = pairs
            .iter()
            .map(|(name, value)| Parameter::new(*name, *value, Location::Body));
        as_told(parameters.collect())
    }

    fn names(set: &[Unpacked]) -> Vec<&str> {
        set.iter().map(|u| u.parameter.name.as_str()).collect()
    }

    #[test]
    fn every_line_is_an_event_that_inherits() {
        let base = vec![set(&[("tid", "G-1")])];
        let sets = split_lines(&base, "en=page_view\r\n\r\nen=scroll&x=1");
        assert_eq!(sets.len(), 2);
        assert_eq!(sets[1][0].parameter.value, "G-1");
        assert_eq!(sets[1][1].parameter.value, "scroll");
        assert_eq!(split_lines(&base, ""), base);
    }

    #[test]
    fn every_element_is_an_event_that_keeps_what_is_around_it() {
        let batch = set(&[
            ("key", "k"),
            ("events[0].t", "a"),
            ("events[1].t", "b"),
            ("end", "z"),
        ]);
        let sets = each(&batch, "events");
        assert_eq!(
            sets.iter().map(|s| names(s)).collect::<Vec<_>>(),
            [
                vec!["key", "events[0].t", "end"],
                vec!["key", "events[1].t", "end"],
            ]
        );
        assert_eq!(each(&batch, "nothing"), [batch.clone()]);
        assert_eq!(each(&set(&[("[0].t", "a"), ("[1].t", "b")]), "").len(), 2);
    }

    #[test]
    fn blocks_name_what_they_hold() {
        let mut told = set(&[
            ("pe", "o"),
            ("c.", ""),
            ("a.", ""),
            ("x", "1"),
            (".a", ""),
            ("y", "2"),
            (".c", ""),
            ("z", "3"),
        ]);
        blocks(&mut told);
        assert_eq!(
            names(&told),
            ["pe", "c.", "a.", "c.a.x", ".a", "c.y", ".c", "z"]
        );
    }
}
