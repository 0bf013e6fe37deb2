//! When are two addresses one page? What a visitor carries along (advertising clicks, campaign names, session numbers of
//! analytics) does not make another page; everything else in the query may.

use crate::exchange::Address;

/// Query parameters that only say how the visitor came.
const CARRIED: [&str; 19] = [
    "fbclid",
    "gclid",
    "gclsrc",
    "dclid",
    "wbraid",
    "gbraid",
    "msclkid",
    "ttclid",
    "twclid",
    "li_fat_id",
    "igshid",
    "mc_cid",
    "mc_eid",
    "_ga",
    "_gl",
    "_hsenc",
    "_hsmi",
    "yclid",
    "gad_source",
];

/// Query parameters that hold what was searched for on the site.
const SEARCHED: [&str; 9] = [
    "q",
    "s",
    "search",
    "query",
    "keyword",
    "keywords",
    "term",
    "searchterm",
    "search_term",
];

/// The text by which a page is told from others: host and path, and the query without what is only carried along.
/// `http` and `https`, a slash at the end or none, `www.` or none stay apart: they may be different pages.
pub fn page_key(address: &Address) -> String {
    let kept: Vec<&str> = address
        .query
        .as_deref()
        .unwrap_or("")
        .split('&')
        .filter(|piece| !piece.is_empty() && !is_carried(piece))
        .collect();
    let base = format!("{}{}", address.host, address.path);
    if kept.is_empty() {
        base
    } else {
        format!("{base}?{}", kept.join("&"))
    }
}

/// What was searched for on the site, where the page's address says so.
pub fn search_term(address: &Address) -> Option<String> {
    let query =
        crate::exchange::split_pairs(address.query.as_deref()?, crate::exchange::Location::Query);
    query
        .into_iter()
        .find(|parameter| is_search(&parameter.name) && !parameter.value.trim().is_empty())
        .map(|parameter| parameter.value)
}

/// Whether a parameter of a page's address is known to hold what was searched for.
pub fn is_search(name: &str) -> bool {
    SEARCHED
        .iter()
        .any(|known| name.eq_ignore_ascii_case(known))
}

fn is_carried(piece: &str) -> bool {
    let name = piece
        .split('=')
        .next()
        .unwrap_or(piece)
        .to_ascii_lowercase();
    name.starts_with("utm_") || CARRIED.contains(&name.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(url: &str) -> String {
        page_key(&Address::parse(url).unwrap())
    }

    #[test]
    fn advertising_clicks_do_not_make_another_page() {
        assert_eq!(
            key("https://www.clinic.example/hiv?fbclid=IwAR1&utm_source=fb&id=7#top"),
            "www.clinic.example/hiv?id=7"
        );
        assert_eq!(
            key("https://www.clinic.example/hiv?fbclid=IwAR1"),
            "www.clinic.example/hiv"
        );
        assert_ne!(
            key("https://www.clinic.example/?p=1"),
            key("https://www.clinic.example/?p=2")
        );
    }

    #[test]
    fn the_search_is_read_from_the_address() {
        let term = |url| search_term(&Address::parse(url).unwrap());
        assert_eq!(
            term("https://a.example/search?q=self+harm").as_deref(),
            Some("self harm")
        );
        assert_eq!(term("https://a.example/?id=5&q="), None);
    }
}
