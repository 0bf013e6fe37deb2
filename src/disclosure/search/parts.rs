//! The parts of a request that can carry a value: every piece of its path, query, headers, cookies and body, decoded as far as
//! every server decodes it.

use std::borrow::Cow;

use crate::capture::Pair;
use crate::exchange::{BodyForm, Exchange, Location, percent};

/// Shortest text that is looked through: nothing shorter is looked for.
const SHORTEST: usize = 3;
/// Shortest name of a parameter that is looked through itself.
const SHORTEST_NAME: usize = 6;
/// Longest name of a parameter that is taken for one.
const LONGEST_NAME: usize = 256;

/// Headers that a browser fills by itself, with nothing of what was typed.
const OF_THE_BROWSER: [&str; 12] = [
    "accept",
    "accept-encoding",
    "accept-language",
    "cache-control",
    "connection",
    "content-length",
    "host",
    "origin",
    "pragma",
    "te",
    "upgrade-insecure-requests",
    "user-agent",
];

/// One part of a request.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Part<'r> {
    pub location: Location,
    /// Empty for a piece of the path and for a body without parameters.
    pub name: Cow<'r, str>,
    pub text: Cow<'r, str>,
    /// The text is the name itself of a parameter.
    pub is_name: bool,
}

impl Part<'_> {
    /// What the part is called in a table: a name that is itself what was found must not be shown there.
    pub fn shown_name(&self) -> &str {
        match self.location {
            _ if self.is_name => "(name of a parameter)",
            Location::Path => "(path)",
            _ if self.name.is_empty() => "(whole)",
            _ => &self.name,
        }
    }
}

/// The parts, in wire order.
pub fn parts_of(exchange: &Exchange) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let path = exchange.address.path.as_str();
    if path.contains('%') {
        for segment in percent::decode(path).split('/') {
            add(&mut parts, Location::Path, "", segment.to_owned());
        }
    } else {
        for segment in path.split('/') {
            add(&mut parts, Location::Path, "", segment);
        }
    }
    for parameter in exchange.query_parameters() {
        add(
            &mut parts,
            Location::Query,
            parameter.name.as_str(),
            parameter.value.as_str(),
        );
    }
    for header in exchange.headers.iter() {
        let name = lower_case(header.name);
        if !is_of_the_browser(&name) {
            add(&mut parts, Location::Header, name, header.value);
        }
    }
    for cookie in &exchange.cookies {
        let Pair { name, value } = cookie;
        add(&mut parts, Location::Cookie, name.as_str(), value.as_str());
    }
    let (parameters, fault) = exchange.body.parameters();
    for parameter in parameters {
        add(
            &mut parts,
            Location::Body,
            parameter.name.as_str(),
            parameter.value.as_str(),
        );
    }
    if exchange.body.form == BodyForm::Opaque || fault.is_some() {
        add(&mut parts, Location::Body, "", exchange.body.text.as_str());
    }
    parts
}

fn add<'r>(
    parts: &mut Vec<Part<'r>>,
    location: Location,
    name: impl Into<Cow<'r, str>>,
    text: impl Into<Cow<'r, str>>,
) {
    let (name, text) = (name.into(), text.into());
    // A name of that length is data that has no name: it says nothing of what it holds, and would be read at every step.
    let is_named = name.len() <= LONGEST_NAME;
    let shown = if is_named { name.clone() } else { "".into() };
    // What was typed stands in a name where a script took it for one.
    if name.len() >= SHORTEST_NAME {
        parts.push(Part {
            location,
            name: shown.clone(),
            text: name,
            is_name: true,
        });
    }
    if text.len() >= SHORTEST {
        parts.push(Part {
            location,
            name: shown,
            text,
            is_name: false,
        });
    }
}

fn lower_case(name: &str) -> Cow<'_, str> {
    match name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        true => name.to_ascii_lowercase().into(),
        false => name.into(),
    }
}

/// Cookies are parts of their own; pseudo headers repeat the address.
fn is_of_the_browser(name: &str) -> bool {
    name == "cookie"
        || name.starts_with(':')
        || name.starts_with("sec-")
        || OF_THE_BROWSER.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capture::Entry;
    use crate::exchange::ProducerHabits;

    fn parts(url: &str, body: &str) -> Vec<(&'static str, String, String)> {
        let entry = Entry::of_request("POST", url, Some("_id=abc123"), Some((body, None)));
        let exchange = Exchange::decode(&entry, ProducerHabits::default()).unwrap();
        let parts = parts_of(&exchange).into_iter();
        parts
            .map(|part| {
                (
                    part.location.name(),
                    part.shown_name().to_owned(),
                    part.text.into_owned(),
                )
            })
            .collect()
    }

    #[test]
    fn every_place_of_a_request_is_a_part() {
        let found = parts(
            "https://hits.example/a/sam%40mail.example?who=Sam&sam%40b.example",
            "{\"note\":\"hello\"}",
        );
        let has = |place: &str, name: &str, text: &str| {
            let wanted = (place, name.to_owned(), text.to_owned());
            assert!(
                found
                    .iter()
                    .any(|(p, n, t)| (*p, n, t) == (wanted.0, &wanted.1, &wanted.2)),
                "{name}: {found:?}"
            );
        };
        has("path", "(path)", "sam@mail.example");
        has("query", "who", "Sam");
        has("query", "(name of a parameter)", "sam@b.example");
        has("cookie", "_id", "abc123");
        has("body", "note", "hello");
    }

    #[test]
    fn packed_data_that_looks_like_a_pair_has_no_name() {
        let packed = format!("{}==", "QUJD".repeat(1000));
        let found = parts("https://hits.example/", &packed);
        let body: Vec<_> = found
            .iter()
            .filter(|(place, ..)| *place == "body")
            .collect();
        assert!(!body.is_empty());
        assert!(body.iter().all(|(_, name, _)| name.len() < 30));
    }
}
