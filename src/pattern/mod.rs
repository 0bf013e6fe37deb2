//! Regular expressions that are built when they are first used. Most of a library of rules or categories is never met by a
//! capture, and building all of it takes longer than reading a small one.

mod engine;
mod syntax;

use std::ops::Range;
use std::sync::OnceLock;

use regex::{Regex, RegexSet, RegexSetBuilder, SetMatches};
use regex_automata::util::{captures, primitives::PatternID};

use engine::Engine;

/// One of them. One that cannot be built fits nothing; `check` says so before that can happen.
#[derive(Debug)]
pub struct Pattern {
    expression: String,
    engine: Engine,
}

/// What a pattern matched in a text.
#[derive(Debug)]
pub struct Captures<'t> {
    text: &'t str,
    found: captures::Captures,
}

/// The part of a text that a group of a pattern matched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group<'t> {
    /// Where it stands in the text, in bytes.
    pub range: Range<usize>,
    pub text: &'t str,
}

impl<'t> Captures<'t> {
    /// What the group with a name matched; `None`: nothing.
    pub fn name(&self, name: &str) -> Option<Group<'t>> {
        self.group(self.found.get_group_by_name(name)?.range())
    }

    /// What the group with a number matched; that with 0 is the whole.
    pub fn get(&self, number: usize) -> Option<Group<'t>> {
        self.group(self.found.get_group(number)?.range())
    }

    fn group(&self, range: Range<usize>) -> Option<Group<'t>> {
        let text = self.text.get(range.clone())?;
        Some(Group { range, text })
    }
}

impl Pattern {
    pub fn new(expression: impl Into<String>) -> Pattern {
        Pattern {
            expression: expression.into(),
            engine: Engine::default(),
        }
    }

    /// One that must match the whole text.
    pub fn of_whole(pattern: &str) -> Pattern {
        Pattern::new(format!("^(?s:{pattern})$"))
    }

    /// Whether it can be built.
    ///
    /// # Errors
    /// It is no regular expression, or too large.
    pub fn check(&self) -> Result<(), regex::Error> {
        if syntax::is_surely_fine(&self.expression) {
            return Ok(());
        }
        Regex::new(&self.expression).map(|_| ())
    }

    /// Whether the empty text is a match of it.
    pub fn fits_the_empty_text(&self) -> bool {
        let expression = &self.expression;
        !syntax::surely_asks_for_a_sign(expression)
            && Regex::new(&format!("^(?:{expression})$")).is_ok_and(|whole| whole.is_match(""))
    }

    pub fn as_str(&self) -> &str {
        &self.expression
    }

    pub fn is_match(&self, text: &str) -> bool {
        let engine = self.engine.for_text(&self.expression, text.len());
        engine.is_some_and(|engine| engine.is_match(text))
    }

    pub fn captures<'t>(&self, text: &'t str) -> Option<Captures<'t>> {
        let engine = self.engine.for_text(&self.expression, text.len())?;
        let mut found = engine.create_captures();
        engine.captures(text, &mut found);
        found.is_match().then_some(Captures { text, found })
    }

    /// Every match in a text.
    pub fn captures_iter<'t>(&self, text: &'t str) -> impl Iterator<Item = Captures<'t>> {
        let engine = self.engine.for_text(&self.expression, text.len());
        let all = engine.map(|engine| engine.captures_iter(text));
        let with_text = move |found| Captures { text, found };
        all.into_iter().flatten().map(with_text)
    }

    /// The names of its groups.
    pub fn groups(&self) -> impl Iterator<Item = &str> {
        let engine = self.engine.for_text(&self.expression, 0);
        let names = engine.map(|engine| engine.group_info().pattern_names(PatternID::ZERO));
        names.into_iter().flatten().flatten()
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
        let built = set_of(&self.expressions)?;
        // Where they were built before, the same stand there.
        let _ = self.built.set(Some(built));
        Ok(())
    }

    /// Those that match, by their place among all.
    pub fn matches(&self, text: &str) -> Option<SetMatches> {
        let built = self.built.get_or_init(|| set_of(&self.expressions).ok());
        built.as_ref().map(|set| set.matches(text))
    }
}

/// Memory that a set may take for each thread to remember what it saw, in bytes. With the library's own two million, a large
/// taxonomy is gone through sign by sign in the slowest of ways.
const MEMORY_OF_A_SET: usize = 32 << 20;

fn set_of(expressions: &[String]) -> Result<RegexSet, regex::Error> {
    RegexSetBuilder::new(expressions)
        .dfa_size_limit(MEMORY_OF_A_SET)
        .build()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_that_is_none_fits_nothing_and_is_told() {
        assert!(Pattern::new("(").check().is_err());
        assert!(!Pattern::new("(").is_match("("));
        let set = PatternSet::new(["a".to_string(), "(".to_string()]);
        assert!(set.check().is_err() && set.matches("a").is_none());
    }

    #[test]
    fn the_empty_text_fits_what_asks_for_nothing() {
        for nothing in ["", "a*", "(?:a|b?)", "$|x", "(?:a{0})"] {
            assert!(Pattern::new(nothing).fits_the_empty_text(), "{nothing}");
        }
        for something in ["a", "a|bc+", "(?:a*b)", r"\b", "[^a]", "("] {
            assert!(
                !Pattern::new(something).fits_the_empty_text(),
                "{something}"
            );
        }
    }

    #[test]
    fn a_pattern_says_the_same_before_and_after_it_was_checked() {
        let (unchecked, checked) = (Pattern::new("a(?P<b>.)"), Pattern::new("a(?P<b>.)"));
        checked.check().unwrap();
        for pattern in [unchecked, checked] {
            let found = pattern.captures("xab").unwrap().name("b").unwrap();
            assert_eq!((found.range, found.text), (2..3, "b"));
            assert_eq!(pattern.groups().collect::<Vec<_>>(), ["b"]);
        }
    }
}
