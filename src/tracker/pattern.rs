//! The two small pattern languages of rule files: path patterns, and names with a star.

use crate::pattern::Pattern;

/// A path pattern (see `Endpoint::paths`), as a whole-path expression with one named group a `{name}`.
pub fn path_pattern(pattern: &str) -> Pattern {
    let mut expression = String::from("^");
    let mut rest = pattern.trim_end_matches('/');
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
        let fits = |pattern: &str, path: &str| path_pattern(pattern).is_match(path);
        assert!(fits("/tr", "/tr") && fits("/tr", "/tr/"));
        assert!(!fits("/tr", "/trx") && !fits("/tr", "/a/tr"));
        assert!(fits("/**/tr", "/a/b/tr") && fits("**/tr", "/tr"));
        assert!(fits("/*/fbevents.js", "/en_US/fbevents.js"));
        assert!(!fits("/*/fbevents.js", "/a/b/fbevents.js"));
        let path = path_pattern("/signals/config/{account}");
        assert_eq!(
            &path.captures("/signals/config/123").unwrap()["account"],
            "123"
        );
    }

    #[test]
    fn a_pattern_that_is_none_is_told() {
        assert!(path_pattern("/{a}/{a}").check().is_err());
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
