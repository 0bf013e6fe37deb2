//! Organisation by organisation: its counts, what it told to whom, the strongest examples, and what could not be known.

use super::super::answer::{Answer, ask, quoted};
use super::examples::add_examples;
use super::waves::{self, WaveSight};
use super::{FigureError, LEAK, TOLD_OF, Tables, Telling, for_each};

/// An organisation; a missing text is empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Organisation {
    pub id: String,
    pub name: String,
    pub sector: String,
    pub registry: String,
    pub registry_code: String,
    pub captures: u64,
    pub volunteers: u64,
    pub pages: u64,
    pub sensitive_pages: u64,
    pub events: u64,
    pub leaks: u64,
    pub named: u64,
    pub first_event_at: String,
    pub last_event_at: String,
    pub waves: Vec<WaveSight>,
    /// Its leaks by recipient and identifiability.
    pub flows: Vec<Flow>,
    /// Its leaks by category.
    pub categories: Vec<CategoryLeaks>,
    /// What its leaks gave away.
    pub items: Vec<ToldItem>,
    /// The strongest of its leaks.
    pub examples: Vec<Telling>,
    pub gaps: Gaps,
}

/// Leaks to one recipient of one identifiability.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flow {
    pub recipient: String,
    pub identifiability: String,
    pub leaks: u64,
}

/// Leaks of one category; empty where the tables give none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CategoryLeaks {
    pub category: String,
    /// The most critical tier in it.
    pub tier: u64,
    pub leaks: u64,
}

/// A data item that leaks gave to a recipient in one form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToldItem {
    pub recipient: String,
    pub item: String,
    pub encoding: String,
    pub leaks: u64,
}

/// What of an organisation's leaks could not be known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Gaps {
    /// Leaks of captures without cookies, and the number of those captures; a session that was exported twice is one.
    pub without_cookies: (u64, u64),
    /// Leaks whose request body is not in the capture.
    pub body_missing: u64,
    /// Leaks to a host of no rule, in a tracker's form.
    pub via_own_host: u64,
    /// Leaks from inside a frame.
    pub in_frame: u64,
    /// Leaks for which other evidence names a page of another site.
    pub page_conflict: u64,
}

const ORGANISATIONS: &str = "
    SELECT organisation_id, name, sector, registry, registry_code, captures, volunteers, pages, sensitive_pages,
        events, sensitive_events, sensitive_events_named, first_event_at, last_event_at, waves
    FROM organisations ORDER BY sensitive_events DESC, name, organisation_id";

/// Every organisation, those with the most leaks first. The first of those that leaked are told of with everything that is
/// known of them.
pub(super) fn all(tables: &Tables) -> Result<Vec<Organisation>, FigureError> {
    let rows = ask(tables, "organisations", ORGANISATIONS)?;
    let mut found: Vec<Organisation> = rows.iter().map(organisation).collect();
    let leaking = found.iter().filter(|found| found.leaks > 0).count();
    let told_of = found.get_mut(..leaking.min(TOLD_OF)).unwrap_or_default();
    let chosen = chosen(told_of, leaking);
    add_flows(tables, &chosen, told_of)?;
    add_categories(tables, &chosen, told_of)?;
    add_items(tables, &chosen, told_of)?;
    add_examples(tables, &chosen, told_of)?;
    add_gaps(tables, &chosen, told_of)?;
    Ok(found)
}

/// The condition that a leak `e` is one of an organisation that is told of.
fn chosen(told_of: &[Organisation], leaking: usize) -> String {
    if told_of.len() == leaking {
        return LEAK.to_owned();
    }
    let ids = told_of.iter().map(|found| quoted(&found.id));
    let ids = ids.collect::<Vec<_>>().join(", ");
    format!("{LEAK} AND e.organisation_id IN ({ids})")
}

fn organisation(row: &Answer) -> Organisation {
    Organisation {
        id: row.text(0),
        name: row.text(1),
        sector: row.text(2),
        registry: row.text(3),
        registry_code: row.text(4),
        captures: row.number(5),
        volunteers: row.number(6),
        pages: row.number(7),
        sensitive_pages: row.number(8),
        events: row.number(9),
        leaks: row.number(10),
        named: row.number(11),
        first_event_at: row.text(12),
        last_event_at: row.text(13),
        waves: waves::parse(&row.text(14)),
        ..Organisation::default()
    }
}

