//! The taxonomy: which words make a page sensitive, which make it harmless, and who reads it. Data in
//! `taxonomy/*.toml`, with the examples that prove each category; this file reads and compiles it.

use std::path::Path;

use serde::Deserialize;

use super::PageError;
use super::normalise::normalise;
use crate::pattern::{Pattern, PatternSet};

/// The built-in files, in the order in which equal hits are preferred.
pub const BUILT_IN: &[(&str, &str)] = &[
    ("crime.toml", include_str!("taxonomy/crime.toml")),
    ("health.toml", include_str!("taxonomy/health.toml")),
    ("society.toml", include_str!("taxonomy/society.toml")),
    ("purposes.toml", include_str!("taxonomy/purposes.toml")),
];

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    category: Vec<Category>,
    #[serde(default)]
    purpose: Vec<Purpose>,
}

/// A kind of sensitive page.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Category {
    pub code: String,
    pub name: String,
    /// 1 critical, 2 high, 3 moderate.
    pub tier: u8,
    /// The legal ground on which it counts as sensitive.
    pub basis: String,
    pub patterns: Vec<String>,
    #[serde(default)]
    pub exclusions: Vec<String>,
    /// Section codes that UK police sites share, right below `/advice/advice-and-information/`.
    #[serde(default)]
    pub police_path_codes: Vec<String>,
    pub matches: Vec<String>,
    pub rejects: Vec<String>,
}

/// Whom a page addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reader {
    Public,
    Professional,
    News,
}

impl Reader {
    pub fn name(self) -> &'static str {
        match self {
            Reader::Public => "public",
            Reader::Professional => "professional",
            Reader::News => "news",
        }
    }
}

/// What a purpose does to a category.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// The page is harmless whatever it mentions.
    Benign,
    /// The category stays, in tier 3.
    Downgrade,
}

/// A purpose that makes a page harmless or less sensitive.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Purpose {
    pub code: String,
    pub reader: Reader,
    pub effect: Effect,
    pub patterns: Vec<String>,
    #[serde(default)]
    pub exclusions: Vec<String>,
    pub matches: Vec<String>,
    pub rejects: Vec<String>,
}

/// Patterns and exclusions of one category or purpose.
#[derive(Debug)]
struct Matcher {
    pattern: Pattern,
    exclusion: Option<Pattern>,
}

impl Matcher {
    fn of(patterns: &[String], exclusions: &[String]) -> Matcher {
        Matcher {
            pattern: whole_words(patterns),
            exclusion: match exclusions {
                [] => None,
                some => Some(whole_words(some)),
            },
        }
    }

    /// Builds it.
    fn check(&self) -> Result<(), String> {
        let mut patterns = [&self.pattern].into_iter().chain(&self.exclusion);
        patterns
            .try_for_each(Pattern::check)
            .map_err(|error| error.to_string())
    }

    /// The first hit in a normalised text: where it begins, and its words.
    fn find(&self, text: &str) -> Option<(usize, String)> {
        let blanked = self
            .exclusion
            .as_ref()
            .map(|exclusion| blank(exclusion, text));
        let text = blanked.as_deref().unwrap_or(text);
        let found = self.pattern.captures(text)?.name("words")?;
        Some((found.range.start, found.text.to_string()))
    }
}

/// Blanks an excluded phrase with a mark that no pattern matches, so that its neighbours do not join.
fn blank(exclusion: &Pattern, text: &str) -> String {
    let mut text = text.to_string();
    // One phrase may hide behind the space that another one used up, so until nothing is found.
    while let Some(found) = exclusion.captures(&text).and_then(|c| c.name("words")) {
        let range = found.range;
        text.replace_range(range, "|");
    }
    text
}

/// What compiling the patterns of a file together cannot show: each is one by itself. The built-in files are held to it by a
/// test, not at every start.
fn check_file(name: &str, text: &str) -> Result<(), PageError> {
    let fault = |message: String| PageError::BadFile {
        file: name.to_string(),
        message,
    };
    let read: File = toml::from_str(text).map_err(|error| fault(error.to_string()))?;
    let categories = read.category.iter().map(|category| {
        let about = format!("category {}", category.code);
        (about, &category.patterns, &category.exclusions)
    });
    let purposes = read.purpose.iter().map(|purpose| {
        let about = format!("purpose {}", purpose.code);
        (about, &purpose.patterns, &purpose.exclusions)
    });
    for (about, patterns, exclusions) in categories.chain(purposes) {
        let all = patterns.iter().chain(exclusions);
        check_patterns(all).map_err(|message| fault(format!("{about}: {message}")))?;
    }
    Ok(())
}

