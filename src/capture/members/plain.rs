//! The short way for what nearly every producer writes: members that stand once, exactly in the types that the format gives
//! them, and nothing that a body would need. Anything else, were it a number in the place of a text, is `None`: then the careful
//! way reads it, which takes what it finds and says what was wrong. What the short way reads, the careful way reads equally;
//! the tests hold the two together.

use super::is_blocked;
use crate::capture::entry::{Entry, Request, Response, Timings};
use crate::capture::lenient::{MAX_VALUE_BYTES, is_legal, legal_text};
use crate::capture::pairs::Pairs;
use crate::capture::scanner::{Inside, Listed, Member, Object, first_mark};

/// The members of a request that are read; all others must be legal, because the careful way reads it as a whole.
const OF_REQUEST: [&str; 7] = [
    "method",
    "url",
    "httpVersion",
    "headers",
    "cookies",
    "queryString",
    "bodySize",
];

/// Members with which a request is read with care.
const CAREFUL: [&str; 4] = ["postData", "_content", "_requestBody", "comment"];

/// What stands beside an entry's request and response.
pub fn entry(bytes: &[u8], object: &Object) -> Option<Entry> {
    let plain = Plain { bytes, object };
    let other_kind = plain.text("_type")?;
    let entry = Entry {
        started_at: plain.text("startedDateTime")?,
        pageref: plain.text("pageref")?,
        server_ip: plain.text("serverIPAddress")?,
        connection: plain.text("connection")?,
        time: plain.number("time")?,
        timings: plain.timings()?,
        cache_filled: plain.cache_filled()?,
        from_cache: plain.text("_fromCache")?,
        error: plain.text("_error")?.filter(|error| !error.is_empty()),
        resource_type: plain.text("_resourceType")?.or(other_kind),
        via_service_worker: plain.flag("_fetchedViaServiceWorker")?,
        api_request: plain.flag("_apiRequest")?,
        answered_by_script: plain.flag("_wasFulfilled")?,
        ..Entry::default()
    };
    (!plain.names_a_blocker()).then_some(entry)
}

/// A request without a body. Its pairs are taken out of the object: those of a large capture are not there twice.
pub fn request(bytes: &[u8], object: &mut Object) -> Option<Request> {
    let request = request_without_pairs(bytes, object)?;
    Some(Request {
        headers: taken(object, "headers"),
        cookies: taken(object, "cookies"),
        query: taken(object, "queryString"),
        ..request
    })
}

/// The pairs that stand once, if at all, in an object.
fn taken(object: &mut Object, name: &str) -> Pairs {
    match object.last_mut(name).map(|member| &mut member.inside) {
        Some(Inside::Pairs(listed)) => std::mem::take(&mut listed.pairs),
        _ => Pairs::default(),
    }
}

fn request_without_pairs(bytes: &[u8], object: &Object) -> Option<Request> {
    let plain = Plain { bytes, object };
    for name in ["headers", "cookies", "queryString"] {
        plain.pairs(name)?;
    }
    let request = Request {
        method: plain.text("method")?.unwrap_or_default(),
        url: plain.text("url")?.unwrap_or_default(),
        http_version: plain.text("httpVersion")?,
        body_size: plain.integer("bodySize")?,
        ..Request::default()
    };
    let mut others = object
        .members
        .iter()
        .filter(|m| !OF_REQUEST.contains(&&*m.key));
    let is_plain = others.all(|other| !CAREFUL.contains(&&*other.key) && plain.is_legal(other));
    let is_short = object.range.len() <= MAX_VALUE_BYTES;
    (is_plain && is_short).then_some(request)
}

