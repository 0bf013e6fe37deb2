//! What a dataset says in one screen: the inputs and what became of them, the events that count, who leaked to whom, how
//! far that identifies the visitor, and, beside it, what could not be known. Every number is a query over the tables.

use super::Tables;
use super::answer::{Answer, ask, first};
use super::error::FigureError;
use super::typed::Typed;

/// One screen's worth of numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Overview {
    pub inputs: u64,
    pub read: u64,
    pub salvaged: u64,
    pub unreadable: u64,
    pub duplicate: u64,
    /// Delivered events, repeats left out.
    pub events: u64,
    pub repeats: u64,
    /// Events that are no repeats and never left the browser: blocked, cached, redirected inside it.
    pub not_sent: u64,
    /// Events that are no repeats and of which the capture does not tell whether they arrived.
    pub unanswered: u64,
    pub leaks: u64,
    /// Organisations with pages in the captures.
    pub organisations: u64,
    pub leaking: Vec<Leaking>,
    /// Recipient, leaks, organisations with leaks to it.
    pub recipients: Vec<(String, u64, u64)>,
    /// Identifiability and leaks.
    pub identifiability: Vec<(String, u64)>,
    /// Captures read in which no cookie was recorded, and their leaks.
    pub without_cookies: (u64, u64),
    pub bodies_missing: u64,
    /// Events without a known page.
    pub without_page: u64,
    /// Counted events that went to a host of no rule, in a tracker's form.
    pub via_own_host: u64,
    pub typed: Typed,
    /// Code and number of problems.
    pub problems: Vec<(String, u64)>,
}

/// An organisation with leaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaking {
    pub name: String,
    pub leaks: u64,
    pub named: u64,
    pub events: u64,
    pub sensitive_pages: u64,
    pub recipients: String,
}

/// How far a leak can identify the visitor, the furthest first: the word in the tables, and what it means.
pub const DEGREES: [(&str, &str); 5] = [
    ("named", "by an account, or contact data in plain text"),
    (
        "matchable",
        "by hashed contact data that the recipient can compare with its accounts",
    ),
    ("pseudonymous", "by an id that marks the browser again"),
    ("none", "by nothing that a rule knows"),
    (
        "not_recorded",
        "nothing was found, and the capture does not hold what would decide it",
    ),
];

const INPUTS: &str = "
    SELECT
        COUNT(*) AS inputs,
        COUNT(*) FILTER (WHERE state = 'read') AS read,
        COUNT(*) FILTER (WHERE state = 'salvaged') AS salvaged,
        COUNT(*) FILTER (WHERE state = 'unreadable') AS unreadable,
        COUNT(*) FILTER (WHERE state = 'duplicate') AS duplicate,
        SUM(bodies_missing) FILTER (WHERE state IN ('read', 'salvaged')) AS bodies_missing
    FROM captures";

const EVENTS: &str = "
    WITH
    -- In slices of capture_id: told
    told AS (
        SELECT
            COUNT(*) FILTER (WHERE repeat_of IS NULL AND delivery = 'delivered') AS counted,
            COUNT(*) FILTER (WHERE repeat_of IS NOT NULL) AS repeats,
            COUNT(*) FILTER (WHERE repeat_of IS NULL AND delivery IN ('blocked', 'cached', 'internal_redirect')) AS not_sent,
            COUNT(*) FILTER (WHERE repeat_of IS NULL AND delivery IN ('no_answer', 'unknown')) AS unanswered,
            COUNT(*) FILTER (WHERE repeat_of IS NULL AND delivery = 'delivered' AND tier IN (1, 2, 3)) AS leaks,
            COUNT(*) FILTER (WHERE repeat_of IS NULL AND delivery = 'delivered' AND page_id IS NULL) AS without_page,
            COUNT(*) FILTER (WHERE repeat_of IS NULL AND delivery = 'delivered' AND via_own_host) AS via_own_host
        FROM events
    )
    SELECT SUM(counted), SUM(repeats), SUM(not_sent), SUM(unanswered), SUM(leaks), SUM(without_page), SUM(via_own_host)
    FROM told";

const LEAKING: &str = "
    SELECT name, sensitive_events, sensitive_events_named, events, sensitive_pages, recipients
    FROM organisations WHERE sensitive_events > 0
    ORDER BY sensitive_events DESC, name, organisation_id";