/// Each of the patterns asks for something.
fn check_patterns<'a>(patterns: impl Iterator<Item = &'a String>) -> Result<(), String> {
    for pattern in patterns {
        let read = Pattern::new(pattern);
        read.check().map_err(|error| error.to_string())?;
        if read.fits_the_empty_text() {
            return Err(format!("{pattern:?} matches nothing at all, so everything"));
        }
    }
    Ok(())
}

/// Any of the patterns, as whole words.
fn whole_words(patterns: &[String]) -> Pattern {
    let any = patterns.join("|");
    Pattern::new(format!("(?:^| )(?P<words>{any})(?: |$)"))
}

/// The taxonomy in force. Its patterns are built when a page first asks for them.
#[derive(Debug)]
pub struct Taxonomy {
    categories: Vec<(Category, Matcher)>,
    purposes: Vec<(Purpose, Matcher)>,
    /// One pass over a text says whether any category can match; most pages match none.
    any_category: PatternSet,
    /// Name and text of every file, for the record of the run.
    pub sources: Vec<(String, String)>,
}

/// A hit of one category in one text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Hit {
    pub code: String,
    pub tier: u8,
    pub words: String,
    pub at: usize,
}

impl Taxonomy {
    /// The built-in taxonomy.
    ///
    /// # Errors
    /// Never, for the files as shipped: a test holds them to that.
    pub fn built_in() -> Result<Taxonomy, PageError> {
        Taxonomy::from_texts(built_in_texts(), cfg!(test))
    }

    /// The built-in taxonomy and a file: a category or purpose of the same code replaces the built-in one.
    ///
    /// # Errors
    /// A file that cannot be read, or has a fault: named, with the fault.
    pub fn with_file(path: &Path) -> Result<Taxonomy, PageError> {
        let name = path.display().to_string();
        let text = std::fs::read_to_string(path).map_err(|error| PageError::Unreadable {
            file: name.clone(),
            message: error.to_string(),
        })?;
        check_file(&name, &text)?;
        Taxonomy::from_texts(built_in_texts().chain([(name, text)]), true)
    }

    /// `is_checked`: the patterns are built at once, so that one with a fault is named.
    fn from_texts(
        texts: impl Iterator<Item = (String, String)>,
        is_checked: bool,
    ) -> Result<Taxonomy, PageError> {
        let matcher = |patterns: &[String], exclusions: &[String]| {
            let matcher = Matcher::of(patterns, exclusions);
            if is_checked {
                matcher.check()?;
            }
            Ok(matcher)
        };
        let mut categories: Vec<(Category, Matcher)> = Vec::new();
        let mut purposes: Vec<(Purpose, Matcher)> = Vec::new();
        let mut sources = Vec::new();
        for (file, text) in texts {
            let fault = |message: String| PageError::BadFile {
                file: file.clone(),
                message,
            };
            let read: File = toml::from_str(&text).map_err(|e| fault(e.to_string()))?;
            for category in read.category {
                let about = |message| fault(format!("category {}: {message}", category.code));
                if !(1..=3).contains(&category.tier) {
                    return Err(about("its tier must be 1, 2 or 3".to_string()));
                }
                let matcher = matcher(&category.patterns, &category.exclusions).map_err(about)?;
                put(&mut categories, (category, matcher), |(c, _)| &c.code);
            }
            for purpose in read.purpose {
                let about = |message| fault(format!("purpose {}: {message}", purpose.code));
                let matcher = matcher(&purpose.patterns, &purpose.exclusions).map_err(about)?;
                put(&mut purposes, (purpose, matcher), |(p, _)| &p.code);
            }
            sources.push((file, text));
        }
        let patterns = categories
            .iter()
            .map(|(_, matcher)| matcher.pattern.as_str().to_string());
        let any_category = PatternSet::new(patterns);
        if is_checked {
            any_category.check().map_err(|error| PageError::BadFile {
                file: "the taxonomy as a whole".to_string(),
                message: error.to_string(),
            })?;
        }
        Ok(Taxonomy {
            categories,
            purposes,
            any_category,
            sources,
        })
    }

