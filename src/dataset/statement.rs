//! A statement of SQL and its parts, the common table expressions behind `WITH`. A part can be asked for alone, and a table can
//! stand in its place: so a question is answered part by part, which says the same and asks less of the engine at once.

use std::fmt;

use sqlparser::ast::{Cte, Query, Statement as Parsed, With};
use sqlparser::dialect::GenericDialect;
use sqlparser::parser::{Parser, ParserOptions};

/// One statement that reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    query: Query,
}

impl Statement {
    /// As the engine reads it.
    ///
    /// # Errors
    /// In words: it is no SQL, or not one statement that reads.
    pub fn parse(sql: &str) -> Result<Statement, String> {
        let lenient = ParserOptions {
            trailing_commas: true,
            ..ParserOptions::default()
        };
        let parser = Parser::new(&GenericDialect).with_options(lenient);
        let statements = parser
            .try_with_sql(sql)
            .and_then(|mut parser| parser.parse_statements())
            .map_err(|error| error.to_string())?;
        match <[Parsed; 1]>::try_from(statements) {
            Ok([Parsed::Query(query)]) => Ok(Statement { query: *query }),
            _ => Err("it is not one statement that reads".to_owned()),
        }
    }

    pub fn has(&self, part: &str) -> bool {
        self.place(part).is_some()
    }

    /// A statement that asks for one part, with what stands before it.
    pub fn asking_for(&self, part: &str) -> String {
        let needed = self.place(part).map_or(0, |place| place + 1);
        let needed = self.parts().iter().take(needed);
        let needed: Vec<String> = needed.map(Cte::to_string).collect();
        format!("WITH {} SELECT * FROM \"{part}\"", needed.join(", "))
    }

    /// Takes a part out of the statement; from now on a table has its name.
    pub fn replace(&mut self, part: &str) {
        if let Some(place) = self.place(part) {
            self.take(place);
        }
    }

    /// Takes the first part out, and gives its name and what it asks; from now on a table has its name.
    pub fn take_first(&mut self) -> Option<(String, String)> {
        let first = (!self.parts().is_empty()).then(|| self.take(0)).flatten()?;
        Some((first.alias.name.value, first.query.to_string()))
    }

    /// How often what is left of the statement reads rows from a part, or from a table of its name.
    pub fn reads_of(&self, part: &str) -> usize {
        let text = self.to_string();
        let words: Vec<&str> = text
            .split(|sign: char| !sign.is_alphanumeric() && sign != '_')
            .filter(|word| !word.is_empty())
            .collect();
        let reads = words.windows(2).filter(|pair| match pair {
            [before, word] => matches!(*before, "FROM" | "JOIN") && *word == part,
            _ => false,
        });
        reads.count()
    }

    fn take(&mut self, place: usize) -> Option<Cte> {
        let with = self.query.with.as_mut()?;
        let part = with.cte_tables.remove(place);
        if with.cte_tables.is_empty() {
            self.query.with = None;
        }
        Some(part)
    }

    fn parts(&self) -> &[Cte] {
        let with = self.query.with.as_ref();
        with.map_or(&[], |With { cte_tables, .. }| cte_tables.as_slice())
    }

    fn place(&self, part: &str) -> Option<usize> {
        let mut parts = self.parts().iter();
        parts.position(|cte| cte.alias.name.value == part)
    }
}

impl fmt::Display for Statement {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.query.fmt(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_asked_for_alone_and_taken_out_one_by_one() {
        let sql = "WITH a AS (SELECT 1 AS x), b AS (SELECT x FROM a) SELECT x FROM b";
        let mut statement = Statement::parse(sql).unwrap();
        assert!(statement.has("b") && !statement.has("c"));
        assert_eq!(
            statement.asking_for("a"),
            "WITH a AS (SELECT 1 AS x) SELECT * FROM \"a\""
        );
        let mut replaced = statement.clone();
        replaced.replace("b");
        assert_eq!(
            replaced.to_string(),
            "WITH a AS (SELECT 1 AS x) SELECT x FROM b"
        );
        let first = statement.take_first().unwrap();
        assert_eq!(first, ("a".to_owned(), "SELECT 1 AS x".to_owned()));
        statement.take_first().unwrap();
        assert_eq!(statement.take_first(), None);
        assert_eq!(statement.to_string(), "SELECT x FROM b");
    }

    #[test]
    fn what_is_not_one_statement_that_reads_is_told() {
        for sql in ["", "SELECT 1; SELECT 2", "DROP TABLE a", "SELEKT"] {
            assert!(Statement::parse(sql).is_err(), "{sql}");
        }
    }
}
