//! What a rule file can get wrong without being wrong TOML: meanings that can never be reached, collectors of what nobody
//! sends, endpoints that two rules claim, and answers that nobody reads.

use super::library::Library;
use super::pattern::name_fits;
use super::rule::{Endpoint, Rule};

/// A line for each doubt; none of them stops a rule from working.
pub fn lint(library: &Library) -> Vec<String> {
    let rules: Vec<_> = library.rules().collect();
    let mut doubts: Vec<String> = rules.iter().flat_map(|rule| unreachable(rule)).collect();
    doubts.extend(rules.iter().flat_map(|rule| unread_answers(rule)));
    doubts.extend(rules.iter().flat_map(|rule| idle_collectors(rule)));
    for (place, one) in rules.iter().enumerate() {
        for other in rules.iter().skip(place + 1) {
            doubts.extend(overlaps(one, other));
        }
    }
    doubts
}

/// Names on the wire that an earlier meaning takes whole.
fn unreachable(rule: &Rule) -> Vec<String> {
    let mut doubts = Vec::new();
    for (place, later) in rule.parameters.iter().enumerate() {
        for wire in &later.wire {
            let earlier = rule.parameters[..place].iter().flat_map(|p| &p.wire);
            if let Some(taken) = earlier.clone().find(|pattern| covers(pattern, wire)) {
                doubts.push(format!(
                    "{}: {wire} is never reached: {taken} stands before it",
                    rule.name
                ));
            }
        }
    }
    doubts
}

/// Names of collectors that name no parameter with an item: what they say is never used.
fn idle_collectors(rule: &Rule) -> Vec<String> {
    let items = rule.parameters.iter().filter(|p| p.item.is_some());
    let told: Vec<&String> = items.flat_map(|parameter| &parameter.wire).collect();
    let names = rule.collectors.iter().flat_map(|collector| &collector.wire);
    names
        .filter(|name| {
            !told
                .iter()
                .any(|wire| covers(name, wire) || covers(wire, name))
        })
        .map(|name| format!("{}: the collector of {name} collects no item", rule.name))
        .collect()
}

/// Whether every name that fits `wire` fits `pattern` too; exact for patterns as they occur, where a star is no part of
/// a name.
fn covers(pattern: &str, wire: &str) -> bool {
    pattern == wire || name_fits(pattern, &wire.replace('*', "\u{1}"))
}

/// Endpoints that say how their answer looks, and no setting is read from it.
fn unread_answers(rule: &Rule) -> impl Iterator<Item = String> {
    let is_read = |endpoint: &Endpoint| {
        let mut settings = rule.settings.iter();
        settings.any(|setting| setting.endpoints.contains(&endpoint.name))
    };
    let answering = rule
        .endpoints
        .iter()
        .filter(|endpoint| endpoint.answer.is_some());
    let unread = answering.filter(move |endpoint| !is_read(endpoint));
    unread.map(|endpoint| {
        format!(
            "{}: no setting is read from the answers of {}",
            rule.name, endpoint.name
        )
    })
}

fn overlaps(one: &Rule, other: &Rule) -> Vec<String> {
    let mut doubts = Vec::new();
    for ours in &one.endpoints {
        for theirs in other
            .endpoints
            .iter()
            .filter(|theirs| same_place(ours, theirs))
        {
            doubts.push(format!(
                "{}/{} and {}/{} claim the same requests; the first named wins",
                one.name, ours.name, other.name, theirs.name
            ));
        }
    }
    doubts
}

/// The same host and path, and nothing in the payload that could tell them apart.
fn same_place(one: &Endpoint, other: &Endpoint) -> bool {
    let shared_host = one.hosts.iter().any(|host| other.hosts.contains(host));
    let shared_path = one.paths.iter().any(|path| other.paths.contains(path));
    shared_host && shared_path && one.query == other.query
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn built_in_rules_raise_no_doubt() {
        assert_eq!(lint(&Library::built_in().unwrap()), Vec::<String>::new());
    }

    #[test]
    fn a_collector_must_name_something_that_is_given_away() {
        let library = Library::built_in().unwrap();
        let pixel = library.rules().find(|rule| rule.name == "meta-pixel");
        let mut rule = Rule::clone(pixel.unwrap());
        let mut named = |wire: &str| {
            rule.collectors.truncate(1);
            rule.collectors[0].wire = vec![wire.to_string()];
            idle_collectors(&rule).is_empty()
        };
        assert!(named("ud[*]") && named("ud[em]"));
        assert!(!named("up[*]"));
        assert!(!named("ts"), "a time is no item");
    }

    #[test]
    fn a_general_name_covers_a_special_one() {
        assert!(covers("cd[*]", "cd[x]") && covers("cd[*]", "cd[*].y]"));
        assert!(!covers("cd[x]", "cd[*]"));
    }
}
