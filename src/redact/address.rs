//! Addresses: host and path stay, the values of the query stay where a rule says that they may, the fragment and a password
//! before the host go. The same address comes out the same wherever it stands, because redirects and pages are told by it.

use super::fate::UNKNOWN;
use super::{Editor, Place};
use crate::capture::Entry;
use crate::exchange::{Address, Exchange, Location, ProducerHabits, rewrite_pairs};
use crate::tracker::{Decoding, Leaf, Repacked};

/// Of an address that a page's script opens or dials the site is the owner, as the vocabulary says.
const OF_THE_SITE: [&str; 4] = ["tel", "mailto", "sms", "javascript"];

/// An address may stand in an address. What stands in more than these goes.
const DEEPEST: usize = 4;

impl Editor<'_, '_> {
    /// An address, wherever it stands.
    pub fn address(&mut self, place: Place, raw: &str) -> String {
        if let Some(new) = self.if_address(place, raw) {
            return new;
        }
        match raw.split_once(':') {
            Some((scheme, _)) if OF_THE_SITE.contains(&scheme) => {
                self.netted(raw).unwrap_or_else(|| raw.to_owned())
            }
            // Packed into the address itself may be anything.
            Some((scheme @ ("data" | "blob"), inside)) => {
                self.note(place, scheme, "packed", inside.chars().count());
                format!("{scheme}:")
            }
            _ => self.relative(place, raw),
        }
    }

    /// `None`: it is no absolute address.
    pub fn if_address(&mut self, place: Place, raw: &str) -> Option<String> {
        let entry = Entry::of_request("GET", raw.trim(), None, None);
        let exchange = Exchange::decode(&entry, ProducerHabits::default())?;
        if self.depth >= DEEPEST {
            return Some(self.gone(place, "", raw, UNKNOWN));
        }
        let decoding = self.redactor.wishes.library.decode(&exchange);
        self.depth += 1;
        let new = self.request_address(place, &exchange, decoding.as_ref());
        self.depth -= 1;
        Some(new)
    }

    /// A value that nobody knows, if it is the address of a page of these captures: those stay in other places too.
    pub fn if_known_page(&mut self, place: Place, value: &str) -> Option<String> {
        let address = Address::parse(value)?;
        let found = self.noticed.as_ref().unwrap_or(&self.redactor.found);
        if !found.is_page(&address) {
            return None;
        }
        self.if_address(place, value)
    }

    fn request_address(
        &mut self,
        place: Place,
        exchange: &Exchange,
        decoding: Option<&Decoding>,
    ) -> String {
        let repacked = self.repacked(exchange, decoding, Some(place));
        self.put_together(place, exchange, decoding, &repacked)
    }

    /// The payload of a request with placeholders. `place`: where all of it stands; `None`: each where it is.
    pub fn repacked(
        &mut self,
        exchange: &Exchange,
        decoding: Option<&Decoding>,
        place: Option<Place>,
    ) -> Repacked {
        let library = self.redactor.wishes.library;
        let repacker = library.repacker(decoding);
        repacker.repack(exchange, &mut |leaf: &Leaf| {
            let own = match leaf.location {
                Location::Path => Place::Path,
                Location::Body => Place::RequestBody,
                Location::Query | Location::Header | Location::Cookie => Place::Query,
            };
            self.leaf(place.unwrap_or(own), leaf)
        })
    }

    /// The address of a request whose path and query have come back.
    pub fn put_together(
        &mut self,
        place: Place,
        exchange: &Exchange,
        decoding: Option<&Decoding>,
        repacked: &Repacked,
    ) -> String {
        let raw = exchange.address.raw.as_str();
        let front = raw.split_once('?').map_or(raw, |(front, _)| front);
        let origin = origin_of(front);
        // Where there is no path, none is put there: addresses are compared as they were written.
        let path = match front.len() > authority_end(front) {
            true => self.path(place, &repacked.path, decoding.is_some()),
            false => String::new(),
        };
        let query = repacked.query.as_deref();
        let query = query.map(|query| format!("?{query}")).unwrap_or_default();
        self.last_look(place, format!("{origin}{path}{query}"))
    }

    /// A path, perhaps with a query; or something that is none of both.
    fn relative(&mut self, place: Place, raw: &str) -> String {
        let raw = raw.split_once('#').map_or(raw, |(before, _)| before);
        let (path, query) = match raw.split_once('?') {
            Some((path, query)) => (path, Some(query)),
            None => (raw, None),
        };
        let path = self.path(place, path, false);
        let query = query.map(|query| {
            let query = rewrite_pairs(query, &mut |name, value| {
                let leaf = Leaf {
                    location: Location::Query,
                    name,
                    value,
                    rule: None,
                    decides: false,
                };
                self.leaf(place, &leaf)
            });
            format!("?{query}")
        });
        let whole = path + query.as_deref().unwrap_or_default();
        self.netted(&whole).unwrap_or(whole)
    }
}

/// Where the host of an address ends.
fn authority_end(front: &str) -> usize {
    let start = front.find("//").map_or(0, |at| at + 2);
    let rest = front.get(start..).unwrap_or_default();
    start + rest.find(['/', '\\']).unwrap_or(rest.len())
}

/// Scheme and host as they were written, without a user and password.
pub fn origin_of(front: &str) -> String {
    let authority = front.get(..authority_end(front)).unwrap_or(front);
    match authority.split_once("//") {
        Some((scheme, host)) => {
            let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
            format!("{scheme}//{host}")
        }
        None => authority.to_owned(),
    }
}
