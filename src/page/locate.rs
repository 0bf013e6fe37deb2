//! Which page was the tracker told about? The payload's own address first, then the Referer, the initiator, and last the
//! capture's page table, which is often stale. An address on an advertising host is a frame, and never the page.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use crate::capture::{Capture, RecordedPage};
use crate::exchange::{Address, Exchange, host_is_under, percent, registrable_domain};

/// Which evidence names the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KnownFrom {
    Payload,
    Referer,
    Initiator,
    Pageref,
}

impl KnownFrom {
    pub fn name(self) -> &'static str {
        match self {
            KnownFrom::Payload => "payload",
            KnownFrom::Referer => "referer",
            KnownFrom::Initiator => "initiator",
            KnownFrom::Pageref => "pageref",
        }
    }
}

/// The page of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Located {
    pub page: Address,
    pub known_from: KnownFrom,
    /// Other evidence that names another site: "pageref says www.other.example", "framed by www.other.example".
    pub conflict: Option<String>,
}

/// What a payload says of its page.
#[derive(Debug, Clone, Copy, Default)]
pub struct PayloadPage<'a> {
    pub page_url: Option<&'a str>,
    pub referrer: Option<&'a str>,
    pub in_frame: bool,
}

/// The capture's own table of pages, as evidence: the first document of each pageref, and the titles. Some producers
/// write the address as title; it may be of a page left long ago, so it is the last evidence of all.
#[derive(Debug, Default)]
pub struct PageTable {
    documents: HashMap<String, Address>,
    titled: HashMap<String, Address>,
    titles: HashMap<String, String>,
    /// Names that two pages of the table have: they lead nowhere.
    ambiguous: HashSet<String>,
}

impl PageTable {
    pub fn of(capture: &Capture, exchanges: &[Exchange]) -> PageTable {
        let mut table = PageTable {
            ambiguous: ids_given_twice(capture),
            ..PageTable::default()
        };
        for exchange in exchanges.iter().filter(|exchange| exchange.is_document) {
            if let Some(pageref) = &exchange.pageref
                && could_be_a_page(&exchange.address)
                && exchange.redirect_to.is_none()
            {
                let document = exchange.address.clone();
                table.documents.entry(pageref.clone()).or_insert(document);
            }
        }
        let clear = |page: &&RecordedPage| !table.ambiguous.contains(&page.id);
        for page in capture.pages.iter().filter(clear) {
            let Some(title) = &page.title else { continue };
            match Address::parse(title) {
                Some(address) => {
                    table.titled.insert(page.id.clone(), address);
                }
                None => {
                    table.titles.insert(page.id.clone(), title.clone());
                }
            }
        }
        table
    }

    /// The document that was fetched for a pageref; none where two pages go by that name.
    pub fn document(&self, pageref: Option<&str>) -> Option<&Address> {
        let pageref = pageref.filter(|pageref| !self.ambiguous.contains(*pageref))?;
        self.documents.get(pageref)
    }

    /// The document of a pageref, else what the table calls it.
    fn named(&self, pageref: Option<&str>) -> Option<&Address> {
        self.document(pageref).or_else(|| self.titled.get(pageref?))
    }

    /// The pages that were fetched, with a title where the table has one.
    pub fn pages(&self) -> impl Iterator<Item = (&Address, Option<&str>)> {
        self.documents
            .iter()
            .map(|(pageref, page)| (page, self.titles.get(pageref).map(String::as_str)))
    }
}

fn ids_given_twice(capture: &Capture) -> HashSet<String> {
    let mut seen = HashSet::new();
    let again = capture
        .pages
        .iter()
        .filter(|page| !seen.insert(page.id.as_str()));
    again.map(|page| page.id.clone()).collect()
}

