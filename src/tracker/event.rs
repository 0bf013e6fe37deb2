//! One event: what a tracker was told by one request (or one line of it), read by one rule.

use std::sync::Arc;

use super::pattern::name_fits;
use super::rule::{Action, CollectedBy, Column, CookieRule, Endpoint, ParameterRule, Role, Rule};
use crate::capture::Pair;
use crate::exchange::{Parameter, is_placeholder};

/// A parameter of an event, with the position of the rule that gives its meaning; none: unknown to us, and never
/// counted as a disclosure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    pub parameter: Parameter,
    pub meaning: Option<usize>,
    /// Made by a step out of another parameter of the same event.
    pub derived: bool,
    /// `None`: nobody says.
    pub collected_by: Option<CollectedBy>,
}

/// A cookie that the rule knows, with the position of its rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToldCookie {
    pub cookie: Pair,
    pub meaning: usize,
}

/// What a tracker was told.
#[derive(Debug, Clone)]
pub struct Event {
    pub rule: Arc<Rule>,
    /// Position in `rule.endpoints`.
    pub endpoint: usize,
    pub entry_index: usize,
    /// Number within the entry, from 0.
    pub number: usize,
    pub account_id: Option<String>,
    pub event_name: Option<String>,
    pub action: Action,
    pub automatic: bool,
    pub in_frame: bool,
    /// The page's address as the payload names it.
    pub page_url: Option<String>,
    pub page_title: Option<String>,
    pub referrer: Option<String>,
    pub clicked_text: Option<String>,
    pub clicked_destination: Option<String>,
    pub form_fields: Vec<String>,
    pub search_term: Option<String>,
    pub consent: Option<String>,
    pub told: Vec<Told>,
    pub cookies: Vec<ToldCookie>,
    /// Equal for the copies of one event; `None` where the payload has nothing that tells two events apart.
    pub fingerprint: Option<[u8; 16]>,
}

impl Event {
    pub fn endpoint(&self) -> &Endpoint {
        &self.rule.endpoints[self.endpoint]
    }

    pub fn is_copy(&self) -> bool {
        self.endpoint().role == Role::Copy
    }

    pub fn meaning_of(&self, told: &Told) -> Option<&ParameterRule> {
        self.rule.parameters.get(told.meaning?)
    }

    pub fn meaning_of_cookie(&self, told: &ToldCookie) -> &CookieRule {
        &self.rule.cookies[told.meaning]
    }

    /// The value of a wire parameter: the body's before the query's, the first before later ones.
    pub fn value(&self, name: &str) -> Option<&str> {
        value_of(self.told.iter().map(|told| &told.parameter), name)
    }

    /// Fills the column where it is still empty; form fields are collected.
    pub(super) fn fill(&mut self, column: Column, value: &str) {
        if is_placeholder(value) {
            return;
        }
        let slot = match column {
            Column::FormFields => {
                self.form_fields.push(value.to_string());
                return;
            }
            Column::AccountId => &mut self.account_id,
            Column::EventName => &mut self.event_name,
            Column::PageUrl => &mut self.page_url,
            Column::PageTitle => &mut self.page_title,
            Column::Referrer => &mut self.referrer,
            Column::ClickedText => &mut self.clicked_text,
            Column::ClickedDestination => &mut self.clicked_destination,
            Column::SearchTerm => &mut self.search_term,
            Column::Consent => &mut self.consent,
        };
        slot.get_or_insert_with(|| value.to_string());
    }
}

/// The value of a parameter among several of its name (in which `*` stands for any characters): the body wins over the
/// query, then the first wins.
pub(super) fn value_of<'a>(
    parameters: impl Iterator<Item = &'a Parameter> + Clone,
    name: &str,
) -> Option<&'a str> {
    use crate::exchange::Location::Body;
    let mut named = parameters.filter(|p| name_fits(name, &p.name));
    let in_body = named
        .clone()
        .find(|p| p.location == Body && !p.value.is_empty());
    in_body.or_else(|| named.next()).map(|p| p.value.as_str())
}
