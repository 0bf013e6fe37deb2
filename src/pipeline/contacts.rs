//! Whom did the pages of a capture contact? Every third-party site, whether or not a rule can read what was said.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::Knowledge;
use super::parties::{Parties, recipient_of};
use super::sighting::Sighting;
use crate::capture::SocketMessages;
use crate::exchange::{Address, Delivery, Exchange, Parameter};
use crate::page::page_key;
use crate::tracker::{Decoding, Role};

/// One third-party site, contacted from one page of one capture.
#[derive(Debug, Clone)]
pub struct Contact {
    pub page: Option<Address>,
    pub third_party: String,
    pub recipient: Option<String>,
    pub country: Option<String>,
    pub products: BTreeSet<String>,
    pub requests: u64,
    pub delivered: u64,
    pub bytes_sent: u64,
    pub telling_requests: u64,
    pub telling_requests_read: u64,
    pub event_requests: u64,
    pub presence_requests: u64,
    pub socket_messages: SocketMessages,
    pub roles: BTreeSet<String>,
    pub accounts: BTreeSet<String>,
}

impl Contact {
    pub fn page_key(&self) -> Option<String> {
        self.page.as_ref().map(page_key)
    }

    pub fn sighting(&self) -> Option<Sighting> {
        let address = self.page.clone()?;
        Some(Sighting {
            key: page_key(&address),
            address,
            title: None,
        })
    }
}

/// The contacts of a capture, by page and site.
pub fn contacts_of(
    exchanges: &[Exchange],
    decodings: &[Option<Decoding>],
    parties: &[Parties],
    knowledge: &Knowledge,
) -> Vec<Contact> {
    let mut found: BTreeMap<(Option<String>, &str), Contact> = BTreeMap::new();
    for ((exchange, decoding), parties) in exchanges.iter().zip(decodings).zip(parties) {
        if !parties.is_third_party {
            continue;
        }
        let Parties { page, to, .. } = parties;
        let key = (page.as_deref().map(page_key), *to);
        let contact = found.entry(key).or_insert_with(|| Contact {
            page: page.clone().map(Cow::into_owned),
            third_party: (*to).to_owned(),
            recipient: None,
            country: None,
            products: BTreeSet::new(),
            requests: 0,
            delivered: 0,
            bytes_sent: 0,
            telling_requests: 0,
            telling_requests_read: 0,
            event_requests: 0,
            presence_requests: 0,
            socket_messages: SocketMessages::default(),
            roles: BTreeSet::new(),
            accounts: BTreeSet::new(),
        });
        contact.add(exchange, decoding.as_ref(), knowledge);
    }
    found.into_values().collect()
}

impl Contact {
    fn add(&mut self, exchange: &Exchange, decoding: Option<&Decoding>, knowledge: &Knowledge) {
        self.requests += 1;
        if exchange.delivery == Delivery::Delivered {
            self.delivered += 1;
            self.bytes_sent += exchange.bytes_sent;
        }
        let messages = exchange.socket_messages.unwrap_or_default();
        self.socket_messages.sent += messages.sent;
        self.socket_messages.received += messages.received;
        let library = &knowledge.library;
        let host = &exchange.address.host;
        let recipient = || recipient_of(exchange, decoding, knowledge);
        self.recipient = self.recipient.take().or_else(recipient);
        let known = library.recipients.of_host(host);
        // A rule knows better than the host's name what was spoken to.
        let by_rule = decoding.map(|decoding| &decoding.rule.title);
        let product = by_rule.or(known.map(|recipient| &recipient.product));
        let new_product = product.filter(|product| !self.products.contains(*product));
        self.products.extend(new_product.cloned());
        let country = || known.map(|recipient| recipient.country.clone());
        self.country = self.country.take().or_else(country);
        if tells(exchange, self.page.as_ref()) {
            self.telling_requests += 1;
            self.telling_requests_read += u64::from(decoding.is_some());
        }
        let Some(decoding) = decoding else { return };
        if !decoding.events.is_empty() {
            self.event_requests += 1;
        } else if decoding.role() == Role::Presence {
            self.presence_requests += 1;
        }
        let endpoint = &decoding.rule.endpoints[decoding.endpoint];
        self.roles.insert(endpoint.name.clone());
        self.accounts.extend(decoding.account_id.clone());
    }
}

/// Whether a request carries what could say something of the visitor: a cookie, the page's host in a value, or a value that
/// looks like an id.
fn tells(exchange: &Exchange, page: Option<&Address>) -> bool {
    let says = |parameter: &Parameter| {
        let value = parameter.value.as_str();
        page.is_some_and(|page| value.contains(&page.host)) || looks_like_id(value)
    };
    !exchange.cookies.is_empty()
        || exchange.query_parameters().iter().any(says)
        || exchange.body.parameters().0.iter().any(says)
}

/// Sixteen signs and more without a space, letters and digits mixed, or digits alone: shorter ones are versions and sizes.
fn looks_like_id(value: &str) -> bool {
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-_.~".contains(&b);
    (16..=128).contains(&value.len()) && digits >= 4 && value.bytes().all(plain)
}