/// Finds the page of an event. `is_tracker` knows the hosts of trackers, which are no pages either.
pub fn locate(
    payload: PayloadPage,
    exchange: &Exchange,
    table: &PageTable,
    is_tracker: &dyn Fn(&str) -> bool,
) -> Option<Located> {
    let is_page = |address: &Address| could_be_a_page(address) && !is_tracker(&address.host);
    let from_payload = page_of_payload(payload, &is_page);
    let referer = exchange.referer().filter(&is_page);
    let initiator = exchange
        .initiator_url
        .as_deref()
        .and_then(Address::parse)
        .filter(|address| is_page(address) && !is_script(&address.path));
    let pageref = table.named(exchange.pageref.as_deref()).cloned();
    let evidence = [
        (KnownFrom::Payload, from_payload),
        (KnownFrom::Referer, referer),
        (KnownFrom::Initiator, initiator),
        (KnownFrom::Pageref, pageref.filter(&is_page)),
    ];
    let mut named = evidence
        .into_iter()
        .filter_map(|(from, page)| Some((from, page?)));
    let (known_from, page) = named.next()?;
    let site = registrable_domain(&page.host);
    let is_other = |address: &Address| registrable_domain(&address.host) != site;
    let by_evidence = named
        .find(|(_, other)| is_other(other))
        .map(|(from, other)| format!("{} says {}", from.name(), other.host));
    // A frame's own page is the page; who embeds it is another site's affair, and is said beside it.
    let embedded_by = || {
        let around = payload.referrer.filter(|_| payload.in_frame);
        let around = around
            .and_then(Address::parse)
            .filter(&is_page)
            .filter(is_other)?;
        Some(format!("framed by {}", around.host))
    };
    let conflict = by_evidence.or_else(embedded_by);
    Some(Located {
        page,
        known_from,
        conflict,
    })
}

/// The payload's page. In a frame, or where the address is an advertising host's: the page that the frame's own address
/// carries, then the referrer that the frame saw.
fn page_of_payload(payload: PayloadPage, is_page: &impl Fn(&Address) -> bool) -> Option<Address> {
    let told = payload.page_url.and_then(Address::parse)?;
    if is_page(&told) {
        return Some(told);
    }
    let carried = || carried_page(&told).filter(is_page);
    let referrer = || payload.referrer.and_then(Address::parse);
    let of_referrer = || {
        let address = referrer()?;
        if is_page(&address) {
            Some(address)
        } else {
            carried_page(&address).filter(is_page)
        }
    };
    carried().or_else(of_referrer)
}

/// Floodlight frames carry the page that embeds them as `~oref=…` in the path.
fn carried_page(frame: &Address) -> Option<Address> {
    let (_, encoded) = frame.raw.split_once("~oref=")?;
    let encoded = encoded.split([';', '&']).next()?;
    let decoded = percent::decode(encoded);
    Address::parse(decoded.strip_suffix('?').unwrap_or(&decoded))
}

fn is_script(path: &str) -> bool {
    path.ends_with(".js") || path.ends_with(".mjs")
}

/// A host that a browser can reach, and not an advertising frame's. As a page, every address that a script put together
/// badly would become an organisation.
fn could_be_a_page(address: &Address) -> bool {
    address.has_real_host() && !is_frame_host(&address.host)
}

