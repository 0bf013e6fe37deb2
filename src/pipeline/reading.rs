//! One capture, read to the end: its facts, the events it holds, the pages it shows, whom it contacted, under which settings
//! and what could not be read. Captures know nothing of each other here; that comes after.

use rayon::prelude::*;

use super::contacts::{Contact, contacts_of};
use super::digest::Digest;
use super::parties::Parties;
use super::recorded::{Recorded, exchanges_of};
use super::repeats::Witness;
use super::searching::Search;
use super::sessions::{moment, traces_of};
use super::settings::{FoundSetting, settings_of};
use super::sighting::{Sighting, page_of_event, sightings_of, site_of_request};
use super::{Knowledge, SHARE};
use crate::capture::{Capture, Problem, Stage, unread_capture};
use crate::dataset::ParameterRow;
use crate::disclosure::{
    Asked, Disclosure, Encoding, Identifiability, Reveal, Show, Timelines, Verdict, add_personas,
    disclosures_of, explain, shown,
};
use crate::exchange::{BodyState, CookiesRecorded, Exchange, Location};
use crate::page::{KnownFrom, Located, PageTable, page_key};
use crate::tracker::{Action, CollectedBy, Decoding, Event};

/// What one capture holds.
#[derive(Debug)]
pub struct Reading {
    /// Without its entries: they are used up.
    pub capture: Capture,
    pub recorded: Recorded,
    /// What tells each request from all others.
    pub traces: Vec<i64>,
    pub events: Vec<FoundEvent>,
    pub contacts: Vec<Contact>,
    pub search: Search,
    pub settings: Vec<FoundSetting>,
    pub sightings: Vec<Sighting>,
}

/// One event, with what the tables and the comparison with other events need of it.
#[derive(Debug)]
pub struct FoundEvent {
    pub event: EventFacts,
    pub page_key: Option<String>,
    pub known_from: Option<KnownFrom>,
    pub page_conflict: Option<String>,
    pub witness: Witness,
    pub identifiability: Identifiability,
    pub items: Vec<GivenAway>,
    pub parameters: Vec<ParameterRow>,
    pub started_at: Option<String>,
    pub started_at_original: Option<String>,
    pub body: BodyState,
    pub body_evidence: String,
    pub delivery_evidence: String,
    pub headers_recorded: bool,
    pub cookies: CookiesRecorded,
    pub consent: Verdict,
}

/// What a capture tells of its pages, and of what was answered to their consent banners.
struct Around<'a> {
    table: &'a PageTable,
    consent: &'a Timelines<'a>,
}

/// The columns that come from the payload, as they may be shown.
#[derive(Debug, Clone)]
pub struct EventFacts {
    pub tracker: String,
    pub endpoint: String,
    pub recipient: String,
    pub via_own_host: bool,
    pub account_id: Option<String>,
    pub event_name: Option<String>,
    pub action: &'static str,
    pub automatic: bool,
    pub in_frame: bool,
    pub referrer: Option<String>,
    pub clicked_text: Option<String>,
    pub clicked_destination: Option<String>,
    pub form_fields: Option<String>,
    pub search_term: Option<String>,
    pub consent_reported: Option<String>,
}

/// One data item, ready for its row but for the label.
#[derive(Debug, Clone)]
pub struct GivenAway {
    pub item: String,
    pub parameter: String,
    pub location: Location,
    pub encoding: Encoding,
    pub shown: String,
    /// The value to be labelled; `None`: no label.
    pub labelled: Option<String>,
    pub collected_by: Option<&'static str>,
    pub hash_expected: bool,
    pub turned_back_by: Option<String>,
    pub recoverable: Option<u64>,
    pub matches_persona: Option<String>,
    pub chain: Option<String>,
}

