//! Contact data, official numbers and cards, known by their look: read from `shapes.toml`, with examples and traps beside each.

use std::cell::OnceCell;

use regex::SetMatches;
use serde::Deserialize;

use super::SearchError;
use super::signs::{SignSet, Signs};
use super::views::{View, text_in};
use crate::pattern::{Pattern, PatternSet};

/// The file as compiled in, for the record of the run.
pub const SHAPES_TEXT: &str = include_str!("shapes.toml");

/// Shortest text that can be of a shape, in bytes: a postcode.
const SHORTEST: usize = 5;

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct ShapeRule {
    name: String,
    item: String,
    /// A sign without which there is none, and how many digits: looked for before the pattern is.
    sign: Option<char>,
    #[serde(default)]
    digits: usize,
    /// Signs of which one stands in the text, unless the parameter's name says what it is.
    #[serde(default)]
    inside: String,
    pattern: String,
    #[serde(default)]
    check: Check,
    /// What the value must hold, unless the parameter's name says what it is.
    spaced: Option<String>,
    bare: Option<String>,
    named: Option<String>,
    #[serde(default)]
    whole: bool,
    not: Option<String>,
    #[cfg_attr(not(test), expect(dead_code))]
    examples: Vec<(String, String)>,
    #[cfg_attr(not(test), expect(dead_code))]
    traps: Vec<(String, String)>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Check {
    #[default]
    None,
    /// Modulus 11, as the NHS numbers its patients (documentation: NHS Data Dictionary).
    Nhs,
    /// ISO/IEC 7812.
    Luhn,
    /// A mailbox: its domain ends in a public suffix, and nothing before it makes it an address of a page or a link.
    Mailbox,
}

#[derive(Debug)]
struct Shape {
    rule: ShapeRule,
    /// The rule's `sign` and `inside`.
    sign: Option<SignSet>,
    inside: Option<SignSet>,
    pattern: Pattern,
    spaced: Option<Pattern>,
    bare: Option<Pattern>,
    not: Option<Pattern>,
}

/// The name of a parameter whose value is looked at, in however many views.
#[derive(Debug)]
pub struct Named<'p> {
    name: &'p str,
    /// The shapes for which it is a name; asked for once, and only where a value could be of a shape.
    shapes: OnceCell<Option<SetMatches>>,
}

impl<'p> Named<'p> {
    pub fn new(name: &'p str) -> Named<'p> {
        Named {
            name,
            shapes: OnceCell::new(),
        }
    }
}

/// A value of a shape, found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShapeHit {
    /// Position in the shapes.
    pub shape: usize,
    pub chain: String,
    pub found: String,
}

/// All shapes.
#[derive(Debug)]
pub struct Shapes {
    all: Vec<Shape>,
    /// The names of parameters, a pattern a shape.
    names: PatternSet,
    signs: Signs,
}

/// Stands for the names of a shape that has none.
const NO_NAME: &str = "^\\b$";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    shapes: Vec<ShapeRule>,
}

impl Shapes {
    /// The built-in shapes.
    ///
    /// # Errors
    /// Never, for the file as shipped: a test holds it to that.
    pub fn built_in() -> Result<Shapes, SearchError> {
        let fault = |message: String| SearchError::Shapes(message);
        let file: File = toml::from_str(SHAPES_TEXT).map_err(|error| fault(error.to_string()))?;
        Shapes::of(file.shapes).map_err(|error| fault(error.to_string()))
    }

    fn of(rules: Vec<ShapeRule>) -> Result<Shapes, regex::Error> {
        let names = rules.iter().map(|rule| match &rule.named {
            Some(named) => format!("^(?:{named})$"),
            None => NO_NAME.to_owned(),
        });
        let names = PatternSet::new(names);
        let mut signs = Signs::default();
        let all = rules.into_iter().map(|rule| Shape::of(rule, &mut signs));
        let shapes = Shapes {
            all: all.collect(),
            names,
            signs,
        };
        // There is only the built-in file: that its patterns are some is for the tests to find.
        if cfg!(test) {
            shapes.names.check()?;
            shapes.all.iter().try_for_each(Shape::check)?;
        }
        Ok(shapes)
    }

    /// Name and item of each.
    pub fn names(&self) -> impl Iterator<Item = (&str, &str)> {
        let shapes = self.all.iter();
        shapes.map(|shape| (shape.rule.name.as_str(), shape.rule.item.as_str()))
    }

    /// Adds what is found in a view of the value of a parameter, each shape once.
    pub fn find(&self, view: &View, parameter: &Named, hits: &mut Vec<ShapeHit>) {
        if view.bytes.len() < SHORTEST {
            return;
        }
        // Noise looks like anything.
        let Some(text) = text_in(&view.bytes) else {
            return;
        };
        let digits = text.bytes().filter(u8::is_ascii_digit).count();
        let signs = self.signs.in_text(text);
        let is_named = |at| {
            let shapes = || self.names.matches(parameter.name);
            let shapes = parameter.shapes.get_or_init(shapes).as_ref();
            shapes.is_some_and(|shapes| shapes.matched(at))
        };
        for (at, shape) in self.all.iter().enumerate() {
            if digits < shape.rule.digits || hits.iter().any(|hit| hit.shape == at) {
                continue;
            }
            if let Some(found) = shape.find(text, signs, || is_named(at)) {
                let layers: String = view
                    .layers
                    .iter()
                    .map(|layer| format!("{layer} of "))
                    .collect();
                hits.push(ShapeHit {
                    shape: at,
                    chain: format!("{layers}text"),
                    found,
                });
            }
        }
    }
}

