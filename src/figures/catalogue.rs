//! The questions that come with the program, and how a file of SQL is read as a question.

use super::sliced;
use crate::dataset::Answered;
use polars::prelude::DataFrame;

/// How a question begins to join texts to a list.
const LIST: &str = "GROUP_CONCAT(";

/// A question in SQL. Its file begins with comments: the first line is the question in plain English, the others say
/// what is counted and what is not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    name: String,
    sql: String,
}

impl Query {
    /// A question of the user's own.
    pub fn new(name: impl Into<String>, sql: impl Into<String>) -> Self {
        Query {
            name: name.into(),
            sql: sql.into(),
        }
    }

    /// What it is called.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The file as it is, comments included.
    pub fn sql(&self) -> &str {
        &self.sql
    }

    /// The question as SQLite takes it that is older than 3.44, as Datasette mostly finds it: without the order within a
    /// list. The questions put the rows of a list into order first, and SQLite joins them as they come; other engines
    /// promise an order only within the list.
    pub fn sql_for_sqlite(&self) -> String {
        let mut parts = self.sql.split(LIST);
        let mut sql = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let end = part.find(')').unwrap_or(part.len());
            let (list, rest) = part.split_at(end);
            let values = list.split(" ORDER BY ").next().unwrap_or_default();
            sql.extend([LIST, values, rest]);
        }
        sql
    }

    /// The question in plain English; `None` where the file does not begin with one.
    pub fn question(&self) -> Option<&str> {
        self.comments().next()
    }

    /// What is counted and what is not, in running text.
    pub fn notes(&self) -> String {
        self.comments().skip(1).collect::<Vec<_>>().join(" ")
    }

    /// The question with its answer, as it is put into files under a name; `None`: it could not be narrowed.
    pub fn answered(&self, name: &str, frame: Option<DataFrame>) -> Answered {
        Answered {
            name: name.to_owned(),
            question: self.question().unwrap_or_default().to_owned(),
            notes: self.notes(),
            sql: self.sql.clone(),
            frame,
        }
    }

    /// What the lines say that tell how it is answered in slices.
    pub(super) fn slice_lines(&self) -> impl Iterator<Item = &str> {
        let comments = self
            .sql
            .lines()
            .filter_map(|line| line.trim().strip_prefix("--"));
        comments.filter_map(|comment| comment.trim().strip_prefix(sliced::MARK))
    }

    fn comments(&self) -> impl Iterator<Item = &str> {
        let lines = self.sql.lines().map(str::trim);
        let comments = lines
            .map_while(|line| line.strip_prefix("--"))
            .map(str::trim);
        comments.filter(|comment| !comment.starts_with(sliced::MARK))
    }
}

/// Name and text of `queries/NAME.sql`.
macro_rules! stored {
    ($name:literal) => {
        (
            $name,
            include_str!(concat!(
                env!("CARGO_MANIFEST_DIR"),
                "/queries/",
                $name,
                ".sql"
            )),
        )
    };
}

/// In the order of the alphabet. A new question is a file in `queries/` and a line here.
const STORED: &[(&str, &str)] = &[
    stored!("buttons-clicked-on-sensitive-pages"),
    stored!("consent-reported"),
    stored!("contact-data"),
    stored!("corroboration"),
    stored!("events-that-name-a-person"),
    stored!("forms-sent-with-contact-data"),
    stored!("looks-like-contact-data"),
    stored!("organisations-sharing"),
    stored!("organisations-sharing-with-meta"),
    stored!("recipients"),
    stored!("search-terms"),
    stored!("sensitive-categories"),
    stored!("sensitive-pages"),
    stored!("sent-after-rejection"),
    stored!("sent-before-consent"),
    stored!("waves"),
    stored!("what-could-not-be-known"),
    stored!("what-was-switched-on"),
    stored!("what-was-typed"),
];

/// Every question that comes with the program.
pub fn built_in() -> impl Iterator<Item = Query> {
    STORED.iter().map(|(name, sql)| Query::new(*name, *sql))
}

/// One of them by its name.
pub fn named(name: &str) -> Option<Query> {
    built_in().find(|query| query.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_within_a_list_is_no_matter_of_sqlite() {
        let sql =
            "SELECT GROUP_CONCAT(a, '; ' ORDER BY a) AS a, COUNT(*) FROM t GROUP BY b ORDER BY b";
        let query = Query::new("lists", sql);
        assert_eq!(
            query.sql_for_sqlite(),
            "SELECT GROUP_CONCAT(a, '; ') AS a, COUNT(*) FROM t GROUP BY b ORDER BY b"
        );
        assert_eq!(query.sql(), sql);
        let broken = Query::new("broken", "SELECT GROUP_CONCAT(a");
        assert_eq!(broken.sql_for_sqlite(), broken.sql());
    }

    /// What SQLite does not promise: it joins the rows of a list in the order in which they come.
    #[test]
    fn every_list_is_of_rows_in_order() {
        for query in built_in() {
            let lists = query.sql().matches(LIST).count();
            let ordered = query.sql().split(LIST).skip(1);
            let ordered = ordered.filter(|list| {
                let inside = list.split(')').next().unwrap();
                inside.contains(" ORDER BY ")
            });
            assert_eq!(ordered.count(), lists, "{}", query.name());
            assert!(!query.sql().contains("STRING_AGG"), "{}", query.name());
        }
    }
}
