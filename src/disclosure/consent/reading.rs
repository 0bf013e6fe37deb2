//! What the cookies of one request say, by the rule of one consent tool.

use std::collections::HashSet;

use super::Consent;
use super::rule::{Conditions, Tool, Whole};
use super::tcf;
use crate::capture::Pair;
use crate::exchange::{Location, Parameter, percent, read_time};
use crate::tracker::{name_fits, take_apart};

const DAY: i64 = 24 * 60 * 60 * 1000;

/// More cookies of one tool than this in one request are none of a consent tool.
const MOST_COOKIES: usize = 64;

/// What a tool's cookies say at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reading {
    Answered(Answer),
    /// The tool waits for an answer.
    Unanswered,
    /// Nothing is answered, and nothing shows whether anybody is asked.
    Silent,
    /// The rule cannot say.
    Undecided,
}

/// A visitor's answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Accepted, partly accepted or rejected.
    pub consent: Consent,
    pub at: Option<Moment>,
    /// In words, without identifiers.
    pub says: String,
}

/// When a cookie says that something happened, in milliseconds since 1970: to the millisecond, or only to the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    pub earliest: i64,
    pub latest: i64,
}

impl Moment {
    fn of(millis: i64) -> Moment {
        let is_day = millis % DAY == 0;
        Moment {
            earliest: millis,
            latest: if is_day { millis + DAY - 1 } else { millis },
        }
    }
}

impl Tool {
    /// What a request's cookies say; `None`: none of them is the tool's. Cookies of two domains may have one name: where
    /// they do not say the same, nothing is sure.
    pub fn read_cookies(&self, cookies: &[Pair]) -> Option<Reading> {
        let own = self.own(cookies);
        if own.is_empty() {
            return None;
        }
        let first = self.read(each_name_once(own.iter().copied()));
        let mut last = each_name_once(own.iter().rev().copied());
        last.reverse();
        let is_sure = own.len() <= MOST_COOKIES && first == self.read(last);
        Some(if is_sure { first } else { Reading::Undecided })
    }

