//! An expression, built twice at most: first in the way that takes least time to build, which is enough for a few short texts;
//! then, once it has gone over much text, with everything that makes a search fast. Both find the same.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use regex_automata::meta::{Builder, Config, Regex};

/// Bytes after which the fast way is worth building: a slow search goes over them in less time than that takes.
const MUCH: usize = 16 << 10;

/// The memory that the library `regex` gives to an expression, and to what a search remembers, in bytes.
const MEMORY: usize = 10 << 20;
const MEMORY_OF_A_SEARCH: usize = 2 << 20;

/// What an expression is built to, when it is first needed.
#[derive(Debug, Default)]
pub struct Engine {
    quickly_built: OnceLock<Option<Regex>>,
    fast: OnceLock<Option<Regex>>,
    gone_over: AtomicUsize,
}

impl Engine {
    /// What searches a text of so many bytes. `None`: the expression is none, or too large.
    pub fn for_text(&self, expression: &str, bytes: usize) -> Option<&Regex> {
        if let Some(fast) = self.fast.get() {
            return fast.as_ref();
        }
        // Nothing hangs on when a thread learns of what others have gone over.
        let before = self.gone_over.fetch_add(bytes, Ordering::Relaxed);
        if before.saturating_add(bytes) > MUCH {
            let fast = || built(expression, Config::new());
            return self.fast.get_or_init(fast).as_ref();
        }
        let quick = || {
            let without = Config::new().hybrid(false).onepass(false).dfa(false);
            built(expression, without.auto_prefilter(false))
        };
        self.quickly_built.get_or_init(quick).as_ref()
    }
}

fn built(expression: &str, config: Config) -> Option<Regex> {
    let config = config
        .nfa_size_limit(Some(MEMORY))
        .hybrid_cache_capacity(MEMORY_OF_A_SEARCH);
    Builder::new().configure(config).build(expression).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn both_ways_find_the_same(
            expression in r"(\(\?i\))?([ab]|a\*|\(\?P<n>a\|b\?\)|\\b|\^|\$|\[\^a\]|\.\*\?|\\w\{1,2\}){1,6}",
            text in "[aAb \u{e9}\n]{0,12}",
        ) {
            let engine = Engine::default();
            let spans = |regex: Option<&Regex>| -> Option<Vec<_>> {
                let found = regex?.captures_iter(&text);
                Some(found.map(|found| (found.get_group(0), found.get_group(1))).collect())
            };
            let quick = spans(engine.for_text(&expression, 0));
            prop_assert!(engine.fast.get().is_none());
            let fast = spans(engine.for_text(&expression, 1 + MUCH));
            prop_assert_eq!(quick, fast);
        }
    }
}
