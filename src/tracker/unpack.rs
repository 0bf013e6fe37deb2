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

/// And so is what the steps would add to one request beyond this many bytes: each event inherits what is around it, each
/// piece of a parameter its name, and what was packed may be far longer than it was.
const MAX_ADDED: usize = 64 << 20;

/// The name of the body as a whole.
pub(super) const BODY: &str = "(body)";

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
        room: MAX_ADDED,
    };
    for step in steps {
        work.run(step, exchange);
    }
    (work.sets, work.errors)
}

/// Runs the steps over parameters that stand alone, such as the cookies of a consent tool. The steps that take something
/// from a request have none to take it from, and do nothing.
pub fn take_apart(steps: &[Step], parameters: Vec<Parameter>) -> Vec<Parameter> {
    let mut work = Work {
        sets: vec![as_told(parameters)],
        errors: Vec::new(),
        room: MAX_ADDED,
    };
    for step in steps {
        work.run_alone(step);
    }
    let unpacked = work.sets.into_iter().flatten();
    unpacked.map(|unpacked| unpacked.parameter).collect()
}

struct Work {
    sets: Vec<Vec<Unpacked>>,
    errors: Vec<TrackerError>,
    /// How many bytes may still be added.
    room: usize,
}

/// The events that one set becomes.
struct FanOut<'s> {
    /// How many bytes of the set each of them repeats.
    inherited: usize,
    events: Box<dyn ExactSizeIterator<Item = Vec<Unpacked>> + 's>,
}

impl Work {
    fn run(&mut self, step: &Step, exchange: &Exchange) {
        match step {
            Step::Query => self.extend(exchange.query_parameters().to_vec()),
            Step::Body => {
                let (parameters, error) = exchange.body.parameters();
                let told = error.map(|error| TrackerError::BodyNotUnpacked(error.to_string()));
                self.errors.extend(told);
                self.extend(parameters.to_vec());
            }
            Step::BodyText if exchange.body.text.is_empty() => {}
            Step::BodyText => {
                let text = exchange.body.text.as_str();
                self.extend(vec![Parameter::new(BODY, text, Location::Body)]);
            }
            Step::Matrix => self.extend(steps::matrix(&exchange.address.path)),
            Step::Lines => {
                let sets = std::mem::take(&mut self.sets);
                self.fan_out(&sets, |set| split_lines(set, &exchange.body.text));
            }
            other => self.run_alone(other),
        }
    }

    /// The steps that need nothing but what was unpacked before.
    fn run_alone(&mut self, step: &Step) {
        match step {
            Step::Query | Step::Body | Step::BodyText | Step::Matrix | Step::Lines => {}
            Step::Each { of } => {
                let sets = std::mem::take(&mut self.sets);
                self.fan_out(&sets, |set| each(set, of));
            }
            Step::Blocks => {
                for set in &mut self.sets {
                    self.errors.extend(blocks(set, &mut self.room).err());
                }
            }
            Step::Json { of, into } => self.derive(of, |p| steps::json_leaves(p, into.as_deref())),
            Step::NestedQuery { of, into } => {
                self.derive(of, |parameter| {
                    let name = into.as_deref().unwrap_or(&parameter.name);
                    check_pieces(name, &parameter.value, "&")?;
                    Ok(steps::nested_query(parameter, into.as_deref()))
                });
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
                self.derive(of, |parameter| {
                    check_pieces(&parameter.name, &parameter.value, separator)?;
                    Ok(steps::split(parameter, separator, trim))
                });
            }
            Step::Marked { of, mark } => self.derive(of, |parameter| {
                check_pieces(&parameter.name, &parameter.value, mark)?;
                Ok(steps::marked(parameter, mark))
            }),
            Step::MarkedNames { of, mark } => {
                self.derive(of, |parameter| {
                    Ok(vec![steps::marked_name(parameter, mark)])
                });
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
                self.derive(of, |parameter| {
                    check_pieces(&parameter.name, &parameter.value, separator)?;
                    Ok(steps::pieces(parameter, separator, key))
                });
            }
            Step::Base64 { of } => self.change(of, steps::from_base64),
            Step::Inflate { of } => self.change(of, steps::inflated),
            Step::Decode { of } => self.change(of, steps::decoded_again),
        }
    }

