//! Did the request leave the browser? A capture lists requests that were blocked, answered from the cache or
//! redirected inside the browser; for those nothing was sent, and saying otherwise is the worst error this
//! program can make.

use std::fmt;

use crate::capture::{Entry, Lists, Response};

/// What became of a request, as far as its capture can tell.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
pub enum Delivery {
    /// The server answered.
    Delivered,
    /// It left, and no answer was recorded.
    NoAnswer,
    /// It was stopped in the browser or before: an extension, tracking protection, no connection, a test script.
    Blocked,
    /// Answered from the browser's cache.
    Cached,
    /// The browser itself redirected it (HSTS, an extension) before anything was sent.
    InternalRedirect,
    /// The capture does not hold what would decide it.
    Unknown,
}

impl Delivery {
    pub fn name(self) -> &'static str {
        match self {
            Delivery::Delivered => "delivered",
            Delivery::NoAnswer => "no_answer",
            Delivery::Blocked => "blocked",
            Delivery::Cached => "cached",
            Delivery::InternalRedirect => "internal_redirect",
            Delivery::Unknown => "unknown",
        }
    }
}

/// What the capture as a whole says about how its producer records answers.
#[derive(Debug, Clone, Copy, Default)]
pub struct ProducerHabits {
    pub is_firefox: bool,
    /// At least one entry has a status above 0. Without one, the producer does not record answers, and a
    /// missing status says nothing.
    pub records_status: bool,
    /// Whether the lists of parameters are encoded.
    pub lists: Lists,
}

/// Net errors after which the request certainly did not reach the server.
const NEVER_SENT: [&str; 12] = [
    "BLOCKED_BY_CLIENT",
    "BLOCKED_BY_ADMINISTRATOR",
    "BLOCKED_BY_CSP",
    "BLOCKED_BY_PRIVATE_NETWORK_ACCESS_CHECKS",
    "NAME_NOT_RESOLVED",
    "INTERNET_DISCONNECTED",
    "CONNECTION_REFUSED",
    "ADDRESS_UNREACHABLE",
    "PROXY_CONNECTION_FAILED",
    "PROXY_AUTH",
    "TUNNEL_CONNECTION_FAILED",
    "CERT_AUTHORITY_INVALID",
];

/// Why a request is judged as it is: what the capture says, or what was inferred from what it does not say.
#[derive(Debug, Clone, PartialEq)]
pub enum DeliveryEvidence {
    Status(i64),
    /// Response headers without a status.
    AnswerHeaders,
    /// The server's address is recorded.
    ServerAddress,
    /// The browser waited for an answer: milliseconds.
    Waited(f64),
    /// The reason that the capture gives, verbatim.
    Reason(String),
    /// Inferred: Firefox lists what its tracking protection stopped without saying so.
    FirefoxWithoutTrace,
    /// `_fromCache`, verbatim.
    FromCache(String),
    /// Inferred: the `cache` member is filled, and nothing shows that the network was used.
    CacheFilled,
    /// Inferred: the way in which Chrome wrote cached answers before it named them.
    OldChromeCache,
    BrowserRedirected,
    /// A test script answered in the server's place, before anything was sent.
    AnsweredByScript,
    /// No status, no reason, no trace.
    Nothing,
}

impl fmt::Display for DeliveryEvidence {
    fn fmt(&self, out: &mut fmt::Formatter) -> fmt::Result {
        match self {
            DeliveryEvidence::Status(status) => write!(out, "status {status}"),
            DeliveryEvidence::AnswerHeaders => out.write_str("response headers without a status"),
            DeliveryEvidence::ServerAddress => out.write_str("no status, but a server's address"),
            DeliveryEvidence::Waited(ms) => write!(out, "no status, but {ms} ms of waiting"),
            DeliveryEvidence::Reason(reason) => out.write_str(reason),
            DeliveryEvidence::FirefoxWithoutTrace => {
                out.write_str("inferred: Firefox recorded no status, version, address or time")
            }
            DeliveryEvidence::FromCache(cache) => write!(out, "from cache: {cache}"),
            DeliveryEvidence::CacheFilled => {
                out.write_str("inferred: cache filled, and no trace of the network")
            }
            DeliveryEvidence::OldChromeCache => out.write_str(
                "inferred: no protocol and no connection, as old Chrome wrote cached answers",
            ),
            DeliveryEvidence::BrowserRedirected => out.write_str("redirected inside the browser"),
            DeliveryEvidence::AnsweredByScript => {
                out.write_str("answered by the test script in the server's place")
            }
            DeliveryEvidence::Nothing => out.write_str("no status, and no reason for it"),
        }
    }
}

