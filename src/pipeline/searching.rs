//! What was typed, looked for in the requests of a capture to third parties, decoded or not; and what came of it, found or not.

use rayon::prelude::*;

use super::part::OfPage;
use super::parties::{Parties, recipient_of};
use super::rest::Searched;
use super::{Knowledge, SHARE};
use crate::capture::{Problem, Stage};
use crate::dataset::{MatchRow, SearchRow};
use crate::disclosure::search::{Context, Match, Seen, Target};
use crate::disclosure::{Reveal, Show, shown};
use crate::exchange::{BodyState, Exchange, Location};
use crate::page::page_key;
use crate::tracker::Decoding;

/// What came of the search of one capture.
#[derive(Debug, Default)]
pub struct Search {
    pub requests: u64,
    pub requests_without_body: u64,
    pub found: Vec<FoundIn>,
    pub problems: Vec<Problem>,
}

/// A request in which something was found.
#[derive(Debug)]
pub struct FoundIn {
    entry: usize,
    tells_event: bool,
    started_at: Option<String>,
    page_key: Option<String>,
    third_party: String,
    recipient: Option<String>,
    delivery: &'static str,
    matches: Vec<Match>,
}

impl Search {
    /// Looks through every request to a third party.
    pub fn of(
        exchanges: &[Exchange],
        decodings: &[Option<Decoding>],
        parties: &[Parties],
        knowledge: &Knowledge,
    ) -> Search {
        let shares = exchanges.par_chunks(SHARE).zip(decodings.par_chunks(SHARE));
        let shares = shares.zip(parties.par_chunks(SHARE));
        let searched: Vec<Search> = shares
            .map(|((exchanges, decodings), parties)| {
                Search::of_share(exchanges, decodings, parties, knowledge)
            })
            .collect();
        searched.into_iter().fold(Search::default(), Search::and)
    }

    fn of_share(
        exchanges: &[Exchange],
        decodings: &[Option<Decoding>],
        parties: &[Parties],
        knowledge: &Knowledge,
    ) -> Search {
        let mut search = Search::default();
        let mut seen = Seen::default();
        for ((exchange, decoding), parties) in exchanges.iter().zip(decodings).zip(parties) {
            if parties.is_third_party {
                search.add(exchange, decoding.as_ref(), parties, knowledge, &mut seen);
            }
        }
        search
    }

    /// What came of the requests before, and of those behind them.
    fn and(mut self, behind: Search) -> Search {
        self.requests += behind.requests;
        self.requests_without_body += behind.requests_without_body;
        self.found.extend(behind.found);
        self.problems.extend(behind.problems);
        self
    }

    fn add(
        &mut self,
        exchange: &Exchange,
        decoding: Option<&Decoding>,
        parties: &Parties,
        knowledge: &Knowledge,
        seen: &mut Seen,
    ) {
        self.requests += 1;
        let body = exchange.body.state;
        self.requests_without_body +=
            u64::from(matches!(body, BodyState::NotRecorded | BodyState::Lossy));
        let own = [parties.from.as_deref(), Some(parties.to)];
        let own: Vec<&str> = own.into_iter().flatten().collect();
        let context = Context {
            own_sites: &own,
            is_content: &|location, name| is_content(decoding, location, name, knowledge),
        };
        let searched = knowledge.search.find(exchange, &context, seen);
        if searched.is_cut {
            let message = "a value unpacks to more than is looked through; what was typed may stand in the rest";
            let problem = Problem::of_entry(
                exchange.entry_index,
                Stage::Exchange,
                "not_searched_whole",
                message.to_string(),
            );
            self.problems.push(problem.at(exchange.entry_at));
        }
        if searched.matches.is_empty() {
            return;
        }
        self.found.push(FoundIn {
            entry: exchange.entry_index,
            tells_event: decoding.is_some_and(|decoding| !decoding.events.is_empty()),
            started_at: exchange.started.as_ref().map(|started| started.utc.clone()),
            page_key: parties.page.as_deref().map(page_key),
            third_party: parties.to.to_owned(),
            recipient: recipient_of(exchange, decoding, knowledge),
            delivery: exchange.delivery.name(),
            matches: searched.matches,
        });
    }
}

