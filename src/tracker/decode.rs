//! From an exchange to the events it told, by the library of rules.

use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::TrackerError;
use super::event::{Event, Told, ToldCookie, value_of};
use super::library::{Compiled, CompiledRule, Library};
use super::pattern::name_fits;
use super::rule::{Action, CollectedBy, CollectorRule, Column, ParameterRule, Role, Rule};
use super::unpack::{Unpacked, unpack};
use crate::exchange::{BodyState, Exchange, Location, Parameter};

/// What a request to a tracker was.
#[derive(Debug, Clone)]
pub struct Decoding {
    pub rule: Arc<Rule>,
    /// Position in `rule.endpoints`.
    pub endpoint: usize,
    /// The account, where the request names one (also of a presence).
    pub account_id: Option<String>,
    pub events: Vec<Event>,
    /// What was said that is no event of the visitor's: by a presence, or where the endpoint's `unless` holds.
    pub told: Vec<Parameter>,
    pub errors: Vec<TrackerError>,
}

impl Decoding {
    fn is_understood(&self) -> bool {
        self.role() == Role::Presence || self.errors.is_empty()
    }

    pub fn role(&self) -> Role {
        self.rule.endpoints[self.endpoint].role
    }
}

impl Library {
    /// Reads one request; `None` where no rule knows it. The first endpoint that understands it wins; where none does, the
    /// first whose address fits.
    pub fn decode(&self, exchange: &Exchange) -> Option<Decoding> {
        let mut by_address = None;
        for (rule, endpoint) in self.candidates(&exchange.address) {
            let Some(decoding) = self.rules[rule].decode(endpoint, exchange) else {
                continue;
            };
            // A presence further down the list must not hide that an event was told and could not be read.
            let tells = !decoding.events.is_empty();
            if tells || (by_address.is_none() && decoding.is_understood()) {
                return Some(decoding);
            }
            by_address = by_address.or(Some(decoding));
        }
        by_address
    }
}

impl CompiledRule {
    fn decode(&self, endpoint: usize, exchange: &Exchange) -> Option<Decoding> {
        let compiled = &self.endpoints[endpoint];
        let segments = compiled.path_segments(&exchange.address.path)?;
        let query = exchange.address.query.as_deref().unwrap_or_default();
        let gate = compiled.query.as_ref();
        if gate.is_some_and(|gate| !gate.is_match(query)) {
            return None;
        }
        let from_path: Vec<Parameter> = segments
            .into_iter()
            .map(|(name, value)| Parameter::new(name, value, Location::Path))
            .collect();
        let decoding = Decoding {
            rule: Arc::clone(&self.rule),
            endpoint,
            account_id: None,
            events: Vec::new(),
            told: Vec::new(),
            errors: Vec::new(),
        };
        if decoding.role() == Role::Presence || !exchange.carries_payload() {
            self.presence(decoding, exchange, from_path)
        } else {
            self.told(decoding, exchange, from_path)
        }
    }

    /// A request that shows the tracker and tells nothing. Known by its shape alone, it must have that shape whole.
    fn presence(
        &self,
        mut decoding: Decoding,
        exchange: &Exchange,
        from_path: Vec<Parameter>,
    ) -> Option<Decoding> {
        let told: Vec<Parameter> = from_path
            .into_iter()
            .chain(exchange.query_parameters().iter().cloned())
            .collect();
        let conditions = &self.endpoints[decoding.endpoint].parameters;
        let shape_fits = decoding.role() == Role::Presence
            && holds_among(conditions, &told.iter().collect::<Vec<_>>());
        let by_host = !self.rule.endpoints[decoding.endpoint].hosts.is_empty();
        decoding.account_id = self.account_among(&told);
        decoding.told = told;
        (shape_fits || by_host).then_some(decoding)
    }

