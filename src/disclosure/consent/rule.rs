//! The list of consent tools, as `consent.toml` declares them.

use std::collections::BTreeMap;

use regex::RegexSet;
use serde::Deserialize;

use crate::disclosure::DisclosureError;
use crate::exchange::host_is_under;
use crate::pattern::Pattern;
use crate::tracker::{Step, name_fits};

/// The file as compiled in, for the record of the run.
pub const CONSENT_TEXT: &str = include_str!("consent.toml");

/// The consent tools.
#[derive(Debug)]
pub struct ConsentTools {
    pub(super) tools: Vec<Tool>,
    /// Names of cookies that look like those of a tool without a rule.
    sign_cookies: RegexSet,
    /// Addresses that only a site with a consent tool sends.
    sign_addresses: RegexSet,
}

/// A consent tool: where it keeps the answer, and how that is read. The file explains its members.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Tool {
    pub name: String,
    pub title: String,
    /// Why the rule says so.
    pub source: String,
    #[serde(default, rename = "about")]
    _about: String,
    #[serde(default)]
    pub hosts: Vec<String>,
    #[serde(default)]
    pub cookies: Vec<String>,
    /// Parameters of requests to anybody that hold the same value as the first cookie.
    #[serde(default)]
    pub parameters: Vec<String>,
    pub asks: Asks,
    #[serde(default)]
    pub unpack: Vec<Step>,
    /// Values that are TCF strings: taken apart after `unpack`.
    #[serde(default)]
    pub tcf: Vec<String>,
    #[serde(default)]
    pub undecided: Conditions,
    #[serde(default)]
    pub answered: Conditions,
    #[serde(default)]
    pub unanswered: Conditions,
    #[serde(default)]
    pub silent: Conditions,
    #[serde(default)]
    pub purposes: Vec<Purposes>,
    pub time: Option<String>,
    /// Plain words for purposes.
    #[serde(default)]
    pub words: BTreeMap<String, String>,
    #[serde(default)]
    pub examples: Vec<Example>,
}

/// What shows that the tool put its question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Asks {
    /// A cookie that waits for an answer, or has one.
    Cookie,
    /// Also that its script ran and wrote nothing.
    Loader,
}

/// Values, by names with stars, that must fit.
pub(super) type Conditions = BTreeMap<String, Whole>;

/// The purposes that an answer names.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Purposes {
    pub of: Vec<String>,
    #[serde(default)]
    pub necessary: Vec<String>,
    pub accepted: Option<Whole>,
    pub refused: Option<Whole>,
}

/// Cookies, and what must come out of them.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Example {
    pub title: String,
    pub cookies: String,
    /// accepted, partly_accepted, rejected, unanswered, silent, undecided.
    pub reading: String,
    pub says: Option<String>,
}

/// A pattern that must fit a value whole.
#[derive(Debug, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Whole(Pattern);

impl TryFrom<String> for Whole {
    type Error = regex::Error;

    fn try_from(pattern: String) -> Result<Whole, regex::Error> {
        // In a group: `|no` is "nothing, or no", not "begins with nothing".
        let pattern = Pattern::of_whole(&format!("(?:{pattern})"));
        // There is only the built-in file: that its patterns are some is for the tests to find.
        if cfg!(test) {
            pattern.check()?;
        }
        Ok(Whole(pattern))
    }
}

impl Whole {
    pub fn fits(&self, value: &str) -> bool {
        self.0.is_match(value)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    signs: Signs,
    tools: Vec<Tool>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Signs {
    cookies: Vec<String>,
    addresses: Vec<String>,
}

impl ConsentTools {
    /// The built-in list.
    ///
    /// # Errors
    /// Never, for the file as shipped: a test holds it to that.
    pub fn built_in() -> Result<ConsentTools, DisclosureError> {
        let bad =
            |error: &dyn std::fmt::Display| DisclosureError::BadConsentTools(error.to_string());
        let file: File = toml::from_str(CONSENT_TEXT).map_err(|error| bad(&error))?;
        let whole = file
            .signs
            .cookies
            .iter()
            .map(|name| format!("^(?:{name})$"));
        Ok(ConsentTools {
            sign_cookies: RegexSet::new(whole).map_err(|error| bad(&error))?,
            sign_addresses: RegexSet::new(&file.signs.addresses).map_err(|error| bad(&error))?,
            tools: file.tools,
        })
    }

    /// The tool whose script a host delivers, by its place in the list.
    pub(super) fn of_host(&self, host: &str) -> Option<usize> {
        let delivers = |tool: &Tool| tool.hosts.iter().any(|domain| host_is_under(host, domain));
        self.tools.iter().position(delivers)
    }

    /// Whether a cookie looks like one of a consent tool.
    pub(super) fn is_sign_cookie(&self, name: &str) -> bool {
        self.sign_cookies.is_match(name)
    }

    /// A cookie in which a tool keeps the answer to its banner; `None`: it is no tool's.
    pub fn answer_in(&self, cookie: &str) -> Option<AnswerCookie<'_>> {
        self.tools
            .iter()
            .find(|tool| tool.keeps(cookie))
            .map(AnswerCookie)
    }

    /// Whether an address shows that its sender knows of consent.
    pub fn is_sign_address(&self, address: &str) -> bool {
        self.sign_addresses.is_match(address)
    }
}

/// A cookie that holds the answer to a banner.
#[derive(Debug, Clone, Copy)]
pub struct AnswerCookie<'t>(&'t Tool);

impl AnswerCookie<'_> {
    /// How it is taken apart.
    pub fn steps(&self) -> &[Step] {
        &self.0.unpack
    }

    /// Whether a value in it tells the answer or its time, and no more than that: ids, which tools keep beside it, do not.
    pub fn tells(&self, name: &str, value: &str) -> bool {
        let tool = self.0;
        let is_it = |known: &String| name_fits(known, name);
        if tool.time.iter().chain(&tool.tcf).any(is_it) {
            return true;
        }
        let conditions = [
            &tool.undecided,
            &tool.answered,
            &tool.unanswered,
            &tool.silent,
        ];
        let is_looked_at = conditions
            .iter()
            .any(|conditions| conditions.keys().any(is_it))
            || tool
                .purposes
                .iter()
                .any(|purposes| purposes.of.iter().chain(&purposes.necessary).any(is_it));
        let is_a_word = value.len() <= 4 || !value.bytes().any(|byte| byte.is_ascii_digit());
        is_looked_at && is_a_word
    }
}

impl Tool {
    /// Whether a cookie is the tool's.
    pub fn keeps(&self, cookie: &str) -> bool {
        self.cookies.iter().any(|name| name_fits(name, cookie))
    }
}
