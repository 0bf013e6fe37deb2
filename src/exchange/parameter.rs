//! Parameters as they were on the wire: in order, with their duplicates, decoded once, the raw text beside them.

use super::percent::decode_component;

/// Where on the request a parameter stood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Location {
    Query,
    Path,
    Body,
    Header,
    Cookie,
}

impl Location {
    pub fn name(self) -> &'static str {
        match self {
            Location::Query => "query",
            Location::Path => "path",
            Location::Body => "body",
            Location::Header => "header",
            Location::Cookie => "cookie",
        }
    }
}

/// One parameter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    /// Decoded once: `cd%5BbuttonText%5D` and `cd[buttonText]` are the same name.
    pub name: String,
    pub value: String,
    /// The exact text on the wire, before any decoding; for JSON, the value's own text.
    pub raw: String,
    pub location: Location,
}

impl Parameter {
    pub fn new(name: impl Into<String>, value: impl Into<String>, location: Location) -> Self {
        let value = value.into();
        Parameter {
            name: name.into(),
            raw: value.clone(),
            value,
            location,
        }
    }
}

/// Splits `a=1&b=2` (a query, an urlencoded body) into parameters. A piece without `=` is a name without value.
pub fn split_pairs(text: &str, location: Location) -> Vec<Parameter> {
    text.trim_matches(['\r', '\n'])
        .split('&')
        .filter(|piece| !piece.is_empty())
        .map(|piece| {
            let (name, value) = piece.split_once('=').unwrap_or((piece, ""));
            Parameter {
                name: decode_component(name),
                value: decode_component(value),
                raw: piece.to_string(),
                location,
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_and_duplicates_are_kept_and_brackets_are_one_name() {
        let found = split_pairs(
            "id=PIX&ev=Lead&cd[a]=1&cd%5Ba%5D=2&cd[a]=&flag",
            Location::Query,
        );
        let names: Vec<_> = found
            .iter()
            .map(|p| (p.name.as_str(), p.value.as_str()))
            .collect();
        assert_eq!(
            names,
            [
                ("id", "PIX"),
                ("ev", "Lead"),
                ("cd[a]", "1"),
                ("cd[a]", "2"),
                ("cd[a]", ""),
                ("flag", "")
            ]
        );
        assert_eq!(found[3].raw, "cd%5Ba%5D=2");
    }
}