    /// The tool's cookies. Some browsers list them a second time, decoded.
    fn own<'c>(&self, cookies: &'c [Pair]) -> Vec<&'c Pair> {
        let mut own: Vec<&Pair> = Vec::new();
        let of_tool = cookies.iter().filter(|cookie| self.keeps(&cookie.name));
        for cookie in of_tool.take(MOST_COOKIES + 1) {
            let is_same = |known: &&Pair| {
                known.name == cookie.name && percent::decode(&known.value) == cookie.value
            };
            if !own.iter().any(is_same) {
                own.push(cookie);
            }
        }
        own
    }

    /// What a parameter says that holds the same value as the tool's first cookie.
    pub fn read_parameter(&self, value: &str) -> Reading {
        let name = self.cookies.first().map_or("", String::as_str);
        self.read(vec![Parameter::new(name, value, Location::Cookie)])
    }

    fn read(&self, cookies: Vec<Parameter>) -> Reading {
        let mut values = take_apart(&self.unpack, cookies);
        self.take_apart_tcf(&mut values);
        let holds = |name: &String| holds(&self.undecided, name, &values);
        if self.undecided.keys().any(holds) {
            Reading::Undecided
        } else if all_hold(&self.answered, &values) {
            self.answer(&values)
                .map_or(Reading::Undecided, Reading::Answered)
        } else if all_hold(&self.unanswered, &values) && !self.is_all_on(&values) {
            Reading::Unanswered
        } else if all_hold(&self.silent, &values) {
            Reading::Silent
        } else {
            Reading::Undecided
        }
    }

    fn take_apart_tcf(&self, values: &mut Vec<Parameter>) {
        for name in &self.tcf {
            let Some(string) = value_of(values, name).and_then(tcf::read) else {
                continue;
            };
            let put = |key: String, value: String| Parameter::new(key, value, Location::Cookie);
            let purposes = string.purposes.iter().zip(1..).map(|(given, number)| {
                put(
                    format!("{name}.purpose.{number}"),
                    u8::from(*given).to_string(),
                )
            });
            values.extend(purposes.collect::<Vec<_>>());
            values.push(put(format!("{name}.updated"), string.updated.to_string()));
        }
    }

    fn answer(&self, values: &[Parameter]) -> Option<Answer> {
        let Sorted {
            accepted,
            refused,
            others,
        } = self.sort(values);
        let (consent, says) = match (accepted.len(), refused.len(), others) {
            (0, 0, _) | (_, _, 1..) => return None,
            (_, 0, _) => (
                Consent::Accepted,
                format!("every optional purpose accepted {}", self.names(&accepted)),
            ),
            (0, _, _) => (
                Consent::Rejected,
                format!("every optional purpose refused {}", self.names(&refused)),
            ),
            _ => (Consent::PartlyAccepted, self.partly(&accepted, &refused)),
        };
        let (at, when) = self.given_at(values).unzip();
        Some(Answer {
            consent,
            at,
            says: says + &when.unwrap_or_default(),
        })
    }

    /// When the answer was given, and how that is said.
    fn given_at(&self, values: &[Parameter]) -> Option<(Moment, String)> {
        let text = value_of(values, self.time.as_deref()?)?;
        let started = read_time(text.trim_matches(['}', '\'']))?;
        let at = Moment::of(started.millis);
        let when = match started.utc.split_once('T') {
            Some((day, _)) if at.earliest < at.latest => format!(", answered on {day}"),
            _ => format!(", answered {}", started.utc),
        };
        Some((at, when))
    }

    fn partly(&self, accepted: &[&str], refused: &[&str]) -> String {
        let known = |keys: &[&str]| match self.known(keys).as_str() {
            "" => String::new(),
            known => format!(" ({known})"),
        };
        let (yes, no) = (accepted.len(), refused.len());
        let plural = if yes == 1 { "" } else { "s" };
        let (of_yes, of_no) = (known(accepted), known(refused));
        format!("{yes} optional purpose{plural} accepted{of_yes}, {no} refused{of_no}")
    }

    /// The purposes in words where the rule has words for all of them, else their number: a site's own names may be
    /// anything.
    fn names(&self, keys: &[&str]) -> String {
        match self.known(keys).as_str() {
            "" => format!("({})", keys.len()),
            known => format!("({known})"),
        }
    }

    fn known(&self, keys: &[&str]) -> String {
        let words: Option<Vec<&str>> = keys
            .iter()
            .map(|key| self.words.get(*key).map(String::as_str))
            .collect();
        words.unwrap_or_default().join(", ")
    }

    /// Whether every purpose named is on: a tool that has not been answered and is so set waits for nothing.
    fn is_all_on(&self, values: &[Parameter]) -> bool {
        let sorted = self.sort(values);
        !sorted.accepted.is_empty() && sorted.refused.is_empty() && sorted.others == 0
    }

    fn sort<'v>(&self, values: &'v [Parameter]) -> Sorted<'v> {
        let mut sorted = Sorted::default();
        for purposes in &self.purposes {
            let named = |names: &[String], key: &str| names.iter().any(|n| name_fits(n, key));
            let optional = values
                .iter()
                .filter(|v| named(&purposes.of, &v.name) && !named(&purposes.necessary, &v.name));
            for Parameter { name, value, .. } in optional {
                let fits = |pattern: &Option<Whole>| {
                    pattern.as_ref().is_some_and(|pattern| pattern.fits(value))
                };
                if fits(&purposes.accepted) {
                    sorted.accepted.push(name);
                } else if fits(&purposes.refused) {
                    sorted.refused.push(name);
                } else {
                    sorted.others += 1;
                }
            }
        }
        sorted
    }
}

/// The optional purposes of an answer, by name.
#[derive(Default)]
struct Sorted<'v> {
    accepted: Vec<&'v str>,
    refused: Vec<&'v str>,
    /// Those whose value is neither.
    others: usize,
}

fn each_name_once<'c>(cookies: impl Iterator<Item = &'c Pair>) -> Vec<Parameter> {
    let mut seen = HashSet::new();
    cookies
        .filter(|cookie| seen.insert(cookie.name.as_str()))
        .map(|cookie| Parameter::new(&cookie.name, &cookie.value, Location::Cookie))
        .collect()
}

fn value_of<'v>(values: &'v [Parameter], name: &str) -> Option<&'v str> {
    let value = values.iter().find(|value| value.name == name)?;
    Some(value.value.as_str())
}

fn all_hold(conditions: &Conditions, values: &[Parameter]) -> bool {
    let hold = |name: &String| holds(conditions, name, values);
    !conditions.is_empty() && conditions.keys().all(hold)
}

/// Whether one of the values so named fits; what is absent has the value "".
fn holds(conditions: &Conditions, name: &str, values: &[Parameter]) -> bool {
    let Some(pattern) = conditions.get(name) else {
        return false;
    };
    let mut named = values
        .iter()
        .filter(|v| name_fits(name, &v.name))
        .peekable();
    match named.peek() {
        None => pattern.fits(""),
        Some(_) => named.any(|value| pattern.fits(&value.value)),
    }
}
