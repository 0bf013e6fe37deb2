//! What a capture holds and what it does not, whatever was told in it: the facts by which a reader can judge how much an
//! absence means.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::SHARE;
use crate::capture::{Capture, Entries, Entry, InputFile, Problem, Stage, read_captures};
use crate::exchange::{
    BodyEvidence, BodyState, CookieEvidence, Delivery, Exchange, ProducerHabits, habits_of,
    redacted_values,
};

/// What of its requests a capture holds.
#[derive(Debug)]
pub struct Recorded {
    pub entries_read: usize,
    /// Entries that are no request of a page.
    pub entries_not_http: usize,
    pub deliveries: BTreeMap<Delivery, usize>,
    pub cookies: CookieEvidence,
    /// Entries whose request had a body that is not here, and why that is thought.
    pub bodies_missing: Vec<(usize, BodyEvidence)>,
    /// Entries of whose request not one header is here.
    pub headers_missing: Vec<usize>,
    pub first_request_at: Option<String>,
    pub last_request_at: Option<String>,
}

impl Recorded {
    /// Of a capture of which nothing was read.
    pub fn nothing() -> Recorded {
        Recorded::of(0, CookieEvidence::none(), &[])
    }

    /// Looks through the requests of a capture of so many entries.
    fn of(entries: usize, cookies: CookieEvidence, exchanges: &[Exchange]) -> Recorded {
        let moments = || {
            exchanges
                .iter()
                .filter_map(|exchange| exchange.started.as_ref())
        };
        let mut deliveries = BTreeMap::new();
        for exchange in exchanges {
            *deliveries.entry(exchange.delivery).or_default() += 1;
        }
        let bodies = exchanges
            .iter()
            .filter(|e| e.body.state == BodyState::NotRecorded);
        let bare = exchanges.iter().filter(|e| e.headers.is_empty());
        Recorded {
            entries_read: entries,
            entries_not_http: entries - exchanges.len(),
            deliveries,
            cookies,
            bodies_missing: bodies
                .map(|e| (e.entry_index, e.body.evidence.clone()))
                .collect(),
            headers_missing: bare.map(|e| e.entry_index).collect(),
            first_request_at: moments().map(|started| started.utc.clone()).min(),
            last_request_at: moments().map(|started| started.utc.clone()).max(),
        }
    }
}

/// The requests of a capture, decoded, and what of them it holds. Its entries are used up; what could not be decoded is among
/// its problems now.
pub fn exchanges_of(capture: &mut Capture) -> (Vec<Exchange>, Recorded) {
    let habits = habits_of(capture);
    let cookies = CookieEvidence::of(capture);
    let entries = std::mem::take(&mut capture.entries);
    let count = entries.len();
    let exchanges = decoded(entries, habits);
    let of_exchanges = exchanges.iter().flat_map(|exchange| {
        exchange.errors.iter().map(|error| {
            let code = error.code();
            Problem::of_entry(
                exchange.entry_index,
                Stage::Exchange,
                code,
                error.to_string(),
            )
            .at(exchange.entry_at)
        })
    });
    capture.problems.extend(of_exchanges);
    capture.problems.extend(redactions(&exchanges));
    let recorded = Recorded::of(count, cookies, &exchanges);
    (exchanges, recorded)
}

/// Decodes so many at a time: what comes of shares that run side by side is held twice until it is put together.
const BATCH: usize = 4 * SHARE;

fn decoded(entries: Entries, habits: ProducerHabits) -> Vec<Exchange> {
    let mut exchanges = Vec::with_capacity(entries.len());
    if entries.len() <= SHARE || rayon::current_num_threads() == 1 {
        let decoded = entries.into_iter();
        exchanges.extend(decoded.filter_map(|entry| Exchange::of(entry, habits)));
        return exchanges;
    }
    let mut entries = entries.into_iter();
    loop {
        let batch: Vec<Entry> = entries.by_ref().take(BATCH).collect();
        if batch.is_empty() {
            return exchanges;
        }
        let batch = batch.into_par_iter().with_min_len(SHARE);
        exchanges.par_extend(batch.filter_map(|entry| Exchange::of(entry, habits)));
    }
}

/// Somebody took values out before the capture was passed on: what is left must not be read as if it were all.
fn redactions(exchanges: &[Exchange]) -> Option<Problem> {
    let exchanges = exchanges.par_iter().with_min_len(SHARE);
    let count: usize = exchanges.map(redacted_values).sum();
    let message = format!("{count} values were blacked out before the capture was passed on");
    (count > 0).then(|| Problem::of_file(Stage::Exchange, "redacted_values", message))
}

/// Reads a file and says of every capture in it what it holds, without asking what was told to whom.
pub fn inspect(file: &InputFile, sink: &mut dyn FnMut(&Capture, &Recorded)) {
    read_captures(file, &mut |mut capture, _| {
        let (_, recorded) = exchanges_of(&mut capture);
        sink(&capture, &recorded);
    });
}
