//! Which rule gives a parameter its meaning: the first in the file whose name on the wire fits. Exact names are looked up,
//! and only names with a star are tried one after the other, because some trackers send thousands of parameters.

use std::collections::HashMap;

use super::pattern::name_fits;
use super::rule::ParameterRule;

/// The names on the wire of one rule file, indexed.
#[derive(Debug, Default)]
pub struct Meanings {
    exact: HashMap<String, usize>,
    /// In the order of the file.
    patterns: Vec<(usize, String)>,
}

impl Meanings {
    pub fn of(rules: &[ParameterRule]) -> Meanings {
        let mut meanings = Meanings::default();
        for (place, wire) in rules
            .iter()
            .enumerate()
            .flat_map(|(p, rule)| rule.wire.iter().map(move |w| (p, w)))
        {
            if wire.contains('*') {
                meanings.patterns.push((place, wire.clone()));
            } else {
                meanings.exact.entry(wire.clone()).or_insert(place);
            }
        }
        meanings
    }

    /// The position of the rule, in the order of the file.
    pub fn position(&self, name: &str) -> Option<usize> {
        let exact = self.exact.get(name).copied();
        let before = |place: usize| exact.is_none_or(|exact| place < exact);
        let mut earlier = self.patterns.iter().take_while(|(place, _)| before(*place));
        let fitting = earlier.find(|(_, pattern)| name_fits(pattern, name));
        fitting.map(|(place, _)| *place).or(exact)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tracker::Library;

    #[test]
    fn the_index_says_what_the_file_says() {
        let library = Library::built_in().unwrap();
        for rule in library.rules() {
            let meanings = Meanings::of(&rule.parameters);
            let plainly = |name: &str| {
                let fits =
                    |rule: &ParameterRule| rule.wire.iter().any(|wire| name_fits(wire, name));
                rule.parameters.iter().position(fits)
            };
            for wire in rule.parameters.iter().flat_map(|parameter| &parameter.wire) {
                for name in [
                    wire.replace('*', "7"),
                    wire.replace('*', ""),
                    format!("{wire}x"),
                ] {
                    assert_eq!(
                        meanings.position(&name),
                        plainly(&name),
                        "{}: {name}",
                        rule.name
                    );
                }
            }
        }
    }
}
