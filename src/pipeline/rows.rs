//! From what was found to the rows of the tables, in the order of their keys, with ids and labels.

use std::collections::{BTreeSet, HashMap};

use super::Knowledge;
use super::contacts::Contact;
use super::labels::{Labels, kind};
use super::pages::Pages;
use super::reading::{FoundEvent, GivenAway, Reading};
use super::repeats::{Reason, Witness, find_repeats};
use super::searching::{match_rows, search_rows};
use super::sessions::find_same_sessions;
use super::settings::FoundSetting;
use crate::capture::{Capture, Problem, State};
use crate::dataset::{
    CaptureRow, ContactRow, DisclosureRow, EventRow, OrganisationRow, ParameterRow, ProblemRow,
    Rows, SettingRow, VocabularyRow,
};
use crate::disclosure::Item;
use crate::exchange::Address;
use crate::page::{Judgement, MatchedIn, Organisation};

/// Makes the rows of every table but the counts that need the whole dataset. `captures` of duplicates name their original.
pub fn rows_of(
    mut readings: Vec<Reading>,
    duplicates: &HashMap<usize, String>,
    pages: Pages,
    knowledge: &Knowledge,
    mut problems: Vec<ProblemRow>,
) -> Rows {
    let captures = capture_rows(&readings, duplicates, knowledge);
    let settings = readings.iter().flat_map(|reading| {
        let id = reading.capture.id();
        let row = move |setting: &FoundSetting| setting_row(id, setting);
        reading.settings.iter().map(row)
    });
    let settings = settings.collect();
    let contacts = readings
        .iter()
        .flat_map(|reading| {
            let id = reading.capture.id();
            let row = |contact: &Contact| contact_row(id, contact, &pages);
            reading.contacts.iter().map(row).collect::<Vec<_>>()
        })
        .collect();
    for reading in &readings {
        let rows = reading.capture.problems.iter();
        problems.extend(rows.map(|problem| problem_row(&reading.capture, problem)));
    }
    let matches = match_rows(&readings, &pages, knowledge);
    let searches = search_rows(&readings, knowledge);
    let events = take_events(&mut readings);
    let (events, disclosures, parameters) = event_tables(events, &pages, knowledge);
    Rows {
        captures,
        organisations: pages.organisations.values().map(organisation_row).collect(),
        visits: pages.visits,
        pages: pages.rows,
        events,
        disclosures,
        contacts,
        matches,
        searches,
        settings,
        vocabulary: knowledge
            .vocabulary
            .items()
            .iter()
            .map(vocabulary_row)
            .collect(),
        parameters: knowledge.with_parameters.then_some(parameters),
        problems,
    }
}

/// An event and the id of its capture, sorted as the events table is.
fn take_events(readings: &mut [Reading]) -> Vec<(String, FoundEvent)> {
    let mut events: Vec<(String, FoundEvent)> = Vec::new();
    for (place, reading) in readings.iter_mut().enumerate() {
        for mut event in reading.events.drain(..) {
            event.witness.capture = place;
            let Witness { entry, number, .. } = event.witness;
            events.push((event_id(reading.capture.id(), entry, number), event));
        }
    }
    events.sort_by(|(one, _), (other, _)| one.cmp(other));
    events
}

/// Padded, so that ids sort as the entries do.
pub fn event_id(capture_id: &str, entry: usize, number: usize) -> String {
    format!("{capture_id}-{entry:05}-{number}")
}

fn event_tables(
    events: Vec<(String, FoundEvent)>,
    pages: &Pages,
    knowledge: &Knowledge,
) -> (Vec<EventRow>, Vec<DisclosureRow>, Vec<ParameterRow>) {
    let witnesses: Vec<&Witness> = events.iter().map(|(_, e)| &e.witness).collect();
    let repeats = find_repeats(&witnesses);
    let ids: Vec<String> = events.iter().map(|(id, _)| id.clone()).collect();
    let mut labels = Labels::default();
    let mut rows = Vec::new();
    let mut disclosures = Vec::new();
    let mut parameters = Vec::new();
    for ((id, event), repeat) in events.into_iter().zip(repeats) {
        let recipient = &event.event.recipient;
        disclosures.extend(disclosure_rows(&id, recipient, &event.items, &mut labels));
        let numbered = event.parameters.iter().zip(0..);
        parameters.extend(numbered.map(|(row, number)| ParameterRow {
            event_id: id.clone(),
            number,
            ..row.clone()
        }));
        let repeat = repeat.map(|(original, reason)| (ids[original].clone(), reason));
        rows.push(event_row(id, event, repeat, pages, knowledge));
    }
    (rows, disclosures, parameters)
}

fn event_row(
    id: String,
    found: FoundEvent,
    repeat: Option<(String, Reason)>,
    pages: &Pages,
    knowledge: &Knowledge,
) -> EventRow {
    let own = own_judgement(&found, knowledge);
    let FoundEvent { event, witness, .. } = found;
    let (repeat_of, repeat_reason) = repeat.unzip();
    EventRow {
        capture_id: id.split('-').next().unwrap_or_default().to_string(),
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
        page_id: found.page_key.and_then(|key| pages.ids.get(&key).cloned()),
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
        repeat_of,
        repeat_reason: repeat_reason.map(|reason| reason.name().to_string()),
        body_recorded: found.body.name().to_string(),
        body_evidence: found.body_evidence,
        headers_recorded: yes_or_no(found.headers_recorded).to_string(),
        cookies_recorded: found.cookies.name().to_string(),
    }
}

