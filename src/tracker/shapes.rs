//! The endpoints that are known by their shape, on any host: one pass over a path says which of them can fit, so that a
//! request to a host that no rule names costs the same however many rules there are.

use regex::RegexSet;

use super::library::{CompiledRule, Place};
use crate::exchange::Address;

/// All endpoints without hosts, in the order of the rules.
#[derive(Debug, Default)]
pub struct Shapes {
    places: Vec<Place>,
    /// The paths of those that name one.
    paths: RegexSet,
    /// For each pattern of `paths`, the position in `places`.
    with_path: Vec<usize>,
    /// Positions of those that fit any path: the gate on their query tells them, which is one look for a word.
    any_path: Vec<usize>,
}

impl Shapes {
    /// Collects them from the compiled rules.
    ///
    /// # Errors
    /// Patterns that are too large together.
    pub fn of(rules: &[CompiledRule]) -> Result<Shapes, regex::Error> {
        let mut shapes = Shapes::default();
        let mut patterns = Vec::new();
        for (rule, compiled) in rules.iter().enumerate() {
            let declared = compiled.rule.endpoints.iter().zip(&compiled.endpoints);
            for (endpoint, (declared, compiled)) in declared.enumerate() {
                if !declared.hosts.is_empty() {
                    continue;
                }
                let position = shapes.places.len();
                shapes.places.push((rule, endpoint));
                if compiled.paths.is_empty() {
                    shapes.any_path.push(position);
                } else {
                    let any: Vec<String> = compiled
                        .paths
                        .iter()
                        .map(|p| format!("(?:{})", p.expression().as_str()))
                        .collect();
                    shapes.with_path.push(position);
                    patterns.push(any.join("|"));
                }
            }
        }
        shapes.paths = without_names(&patterns)?;
        Ok(shapes)
    }

    /// Those whose path fits, in the order of the rules.
    pub fn fitting(&self, address: &Address) -> impl Iterator<Item = Place> {
        let by_path = self.paths.matches(&address.path).into_iter();
        let by_path = by_path.filter_map(|pattern| self.with_path.get(pattern));
        let mut fitting: Vec<usize> = by_path.chain(&self.any_path).copied().collect();
        fitting.sort_unstable();
        fitting
            .into_iter()
            .filter_map(|position| self.places.get(position).copied())
    }
}

/// Named groups may stand only once in an expression; joined paths repeat them.
fn without_names(patterns: &[String]) -> Result<RegexSet, regex::Error> {
    let unnamed = patterns.iter().map(|pattern| {
        let mut plain = String::new();
        let mut rest = pattern.as_str();
        while let Some((before, after)) = rest.split_once("(?P<") {
            plain.push_str(before);
            plain.push_str("(?:");
            rest = after.split_once('>').map_or("", |(_, after)| after);
        }
        plain + rest
    });
    RegexSet::new(unnamed)
}

#[cfg(test)]
mod tests {
    use crate::exchange::Address;
    use crate::tracker::Library;

    #[test]
    fn a_request_of_nobodys_is_decoded_as_nothing() {
        let library = Library::built_in().unwrap();
        let fitting = |url: &str| library.candidates(&Address::parse(url).unwrap()).count();
        let nobodys = fitting("https://www.clinic.example/hiv?page=2&id=7");
        assert_eq!(
            nobodys,
            fitting("https://www.clinic.example/assets/app.js?v=3")
        );
        assert!(nobodys < 6, "{nobodys}");
        assert!(fitting("https://metrics.clinic.example/x/tr?id=1&ev=PageView") > nobodys);
    }
}
