//! The rules in force, compiled once: checked, their patterns built, their hosts indexed so that a request to a host
//! that no rule names costs one look-up per label of its name.

use std::collections::{HashMap, HashSet};
use std::fmt::Display;
use std::sync::Arc;

use super::TrackerError;
use super::built_in::{BUILT_IN, BuiltIn};
use super::meanings::Meanings;
use super::own::OwnRule;
use super::pattern::PathPattern;
use super::recipients::{RECIPIENTS_TEXT, Recipients, domains_above};
use super::rule::{Condition, Rule};
use super::settings::CompiledSetting;
use super::shapes::Shapes;
use crate::exchange::Address;
use crate::pattern::Pattern;

/// A condition with its patterns; `None`: the parameter must be absent.
pub(super) type Compiled = Vec<(String, Option<Pattern>)>;

/// The word for "must be missing or empty".
const ABSENT: &str = "(absent)";

/// A rule, ready to be used.
#[derive(Debug)]
pub struct CompiledRule {
    pub rule: Arc<Rule>,
    pub(super) endpoints: Vec<CompiledEndpoint>,
    pub(super) meanings: Meanings,
    pub(super) actions: Vec<Compiled>,
    /// The conditions of `Rule::collectors`, in their order.
    pub(super) collectors: Vec<Compiled>,
    pub(super) automatic: Option<Compiled>,
    pub(super) in_frame: Option<Compiled>,
    pub(super) settings: Vec<CompiledSetting>,
}

#[derive(Debug)]
pub(super) struct CompiledEndpoint {
    pub(super) paths: Vec<PathPattern>,
    pub(super) query: Option<Pattern>,
    pub(super) parameters: Compiled,
    pub(super) unless: Compiled,
    pub(super) answer: Option<Pattern>,
}

impl CompiledEndpoint {
    fn patterns(&self) -> impl Iterator<Item = &Pattern> {
        let paths = self.paths.iter().map(PathPattern::expression);
        let plain = paths.chain(&self.query).chain(&self.answer);
        let conditions = [&self.parameters, &self.unless].into_iter();
        plain.chain(conditions.flat_map(patterns_of))
    }

    /// `None`: another path. `Some`: the named segments of this one.
    pub(super) fn path_segments(&self, path: &str) -> Option<Vec<(String, String)>> {
        if self.paths.is_empty() {
            return Some(Vec::new());
        }
        self.paths.iter().find_map(|pattern| pattern.segments(path))
    }
}

/// Position of an endpoint: rule, endpoint.
pub(super) type Place = (usize, usize);

/// All rules in force.
#[derive(Debug, Default)]
pub struct Library {
    pub(super) rules: Vec<CompiledRule>,
    by_host: HashMap<String, Vec<Place>>,
    shapes: Shapes,
    pub recipients: Recipients,
    /// Name and text of every rule file, for the record of the run.
    pub sources: Vec<(String, String)>,
}

impl Library {
    /// The built-in rules.
    ///
    /// # Errors
    /// Never, for the rules as shipped: a test holds them to it.
    pub fn built_in() -> Result<Library, TrackerError> {
        let mut library = Library::empty()?;
        library.add_built_in(BUILT_IN.iter())?;
        library.finished()
    }

    /// The built-in rules and those of one's own; a rule of the same name replaces the built-in one.
    ///
    /// # Errors
    /// The first of one's own with a fault: named, with the fault.
    pub fn with_own(added: Vec<OwnRule>) -> Result<Library, TrackerError> {
        let names: HashSet<&str> = added.iter().filter_map(OwnRule::name).collect();
        let is_replaced = |rule: &&BuiltIn| {
            let name = rule.file.strip_suffix(".toml");
            name.is_some_and(|name| names.contains(name))
        };
        let mut library = Library::empty()?;
        library.add_built_in(BUILT_IN.iter().filter(|rule| !is_replaced(rule)))?;
        library.add_own(added)?;
        library.finished()
    }

    fn empty() -> Result<Library, TrackerError> {
        Ok(Library {
            recipients: Recipients::built_in()?,
            ..Library::default()
        })
    }