/// Reads one capture. `text` is its own.
pub fn read_one(mut capture: Capture, text: &[u8], knowledge: &Knowledge) -> Reading {
    let (exchanges, recorded) = exchanges_of(&mut capture);
    let table = PageTable::of(&capture, &exchanges);
    let consent = Timelines::of(
        &exchanges,
        recorded.cookies.recorded,
        &knowledge.consent_tools,
        &knowledge.library,
        &|exchange| site_of_request(exchange, &table),
    );
    let around = Around {
        table: &table,
        consent: &consent,
    };
    let mut reading = Reading {
        recorded,
        traces: traces_of(&exchanges),
        events: Vec::new(),
        contacts: Vec::new(),
        search: Search::default(),
        settings: Vec::new(),
        sightings: sightings_of(&table),
        capture,
    };
    let decodings: Vec<Option<Decoding>> = exchanges
        .par_iter()
        .with_min_len(SHARE)
        .map(|exchange| knowledge.library.decode(exchange))
        .collect();
    for (exchange, decoding) in exchanges.iter().zip(&decodings) {
        reading.add_problems(exchange, decoding.as_ref());
        let events = decoding.iter().flat_map(|decoding| &decoding.events);
        // One body may hold thousands of events: it is digested once.
        let mut digest = None;
        for event in events {
            let request = *digest.get_or_insert_with(|| request_digest(exchange));
            reading.add_event(event, exchange, request, &around, knowledge);
        }
    }
    let parties: Vec<Parties> = exchanges
        .par_iter()
        .zip(&decodings)
        .with_min_len(SHARE)
        .map(|(exchange, decoding)| Parties::of(exchange, decoding.as_ref(), &table, knowledge))
        .collect();
    reading.contacts = contacts_of(&exchanges, &decodings, &parties, knowledge);
    reading.search = Search::of(&exchanges, &decodings, &parties, knowledge);
    let of_search = std::mem::take(&mut reading.search.problems);
    reading.capture.problems.extend(of_search);
    let of_contacts = reading.contacts.iter().filter_map(Contact::sighting);
    reading.sightings.extend(of_contacts);
    let (settings, problems) = settings_of(&exchanges, &decodings, text, knowledge);
    reading.settings = settings;
    reading.capture.problems.extend(problems);
    reading
}

impl Reading {
    /// For an input of which nothing was read.
    pub fn unread(shown: &str, problem: Problem) -> Reading {
        let capture = unread_capture(shown, problem);
        Reading {
            recorded: Recorded::nothing(),
            capture,
            traces: Vec::new(),
            events: Vec::new(),
            contacts: Vec::new(),
            search: Search::default(),
            settings: Vec::new(),
            sightings: Vec::new(),
        }
    }

    fn add_problems(&mut self, exchange: &Exchange, decoding: Option<&Decoding>) {
        let index = exchange.entry_index;
        let of_tracker = decoding.iter().flat_map(|decoding| {
            let rule = &decoding.rule.name;
            decoding.errors.iter().map(move |error| {
                let message = format!("{rule}: {error}");
                Problem::of_entry(index, Stage::Tracker, error.code(), message)
                    .at(exchange.entry_at)
            })
        });
        self.capture.problems.extend(of_tracker);
    }

    fn add_event(
        &mut self,
        event: &Event,
        exchange: &Exchange,
        request: Digest,
        around: &Around,
        knowledge: &Knowledge,
    ) {
        let located = page_of_event(event, exchange, around.table, knowledge);
        let asked = Asked {
            event,
            exchange,
            page: located.as_ref().map(|located| &located.page),
            is_page_disputed: located.as_ref().is_some_and(|l| l.conflict.is_some()),
        };
        let consent = around.consent.verdict(&asked);
        if let Some(Located { page, .. }) = &located {
            self.sightings.push(Sighting {
                key: page_key(page),
                address: page.clone(),
                title: event.page_title.clone(),
            });
        }
        let mut disclosures = disclosures_of(event, &knowledge.vocabulary);
        add_personas(
            event,
            &knowledge.vocabulary,
            &knowledge.search,
            &mut disclosures,
        );
        let cookies = CookiesRecorded::of_request(exchange, self.recorded.cookies.recorded);
        let page_key = located.as_ref().map(|located| page_key(&located.page));
        self.events.push(FoundEvent {
            event: facts_of(event, exchange, knowledge),
            witness: witness_of(event, exchange, request, page_key.as_deref()),
            page_key,
            known_from: located.as_ref().map(|located| located.known_from),
            page_conflict: located.and_then(|located| located.conflict),
            identifiability: Identifiability::of(&disclosures, cookies, exchange.body.state),
            items: disclosures
                .iter()
                .map(|d| given_away(d, knowledge.reveal))
                .collect(),
            parameters: if knowledge.with_parameters {
                parameter_rows(event, knowledge)
            } else {
                Vec::new()
            },
            started_at: exchange.started.as_ref().map(|started| started.utc.clone()),
            started_at_original: exchange.started.as_ref().and_then(|s| s.original.clone()),
            body: exchange.body.state,
            body_evidence: shown(
                &exchange.body.evidence.to_string(),
                Show::Content,
                knowledge.reveal,
            ),
            delivery_evidence: exchange.delivery_evidence.to_string(),
            headers_recorded: !exchange.headers.is_empty(),
            cookies,
            consent,
        });
    }
}

