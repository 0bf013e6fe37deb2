//! The parts of a request that can carry a value: every piece of its path, query, headers, cookies and body, decoded as far as
//! every server decodes it.

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
pub struct Part {
    pub location: Location,
    /// Empty for a piece of the path and for a body without parameters.
    pub name: String,
    pub text: String,
    /// The text is the name itself of a parameter.
    pub is_name: bool,
}

impl Part {
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
pub fn parts_of(exchange: &Exchange) -> Vec<Part> {
    let mut parts = Vec::new();
    let path = percent::decode(&exchange.address.path);
    for segment in path.split('/') {
        add(&mut parts, Location::Path, "", segment);
    }
    for parameter in exchange.query_parameters() {
        add(
            &mut parts,
            Location::Query,
            &parameter.name,
            &parameter.value,
        );
    }
    for header in &exchange.headers {
        let name = header.name.to_ascii_lowercase();
        if !is_of_the_browser(&name) {
            add(&mut parts, Location::Header, &name, &header.value);
        }
    }
    for cookie in &exchange.cookies {
        add(&mut parts, Location::Cookie, &cookie.name, &cookie.value);
    }
    let (parameters, fault) = exchange.body.parameters();
    for parameter in parameters {
        add(
            &mut parts,
            Location::Body,
            &parameter.name,
            &parameter.value,
        );
    }
    if exchange.body.form == BodyForm::Opaque || fault.is_some() {
        add(&mut parts, Location::Body, "", &exchange.body.text);
    }
    parts
}

fn add(parts: &mut Vec<Part>, location: Location, name: &str, text: &str) {
    let part = |text: &str, is_name| Part {
        location,
        name: name_of(name).to_owned(),
        text: text.to_owned(),
        is_name,
    };
    // What was typed stands in a name where a script took it for one.
    if name.len() >= SHORTEST_NAME {
        parts.push(part(name, true));
    }
    if text.len() >= SHORTEST {
        parts.push(part(text, false));
    }
}

/// A name of that length is data that has no name: it says nothing of what it holds, and would be read at every step.
fn name_of(name: &str) -> &str {
    if name.len() > LONGEST_NAME { "" } else { name }
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
                    part.text,
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
