//! One event, with all that the tables say of it: for the sentence that a reporter prints, and for the lawyer who asks how
//! that is known.

use super::telling::{self, COLUMNS};
use super::{FigureError, Tables, Telling};
use crate::figures::answer::{Answer, ask, first, quoted};

/// Events that are named where the one that was typed is not there, or is not the only one.
const MOST_CANDIDATES: usize = 5;

/// One event and what belongs to it; a missing text is empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EventRecord {
    pub telling: Telling,
    pub entry_index: u64,
    /// Its number within the entry.
    pub number: u64,
    pub tracker: String,
    pub endpoint: String,
    pub account_id: String,
    /// The organisation's name.
    pub organisation: String,
    pub page_known_from: String,
    pub delivery: String,
    pub delivery_evidence: String,
    /// The entry that shows the consent; empty: none does.
    pub consent_entry: String,
    pub repeat_of: String,
    pub repeat_reason: String,
    pub body_recorded: String,
    pub body_evidence: String,
    pub headers_recorded: String,
    /// The data items, in wire order.
    pub given: Vec<GivenItem>,
    /// Where its capture was found, the one that was read first; files of the same bytes behind it.
    pub captures: Vec<CapturePlace>,
}

/// One data item that an event gave away, without its value.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GivenItem {
    pub item: String,
    pub parameter: String,
    pub location: String,
    pub encoding: String,
    pub collected_by: String,
    pub hash_expected: bool,
    /// The persona whose value it is, and how that became what was sent.
    pub matches_persona: String,
    pub chain: String,
}

/// A file that holds a capture, as it was received.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CapturePlace {
    /// As seen from the folder in which the analysis was run.
    pub path: String,
    /// Inside an archive or a compressed file; empty: the file itself.
    pub member: String,
    pub file_sha256: String,
    pub sha256: String,
}

impl EventRecord {
    /// The event of this id, or the only one whose id begins so.
    ///
    /// # Errors
    /// No such event, or several; a table that cannot be read.
    pub fn of(tables: &Tables, typed: &str) -> Result<EventRecord, FigureError> {
        let id = the_one(tables, typed.trim())?;
        let row = first(ask(tables, "one event", &event_sql(&id))?);
        let mut record = read(&row);
        record.given = given(tables, &id)?;
        record.captures = captures(tables, &row.text(0))?;
        Ok(record)
    }
}

/// The id that was meant: an id may be the beginning of another, and then it is that one and no other.
fn the_one(tables: &Tables, typed: &str) -> Result<String, FigureError> {
    let exactly = format!("event_id = {}", quoted(typed));
    if let Some(id) = ids(tables, &exactly)?.into_iter().next() {
        return Ok(id);
    }
    let begins = ids(tables, &begins_with(typed))?;
    match begins.as_slice() {
        [only] => Ok(only.clone()),
        [] => Err(FigureError::NoSuchEvent {
            typed: typed.to_owned(),
            nearest: nearest(tables, typed)?.join(", "),
        }),
        several => Err(FigureError::SeveralEvents {
            typed: typed.to_owned(),
            number: number(tables, &begins_with(typed))?,
            first: several.join(", "),
        }),
    }
}

/// The first ids that share the longest beginning with what was typed. Where a beginning is that of an id, every shorter one
/// is too.
fn nearest(tables: &Tables, typed: &str) -> Result<Vec<String>, FigureError> {
    let ends = typed.char_indices().map(|(end, _)| end);
    let beginnings: Vec<&str> = ends.filter_map(|end| typed.get(..end)).collect();
    let (mut shared, mut not_shared) = (0, beginnings.len());
    let mut found = Vec::new();
    while shared < not_shared {
        let middle = shared.midpoint(not_shared);
        let beginning = beginnings.get(middle).copied().unwrap_or_default();
        let ids = ids(tables, &begins_with(beginning))?;
        if ids.is_empty() {
            not_shared = middle;
        } else {
            shared = middle + 1;
            found = ids;
        }
    }
    Ok(found)
}

/// The range lets all be passed over that lies elsewhere.
fn begins_with(beginning: &str) -> String {
    let after = quoted(&format!("{beginning}{}", char::MAX));
    let beginning = quoted(beginning);
    format!("event_id >= {beginning} AND event_id < {after} AND STARTS_WITH(event_id, {beginning})")
}

