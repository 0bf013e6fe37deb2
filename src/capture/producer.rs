//! The programs that write captures, as data: `producers.toml` says how each is known, what it records and how to get a
//! better capture out of it.

use std::sync::LazyLock;

use regex::Regex;
use serde::Deserialize;

/// What goes wrong with the table.
#[derive(Debug, thiserror::Error)]
pub enum ProducerError {
    #[error("the table of producers cannot be read: {0}")]
    BadTable(#[from] toml::de::Error),
    #[error("{producer}: the pattern {pattern:?} is none: {reason}")]
    BadPattern {
        producer: String,
        pattern: String,
        reason: String,
    },
}

/// How a capture's producer is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ProducerKnownFrom {
    /// The capture names it.
    Creator,
    /// It is the one that writes such members.
    Guessed,
}

impl ProducerKnownFrom {
    pub fn name(self) -> &'static str {
        match self {
            ProducerKnownFrom::Creator => "creator",
            ProducerKnownFrom::Guessed => "guessed",
        }
    }
}

/// How a program writes the names and values of `queryString` and `postData.params`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lists {
    /// Percent-encoded, as on the wire.
    Encoded,
    Decoded,
    #[default]
    Unknown,
}

/// A program that writes captures.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Producer {
    /// As people know it.
    pub name: String,
    /// Patterns of `log.creator.name`.
    pub creator: Vec<String>,
    /// The members of entries and responses that betray it, if all of them are there.
    #[serde(default)]
    pub fields: Vec<String>,
    pub lists: Lists,
    /// The version of Chromium from which on its ordinary export leaves all cookies out.
    pub removes_cookies_since: Option<u32>,
    /// What it records of cookies, and what not.
    pub cookies: String,
    /// What it records of request bodies, and what not.
    pub bodies: String,
    /// How to get a better capture out of it, step by step.
    pub advice: Vec<String>,
    /// Why we say so.
    pub source: Vec<String>,
    pub examples: Vec<ProducerExample>,
    /// `creator`, built.
    #[serde(skip)]
    patterns: Vec<Regex>,
}

/// A creator, or the members seen, that must or must not be this producer's.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProducerExample {
    pub creator: Option<String>,
    #[serde(default)]
    pub fields: Vec<String>,
    #[serde(default = "yes")]
    pub found: bool,
}

fn yes() -> bool {
    true
}

/// A browser, by its User-Agent header.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Browser {
    pub name: String,
    /// What gives it away.
    pub token: String,
    /// What its version stands behind, where that is not the token.
    pub version: Option<String>,
    pub examples: Vec<BrowserExample>,
}

/// A header, and the browser that it must tell.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BrowserExample {
    pub agent: String,
    /// Nothing: no browser.
    pub is: Option<String>,
}

/// The table.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Producers {
    producer: Vec<Producer>,
    browser: Vec<Browser>,
}

/// The file as compiled in, for the record of the run.
pub const PRODUCERS_TEXT: &str = include_str!("producers.toml");

impl Producers {
    /// The built-in table, read once.
    ///
    /// # Errors
    /// Never, for the file as shipped: a test holds it to that.
    pub fn built_in() -> Result<&'static Producers, &'static ProducerError> {
        static TABLE: LazyLock<Result<Producers, ProducerError>> =
            LazyLock::new(|| Producers::parse(PRODUCERS_TEXT));
        TABLE.as_ref()
    }

    fn parse(text: &str) -> Result<Producers, ProducerError> {
        let mut table: Producers = toml::from_str(text)?;
        for producer in &mut table.producer {
            let patterns: Result<Vec<Regex>, ProducerError> = producer
                .creator
                .iter()
                .map(|pattern| whole(&producer.name, pattern))
                .collect();
            producer.patterns = patterns?;
        }
        Ok(table)
    }

    /// In the order of the file.
    pub fn iter(&self) -> impl Iterator<Item = &Producer> {
        self.producer.iter()
    }

    /// In the order in which they are looked for.
    pub fn browsers(&self) -> impl Iterator<Item = &Browser> {
        self.browser.iter()
    }