    /// Makes several events out of one; what the limits cut is said.
    fn fan_out<'w>(
        &mut self,
        sets_before: &'w [Vec<Unpacked>],
        split: impl Fn(&'w [Unpacked]) -> FanOut<'w>,
    ) {
        let mut sets = Vec::new();
        let mut cut = 0;
        for set in sets_before {
            let FanOut {
                inherited,
                mut events,
            } = split(set);
            while events.len() > 0 && (sets.is_empty() || self.take_room(sets.len(), inherited)) {
                sets.extend(events.next());
            }
            cut += events.len();
        }
        if cut > 0 {
            self.errors.push(TrackerError::TooManyEvents(cut));
        }
        self.sets = sets;
    }

    fn take_room(&mut self, events: usize, inherited: usize) -> bool {
        events < MAX_EVENTS && spend(&mut self.room, inherited)
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
                let name = &unpacked.parameter.name;
                match split(&unpacked.parameter) {
                    Ok(parameters) if spend(&mut self.room, parameters.iter().map(size).sum()) => {
                        made.extend(parameters);
                    }
                    Ok(_) => self.errors.push(TrackerError::ParameterCut(name.clone())),
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
                let changed = change(&unpacked.parameter);
                let Parameter { name, value, .. } = &mut unpacked.parameter;
                match changed {
                    Ok(new) if spend(&mut self.room, new.len().saturating_sub(value.len())) => {
                        *value = new
                    }
                    Ok(_) => self.errors.push(TrackerError::ParameterCut(name.clone())),
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

/// Takes from what may still be added. `false`: there is not that much left.
fn spend(room: &mut usize, bytes: usize) -> bool {
    let left = room.checked_sub(bytes);
    *room = left.unwrap_or(*room);
    left.is_some()
}

/// How many bytes a parameter takes.
fn size(parameter: &Parameter) -> usize {
    let texts = [&parameter.name, &parameter.value, &parameter.raw];
    size_of::<Unpacked>() + texts.map(String::len).iter().sum::<usize>()
}

fn size_of_all<'u>(set: impl IntoIterator<Item = &'u Unpacked>) -> usize {
    set.into_iter()
        .map(|unpacked| size(&unpacked.parameter))
        .sum()
}

/// That the pieces of a value, each of which repeats the name, are not too much to be made.
fn check_pieces(name: &str, value: &str, separator: &str) -> Result<(), TrackerError> {
    let pieces = value.matches(separator).count() + 1;
    if pieces.saturating_mul(name.len()) > MAX_ADDED {
        return Err(TrackerError::ParameterCut(name.to_string()));
    }
    Ok(())
}

/// A set that stays the one event.
fn unsplit(set: &[Unpacked]) -> FanOut<'_> {
    FanOut {
        inherited: 0,
        events: Box::new(std::iter::once(set.to_vec())),
    }
}

/// Each non-empty line becomes an event of its own that inherits the set; no line: the set stays the one event.
fn split_lines<'s>(set: &'s [Unpacked], body: &'s str) -> FanOut<'s> {
    let lines: Vec<&str> = body
        .lines()
        .filter(|line| !line.trim().is_empty())
        .collect();
    if lines.is_empty() {
        return unsplit(set);
    }
    let with_line = |line| {
        let told = as_told(split_pairs(line, Location::Body));
        set.iter().cloned().chain(told).collect()
    };
    FanOut {
        inherited: size_of_all(set),
        events: Box::new(lines.into_iter().map(with_line)),
    }
}

/// One set for each element of the array; without any element, the set as it is.
fn each<'s>(set: &'s [Unpacked], array: &str) -> FanOut<'s> {
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
        return unsplit(set);
    }
    let inherited = size_of_all(around.iter().map(|(_, unpacked)| *unpacked));
    let with_around = move |own: Vec<(usize, &Unpacked)>| {
        let mut all = own;
        all.extend(&around);
        // In the order of the wire.
        all.sort_unstable_by_key(|(place, _)| *place);
        all.into_iter()
            .map(|(_, unpacked)| unpacked.clone())
            .collect()
    };
    FanOut {
        inherited,
        events: Box::new(elements.into_values().map(with_around)),
    }
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
///
/// # Errors
/// The first parameter whose name would become too long; it and further ones keep their names.
fn blocks(set: &mut [Unpacked], room: &mut usize) -> Result<(), TrackerError> {
    let mut open = OpenBlocks::default();
    for unpacked in set {
        let name = &mut unpacked.parameter.name;
        match open.around(name) {
            Some(blocks) if spend(room, blocks.len()) => name.insert_str(0, blocks),
            Some(_) => return Err(TrackerError::ParameterCut(name.clone())),
            None => {}
        }
    }
    Ok(())
}

/// The blocks that are open where a parameter stands.
#[derive(Debug, Default)]
pub(super) struct OpenBlocks {
    names: String,
    starts: Vec<usize>,
}