fn add_flows(tables: &Tables, chosen: &str, found: &mut [Organisation]) -> Result<(), FigureError> {
    let sql = format!(
        "WITH
        -- In slices of organisation_id: told
        told AS (
            SELECT e.organisation_id, e.recipient, e.identifiability, COUNT(*) AS leaks
            FROM events AS e WHERE {chosen}
            GROUP BY e.organisation_id, e.recipient, e.identifiability
        )
        SELECT * FROM told ORDER BY organisation_id, recipient, identifiability"
    );
    for_each(tables, "leaks by recipient", &sql, found, |of, row| {
        of.flows.push(Flow {
            recipient: row.text(1),
            identifiability: row.text(2),
            leaks: row.number(3),
        });
    })
}

fn add_categories(
    tables: &Tables,
    chosen: &str,
    found: &mut [Organisation],
) -> Result<(), FigureError> {
    let sql = format!(
        "WITH
        -- In slices of organisation_id: told
        told AS (
            SELECT e.organisation_id, e.category, MIN(e.tier) AS tier, COUNT(*) AS leaks
            FROM events AS e WHERE {chosen}
            GROUP BY e.organisation_id, e.category
        )
        SELECT * FROM told ORDER BY organisation_id, category"
    );
    for_each(tables, "leaks by category", &sql, found, |of, row| {
        of.categories.push(CategoryLeaks {
            category: row.text(1),
            tier: row.number(2),
            leaks: row.number(3),
        });
    })
}

/// Items of a recipient stand together, those told most often first.
fn add_items(tables: &Tables, chosen: &str, found: &mut [Organisation]) -> Result<(), FigureError> {
    let sql = format!(
        "WITH
        -- In slices of capture_id: told
        told AS (
            SELECT e.organisation_id, e.recipient, d.item, d.encoding, COUNT(DISTINCT e.event_id) AS leaks
            FROM (SELECT * FROM events AS e WHERE {chosen}) AS e
            JOIN (SELECT * FROM disclosures WHERE encoding <> 'removed') AS d ON e.event_id = d.event_id
            GROUP BY e.organisation_id, e.recipient, d.item, d.encoding
        )
        SELECT organisation_id, recipient, item, encoding, SUM(leaks) AS leaks
        FROM told
        GROUP BY organisation_id, recipient, item, encoding
        ORDER BY organisation_id, recipient, leaks DESC, item, encoding"
    );
    for_each(tables, "items by recipient", &sql, found, |of, row| {
        of.items.push(ToldItem {
            recipient: row.text(1),
            item: row.text(2),
            encoding: row.text(3),
            leaks: row.number(4),
        });
    })
}

fn add_gaps(tables: &Tables, chosen: &str, found: &mut [Organisation]) -> Result<(), FigureError> {
    let sql = format!(
        "WITH bare AS (
            SELECT DISTINCT capture_id, COALESCE(same_session_as, capture_id) AS session FROM captures
            WHERE state IN ('read', 'salvaged') AND cookies_recorded <> 'yes'
        ),
        -- In slices of organisation_id: told
        told AS (
            SELECT e.organisation_id,
                COUNT(*) FILTER (WHERE b.session IS NOT NULL) AS leaks_without_cookies,
                COUNT(DISTINCT b.session) AS captures_without_cookies,
                COUNT(*) FILTER (WHERE e.body_recorded = 'no') AS body_missing,
                COUNT(*) FILTER (WHERE e.via_own_host) AS via_own_host,
                COUNT(*) FILTER (WHERE e.in_frame) AS in_frame,
                COUNT(*) FILTER (WHERE e.page_conflict IS NOT NULL) AS page_conflict
            FROM (SELECT * FROM events AS e WHERE {chosen}) AS e
            LEFT JOIN bare AS b ON e.capture_id = b.capture_id
            GROUP BY e.organisation_id
        )
        SELECT * FROM told ORDER BY organisation_id"
    );
    for_each(tables, "what could not be known", &sql, found, |of, row| {
        of.gaps = Gaps {
            without_cookies: (row.number(1), row.number(2)),
            body_missing: row.number(3),
            via_own_host: row.number(4),
            in_frame: row.number(5),
            page_conflict: row.number(6),
        };
    })
}