impl Shape {
    fn of(rule: ShapeRule, signs: &mut Signs) -> Shape {
        let whole = |pattern: &String| Pattern::new(format!("^(?:{pattern})$"));
        let inside = Some(&rule.inside).filter(|inside| !inside.is_empty());
        Shape {
            sign: rule.sign.map(|sign| signs.add(sign)),
            inside: inside.map(|inside| {
                inside
                    .chars()
                    .fold(SignSet::default(), |set, sign| set.and(signs.add(sign)))
            }),
            pattern: Pattern::new(&rule.pattern),
            spaced: rule.spaced.as_ref().map(Pattern::new),
            bare: rule.bare.as_ref().map(Pattern::new),
            not: rule.not.as_ref().map(whole),
            rule,
        }
    }

    fn check(&self) -> Result<(), regex::Error> {
        let others = self.spaced.iter().chain(&self.bare).chain(&self.not);
        others.chain([&self.pattern]).try_for_each(Pattern::check)
    }

    /// `signs` are those of the text.
    fn find(&self, text: &str, signs: SignSet, is_named: impl Fn() -> bool) -> Option<String> {
        if self.sign.is_some_and(|sign| !signs.has_any_of(sign)) {
            return None;
        }
        let is_named = self.rule.named.is_some() && is_named();
        if !is_named && self.inside.is_some_and(|inside| !signs.has_any_of(inside)) {
            return None;
        }
        let with_signs = found_by(&self.pattern, text).find(|found| {
            let is_spaced = || self.spaced.as_ref().is_none_or(|s| s.is_match(found.value));
            let is_whole = || !self.rule.whole || found.value == text.trim();
            self.holds(found) && (is_named || is_spaced() && is_whole())
        });
        let bare = || {
            let pattern = self.bare.as_ref().filter(|_| is_named)?;
            found_by(pattern, text).find(|found| self.holds(found))
        };
        let found = with_signs.or_else(bare)?;
        Some(found.value.to_owned())
    }

    fn holds(&self, found: &Found) -> bool {
        let is_none = self
            .not
            .as_ref()
            .is_some_and(|not| not.is_match(found.value));
        !is_none
            && found.stands_alone()
            && match self.rule.check {
                Check::None => true,
                Check::Nhs => nhs_adds_up(&digits(found.value)),
                Check::Luhn => luhn_adds_up(&digits(found.value)),
                Check::Mailbox => is_mailbox(found),
            }
    }
}

/// Signs before a value that can matter: in a long text it is found at many places, and each is looked at.
const NEAR: usize = 300;

/// The end of what stands before a value.
fn end_of(before: &str) -> &str {
    let from = before.len().saturating_sub(NEAR);
    let from = (from..before.len()).find(|at| before.is_char_boundary(*at));
    from.and_then(|from| before.get(from..)).unwrap_or_default()
}

/// A value with what stands around it.
struct Found<'t> {
    before: &'t str,
    value: &'t str,
    after: &'t str,
}

fn found_by<'t>(pattern: &'t Pattern, text: &'t str) -> impl Iterator<Item = Found<'t>> {
    let all = pattern.captures_iter(text);
    all.filter_map(move |groups| {
        let group = groups.get(1)?;
        Some(Found {
            before: end_of(text.get(..group.range.start)?),
            value: group.text,
            after: text.get(group.range.end..)?,
        })
    })
}

impl Found<'_> {
    /// No letter or digit on either side, no decimal, no link to a mailbox or a telephone: that is the site's own.
    fn stands_alone(&self) -> bool {
        let mut before = self.before.chars().rev();
        let mut after = self.after.chars();
        let (near, far) = (before.next(), before.next());
        let (next, beyond) = (after.next(), after.next());
        let is_letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        let is_digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
        let goes_on =
            |sign: Option<char>, digit| sign.is_some_and(|c| ".-".contains(c)) && is_digit(digit);
        // What stands behind one is the end of an escape: unpacked it is another value.
        let is_escape = near.is_some_and(|c| "\\%".contains(c));
        let front = self.before.to_ascii_lowercase();
        let is_link = ["mailto:", "tel:", "sms:"]
            .iter()
            .any(|scheme| front.ends_with(scheme));
        !is_letter(near)
            && !is_escape
            && !is_letter(next)
            && !goes_on(near, far)
            && !goes_on(next, beyond)
            && !is_link
    }
}

fn digits(value: &str) -> Vec<u32> {
    value.chars().filter_map(|c| c.to_digit(10)).collect()
}

