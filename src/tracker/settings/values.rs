//! From what the matches said to one value for each account.

use std::collections::HashSet;

use super::rule::{Gives, SettingRule};
use crate::exchange::Parameter;
use crate::tracker::pattern::name_fits;

/// The value of a setting that is there, or true.
pub const ON: &str = "on";
/// The value of one that is false.
const OFF: &str = "off";

/// The values of a setting, account by account, in the order of the answer.
#[derive(Debug, Default)]
pub struct Values {
    accounts: Vec<(Option<String>, Vec<String>)>,
}

impl Values {
    pub fn add(&mut self, account: Option<String>, values: Vec<String>) {
        match self
            .accounts
            .iter_mut()
            .find(|(known, _)| *known == account)
        {
            Some((_, known)) => known.extend(values),
            None => self.accounts.push((account, values)),
        }
    }

    /// As they stand in the table; an account of which nothing was said is left out.
    pub fn written(self, gives: Gives) -> Vec<(Option<String>, String)> {
        let said = self
            .accounts
            .into_iter()
            .filter(|(_, values)| !values.is_empty());
        said.map(|(account, values)| match gives {
            Gives::Count => (account, values.len().to_string()),
            Gives::Values | Gives::Names => (account, joined(&values)),
        })
        .collect()
    }
}

/// Each once, in order, joined by a space; one that holds a blank stands in quotes, so that it stays one.
fn joined(values: &[String]) -> String {
    let mut seen = HashSet::new();
    let once = values.iter().filter(|value| seen.insert(value.as_str()));
    let quoted = once.map(|value| match value.contains(char::is_whitespace) {
        true => format!("\"{value}\""),
        false => value.clone(),
    });
    quoted.collect::<Vec<_>>().join(" ")
}

/// The values that the leaves of a JSON value give a setting.
pub fn of_leaves(rule: &SettingRule, leaves: &[Parameter]) -> Vec<String> {
    let named = leaves.iter().filter(|leaf| {
        let fits = |pattern: &String| name_fits(pattern, &leaf.name);
        !leaf.value.is_empty() && rule.leaves.iter().any(fits)
    });
    named
        .filter_map(|leaf| value_of_leaf(rule.gives, leaf))
        .collect()
}

fn value_of_leaf(gives: Gives, leaf: &Parameter) -> Option<String> {
    match (gives, leaf.value.as_str()) {
        (Gives::Names, "true") => Some(last_segment(&leaf.name).to_string()),
        (Gives::Names, _) => None,
        (_, "true") => Some(ON.to_string()),
        (_, "false") => Some(OFF.to_string()),
        (_, value) => Some(value.to_string()),
    }
}

fn last_segment(path: &str) -> &str {
    path.rsplit('.').next().unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(values: &[&str], gives: Gives) -> Vec<(Option<String>, String)> {
        let mut all = Values::default();
        for value in values {
            all.add(Some("1".to_string()), vec![(*value).to_string()]);
        }
        all.add(Some("2".to_string()), Vec::new());
        all.written(gives)
    }

    fn of_one(value: &str) -> Vec<(Option<String>, String)> {
        vec![(Some("1".to_string()), value.to_string())]
    }

    #[test]
    fn values_stand_once_in_order_and_stay_apart() {
        let values = ["em", "send now", "ph", "em"];
        assert_eq!(
            written(&values, Gives::Values),
            of_one("em \"send now\" ph")
        );
        assert_eq!(written(&values, Gives::Count), of_one("4"));
    }

    #[test]
    fn an_account_without_a_value_has_no_setting() {
        assert_eq!(written(&[], Gives::Values), Vec::new());
        assert_eq!(written(&[], Gives::Count), Vec::new());
    }

    #[test]
    fn only_what_is_true_gives_its_name() {
        use crate::exchange::Location::Body;
        let leaf = |value: &str| Parameter::new("a.auto_email", value, Body);
        let name = |value: &str| value_of_leaf(Gives::Names, &leaf(value));
        assert_eq!(name("true").as_deref(), Some("auto_email"));
        assert_eq!((name("false"), name("yes")), (None, None));
    }
}
