//! The parts of a request that can carry a value: every piece of its path, query, headers, cookies and body, decoded as far as
//! every server decodes it.

use crate::exchange::{BodyForm, Exchange, Location, percent};

/// Shortest text that is looked through: nothing shorter is looked for.
const SHORTEST: usize = 3;
/// Shortest name of a parameter that is looked through itself.
const SHORTEST_NAME: usize = 6;

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
        name: name.to_owned(),
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

/// Cookies are parts of their own; pseudo headers repeat the address.
fn is_of_the_browser(name: &str) -> bool {
    name == "cookie"
        || name.starts_with(':')
        || name.starts_with("sec-")
        || OF_THE_BROWSER.contains(&name)
}
