//! A small made dataset for the tests of this room and of those that read datasets. Two volunteers, two waves: a police
//! force whose pages tell, a hospital that stopped telling, a clinic that never told.

use super::schema::{
    CaptureRow, ContactRow, DisclosureRow, EventRow, OrganisationRow, PageRow, ParameterRow,
    ProblemRow, TABLES, VisitRow, VocabularyRow,
};
use super::table::Rows;

/// Tables that a dataset has when no parameters are asked for.
pub const TABLES_WRITTEN: usize = TABLES.len() - 1;

fn some(text: &str) -> Option<String> {
    Some(text.to_owned()).filter(|text| !text.is_empty())
}

/// A capture of a volunteer in a wave; empty texts are missing.
pub fn capture(id: &str, path: &str, volunteer: &str, wave: &str) -> CaptureRow {
    CaptureRow {
        capture_id: id.to_owned(),
        sha256: format!("{id:0<64}"),
        file_sha256: format!("{id:0<64}"),
        path: path.to_owned(),
        member: None,
        bytes: 1000,
        volunteer: some(volunteer),
        wave: some(wave),
        note: None,
        first_request_at: None,
        last_request_at: None,
        producer: None,
        producer_known_from: None,
        producer_version: None,
        browser: None,
        entries: 3,
        entries_read: 3,
        entries_not_http: 0,
        cookies_recorded: "yes".to_owned(),
        cookies_evidence: "3 of 3 requests carry cookies".to_owned(),
        bodies_missing: 0,
        headers_missing: 0,
        state: "read".to_owned(),
        duplicate_of: None,
        same_session_as: None,
    }
}

/// A page with its judgement.
pub fn page(id: &str, url: &str, organisation: &str, tier: i64, category: &str) -> PageRow {
    PageRow {
        page_id: id.to_owned(),
        url: url.to_owned(),
        host: String::new(),
        site: String::new(),
        title: None,
        organisation_id: organisation.to_owned(),
        category: some(category),
        tier,
        also: None,
        matched_text: some(category),
        matched_in: some(if category.is_empty() { "" } else { "path" }),
        reader: "public".to_owned(),
        purpose: None,
        captures: 0,
        volunteers: 0,
    }
}

/// A delivered page view that names nobody.
pub fn event(id: &str, capture: &str, page: &str, recipient: &str) -> EventRow {
    EventRow {
        event_id: id.to_owned(),
        capture_id: capture.to_owned(),
        entry_index: 0,
        started_at: some(&format!("2026-03-01T08:15:3{}.000Z", id.len())),
        started_at_original: None,
        tracker: "meta-pixel".to_owned(),
        endpoint: "tr".to_owned(),
        recipient: recipient.to_owned(),
        via_own_host: false,
        account_id: some("1234567890123456"),
        account_key: some("meta-pixel:1234567890123456"),
        event_name: some("PageView"),
        action: "page_view".to_owned(),
        automatic: true,
        page_id: some(page),
        page_known_from: some("payload"),
        page_conflict: None,
        in_frame: false,
        referrer: None,
        clicked_text: None,
        clicked_destination: None,
        form_fields: None,
        search_term: None,
        organisation_id: None,
        category: None,
        tier: None,
        matched_in: None,
        matched_text: None,
        reader: None,
        delivery: "delivered".to_owned(),
        delivery_evidence: "status 200".to_owned(),
        consent: "none_seen".to_owned(),
        consent_evidence: "no consent cookie and no banner in this capture".to_owned(),
        consent_entry: None,
        consent_reported: None,
        identifiability: "pseudonymous".to_owned(),
        repeat_of: None,
        repeat_reason: None,
        body_recorded: "none".to_owned(),
        body_evidence: "no size was announced".to_owned(),
        headers_recorded: "yes".to_owned(),
        cookies_recorded: "yes".to_owned(),
    }
}

/// What the wire told of a click.
fn click(event: EventRow, text: &str) -> EventRow {
    EventRow {
        action: "click".to_owned(),
        event_name: some("SubscribedButtonClick"),
        clicked_text: some(text),
        ..event
    }
}

/// A contact that shows `presence` requests of a tracker without an event.
pub fn contact(capture: &str, page: &str, third_party: &str, presence: u64) -> ContactRow {
    ContactRow {
        capture_id: capture.to_owned(),
        page_id: some(page),
        third_party: third_party.to_owned(),
        recipient: None,
        country: None,
        products: None,
        requests: presence.max(1),
        delivered: 1,
        bytes_sent: 200,
        telling_requests: 0,
        telling_requests_read: 0,
        event_requests: 0,
        presence_requests: presence,
        socket_messages_sent: 0,
        socket_messages_received: 0,
        roles: None,
        accounts: None,
    }
}

