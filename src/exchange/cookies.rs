//! Cookies of a request: the union of the `Cookie` headers and the producer's `cookies` list, because each of
//! them is missing in some producer's exports.

use std::collections::HashSet;

use crate::capture::{Pair, Request};

/// The request's cookies, header first, each name-value pair once.
pub fn of_request(request: &Request) -> Vec<Pair> {
    let headers = request
        .headers
        .iter()
        .filter(|h| h.name.eq_ignore_ascii_case("cookie"));
    let from_headers = headers.flat_map(|header| header.value.split(';').filter_map(split_cookie));
    let mut seen = HashSet::new();
    from_headers
        .chain(request.cookies.iter().cloned())
        .filter(|cookie| seen.insert(cookie.clone()))
        .collect()
}

fn split_cookie(piece: &str) -> Option<Pair> {
    let (name, value) = piece.trim().split_once('=')?;
    Some(Pair {
        name: name.trim().to_string(),
        value: value.trim().to_string(),
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
    fn header_and_list_are_one() {
        let request = Request {
            headers: vec![pair("Cookie", "a=1; b=2"), pair("cookie", "c=3=4; broken")],
            cookies: vec![pair("a", "1"), pair("d", "5")],
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
            headers: vec![pair("Cookie", &many.join(";"))],
            ..Request::default()
        };
        assert_eq!(of_request(&request).len(), many.len());
    }
}
