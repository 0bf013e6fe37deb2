//! What a capture does not hold. Absent is not empty: browsers leave cookies out of their exports, proxies drop bodies,
//! and a request without any header was not sent without any. Every judgement here says what it rests on.

use std::collections::HashSet;
use std::fmt;
use std::sync::LazyLock;

use regex::Regex;

use super::Exchange;
use super::cookies;
use super::percent::decode_component;
use super::placeholder::is_redacted;
use crate::capture::{Capture, PairRef};

/// Whether cookies were recorded: without that, "no cookie" means nothing.
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

    /// Whether the cookies of one request were recorded, in a capture of which that is known as a whole.
    pub fn of_request(exchange: &Exchange, whole: CookiesRecorded) -> CookiesRecorded {
        let cookies = &exchange.cookies;
        if cookies.iter().any(|cookie| is_redacted(&cookie.value)) {
            CookiesRecorded::No
        } else if !cookies.is_empty() {
            CookiesRecorded::Yes
        } else if exchange.headers.is_empty() {
            // Nothing of its head was recorded, whatever is known of the others.
            match whole {
                CookiesRecorded::Yes => CookiesRecorded::No,
                other => other,
            }
        } else {
            whole
        }
    }
}

/// Whether a capture holds cookies, and why that is thought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CookieEvidence {
    pub recorded: CookiesRecorded,
    requests: usize,
    with_cookies: usize,
    set_by_answers: usize,
    sanitising_chromium: Option<u32>,
}

impl CookieEvidence {
    /// Of a capture without requests.
    pub fn none() -> CookieEvidence {
        CookieEvidence {
            recorded: CookiesRecorded::No,
            requests: 0,
            with_cookies: 0,
            set_by_answers: 0,
            sanitising_chromium: None,
        }
    }

    /// Looks through a whole capture.
    pub fn of(capture: &Capture) -> CookieEvidence {
        let requests = capture.entries.iter().map(|entry| &entry.request);
        let with_cookies = requests.filter(|request| cookies::has_any(request)).count();
        let answers = capture.entries.iter().filter_map(|e| e.response.as_ref());
        let sanitising_chromium = sanitising_chromium(capture);
        CookieEvidence {
            recorded: match sanitising_chromium {
                _ if with_cookies > 0 => CookiesRecorded::Yes,
                Some(_) => CookiesRecorded::ProbablyRemoved,
                None => CookiesRecorded::No,
            },
            requests: capture.entries.len(),
            with_cookies,
            set_by_answers: answers.map(|answer| cookies::set_by(answer).len()).sum(),
            sanitising_chromium,
        }
    }
}

/// The version of the browser that wrote the capture, where it is one whose ordinary export leaves cookies out.
fn sanitising_chromium(capture: &Capture) -> Option<u32> {
    let since = capture.known_producer()?.removes_cookies_since?;
    // Nearly all requests send the same header: each is read once.
    let mut seen = HashSet::new();
    let is_agent = |header: &PairRef| header.name.eq_ignore_ascii_case("user-agent");
    let requests = capture.entries.iter().map(|entry| &entry.request);
    requests
        .filter_map(|request| request.headers.iter().find(is_agent))
        .filter(|header| seen.insert(header.value))
        .filter_map(|header| chromium_version(header.value))
        .find(|version| *version >= since)
}

impl fmt::Display for CookieEvidence {
    fn fmt(&self, out: &mut fmt::Formatter) -> fmt::Result {
        match (self.requests, self.with_cookies) {
            (0, _) => return out.write_str("no request was read"),
            (requests, with) if with > 0 => {
                return write!(out, "{with} of {requests} requests carry cookies");
            }
            (1, _) => out.write_str("its one request carries no cookie")?,
            (requests, _) => write!(out, "none of {requests} requests carries a cookie")?,
        }
        if let Some(version) = self.sanitising_chromium {
            write!(
                out,
                "; the ordinary export of Chrome and Edge {version} leaves them out"
            )?;
        }
        if self.set_by_answers > 0 {
            let set = self.set_by_answers;
            write!(
                out,
                "; yet answers set {set}, so that they were not recorded"
            )?;
        }
        Ok(())
    }
}

