//! The shape of what a rule file says about answers: which settings of the site's account a recipient's own script holds, how
//! they are found in it, what they mean and why we say so, and the examples that prove it.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use crate::tracker::rule::{Condition, Rule};

/// One setting and how it is found in an answer.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SettingRule {
    /// Its name in the table: lower-case words joined by `_`; the same word for the same thing in every rule file.
    pub setting: String,
    /// The endpoints whose answers are read.
    pub endpoints: Vec<String>,
    /// A regular expression; every match in the answer says something of the setting. `{account}` stands for the account of which
    /// the match speaks; without it, it speaks of the request's. A group `json` marks where a JSON value begins. A group `value`
    /// is a value of the setting; without one, and without leaves, the setting is on.
    pub pattern: String,
    /// The leaves of that JSON from which the values come, by their paths (`a.b[0]`); `*` stands for any characters. A text that
    /// is JSON itself is opened.
    #[serde(default)]
    pub leaves: Vec<String>,
    #[serde(default)]
    pub gives: Gives,
    /// The leaf that names the account of which the JSON speaks; where it is missing, nothing is read.
    pub account: Option<String>,
    /// What the leaves must hold; otherwise nothing is read.
    #[serde(default)]
    pub when: Condition,
    pub meaning: String,
    /// As for parameters.
    pub source: String,
}

/// What of the leaves is the value.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Gives {
    /// Their values, each once, in the order of the answer; true and false become on and off.
    #[default]
    Values,
    /// The names of those that are true.
    Names,
    /// How many there are.
    Count,
}

/// An invented answer and what must come out of it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnswerExample {
    pub title: String,
    /// The request that is answered.
    pub url: String,
    pub answer: String,
    /// Every setting that must come out, account by account; none: nothing may.
    #[serde(default)]
    pub accounts: Vec<ExpectedAccount>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExpectedAccount {
    pub account_id: String,
    /// Setting to value.
    pub settings: BTreeMap<String, String>,
}

/// The patterns' group for the account.
pub const ACCOUNT: &str = "account";
/// The patterns' group for a value.
pub const VALUE: &str = "value";
/// The patterns' group where a JSON value begins.
pub const JSON: &str = "json";

/// What TOML's own reading cannot check.
pub fn check(rule: &Rule) -> Result<(), String> {
    let mut names = BTreeSet::new();
    for setting in &rule.settings {
        check_setting(rule, setting).map_err(|fault| format!("{}: {fault}", setting.setting))?;
        if !names.insert(setting.setting.as_str()) {
            return Err(format!("two settings are named {}", setting.setting));
        }
    }
    let gives_nothing = |example: &AnswerExample| example.accounts.is_empty();
    if !rule.settings.is_empty() && !rule.answer_examples.iter().any(gives_nothing) {
        return Err("no example of an answer out of which no setting may come".to_string());
    }
    Ok(())
}

fn check_setting(rule: &Rule, setting: &SettingRule) -> Result<(), String> {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if setting.setting.is_empty() || !setting.setting.chars().all(fits) {
        return Err("its name must be lower-case letters, digits and _".to_string());
    }
    for name in &setting.endpoints {
        let of_name = rule
            .endpoints
            .iter()
            .find(|endpoint| endpoint.name == *name);
        match of_name.map(|endpoint| endpoint.answer.is_some()) {
            Some(true) => {}
            Some(false) => {
                return Err(format!("endpoint {name} does not say how its answer looks"));
            }
            None => return Err(format!("there is no endpoint {name}")),
        }
    }
    let has_json = setting.pattern.contains("(?P<json>");
    let has_value = setting.pattern.contains("(?P<value>");
    let needs_json = !setting.leaves.is_empty()
        || setting.account.is_some()
        || !setting.when.is_empty()
        || setting.gives != Gives::Values;
    if needs_json && !has_json {
        return Err("leaves, account, when and gives need a group json".to_string());
    }
    if has_value && !setting.leaves.is_empty() {
        return Err("a group value and leaves cannot both give the value".to_string());
    }
    if setting.gives != Gives::Values && setting.leaves.is_empty() {
        return Err("gives needs leaves".to_string());
    }
    let mut expected = rule
        .answer_examples
        .iter()
        .flat_map(|example| &example.accounts);
    if !expected.any(|account| account.settings.contains_key(&setting.setting)) {
        return Err("no example in which it comes out".to_string());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULE: &str = r#"
name = "shy-tracker"
title = "Shy Tracker"
recipient = "Shy Ltd"
about = "Invented."

[[endpoints]]
name = "config"
role = "presence"
hosts = ["shy.example"]
answer = "end"

[[endpoints]]
name = "loader"
role = "presence"
hosts = ["shy.example"]

[[settings]]
setting = "clicks"
endpoints = ["config"]
pattern = 'set\("{account}", (?P<json>\{)'
leaves = ["keys[*]"]
gives = "count"
meaning = "Invented."
source = "observed: invented"

[[examples]]
title = "another host"
url = "https://other.example/"

[[answer_examples]]
title = "two"
url = "https://shy.example/"
answer = "end"
[[answer_examples.accounts]]
account_id = "1"
settings = { clicks = "2" }

[[answer_examples]]
title = "none"
url = "https://shy.example/"
answer = "end"
"#;

    /// What is said of the rule with a part of it changed.
    fn fault(from: &str, to: &str) -> String {
        assert!(RULE.contains(from), "{from}");
        let rule: Rule = toml::from_str(&RULE.replacen(from, to, 1)).unwrap();
        check(&rule).err().unwrap_or_default()
    }

    #[test]
    fn a_rule_that_cannot_be_held_to_what_it_says_is_refused() {
        assert_eq!(fault("", ""), "");
        for (from, to, wanted) in [
            ("\"clicks\"", "\"Clicks\"", "lower-case"),
            ("[\"config\"]", "[\"elsewhere\"]", "no endpoint elsewhere"),
            ("[\"config\"]", "[\"loader\"]", "how its answer looks"),
            ("(?P<json>", "(", "a group json"),
            ("leaves = [\"keys[*]\"]", "", "gives needs leaves"),
            ("json>", "json>(?P<value>", "cannot both"),
            (
                "{ clicks = ",
                "{ other = ",
                "no example in which it comes out",
            ),
            (
                "title = \"none\"\nurl = \"https://shy.example/\"\nanswer = \"end\"",
                "title = \"none\"\nurl = \"https://shy.example/\"\nanswer = \"end\"\naccounts = [{ account_id = \"1\", settings = {} }]",
                "no example of an answer",
            ),
        ] {
            let fault = fault(from, to);
            assert!(fault.contains(wanted), "{to}: {fault}");
        }
    }
}