    /// A request that tells events, one a set of parameters. Known by its shape alone, it must tell at least one.
    fn told(
        &self,
        mut decoding: Decoding,
        exchange: &Exchange,
        from_path: Vec<Parameter>,
    ) -> Option<Decoding> {
        let endpoint = decoding.endpoint;
        let declared = &self.rule.endpoints[endpoint];
        let must = &self.endpoints[endpoint].parameters;
        let must_not = &self.endpoints[endpoint].unless;
        let steps = declared.unpack.as_ref().unwrap_or(&self.rule.unpack);
        let (sets, errors) = unpack(steps, exchange, from_path);
        let (no_events, sets): (Vec<_>, Vec<_>) = sets
            .into_iter()
            .partition(|set| !must_not.is_empty() && holds(must_not, set));
        let (fit, misfit): (Vec<_>, Vec<_>) = sets.into_iter().partition(|set| holds(must, set));
        if declared.hosts.is_empty() && fit.is_empty() {
            return None;
        }
        decoding.errors = errors;
        if !misfit.is_empty() {
            decoding.errors.push(why_not_an_event(exchange));
        }
        let numbered = fit.into_iter().enumerate();
        decoding.events = numbered
            .map(|(number, set)| self.event(endpoint, exchange, number, set))
            .collect();
        let no_events = no_events.into_iter().flatten();
        decoding.told = no_events.map(|unpacked| unpacked.parameter).collect();
        decoding.account_id = decoding.events.iter().find_map(|e| e.account_id.clone());
        Some(decoding)
    }

    fn account_among(&self, told: &[Parameter]) -> Option<String> {
        let fills_account = |p: &&Parameter| {
            let rule = self
                .meanings
                .position(&p.name)
                .map(|at| &self.rule.parameters[at]);
            rule.is_some_and(|r| r.fills == Some(Column::AccountId))
        };
        told.iter().find(fills_account).map(|p| p.value.clone())
    }

    fn event(
        &self,
        endpoint: usize,
        exchange: &Exchange,
        number: usize,
        set: Vec<Unpacked>,
    ) -> Event {
        let declared = &self.rule.endpoints[endpoint];
        let fingerprint = self.fingerprint(number, &set);
        let action = declared.action.unwrap_or_else(|| self.action(&set));
        let automatic = self.automatic.as_ref().is_some_and(|c| holds(c, &set));
        let in_frame = self.in_frame.as_ref().is_some_and(|c| holds(c, &set));
        let mut event = Event {
            rule: Arc::clone(&self.rule),
            endpoint,
            entry_index: exchange.entry_index,
            number,
            account_id: None,
            event_name: None,
            action,
            automatic,
            in_frame,
            page_url: None,
            page_title: None,
            referrer: None,
            clicked_text: None,
            clicked_destination: None,
            form_fields: Vec::new(),
            search_term: None,
            consent: None,
            told: self.with_meanings(set),
            cookies: self.cookies(exchange),
            fingerprint,
        };
        self.fill_columns(&mut event);
        event.event_name = event.event_name.or_else(|| declared.event_name.clone());
        event
    }

    fn with_meanings(&self, set: Vec<Unpacked>) -> Vec<Told> {
        let collectors = self.collectors(&set);
        let told = |unpacked: Unpacked| {
            let name = &unpacked.parameter.name;
            let meaning = self.meanings.position(name);
            let rule = meaning.and_then(|at| self.rule.parameters.get(at));
            Told {
                meaning,
                collected_by: rule.and_then(|rule| who_collected(name, rule, &collectors)),
                parameter: unpacked.parameter,
                derived: unpacked.derived,
            }
        };
        set.into_iter().map(told).collect()
    }

    /// The collectors whose condition holds in this event.
    fn collectors(&self, set: &[Unpacked]) -> Vec<&CollectorRule> {
        let pairs = self.rule.collectors.iter().zip(&self.collectors);
        pairs
            .filter(|(_, condition)| holds(condition, set))
            .map(|(collector, _)| collector)
            .collect()
    }

