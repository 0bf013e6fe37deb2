//! What scripts send where there is no value.

/// Words that stand for "nothing here", compared without regard to case.
const WORDS: [&str; 8] = [
    "-",
    "(not set)",
    "n/a",
    "nan",
    "null",
    "undefined",
    "[object object]",
    "_",
];

/// Whether a value is none: empty, or one of the words that scripts put in an empty place.
pub fn is_placeholder(value: &str) -> bool {
    let value = value.trim();
    value.is_empty() || WORDS.iter().any(|word| value.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_for_nothing_are_nothing() {
        assert!(is_placeholder("undefined") && is_placeholder(" NULL ") && is_placeholder(""));
        assert!(!is_placeholder("0") && !is_placeholder("nullify"));
    }
}
