//! What the requests of a capture show of consent, site by site: what each tool's cookies said and when, which requests
//! would have shown such a cookie, and what else betrays a consent tool.

use std::collections::{BTreeMap, HashMap, HashSet};

use foldhash::fast::RandomState;

use super::reading::Reading;
use super::rule::ConsentTools;
use crate::capture::Pair;
use crate::exchange::{Address, CookiesRecorded, Delivery, Exchange, registrable_domain};
use crate::tracker::Library;

/// Where in the order of a capture a request stands: its start in milliseconds since 1970, then its position.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    pub millis: i64,
    pub entry: usize,
}

/// What the cookies of one request said, by one tool.
#[derive(Debug, Clone)]
pub struct Sighting {
    pub place: Place,
    pub reading: Reading,
}

/// What a capture shows of one tool on one site.
#[derive(Debug, Default)]
pub struct Seen {
    /// In order.
    pub sightings: Vec<Sighting>,
    /// When its script was first fetched from a page of the site.
    pub loaded: Option<Place>,
    /// The first that was seen of it.
    pub first: Option<Place>,
    /// The pages of the capture's own table on which it was seen.
    pub pagerefs: HashSet<String>,
    /// A cookie waited for an answer, or had one.
    pub has_asked: bool,
    /// A cookie did not say whether anybody is asked.
    pub is_in_doubt: bool,
}

/// What a capture shows of one site.
#[derive(Debug, Default)]
pub struct Site {
    /// The cookies of at least one request to it were recorded.
    pub recorded: bool,
    /// Something looks like a consent tool that no rule reads.
    pub signs: bool,
    /// By scheme and host: the requests that would show a consent cookie if there was one, in order.
    pub showing: HashMap<String, Vec<Place>>,
    /// By the tool's place in the list.
    pub tools: BTreeMap<usize, Seen>,
}

/// The sites of a capture.
#[derive(Debug, Default)]
pub struct Sites {
    by_domain: HashMap<String, Site>,
    /// Signs of a consent tool that belong to no page.
    pub signs_anywhere: bool,
}

impl Sites {
    pub fn of_page(&self, page: &Address) -> Option<&Site> {
        self.by_domain.get(registrable_domain(&page.host))
    }
}

/// Scheme and host: whose cookies a request shows.
pub fn origin(address: &Address) -> String {
    format!("{}://{}", address.scheme, address.host)
}

/// Goes through a capture. `site_of` names the site from whose page a request went out.
pub struct Look<'t> {
    pub tools: &'t ConsentTools,
    pub library: &'t Library,
    /// Whether the capture as a whole holds cookies.
    pub whole: CookiesRecorded,
    pub site_of: &'t dyn Fn(&Exchange) -> Option<String>,
}

impl Look<'_> {
    pub fn through(&self, exchanges: &[(Place, &Exchange)]) -> Sites {
        let mut sites = Sites::default();
        // One set of cookies goes along with hundreds of requests: it is read once.
        let mut known = HashMap::default();
        for &(place, exchange) in exchanges {
            self.note_cookies(place, exchange, &mut sites, &mut known);
            self.note_tool(place, exchange, &mut sites);
        }
        sites
    }

    fn note_cookies<'e>(
        &self,
        place: Place,
        exchange: &'e Exchange,
        sites: &mut Sites,
        known: &mut HashMap<&'e [Pair], CookiesRead, RandomState>,
    ) {
        if CookiesRecorded::of_request(exchange, self.whole) != CookiesRecorded::Yes {
            return;
        }
        let domain = registrable_domain(&exchange.address.host).to_owned();
        let site = sites.by_domain.entry(domain).or_default();
        site.recorded = true;
        if would_show_cookies(exchange) {
            let showing = site.showing.entry(origin(&exchange.address)).or_default();
            showing.push(place);
        }
        let read = known
            .entry(exchange.cookies.as_slice())
            .or_insert_with(|| self.read(&exchange.cookies));
        site.signs |= read.signs;
        for (tool, reading) in &read.readings {
            let seen = site.tools.entry(*tool).or_default();
            seen.note(place, exchange);
            seen.add(place, reading);
        }
    }

    fn read(&self, cookies: &[Pair]) -> CookiesRead {
        let tools = self.tools.tools.iter().enumerate();
        let readings = tools.filter_map(|(at, tool)| Some((at, tool.read_cookies(cookies)?)));
        let is_sign = |cookie: &Pair| {
            let of_a_tool = self.tools.tools.iter().any(|tool| tool.keeps(&cookie.name));
            !of_a_tool && self.tools.is_sign_cookie(&cookie.name)
        };
        CookiesRead {
            readings: readings.collect(),
            signs: cookies.iter().any(is_sign),
        }
    }

    /// A tool's script, or a sign of one, is its page's affair.
    fn note_tool(&self, place: Place, exchange: &Exchange, sites: &mut Sites) {
        let host = &exchange.address.host;
        let arrived = matches!(exchange.delivery, Delivery::Delivered | Delivery::Cached);
        let loaded = self.tools.of_host(host);
        let of_table = self.library.recipients.of_host(host);
        let is_sign = loaded.is_some()
            || of_table.is_some_and(|recipient| recipient.role == "consent")
            || !exchange.is_document && self.tools.is_sign_address(&exchange.address.raw);
        if !is_sign {
            return;
        }
        let Some(domain) = (self.site_of)(exchange) else {
            sites.signs_anywhere = true;
            return;
        };
        let site = sites.by_domain.entry(domain).or_default();
        match loaded.filter(|_| arrived) {
            Some(tool) => {
                let seen = site.tools.entry(tool).or_default();
                seen.note(place, exchange);
                seen.loaded.get_or_insert(place);
            }
            None => site.signs = true,
        }
    }
}

/// What a set of cookies says.
struct CookiesRead {
    readings: Vec<(usize, Reading)>,
    signs: bool,
}

impl Seen {
    fn note(&mut self, place: Place, exchange: &Exchange) {
        self.first.get_or_insert(place);
        self.pagerefs.extend(exchange.pageref.clone());
    }

    fn add(&mut self, place: Place, reading: &Reading) {
        self.has_asked |= matches!(reading, Reading::Answered(_) | Reading::Unanswered);
        self.is_in_doubt |= *reading == Reading::Undecided;
        self.sightings.push(Sighting {
            place,
            reading: reading.clone(),
        });
    }
}

/// Whether a consent cookie, if there was one, would stand among the cookies recorded. Not on what was answered from the
/// cache or never left, of which browsers record half a head; not on a request without any cookie that is no document,
/// because scripts may ask without cookies; not on what another site called for, because some cookies stay back then.
fn would_show_cookies(exchange: &Exchange) -> bool {
    let header = |name: &str| exchange.headers.header(name);
    let has_whole_head = || {
        ["host", ":authority", "accept-encoding"]
            .iter()
            .any(|name| header(name).is_some())
    };
    let from_elsewhere = header("sec-fetch-site").is_some_and(|site| site == "cross-site")
        || exchange.referer().is_some_and(|from| {
            registrable_domain(&from.host) != registrable_domain(&exchange.address.host)
        });
    let shows = !exchange.cookies.is_empty() || exchange.is_document && has_whole_head();
    exchange.delivery == Delivery::Delivered && shows && !from_elsewhere
}
