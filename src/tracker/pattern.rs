//! The two small pattern languages of rule files, path patterns and names with a star; and regular expressions, built when they
//! are first used.

use std::sync::OnceLock;

use regex::{CaptureMatches, Captures, Regex, RegexSet, SetMatches};

/// A regular expression that is built when it is first used: most rules are for trackers that a capture never meets, and
/// building all of them takes longer than reading a small capture. One that cannot be built fits nothing; `check` says so
/// before that can happen.
#[derive(Debug, Clone)]
pub struct Pattern {
    expression: String,
    built: OnceLock<Option<Regex>>,
}

impl Pattern {
    pub fn new(expression: impl Into<String>) -> Pattern {
        Pattern {
            expression: expression.into(),
            built: OnceLock::new(),
        }
    }

    /// A path pattern (see `Endpoint::paths`), as a whole-path expression with one named group a `{name}`.
    pub fn of_path(pattern: &str) -> Pattern {
        let mut expression = String::from("^");
        let mut rest = pattern.trim_end_matches('/');
        while let Some(first) = rest.chars().next() {
            if let Some(after) = rest.strip_prefix("**") {
                expression.push_str(".*");
                rest = after;
            } else if let Some(after) = rest.strip_prefix('*') {
                expression.push_str("[^/]*");
                rest = after;
            } else if let Some((name, after)) =
                rest.strip_prefix('{').and_then(|r| r.split_once('}'))
            {
                expression.push_str(&format!("(?P<{name}>[^/]+)"));
                rest = after;
            } else {
                expression.push_str(&regex::escape(first.encode_utf8(&mut [0; 4])));
                rest = &rest[first.len_utf8()..];
            }
        }
        Pattern::new(expression + "/?$")
    }

    /// A condition's pattern, which must match the whole value.
    pub fn of_whole(pattern: &str) -> Pattern {
        Pattern::new(format!("^(?s:{pattern})$"))
    }

    /// Builds it.
    ///
    /// # Errors
    /// It is no regular expression: for a path, because a `{name}` is no identifier or is used twice.
    pub fn check(&self) -> Result<(), regex::Error> {
        let built = Regex::new(&self.expression)?;
        // Where it was built before, the same stands there.
        let _ = self.built.set(Some(built));
        Ok(())
    }

    pub fn as_str(&self) -> &str {
        &self.expression
    }

    pub fn is_match(&self, text: &str) -> bool {
        self.regex().is_some_and(|regex| regex.is_match(text))
    }

    pub fn captures<'t>(&self, text: &'t str) -> Option<Captures<'t>> {
        self.regex()?.captures(text)
    }

    /// Every match in a text.
    pub fn captures_iter<'p, 't>(&'p self, text: &'t str) -> Option<CaptureMatches<'p, 't>> {
        Some(self.regex()?.captures_iter(text))
    }

    /// The names of its groups.
    pub fn groups(&self) -> impl Iterator<Item = &str> {
        let names = self.regex().map(Regex::capture_names);
        names.into_iter().flatten().flatten()
    }

    fn regex(&self) -> Option<&Regex> {
        let built = self.built.get_or_init(|| Regex::new(&self.expression).ok());
        built.as_ref()
    }
}

/// Several of them that are asked in one pass; built when they are first asked.
#[derive(Debug, Clone)]
pub struct PatternSet {
    expressions: Vec<String>,
    built: OnceLock<Option<RegexSet>>,
}

impl PatternSet {
    pub fn new(expressions: impl IntoIterator<Item = String>) -> PatternSet {
        PatternSet {
            expressions: expressions.into_iter().collect(),
            built: OnceLock::new(),
        }
    }

    /// Builds them.
    ///
    /// # Errors
    /// One of them is no regular expression, or they are too large together.
    pub fn check(&self) -> Result<(), regex::Error> {
        let built = RegexSet::new(&self.expressions)?;
        // Where they were built before, the same stand there.
        let _ = self.built.set(Some(built));
        Ok(())
    }

    /// Those that match, by their place among all.
    pub fn matches(&self, text: &str) -> Option<SetMatches> {
        let built = self
            .built
            .get_or_init(|| RegexSet::new(&self.expressions).ok());
        built.as_ref().map(|set| set.matches(text))
    }
}

/// Whether a name fits a pattern in which `*` stands for any characters.
pub fn name_fits(pattern: &str, name: &str) -> bool {
    let Some((front, back)) = pattern.split_once('*') else {
        return pattern == name;
    };
    let Some(rest) = name.strip_prefix(front) else {
        return false;
    };
    if !back.contains('*') {
        return rest.ends_with(back);
    }
    (0..=rest.len())
        .filter_map(|at| rest.get(at..))
        .any(|tail| name_fits(back, tail))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn path_patterns() {
        let fits = |pattern: &str, path: &str| Pattern::of_path(pattern).is_match(path);
        assert!(fits("/tr", "/tr") && fits("/tr", "/tr/"));
        assert!(!fits("/tr", "/trx") && !fits("/tr", "/a/tr"));
        assert!(fits("/**/tr", "/a/b/tr") && fits("**/tr", "/tr"));
        assert!(fits("/*/fbevents.js", "/en_US/fbevents.js"));
        assert!(!fits("/*/fbevents.js", "/a/b/fbevents.js"));
        let path = Pattern::of_path("/signals/config/{account}");
        assert_eq!(
            &path.captures("/signals/config/123").unwrap()["account"],
            "123"
        );
    }

    #[test]
    fn a_pattern_that_is_none_fits_nothing_and_is_told() {
        assert!(Pattern::of_path("/{a}/{a}").check().is_err());
        assert!(Pattern::of_whole("(").check().is_err());
        assert!(!Pattern::of_whole("(").is_match("("));
    }

    #[test]
    fn names_with_stars() {
        assert!(name_fits("cd[*]", "cd[x]") && !name_fits("cd[*]", "cd[x].y"));
        assert!(name_fits(
            "cd[formFeatures][*].name",
            "cd[formFeatures][3].name"
        ));
        assert!(name_fits("a*b*c", "a1b2c") && !name_fits("a*b*c", "a1c"));
        assert!(!name_fits("ab*ba", "aba"));
    }
}