/// A judgement and what it rests on.
type Judged = (Delivery, DeliveryEvidence);

/// Judges one entry.
pub fn judge(entry: &Entry, habits: ProducerHabits) -> Judged {
    if entry.answered_by_script {
        return (Delivery::Blocked, DeliveryEvidence::AnsweredByScript);
    }
    let Some(response) = &entry.response else {
        return without_status(entry, None, habits);
    };
    let status = response.status.unwrap_or(0);
    if is_internal_redirect(response, status) {
        return (
            Delivery::InternalRedirect,
            DeliveryEvidence::BrowserRedirected,
        );
    }
    if let Some(evidence) = cached(entry, response, status) {
        return (Delivery::Cached, evidence);
    }
    if status > 0 {
        (Delivery::Delivered, DeliveryEvidence::Status(status))
    } else {
        without_status(entry, Some(response), habits)
    }
}

fn is_internal_redirect(response: &Response, status: i64) -> bool {
    let by_browser = response
        .headers
        .iter()
        .any(|h| h.name.eq_ignore_ascii_case("non-authoritative-reason"));
    let text = response.status_text.as_deref().unwrap_or("");
    (300..400).contains(&status) && (by_browser || text.eq_ignore_ascii_case("internal redirect"))
}

/// `_fromCache`; or a filled `cache` member and no sign of the network (Firefox); or old Chrome's "unknown" version
/// on connection 0. A 304 is an exchange with the server, so not this.
fn cached(entry: &Entry, response: &Response, status: i64) -> Option<DeliveryEvidence> {
    if status == 304 {
        return None;
    }
    let named = entry.from_cache.as_deref().unwrap_or("");
    if !named.is_empty() && named != "false" {
        return Some(DeliveryEvidence::FromCache(named.to_string()));
    }
    let no_network = entry.server_ip.as_deref().unwrap_or("").is_empty()
        && entry.timings.wait.unwrap_or(0.0) <= 0.0
        && entry.timings.send.unwrap_or(0.0) <= 0.0;
    let old_chrome = response.http_version.as_deref() == Some("unknown")
        && entry.connection.as_deref() == Some("0");
    if status <= 0 || !no_network {
        None
    } else if entry.cache_filled {
        Some(DeliveryEvidence::CacheFilled)
    } else {
        old_chrome.then_some(DeliveryEvidence::OldChromeCache)
    }
}

fn without_status(entry: &Entry, response: Option<&Response>, habits: ProducerHabits) -> Judged {
    let reasons = || [&entry.error, &entry.blocked_reason].into_iter().flatten();
    let stopped = reasons().find(|reason| {
        let reason = reason.to_ascii_uppercase();
        NEVER_SENT.iter().any(|word| reason.contains(word))
    });
    if let Some(reason) = stopped {
        return (Delivery::Blocked, DeliveryEvidence::Reason(reason.clone()));
    }
    // Firefox answers a status of 0 with real response headers where the answer was withheld from the page.
    if response.is_some_and(|r| r.has_headers) {
        return (Delivery::Delivered, DeliveryEvidence::AnswerHeaders);
    }
    if let Some(trace) = trace_on_the_wire(entry) {
        return (Delivery::NoAnswer, trace);
    }
    match (&entry.blocked_reason, &entry.error) {
        (Some(reason), None) => (Delivery::Blocked, DeliveryEvidence::Reason(reason.clone())),
        _ if habits.records_status && looks_like_tracking_protection(entry, response, habits) => {
            (Delivery::Blocked, DeliveryEvidence::FirefoxWithoutTrace)
        }
        (_, Some(error)) => (Delivery::Unknown, DeliveryEvidence::Reason(error.clone())),
        _ => (Delivery::Unknown, DeliveryEvidence::Nothing),
    }
}

fn trace_on_the_wire(entry: &Entry) -> Option<DeliveryEvidence> {
    let has_address = entry.server_ip.as_deref().is_some_and(|ip| !ip.is_empty());
    let waited = entry.timings.wait.filter(|ms| *ms > 0.0);
    has_address
        .then_some(DeliveryEvidence::ServerAddress)
        .or(waited.map(DeliveryEvidence::Waited))
}

