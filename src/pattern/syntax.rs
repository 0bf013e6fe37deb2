//! What a regular expression shows when it is read and not built. Building takes several times as long as reading, and of a
//! large library of rules most is never used.

use regex_syntax::hir::{Class, Hir, HirKind};

/// Parts that any expression may have without coming near the memory that the library gives to one: each takes at most some
/// 200 bytes there, of 10 MB.
const SMALL: usize = 10_000;

/// A range of characters becomes a few sequences of bytes.
const PARTS_OF_A_RANGE: usize = 4;

/// Whether it reads as a regular expression that is small enough for certain. If not, only building it can tell.
pub(super) fn is_surely_fine(expression: &str) -> bool {
    regex_syntax::parse(expression).is_ok_and(|read| parts(&read) <= SMALL)
}

/// Whether it can only match where there is at least one sign. If not, only building it can tell.
pub(super) fn surely_asks_for_a_sign(expression: &str) -> bool {
    let read = regex_syntax::parse(expression);
    read.is_ok_and(|read| read.properties().minimum_len() != Some(0))
}

/// About how many parts it is built of, repeated ones as often as they are repeated. Nesting is limited where it is read.
fn parts(read: &Hir) -> usize {
    let of_all = |each: &[Hir]| {
        let each = each.iter().map(parts);
        each.fold(1, usize::saturating_add)
    };
    match read.kind() {
        HirKind::Empty | HirKind::Look(_) => 1,
        HirKind::Literal(literal) => literal.0.len(),
        HirKind::Class(Class::Unicode(class)) => class.ranges().len() * PARTS_OF_A_RANGE,
        HirKind::Class(Class::Bytes(class)) => class.ranges().len(),
        HirKind::Repetition(repeated) => {
            let times = repeated.max.unwrap_or(repeated.min).max(repeated.min);
            let times = usize::try_from(times).unwrap_or(usize::MAX);
            parts(&repeated.sub).saturating_mul(times.saturating_add(1))
        }
        HirKind::Capture(group) => parts(&group.sub).saturating_add(2),
        HirKind::Concat(each) | HirKind::Alternation(each) => of_all(each),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use regex::Regex;

    #[test]
    fn what_is_none_or_too_large_is_not_surely_fine() {
        for wrong in [
            "(",
            "a{",
            "(?P<a>.)(?P<a>.)",
            "[z-a]",
            r"\8",
            "(?<!a)b",
            "*",
        ] {
            assert!(Regex::new(wrong).is_err(), "{wrong}");
            assert!(!is_surely_fine(wrong), "{wrong}");
        }
        for large in [
            r"(\w{1000}){1000}",
            r"(?:\pL{100}){100}",
            "(((a{500}){500}){500})",
        ] {
            assert!(Regex::new(large).is_err(), "{large}");
            assert!(!is_surely_fine(large), "{large}");
        }
        assert!(is_surely_fine(r"^(?s:[a-z]{2,40}\d+|(?i)Straße.*)$"));
    }

    fn expression() -> impl Strategy<Value = String> {
        let leaf = prop_oneof![
            "[a-z]{1,3}",
            Just(r"\w".to_string()),
            Just(r"(?i)ß".to_string()),
            Just(r"\b".to_string()),
            Just(".".to_string()),
            Just("[^a]".to_string()),
        ];
        leaf.prop_recursive(4, 24, 3, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 1..3).prop_map(|all| all.concat()),
                prop::collection::vec(inner.clone(), 1..3)
                    .prop_map(|all| format!("(?:{})", all.join("|"))),
                (inner, 0..60_u32).prop_map(|(sub, times)| format!("({sub}){{{times}}}")),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_is_surely_fine_can_be_built(expression in expression()) {
            if is_surely_fine(&expression) {
                prop_assert!(Regex::new(&expression).is_ok(), "{}", expression);
            }
        }
    }
}