    pub fn get(&self, name: &str) -> Option<&Producer> {
        self.iter().find(|producer| producer.name == name)
    }

    /// The one that calls itself so.
    pub fn of_creator(&self, creator: &str) -> Option<&Producer> {
        self.iter().find(|producer| {
            let mut patterns = producer.patterns.iter();
            patterns.any(|pattern| pattern.is_match(creator.trim()))
        })
    }

    /// The one that writes such members: of several, the one of which most were seen.
    pub fn of_fields(&self, is_seen: impl Fn(&str) -> bool) -> Option<&Producer> {
        let fits = |producer: &&Producer| {
            !producer.fields.is_empty() && producer.fields.iter().all(|field| is_seen(field))
        };
        // From the end, because of equals the last is taken, and the first is meant.
        self.producer
            .iter()
            .rev()
            .filter(fits)
            .max_by_key(|producer| producer.fields.len())
    }

    /// The browser that sends such a header, and its version: "Chrome 131".
    pub fn browser_of_agent(&self, agent: &str) -> Option<String> {
        let browser = self.browsers().find(|browser| {
            let version = browser.version.as_deref().unwrap_or_default();
            agent.contains(&browser.token) && agent.contains(version)
        })?;
        let before = browser.version.as_ref().unwrap_or(&browser.token);
        let (_, rest) = agent.split_once(before.as_str())?;
        let digits = rest.find(|c: char| !c.is_ascii_digit());
        let version = rest.get(..digits.unwrap_or(rest.len()))?;
        Some(format!("{} {version}", browser.name).trim_end().to_owned())
    }
}

fn whole(producer: &str, pattern: &str) -> Result<Regex, ProducerError> {
    Regex::new(&format!("^(?i:{pattern})$")).map_err(|error| ProducerError::BadPattern {
        producer: producer.to_owned(),
        pattern: pattern.to_owned(),
        reason: error.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> &'static Producers {
        Producers::built_in().unwrap()
    }

    #[test]
    fn every_example_comes_out_as_it_says() {
        for producer in table().iter() {
            assert!(!producer.examples.is_empty(), "{}", producer.name);
            for example in &producer.examples {
                let found = match &example.creator {
                    Some(creator) => table().of_creator(creator),
                    None => table().of_fields(|name| example.fields.iter().any(|f| f == name)),
                };
                let is_it = found.is_some_and(|found| found.name == producer.name);
                assert_eq!(is_it, example.found, "{}: {example:?}", producer.name);
            }
        }
    }

    #[test]
    fn every_browser_example_comes_out_as_it_says() {
        for example in table().browsers().flat_map(|browser| &browser.examples) {
            let found = table().browser_of_agent(&example.agent);
            assert_eq!(found, example.is, "{}", example.agent);
        }
    }

    #[test]
    fn every_producer_says_why_and_can_be_told_by_its_name() {
        const KINDS: [&str; 4] = ["code: ", "documentation: ", "issue: ", "observed: "];
        for producer in table().iter() {
            let name = &producer.name;
            assert!(!producer.advice.is_empty(), "{name}");
            assert!(!producer.source.is_empty(), "{name}");
            for source in &producer.source {
                let is_kind = KINDS.iter().any(|kind| source.starts_with(kind));
                assert!(is_kind, "{name}: {source}");
            }
            assert_eq!(
                table().get(name).map(|found| &found.cookies),
                Some(&producer.cookies),
                "{name} stands twice"
            );
        }
    }

    #[test]
    fn a_faulty_table_says_what_is_wrong() {
        let fault = |text: &str| Producers::parse(text).map(|_| ()).unwrap_err().to_string();
        assert!(fault("producer = 1").contains("cannot be read"));
        let one = "browser = []\n[[producer]]\nname = \"x\"\ncreator = [\"(\"]\nlists = \"decoded\"\ncookies = \"\"\n\
                   bodies = \"\"\nadvice = []\nsource = []\nexamples = []\n";
        assert!(fault(one).starts_with("x: the pattern \"(\" is none"));
    }
}
