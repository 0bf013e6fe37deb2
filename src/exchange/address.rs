//! An address taken apart without judging it: evidence is full of addresses that a strict parser refuses.
//!
//! The raw text stays beside the parts. Only the host is normalised, because hosts are compared.

use std::borrow::Cow;

use super::placeholder::is_placeholder;

/// An `http` or `https` address, or that of a WebSocket, in parts.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Address {
    /// As recorded, without the fragment: a fragment is never transmitted. With the query, also where it was recorded apart.
    pub raw: String,
    /// "http", "https", "ws" or "wss".
    pub scheme: Cow<'static, str>,
    /// Lower case, internationalised names as `xn--`, without port, user or trailing dot.
    pub host: String,
    /// Still percent-encoded; "/" where the address has none.
    pub path: String,
    /// Still percent-encoded; without the question mark.
    pub query: Option<String>,
}

impl Address {
    /// Takes an absolute `http`/`https` address apart; `None` for anything else (`data:`, `blob:`, relative, empty).
    pub fn parse(raw: &str) -> Option<Address> {
        let raw = raw.trim();
        let (scheme, rest) = raw.split_once(':')?;
        let mut known = ["https", "http"].into_iter();
        let scheme = known.find(|known| scheme.eq_ignore_ascii_case(known))?;
        let rest = rest.strip_prefix("//")?;
        let rest = rest.split_once('#').map_or(rest, |(before, _)| before);
        let authority_end = rest.find(['/', '?', '\\']).unwrap_or(rest.len());
        let (authority, tail) = rest.split_at(authority_end);
        let host = host_of(authority)?;
        let (path, query) = match tail.split_once('?') {
            Some((path, query)) => (path, Some(query.to_string())),
            None => (tail, None),
        };
        Some(Address {
            raw: raw
                .split_once('#')
                .map_or(raw, |(before, _)| before)
                .to_string(),
            scheme: Cow::Borrowed(scheme),
            host,
            path: if path.is_empty() { "/" } else { path }.to_string(),
            query,
        })
    }

    /// Takes the address of a WebSocket apart (`ws:`, `wss:`); `None` for anything else.
    pub fn of_socket(raw: &str) -> Option<Address> {
        let (scheme, rest) = raw.trim().split_once(':')?;
        let mut known = [("wss", "https"), ("ws", "http")].into_iter();
        let (scheme, as_http) = known.find(|(known, _)| scheme.eq_ignore_ascii_case(known))?;
        let address = Address::parse(&format!("{as_http}:{rest}"))?;
        let raw = address.raw.replacen(as_http, scheme, 1);
        Some(Address {
            raw,
            scheme: Cow::Borrowed(scheme),
            ..address
        })
    }

    /// This address, which has no query, with one.
    pub fn with_query(self, query: String) -> Address {
        Address {
            raw: format!("{}?{query}", self.raw),
            query: Some(query),
            ..self
        }
    }

    /// Resolves `target`, absolute or relative, against this address, as a browser follows a redirect.
    pub fn join(&self, target: &str) -> Option<Address> {
        if target.is_empty() {
            return None;
        }
        if let Some(address) = Address::parse(target) {
            return Some(address);
        }
        let joined = url::Url::parse(&self.raw).ok()?.join(target).ok()?;
        Address::parse(joined.as_str())
    }

    /// Scheme, host and path: the page's name, without what a visitor carried in the query.
    pub fn without_query(&self) -> String {
        format!("{}://{}{}", self.scheme, self.host, self.path)
    }

    /// Whether a browser could have fetched from this host: an IP address, or a name of letters, digits, hyphens and
    /// underscores, at most 253 bytes long (RFC 1035, 2.3.4, without the dot of the root). Scripts also tell of
    /// templates that nobody filled in (`https://{{host}}/`), of places without a value (`https://undefined/`) and of
    /// pieces of text.
    pub fn has_real_host(&self) -> bool {
        let v6 = self.host.strip_prefix('[');
        match v6.and_then(|inner| inner.strip_suffix(']')) {
            Some(v6) => v6.parse::<std::net::Ipv6Addr>().is_ok(),
            None => {
                self.host.len() <= 253
                    && self.host.bytes().all(is_of_a_name)
                    && !is_placeholder(&self.host)
            }
        }
    }

    /// Whether this host is `domain` or below it, on label boundaries.
    pub fn is_under(&self, domain: &str) -> bool {
        host_is_under(&self.host, domain)
    }
}

/// Whether `host` is `domain` or below it: `www.a.example` is under `a.example`, `xa.example` is not.
pub fn host_is_under(host: &str, domain: &str) -> bool {
    host.strip_suffix(domain)
        .is_some_and(|front| front.is_empty() || front.ends_with('.'))
}

/// The registrable domain of a host by the Public Suffix List (`www.met.police.uk` → `met.police.uk`); the host
/// itself where the list knows none (an IP address, a name without a dot).
pub fn registrable_domain(host: &str) -> &str {
    if host.parse::<std::net::IpAddr>().is_ok() || host.starts_with('[') {
        return host;
    }
    psl::domain_str(host).unwrap_or(host)
}

fn is_of_a_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.')
}