/// What a response says of itself but for its content, and the error that it tells.
pub fn response(bytes: &[u8], object: &Object) -> Option<(Response, Option<String>)> {
    let plain = Plain { bytes, object };
    let error = plain.text("_error")?.filter(|error| !error.is_empty());
    let failure = plain.text("_failureText")?;
    let headers = plain.pairs("headers")?;
    let response = Response {
        status: plain.integer("status")?,
        status_text: plain.text("statusText")?,
        http_version: plain.text("httpVersion")?,
        has_headers: headers.is_some_and(|listed| listed.count > 0),
        headers: headers.map_or_else(Pairs::default, |listed| listed.pairs.clone()),
        redirect_url: plain.text("redirectURL")?,
        body_size: plain.integer("bodySize")?,
        transfer_size: plain.integer("_transferSize")?,
        ..Response::default()
    };
    (!plain.names_a_blocker()).then(|| (response, error.or(failure)))
}

/// All headers of a response.
pub fn response_headers(bytes: &[u8], object: &Object) -> Option<Pairs> {
    let listed = Plain { bytes, object }.pairs("headers")?;
    Some(listed.map_or_else(Pairs::default, |listed| listed.pairs.clone()))
}

/// A text among the members of an object.
pub fn text(bytes: &[u8], object: &Object, name: &str) -> Option<Option<String>> {
    Plain { bytes, object }.text(name)
}

/// Encoding and type of a response's content.
pub fn content(bytes: &[u8], object: &Object) -> Option<(Option<String>, Option<String>)> {
    let plain = Plain { bytes, object };
    Some((plain.text("encoding")?, plain.text("mimeType")?))
}

/// An object whose members are read the short way. Of every answer the outer `None` means that the careful way is needed, the
/// inner one that nothing is there.
struct Plain<'a> {
    bytes: &'a [u8],
    object: &'a Object<'a>,
}

impl<'a> Plain<'a> {
    fn member(&self, name: &str) -> Option<Option<&'a Member<'a>>> {
        let mut named = self
            .object
            .members
            .iter()
            .filter(|member| member.key == name);
        let (first, second) = (named.next(), named.next());
        second.is_none().then_some(first)
    }

