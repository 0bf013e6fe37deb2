//! The tracker room: an exchange in, the events it told out, and what its answer says of the site's settings, by rules that
//! are data.
//!
//! `rules/*.toml` holds one file a tracker. Adding a tracker takes no Rust: a file here (or in the folder of
//! `--rules`), with its examples. The room knows nothing of pages, organisations or tables.

mod built_in;
mod decode;
mod event;
mod examples;
mod library;
mod lint;
mod meanings;
mod own;
mod pattern;
mod recipients;
mod repack;
mod rule;
mod settings;
mod shapes;
mod steps;
mod unpack;

pub use built_in::{BUILT_IN, BuiltIn};
pub use decode::Decoding;
pub use event::{Event, Told, ToldCookie};
pub use examples::check_examples;
pub use library::Library;
pub use lint::lint;
pub use own::{OwnRule, RuleFile};
pub use pattern::name_fits;
pub use recipients::{Recipient, Recipients};
pub use repack::{Leaf, Repacked, Repacker};
pub use rule::{
    Action, CollectedBy, CollectorRule, Column, CookieRule, Example, ExpectedEvent, ParameterRule,
    Role, Rule, Step, ValueForm,
};
pub use settings::{AnswerExample, ExpectedAccount, Gives, Setting, SettingRule};
pub use steps::{base64_bytes, base64_into, standard_sign};
pub use unpack::take_apart;

/// What goes wrong between a request and its events, or with a rule file.
#[derive(Debug, Clone, thiserror::Error, PartialEq, Eq)]
pub enum TrackerError {
    #[error("{file}: {message}")]
    BadRule { file: String, message: String },
    #[error("the rules in {folder} cannot be used: {message}")]
    RuleFolder { folder: String, message: String },
    #[error("the body could not be unpacked: {0}")]
    BodyNotUnpacked(String),
    #[error("{0} begins like JSON and is not; it was kept as text")]
    ParameterNotJson(String),
    #[error("more events in one request than are read: {0} were left out")]
    TooManyEvents(usize),
    #[error("{0} holds more values than are read")]
    ParameterCut(String),
    #[error("{0} could not be decoded; it was kept as it was")]
    ParameterNotDecoded(String),
    #[error(
        "the capture does not hold the body in which the event was told; the request is a contact, not an event"
    )]
    PayloadNotRecorded,
    #[error(
        "what makes an event of this tracker is missing; the request is a contact, not an event"
    )]
    NotUnderstood,
    #[error(
        "the answer has not the form in which settings are known to come; none was read from it"
    )]
    SettingsNotUnderstood,
}

impl TrackerError {
    /// The stable word for the `problems` table.
    pub fn code(&self) -> &'static str {
        match self {
            TrackerError::BadRule { .. } => "bad_rule",
            TrackerError::RuleFolder { .. } => "rule_folder",
            TrackerError::BodyNotUnpacked(_) => "body_not_unpacked",
            TrackerError::ParameterNotJson(_) => "parameter_not_json",
            TrackerError::TooManyEvents(_) => "too_many_events",
            TrackerError::ParameterCut(_) => "parameter_cut",
            TrackerError::ParameterNotDecoded(_) => "parameter_not_decoded",
            TrackerError::PayloadNotRecorded => "payload_not_recorded",
            TrackerError::NotUnderstood => "payload_not_understood",
            TrackerError::SettingsNotUnderstood => "settings_not_understood",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_example_of_every_built_in_rule_comes_out() {
        let library = Library::built_in().unwrap();
        assert!(library.rules().count() >= 2);
        assert_eq!(check_examples(&library), Vec::<String>::new());
    }

    #[test]
    fn built_in_rules_are_listed_in_order_and_named_for_their_file() {
        let names: Vec<&str> = BUILT_IN.iter().map(|rule| rule.file).collect();
        assert!(names.is_sorted());
        let library = Library::built_in().unwrap();
        for (rule, file) in library.rules().zip(names) {
            assert_eq!(format!("{}.toml", rule.name), file);
        }
    }

    /// Every example of every rule, with a letter changed, cut or doubled here and there.
    #[test]
    fn a_damaged_request_is_never_a_panic() {
        use crate::capture::Entry;
        use crate::exchange::{Exchange, ProducerHabits};
        const ODD: [&str; 12] = [
            "%", "%u", "&", "=", "[", "{\"", "~", ";", "\u{e9}", "\n", "?", ".",
        ];
        let library = Library::built_in().unwrap();
        let mut dice: u64 = 0x5eed;
        let mut below = |limit: usize| {
            dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            usize::try_from(dice >> 33).unwrap() % limit.max(1)
        };
        let mut damaged = |text: &str| {
            let mut text: Vec<char> = text.chars().collect();
            for _ in 0..3 {
                let at = below(text.len());
                match below(3) {
                    0 => text.truncate(at.max(30)),
                    1 => drop(text.splice(at..at, ODD[below(ODD.len())].chars())),
                    _ => drop(
                        text.splice(at..(at + 1).min(text.len()), ODD[below(ODD.len())].chars()),
                    ),
                }
            }
            text.into_iter().collect::<String>()
        };
        let mut read = 0;
        for rule in library.rules() {
            for example in rule.examples.iter().flat_map(|example| [example; 20]) {
                let url = damaged(&example.url);
                let body = example.body.as_deref().map(&mut damaged);
                let kind = example.content_type.as_deref();
                let entry = Entry::of_request(
                    &example.method,
                    &url,
                    None,
                    body.as_deref().map(|b| (b, kind)),
                );
                let exchange = Exchange::decode(&entry, ProducerHabits::default());
                read += usize::from(
                    exchange.is_some_and(|exchange| library.decode(&exchange).is_some()),
                );
            }
        }
        assert!(read > 500, "{read}");
    }
}
