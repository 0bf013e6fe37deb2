//! How much of what went to third parties the rules can read.

use super::Tables;
use super::answer::{Answer, ask, first};
use super::error::FigureError;

/// Requests to third-party sites, by how far they are known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Coverage {
    pub requests: u64,
    pub events: u64,
    pub presence: u64,
    pub named: u64,
    pub unknown: u64,
    /// Requests that carry a cookie, the page's address or an id; of them, those that a rule reads, and those to a company
    /// that is known by name only.
    pub telling: u64,
    pub telling_read: u64,
    pub telling_named: u64,
    /// Site and requests, the most frequent first.
    pub named_sites: Vec<(String, u64)>,
    pub unknown_sites: Vec<(String, u64)>,
}

const SUMS: &str = "
    SELECT
        SUM(requests) AS requests,
        SUM(event_requests) AS events,
        SUM(presence_requests) AS presence,
        SUM(CASE WHEN recipient IS NOT NULL THEN requests - event_requests - presence_requests ELSE 0 END) AS named,
        SUM(CASE WHEN recipient IS NULL THEN requests ELSE 0 END) AS unknown,
        SUM(telling_requests) AS telling,
        SUM(telling_requests_read) AS telling_read,
        SUM(CASE WHEN recipient IS NOT NULL THEN telling_requests - telling_requests_read ELSE 0 END) AS telling_named
    FROM contacts";

const NAMED: &str = "
    SELECT third_party, SUM(requests - event_requests - presence_requests) AS unread
    FROM contacts WHERE recipient IS NOT NULL
    GROUP BY third_party HAVING SUM(requests - event_requests - presence_requests) > 0
    ORDER BY unread DESC, third_party LIMIT 20";

const UNKNOWN: &str = "
    SELECT third_party, SUM(requests) AS unread
    FROM contacts WHERE recipient IS NULL
    GROUP BY third_party ORDER BY unread DESC, third_party LIMIT 30";

impl Coverage {
    /// Asks a dataset.
    ///
    /// # Errors
    /// A table that cannot be read.
    pub fn of(tables: &Tables) -> Result<Coverage, FigureError> {
        let sums = first(ask(tables, "sums", SUMS)?);
        let sites = |rows: Vec<Answer>| {
            rows.iter()
                .map(|row| (row.text(0), row.number(1)))
                .collect()
        };
        Ok(Coverage {
            requests: sums.number(0),
            events: sums.number(1),
            presence: sums.number(2),
            named: sums.number(3),
            unknown: sums.number(4),
            telling: sums.number(5),
            telling_read: sums.number(6),
            telling_named: sums.number(7),
            named_sites: sites(ask(tables, "sites known by name", NAMED)?),
            unknown_sites: sites(ask(tables, "unknown sites", UNKNOWN)?),
        })
    }
}
