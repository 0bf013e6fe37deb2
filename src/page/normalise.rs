//! Brings paths, titles and button texts to one plain form, so that a pattern meets whole words and nothing else.

use crate::exchange::percent::decode;

/// Percent-decodes twice, splits camelCase, lower-cases, and turns every run of other characters into one space:
/// `/adviceOn/hate-crime%2520help` becomes `advice on hate crime help`.
pub fn normalise(text: &str) -> String {
    let decoded = decode(&decode(text));
    let mut plain = String::with_capacity(decoded.len());
    let mut before: Option<char> = None;
    for character in decoded.chars() {
        if character.is_alphanumeric() {
            let starts_word = character.is_uppercase() && before.is_some_and(char::is_lowercase);
            let after_gap = before.is_some_and(|b| !b.is_alphanumeric());
            if (starts_word || after_gap) && !plain.is_empty() {
                plain.push(' ');
            }
            plain.extend(character.to_lowercase());
        }
        before = Some(character);
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_whole_and_plain() {
        assert_eq!(
            normalise("/adviceOn/hate-crime%2520help/"),
            "advice on hate crime help"
        );
        assert_eq!(normalise("Clare's Law — FAQ"), "clare s law faq");
        assert_eq!(normalise("HIV/AIDS"), "hiv aids");
        assert_eq!(normalise("///"), "");
        assert_eq!(normalise("Élan"), "élan");
    }
}
