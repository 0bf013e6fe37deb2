//! The exchange room: one recorded entry in, one HTTP request out, decoded: address, parameters in wire order,
//! cookies, body, when it began and whether it left the browser.
//!
//! The rawest source is read again (`url`, `postData.text`) rather than a producer's own decoding of it. The room
//! does not know which trackers exist.

mod address;
mod body;
mod cookies;
mod delivery;
pub mod json;
mod multipart;
mod parameter;
pub mod percent;
mod placeholder;
mod time;

use std::sync::LazyLock;

use regex::Regex;

use crate::capture::{Capture, Entry, Pair};

pub use address::{Address, host_is_under, registrable_domain};
pub use body::{BodyForm, BodyState, DecodedBody, header_value};
pub use delivery::{Delivery, ProducerHabits};
pub use parameter::{Location, Parameter, split_pairs};
pub use placeholder::is_placeholder;
pub use time::Started;

/// What could not be decoded in one request; the request stays, with what is left of it.
#[derive(Debug, Clone, thiserror::Error, PartialEq, Eq)]
pub enum ExchangeError {
    #[error("the body says it is base64 and is not; its text was kept as it stands")]
    BodyNotBase64,
    #[error("the body begins like JSON and is not ({0}); its parameters were not read")]
    BodyNotJson(String),
    #[error(
        "the body holds more values than are read, or too long names; the others were left out"
    )]
    BodyCut,
    #[error("the start time could not be read; it was left empty")]
    TimeUnreadable,
}

impl ExchangeError {
    /// The stable word for the `problems` table.
    pub fn code(&self) -> &'static str {
        match self {
            ExchangeError::BodyNotBase64 => "body_not_base64",
            ExchangeError::BodyNotJson(_) => "body_not_json",
            ExchangeError::BodyCut => "body_cut",
            ExchangeError::TimeUnreadable => "time_unreadable",
        }
    }
}

/// One HTTP request of a capture.
#[derive(Debug, Clone)]
pub struct Exchange {
    pub entry_index: usize,
    /// Upper case.
    pub method: String,
    pub address: Address,
    pub started: Option<Started>,
    pub headers: Vec<Pair>,
    pub cookies: Vec<Pair>,
    pub body: DecodedBody,
    pub delivery: Delivery,
    /// Where the answer sent the browser next, absolute and without a fragment.
    pub redirect_to: Option<String>,
    pub pageref: Option<String>,
    pub initiator_url: Option<String>,
    /// The answer was an HTML document (or the producer says so): a page somebody opened, or a frame.
    pub is_document: bool,
    pub via_service_worker: bool,
    /// Bytes sent in request headers and body, as far as recorded: the address, the headers, the body.
    pub bytes_sent: u64,
    pub errors: Vec<ExchangeError>,
}

impl Exchange {
    /// Decodes an entry; `None` for what is no HTTP request (`data:`, `blob:`, extensions, relative addresses).
    pub fn decode(entry: &Entry, habits: ProducerHabits) -> Option<Exchange> {
        let address = Address::parse(&entry.request.url)?;
        let (body, body_error) = DecodedBody::of_entry(entry);
        let started = entry.started_at.as_deref().and_then(time::read);
        let unreadable_time =
            entry.started_at.as_deref().is_some_and(|t| !t.is_empty()) && started.is_none();
        let errors = body_error
            .into_iter()
            .chain(unreadable_time.then_some(ExchangeError::TimeUnreadable))
            .collect();
        Some(Exchange {
            entry_index: entry.index,
            method: entry.request.method.to_ascii_uppercase(),
            started,
            cookies: cookies::of_request(&entry.request),
            delivery: delivery::judge(entry, habits),
            redirect_to: redirect_target(entry, &address),
            pageref: entry.pageref.clone(),
            initiator_url: entry.initiator_url.clone(),
            is_document: is_document(entry),
            via_service_worker: entry.via_service_worker,
            bytes_sent: bytes_sent(entry, &body),
            headers: entry.request.headers.clone(),
            address,
            body,
            errors,
        })
    }

    /// The parameters of the query, in wire order.
    pub fn query_parameters(&self) -> Vec<Parameter> {
        self.address
            .query
            .as_deref()
            .map_or(Vec::new(), |query| split_pairs(query, Location::Query))
    }

    /// The `Referer` header, where it is an address.
    pub fn referer(&self) -> Option<Address> {
        header_value(&self.headers, "referer").and_then(|value| Address::parse(&value))
    }

    /// Preflights and tunnels carry no event, whatever their address says.
    pub fn carries_payload(&self) -> bool {
        self.method != "OPTIONS" && self.method != "CONNECT"
    }
}

/// How a capture's producer records answers, from the capture as a whole.
pub fn habits_of(capture: &Capture) -> ProducerHabits {
    let producer = capture.producer.as_deref().unwrap_or("");
    ProducerHabits {
        is_firefox: producer.eq_ignore_ascii_case("firefox"),
        records_status: capture.entries.iter().any(|entry| {
            let status = entry.response.as_ref().and_then(|r| r.status);
            status.is_some_and(|status| status > 0)
        }),
    }
}

/// Whether a capture's producer recorded cookies at all: without that, "no cookie" means nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CookiesRecorded {
    Yes,
    No,
    /// A recent Chrome or Edge whose default export takes every cookie out.
    ProbablyRemoved,
}

