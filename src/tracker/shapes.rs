//! The endpoints that are known by their shape, on any host: one pass over a path and one over a query say which of them
//! can fit, so that a request to a host that no rule names costs the same however many rules there are.

use regex::RegexSet;

use super::library::{CompiledRule, Place};
use crate::exchange::Address;

/// All endpoints without hosts.
#[derive(Debug, Default)]
pub struct Shapes {
    places: Vec<Place>,
    paths: RegexSet,
    queries: RegexSet,
}

/// Fits everything: for an endpoint that does not ask.
const ANY: &str = "";

impl Shapes {
    /// Collects them from the compiled rules.
    ///
    /// # Errors
    /// Patterns that are too large together.
    pub fn of(rules: &[CompiledRule]) -> Result<Shapes, regex::Error> {
        let mut places = Vec::new();
        let (mut paths, mut queries) = (Vec::new(), Vec::new());
        for (rule, compiled) in rules.iter().enumerate() {
            let declared = compiled.rule.endpoints.iter().zip(&compiled.endpoints);
            for (endpoint, (declared, compiled)) in declared.enumerate() {
                if !declared.hosts.is_empty() {
                    continue;
                }
                let any_path: Vec<String> =
                    compiled.paths.iter().map(|p| format!("(?:{p})")).collect();
                places.push((rule, endpoint));
                paths.push(any_path.join("|"));
                queries.push(
                    compiled
                        .query
                        .as_ref()
                        .map_or(ANY.to_string(), ToString::to_string),
                );
            }
        }
        Ok(Shapes {
            places,
            paths: without_names(&paths)?,
            queries: RegexSet::new(&queries)?,
        })
    }

    /// Those whose path and query fit.
    pub fn fitting(&self, address: &Address) -> impl Iterator<Item = Place> {
        let by_path = self.paths.matches(&address.path);
        let by_query = self
            .queries
            .matches(address.query.as_deref().unwrap_or_default());
        let fitting = by_path
            .into_iter()
            .filter(move |&place| by_query.matched(place));
        fitting.filter_map(|place| self.places.get(place).copied())
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
    fn a_request_of_nobodys_has_no_candidate() {
        let library = Library::built_in().unwrap();
        let fitting = |url: &str| library.candidates(&Address::parse(url).unwrap()).count();
        assert_eq!(fitting("https://www.clinic.example/hiv?page=2&id=7"), 0);
        assert_eq!(fitting("https://www.clinic.example/assets/app.js?v=3"), 0);
        assert!(fitting("https://metrics.clinic.example/x/tr?id=1&ev=PageView") > 0);
        assert!(fitting("https://www.clinic.example/zzz?v=2&tid=G-ABC1234&en=x") > 0);
    }
}
