//! Who wrote a capture: by what it says itself, else by the members that only one program writes. Where neither helps,
//! the User-Agent header of a request still tells the browser.

use std::collections::BTreeSet;

use super::Capture;
use super::entries::Entries;
use super::producer::{Producer, ProducerKnownFrom, Producers};
use super::scanner::Object;

/// How many different names are kept, and how long they may be: no program writes as many or as long ones.
const MAX_NAMES: usize = 256;
const MAX_NAME_BYTES: usize = 64;

/// The names of members that are no part of the format: they begin with an underscore.
#[derive(Debug, Default)]
pub struct Extensions(BTreeSet<String>);

impl Extensions {
    /// Takes those of an entry and of its response.
    pub fn note(&mut self, entry: &Object) {
        let response = entry.last("response").and_then(|r| r.inside.object());
        let members = entry.members.iter();
        for member in members.chain(response.iter().flat_map(|r| &r.members)) {
            let name = member.key.as_ref();
            if is_extension(name) && self.0.len() < MAX_NAMES && !self.0.contains(name) {
                self.0.insert(name.to_owned());
            }
        }
    }
}

fn is_extension(name: &str) -> bool {
    name.starts_with('_') && name.len() <= MAX_NAME_BYTES
}

/// Fills in what the capture does not say of its producer, and how it is known.
pub fn identify(capture: &mut Capture, extensions: &Extensions) {
    if capture
        .producer
        .as_deref()
        .is_some_and(|name| !name.trim().is_empty())
    {
        capture.producer_known_from = Some(ProducerKnownFrom::Creator);
        return;
    }
    let Ok(table) = Producers::built_in() else {
        return;
    };
    if let Some(guess) = table.of_fields(|name| extensions.0.contains(name)) {
        capture.producer = Some(guess.name.clone());
        capture.producer_known_from = Some(ProducerKnownFrom::Guessed);
    } else if capture.browser.is_none() {
        capture.browser = browser_of(&capture.entries, table);
    }
}

/// The browser by the first User-Agent header; all requests of a browser send the same.
fn browser_of(entries: &Entries, table: &Producers) -> Option<String> {
    let agent = entries
        .iter()
        .flat_map(|entry| entry.request.headers.iter())
        .find(|header| header.name.eq_ignore_ascii_case("user-agent"))?;
    let browser = table.browser_of_agent(agent.value)?;
    Some(format!("{browser} (by its User-Agent)"))
}

impl Capture {
    /// What the table of producers says of this capture's; `None` where it does not have it.
    pub fn known_producer(&self) -> Option<&'static Producer> {
        let table = Producers::built_in().ok()?;
        let name = self.producer.as_deref()?;
        match self.producer_known_from? {
            ProducerKnownFrom::Creator => table.of_creator(name),
            ProducerKnownFrom::Guessed => table.get(name),
        }
    }
}