impl CookiesRecorded {
    pub fn name(self) -> &'static str {
        match self {
            CookiesRecorded::Yes => "yes",
            CookiesRecorded::No => "no",
            CookiesRecorded::ProbablyRemoved => "probably_removed",
        }
    }

    /// Looks for any request cookie anywhere in the capture.
    pub fn in_capture(capture: &Capture) -> CookiesRecorded {
        let any = capture
            .entries
            .iter()
            .any(|entry| !cookies::of_request(&entry.request).is_empty());
        if any {
            return CookiesRecorded::Yes;
        }
        let from_devtools = capture.producer.as_deref() == Some("WebInspector");
        let sanitising = capture.entries.iter().any(|entry| {
            header_value(&entry.request.headers, "user-agent")
                .and_then(|agent| chromium_version(&agent))
                .is_some_and(|version| version >= FIRST_SANITISING_CHROMIUM)
        });
        if from_devtools && sanitising {
            CookiesRecorded::ProbablyRemoved
        } else {
            CookiesRecorded::No
        }
    }
}

/// From this version on, the default export of Chrome and Edge leaves cookies out (release notes of October 2024).
const FIRST_SANITISING_CHROMIUM: u32 = 130;

fn chromium_version(user_agent: &str) -> Option<u32> {
    static VERSION: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"Chrom(?:e|ium)/(\d+)").ok());
    let found = VERSION.as_ref()?.captures(user_agent)?;
    found.get(1)?.as_str().parse().ok()
}

fn redirect_target(entry: &Entry, from: &Address) -> Option<String> {
    let response = entry.response.as_ref()?;
    if !(300..400).contains(&response.status.unwrap_or(0)) {
        return None;
    }
    let named = response.redirect_url.clone().filter(|url| !url.is_empty());
    let target = named.or_else(|| header_value(&response.headers, "location"))?;
    Some(from.join(&target)?.raw)
}

fn is_document(entry: &Entry) -> bool {
    if let Some(kind) = entry.resource_type.as_deref() {
        return kind.eq_ignore_ascii_case("document");
    }
    let content_type = entry
        .response
        .as_ref()
        .and_then(|r| r.content_type.as_deref());
    entry.request.method.eq_ignore_ascii_case("get")
        && content_type.is_some_and(|kind| kind.trim_start().starts_with("text/html"))
}

fn bytes_sent(entry: &Entry, body: &DecodedBody) -> u64 {
    let headers: usize = entry
        .request
        .headers
        .iter()
        .map(|h| h.name.len() + h.value.len() + 4)
        .sum();
    let body_size = u64::try_from(entry.request.body_size.unwrap_or(0)).unwrap_or(0);
    let body_bytes = body_size.max(body.text.len() as u64);
    (entry.request.url.len() + headers) as u64 + body_bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capture::{Request, Response, State};

    fn capture(producer: &str, agent: &str, cookie: Option<&str>) -> Capture {
        let mut headers = vec![Pair {
            name: "User-Agent".into(),
            value: agent.into(),
        }];
        headers.extend(cookie.map(|value| Pair {
            name: "cookie".into(),
            value: value.into(),
        }));
        let entry = Entry {
            request: Request {
                method: "get".into(),
                url: "https://a.example/".into(),
                headers,
                ..Request::default()
            },
            ..Entry::default()
        };
        Capture {
            path: String::new(),
            member: None,
            sha256: String::new(),
            bytes: 0,
            state: State::Read,
            producer: Some(producer.into()),
            producer_version: None,
            browser: None,
            pages: Vec::new(),
            entries_found: 1,
            entries: vec![entry],
            problems: Vec::new(),
        }
    }

    #[test]
    fn q15_a_sanitised_export_is_not_a_capture_without_cookies() {
        let state = |producer, agent, cookie| {
            CookiesRecorded::in_capture(&capture(producer, agent, cookie))
        };
        assert_eq!(
            state(
                "WebInspector",
                "Mozilla/5.0 Chrome/131.0.0.0 Safari/537.36",
                None
            ),
            CookiesRecorded::ProbablyRemoved
        );
        assert_eq!(
            state("WebInspector", "Mozilla/5.0 Chrome/131.0.0.0", Some("a=1")),
            CookiesRecorded::Yes
        );
        assert_eq!(
            state("chrome-har", "Mozilla/5.0 Chrome/131.0.0.0", None),
            CookiesRecorded::No
        );
        assert_eq!(
            state("WebInspector", "Mozilla/5.0 Chrome/129.0.0.0", None),
            CookiesRecorded::No
        );
    }

    #[test]
    fn q05_a_relative_redirect_is_made_absolute_and_a_200_redirects_nowhere() {
        let mut entry = Entry {
            request: Request {
                method: "GET".into(),
                url: "https://www.facebook.com/tr/?id=1".into(),
                ..Request::default()
            },
            response: Some(Response {
                status: Some(302),
                redirect_url: Some("/tr/?redirect=0".into()),
                ..Response::default()
            }),
            ..Entry::default()
        };
        let target = |entry: &Entry| {
            Exchange::decode(entry, ProducerHabits::default())
                .unwrap()
                .redirect_to
        };
        assert_eq!(
            target(&entry).as_deref(),
            Some("https://www.facebook.com/tr/?redirect=0")
        );
        if let Some(response) = &mut entry.response {
            response.status = Some(200);
        }
        assert_eq!(target(&entry), None);
    }
}