impl OpenBlocks {
    /// Takes the next parameter: what goes before its name. `None`: it opens or closes a block.
    pub(super) fn around(&mut self, name: &str) -> Option<&str> {
        if name.len() > 1 && name.ends_with('.') {
            self.starts.push(self.names.len());
            self.names.push_str(name);
            None
        } else if let Some(block) = name.strip_prefix('.') {
            let last = self
                .starts
                .last()
                .and_then(|start| self.names.get(*start..));
            if last.and_then(|last| last.strip_suffix('.')) == Some(block) {
                self.names.truncate(self.starts.pop().unwrap_or_default());
            }
            None
        } else {
            Some(&self.names)
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

    fn events(fan_out: FanOut) -> Vec<Vec<Unpacked>> {
        fan_out.events.collect()
    }

    fn names(set: &[Unpacked]) -> Vec<&str> {
        set.iter().map(|u| u.parameter.name.as_str()).collect()
    }

    #[test]
    fn every_line_is_an_event_that_inherits() {
        let base = set(&[("tid", "G-1")]);
        let sets = events(split_lines(&base, "en=page_view\r\n\r\nen=scroll&x=1"));
        assert_eq!(sets.len(), 2);
        assert_eq!(sets[1][0].parameter.value, "G-1");
        assert_eq!(sets[1][1].parameter.value, "scroll");
        assert_eq!(events(split_lines(&base, "")), [base]);
    }

    #[test]
    fn every_element_is_an_event_that_keeps_what_is_around_it() {
        let batch = set(&[
            ("key", "k"),
            ("events[0].t", "a"),
            ("events[1].t", "b"),
            ("end", "z"),
        ]);
        let sets = events(each(&batch, "events"));
        assert_eq!(
            sets.iter().map(|s| names(s)).collect::<Vec<_>>(),
            [
                vec!["key", "events[0].t", "end"],
                vec!["key", "events[1].t", "end"],
            ]
        );
        assert_eq!(events(each(&batch, "nothing")), [batch]);
        let roots = set(&[("[0].t", "a"), ("[1].t", "b")]);
        assert_eq!(events(each(&roots, "")).len(), 2);
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
        let mut room = MAX_ADDED;
        assert_eq!(blocks(&mut told, &mut room), Ok(()));
        assert_eq!(
            names(&told),
            ["pe", "c.", "a.", "c.a.x", ".a", "c.y", ".c", "z"]
        );
    }

    fn work() -> Work {
        Work {
            sets: Vec::new(),
            errors: Vec::new(),
            room: MAX_ADDED,
        }
    }

    #[test]
    fn more_events_than_are_read_are_counted() {
        let body = "en=a\n".repeat(MAX_EVENTS + 5);
        let mut told = work();
        told.fan_out(&[set(&[("tid", "G-1")])], |set| split_lines(set, &body));
        assert_eq!(told.sets.len(), MAX_EVENTS);
        assert_eq!(told.errors, [TrackerError::TooManyEvents(5)]);
    }

    #[test]
    fn a_long_value_is_not_inherited_without_end() {
        let body = "en=a\n".repeat(MAX_EVENTS);
        let mut told = work();
        let base = set(&[("dl", &"a".repeat(100_000))]);
        told.fan_out(&[base], |set| split_lines(set, &body));
        let made = told.sets.len();
        assert!(made > 100 && made < 1_000, "{made}");
        assert_eq!(
            told.errors,
            [TrackerError::TooManyEvents(MAX_EVENTS - made)]
        );
    }

    #[test]
    fn a_long_name_is_not_repeated_without_end() {
        let name = format!("p{}", "a".repeat(100_000));
        let mut told = work();
        told.sets = vec![set(&[(&name, &"x~".repeat(1_000))])];
        told.derive(&["p*".to_string()], |parameter| {
            check_pieces(&parameter.name, &parameter.value, "~")?;
            Ok(steps::split(parameter, "~", ""))
        });
        assert_eq!(told.errors, [TrackerError::ParameterCut(name.clone())]);
        assert_eq!(told.sets[0].len(), 1);
        let mut told = set(&[(&format!("{name}."), "")]);
        told.extend(set(&[("x", "1")].repeat(1_000)));
        let mut room = MAX_ADDED;
        assert_eq!(
            blocks(&mut told, &mut room),
            Err(TrackerError::ParameterCut("x".to_owned()))
        );
        assert!(size_of_all(&told) < MAX_ADDED + 1_000_000);
    }
}
