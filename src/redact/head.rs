//! Headers and cookies. A list says which headers stay; of all others, and of every cookie, only the name does, but
//! for the answer to a banner.

use super::address::origin_of;
use super::placeholder::stays;
use super::{Editor, Place};
use crate::capture::{Pair, PairRef, Pairs};
use crate::disclosure::AnswerCookie;
use crate::exchange::{Address, Location, set_cookies};
use crate::tracker::{Leaf, Repacker};

/// Headers that say how something was asked or answered, and of what kind it was.
const STAY: [&str; 52] = [
    ":authority",
    ":method",
    ":scheme",
    ":status",
    "accept",
    "accept-charset",
    "accept-encoding",
    "accept-language",
    "accept-ranges",
    "access-control-allow-credentials",
    "access-control-allow-headers",
    "access-control-allow-methods",
    "access-control-allow-origin",
    "access-control-expose-headers",
    "access-control-max-age",
    "access-control-request-headers",
    "access-control-request-method",
    "age",
    "cache-control",
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "cross-origin-opener-policy",
    "cross-origin-resource-policy",
    "date",
    "dnt",
    "expires",
    "host",
    "keep-alive",
    "last-modified",
    "non-authoritative-reason",
    "pragma",
    "priority",
    "purpose",
    "referrer-policy",
    "sec-ch-ua",
    "sec-ch-ua-mobile",
    "sec-ch-ua-platform",
    "sec-fetch-dest",
    "sec-fetch-mode",
    "sec-fetch-site",
    "sec-fetch-user",
    "sec-gpc",
    "server",
    "strict-transport-security",
    "te",
    "transfer-encoding",
    "upgrade-insecure-requests",
    "user-agent",
    "vary",
    "x-content-type-options",
];

/// In the place of a header of an answer: nothing is told by its shape.
const REMOVED: &str = "removed";

/// What may stand behind a cookie that is set, beside its value.
const ATTRIBUTES: [&str; 8] = [
    "domain",
    "expires",
    "httponly",
    "max-age",
    "partitioned",
    "path",
    "samesite",
    "secure",
];

impl Editor<'_, '_> {
    /// Headers of a request or an answer; `url` is the request's new address.
    pub fn headers(&mut self, place: Place, headers: &Pairs, url: &str, from: &Address) -> Pairs {
        let headers = headers.iter();
        headers
            .map(|header| Pair {
                name: header.name.to_owned(),
                value: self.header(place, header, url, from),
            })
            .collect()
    }

    fn header(&mut self, place: Place, header: PairRef, url: &str, from: &Address) -> String {
        let PairRef { name, value } = header;
        match name.to_ascii_lowercase().as_str() {
            "cookie" => self.cookie_header(value),
            "set-cookie" => self.set_cookie_header(value),
            ":path" => path_of(url),
            "origin" | "access-control-allow-origin" if Address::parse(value).is_some() => {
                origin_of(value)
            }
            "referer" | "location" | "content-location" => match from.join(value) {
                Some(address) => self.address(place, &address.raw),
                None => self.gone(place, name, value, "header"),
            },
            known if STAY.contains(&known) => self.content(place, name, value),
            _ if place == Place::ResponseHeader => {
                self.gone(place, name, value, "header");
                REMOVED.to_owned()
            }
            _ => self.gone(place, name, value, "header"),
        }
    }

    fn cookie_header(&mut self, header: &str) -> String {
        let cookies: Vec<String> = header
            .split(';')
            .map(|piece| {
                let blank = piece.len() - piece.trim_start().len();
                let (blank, cookie) = piece.split_at(blank);
                format!("{blank}{}", self.cookie(Place::Cookie, cookie))
            })
            .collect();
        cookies.join(";")
    }

    fn set_cookie_header(&mut self, header: &str) -> String {
        let cookies: Vec<String> = set_cookies(header)
            .into_iter()
            .map(|cookie| {
                let mut pieces = cookie.split(';');
                let mut out =
                    self.cookie(Place::SetCookie, pieces.next().unwrap_or_default().trim());
                for attribute in pieces.map(str::trim) {
                    let name = attribute.split('=').next().unwrap_or_default().trim();
                    if ATTRIBUTES.contains(&name.to_ascii_lowercase().as_str()) {
                        out.push_str("; ");
                        out.push_str(&self.content(Place::SetCookie, name, attribute));
                    }
                }
                out
            })
            .collect();
        cookies.join("\n")
    }

    /// `name=value`; what has no name is all value.
    fn cookie(&mut self, place: Place, cookie: &str) -> String {
        match cookie.split_once('=') {
            Some((name, value)) => {
                let name = name.trim();
                let value = self.cookie_value(place, name, value.trim());
                format!("{}={value}", self.cookie_name(name))
            }
            None => self.cookie_value(place, "", cookie.trim()),
        }
    }

    /// Some sites name a cookie for the visitor.
    fn cookie_name(&self, name: &str) -> String {
        self.netted(name).unwrap_or_else(|| name.to_owned())
    }

    fn cookie_value(&mut self, place: Place, name: &str, value: &str) -> String {
        if stays(value) {
            return value.to_owned();
        }
        match self.redactor.wishes.consent_tools.answer_in(name) {
            Some(answer) => self.consent(place, name, value, &answer),
            None => self.gone(place, name, value, "cookie"),
        }
    }

    /// What the visitor answered to a banner stays, and when: that something was sent in spite of it is evidence. The ids
    /// that tools keep beside it go.
    fn consent(&mut self, place: Place, name: &str, value: &str, answer: &AnswerCookie) -> String {
        let repacker = Repacker::of_steps(answer.steps());
        let new = repacker.value(Location::Cookie, name, value, 0, &mut |leaf: &Leaf| {
            let tells = leaf.value.is_empty() || answer.tells(leaf.name, leaf.value);
            (!tells).then(|| self.gone(place, name, leaf.value, "cookie"))
        });
        new.unwrap_or_else(|| value.to_owned())
    }

    /// The producer's own list of cookies.
    pub fn cookies(&mut self, cookies: &Pairs) -> Pairs {
        let cookies = cookies.iter();
        cookies
            .map(|cookie| Pair {
                name: self.cookie_name(cookie.name),
                value: self.cookie_value(Place::Cookie, cookie.name, cookie.value),
            })
            .collect()
    }
}

/// Path and query of an address.
fn path_of(url: &str) -> String {
    let origin = origin_of(url.split_once('?').map_or(url, |(front, _)| front));
    let path = url.strip_prefix(&origin).unwrap_or_default();
    match path {
        "" => "/".to_owned(),
        path => path.to_owned(),
    }
}
