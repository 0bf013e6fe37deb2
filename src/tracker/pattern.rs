//! The two small pattern languages of rule files: path patterns, and names with a star.

use crate::pattern::Pattern;

/// A path pattern (see `Endpoint::paths`).
#[derive(Debug)]
pub struct PathPattern {
    /// The whole of it, where it stands for one path alone: most do, and need no expression.
    alone: Option<String>,
    /// A whole-path expression with one named group a `{name}`.
    expression: Pattern,
}

impl PathPattern {
    pub fn new(pattern: &str) -> PathPattern {
        let pattern = pattern.trim_end_matches('/');
        let is_alone = !pattern.contains(['*', '{']);
        PathPattern {
            alone: is_alone.then(|| pattern.to_owned()),
            expression: whole_path(pattern),
        }
    }

    pub fn expression(&self) -> &Pattern {
        &self.expression
    }

    /// `None`: another path. `Some`: its named segments.
    pub fn segments(&self, path: &str) -> Option<Vec<(String, String)>> {
        if let Some(alone) = &self.alone {
            let is_it = path == alone || path.strip_suffix('/') == Some(alone);
            return is_it.then(Vec::new);
        }
        let found = self.expression.captures(path)?;
        let segment = |name: &str| Some((name.to_owned(), found.name(name)?.text.to_owned()));
        Some(self.expression.groups().filter_map(segment).collect())
    }
}

fn whole_path(pattern: &str) -> Pattern {
    let mut expression = String::from("^");
    let mut rest = pattern;
    while let Some(first) = rest.chars().next() {
        if let Some(after) = rest.strip_prefix("**") {
            expression.push_str(".*");
            rest = after;
        } else if let Some(after) = rest.strip_prefix('*') {
            expression.push_str("[^/]*");
            rest = after;
        } else if let Some((name, after)) = rest.strip_prefix('{').and_then(|r| r.split_once('}')) {
            expression.push_str(&format!("(?P<{name}>[^/]+)"));
            rest = after;
        } else {
            expression.push_str(&regex::escape(first.encode_utf8(&mut [0; 4])));
            rest = &rest[first.len_utf8()..];
        }
    }
    Pattern::new(expression + "/?$")
}

/// Whether a name fits a pattern in which `*` stands for any characters.
pub fn name_fits(pattern: &str, name: &str) -> bool {
    // Most names that do not fit begin otherwise: that is told without a search for stars.
    let first = |text: &str| text.as_bytes().first().copied();
    if first(pattern).is_some_and(|sign| sign != b'*' && first(name) != Some(sign)) {
        return false;
    }
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
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn path_patterns() {
        let fits = |pattern: &str, path: &str| PathPattern::new(pattern).segments(path).is_some();
        assert!(fits("/tr", "/tr") && fits("/tr", "/tr/"));
        assert!(!fits("/tr", "/trx") && !fits("/tr", "/a/tr"));
        assert!(fits("/**/tr", "/a/b/tr") && fits("**/tr", "/tr"));
        assert!(fits("/*/fbevents.js", "/en_US/fbevents.js"));
        assert!(!fits("/*/fbevents.js", "/a/b/fbevents.js"));
        let path = PathPattern::new("/signals/config/{account}");
        let account = ("account".to_owned(), "123".to_owned());
        assert_eq!(path.segments("/signals/config/123"), Some(vec![account]));
    }

    proptest! {
        #[test]
        fn one_path_alone_is_known_as_its_expression_knows_it(pattern in "(/|[a.{}]){0,4}/?", path in "(/|[a.{}\n]){0,4}/?") {
            let read = PathPattern::new(&pattern);
            if read.alone.is_some() {
                let is_same = |path: &str| read.segments(path).is_some() == read.expression.is_match(path);
                let paths = [format!("{pattern}/"), format!("{path}/"), pattern, path];
                prop_assert!(paths.iter().all(|path| is_same(path)));
            }
        }
    }

    #[test]
    fn a_pattern_that_is_none_is_told() {
        assert!(PathPattern::new("/{a}/{a}").expression.check().is_err());
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