    pub fn categories(&self) -> impl Iterator<Item = &Category> {
        self.categories.iter().map(|(category, _)| category)
    }

    pub fn purposes(&self) -> impl Iterator<Item = &Purpose> {
        self.purposes.iter().map(|(purpose, _)| purpose)
    }

    pub(super) fn category(&self, code: &str) -> Option<&Category> {
        self.categories().find(|category| category.code == code)
    }

    /// Every category that a text hits, in the order of the taxonomy.
    pub(super) fn hits(&self, text: &str) -> Vec<Hit> {
        let plain = normalise(text);
        self.any_category
            .matches(&plain)
            .into_iter()
            .flatten()
            .filter_map(|place| {
                let (category, matcher) = self.categories.get(place)?;
                let (at, words) = matcher.find(&plain)?;
                Some(Hit {
                    code: category.code.clone(),
                    tier: category.tier,
                    words,
                    at,
                })
            })
            .collect()
    }

    /// The category of a section code in the path of a UK police site.
    pub(super) fn police_section(&self, path: &str) -> Option<Hit> {
        let below = path.split_once("/advice/advice-and-information/")?.1;
        let section = below.split('/').next()?.to_ascii_lowercase();
        let category = self
            .categories()
            .find(|category| category.police_path_codes.contains(&section))?;
        Some(Hit {
            code: category.code.clone(),
            tier: category.tier,
            words: section,
            at: 0,
        })
    }

    /// The first purpose, in the order of the file, that one of the texts shows.
    pub(super) fn purpose<'a>(&self, texts: impl Iterator<Item = &'a str>) -> Option<&Purpose> {
        let plain: Vec<String> = texts.map(normalise).collect();
        let shows = |matcher: &Matcher| plain.iter().any(|text| matcher.find(text).is_some());
        let (purpose, _) = self.purposes.iter().find(|(_, matcher)| shows(matcher))?;
        Some(purpose)
    }

    /// Runs the examples of every category and purpose; a line for each that fails.
    pub fn check_examples(&self) -> Vec<String> {
        let categories = self.categories.iter().map(|(c, matcher)| {
            let codes = &c.police_path_codes;
            let hits = move |text: &str| {
                matcher.find(&normalise(text)).is_some()
                    || self
                        .police_section(text)
                        .is_some_and(|hit| codes.contains(&hit.words) && hit.code == c.code)
            };
            faults(&c.code, &c.matches, &c.rejects, hits)
        });
        let purposes = self.purposes.iter().map(|(p, matcher)| {
            let hits = move |text: &str| matcher.find(&normalise(text)).is_some();
            faults(&p.code, &p.matches, &p.rejects, hits)
        });
        categories.flatten().chain(purposes.flatten()).collect()
    }
}

fn built_in_texts() -> impl Iterator<Item = (String, String)> {
    BUILT_IN
        .iter()
        .map(|(name, text)| (name.to_string(), text.to_string()))
}

/// Adds, or replaces what has the same code.
fn put<T>(list: &mut Vec<T>, added: T, code: impl Fn(&T) -> &String) {
    match list.iter().position(|known| code(known) == code(&added)) {
        Some(at) => list[at] = added,
        None => list.push(added),
    }
}

fn faults(
    code: &str,
    matches: &[String],
    rejects: &[String],
    hits: impl Fn(&str) -> bool,
) -> Vec<String> {
    let missed = matches.iter().filter(|text| !hits(text));
    let wrong = rejects.iter().filter(|text| hits(text));
    missed
        .map(|text| format!("{code}: must match {text:?}, and does not"))
        .chain(wrong.map(|text| format!("{code}: must not match {text:?}, and does")))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_example_of_the_built_in_taxonomy_comes_out() {
        let taxonomy = Taxonomy::built_in().unwrap();
        assert_eq!(taxonomy.categories().count(), 36);
        assert_eq!(taxonomy.check_examples(), Vec::<String>::new());
    }

    #[test]
    fn every_category_has_enough_examples() {
        for category in Taxonomy::built_in().unwrap().categories() {
            assert!(category.matches.len() >= 4, "{}", category.code);
            assert!(category.rejects.len() >= 3, "{}", category.code);
        }
    }
}