/// Hosts of advertising frames and containers (`frame-hosts.csv`).
fn is_frame_host(host: &str) -> bool {
    static DOMAINS: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
        let lines = include_str!("frame-hosts.csv").lines().skip(1);
        lines.filter_map(|line| line.split(',').next()).collect()
    });
    DOMAINS.iter().any(|domain| host_is_under(host, domain))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capture::{Entry, Pair, Request};
    use crate::exchange::ProducerHabits;

    fn exchange(referer: Option<&str>, initiator: Option<&str>, pageref: Option<&str>) -> Exchange {
        let entry = Entry {
            request: Request {
                method: "GET".into(),
                url: "https://www.facebook.com/tr/?id=1".into(),
                headers: referer
                    .map(|value| Pair {
                        name: "referer".into(),
                        value: value.into(),
                    })
                    .into_iter()
                    .collect(),
                ..Request::default()
            },
            initiator_url: initiator.map(str::to_string),
            pageref: pageref.map(str::to_string),
            ..Entry::default()
        };
        Exchange::decode(&entry, ProducerHabits::default()).unwrap()
    }

    fn table() -> PageTable {
        let mut table = PageTable::default();
        let stale = Address::parse("https://www.stale.example/").unwrap();
        table.titled.insert("page_1".into(), stale);
        table
    }

    fn find(
        payload: PayloadPage,
        exchange: &Exchange,
    ) -> Option<(String, KnownFrom, Option<String>)> {
        let is_tracker = |host: &str| host_is_under(host, "facebook.com");
        let found = locate(payload, exchange, &table(), &is_tracker)?;
        Some((found.page.raw, found.known_from, found.conflict))
    }

    fn told(page_url: &str) -> PayloadPage<'_> {
        PayloadPage {
            page_url: Some(page_url),
            ..PayloadPage::default()
        }
    }

    #[test]
    fn a_stale_page_table_loses_against_the_payload_and_is_marked() {
        let exchange = exchange(None, None, Some("page_1"));
        let found = find(told("https://www.clinic.example/contact"), &exchange).unwrap();
        assert_eq!(found.0, "https://www.clinic.example/contact");
        assert_eq!(found.1, KnownFrom::Payload);
        assert_eq!(found.2.as_deref(), Some("pageref says www.stale.example"));
    }

    #[test]
    fn the_order_of_belief() {
        let page = |e: &Exchange| find(PayloadPage::default(), e).map(|found| found.1);
        let referer = Some("https://www.clinic.example/");
        let initiator = Some("https://www.clinic.example/x");
        let script = Some("https://www.clinic.example/app.js");
        assert_eq!(
            page(&exchange(referer, initiator, Some("page_1"))),
            Some(KnownFrom::Referer)
        );
        assert_eq!(
            page(&exchange(None, initiator, Some("page_1"))),
            Some(KnownFrom::Initiator)
        );
        assert_eq!(
            page(&exchange(None, script, Some("page_1"))),
            Some(KnownFrom::Pageref)
        );
        assert_eq!(page(&exchange(None, None, Some("page_9"))), None);
    }

    #[test]
    fn an_advertising_frame_is_not_the_page() {
        let frame = "https://1234567.fls.doubleclick.net/ddm/fls/r/src=1;~oref=https%3A%2F%2Fwww.clinic.example%2Fhiv";
        let found = find(told(frame), &exchange(None, None, None)).unwrap();
        assert_eq!(found.0, "https://www.clinic.example/hiv");
        let by_referrer = PayloadPage {
            page_url: Some("https://ad.doubleclick.net/x"),
            referrer: Some("https://www.clinic.example/prep"),
            in_frame: true,
        };
        assert_eq!(
            find(by_referrer, &exchange(None, None, None)).unwrap().0,
            "https://www.clinic.example/prep"
        );
        assert_eq!(
            find(
                told("https://ad.doubleclick.net/x"),
                &exchange(None, None, None)
            ),
            None
        );
    }

    #[test]
    fn an_address_without_a_real_host_is_not_the_page() {
        let exchange = exchange(Some("https://www.clinic.example/hiv"), None, None);
        for url in ["https://[", "https://{{host}}/hiv", "https://undefined/hiv"] {
            let found = find(told(url), &exchange).unwrap();
            let page = "https://www.clinic.example/hiv".to_string();
            assert_eq!(found, (page, KnownFrom::Referer, None), "{url}");
        }
    }

    #[test]
    fn a_trackers_own_address_is_not_the_page() {
        let exchange = exchange(Some("https://www.facebook.com/"), None, None);
        assert_eq!(find(PayloadPage::default(), &exchange), None);
    }
}