/// What the click or the search itself says, where it says anything: it may be more than its page does.
fn own_judgement(found: &FoundEvent, knowledge: &Knowledge) -> Option<Judgement> {
    let event = &found.event;
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

fn disclosure_rows<'a>(
    event_id: &'a str,
    recipient: &'a str,
    items: &'a [GivenAway],
    labels: &'a mut Labels,
) -> impl Iterator<Item = DisclosureRow> + 'a {
    items
        .iter()
        .zip(0..)
        .map(move |(given, number)| DisclosureRow {
            event_id: event_id.to_string(),
            number,
            item: given.item.clone(),
            parameter: given.parameter.clone(),
            location: given.location.name().to_string(),
            encoding: given.encoding.name().to_string(),
            shown: given.shown.clone(),
            label: given
                .labelled
                .as_deref()
                .map(|value| labels.label(&kind(recipient, &given.item), value)),
            collected_by: given.collected_by.map(str::to_string),
            hash_expected: given.hash_expected,
            turned_back_by: given.turned_back_by.clone(),
            recoverable: given.recoverable,
            matches_persona: given.matches_persona.clone(),
            chain: given.chain.clone(),
        })
}

fn capture_rows(
    readings: &[Reading],
    duplicates: &HashMap<usize, String>,
    knowledge: &Knowledge,
) -> Vec<CaptureRow> {
    let traces: Vec<&[u64]> = readings.iter().map(|r| r.traces.as_slice()).collect();
    let same = find_same_sessions(&traces);
    let row = |(place, reading): (usize, &Reading)| {
        let capture = &reading.capture;
        let remark = knowledge.sheet.of(&[&capture.path, &capture.place()]);
        let recorded = &reading.recorded;
        CaptureRow {
            capture_id: capture.id().to_string(),
            sha256: capture.sha256.clone(),
            file_sha256: capture.file_sha256.clone(),
            path: capture.path.clone(),
            member: capture.member.clone(),
            bytes: capture.bytes,
            volunteer: remark.volunteer,
            wave: remark.wave,
            note: remark.note,
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
            duplicate_of: duplicates.get(&place).cloned(),
            same_session_as: same[place].map(|at| readings[at].capture.id().to_string()),
        }
    };
    readings.iter().enumerate().map(row).collect()
}

fn yes_or_no(is_so: bool) -> &'static str {
    if is_so { "yes" } else { "no" }
}

fn state_name(state: State) -> &'static str {
    match state {
        State::Read => "read",
        State::Salvaged => "salvaged",
        State::Unreadable => "unreadable",
        State::Duplicate => "duplicate",
    }
}

fn contact_row(capture_id: &str, contact: &Contact, pages: &Pages) -> ContactRow {
    let joined = |texts: &BTreeSet<String>, between: &str| {
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        texts.join(between)
    };
    ContactRow {
        capture_id: capture_id.to_string(),
        page_id: contact
            .page_key()
            .and_then(|key| pages.ids.get(&key).cloned()),
        third_party: contact.third_party.clone(),
        recipient: contact.recipient.clone(),
        country: contact.country.clone(),
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
    }
}

fn setting_row(capture_id: &str, found: &FoundSetting) -> SettingRow {
    SettingRow {
        capture_id: capture_id.to_string(),
        entry_index: found.entry_index as u64,
        number: found.number as u64,
        tracker: found.tracker.clone(),
        recipient: found.recipient.clone(),
        account_id: found.account_id.clone(),
        account_key: account_key(&found.tracker, found.account_id.as_ref()),
        setting: found.setting.clone(),
        value: found.value.clone(),
        meaning: found.meaning.clone(),
        source: found.source.clone(),
    }
}

/// An account as no spreadsheet takes it for a number.
fn account_key(tracker: &str, account: Option<&String>) -> Option<String> {
    account.map(|account| format!("{tracker}:{account}"))
}

fn organisation_row(organisation: &Organisation) -> OrganisationRow {
    OrganisationRow {
        organisation_id: organisation.id.clone(),
        name: organisation.name.clone(),
        sector: organisation.sector.clone(),
        registry: organisation.registry.clone(),
        registry_code: organisation.registry_code.clone(),
        in_registry: organisation.in_registry,
        captures: 0,
        volunteers: 0,
        pages: 0,
        sensitive_pages: 0,
        events: 0,
        sensitive_events: 0,
        sensitive_events_named: 0,
        recipients: None,
        first_event_at: None,
        last_event_at: None,
        waves: None,
    }
}

fn vocabulary_row(item: &Item) -> VocabularyRow {
    VocabularyRow {
        item: item.name.clone(),
        is: item.is.clone(),
        is_not: item.is_not.clone(),
        plain: item.plain.name().to_string(),
        hashed: item.hashed.name().to_string(),
        turned_back_by: item.turned_back.clone(),
        candidates: item.candidates,
    }
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
