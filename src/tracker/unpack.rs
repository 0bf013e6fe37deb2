//! The steps that unpack a payload: a closed set, each a pure function. A step that cannot do its work says so; the
//! parameter stays as it was.

use super::TrackerError;
use super::pattern::name_fits;
use super::rule::Step;
use crate::exchange::{Exchange, Location, Parameter, json, split_pairs};

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
    let mut sets = vec![as_told(from_path)];
    let mut errors = Vec::new();
    for step in steps {
        match step {
            Step::Query => extend_all(&mut sets, exchange.query_parameters()),
            Step::Body => match exchange.body.parameters() {
                Ok(parameters) => extend_all(&mut sets, parameters),
                Err(error) => errors.push(TrackerError::BodyNotUnpacked(error.to_string())),
            },
            Step::Lines => sets = split_lines(sets, &exchange.body.text),
            Step::Json { of } => derive(&mut sets, of, &mut errors, json_leaves),
            Step::Pieces {
                of,
                separator,
                key_separator,
                key_length,
            } => derive(&mut sets, of, &mut errors, |parameter| {
                let key = Key {
                    separator: key_separator.as_deref(),
                    length: *key_length,
                };
                Ok(pieces(parameter, separator, key))
            }),
        }
    }
    (sets, errors)
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

fn extend_all(sets: &mut [Vec<Unpacked>], parameters: Vec<Parameter>) {
    for set in sets {
        set.extend(as_told(parameters.clone()));
    }
}

/// Each non-empty line becomes an event of its own that inherits the set; no line: the set stays the one event.
fn split_lines(sets: Vec<Vec<Unpacked>>, body: &str) -> Vec<Vec<Unpacked>> {
    let lines: Vec<&str> = body
        .lines()
        .filter(|line| !line.trim().is_empty())
        .collect();
    if lines.is_empty() {
        return sets;
    }
    let with_line = |set: &Vec<Unpacked>, line: &str| {
        let told = as_told(split_pairs(line, Location::Body));
        set.iter().cloned().chain(told).collect::<Vec<_>>()
    };
    sets.iter()
        .flat_map(|set| lines.iter().map(|line| with_line(set, line)))
        .collect()
}

/// Appends what `split` makes of every parameter whose name fits one of `of`.
fn derive(
    sets: &mut [Vec<Unpacked>],
    of: &[String],
    errors: &mut Vec<TrackerError>,
    split: impl Fn(&Parameter) -> Result<Vec<Parameter>, TrackerError>,
) {
    for set in sets {
        let mut made = Vec::new();
        for unpacked in set.iter() {
            let parameter = &unpacked.parameter;
            if !of.iter().any(|pattern| name_fits(pattern, &parameter.name)) {
                continue;
            }
            match split(parameter) {
                Ok(parameters) => made.extend(parameters),
                Err(error) => errors.push(error),
            }
        }
        set.extend(made.into_iter().map(|parameter| Unpacked {
            parameter,
            derived: true,
        }));
    }
}

fn json_leaves(parameter: &Parameter) -> Result<Vec<Parameter>, TrackerError> {
    if !json::looks_json(&parameter.value) {
        return Ok(Vec::new());
    }
    let leaves = json::flatten(&parameter.value, &parameter.name)
        .map_err(|_| TrackerError::ParameterNotJson(parameter.name.clone()))?;
    Ok(leaves
        .into_iter()
        .map(|(name, value)| Parameter::new(name, value, parameter.location))
        .collect())
}

#[derive(Clone, Copy)]
struct Key<'a> {
    separator: Option<&'a str>,
    length: Option<usize>,
}

fn pieces(parameter: &Parameter, separator: &str, key: Key) -> Vec<Parameter> {
    parameter
        .value
        .split(separator)
        .filter(|piece| !piece.is_empty())
        .filter_map(|piece| {
            let (name, value) = match (key.separator, key.length) {
                (Some(between), _) => piece.split_once(between)?,
                (None, Some(length)) => piece.split_at_checked(length)?,
                (None, None) => (piece, ""),
            };
            let full = format!("{}.{name}", parameter.name);
            Some(Parameter::new(full, value, parameter.location))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(parameters: &[Parameter]) -> Vec<(&str, &str)> {
        parameters
            .iter()
            .map(|p| (p.name.as_str(), p.value.as_str()))
            .collect()
    }

    #[test]
    fn json_in_a_parameter_becomes_its_leaves() {
        let parameter = Parameter::new("cd[b]", r#"{"innerText":"Go","n":[1]}"#, Location::Query);
        let leaves = json_leaves(&parameter).unwrap();
        assert_eq!(
            names(&leaves),
            [("cd[b].innerText", "Go"), ("cd[b].n[0]", "1")]
        );
        let broken = Parameter::new("cd[b]", "{\"a\":", Location::Query);
        assert!(json_leaves(&broken).is_err());
        let plain = Parameter::new("cd[b]", "hello", Location::Query);
        assert_eq!(json_leaves(&plain).unwrap(), []);
    }

    #[test]
    fn pieces_have_keys_by_separator_or_by_length() {
        let tokens = Parameter::new("em", "tv.1~em.AbC~pn.~fn0.x", Location::Query);
        let by_dot = Key {
            separator: Some("."),
            length: None,
        };
        let wanted = [
            ("em.tv", "1"),
            ("em.em", "AbC"),
            ("em.pn", ""),
            ("em.fn0", "x"),
        ];
        assert_eq!(names(&pieces(&tokens, "~", by_dot)), wanted);
        let item = Parameter::new("pr1", "idS1~nmTest kit~é", Location::Query);
        let by_two = Key {
            separator: None,
            length: Some(2),
        };
        assert_eq!(
            names(&pieces(&item, "~", by_two)),
            [("pr1.id", "S1"), ("pr1.nm", "Test kit"), ("pr1.é", "")]
        );
    }

    #[test]
    fn every_line_is_an_event_that_inherits() {
        let base = vec![as_told(vec![Parameter::new("tid", "G-1", Location::Query)])];
        let sets = split_lines(base.clone(), "en=page_view\r\n\r\nen=scroll&x=1");
        assert_eq!(sets.len(), 2);
        assert_eq!(sets[1][0].parameter.value, "G-1");
        assert_eq!(sets[1][1].parameter.value, "scroll");
        assert_eq!(split_lines(base.clone(), ""), base);
    }
}