/// The first ids for which a condition holds.
fn ids(tables: &Tables, condition: &str) -> Result<Vec<String>, FigureError> {
    let sql = format!(
        "SELECT event_id FROM events WHERE {condition} ORDER BY event_id LIMIT {MOST_CANDIDATES}"
    );
    let rows = ask(tables, "event ids", &sql)?;
    Ok(rows.iter().map(|row| row.text(0)).collect())
}

fn number(tables: &Tables, condition: &str) -> Result<u64, FigureError> {
    let sql = format!("SELECT COUNT(*) FROM events WHERE {condition}");
    Ok(first(ask(tables, "number of event ids", &sql)?).number(0))
}

/// The columns before those of a telling.
const OWN: usize = 15;

fn event_sql(id: &str) -> String {
    let id = quoted(id);
    let given = telling::given("the_one", &format!("event_id = {id}"));
    format!(
        "WITH the_one AS (SELECT event_id FROM events WHERE event_id = {id}), {given}
        SELECT e.capture_id, e.entry_index, e.tracker, e.endpoint, e.account_id, o.name, e.page_known_from, e.delivery,
            e.delivery_evidence, e.consent_entry, e.repeat_of, e.repeat_reason,
            e.body_recorded, e.body_evidence, e.headers_recorded, {COLUMNS}
        FROM (SELECT * FROM events WHERE event_id = {id}) AS e
        LEFT JOIN pages AS p ON e.page_id = p.page_id
        LEFT JOIN given AS g ON e.event_id = g.event_id
        LEFT JOIN organisations AS o ON e.organisation_id = o.organisation_id"
    )
}

fn read(row: &Answer) -> EventRecord {
    let text = |place: usize| row.text(place);
    let telling = Telling::at(row, OWN);
    EventRecord {
        number: event_number(&telling.event_id),
        telling,
        entry_index: row.number(1),
        tracker: text(2),
        endpoint: text(3),
        account_id: text(4),
        organisation: text(5),
        page_known_from: text(6),
        delivery: text(7),
        delivery_evidence: text(8),
        consent_entry: text(9),
        repeat_of: text(10),
        repeat_reason: text(11),
        body_recorded: text(12),
        body_evidence: text(13),
        headers_recorded: text(14),
        given: Vec::new(),
        captures: Vec::new(),
    }
}

/// The id ends with the number of the event within its entry.
pub(super) fn event_number(event_id: &str) -> u64 {
    let number = event_id.rsplit('-').next();
    number
        .and_then(|number| number.parse().ok())
        .unwrap_or_default()
}

fn given(tables: &Tables, id: &str) -> Result<Vec<GivenItem>, FigureError> {
    let sql = format!(
        "SELECT item, parameter, location, encoding, collected_by, hash_expected, matches_persona, chain
        FROM disclosures WHERE event_id = {} ORDER BY number",
        quoted(id)
    );
    let rows = ask(tables, "the items of an event", &sql)?;
    let item = |row: &Answer| GivenItem {
        item: row.text(0),
        parameter: row.text(1),
        location: row.text(2),
        encoding: row.text(3),
        collected_by: row.text(4),
        hash_expected: row.text(5) == "true",
        matches_persona: row.text(6),
        chain: row.text(7),
    };
    Ok(rows.iter().map(item).collect())
}

/// The files of a capture: the one that was read, then those of the same bytes.
fn captures(tables: &Tables, capture_id: &str) -> Result<Vec<CapturePlace>, FigureError> {
    let sql = format!(
        "SELECT path, member, file_sha256, sha256, state = 'duplicate' AS is_copy
        FROM captures WHERE capture_id = {} ORDER BY is_copy, path, member",
        quoted(capture_id)
    );
    let rows = ask(tables, "the files of a capture", &sql)?;
    Ok(rows.iter().map(CapturePlace::at).collect())
}

impl CapturePlace {
    /// Reads one out of the first columns of a row: path, member, SHA-256 of the file and of the capture.
    pub(super) fn at(row: &Answer) -> CapturePlace {
        CapturePlace {
            path: row.text(0),
            member: row.text(1),
            file_sha256: row.text(2),
            sha256: row.text(3),
        }
    }
}
