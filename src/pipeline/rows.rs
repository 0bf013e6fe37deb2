//! From what one capture holds to its rows, as far as it can say them alone: pages have no ids yet, and nothing is a repeat.

use std::collections::BTreeSet;

use super::Knowledge;
use super::contacts::Contact;
use super::digest::Digest;
use super::labels::kind;
use super::pages::{SeenPage, gathered};
use super::part::{CapturePart, EventPart, ItemPart, OfPage};
use super::reading::{EventFacts, FoundEvent, GivenAway, Reading};
use super::recorded::Recorded;
use super::searching::match_rows;
use super::settings::FoundSetting;
use crate::capture::{Capture, Problem, State};
use crate::dataset::{
    CaptureRow, ContactRow, DisclosureRow, EventRow, ParameterRow, ProblemRow, SettingRow,
};
use crate::exchange::Address;
use crate::page::{Judgement, MatchedIn};

/// What a capture yields, as rows.
pub fn part_of(reading: Reading, knowledge: &Knowledge) -> CapturePart {
    let Reading {
        capture,
        recorded,
        traces,
        events,
        contacts,
        search,
        settings,
        sightings,
    } = reading;
    let id = capture.id();
    let problems = capture.problems.iter();
    CapturePart {
        row: capture_row(&capture, &recorded),
        traces,
        pages: gathered(sightings.into_iter().map(SeenPage::from))
            .into_values()
            .collect(),
        events: events
            .into_iter()
            .map(|event| event_part(id, event, knowledge))
            .collect(),
        contacts: contacts
            .into_iter()
            .map(|contact| contact_row(id, contact))
            .collect(),
        matches: match_rows(id, &search, knowledge),
        requests_searched: search.requests,
        requests_without_body: search.requests_without_body,
        settings: settings
            .into_iter()
            .map(|setting| setting_row(id, setting))
            .collect(),
        problems: problems
            .map(|problem| problem_row(&capture, problem))
            .collect(),
    }
}

/// Padded, so that ids sort as the entries do.
pub fn event_id(capture_id: &str, entry: usize, number: usize) -> String {
    format!("{capture_id}-{entry:05}-{number}")
}

fn event_part(capture_id: &str, mut event: FoundEvent, knowledge: &Knowledge) -> EventPart {
    let id = event_id(capture_id, event.witness.entry, event.witness.number);
    let items = std::mem::take(&mut event.items).into_iter().zip(0..);
    let recipient = &event.event.recipient;
    let items = items
        .map(|(given, number)| item_part(&id, number, recipient, given, knowledge))
        .collect();
    let parameters = std::mem::take(&mut event.parameters).into_iter().zip(0..);
    let parameters = parameters.map(|(row, number)| ParameterRow {
        event_id: id.clone(),
        number,
        ..row
    });
    EventPart {
        parameters: parameters.collect(),
        page_key: event.page_key.clone(),
        witness: event.witness.clone(),
        items,
        row: event_row(capture_id, id, event, knowledge),
    }
}

/// The row of an event, but for its page and what it repeats.
fn event_row(capture_id: &str, id: String, found: FoundEvent, knowledge: &Knowledge) -> EventRow {
    let own = own_judgement(&found.event, knowledge);
    let FoundEvent { event, witness, .. } = found;
    EventRow {
        capture_id: capture_id.to_string(),
        event_id: id,
        entry_index: witness.entry as u64,
        started_at: found.started_at,
        started_at_original: found.started_at_original,
        account_key: account_key(&event.tracker, event.account_id.as_ref()),
        tracker: event.tracker,
        endpoint: event.endpoint,
        recipient: event.recipient,
        via_own_host: event.via_own_host,
        account_id: event.account_id,
        event_name: event.event_name,
        action: event.action.to_string(),
        automatic: event.automatic,
        page_id: None,
        page_known_from: found.known_from.map(|from| from.name().to_string()),
        page_conflict: found.page_conflict,
        in_frame: event.in_frame,
        referrer: event.referrer,
        clicked_text: event.clicked_text,
        clicked_destination: event.clicked_destination,
        form_fields: event.form_fields,
        search_term: event.search_term,
        organisation_id: None,
        tier: own.as_ref().map(|own| i64::from(own.tier)),
        matched_in: own
            .as_ref()
            .and_then(|own| Some(own.matched_in?.name().to_string())),
        matched_text: own.as_ref().and_then(|own| own.matched_text.clone()),
        reader: own.as_ref().map(|own| own.reader.name().to_string()),
        category: own.and_then(|own| own.category),
        delivery: witness.delivery.map_or("unknown", |d| d.name()).to_string(),
        delivery_evidence: found.delivery_evidence,
        consent: found.consent.consent.name().to_string(),
        consent_evidence: found.consent.evidence,
        consent_entry: found.consent.entry.map(|entry| entry as u64),
        consent_reported: event.consent_reported,
        identifiability: found.identifiability.name().to_string(),
        repeat_of: None,
        repeat_reason: None,
        body_recorded: found.body.name().to_string(),
        body_evidence: found.body_evidence,
        headers_recorded: yes_or_no(found.headers_recorded).to_string(),
        cookies_recorded: found.cookies.name().to_string(),
    }
}