/// A data item of an event.
pub fn disclosure(event: &str, number: u64, item: &str) -> DisclosureRow {
    DisclosureRow {
        event_id: event.to_owned(),
        number,
        item: item.to_owned(),
        parameter: item.to_owned(),
        location: "query".to_owned(),
        encoding: "plain".to_owned(),
        shown: "(14 digits)".to_owned(),
        label: None,
        collected_by: None,
        hash_expected: false,
        turned_back_by: None,
        recoverable: None,
        matches_persona: None,
        chain: None,
    }
}

/// An item of the vocabulary.
pub fn item(name: &str) -> VocabularyRow {
    VocabularyRow {
        item: name.to_owned(),
        is: "Something of the visitor.".to_owned(),
        is_not: "Something of the page.".to_owned(),
        plain: "nothing".to_owned(),
        hashed: "nothing".to_owned(),
        turned_back_by: None,
        candidates: None,
    }
}

/// A problem of a capture.
pub fn problem(path: &str, entry: Option<u64>) -> ProblemRow {
    ProblemRow {
        path: path.to_owned(),
        capture_id: some("a"),
        member: None,
        entry_index: entry,
        byte_offset: None,
        stage: "exchange".to_owned(),
        code: "body_not_recorded".to_owned(),
        message: "The body is missing, \"so\" it was passed over".to_owned(),
    }
}

/// A parameter of an event.
pub fn parameter(event: &str, number: u64) -> ParameterRow {
    ParameterRow {
        event_id: event.to_owned(),
        number,
        location: "query".to_owned(),
        name: "ev".to_owned(),
        shown: "PageView".to_owned(),
        derived: false,
        item: None,
        meaning: None,
        source: None,
    }
}

/// The whole story.
pub fn rows() -> Rows {
    Rows {
        captures: captures(),
        pages: pages(),
        visits: vec![VisitRow::of("b", "p1"), VisitRow::of("c", "p4")],
        events: events(),
        disclosures: vec![
            disclosure("a1", 10, "recipient_account"),
            disclosure("a1", 9, "page_address"),
            disclosure("a1", 11, "page_address"),
        ],
        organisations: vec![
            OrganisationRow::of("northmoor", "Northmoor Police", true),
            OrganisationRow::of("westhaven", "Westhaven Hospital", true),
            OrganisationRow::of("clinic.example", "clinic.example", false),
        ],
        contacts: vec![
            contact("b", "p3", "tracker.example", 1),
            contact("c", "p4", "fonts.example", 0),
            contact("b", "", "cdn.example", 0),
        ],
        matches: Vec::new(),
        searches: Vec::new(),
        settings: Vec::new(),
        vocabulary: ["email", "page_address", "recipient_account"]
            .map(item)
            .into(),
        parameters: None,
        problems: vec![
            problem("b.har", Some(10)),
            problem("b.har", Some(9)),
            problem("b.har", None),
        ],
    }
}

fn captures() -> Vec<CaptureRow> {
    vec![
        capture("b", "b.har", "ben", "2"),
        capture("a", "a.har", "anna", "1"),
        CaptureRow {
            state: "duplicate".to_owned(),
            duplicate_of: some("a.har"),
            ..capture("a", "copy.har", "zoe", "9")
        },
        capture("c", "c.har", "", "2"),
    ]
}

fn pages() -> Vec<PageRow> {
    vec![
        page(
            "p1",
            "https://northmoor.example/report",
            "northmoor",
            1,
            "crime",
        ),
        page("p2", "https://northmoor.example/", "northmoor", 0, ""),
        page(
            "p3",
            "https://westhaven.example/cancer",
            "westhaven",
            2,
            "cancer",
        ),
        page(
            "p4",
            "https://clinic.example/advice",
            "clinic.example",
            3,
            "advice",
        ),
    ]
}

/// As everywhere, ids of events begin with their capture's. `a…` are of wave 1, `b…` of wave 2; the longer the name, the later it was sent.
fn events() -> Vec<EventRow> {
    vec![
        EventRow {
            identifiability: "named".to_owned(),
            ..click(event("a1", "a", "p1", "Meta"), "Report, online")
        },
        EventRow {
            repeat_of: some("a1"),
            repeat_reason: some("copy_endpoint"),
            ..event("a1-copy", "a", "p1", "Meta")
        },
        EventRow {
            delivery: "blocked".to_owned(),
            ..event("a2", "a", "p1", "Google")
        },
        EventRow {
            tier: Some(3),
            category: some("advice"),
            matched_in: some("button"),
            matched_text: some("advice"),
            reader: some("professional"),
            ..event("a3", "a", "p3", "Google")
        },
        EventRow {
            tier: Some(1),
            category: some("sexual_offences"),
            matched_in: some("button"),
            matched_text: some("rape"),
            ..click(event("b1st", "b", "p2", "Meta"), "=Report rape")
        },
        event("b2", "b", "", "Google"),
    ]
}
