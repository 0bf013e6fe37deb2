//! A page, seen in a capture: opened there, or named by what a tracker was told.

use std::collections::BTreeMap;

use super::Knowledge;
use crate::exchange::{Address, Exchange, registrable_domain};
use crate::page::{Located, PageTable, PayloadPage, locate, page_key};
use crate::tracker::Event;

/// A page, seen in a capture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sighting {
    pub key: String,
    pub address: Address,
    pub title: Option<String>,
}

/// The pages that a capture fetched.
pub fn sightings_of(table: &PageTable) -> Vec<Sighting> {
    let mut by_key: BTreeMap<String, Sighting> = BTreeMap::new();
    for (address, title) in table.pages() {
        let key = page_key(address);
        let sighting = by_key.entry(key.clone()).or_insert_with(|| Sighting {
            key,
            address: address.clone(),
            title: None,
        });
        // Two rows of the page table may title one page; the first by alphabet, so that every run takes the same.
        let titles = [sighting.title.take(), title.map(str::to_string)];
        sighting.title = titles.into_iter().flatten().min();
    }
    by_key.into_values().collect()
}

/// The page that an event is about.
pub fn page_of_event(
    event: &Event,
    exchange: &Exchange,
    table: &PageTable,
    knowledge: &Knowledge,
) -> Option<Located> {
    let payload = PayloadPage {
        page_url: event.page_url.as_deref(),
        referrer: event.referrer.as_deref(),
        in_frame: event.in_frame,
    };
    let is_tracker = |host: &str| knowledge.library.is_tracker_host(host);
    locate(payload, exchange, table, &is_tracker)
}

/// The site from whose page a request went out, whatever it is about: by its Referer, else by the document that was
/// fetched, else by its initiator.
pub fn site_of_request(exchange: &Exchange, table: &PageTable) -> Option<String> {
    let document = || table.document(exchange.pageref.as_deref()).cloned();
    let initiator = || exchange.initiator_url.as_deref().and_then(Address::parse);
    let from = exchange.referer().or_else(document).or_else(initiator)?;
    Some(registrable_domain(&from.host).to_owned())
}
