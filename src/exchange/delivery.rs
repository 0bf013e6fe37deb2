//! Did the request leave the browser? A capture lists requests that were blocked, answered from the cache or
//! redirected inside the browser; for those nothing was sent, and saying otherwise is the worst error this
//! program can make.

use crate::capture::{Entry, Lists, Response};

/// What became of a request, as far as its capture can tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Delivery {
    /// The server answered.
    Delivered,
    /// It left, and no answer was recorded.
    NoAnswer,
    /// It was stopped in the browser or before: an extension, tracking protection, no connection.
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

/// Judges one entry.
pub fn judge(entry: &Entry, habits: ProducerHabits) -> Delivery {
    let Some(response) = &entry.response else {
        return without_status(entry, None, habits);
    };
    let status = response.status.unwrap_or(0);
    if is_internal_redirect(response, status) {
        Delivery::InternalRedirect
    } else if is_cached(entry, response, status) {
        Delivery::Cached
    } else if status > 0 {
        Delivery::Delivered
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
fn is_cached(entry: &Entry, response: &Response, status: i64) -> bool {
    if status == 304 {
        return false;
    }
    if entry
        .from_cache
        .as_deref()
        .is_some_and(|c| !c.is_empty() && c != "false")
    {
        return true;
    }
    let no_network = entry.server_ip.as_deref().unwrap_or("").is_empty()
        && entry.timings.wait.unwrap_or(0.0) <= 0.0
        && entry.timings.send.unwrap_or(0.0) <= 0.0;
    let old_chrome = response.http_version.as_deref() == Some("unknown")
        && entry.connection.as_deref() == Some("0");
    status > 0 && no_network && (entry.cache_filled || old_chrome)
}

fn without_status(entry: &Entry, response: Option<&Response>, habits: ProducerHabits) -> Delivery {
    let reasons = [&entry.error, &entry.blocked_reason];
    let named = |list: &[&str]| {
        reasons
            .iter()
            .filter_map(|reason| reason.as_deref())
            .any(|reason| {
                list.iter()
                    .any(|word| reason.to_ascii_uppercase().contains(word))
            })
    };
    if named(&NEVER_SENT) {
        return Delivery::Blocked;
    }
    // Firefox answers a status of 0 with real response headers where the answer was withheld from the page.
    if response.is_some_and(|r| !r.headers.is_empty()) {
        return Delivery::Delivered;
    }
    if was_on_the_wire(entry) {
        return Delivery::NoAnswer;
    }
    if entry.blocked_reason.is_some() && entry.error.is_none() {
        return Delivery::Blocked;
    }
    if habits.records_status && looks_like_tracking_protection(entry, response, habits) {
        return Delivery::Blocked;
    }
    Delivery::Unknown
}

fn was_on_the_wire(entry: &Entry) -> bool {
    entry.server_ip.as_deref().is_some_and(|ip| !ip.is_empty())
        || entry.timings.wait.is_some_and(|ms| ms > 0.0)
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
    use crate::capture::{Pair, Timings};

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
                judge(&entry(status), CHROME),
                Delivery::Delivered,
                "{status}"
            );
        }
    }

    #[test]
    fn q01_status_0_alone_is_unknown() {
        assert_eq!(judge(&entry(0), CHROME), Delivery::Unknown);
        assert_eq!(judge(&entry(-2), CHROME), Delivery::Unknown);
        assert_eq!(judge(&Entry::default(), CHROME), Delivery::Unknown);
    }

    #[test]
    fn q01_status_0_with_signs_of_the_network_was_sent() {
        let mut with_ip = entry(0);
        with_ip.server_ip = Some("192.0.2.1".into());
        assert_eq!(judge(&with_ip, CHROME), Delivery::NoAnswer);
        let mut waited = entry(0);
        waited.timings = Timings {
            wait: Some(12.0),
            ..Timings::default()
        };
        assert_eq!(judge(&waited, CHROME), Delivery::NoAnswer);
        let mut with_headers = entry(0);
        if let Some(response) = &mut with_headers.response {
            response.headers.push(Pair {
                name: "Server".into(),
                value: "x".into(),
            });
        }
        assert_eq!(judge(&with_headers, FIREFOX), Delivery::Delivered);
    }

    #[test]
    fn q02_blocked_by_the_client_is_blocked_and_aborted_is_not() {
        let mut blocked = entry(0);
        blocked.error = Some("net::ERR_BLOCKED_BY_CLIENT".into());
        assert_eq!(judge(&blocked, CHROME), Delivery::Blocked);
        for error in [
            "net::ERR_ABORTED",
            "net::ERR_BLOCKED_BY_RESPONSE",
            "net::ERR_BLOCKED_BY_ORB",
        ] {
            blocked.error = Some(error.into());
            assert_eq!(judge(&blocked, CHROME), Delivery::Unknown, "{error}");
        }
        blocked.error = Some("net::ERR_BLOCKED_BY_ORB".into());
        blocked.server_ip = Some("192.0.2.1".into());
        assert_eq!(judge(&blocked, CHROME), Delivery::NoAnswer);
    }

    #[test]
    fn q03_firefox_without_any_trace_is_blocked_only_where_others_have_a_status() {
        assert_eq!(judge(&entry(0), FIREFOX), Delivery::Blocked);
        let silent = ProducerHabits {
            is_firefox: true,
            records_status: false,
            lists: Lists::Unknown,
        };
        assert_eq!(judge(&entry(0), silent), Delivery::Unknown);
    }

    #[test]
    fn q04_the_cache_answers_without_a_request() {
        let mut cached = entry(200);
        cached.from_cache = Some("disk".into());
        assert_eq!(judge(&cached, CHROME), Delivery::Cached);
        let mut revalidated = entry(304);
        revalidated.cache_filled = true;
        assert_eq!(judge(&revalidated, FIREFOX), Delivery::Delivered);
        let mut stored_after_fetching = entry(200);
        stored_after_fetching.cache_filled = true;
        stored_after_fetching.server_ip = Some("192.0.2.1".into());
        assert_eq!(judge(&stored_after_fetching, FIREFOX), Delivery::Delivered);
    }

    #[test]
    fn q05_hsts_never_left() {
        let mut hsts = entry(307);
        if let Some(response) = &mut hsts.response {
            response.status_text = Some("Internal Redirect".into());
        }
        assert_eq!(judge(&hsts, CHROME), Delivery::InternalRedirect);
        assert_eq!(judge(&entry(307), CHROME), Delivery::Delivered);
    }
}
