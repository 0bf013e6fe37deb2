//! The exchange room: one recorded entry in, one HTTP request out, decoded: address, parameters in wire order,
//! cookies, body, when it began and whether it left the browser.
//!
//! The rawest source is read again (`url`, `postData.text`) rather than a producer's own decoding of it. The room
//! does not know which trackers exist.

mod address;
mod answer;
mod body;
mod cookies;
mod delivery;
mod inflate;
pub mod json;
mod listed;
mod multipart;
mod parameter;
pub mod percent;
mod placeholder;
mod recorded;
mod rewrite;
mod time;

use std::sync::OnceLock;

use crate::capture::{Capture, Entry, Lists, Pair, Pairs, Request, SocketMessages};

pub use address::{Address, host_is_under, registrable_domain};
pub use answer::{Answer, MAX_ANSWER_BYTES};
pub use body::{BodyEvidence, BodyForm, BodyState, DecodedBody};
pub use cookies::set_cookies;
pub use delivery::{Delivery, DeliveryEvidence, ProducerHabits};
pub use inflate::{Compression, inflate, latin_1_bytes};
pub use parameter::{Location, Parameter, split_pairs};
pub use placeholder::{is_placeholder, is_redacted};
pub use recorded::{CookieEvidence, CookiesRecorded, redacted_values};
pub use rewrite::{
    Change, encode_component, rewrite_json, rewrite_matrix, rewrite_pairs, rewrite_parts,
};
pub use time::{Started, read as read_time};

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
    #[error(
        "only a list of the body's parameters is there, by a program that may have decoded them; those that look encoded \
         were decoded"
    )]
    BodyParamsGuessed,
    #[error("the body's text and the list of its parameters differ; the text was taken")]
    BodyParamsDiffer,
    #[error(
        "the address has no query, and a list of parameters stands beside it; the list was taken as its query"
    )]
    QueryFromList,
    #[error("the start time could not be read; it was left empty")]
    TimeUnreadable,
    #[error(
        "the answer is longer than the {MAX_ANSWER_BYTES} bytes that are read; it was not looked into"
    )]
    AnswerTooLong,
    #[error("the answer says it is base64 and is not; it was not looked into")]
    AnswerNotBase64,
}

impl ExchangeError {
    /// The stable word for the `problems` table.
    pub fn code(&self) -> &'static str {
        match self {
            ExchangeError::BodyNotBase64 => "body_not_base64",
            ExchangeError::BodyNotJson(_) => "body_not_json",
            ExchangeError::BodyCut => "body_cut",
            ExchangeError::BodyParamsGuessed => "body_params_guessed",
            ExchangeError::BodyParamsDiffer => "body_params_differ",
            ExchangeError::QueryFromList => "query_from_list",
            ExchangeError::TimeUnreadable => "time_unreadable",
            ExchangeError::AnswerTooLong => "answer_too_long",
            ExchangeError::AnswerNotBase64 => "answer_not_base64",
        }
    }
}

/// One HTTP request of a capture.
#[derive(Debug, Clone)]
pub struct Exchange {
    pub entry_index: usize,
    /// Where the entry begins in the capture's text, in bytes.
    pub entry_at: usize,
    /// Upper case.
    pub method: String,
    pub address: Address,
    pub started: Option<Started>,
    pub headers: Pairs,
    pub cookies: Vec<Pair>,
    pub body: DecodedBody,
    pub delivery: Delivery,
    pub delivery_evidence: DeliveryEvidence,
    /// Where the answer sent the browser next, absolute and without a fragment.
    pub redirect_to: Option<String>,
    pub pageref: Option<String>,
    pub initiator_url: Option<String>,
    /// The answer was an HTML document (or the producer says so): a page somebody opened, or a frame.
    pub is_document: bool,
    pub via_service_worker: bool,
    /// Messages over the WebSocket that this request opened.
    pub socket_messages: Option<SocketMessages>,
    /// The text that came back; `None` where the capture holds none.
    pub answer: Option<Answer>,
    /// Bytes sent in request headers and body, as far as recorded: the address, the headers, the body.
    pub bytes_sent: u64,
    pub errors: Vec<ExchangeError>,
    /// Decoded when first asked for: of most requests nobody asks.
    query: OnceLock<Vec<Parameter>>,
}

impl Exchange {
    /// Decodes an entry; `None` for what is no HTTP request (`data:`, `blob:`, extensions, relative addresses) and for
    /// the calls that a test script made itself, beside the pages it opened.
    pub fn decode(entry: &Entry, habits: ProducerHabits) -> Option<Exchange> {
        Exchange::of(entry.clone(), habits)
    }