    /// A value that is there; `null` is none.
    fn value(&self, name: &str) -> Option<Option<&'a [u8]>> {
        let Some(member) = self.member(name)? else {
            return Some(None);
        };
        let value = self.bytes.get(member.value.clone())?;
        let is_short = value.len() <= MAX_VALUE_BYTES;
        is_short.then(|| Some(value).filter(|value| *value != b"null"))
    }

    fn text(&self, name: &str) -> Option<Option<String>> {
        let Some(quoted) = self.value(name)? else {
            return Some(None);
        };
        let quoted = std::str::from_utf8(quoted).ok()?;
        let inside = quoted.strip_prefix('"')?;
        let text = match first_mark(inside.as_bytes()) {
            Some(end) if end + 1 == inside.len() => inside.get(..end)?.to_owned(),
            _ => legal_text(quoted)?,
        };
        Some(Some(text))
    }

    fn number(&self, name: &str) -> Option<Option<f64>> {
        match self.value(name)? {
            None => Some(None),
            Some(value) => serde_json::from_slice(value).ok().map(Some),
        }
    }

    fn integer(&self, name: &str) -> Option<Option<i64>> {
        let Some(value) = self.value(name)? else {
            return Some(None);
        };
        let number: i32 = serde_json::from_slice(value).ok()?;
        Some(Some(number.into()))
    }

    fn flag(&self, name: &str) -> Option<bool> {
        match self.value(name)? {
            None | Some(b"false") => Some(false),
            Some(b"true") => Some(true),
            Some(_) => None,
        }
    }

    /// The pairs that the scanner read.
    fn pairs(&self, name: &str) -> Option<Option<&'a Listed>> {
        match self.member(name)?.map(|member| &member.inside) {
            None => Some(None),
            Some(Inside::Pairs(listed)) => Some(Some(listed)),
            Some(_) => None,
        }
    }

    fn timings(&self) -> Option<Timings> {
        let object = match self.member("timings")?.map(|member| &member.inside) {
            None => return Some(Timings::default()),
            Some(Inside::Object(object)) => object,
            Some(_) => return None,
        };
        let plain = Plain { object, ..*self };
        let timings = Timings {
            blocked: plain.number("blocked")?,
            send: plain.number("send")?,
            wait: plain.number("wait")?,
            receive: plain.number("receive")?,
        };
        let mut members = object.members.iter();
        members
            .all(|member| self.is_legal(member))
            .then_some(timings)
    }

    /// Nearly all are empty; one that is not is read with care.
    fn cache_filled(&self) -> Option<bool> {
        match self.value("cache")? {
            None | Some(b"{}") => Some(false),
            Some(_) => None,
        }
    }

    fn is_legal(&self, member: &Member) -> bool {
        self.bytes.get(member.value.clone()).is_some_and(is_legal)
    }

    fn names_a_blocker(&self) -> bool {
        let mut members = self.object.members.iter();
        members.any(|member| is_blocked(&member.key))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::capture::lenient::Notes;
    use crate::capture::members::{fields, is_plain, plain_members, request, response};
    use crate::capture::scanner::{Piece, scan};

    /// What a program may write in the place of a value, the right thing most often.
    fn value() -> impl Strategy<Value = String> {
        let odd = [
            "null",
            "7",
            "-1",
            "1.5",
            "1e9",
            "true",
            "[]",
            "{}",
            "NaN",
            r#""\ud800""#,
            r#"["a"]"#,
            "99999999999",
        ];
        prop_oneof![
            6 => r#"[a-z0-9:/?=&é]{0,12}"#.prop_map(|text| format!("{text:?}")),
            1 => prop::sample::select(odd.to_vec()).prop_map(str::to_owned),
        ]
    }

    fn object(
        names: &'static [&'static str],
        value: BoxedStrategy<String>,
    ) -> BoxedStrategy<String> {
        let member = (prop::sample::select(names.to_vec()), value);
        let member = member.prop_map(|(name, value)| format!("{name:?}: {value}"));
        prop::collection::vec(member, 0..4)
            .prop_map(|members| format!("{{{}}}", members.join(",")))
            .boxed()
    }

    fn list() -> BoxedStrategy<String> {
        let whole = (value(), value()).prop_map(|(n, v)| format!(r#"{{"name":{n},"value":{v}}}"#));
        let pair =
            prop_oneof![4 => whole, 1 => object(&["name", "value", "comment"], value().boxed())];
        let list = prop::collection::vec(pair, 0..3).prop_map(|all| format!("[{}]", all.join(",")));
        prop_oneof![9 => list, 1 => value()].boxed()
    }

    /// Members of an object, one from each of some lists, and whatever else is given.
    fn whole(parts: Vec<BoxedStrategy<String>>) -> BoxedStrategy<String> {
        let inside = |text: &String| text[1..text.len() - 1].to_owned();
        parts
            .prop_map(move |objects| {
                let members: Vec<String> = objects
                    .iter()
                    .map(inside)
                    .filter(|m| !m.is_empty())
                    .collect();
                format!("{{{}}}", members.join(", "))
            })
            .boxed()
    }

    fn request_text() -> BoxedStrategy<String> {
        let url = value()
            .prop_map(|url| format!(r#"{{"url": {url}}}"#))
            .boxed();
        whole(vec![
            object(
                &[
                    "method",
                    "httpVersion",
                    "comment",
                    "headersSize",
                    "x",
                    "url",
                ],
                value().boxed(),
            ),
            object(&["headers", "cookies", "queryString", "y"], list()),
            object(&["bodySize", "headersSize"], value().boxed()),
            url,
        ])
    }

    fn response_text() -> BoxedStrategy<String> {
        let texts = &[
            "statusText",
            "httpVersion",
            "redirectURL",
            "_error",
            "_failureText",
            "_blocked",
            "z",
        ];
        whole(vec![
            object(texts, value().boxed()),
            object(&["headers", "cookies"], list()),
            object(&["status", "bodySize", "_transferSize"], value().boxed()),
        ])
    }

    fn entry_text() -> BoxedStrategy<String> {
        let texts = &[
            "startedDateTime",
            "pageref",
            "serverIPAddress",
            "connection",
            "_error",
            "Blocked_by",
        ];
        let times = object(
            &["blocked", "send", "wait", "receive", "dns"],
            value().boxed(),
        );
        let times = prop_oneof![4 => times, 1 => value()];
        whole(vec![
            object(texts, value().boxed()),
            object(
                &["_resourceType", "_type", "_fromCache", "cache", "time"],
                value().boxed(),
            ),
            object(
                &["_fetchedViaServiceWorker", "_apiRequest", "_wasFulfilled"],
                value().boxed(),
            ),
            object(&["timings"], times.boxed()),
            object(&["request"], request_text()),
            object(&["response"], response_text()),
        ])
    }

    /// Compares what both ways read of an entry, wherever the short one is taken. Gives how often it was.
    fn compared(entry_text: &str) -> usize {
        let text = format!(r#"{{"log": {{"entries": [{entry_text}]}}}}"#);
        let bytes = text.as_bytes();
        let mut short = 0;
        scan(bytes, 0, &mut |piece| {
            let Piece::Entry(found) = piece else { return };
            let mut object = found.object;
            let mut notes = Notes::new(None);
            if let Some(read) = entry(bytes, &object) {
                let mut fields = fields(bytes, &object, "", is_plain, &mut notes);
                assert_eq!(read, plain_members(&mut fields, &mut notes));
                short += 1;
            }
            let request = object.last_mut("request");
            if let Some(object) = request.and_then(|member| member.inside.object_mut())
                && let Some(read) =
                    super::request(bytes, object).filter(|read| !read.url.trim().is_empty())
            {
                let text = &bytes[object.range.clone()];
                assert_eq!(Some(read), request::read_with_care(Some(text), &mut notes));
                short += 1;
            }
            let response = object.last("response");
            if let Some(object) = response.and_then(|member| member.inside.object())
                && let Some((read, error)) = super::response(bytes, object)
            {
                let mut entry = Entry::default();
                assert_eq!(
                    read,
                    response::read_with_care(bytes, object, &mut entry, &mut notes)
                );
                assert_eq!((error, None), (entry.error, entry.blocked_reason));
                short += 1;
            }
            assert_eq!(notes.finish(), []);
        });
        short
    }

    #[test]
    fn what_chrome_writes_is_read_the_short_way() {
        let text = r#"{"_initiator": {"type": "other"}, "_priority": "High", "_resourceType": "xhr", "cache": {}, "pageref": "page_1",
            "connection": "443", "request": {"method":"GET","url":"https://a.example/?q=1","httpVersion":"h3",
            "headers":[{"name":"a","value":"b \u00e9"},{"name":"sec-ch-ua","value":"\"Chromium\";v=\"145\""}],
            "queryString":[{"name":"q","value":"1"}],"cookies":[{"name":"c","value":"d","path":"/","httpOnly":true}],
            "headersSize":-1,"bodySize":0}, "response": {"status": 200, "statusText": "", "httpVersion": "h3", "headers": [],
            "cookies": [], "content": {"size": 4, "mimeType": "text/plain", "text": "a\nb"}, "redirectURL": "",
            "headersSize": -1, "bodySize": -1, "_transferSize": 320, "_error": null}, "serverIPAddress": "[::1]",
            "startedDateTime": "2026-03-01T10:00:00.000Z", "time": 12.5,
            "timings": {"blocked": 1.25, "dns": -1, "send": 0.06224444936442878, "wait": 3, "receive": 1.5, "_blocked_queueing": 1.0}}"#;
        assert_eq!(compared(text), 3);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(3000))]

        #[test]
        fn both_ways_read_the_same(text in entry_text()) {
            compared(&text);
        }
    }
}