fn host_of(authority: &str) -> Option<String> {
    let host = authority.rsplit_once('@').map_or(authority, |(_, h)| h);
    let host = match host.strip_prefix('[') {
        Some(v6) => &host[..v6.find(']').map_or(host.len(), |end| end + 2)],
        None => host.split(':').next().unwrap_or(host),
    };
    let host = host.trim_end_matches('.');
    if host.is_empty() {
        return None;
    }
    Some(if is_usual_name(host) {
        host.to_owned()
    } else {
        normalised(host)
    })
}

/// Whether a host is a name that is written as it is compared: no number, nothing international.
fn is_usual_name(host: &str) -> bool {
    let is_usual = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'.');
    let top = host.rsplit('.').next().unwrap_or_default();
    top.starts_with(|c: char| c.is_ascii_lowercase())
        && host.bytes().all(is_usual)
        && !host.contains("xn--")
}

fn normalised(host: &str) -> String {
    match url::Host::parse(host) {
        Ok(parsed) => parsed.to_string(),
        Err(_) => host.to_lowercase(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_usual_name_is_left_as_it_is(host in "([a-z0-9-]{0,4}|0x[0-9a-f]|xn--[a-z]{0,3}|[A-Z\u{e9}%_ ])(\\.([a-z0-9-]{0,4}|0x[0-9a-f])){0,4}") {
            if is_usual_name(&host) {
                prop_assert_eq!(normalised(&host), host);
            }
        }
    }

    #[test]
    fn hosts_are_lower_case_without_port_user_or_fragment() {
        let address =
            Address::parse("HTTPS://me:pw@WWW.Clinic.Example:443/a?x=1#access_token=abc").unwrap();
        assert_eq!(address.host, "www.clinic.example");
        assert_eq!(address.path, "/a");
        assert_eq!(address.query.as_deref(), Some("x=1"));
        assert!(!address.raw.contains('#'));
    }

    #[test]
    fn look_alike_hosts_are_not_under_the_domain() {
        let evil = Address::parse("https://facebook.com.evil.example/tr/?id=1").unwrap();
        assert!(!evil.is_under("facebook.com"));
        let other = Address::parse("https://notfacebook.com/tr").unwrap();
        assert!(!other.is_under("facebook.com"));
        assert!(
            Address::parse("https://www.facebook.com/tr")
                .unwrap()
                .is_under("facebook.com")
        );
    }

    #[test]
    fn what_is_not_http_is_no_address() {
        for raw in [
            "data:image/png;base64,AA",
            "blob:https://a.example/9",
            "/x.gif",
            "",
            "about:blank",
            "https://",
            "https:///x",
        ] {
            assert_eq!(Address::parse(raw), None, "{raw}");
        }
    }

    #[test]
    fn q46_a_socket_has_an_address_of_its_own_kind() {
        let address = Address::of_socket("WSS://Chat.Example:443/s?x=1#y").unwrap();
        assert_eq!(
            (&*address.scheme, address.host.as_str()),
            ("wss", "chat.example")
        );
        assert_eq!(address.raw, "wss://Chat.Example:443/s?x=1");
        assert_eq!(Address::of_socket("https://a.example/"), None);
        assert_eq!(Address::parse("wss://a.example/"), None);
    }

    #[test]
    fn ugly_addresses_are_kept() {
        let address =
            Address::parse("https://a.example/x y?q={\"a\":\"50% off|x\"}&c=M%FCnchen").unwrap();
        assert_eq!(address.path, "/x y");
        assert!(Address::parse("https://[::1]:8080/a").unwrap().host == "[::1]");
        assert!(Address::parse("https://[::1").is_some_and(|a| !a.host.is_empty()));
    }

    #[test]
    fn a_template_or_a_piece_of_text_is_no_real_host() {
        let is_real = |raw: &str| Address::parse(raw).unwrap().has_real_host();
        for raw in [
            "https://www.clinic.example/",
            "https://my_clinic.example./",
            "https://klinik-m\u{fc}nchen.example/",
            "http://192.0.2.7:8080/",
            "https://[2001:db8::7]/",
            "http://localhost/",
        ] {
            assert!(is_real(raw), "{raw}");
        }
        let endless = format!("https://{}.example/", "a".repeat(300));
        for raw in [
            "https://[",
            "https://[REDACTED]/",
            "https://{{host}}/",
            "https://%%SITE%%/",
            "https://exa mple/",
            "https://%00/",
            "https://<host>/",
            "https://undefined/",
            &endless,
        ] {
            assert!(!is_real(raw), "{raw}");
        }
    }

    #[test]
    fn a_relative_redirect_is_resolved() {
        let from = Address::parse("https://www.facebook.com/tr/?id=1").unwrap();
        assert_eq!(
            from.join("/tr/?redirect=0").unwrap().raw,
            "https://www.facebook.com/tr/?redirect=0"
        );
        assert_eq!(from.join(""), None);
    }

    #[test]
    fn police_forces_have_registrable_domains_of_their_own() {
        assert_eq!(registrable_domain("www.met.police.uk"), "met.police.uk");
        assert_eq!(registrable_domain("10.0.0.1"), "10.0.0.1");
    }
}