    /// Tests hold these to what is asked of a rule file: it is not asked again at every start.
    fn add_built_in<'a>(
        &mut self,
        rules: impl Iterator<Item = &'a BuiltIn>,
    ) -> Result<(), TrackerError> {
        for BuiltIn { file, text, json } in rules {
            let rule: Rule = serde_json::from_str(json).map_err(|error| bad_rule(file, &error))?;
            self.index(&rule);
            self.rules.push(compile(rule));
            self.sources.push((file.to_string(), text.to_string()));
        }
        Ok(())
    }

    fn add_own(&mut self, rules: Vec<OwnRule>) -> Result<(), TrackerError> {
        let known = self.rules().map(|rule| rule.name.clone());
        let mut known: HashSet<String> = known.collect();
        for OwnRule { file, text, rule } in rules {
            let rule = rule.map_err(|error| bad_rule(&file, &error))?;
            if !known.insert(rule.rule.name.clone()) {
                let message = format!("another rule is named {} too", rule.rule.name);
                return Err(bad_rule(&file, &message));
            }
            self.index(&rule.rule);
            self.rules.push(rule);
            self.sources.push((file, text));
        }
        Ok(())
    }

    fn finished(mut self) -> Result<Library, TrackerError> {
        self.shapes = Shapes::of(&self.rules).map_err(|e| bad_rule("the rules together", &e))?;
        let table = ("recipients.csv".to_string(), RECIPIENTS_TEXT.to_string());
        self.sources.push(table);
        Ok(self)
    }

    /// Lists the hosts of the rule that comes next.
    fn index(&mut self, rule: &Rule) {
        let place = self.rules.len();
        for (index, endpoint) in rule.endpoints.iter().enumerate() {
            for host in &endpoint.hosts {
                self.by_host
                    .entry(host.to_lowercase())
                    .or_default()
                    .push((place, index));
            }
        }
    }

    /// The rules, in the order of their files.
    pub fn rules(&self) -> impl Iterator<Item = &Arc<Rule>> {
        self.rules.iter().map(|compiled| &compiled.rule)
    }

    /// The endpoints that may fit an address: those of its host and of the domains above it, then those without hosts whose
    /// path and query fit.
    pub(super) fn candidates(&self, address: &Address) -> impl Iterator<Item = Place> {
        let of_host = domains_above(&address.host).filter_map(|domain| self.by_host.get(domain));
        of_host
            .flatten()
            .copied()
            .chain(self.shapes.fitting(address))
    }

    /// Whether a host belongs to a tracker: an address there is a frame or an advertisement, never the page somebody visited.
    pub fn is_tracker_host(&self, host: &str) -> bool {
        domains_above(host).any(|domain| self.by_host.contains_key(domain))
    }

    /// The company behind a host, where a rule or the table of recipients names one.
    pub fn company_of_host(&self, host: &str) -> Option<&str> {
        let of_table = self.recipients.of_host(host).map(|r| r.company.as_str());
        of_table.or_else(|| {
            let places = domains_above(host).find_map(|domain| self.by_host.get(domain))?;
            let (rule, _) = places.first()?;
            Some(self.rules[*rule].rule.recipient.as_str())
        })
    }
}

pub(super) fn bad_rule(file: &str, message: &dyn Display) -> TrackerError {
    TrackerError::BadRule {
        file: file.to_string(),
        message: message.to_string(),
    }
}

pub(super) fn compile(rule: Rule) -> CompiledRule {
    let endpoints = rule.endpoints.iter().map(|endpoint| CompiledEndpoint {
        paths: endpoint.paths.iter().map(|p| PathPattern::new(p)).collect(),
        query: endpoint.query.as_deref().map(Pattern::new),
        parameters: compile_condition(&endpoint.parameters),
        unless: compile_condition(&endpoint.unless),
        answer: endpoint.answer.as_deref().map(Pattern::new),
    });
    let actions = rule.actions.iter();
    let collectors = rule.collectors.iter();
    CompiledRule {
        endpoints: endpoints.collect(),
        meanings: Meanings::of(&rule.parameters),
        actions: actions
            .map(|action| compile_condition(&action.when))
            .collect(),
        collectors: collectors.map(|c| compile_condition(&c.when)).collect(),
        automatic: rule.automatic.as_ref().map(compile_condition),
        in_frame: rule.in_frame.as_ref().map(compile_condition),
        settings: rule.settings.iter().map(CompiledSetting::of).collect(),
        rule: Arc::new(rule),
    }
}

pub(super) fn compile_condition(condition: &Condition) -> Compiled {
    let compile = |(name, pattern): (&String, &String)| {
        let pattern = (pattern != ABSENT).then(|| Pattern::of_whole(pattern));
        (name.clone(), pattern)
    };
    condition.iter().map(compile).collect()
}

pub(super) fn patterns_of(condition: &Compiled) -> impl Iterator<Item = &Pattern> {
    condition.iter().filter_map(|(_, pattern)| pattern.as_ref())
}

impl CompiledRule {
    /// Every pattern of the rule.
    pub(super) fn patterns(&self) -> impl Iterator<Item = &Pattern> {
        let conditions = self.actions.iter().chain(&self.collectors);
        let conditions = conditions.chain(&self.automatic).chain(&self.in_frame);
        let of_settings = self.settings.iter().flat_map(CompiledSetting::patterns);
        let of_endpoints = self.endpoints.iter().flat_map(CompiledEndpoint::patterns);
        of_endpoints
            .chain(conditions.flat_map(patterns_of))
            .chain(of_settings)
    }
}

#[cfg(test)]
mod tests {
    use super::super::own::check;
    use super::*;

    #[test]
    fn the_built_in_rules_are_what_a_rule_must_be() {
        let library = Library::built_in().unwrap();
        for compiled in &library.rules {
            let name = &compiled.rule.name;
            assert_eq!(check(&compiled.rule), Ok(()), "{name}");
            assert!(
                compiled.patterns().all(|pattern| pattern.check().is_ok()),
                "{name}"
            );
        }
        let names: std::collections::HashSet<&String> = library.rules().map(|r| &r.name).collect();
        assert_eq!(names.len(), library.rules.len());
    }
}
