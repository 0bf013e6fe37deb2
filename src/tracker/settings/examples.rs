//! Runs the examples of answers: each must give what its rule says, and nothing else.

use std::collections::BTreeMap;

use super::{AnswerExample, Setting};
use crate::capture::Entry;
use crate::exchange::{Exchange, ProducerHabits};
use crate::tracker::library::Library;
use crate::tracker::rule::Rule;

/// Account, setting, value.
type Came = BTreeMap<(String, String), String>;

/// What is wrong with an example: a line each.
pub fn check_examples(library: &Library, rule: &Rule) -> Vec<String> {
    let examples = rule.answer_examples.iter();
    examples
        .flat_map(|example| {
            let faults = faults_of(library, rule, example);
            faults
                .into_iter()
                .map(|fault| format!("{}: {}: {fault}", rule.name, example.title))
        })
        .collect()
}

fn faults_of(library: &Library, rule: &Rule, example: &AnswerExample) -> Vec<String> {
    let entry = Entry::of_request("GET", &example.url, None, None);
    let decoding = Exchange::decode(&entry, ProducerHabits::default())
        .and_then(|exchange| library.decode(&exchange))
        .filter(|decoding| decoding.rule.name == rule.name && decoding.asks_for_settings());
    let Some(decoding) = decoding else {
        return vec!["no setting is read from what answers its address".to_string()];
    };
    let wanted = wanted(example);
    let came = match library.settings(&decoding, &example.answer) {
        Ok(settings) => came(&settings),
        Err(_) if wanted.is_empty() => return Vec::new(),
        Err(error) => return vec![error.to_string()],
    };
    differences(&came, &wanted)
}

fn came(settings: &[Setting]) -> Came {
    let row = |setting: &Setting| {
        let account = setting.account_id.clone().unwrap_or_default();
        (
            (account, setting.declared().setting.clone()),
            setting.value.clone(),
        )
    };
    settings.iter().map(row).collect()
}

fn wanted(example: &AnswerExample) -> Came {
    let accounts = example.accounts.iter();
    let rows = accounts.flat_map(|account| {
        let id = &account.account_id;
        let row = move |(setting, value): (&String, &String)| {
            ((id.clone(), setting.clone()), value.clone())
        };
        account.settings.iter().map(row)
    });
    rows.collect()
}

fn differences(came: &Came, wanted: &Came) -> Vec<String> {
    let missing = wanted.iter().filter_map(|(of, value)| {
        let (account, setting) = of;
        let found = came.get(of).map_or("(absent)", String::as_str);
        (found != value)
            .then(|| format!("{setting} of {account} is {found:?}; {value:?} was wanted"))
    });
    let more = came.iter().filter(|(of, _)| !wanted.contains_key(of));
    let more = more.map(|((account, setting), value)| {
        format!("{setting} of {account} is {value:?}; nothing was wanted")
    });
    missing.chain(more).collect()
}
