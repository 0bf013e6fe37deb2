//! What one entry of a capture holds, as the producer wrote it: nothing decoded, nothing judged.
//!
//! Every member but `request.url` may be missing, because producers leave out what they please. `None` and
//! an empty list mean "not recorded here", never "not sent".

use std::ops::Range;

use super::pairs::Pairs;

/// A name and a value as recorded: a header, a cookie, a query or form parameter.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Pair {
    pub name: String,
    pub value: String,
}

/// One entry of `log.entries`: a request, what came back, and what the producer noted about both.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Entry {
    /// Position in `log.entries`, from 0. Damaged entries keep their number.
    pub index: usize,
    /// Where the entry's text stands in the file as received (bytes; for UTF-16 files, in the text made of it).
    pub range: Range<usize>,
    /// `startedDateTime`, verbatim; a number is written out as text.
    pub started_at: Option<String>,
    pub pageref: Option<String>,
    pub server_ip: Option<String>,
    pub connection: Option<String>,
    /// `time`: the whole exchange in milliseconds.
    pub time: Option<f64>,
    pub timings: Timings,
    /// Whether the producer wrote a `cache.afterRequest` or `cache.beforeRequest` object.
    pub cache_filled: bool,
    /// `_fromCache`: "memory", "disk", …
    pub from_cache: Option<String>,
    /// `_error`, of the entry or of its response: "net::ERR_BLOCKED_BY_CLIENT", …
    pub error: Option<String>,
    /// The value of any member whose name holds "blocked" and whose value is a text.
    pub blocked_reason: Option<String>,
    /// `_resourceType` or `_type`.
    pub resource_type: Option<String>,
    /// The document that caused the request, from `_initiator` (a text in some producers, an object in others:
    /// then its `url`, or the bottommost address in its call stack).
    pub initiator_url: Option<String>,
    /// `_fetchedViaServiceWorker`.
    pub via_service_worker: bool,
    /// `_webSocketMessages`, counted; `None` where there are none.
    pub socket_messages: Option<SocketMessages>,
    /// `_apiRequest`: the test script's own call, not a page's.
    pub api_request: bool,
    /// `_wasFulfilled`: the test script answered in the server's place.
    pub answered_by_script: bool,
    pub request: Request,
    /// `None` where there is no response object at all.
    pub response: Option<Response>,
}

impl Entry {
    /// An entry made of a request alone, answered with 200: for the examples of rules, and for asking what a request
    /// would tell.
    pub fn of_request(
        method: &str,
        url: &str,
        cookies: Option<&str>,
        body: Option<(&str, Option<&str>)>,
    ) -> Entry {
        let cookie = cookies.map(|value| Pair {
            name: "Cookie".to_owned(),
            value: value.to_owned(),
        });
        Entry {
            request: Request {
                method: method.to_owned(),
                url: url.to_owned(),
                headers: cookie.into_iter().collect(),
                body: body.map(|(text, mime_type)| {
                    Box::new(Body {
                        mime_type: mime_type.map(str::to_owned),
                        text: Some(text.to_owned()),
                        ..Body::default()
                    })
                }),
                body_size: Some(0),
                ..Request::default()
            },
            response: Some(Response {
                status: Some(200),
                ..Response::default()
            }),
            ..Entry::default()
        }
    }
}

/// Messages that went over a WebSocket.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SocketMessages {
    pub sent: u64,
    pub received: u64,
}

/// `timings`, in milliseconds; producers write -1 for "does not apply".
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Timings {
    pub blocked: Option<f64>,
    pub send: Option<f64>,
    pub wait: Option<f64>,
    pub receive: Option<f64>,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Request {
    pub method: String,
    pub url: String,
    pub http_version: Option<String>,
    /// In recorded order, pseudo headers (`:authority`) included.
    pub headers: Pairs,
    pub cookies: Pairs,
    /// `queryString`: a hint only; `url` is the raw source.
    pub query: Pairs,
    /// Of most requests there is none, and room for one would be a sixth of an entry.
    pub body: Option<Box<Body>>,
    /// `bodySize`, in bytes; -1 where the producer did not know.
    pub body_size: Option<i64>,
}

/// `postData`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Body {
    pub mime_type: Option<String>,
    pub text: Option<String>,
    pub params: Vec<Pair>,
    /// `encoding` or `_encoding`: "base64" where the text is base64.
    pub encoding: Option<String>,
    /// `_file` or `_sha1`: the name of a file beside the capture that holds the text.
    pub attached: Option<String>,
    /// `comment`: some producers say here why the text is missing.
    pub comment: Option<String>,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Response {
    pub status: Option<i64>,
    pub status_text: Option<String>,
    pub http_version: Option<String>,
    /// Whether there is any header.
    pub has_headers: bool,
    /// `Location` and `Set-Cookie`, in recorded order. All others are a fifth of what a capture holds without its bodies, and
    /// nothing is judged by them: [`response_headers`](super::response_headers) reads them where they stand.
    pub headers: Pairs,
    pub redirect_url: Option<String>,
    pub body_size: Option<i64>,
    /// `_transferSize`, in bytes.
    pub transfer_size: Option<i64>,
    /// Where the text of the response body stands in the file, quotes included; it is never copied.
    pub content_text: Option<Range<usize>>,
    /// `encoding` of the content: "base64" where that text is base64.
    pub content_encoding: Option<String>,
    pub content_type: Option<String>,
}

/// One row of `log.pages`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RecordedPage {
    pub id: String,
    /// Often the address, sometimes stale: never evidence of whose page it was.
    pub title: Option<String>,
    pub started_at: Option<String>,
}