fn facts_of(event: &Event, exchange: &Exchange, knowledge: &Knowledge) -> EventFacts {
    let reveal = knowledge.reveal;
    let as_shown = |value: &Option<String>, show: Show| {
        value.as_deref().map(|value| shown(value, show, reveal))
    };
    let fields = event.form_fields.join(" ");
    EventFacts {
        tracker: event.rule.name.clone(),
        endpoint: event.endpoint().name.clone(),
        recipient: event.rule.recipient.clone(),
        via_own_host: is_via_own_host(event, exchange, knowledge),
        account_id: event.account_id.clone(),
        event_name: as_shown(&event.event_name, Show::Content),
        action: event.action.name(),
        automatic: event.automatic,
        in_frame: event.in_frame,
        referrer: as_shown(&event.referrer, Show::Address),
        clicked_text: as_shown(&event.clicked_text, Show::Content),
        clicked_destination: as_shown(&event.clicked_destination, Show::Address),
        form_fields: as_shown(&Some(fields).filter(|f| !f.is_empty()), Show::Content),
        search_term: as_shown(&event.search_term, Show::Typed),
        consent_reported: as_shown(&event.consent, Show::Content),
    }
}

/// The endpoint is known by its shape alone, and the host is none of the recipient's.
fn is_via_own_host(event: &Event, exchange: &Exchange, knowledge: &Knowledge) -> bool {
    let company = knowledge.library.company_of_host(&exchange.address.host);
    event.endpoint().hosts.is_empty() && company != Some(event.rule.recipient.as_str())
}

fn given_away(disclosure: &Disclosure, reveal: Reveal) -> GivenAway {
    GivenAway {
        item: disclosure.item.name.clone(),
        parameter: shown(disclosure.parameter, Show::Content, reveal),
        location: disclosure.location,
        encoding: disclosure.encoding,
        shown: disclosure.shown(reveal),
        labelled: disclosure
            .is_labelled()
            .then(|| disclosure.value.to_string()),
        collected_by: disclosure.collected_by.map(CollectedBy::name),
        hash_expected: disclosure.hash_expected,
        turned_back_by: disclosure.turned_back_by().map(str::to_string),
        recoverable: disclosure.recoverable(),
        matches_persona: disclosure
            .persona
            .as_ref()
            .map(|found| found.persona.clone()),
        chain: disclosure.persona.as_ref().map(|found| found.chain.clone()),
    }
}

fn witness_of(
    event: &Event,
    exchange: &Exchange,
    request: Digest,
    page_key: Option<&str>,
) -> Witness {
    let subject = [
        Some(event.rule.name.as_str()),
        event.account_id.as_deref(),
        event.event_name.as_deref(),
        page_key,
    ];
    Witness {
        capture: 0,
        entry: event.entry_index,
        number: event.number,
        delivery: Some(exchange.delivery),
        is_copy: event.is_copy(),
        via_service_worker: exchange.via_service_worker,
        is_recording: event.action == Action::SessionReplay,
        fingerprint: event.fingerprint.map(Digest::from),
        request,
        started_millis: moment(exchange),
        address: Digest::of(&[&exchange.address.raw]),
        redirect_to: exchange.redirect_to.as_deref().map(|to| Digest::of(&[to])),
        subject: Digest::of(&subject.map(Option::unwrap_or_default)),
    }
}

fn request_digest(exchange: &Exchange) -> Digest {
    Digest::of(&[&exchange.method, &exchange.address.raw, &exchange.body.text])
}

/// The rows still lack the id of their event and their number in it.
fn parameter_rows(event: &Event, knowledge: &Knowledge) -> Vec<ParameterRow> {
    let owned = |text: Option<&str>| text.map(str::to_string);
    explain(event, &knowledge.vocabulary)
        .into_iter()
        .map(|parameter| ParameterRow {
            event_id: String::new(),
            number: 0,
            location: parameter.location.name().to_string(),
            name: parameter.name(knowledge.reveal),
            shown: parameter.value(knowledge.reveal),
            derived: parameter.derived,
            item: owned(parameter.item),
            meaning: owned(parameter.meaning),
            source: owned(parameter.source),
        })
        .collect()
}
