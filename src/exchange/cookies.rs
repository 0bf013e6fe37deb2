//! Cookies. Those of a request: the union of the `Cookie` headers and the producer's `cookies` list, because each of
//! them is missing in some producer's exports. Those that an answer sets: several in one header, too.

use std::collections::HashSet;

use foldhash::fast::RandomState;

use crate::capture::{Pair, PairRef, Request, Response};

/// The request's cookies, header first, each name-value pair once.
pub fn of_request(request: &Request) -> Vec<Pair> {
    let headers = request
        .headers
        .iter()
        .filter(|h| h.name.eq_ignore_ascii_case("cookie"));
    let from_headers = headers.flat_map(|header| header.value.split(';').filter_map(split_cookie));
    let mut seen = HashSet::with_hasher(RandomState::default());
    from_headers
        .chain(request.cookies.iter())
        .filter(|cookie| seen.insert(*cookie))
        .map(Pair::from)
        .collect()
}

/// Whether a request carries a cookie.
pub fn has_any(request: &Request) -> bool {
    let headers = request.headers.iter();
    let mut headers = headers.filter(|header| header.name.eq_ignore_ascii_case("cookie"));
    let is_cookie = |piece: &str| piece.contains('=');
    !request.cookies.is_empty() || headers.any(|header| header.value.split(';').any(is_cookie))
}

/// The cookies that an answer sets. Exporters join several headers with a line break, and some with a comma, which also
/// stands inside dates: only one before a `name=` divides.
pub fn set_by(response: &Response) -> Vec<Pair> {
    let headers = response
        .headers
        .iter()
        .filter(|header| header.name.eq_ignore_ascii_case("set-cookie"));
    headers
        .flat_map(|header| set_cookies(header.value))
        .filter_map(|cookie| split_cookie(cookie.split(';').next()?))
        .map(Pair::from)
        .collect()
}

/// The cookies of one `Set-Cookie` header, each with its attributes.
pub fn set_cookies(header: &str) -> Vec<&str> {
    header.split('\n').flat_map(divide_at_commas).collect()
}

fn divide_at_commas(line: &str) -> Vec<&str> {
    let mut cookies = Vec::new();
    let mut rest = line;
    let mut from = 0;
    while let Some(comma) = rest.get(from..).and_then(|text| text.find(',')) {
        let (before, behind) = rest.split_at(from + comma);
        let behind = behind.get(1..).unwrap_or_default();
        if begins_cookie(behind) {
            cookies.push(before);
            rest = behind;
            from = 0;
        } else {
            from += comma + 1;
        }
    }
    cookies.push(rest);
    cookies
}

/// Whether a text begins with the name of a cookie (RFC 6265, 4.1.1: a token) and an equals sign.
fn begins_cookie(text: &str) -> bool {
    let is_of_a_token =
        |byte: &u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(byte);
    let text = text.trim_start().as_bytes();
    // As far as the name goes and no further: a line may be megabytes of commas.
    let name = text.iter().take_while(|byte| is_of_a_token(byte)).count();
    name > 0 && text.get(name) == Some(&b'=')
}

fn split_cookie(piece: &str) -> Option<PairRef<'_>> {
    let (name, value) = piece.trim().split_once('=')?;
    Some(PairRef {
        name: name.trim(),
        value: value.trim(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(name: &str, value: &str) -> Pair {
        Pair {
            name: name.into(),
            value: value.into(),
        }
    }

    #[test]
    fn q38_several_cookies_in_one_header_are_several() {
        let set = |value: &str| {
            let response = Response {
                headers: vec![pair("Set-Cookie", value)].into(),
                ..Response::default()
            };
            set_by(&response)
        };
        let wanted = [pair("_fbp", "fb.1.1.2"), pair("fr", "abc")];
        assert_eq!(
            set("_fbp=fb.1.1.2; Domain=.a.example\nfr=abc; Path=/"),
            wanted
        );
        let dated = "_fbp=fb.1.1.2; Expires=Wed, 25 Nov 2026 10:00:00 GMT, fr=abc; Secure";
        assert_eq!(set(dated), wanted);
        assert_eq!(set("a=1, 2; b=x"), [pair("a", "1, 2")]);
        assert_eq!(set(&format!("a={}", ", x".repeat(1 << 20))).len(), 1);
    }

    #[test]
    fn header_and_list_are_one() {
        let request = Request {
            headers: vec![pair("Cookie", "a=1; b=2"), pair("cookie", "c=3=4; broken")].into(),
            cookies: vec![pair("a", "1"), pair("d", "5")].into(),
            ..Request::default()
        };
        let wanted = [
            pair("a", "1"),
            pair("b", "2"),
            pair("c", "3=4"),
            pair("d", "5"),
        ];
        assert_eq!(of_request(&request), wanted);
    }

    #[test]
    fn very_many_cookies_are_read_at_once() {
        let many: Vec<String> = (0..200_000).map(|number| format!("{number}=1")).collect();
        let request = Request {
            headers: vec![pair("Cookie", &many.join(";"))].into(),
            ..Request::default()
        };
        assert_eq!(of_request(&request).len(), many.len());
    }
}