/// Firefox lists what its tracking protection stopped without saying so: no status, no protocol version, no
/// address, no time.
fn looks_like_tracking_protection(
    entry: &Entry,
    response: Option<&Response>,
    habits: ProducerHabits,
) -> bool {
    let no_version = response
        .and_then(|r| r.http_version.as_deref())
        .is_none_or(str::is_empty);
    habits.is_firefox && response.is_some() && no_version && entry.time.unwrap_or(0.0) <= 0.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capture::Timings;

    const CHROME: ProducerHabits = ProducerHabits {
        is_firefox: false,
        records_status: true,
        lists: Lists::Unknown,
    };
    const FIREFOX: ProducerHabits = ProducerHabits {
        is_firefox: true,
        records_status: true,
        lists: Lists::Unknown,
    };

    fn judged(entry: &Entry, habits: ProducerHabits) -> Delivery {
        judge(entry, habits).0
    }

    fn entry(status: i64) -> Entry {
        Entry {
            response: Some(Response {
                status: Some(status),
                ..Response::default()
            }),
            ..Entry::default()
        }
    }

    #[test]
    fn an_answer_is_a_delivery_whatever_it_says() {
        for status in [200, 204, 302, 304, 404, 500] {
            assert_eq!(
                judged(&entry(status), CHROME),
                Delivery::Delivered,
                "{status}"
            );
        }
    }

    #[test]
    fn q01_status_0_alone_is_unknown() {
        assert_eq!(judged(&entry(0), CHROME), Delivery::Unknown);
        assert_eq!(judged(&entry(-2), CHROME), Delivery::Unknown);
        assert_eq!(judged(&Entry::default(), CHROME), Delivery::Unknown);
    }

    #[test]
    fn q01_status_0_with_signs_of_the_network_was_sent() {
        let mut with_ip = entry(0);
        with_ip.server_ip = Some("192.0.2.1".into());
        assert_eq!(judged(&with_ip, CHROME), Delivery::NoAnswer);
        let mut waited = entry(0);
        waited.timings = Timings {
            wait: Some(12.0),
            ..Timings::default()
        };
        assert_eq!(judged(&waited, CHROME), Delivery::NoAnswer);
        let mut with_headers = entry(0);
        if let Some(response) = &mut with_headers.response {
            response.has_headers = true;
        }
        assert_eq!(judged(&with_headers, FIREFOX), Delivery::Delivered);
    }

    #[test]
    fn q02_blocked_by_the_client_is_blocked_and_aborted_is_not() {
        let mut blocked = entry(0);
        blocked.error = Some("net::ERR_BLOCKED_BY_CLIENT".into());
        assert_eq!(judged(&blocked, CHROME), Delivery::Blocked);
        for error in [
            "net::ERR_ABORTED",
            "net::ERR_BLOCKED_BY_RESPONSE",
            "net::ERR_BLOCKED_BY_ORB",
        ] {
            blocked.error = Some(error.into());
            assert_eq!(judged(&blocked, CHROME), Delivery::Unknown, "{error}");
        }
        blocked.error = Some("net::ERR_BLOCKED_BY_ORB".into());
        blocked.server_ip = Some("192.0.2.1".into());
        assert_eq!(judged(&blocked, CHROME), Delivery::NoAnswer);
    }

    #[test]
    fn q03_firefox_without_any_trace_is_blocked_only_where_others_have_a_status() {
        assert_eq!(judged(&entry(0), FIREFOX), Delivery::Blocked);
        let silent = ProducerHabits {
            is_firefox: true,
            records_status: false,
            lists: Lists::Unknown,
        };
        assert_eq!(judged(&entry(0), silent), Delivery::Unknown);
    }

    #[test]
    fn q04_the_cache_answers_without_a_request() {
        let mut cached = entry(200);
        cached.from_cache = Some("disk".into());
        assert_eq!(judged(&cached, CHROME), Delivery::Cached);
        let mut revalidated = entry(304);
        revalidated.cache_filled = true;
        assert_eq!(judged(&revalidated, FIREFOX), Delivery::Delivered);
        let mut stored_after_fetching = entry(200);
        stored_after_fetching.cache_filled = true;
        stored_after_fetching.server_ip = Some("192.0.2.1".into());
        assert_eq!(judged(&stored_after_fetching, FIREFOX), Delivery::Delivered);
    }

    #[test]
    fn q45_what_a_test_script_answered_never_left() {
        let mut mocked = entry(200);
        mocked.answered_by_script = true;
        assert_eq!(judged(&mocked, CHROME), Delivery::Blocked);
    }

    #[test]
    fn q05_hsts_never_left() {
        let mut hsts = entry(307);
        if let Some(response) = &mut hsts.response {
            response.status_text = Some("Internal Redirect".into());
        }
        assert_eq!(judged(&hsts, CHROME), Delivery::InternalRedirect);
        assert_eq!(judged(&entry(307), CHROME), Delivery::Delivered);
    }
}
