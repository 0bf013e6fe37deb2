//! Masks what may not be shown: the volunteers and the visitors are protected unless the user asks for the raw values.

use std::sync::LazyLock;

use regex::{NoExpand, Regex};

use super::vocabulary::Show;
use crate::exchange::Address;

/// Whether raw values may be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reveal {
    No,
    /// `--reveal`: everything but session secrets.
    Yes,
}

impl From<bool> for Reveal {
    fn from(asked_for: bool) -> Reveal {
        if asked_for { Reveal::Yes } else { Reveal::No }
    }
}

/// A value as it may be shown.
pub fn shown(value: &str, show: Show, reveal: Reveal) -> String {
    match (show, reveal) {
        (Show::Never, _) => "[withheld]".to_string(),
        (_, Reveal::Yes) => value.to_string(),
        (Show::Content, Reveal::No) => without_emails(value),
        (Show::Typed, Reveal::No) => typed(value),
        (Show::Address, Reveal::No) => address(value),
        (Show::Masked, Reveal::No) => length_and_kind(value),
    }
}

/// What was typed, and titles, which repeat it: e-mail addresses and long numbers are masked, words stay.
pub fn typed(value: &str) -> String {
    let text = without_emails(value);
    let number = may_hold_number(&text, 7).then(number_pattern).flatten();
    replaced(&text, number, "[number]")
}

/// With a word in the place of all that a pattern finds; without one as it is.
fn replaced(text: &str, pattern: Option<&Regex>, word: &str) -> String {
    match pattern {
        Some(pattern) => pattern.replace_all(text, NoExpand(word)).into_owned(),
        None => text.to_owned(),
    }
}

/// Whether a text has so many digits, without which no pattern of numbers need be built.
fn may_hold_number(text: &str, digits: usize) -> bool {
    text.chars()
        .filter(|sign| sign.is_numeric())
        .nth(digits - 1)
        .is_some()
}

/// What a long number looks like, as telephone numbers are written.
pub fn number_pattern() -> Option<&'static Regex> {
    static NUMBER: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"\+?\d(?:[ \-().]?\d){6,}").ok());
    NUMBER.as_ref()
}

/// What an e-mail address looks like, plain or with an escaped @.
pub fn email_pattern() -> Option<&'static Regex> {
    static EMAIL: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"(?i)[\p{L}\p{N}._%+'-]+(?:@|%40)[\p{L}\p{N}.-]+\.\p{L}{2,}").ok()
    });
    EMAIL.as_ref()
}

/// An address with the values of its query masked, its fragment cut, and the e-mail addresses and very long numbers of its
/// path masked; `tel:` and `mailto:` are the site's own and stay.
pub fn address(value: &str) -> String {
    let Some(parts) = Address::parse(value) else {
        return match value.split_once(':') {
            Some(("tel" | "mailto" | "sms" | "javascript", _)) => value.to_string(),
            _ => without_emails(&query_masked(value)),
        };
    };
    let page = without_long_numbers(&parts.without_query());
    without_emails(&match parts.query {
        Some(query) => format!("{page}?{}", pairs_masked(&query)),
        None => page,
    })
}

/// Ten digits and more in a row: patient and account numbers are that long, the numbers of articles are not.
fn without_long_numbers(path: &str) -> String {
    static NUMBER: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"\d{10,}").ok());
    let number = may_hold_number(path, 10).then(|| NUMBER.as_ref()).flatten();
    replaced(path, number, "[number]")
}

fn query_masked(relative: &str) -> String {
    match relative.split_once('?') {
        Some((path, query)) => format!("{path}?{}", pairs_masked(query)),
        None => relative.to_string(),
    }
}

/// `a=1&b=` becomes `a=…&b=`: which parameters there were, not what they said.
fn pairs_masked(query: &str) -> String {
    let mask = |piece: &str| match piece.split_once('=') {
        Some((name, "")) => format!("{name}="),
        Some((name, _)) => format!("{name}=…"),
        // A piece without a name may be anything, so it is not shown.
        None => "…".to_string(),
    };
    query.split('&').map(mask).collect::<Vec<_>>().join("&")
}

/// Replaces e-mail addresses, plain or with an escaped @.
pub fn without_emails(text: &str) -> String {
    let may_hold_email = text.contains('@') || text.contains("%40");
    let email = may_hold_email.then(email_pattern).flatten();
    replaced(text, email, "[e-mail]")
}

/// "[15 digits]", "[64 hex digits]", "[e-mail address, 23 characters]", "[28 characters]".
fn length_and_kind(value: &str) -> String {
    let length = value.chars().count();
    let every = |test: fn(&u8) -> bool| value.bytes().all(|byte| test(&byte));
    if value.is_empty() {
        String::new()
    } else if length == 1 {
        "[1 character]".to_string()
    } else if every(u8::is_ascii_digit) {
        format!("[{length} digits]")
    } else if length >= 16 && every(u8::is_ascii_hexdigit) {
        format!("[{length} hex digits]")
    } else if value.contains('@') {
        format!("[e-mail address, {length} characters]")
    } else {
        format!("[{length} characters]")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_holds_a_number_may_hold_one(text in "[0-9\u{660}-\u{669}\u{ff10}-\u{ff19}\u{bd}a ()+-]{0,24}") {
            let is_number = number_pattern().unwrap().is_match(&text);
            prop_assert!(!is_number || may_hold_number(&text, 7));
            let is_long = Regex::new(r"\d{10,}").unwrap().is_match(&text);
            prop_assert!(!is_long || may_hold_number(&text, 10));
            prop_assert_eq!(without_long_numbers(&text) != text, is_long);
        }
    }

    #[test]
    fn addresses_keep_their_names_and_lose_their_values() {
        assert_eq!(
            address("https://me:pw@www.clinic.example/search?q=hiv+test&page=&x#frag"),
            "https://www.clinic.example/search?q=…&page=&…"
        );
        assert_eq!(address("tel:020 7946 0123"), "tel:020 7946 0123");
        assert_eq!(
            address("https://www.clinic.example/patients/9434765919/news-12345678"),
            "https://www.clinic.example/patients/[number]/news-12345678"
        );
        assert_eq!(address("/book?name=Anna"), "/book?name=…");
        assert_eq!(
            address("https://www.clinic.example/u/sam@mail.example/x"),
            "https://www.clinic.example/u/[e-mail]/x"
        );
        assert_eq!(
            address("https://www.clinic.example/u/sam%40mail.example"),
            "https://www.clinic.example/u/[e-mail]"
        );
    }

    #[test]
    fn typed_words_stay_and_numbers_go() {
        assert_eq!(typed("self harm 24"), "self harm 24");
        assert_eq!(
            typed("call 07700 900123 or a.b@c.example"),
            "call [number] or [e-mail]"
        );
    }

    #[test]
    fn identifiers_show_their_length_only() {
        let show = |value: &str| shown(value, Show::Masked, Reveal::No);
        assert_eq!(show("100000000000123"), "[15 digits]");
        assert_eq!(show(&"ab".repeat(32)), "[64 hex digits]");
        assert_eq!(show("sam@mail.example"), "[e-mail address, 16 characters]");
        assert_eq!(show("fb.1.1.2"), "[8 characters]");
    }

    #[test]
    fn a_secret_is_not_even_revealed() {
        assert_eq!(shown("12:abc", Show::Never, Reveal::Yes), "[withheld]");
        assert_eq!(
            shown("a@b.example", Show::Masked, Reveal::Yes),
            "a@b.example"
        );
    }
}
