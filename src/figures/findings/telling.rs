//! One event as it is told to a reader: when, who told whom of what, by which evidence, and what makes it weaker.

use super::super::answer::Answer;

/// The columns of a telling, of an event `e` with its page `p` and the items `g` that it gave away.
pub(super) const COLUMNS: &str = "
    e.event_id, e.started_at, e.recipient, e.action, e.event_name, p.url, p.title, e.clicked_text,
    e.clicked_destination, e.search_term, e.form_fields, e.category, e.tier, e.matched_in, e.matched_text,
    e.identifiability, e.via_own_host, e.in_frame, e.automatic, e.page_conflict, e.cookies_recorded, e.consent_reported, g.items,
    e.consent, e.consent_evidence";

/// The items that each event gave away, as a table `given` for `WITH`; `of` is a table of the events that are asked for, a
/// row each, because lists for all events fit no memory, and `among` a condition that their ids fulfil, by which rows can be
/// passed over unread. What a tracker's own filter had taken out was not given away.
pub(super) fn given(of: &str, among: &str) -> String {
    format!(
        "given AS (
            SELECT event_id, STRING_AGG(DISTINCT item, '; ' ORDER BY item) AS items
            FROM (
                SELECT d.event_id, d.item
                FROM (SELECT event_id, item FROM disclosures WHERE encoding <> 'removed' AND {among}) AS d
                JOIN {of} AS o ON d.event_id = o.event_id
            ) AS of_these
            GROUP BY event_id
        )"
    )
}

/// One event; a missing text is empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Telling {
    pub event_id: String,
    pub started_at: String,
    pub recipient: String,
    pub action: String,
    pub event_name: String,
    pub page: String,
    pub title: String,
    pub clicked_text: String,
    pub clicked_destination: String,
    pub search_term: String,
    pub form_fields: String,
    pub category: String,
    /// 0: not sensitive, or no page is known.
    pub tier: u64,
    pub matched_in: String,
    pub matched_text: String,
    pub identifiability: String,
    pub via_own_host: bool,
    pub in_frame: bool,
    pub automatic: bool,
    pub page_conflict: String,
    pub cookies_recorded: String,
    pub consent_reported: String,
    /// The answer to the banner at that moment, and what shows it.
    pub consent: String,
    pub consent_evidence: String,
    /// In the vocabulary's words.
    pub items: Vec<String>,
}

impl Telling {
    /// Reads one out of a row, from a column on.
    pub(super) fn at(row: &Answer, start: usize) -> Telling {
        let text = |place: usize| row.text(start + place);
        let flag = |place: usize| text(place) == "true";
        let items = text(22);
        let items = items.split("; ").filter(|item| !item.is_empty());
        Telling {
            event_id: text(0),
            started_at: text(1),
            recipient: text(2),
            action: text(3),
            event_name: text(4),
            page: text(5),
            title: text(6),
            clicked_text: text(7),
            clicked_destination: text(8),
            search_term: text(9),
            form_fields: text(10),
            category: text(11),
            tier: row.number(start + 12),
            matched_in: text(13),
            matched_text: text(14),
            identifiability: text(15),
            via_own_host: flag(16),
            in_frame: flag(17),
            automatic: flag(18),
            page_conflict: text(19),
            cookies_recorded: text(20),
            consent_reported: text(21),
            consent: text(23),
            consent_evidence: text(24),
            items: items.map(str::to_owned).collect(),
        }
    }
}