/// Ten digits; the last makes the sum of the others, weighed 10 to 2, a multiple of 11. Ten equal digits are nobody's.
fn nhs_adds_up(digits: &[u32]) -> bool {
    let [front @ .., check] = digits else {
        return false;
    };
    let sum: u32 = front
        .iter()
        .zip((2..=10).rev())
        .map(|(digit, weight)| digit * weight)
        .sum();
    let is_one_digit = front.iter().all(|digit| digit == check);
    digits.len() == 10 && !is_one_digit && (11 - sum % 11) % 11 == *check
}

/// Every second digit from the end counts double, its own digits added.
fn luhn_adds_up(digits: &[u32]) -> bool {
    let doubled = |digit: u32| digit * 2 / 10 + digit * 2 % 10;
    let weigh = |(place, digit): (usize, &u32)| {
        if place % 2 == 1 {
            doubled(*digit)
        } else {
            *digit
        }
    };
    let sum: u32 = digits.iter().rev().enumerate().map(weigh).sum();
    sum.is_multiple_of(10)
}

/// Names of files and packages have an @ too, but no public suffix; addresses of pages have it behind `//`.
fn is_mailbox(found: &Found) -> bool {
    let Some((_, domain)) = found.value.rsplit_once('@') else {
        return false;
    };
    let domain = domain.to_ascii_lowercase();
    let top = domain.rsplit('.').next().unwrap_or_default();
    let is_known = psl::suffix(domain.as_bytes()).is_some_and(|suffix| suffix.is_known());
    let is_login = found.before.ends_with("//")
        || found.before.rsplit("//").next().is_some_and(|after| {
            found.before.contains("//")
                && after.contains(':')
                && !after.contains('/')
                && !after.contains('?')
        });
    // RFC 2606 keeps these for documents such as our own samples.
    (is_known || ["example", "test"].contains(&top)) && !is_login
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::disclosure::search::views::{Views, Wanted};

    fn found(shapes: &Shapes, parameter: &str, text: &str) -> Vec<usize> {
        let mut hits = Vec::new();
        for view in &Views::of(text, Wanted::Texts).views {
            shapes.find(view, &Named::new(parameter), &mut hits);
        }
        hits.into_iter().map(|hit| hit.shape).collect()
    }

    #[test]
    fn every_example_is_found_and_no_trap_is() {
        let shapes = Shapes::built_in().unwrap();
        for (at, shape) in shapes.all.iter().enumerate() {
            assert!(!shape.rule.examples.is_empty() && shape.rule.traps.len() >= 3);
            for (parameter, text) in &shape.rule.examples {
                let found = found(&shapes, parameter, text);
                assert!(
                    found.contains(&at),
                    "{}: {parameter}={text}",
                    shape.rule.name
                );
            }
            for (parameter, text) in &shape.rule.traps {
                let found = found(&shapes, parameter, text);
                assert!(
                    !found.contains(&at),
                    "{}: {parameter}={text}",
                    shape.rule.name
                );
            }
        }
    }

    #[test]
    fn packed_values_are_found_and_noise_is_not() {
        let shapes = Shapes::built_in().unwrap();
        assert_eq!(
            found(&shapes, "d", "eyJ3aG8iOiJzYW0udGVzdGVyQG1haWwuZXhhbXBsZSJ9"),
            [0]
        );
        assert_eq!(found(&shapes, "d", "sam.tester%40mail.example"), [0]);
        assert_eq!(
            found(&shapes, "d", "\u{1}sam@mail.example"),
            Vec::<usize>::new()
        );
    }

    #[test]
    fn an_escaped_value_is_found_whole_and_not_by_its_end() {
        let shapes = Shapes::built_in().unwrap();
        for (text, chain) in [
            ("\\u0073am@mail.example", "JSON escapes of text"),
            ("%73am@mail.example", "percent-encoding of text"),
        ] {
            let mut hits = Vec::new();
            for view in &Views::of(text, Wanted::Texts).views {
                shapes.find(view, &Named::new("a"), &mut hits);
            }
            let told: Vec<_> = hits
                .iter()
                .map(|h| (h.found.as_str(), h.chain.as_str()))
                .collect();
            assert_eq!(told, [("sam@mail.example", chain)], "{text}");
        }
    }

    #[test]
    fn digits_that_add_up() {
        assert!(nhs_adds_up(&digits("943 476 5919")));
        assert!(!nhs_adds_up(&digits("943 476 591")) && !nhs_adds_up(&[]));
        assert!(luhn_adds_up(&digits("4111 1111 1111 1111")));
        assert!(!luhn_adds_up(&digits("4111 1111 1111 1112")));
    }

    /// Looking back to the beginning of the text at each of them would take minutes.
    #[test]
    fn many_that_are_none_in_a_long_text() {
        let shapes = Shapes::built_in().unwrap();
        let text = "see mailto:sam@mail.example or logo@2x.png ".repeat(60_000);
        assert_eq!(found(&shapes, "d", &text), Vec::<usize>::new());
    }
}
