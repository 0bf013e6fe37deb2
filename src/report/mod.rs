//! The report room: what was found out about a dataset, as one page of HTML that stands by itself. It holds no script,
//! asks nothing of a network, and can be printed. It knows the figures' answers and nothing of how they were found.
//!
//! What the page says comes from captures, so from strangers: `text` makes it visible, the templates escape it, and the
//! page's own policy forbids a browser to run or fetch anything, should both ever fail.

mod chart;
mod method;
mod organisation;
mod overview;
mod page;
mod telling;
mod text;
mod topics;
mod typed;
mod visit;
mod waves;

use std::collections::BTreeMap;

use crate::figures::Findings;

/// How the dataset was made, by the record of its run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Making {
    pub version: String,
    /// Whether raw values stand in the dataset.
    pub reveal: bool,
    pub parameters: bool,
    /// The options by which files of the user's own were named: "--rules" …
    pub own_files: Vec<&'static str>,
    /// Files of rules, categories, registries and lists that were in force.
    pub knowledge: usize,
    /// Files left out because they are plainly no captures.
    pub left_out: usize,
    /// The names of the categories by code, where they are surely those of the dataset.
    pub categories: BTreeMap<String, String>,
    /// What each data item is, by name, where that is surely what it was for the dataset.
    pub items: BTreeMap<String, String>,
}

impl Making {
    /// A category for a reader: its name with its code, or its code alone.
    fn category(&self, code: &str) -> String {
        match self.categories.get(code) {
            Some(name) => format!("{name} ({code})"),
            None if code.is_empty() => "no category".to_owned(),
            None => code.to_owned(),
        }
    }

    /// A category where there is room for few letters.
    fn category_name<'a>(&'a self, code: &'a str) -> &'a str {
        self.categories.get(code).map_or(code, String::as_str)
    }
}

/// The report as a file of HTML. The same findings give the same bytes.
pub fn html(findings: &Findings, making: &Making) -> String {
    page::whole(findings, making)
}
