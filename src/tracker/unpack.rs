//! Unpacks a payload by the steps of a rule: a closed set, each a pure function. A step that cannot do its work says
//! so; the parameter stays as it was.

use std::collections::BTreeMap;

use super::TrackerError;
use super::event::value_of;
use super::pattern::name_fits;
use super::rule::Step;
use super::steps::{self, Key};
use crate::exchange::{Exchange, Location, Parameter, split_pairs};

/// More events than this in one request are cut: no tracker sends them, a hostile file could.
const MAX_EVENTS: usize = 10_000;

/// And so are events that would together hold more parameters than this, because each inherits what is around it.
const MAX_PARAMETERS: usize = 300_000;

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
            Step::Body => {
                let (parameters, error) = exchange.body.parameters();
                let told = error.map(|error| TrackerError::BodyNotUnpacked(error.to_string()));
                self.errors.extend(told);
                self.extend(parameters);
            }
            Step::BodyText if exchange.body.text.is_empty() => {}
            Step::BodyText => {
                let text = exchange.body.text.as_str();
                self.extend(vec![Parameter::new(BODY, text, Location::Body)]);
            }
            Step::Matrix => self.extend(steps::matrix(&exchange.address.path)),
            Step::Lines => self.fan_out(|set| split_lines(set, &exchange.body.text)),
            Step::Each { of } => self.fan_out(|set| each(set, of)),
            Step::Blocks => self.sets.iter_mut().for_each(|set| blocks(set)),
            Step::Json { of, into } => self.derive(of, |p| steps::json_leaves(p, into.as_deref())),
            Step::NestedQuery { of, into } => {
                self.derive(of, |p| Ok(steps::nested_query(p, into.as_deref())));
            }
            Step::Join { of, into, before } => {
                let before = before.as_deref().unwrap_or_default();
                for set in &mut self.sets {
                    set.extend(join(set, of, into, before));
                }
            }
            Step::Split {
                of,
                separator,
                trim,
            } => {
                let trim = trim.as_deref().unwrap_or_default();
                self.derive(of, |parameter| Ok(steps::split(parameter, separator, trim)));
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

    /// Makes several events out of one; what the limits cut is said.
    fn fan_out(&mut self, split: impl Fn(&[Unpacked]) -> (Vec<Vec<Unpacked>>, usize)) {
        let mut sets = Vec::new();
        let mut cut = 0;
        for set in &self.sets {
            let (made, left_out) = split(set);
            sets.extend(made);
            cut += left_out;
        }
        cut += sets.len().saturating_sub(MAX_EVENTS);
        sets.truncate(MAX_EVENTS);
        if cut > 0 {
            self.errors.push(TrackerError::TooManyEvents(cut));
        }
        self.sets = sets;
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

/// How many events can be made where each inherits so many parameters.
fn most_events(inherited: usize) -> usize {
    MAX_EVENTS.min(MAX_PARAMETERS / inherited.max(1)).max(1)
}

/// Each non-empty line becomes an event of its own that inherits the set; no line: the set stays the one event. Also
/// says how many lines were left out.
fn split_lines(set: &[Unpacked], body: &str) -> (Vec<Vec<Unpacked>>, usize) {
    let lines: Vec<&str> = body
        .lines()
        .filter(|line| !line.trim().is_empty())
        .collect();
    if lines.is_empty() {
        return (vec![set.to_vec()], 0);
    }
    let with_line = |line: &&str| {
        let told = as_told(split_pairs(line, Location::Body));
        set.iter().cloned().chain(told).collect()
    };
    let most = most_events(set.len());
    let made = lines.iter().take(most).map(with_line).collect();
    (made, lines.len().saturating_sub(most))
}

/// One set for each element of the array; without any element, the set as it is. Also says how many elements were left
/// out.
fn each(set: &[Unpacked], array: &str) -> (Vec<Vec<Unpacked>>, usize) {
    let element = |unpacked: &Unpacked| -> Option<usize> {
        let rest = unpacked.parameter.name.strip_prefix(array)?;
        rest.strip_prefix('[')?.split_once(']')?.0.parse().ok()
    };
    let mut around = Vec::new();
    let mut elements: BTreeMap<usize, Vec<(usize, &Unpacked)>> = BTreeMap::new();
    for (place, unpacked) in set.iter().enumerate() {
        match element(unpacked) {
            Some(index) => elements.entry(index).or_default().push((place, unpacked)),
            None => around.push((place, unpacked)),
        }
    }
    if elements.is_empty() {
        return (vec![set.to_vec()], 0);
    }
    let most = most_events(around.len());
    let left_out = elements.len().saturating_sub(most);
    let with_around = |own: Vec<(usize, &Unpacked)>| {
        let mut all = own;
        all.extend(&around);
        // In the order of the wire.
        all.sort_unstable_by_key(|(place, _)| *place);
        all.into_iter()
            .map(|(_, unpacked)| unpacked.clone())
            .collect()
    };
    let made = elements.into_values().take(most).map(with_around).collect();
    (made, left_out)
}

/// Puts parameters together: `d` = clinic.example and `p` = /hiv become an address.
fn join(set: &[Unpacked], of: &[String], into: &str, before: &str) -> Option<Unpacked> {
    let value = |name: &String| value_of(set.iter().map(|u| &u.parameter), name);
    let first = of
        .first()
        .and_then(value)
        .filter(|value| !value.is_empty())?;
    let before = if first.contains("://") { "" } else { before };
    let whole: String = of.iter().filter_map(value).collect();
    let location = set
        .iter()
        .find(|u| of.contains(&u.parameter.name))?
        .parameter
        .location;
    Some(Unpacked {
        parameter: Parameter::new(into, format!("{before}{whole}"), location),
        derived: true,
    })
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
        let base = set(&[("tid", "G-1")]);
        let (sets, cut) = split_lines(&base, "en=page_view\r\n\r\nen=scroll&x=1");
        assert_eq!(cut, 0);
        assert_eq!(sets.len(), 2);
        assert_eq!(sets[1][0].parameter.value, "G-1");
        assert_eq!(sets[1][1].parameter.value, "scroll");
        assert_eq!(split_lines(&base, ""), (vec![base.clone()], 0));
        let (sets, cut) = split_lines(&base, &"en=a\n".repeat(MAX_EVENTS + 5));
        assert_eq!((sets.len(), cut), (MAX_EVENTS, 5));
    }

    #[test]
    fn every_element_is_an_event_that_keeps_what_is_around_it() {
        let batch = set(&[
            ("key", "k"),
            ("events[0].t", "a"),
            ("events[1].t", "b"),
            ("end", "z"),
        ]);
        let (sets, _) = each(&batch, "events");
        assert_eq!(
            sets.iter().map(|s| names(s)).collect::<Vec<_>>(),
            [
                vec!["key", "events[0].t", "end"],
                vec!["key", "events[1].t", "end"],
            ]
        );
        assert_eq!(each(&batch, "nothing"), (vec![batch.clone()], 0));
        assert_eq!(each(&set(&[("[0].t", "a"), ("[1].t", "b")]), "").0.len(), 2);
    }

    #[test]
    fn parts_are_put_together_where_the_first_is_there() {
        let told = set(&[
            ("p", "/hiv"),
            ("d", "www.clinic.example"),
            ("whole", "http://a.example/"),
        ]);
        let joined = |of: &[&str]| {
            let of: Vec<String> = of.iter().map(|name| (*name).to_string()).collect();
            join(&told, &of, "(page)", "https://").map(|unpacked| unpacked.parameter.value)
        };
        assert_eq!(
            joined(&["d", "p", "q"]).as_deref(),
            Some("https://www.clinic.example/hiv")
        );
        assert_eq!(joined(&["whole"]).as_deref(), Some("http://a.example/"));
        assert_eq!(joined(&["q", "p"]), None);
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
