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

/// Words that people and programs put in the place of a value that they took out before they passed a capture on.
const REDACTIONS: [&str; 3] = ["redacted", "sanitized", "sanitised"];

/// Whether a value was blacked out: such a word, perhaps in brackets, or nothing but asterisks.
pub fn is_redacted(value: &str) -> bool {
    let is_around = |c: char| {
        let is_sign = matches!(
            c,
            '[' | ']' | '<' | '>' | '(' | ')' | '{' | '}' | '*' | '_' | '-' | '"' | '\''
        );
        is_sign || c.is_whitespace()
    };
    let word = value.trim_matches(is_around);
    let is_masked = value.len() >= 3 && value.bytes().all(|byte| byte == b'*');
    is_masked
        || REDACTIONS
            .iter()
            .any(|known| word.eq_ignore_ascii_case(known))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn q15_blacked_out_values_are_known() {
        for value in [
            "[redacted]",
            "REDACTED",
            "***",
            "<Redacted>",
            "__REDACTED__",
        ] {
            assert!(is_redacted(value), "{value}");
        }
        for value in ["", "**", "redacted documents", "*", "_removed_"] {
            assert!(!is_redacted(value), "{value}");
        }
    }

    #[test]
    fn words_for_nothing_are_nothing() {
        assert!(is_placeholder("undefined") && is_placeholder(" NULL ") && is_placeholder(""));
        assert!(!is_placeholder("0") && !is_placeholder("nullify"));
    }
}