const RECIPIENTS: &str = "
    WITH
    -- In slices of organisation_id: told
    told AS (
        SELECT recipient, organisation_id, COUNT(*) AS leaks
        FROM events WHERE repeat_of IS NULL AND delivery = 'delivered' AND tier IN (1, 2, 3)
        GROUP BY recipient, organisation_id
    )
    SELECT recipient, SUM(leaks) AS leaks, COUNT(organisation_id) AS organisations
    FROM told GROUP BY recipient ORDER BY leaks DESC, recipient";

const IDENTIFIABILITY: &str = "
    SELECT identifiability, COUNT(*) AS leaks
    FROM events WHERE repeat_of IS NULL AND delivery = 'delivered' AND tier IN (1, 2, 3)
    GROUP BY identifiability ORDER BY identifiability";

const CAPTURES_WITHOUT_COOKIES: &str = "
    SELECT COUNT(DISTINCT COALESCE(same_session_as, capture_id)) AS captures FROM captures
    WHERE state IN ('read', 'salvaged') AND cookies_recorded <> 'yes'";

const LEAKS_WITHOUT_COOKIES: &str = "
    WITH
    -- In slices of capture_id: told
    told AS (
        SELECT COUNT(*) AS leaks
        FROM (
            SELECT capture_id FROM events
            WHERE repeat_of IS NULL AND delivery = 'delivered' AND tier IN (1, 2, 3)
        ) AS e
        JOIN (
            SELECT DISTINCT capture_id FROM captures
            WHERE state IN ('read', 'salvaged') AND cookies_recorded <> 'yes'
        ) AS c ON e.capture_id = c.capture_id
    )
    SELECT SUM(leaks) AS leaks FROM told";

const ORGANISATIONS: &str = "SELECT COUNT(*) FROM organisations";

const PROBLEMS: &str = "
    SELECT code, COUNT(*) AS problems FROM problems GROUP BY code ORDER BY problems DESC, code";

impl Overview {
    /// Asks a dataset.
    ///
    /// # Errors
    /// A table that cannot be read.
    pub fn of(tables: &Tables) -> Result<Overview, FigureError> {
        tables.in_one_go("overview", || Overview::asked_of(tables))
    }

    fn asked_of(tables: &Tables) -> Result<Overview, FigureError> {
        let typed = Typed::of(tables)?;
        let ask = |name: &str, sql: &str| ask(tables, name, sql);
        let inputs = first(ask("inputs", INPUTS)?);
        let events = first(ask("events", EVENTS)?);
        let captures = first(ask("captures without cookies", CAPTURES_WITHOUT_COOKIES)?);
        let leaks = first(ask("leaks without cookies", LEAKS_WITHOUT_COOKIES)?);
        let named = |rows: Vec<Answer>| {
            rows.iter()
                .map(|row| (row.text(0), row.number(1)))
                .collect()
        };
        Ok(Overview {
            inputs: inputs.number(0),
            read: inputs.number(1),
            salvaged: inputs.number(2),
            unreadable: inputs.number(3),
            duplicate: inputs.number(4),
            events: events.number(0),
            repeats: events.number(1),
            not_sent: events.number(2),
            unanswered: events.number(3),
            leaks: events.number(4),
            without_page: events.number(5),
            via_own_host: events.number(6),
            organisations: first(ask("organisations", ORGANISATIONS)?).number(0),
            leaking: ask("organisations with leaks", LEAKING)?
                .iter()
                .map(leaking)
                .collect(),
            recipients: ask("recipients", RECIPIENTS)?
                .iter()
                .map(|row| (row.text(0), row.number(1), row.number(2)))
                .collect(),
            identifiability: named(ask("identifiability", IDENTIFIABILITY)?),
            without_cookies: (captures.number(0), leaks.number(0)),
            bodies_missing: inputs.number(5),
            typed,
            problems: named(ask("problems", PROBLEMS)?),
        })
    }

    /// The leaks of one degree of identifiability.
    pub fn identified(&self, degree: &str) -> u64 {
        let found = self.identifiability.iter().find(|(name, _)| name == degree);
        found.map_or(0, |(_, leaks)| *leaks)
    }
}

fn leaking(row: &Answer) -> Leaking {
    Leaking {
        name: row.text(0),
        leaks: row.number(1),
        named: row.number(2),
        events: row.number(3),
        sensitive_pages: row.number(4),
        recipients: row.text(5),
    }
}