fn chromium_version(user_agent: &str) -> Option<u32> {
    static VERSION: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"Chrom(?:e|ium)/(\d+)").ok());
    let found = VERSION.as_ref()?.captures(user_agent)?;
    found.get(1)?.as_str().parse().ok()
}

/// How many values of a request somebody has blacked out: cookies, headers, parameters of the address.
pub fn redacted_values(exchange: &Exchange) -> usize {
    let headers = exchange.headers.iter().map(|header| header.value);
    let cookies = exchange.cookies.iter().map(|cookie| cookie.value.as_str());
    let in_heads = headers
        .chain(cookies)
        .filter(|value| is_redacted(value))
        .count();
    let query = exchange.address.query.as_deref().unwrap_or_default();
    // Not by `query_parameters`: every request is looked at here, and of most nobody needs the parameters.
    let values = query.split('&').filter_map(|piece| piece.split_once('='));
    in_heads + values.filter(|(_, raw)| is_redacted_raw(raw)).count()
}

/// Whether a value as it stands in a query was blacked out.
fn is_redacted_raw(raw: &str) -> bool {
    match raw.contains(['%', '+']) {
        true => is_redacted(&decode_component(raw)),
        false => is_redacted(raw),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capture::{Entry, Pair, ProducerKnownFrom, Request, Response, read_capture_bytes};

    fn pair(name: &str, value: &str) -> Pair {
        Pair {
            name: name.into(),
            value: value.into(),
        }
    }

    fn capture(producer: &str, headers: Vec<Pair>, answers: Vec<Pair>) -> Capture {
        let entry = Entry {
            request: Request {
                method: "get".into(),
                url: "https://a.example/".into(),
                headers: headers.into(),
                ..Request::default()
            },
            response: Some(Response {
                headers: answers.into(),
                ..Response::default()
            }),
            ..Entry::default()
        };
        Capture {
            producer: Some(producer.into()),
            producer_known_from: Some(ProducerKnownFrom::Creator),
            entries: [entry].into_iter().collect(),
            ..read_capture_bytes("invented", b"")
        }
    }

    fn of(producer: &str, agent: &str, cookie: Option<&str>) -> CookieEvidence {
        let mut headers = vec![pair("User-Agent", agent)];
        headers.extend(cookie.map(|value| pair("cookie", value)));
        CookieEvidence::of(&capture(producer, headers, Vec::new()))
    }

    #[test]
    fn q15_a_sanitised_export_is_not_a_capture_without_cookies() {
        let agent = "Mozilla/5.0 Chrome/131.0.0.0 Safari/537.36";
        let removed = of("WebInspector", agent, None);
        assert_eq!(removed.recorded, CookiesRecorded::ProbablyRemoved);
        assert_eq!(
            removed.to_string(),
            "its one request carries no cookie; the ordinary export of Chrome and Edge 131 leaves them out"
        );
        let with = of("WebInspector", agent, Some("a=1"));
        assert_eq!(with.recorded, CookiesRecorded::Yes);
        assert_eq!(with.to_string(), "1 of 1 requests carry cookies");
        assert_eq!(of("chrome-har", agent, None).recorded, CookiesRecorded::No);
        let older = of("WebInspector", "Mozilla/5.0 Chrome/129.0.0.0", None);
        assert_eq!(older.recorded, CookiesRecorded::No);
    }

    #[test]
    fn q38_cookies_that_answers_set_show_that_those_of_requests_were_not_recorded() {
        let set = vec![pair(
            "set-cookie",
            "_fbp=fb.1.1.2; Domain=.a.example\nfr=abc; Path=/",
        )];
        let evidence = CookieEvidence::of(&capture("x", vec![pair("Accept", "*/*")], set));
        assert_eq!(evidence.recorded, CookiesRecorded::No);
        assert!(
            evidence
                .to_string()
                .ends_with("yet answers set 2, so that they were not recorded")
        );
    }
}
