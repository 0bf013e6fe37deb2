//! "Did the site choose it?" A recipient's script is configured for the site's account before it comes; where the capture holds
//! it, its own text says what was switched on. Only what a rule names is read, and an answer that has not the form its rule
//! knows is not read at all: half of it would look like a site that chose less.

mod examples;
mod reader;
mod rule;
mod values;

use std::sync::Arc;

pub(super) use examples::check_examples;
pub(super) use reader::CompiledSetting;
pub(super) use rule::check;
pub use rule::{AnswerExample, ExpectedAccount, Gives, SettingRule};

use super::TrackerError;
use super::decode::Decoding;
use super::library::{CompiledRule, Library};
use super::rule::Rule;

/// What one setting of one account was set to.
#[derive(Debug, Clone)]
pub struct Setting {
    pub rule: Arc<Rule>,
    /// Position in `rule.settings`.
    pub position: usize,
    /// By the answer, where it says of which account it speaks; else by the request.
    pub account_id: Option<String>,
    /// Several values are joined by a space; one that holds a blank stands in quotes.
    pub value: String,
}

impl Setting {
    pub fn declared(&self) -> &SettingRule {
        &self.rule.settings[self.position]
    }
}

impl Decoding {
    /// Whether the answer to this request holds settings, by its rule.
    pub fn asks_for_settings(&self) -> bool {
        let endpoint = &self.rule.endpoints[self.endpoint].name;
        let mut settings = self.rule.settings.iter();
        settings.any(|setting| setting.endpoints.contains(endpoint))
    }
}

impl Library {
    /// The settings that an answer holds, in the order of the rule file.
    ///
    /// # Errors
    /// The answer has not the form that the rule knows.
    pub fn settings(
        &self,
        decoding: &Decoding,
        answer: &str,
    ) -> Result<Vec<Setting>, TrackerError> {
        let of_decoding = |compiled: &&CompiledRule| Arc::ptr_eq(&compiled.rule, &decoding.rule);
        match self.rules.iter().find(of_decoding) {
            Some(compiled) => reader::read(compiled, decoding, answer),
            None => Ok(Vec::new()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capture::Entry;
    use crate::exchange::{Exchange, ProducerHabits};

    /// Setting and value of what an answer of Meta's says.
    fn read(answer: &str) -> Result<Vec<(String, String)>, TrackerError> {
        let url = "https://connect.facebook.net/signals/config/111222333444555";
        let entry = Entry::of_request("GET", url, None, None);
        let exchange = Exchange::decode(&entry, ProducerHabits::default()).unwrap();
        let library = Library::built_in().unwrap();
        let decoding = library.decode(&exchange).unwrap();
        assert!(decoding.asks_for_settings());
        let row = |s: &Setting| (s.declared().setting.clone(), s.value.clone());
        let settings = library.settings(&decoding, answer)?;
        Ok(settings.iter().map(row).collect())
    }

    const END: &str = r#"instance.configLoaded("111222333444555");"#;
    const KEYS: &str = r#"config.set("111222333444555", "automaticMatching", "#;

    #[test]
    fn only_json_that_stands_whole_is_read() {
        let keys = |value: &str| read(&format!("{KEYS}{value});{END}")).unwrap();
        let wanted = ("automatic_matching_keys".to_string(), "em".to_string());
        assert_eq!(keys(r#"{"selectedMatchKeys":["em"]}"#), [wanted]);
        for broken in [
            r#"{"selectedMatchKeys":["em""#,
            r#"{selectedMatchKeys:["em"]}"#,
            r#"{"selectedMatchKeys":null}"#,
            "null",
        ] {
            assert_eq!(keys(broken), [], "{broken}");
        }
    }

    #[test]
    fn a_hostile_answer_takes_neither_time_nor_memory_without_bound() {
        let deep = format!("{KEYS}{}{END}", r#"{"selectedMatchKeys":["#.repeat(100_000));
        assert_eq!(read(&deep), Ok(Vec::new()));
        let long = format!("{KEYS}{{\"a\":\"{}\"}}){END}", "x".repeat(2 << 20));
        assert_eq!(read(&long), Ok(Vec::new()));
        let often = format!("{}{END}", format!("{KEYS}{{}}").repeat(2000));
        assert_eq!(read(&often), Err(TrackerError::SettingsNotUnderstood));
    }

    #[test]
    fn an_answer_of_another_form_is_not_read() {
        let answer = format!(r#"{KEYS}{{"selectedMatchKeys":["em"]}});"#);
        assert_eq!(read(&answer), Err(TrackerError::SettingsNotUnderstood));
    }
}
