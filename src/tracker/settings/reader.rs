//! Reads the settings out of an answer: pattern by pattern, match by match.

use std::sync::Arc;

use super::Setting;
use super::rule::{ACCOUNT, JSON, SettingRule, VALUE};
use super::values::{ON, Values, of_leaves};
use crate::exchange::json::{flatten, flatten_first, looks_json};
use crate::exchange::{Location, Parameter};
use crate::pattern::{Captures, Pattern};
use crate::tracker::TrackerError;
use crate::tracker::decode::{Decoding, holds_among};
use crate::tracker::event::value_of;
use crate::tracker::library::{Compiled, CompiledRule, compile_condition, patterns_of};

/// An answer in which one pattern matches more often is no configuration.
const MAX_MATCHES: usize = 1000;

/// Longest JSON value that is read out of an answer.
const MAX_JSON_BYTES: usize = 1 << 20;

/// What stands for `{account}` in a pattern.
const ACCOUNT_GROUP: &str = "(?P<account>[A-Za-z0-9._-]+)";

/// A setting with its patterns built.
#[derive(Debug)]
pub struct CompiledSetting {
    pattern: Pattern,
    when: Compiled,
}

impl CompiledSetting {
    pub fn of(setting: &SettingRule) -> CompiledSetting {
        CompiledSetting {
            pattern: Pattern::new(setting.pattern.replace("{account}", ACCOUNT_GROUP)),
            when: compile_condition(&setting.when),
        }
    }

    pub fn patterns(&self) -> impl Iterator<Item = &Pattern> {
        [&self.pattern].into_iter().chain(patterns_of(&self.when))
    }

    fn has_group(&self, group: &str) -> bool {
        self.pattern.groups().any(|name| name == group)
    }

    /// What one match says; `None`: nothing.
    fn told(&self, rule: &SettingRule, found: &Captures, answer: &str) -> Option<Told> {
        let leaves = match self.has_group(JSON) {
            true => leaves_at(answer, found.name(JSON)?.range.start)?,
            false => Vec::new(),
        };
        if !holds_among(&self.when, &leaves.iter().collect::<Vec<_>>()) {
            return None;
        }
        let group = |name| found.name(name).map(|group| group.text.to_string());
        let account = match &rule.account {
            Some(leaf) => Some(value_of(leaves.iter(), leaf)?.to_string()),
            None => group(ACCOUNT),
        };
        let values = if !rule.leaves.is_empty() {
            of_leaves(rule, &leaves)
        } else if self.has_group(VALUE) {
            group(VALUE).into_iter().collect()
        } else {
            vec![ON.to_string()]
        };
        Some(Told { account, values })
    }
}

/// What one match says, and of which account; `None`: of the request's.
struct Told {
    account: Option<String>,
    values: Vec<String>,
}

/// The settings of an answer, in the order of the rule file, account by account in the order of the answer.
pub fn read(
    compiled: &CompiledRule,
    decoding: &Decoding,
    answer: &str,
) -> Result<Vec<Setting>, TrackerError> {
    let form = compiled.endpoints[decoding.endpoint].answer.as_ref();
    if !form.is_some_and(|form| form.is_match(answer)) {
        return Err(TrackerError::SettingsNotUnderstood);
    }
    let endpoint = &compiled.rule.endpoints[decoding.endpoint].name;
    let rules = compiled.rule.settings.iter().zip(&compiled.settings);
    let mut settings = Vec::new();
    for (position, (rule, setting)) in rules.enumerate() {
        if !rule.endpoints.contains(endpoint) {
            continue;
        }
        let values = read_one(rule, setting, decoding, answer)?;
        settings.extend(values.into_iter().map(|(account_id, value)| Setting {
            rule: Arc::clone(&compiled.rule),
            position,
            account_id,
            value,
        }));
    }
    Ok(settings)
}

/// One setting: the value for each account.
fn read_one(
    rule: &SettingRule,
    setting: &CompiledSetting,
    decoding: &Decoding,
    answer: &str,
) -> Result<Vec<(Option<String>, String)>, TrackerError> {
    let mut values = Values::default();
    let matches = setting.pattern.captures_iter(answer);
    for (number, found) in matches.enumerate() {
        if number >= MAX_MATCHES {
            return Err(TrackerError::SettingsNotUnderstood);
        }
        if let Some(told) = setting.told(rule, &found, answer) {
            let account = told.account.or_else(|| decoding.account_id.clone());
            values.add(account, told.values);
        }
    }
    Ok(values.written(rule.gives))
}

/// The leaves of the JSON value that begins here; texts that are JSON themselves are opened.
fn leaves_at(answer: &str, start: usize) -> Option<Vec<Parameter>> {
    let rest = answer.as_bytes().get(start..)?;
    let flat = flatten_first(rest.get(..MAX_JSON_BYTES).unwrap_or(rest))?;
    let opened = flat.leaves.into_iter().flat_map(|(name, value)| {
        let inside = looks_json(&value).then(|| flatten(&value, &name).ok());
        match inside.flatten() {
            Some(inside) => inside.leaves,
            None => vec![(name, value)],
        }
    });
    let leaf = |(name, value)| Parameter::new(name, value, Location::Body);
    (!flat.is_cut).then(|| opened.map(leaf).collect())
}
