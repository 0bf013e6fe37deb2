//! The rules that come with the program: one file a tracker in `rules/`, gathered in alphabetical order when it is built.

/// One of them.
#[derive(Debug, Clone, Copy)]
pub struct BuiltIn {
    pub file: &'static str,
    pub text: &'static str,
    /// What the text says, as it is read.
    pub(super) json: &'static str,
}

/// The built-in rules.
pub const BUILT_IN: &[BuiltIn] = include!(concat!(env!("OUT_DIR"), "/built_in.rs"));

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tracker::rule::Rule;

    #[test]
    fn both_forms_say_the_same() {
        for BuiltIn { file, text, json } in BUILT_IN {
            let by_text: Rule = toml::from_str(text).unwrap();
            let by_json: Rule = serde_json::from_str(json).unwrap();
            assert_eq!(format!("{by_text:?}"), format!("{by_json:?}"), "{file}");
        }
        assert!(BUILT_IN.is_sorted_by_key(|rule| rule.file));
        assert!(BUILT_IN.len() > 90);
    }
}