/// Whether a rule says that a parameter, or a piece of it, is what the site wrote on its page.
fn is_content(
    decoding: Option<&Decoding>,
    location: Location,
    name: &str,
    knowledge: &Knowledge,
) -> bool {
    let events = decoding.iter().flat_map(|decoding| &decoding.events);
    let mut told = events.flat_map(|event| event.told.iter().map(move |told| (event, told)));
    told.any(|(event, told)| {
        let parameter = &told.parameter;
        let is_piece = || {
            let behind = parameter.name.strip_prefix(name);
            behind.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
        };
        let item = || event.meaning_of(told)?.item.as_deref();
        let is_of_page = || {
            let item = item().and_then(|item| knowledge.vocabulary.get(item));
            item.is_some_and(|item| item.of_page)
        };
        parameter.location == location && is_piece() && is_of_page()
    })
}

/// The rows of what was found, numbered within their request.
pub fn match_rows(
    capture_id: &str,
    search: &Search,
    knowledge: &Knowledge,
) -> Vec<OfPage<MatchRow>> {
    let mut rows = Vec::new();
    if search.found.is_empty() {
        return rows;
    }
    let targets = knowledge.search.targets();
    for found in &search.found {
        for (number, matched) in (0..).zip(&found.matches) {
            let Some(target) = targets.get(matched.target) else {
                continue;
            };
            rows.push(OfPage {
                page_key: found.page_key.clone(),
                row: match_row(capture_id, found, number, matched, target, knowledge.reveal),
            });
        }
    }
    rows
}

fn match_row(
    capture_id: &str,
    found: &FoundIn,
    number: u64,
    matched: &Match,
    target: &Target,
    reveal: Reveal,
) -> MatchRow {
    let event_id = || super::rows::event_id(capture_id, found.entry, 0);
    MatchRow {
        capture_id: capture_id.to_string(),
        entry_index: found.entry as u64,
        number,
        event_id: found.tells_event.then(event_id),
        started_at: found.started_at.clone(),
        page_id: None,
        third_party: found.third_party.clone(),
        recipient: found.recipient.clone(),
        delivery: found.delivery.to_string(),
        found_by: found_by(target.persona.is_some()),
        persona: target.persona.map(|value| value.persona.clone()),
        kind: target.kind.to_string(),
        value_number: target.persona.map_or(0, |value| value.number as u64),
        item: target.item.to_string(),
        location: matched.location.name().to_string(),
        parameter: shown(&matched.parameter, Show::Typed, reveal),
        encoding: matched.encoding.name().to_string(),
        chain: matched.chain.clone(),
        shown: shown(&matched.found, Show::Masked, reveal),
    }
}

/// One row a thing that was looked for. In how many requests and captures each was found comes with the tables.
pub fn search_rows(searched: Searched, knowledge: &Knowledge) -> Vec<SearchRow> {
    let row = |(at, target): (usize, Target)| {
        let value = target.persona;
        SearchRow {
            found_by: found_by(value.is_some()),
            persona: value.map(|value| value.persona.clone()),
            kind: target.kind.to_string(),
            number: value.map_or(0, |value| value.number as u64),
            shown: value.map(|value| shown(&value.value, Show::Masked, knowledge.reveal)),
            looked_for: knowledge.search.looked_for(at),
            requests: searched.requests,
            requests_without_body: searched.requests_without_body,
            requests_found: 0,
            captures_found: 0,
        }
    };
    let targets = knowledge.search.targets().into_iter().enumerate();
    targets.map(row).collect()
}

fn found_by(is_persona: bool) -> String {
    if is_persona { "persona" } else { "shape" }.to_string()
}