    /// In the order of the rules and of the names in each, so that the better source of a column stands first.
    fn fill_columns(&self, event: &mut Event) {
        for (at, rule) in self.rule.parameters.iter().enumerate() {
            let Some(column) = rule.fills else { continue };
            let mut values: Vec<(usize, bool, String)> = Vec::new();
            for told in event.told.iter().filter(|told| told.meaning == Some(at)) {
                let Parameter {
                    name,
                    value,
                    location,
                    ..
                } = &told.parameter;
                let rank = rule.wire.iter().position(|wire| name_fits(wire, name));
                values.push((
                    rank.unwrap_or(0),
                    *location != Location::Body,
                    value.clone(),
                ));
            }
            // Stable: values of one name and place keep the order of the wire.
            values.sort_by_key(|(rank, outside_body, _)| (*rank, *outside_body));
            for (_, _, value) in values {
                event.fill(column, &value);
            }
        }
    }

    fn action(&self, set: &[Unpacked]) -> Action {
        self.actions
            .iter()
            .position(|condition| holds(condition, set))
            .and_then(|at| self.rule.actions.get(at))
            .map_or(Action::Custom, |rule| rule.is)
    }

    fn cookies(&self, exchange: &Exchange) -> Vec<ToldCookie> {
        let known = |cookie: &crate::capture::Pair| {
            let meaning = self
                .rule
                .cookies
                .iter()
                .position(|rule| rule.name == cookie.name)?;
            Some(ToldCookie {
                cookie: cookie.clone(),
                meaning,
            })
        };
        exchange.cookies.iter().filter_map(known).collect()
    }

    /// A digest of what was told, without what differs between copies; only where the payload itself tells one event
    /// from the next.
    fn fingerprint(&self, number: usize, set: &[Unpacked]) -> Option<[u8; 16]> {
        let repeat = self.rule.repeat.as_ref()?;
        let all = || set.iter().map(|u| &u.parameter);
        let has = |name: &String| value_of(all(), name).is_some_and(|v| !v.is_empty());
        if !repeat.needs.iter().all(has) {
            return None;
        }
        let mut pairs: Vec<(&str, &str)> = if repeat.same.is_empty() {
            let told = set.iter().filter(|u| !u.derived).map(|u| &u.parameter);
            told.filter(|p| !repeat.ignore.contains(&p.name))
                .map(|p| (p.name.as_str(), p.value.as_str()))
                .collect()
        } else {
            let value = |name| value_of(all(), name).unwrap_or_default();
            repeat
                .same
                .iter()
                .map(|name| (name.as_str(), value(name)))
                .collect()
        };
        pairs.sort_unstable();
        let mut digest = Sha256::new();
        digest.update(self.rule.name.as_bytes());
        // Events that one request tells may differ only in what was unpacked.
        digest.update((number as u64).to_le_bytes());
        for (name, value) in pairs {
            // Lengths keep `a=b` `c` apart from `a` `b=c`.
            digest.update((name.len() as u64).to_le_bytes());
            digest.update(name.as_bytes());
            digest.update((value.len() as u64).to_le_bytes());
            digest.update(value.as_bytes());
        }
        digest.finalize().get(..16)?.try_into().ok()
    }
}

/// Who collected what a parameter gives away; what gives nothing away was collected by nobody.
fn who_collected(
    name: &str,
    rule: &ParameterRule,
    collectors: &[&CollectorRule],
) -> Option<CollectedBy> {
    rule.item.as_ref()?;
    let fits = |wire: &String| name_fits(wire, name);
    let said = collectors.iter().find(|said| said.wire.iter().any(fits));
    said.map(|said| said.is).or(rule.collected_by)
}

fn holds(condition: &Compiled, set: &[Unpacked]) -> bool {
    let parameters: Vec<&Parameter> = set.iter().map(|u| &u.parameter).collect();
    holds_among(condition, &parameters)
}

pub(super) fn holds_among(condition: &Compiled, parameters: &[&Parameter]) -> bool {
    condition.iter().all(|(name, pattern)| {
        let value = value_of(parameters.iter().copied(), name);
        match pattern {
            Some(pattern) => value.is_some_and(|value| pattern.is_match(value)),
            None => value.is_none_or(str::is_empty),
        }
    })
}

fn why_not_an_event(exchange: &Exchange) -> TrackerError {
    match exchange.body.state {
        BodyState::NotRecorded => TrackerError::PayloadNotRecorded,
        BodyState::Recorded | BodyState::Lossy | BodyState::None => TrackerError::NotUnderstood,
    }
}