    /// As `decode`, of an entry that nobody needs any more.
    pub fn of(mut entry: Entry, habits: ProducerHabits) -> Option<Exchange> {
        if entry.api_request {
            return None;
        }
        let url = &entry.request.url;
        let recorded = Address::parse(url).or_else(|| Address::of_socket(url))?;
        let (delivery, delivery_evidence) = delivery::judge(&entry, habits);
        let listed_query = listed_query(&entry.request, habits.lists);
        let query_error = listed_query.as_ref().map(|_| ExchangeError::QueryFromList);
        let address = match listed_query {
            Some(query) => recorded.with_query(query),
            None => recorded,
        };
        let (body, body_errors) = DecodedBody::of_entry(&entry, habits.lists);
        let started = entry.started_at.as_deref().and_then(time::read);
        let unreadable_time =
            entry.started_at.as_deref().is_some_and(|t| !t.is_empty()) && started.is_none();
        let errors = query_error
            .into_iter()
            .chain(body_errors)
            .chain(unreadable_time.then_some(ExchangeError::TimeUnreadable))
            .collect();
        Some(Exchange {
            entry_index: entry.index,
            entry_at: entry.range.start,
            started,
            cookies: cookies::of_request(&entry.request),
            delivery,
            delivery_evidence,
            redirect_to: redirect_target(&entry, &address),
            is_document: is_document(&entry),
            via_service_worker: entry.via_service_worker,
            socket_messages: entry.socket_messages,
            answer: Answer::of_entry(&entry),
            bytes_sent: bytes_sent(&entry, &body),
            pageref: entry.pageref.take(),
            initiator_url: entry.initiator_url.take(),
            method: upper_case(std::mem::take(&mut entry.request.method)),
            headers: std::mem::take(&mut entry.request.headers),
            address,
            body,
            errors,
            query: OnceLock::new(),
        })
    }

    /// The parameters of the query, in wire order.
    pub fn query_parameters(&self) -> &[Parameter] {
        self.query.get_or_init(|| {
            let query = self.address.query.as_deref();
            query.map_or(Vec::new(), |query| split_pairs(query, Location::Query))
        })
    }

    /// The `Referer` header, where it is an address.
    pub fn referer(&self) -> Option<Address> {
        self.headers.header("referer").and_then(Address::parse)
    }

    /// Preflights, tunnels and the opening of a WebSocket carry no event, whatever their address says.
    pub fn carries_payload(&self) -> bool {
        let is_socket = self.address.scheme.starts_with("ws");
        self.method != "OPTIONS" && self.method != "CONNECT" && !is_socket
    }
}

fn upper_case(mut method: String) -> String {
    method.make_ascii_uppercase();
    method
}

/// The query that a producer lists apart from an address that has none. Where a question mark stands in the fragment, the
/// list may be of what follows it, which was never sent.
fn listed_query(request: &Request, lists: Lists) -> Option<String> {
    if request.url.contains('?') {
        return None;
    }
    let query: Vec<Pair> = request.query.iter().map(Pair::from).collect();
    listed::as_query(&query, lists)
}

/// How a capture's producer writes, by the table of producers and by the capture as a whole.
pub fn habits_of(capture: &Capture) -> ProducerHabits {
    let producer = capture.known_producer();
    ProducerHabits {
        is_firefox: producer.is_some_and(|producer| producer.name == "Firefox"),
        lists: producer.map_or(Lists::Unknown, |producer| producer.lists),
        records_status: capture.entries.iter().any(|entry| {
            let status = entry.response.as_ref().and_then(|r| r.status);
            status.is_some_and(|status| status > 0)
        }),
    }
}

fn redirect_target(entry: &Entry, from: &Address) -> Option<String> {
    let response = entry.response.as_ref()?;
    if !(300..400).contains(&response.status.unwrap_or(0)) {
        return None;
    }
    let named = response.redirect_url.as_deref();
    let named = named.filter(|url| !url.is_empty());
    let target = named.or_else(|| response.headers.header("location"))?;
    Some(from.join(target)?.raw)
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
    use crate::capture::{ProducerKnownFrom, Response, read_capture_bytes};

    #[test]
    fn a_capture_tells_the_habits_of_its_producer() {
        let habits = |producer: &str| {
            habits_of(&Capture {
                producer: Some(producer.to_string()),
                producer_known_from: Some(ProducerKnownFrom::Creator),
                ..read_capture_bytes("invented", b"")
            })
        };
        let told = |producer| (habits(producer).is_firefox, habits(producer).lists);
        assert_eq!(told("Firefox"), (true, Lists::Decoded));
        assert_eq!(told("WebInspector"), (false, Lists::Encoded));
        assert_eq!(told("My own recorder"), (false, Lists::Unknown));
    }

    #[test]
    fn q31_a_query_that_is_listed_apart_is_the_address_s() {
        let mut entry = Entry::of_request("GET", "https://www.facebook.com/tr/#x", None, None);
        entry.request.query.push("cd[q]", "50% & more");
        let decode = |entry: &Entry| {
            let habits = ProducerHabits {
                lists: Lists::Decoded,
                ..ProducerHabits::default()
            };
            Exchange::decode(entry, habits).unwrap()
        };
        let exchange = decode(&entry);
        let parameter = &exchange.query_parameters()[0];
        assert_eq!(
            (parameter.name.as_str(), parameter.value.as_str()),
            ("cd[q]", "50% & more")
        );
        assert_eq!(parameter.location, Location::Query);
        let whole = "https://www.facebook.com/tr/?cd%5Bq%5D=50%25%20%26%20more";
        assert_eq!(exchange.address.raw, whole);
        assert_eq!(exchange.errors, [ExchangeError::QueryFromList]);
        for url in ["https://a.example/?a=1", "https://a.example/#/search?a=1"] {
            entry.request.url = url.into();
            let exchange = decode(&entry);
            assert!(exchange.errors.is_empty(), "{url}");
            assert!(!exchange.address.raw.contains("cd"), "{url}");
        }
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
