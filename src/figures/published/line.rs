//! One line of `published.csv`: a figure as it was printed, where it was printed, and how it is counted again.

use serde::Deserialize;

use super::value::same;

/// A figure as it was printed. Texts that may be empty are empty where nothing is said.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PublishedFigure {
    /// What was counted, in plain English.
    pub figure: String,
    /// The `org_id` of the organisation that it is about; empty: all of them together.
    pub organisation: String,
    /// The value as it was printed.
    pub published: String,
    pub source: String,
    /// The day of publication, `2025-06-17`.
    pub date: String,
    /// The question that counts it again, without `.sql`; empty: it cannot be counted from captures.
    pub query: String,
    /// The column of the answer. The row is the organisation's, or the only one.
    pub column: String,
    /// The value that is expected in place of the published one, because of the cause.
    pub expected: String,
    /// Why another value is expected, or why the figure cannot be counted from what was made public.
    pub cause: String,
    /// Where it stands in the file.
    #[serde(skip)]
    pub line: u64,
}

impl PublishedFigure {
    /// What is wrong with it in itself.
    pub fn fault(&self) -> Option<String> {
        let needed = [
            ("figure", &self.figure),
            ("published", &self.published),
            ("source", &self.source),
        ];
        if let Some((name, _)) = needed.iter().find(|(_, text)| text.is_empty()) {
            return Some(format!("{name} must not be empty"));
        }
        if self.date.parse::<jiff::civil::Date>().is_err() {
            let date = &self.date;
            return Some(format!("date is {date:?}; write it as 2025-06-17"));
        }
        if self.query.is_empty() {
            return self.fault_without_query().map(str::to_owned);
        }
        self.fault_with_query().map(str::to_owned)
    }

    fn fault_without_query(&self) -> Option<&'static str> {
        if self.cause.is_empty() {
            return Some("without a query, cause must say why the figure cannot be counted");
        }
        if !self.column.is_empty() || !self.expected.is_empty() {
            return Some("without a query, column and expected must be empty");
        }
        None
    }

    fn fault_with_query(&self) -> Option<&'static str> {
        if self.column.is_empty() {
            return Some("column must say which column of the query holds the figure");
        }
        if self.expected.is_empty() {
            return None;
        }
        if self.cause.is_empty() {
            return Some("where another value is expected, cause must say why");
        }
        if same(&self.expected, &self.published) {
            return Some("expected is the published value; leave it empty");
        }
        None
    }
}