/// What the click or the search itself says, where it says anything: it may be more than its page does.
fn own_judgement(event: &EventFacts, knowledge: &Knowledge) -> Option<Judgement> {
    let destination = event
        .clicked_destination
        .as_deref()
        .and_then(Address::parse);
    let texts: Vec<(MatchedIn, &str)> = [
        (MatchedIn::Search, event.search_term.as_deref()),
        (MatchedIn::Button, event.clicked_text.as_deref()),
        (
            MatchedIn::Destination,
            destination.as_ref().map(|d| d.path.as_str()),
        ),
    ]
    .into_iter()
    .filter_map(|(place, text)| Some((place, text?)))
    .collect();
    let judgement = knowledge.taxonomy.judge(&texts, None, None);
    (judgement.tier > 0).then_some(judgement)
}

fn item_part(
    event_id: &str,
    number: u64,
    recipient: &str,
    given: GivenAway,
    knowledge: &Knowledge,
) -> ItemPart {
    let value = given.labelled.as_deref();
    let keyed = |value: &str| {
        let key = knowledge.case_key.as_ref()?;
        Some(key.label(&kind(recipient, &given.item), value))
    };
    let label = value.and_then(keyed);
    ItemPart {
        value: value
            .filter(|_| label.is_none())
            .map(|value| Digest::of(&[value])),
        row: DisclosureRow {
            event_id: event_id.to_string(),
            number,
            label,
            item: given.item,
            parameter: given.parameter,
            location: given.location.name().to_string(),
            encoding: given.encoding.name().to_string(),
            shown: given.shown,
            collected_by: given.collected_by.map(str::to_string),
            hash_expected: given.hash_expected,
            turned_back_by: given.turned_back_by,
            recoverable: given.recoverable,
            matches_persona: given.matches_persona,
            chain: given.chain,
        },
    }
}

fn capture_row(capture: &Capture, recorded: &Recorded) -> CaptureRow {
    CaptureRow {
        capture_id: capture.id().to_string(),
        sha256: capture.sha256.clone(),
        file_sha256: capture.file_sha256.clone(),
        path: capture.path.clone(),
        member: capture.member.clone(),
        bytes: capture.bytes,
        volunteer: None,
        wave: None,
        note: None,
        first_request_at: recorded.first_request_at.clone(),
        last_request_at: recorded.last_request_at.clone(),
        producer: capture.producer.clone(),
        producer_known_from: capture
            .producer_known_from
            .map(|from| from.name().to_string()),
        producer_version: capture.producer_version.clone(),
        browser: capture.browser.clone(),
        entries: capture.entries_found as u64,
        entries_read: recorded.entries_read as u64,
        entries_not_http: recorded.entries_not_http as u64,
        cookies_recorded: recorded.cookies.recorded.name().to_string(),
        cookies_evidence: recorded.cookies.to_string(),
        bodies_missing: recorded.bodies_missing.len() as u64,
        headers_missing: recorded.headers_missing.len() as u64,
        state: state_name(capture.state).to_string(),
        duplicate_of: None,
        same_session_as: None,
    }
}

fn yes_or_no(is_so: bool) -> &'static str {
    if is_so { "yes" } else { "no" }
}

/// As the captures table names it.
pub fn state_name(state: State) -> &'static str {
    match state {
        State::Read => "read",
        State::Salvaged => "salvaged",
        State::Unreadable => "unreadable",
        State::Duplicate => "duplicate",
    }
}

fn contact_row(capture_id: &str, contact: Contact) -> OfPage<ContactRow> {
    let joined = |texts: &BTreeSet<String>, between: &str| {
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        texts.join(between)
    };
    let page_key = contact.page_key();
    let row = ContactRow {
        capture_id: capture_id.to_string(),
        page_id: None,
        third_party: contact.third_party,
        recipient: contact.recipient,
        country: contact.country,
        products: Some(joined(&contact.products, "; ")),
        requests: contact.requests,
        delivered: contact.delivered,
        bytes_sent: contact.bytes_sent,
        telling_requests: contact.telling_requests,
        telling_requests_read: contact.telling_requests_read,
        event_requests: contact.event_requests,
        presence_requests: contact.presence_requests,
        socket_messages_sent: contact.socket_messages.sent,
        socket_messages_received: contact.socket_messages.received,
        roles: Some(joined(&contact.roles, "; ")),
        accounts: Some(joined(&contact.accounts, " ")),
    };
    OfPage { page_key, row }
}

fn setting_row(capture_id: &str, found: FoundSetting) -> SettingRow {
    SettingRow {
        capture_id: capture_id.to_string(),
        entry_index: found.entry_index as u64,
        number: found.number as u64,
        account_key: account_key(&found.tracker, found.account_id.as_ref()),
        tracker: found.tracker,
        recipient: found.recipient,
        account_id: found.account_id,
        setting: found.setting,
        value: found.value,
        meaning: found.meaning,
        source: found.source,
    }
}

/// An account as no spreadsheet takes it for a number.
fn account_key(tracker: &str, account: Option<&String>) -> Option<String> {
    account.map(|account| format!("{tracker}:{account}"))
}

fn problem_row(capture: &Capture, problem: &Problem) -> ProblemRow {
    ProblemRow {
        member: capture.member.clone(),
        capture_id: Some(capture.id().to_string()),
        ..input_problem(&capture.path, problem)
    }
}

/// A problem of an input that never became a capture.
pub fn input_problem(path: &str, problem: &Problem) -> ProblemRow {
    ProblemRow {
        path: path.to_string(),
        member: None,
        capture_id: None,
        entry_index: problem.entry_index.map(|index| index as u64),
        byte_offset: problem.at.map(|byte| byte as u64),
        stage: problem.stage.name().to_string(),
        code: problem.code.to_string(),
        message: problem.message.clone(),
    }
}
