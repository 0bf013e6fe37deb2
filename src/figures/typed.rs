//! What became of what was typed: the values of personas that were looked for, the companies in whose requests they stood, and
//! what looks like contact data without anybody having said what was typed.

use super::Tables;
use super::answer::{Answer, ask, first};
use super::error::FigureError;

/// The outcome of the search.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Typed {
    /// Values of personas that were looked for; 0: nobody said what was typed.
    pub values: u64,
    pub personas: u64,
    /// Requests to third parties in which they were looked for.
    pub requests: u64,
    /// Those of them whose body is not in the capture.
    pub requests_without_body: u64,
    /// Values that were found in a request that was delivered.
    pub values_found: u64,
    pub of_personas: Vec<Received>,
    pub by_shape: Vec<Received>,
}

/// One receiver, and what stood in requests to it that were delivered and repeat no other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// The company; where none is known, the site.
    pub receiver: String,
    pub requests: u64,
    /// Kinds of values, readable and hashed, joined by a comma.
    pub readable: String,
    pub hashed: String,
}

const LOOKED_FOR: &str = "
    SELECT COUNT(*), COUNT(DISTINCT persona), MAX(requests), MAX(requests_without_body)
    FROM searches WHERE found_by = 'persona'";

impl Typed {
    /// Asks a dataset.
    ///
    /// # Errors
    /// A table that cannot be read.
    pub fn of(tables: &Tables) -> Result<Typed, FigureError> {
        let looked_for = first(ask(tables, "what was looked for", LOOKED_FOR)?);
        let mut typed = Typed {
            values: looked_for.number(0),
            personas: looked_for.number(1),
            requests: looked_for.number(2),
            requests_without_body: looked_for.number(3),
            by_shape: received(tables, "shape")?,
            ..Typed::default()
        };
        // What nobody looked for was not found.
        if typed.values > 0 {
            typed.values_found = first(ask(tables, "values found", &values_found())?).number(0);
            typed.of_personas = received(tables, "persona")?;
        }
        Ok(typed)
    }

    /// Requests in which a persona's value stood.
    pub fn requests_found(&self) -> u64 {
        self.of_personas.iter().map(|found| found.requests).sum()
    }
}

/// The matches that count, as a table `counted` for `WITH`.
fn counted(found_by: &str) -> String {
    format!(
        "-- In slices of capture_id: counted
        counted AS (
            SELECT m.*
            FROM (SELECT * FROM matches WHERE delivery = 'delivered' AND found_by = '{found_by}') AS m
            LEFT JOIN events AS e ON m.event_id = e.event_id
            WHERE e.repeat_of IS NULL
        )"
    )
}

fn values_found() -> String {
    format!(
        "WITH
        {}
        SELECT COUNT(*) FROM (SELECT DISTINCT persona, kind, value_number FROM counted) AS found",
        counted("persona")
    )
}

fn received(tables: &Tables, found_by: &str) -> Result<Vec<Received>, FigureError> {
    let sql = format!(
        "WITH
        {}, named AS (
            SELECT
                COALESCE(recipient, third_party) AS receiver,
                capture_id || ' ' || CAST(entry_index AS VARCHAR) AS request,
                CASE WHEN encoding = 'plain' THEN kind END AS readable,
                CASE WHEN encoding <> 'plain' THEN kind END AS hashed
            FROM counted
        ), receivers AS (
            SELECT receiver, COUNT(DISTINCT request) AS requests FROM named GROUP BY receiver
        ), kinds AS (
            SELECT DISTINCT receiver, readable, hashed FROM named
        ), listed AS (
            SELECT
                receiver,
                STRING_AGG(DISTINCT readable, ', ' ORDER BY readable) AS readable,
                STRING_AGG(DISTINCT hashed, ', ' ORDER BY hashed) AS hashed
            FROM kinds GROUP BY receiver
        )
        SELECT r.receiver, r.requests, l.readable, l.hashed
        FROM receivers AS r JOIN listed AS l ON r.receiver = l.receiver
        ORDER BY r.requests DESC, r.receiver",
        counted(found_by)
    );
    let rows = ask(tables, "receivers of what was typed", &sql)?;
    Ok(rows.iter().map(receiver).collect())
}

fn receiver(row: &Answer) -> Received {
    Received {
        receiver: row.text(0),
        requests: row.number(1),
        readable: row.text(2),
        hashed: row.text(3),
    }
}
