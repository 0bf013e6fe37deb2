//! Runs the examples of a rule: each request must be recognised as its rule says, and give what its rule says; each answer
//! must give the settings that its rule says.

use super::event::Event;
use super::library::Library;
use super::rule::{CollectedBy, Example, ExpectedEvent, Rule};
use super::settings;
use crate::capture::Entry;
use crate::exchange::{Exchange, ProducerHabits};

/// Runs every example of every rule; a line for each that fails: rule, example, what was wanted and what came.
pub fn check_examples(library: &Library) -> Vec<String> {
    library
        .rules()
        .flat_map(|rule| {
            let of_answers = settings::check_examples(library, rule);
            let of_requests = rule.examples.iter().flat_map(|example| {
                let faults = faults_of(library, rule, example);
                faults
                    .into_iter()
                    .map(|fault| format!("{}: {}: {fault}", rule.name, example.title))
            });
            of_requests.chain(of_answers)
        })
        .collect()
}

fn faults_of(library: &Library, rule: &Rule, example: &Example) -> Vec<String> {
    let entry = example.entry();
    let Some(exchange) = Exchange::decode(&entry, ProducerHabits::default()) else {
        return vec!["its address is not one".to_string()];
    };
    let decoding = library
        .decode(&exchange)
        .filter(|decoding| decoding.rule.name == rule.name);
    let (wanted, found) = match (&example.endpoint, decoding) {
        (None, None) => return Vec::new(),
        (None, Some(found)) => {
            let name = &found.rule.endpoints[found.endpoint].name;
            return vec![format!("must not match, and matched endpoint {name}")];
        }
        (Some(name), None) => return vec![format!("did not match; endpoint {name} was wanted")],
        (Some(name), Some(found)) => (name, found),
    };
    let mut faults: Vec<String> = found.errors.iter().map(ToString::to_string).collect();
    let endpoint = &found.rule.endpoints[found.endpoint].name;
    if endpoint != wanted {
        faults.push(format!("matched endpoint {endpoint}; {wanted} was wanted"));
    }
    if found.events.len() != example.events.len() {
        let (came, count) = (found.events.len(), example.events.len());
        faults.push(format!("gave {came} events; {count} were wanted"));
    }
    for (number, (event, wanted)) in found.events.iter().zip(&example.events).enumerate() {
        faults.extend(
            differences(event, wanted)
                .into_iter()
                .map(|fault| format!("event {number}: {fault}")),
        );
    }
    faults
}

fn differences(event: &Event, wanted: &ExpectedEvent) -> Vec<String> {
    let texts = [
        ("account_id", &event.account_id, &wanted.account_id),
        ("event_name", &event.event_name, &wanted.event_name),
        ("page_url", &event.page_url, &wanted.page_url),
        ("page_title", &event.page_title, &wanted.page_title),
        ("referrer", &event.referrer, &wanted.referrer),
        ("clicked_text", &event.clicked_text, &wanted.clicked_text),
        (
            "clicked_destination",
            &event.clicked_destination,
            &wanted.clicked_destination,
        ),
        ("search_term", &event.search_term, &wanted.search_term),
        ("consent", &event.consent, &wanted.consent),
    ];
    let mut faults = Vec::new();
    let mut compare = |what: &str, came: String, wanted: Option<String>| {
        if let Some(wanted) = wanted.filter(|wanted| *wanted != came) {
            faults.push(format!("{what} is {came:?}; {wanted:?} was wanted"));
        }
    };
    for (name, came, wanted) in texts {
        compare(name, came.clone().unwrap_or_default(), wanted.clone());
    }
    let action = wanted.action.map(|action| action.name().to_string());
    compare("action", event.action.name().to_string(), action);
    compare(
        "automatic",
        event.automatic.to_string(),
        wanted.automatic.map(|b| b.to_string()),
    );
    compare(
        "in_frame",
        event.in_frame.to_string(),
        wanted.in_frame.map(|b| b.to_string()),
    );
    compare(
        "form_fields",
        event.form_fields.join(" "),
        wanted.form_fields.clone(),
    );
    for (name, value) in &wanted.told {
        compare(
            name,
            event.value(name).unwrap_or("(absent)").to_string(),
            Some(value.clone()),
        );
    }
    for (name, item) in &wanted.items {
        let came = item_of(event, name).unwrap_or("(none)").to_string();
        compare(&format!("item of {name}"), came, Some(item.clone()));
    }
    for (name, collector) in &wanted.collected_by {
        let told = event.told.iter().find(|told| told.parameter.name == *name);
        let came = told.and_then(|told| told.collected_by);
        let came = came.map_or("(nobody says)", CollectedBy::name).to_string();
        compare(
            &format!("{name} collected by"),
            came,
            Some(collector.clone()),
        );
    }
    faults
}

fn item_of<'e>(event: &'e Event, name: &str) -> Option<&'e str> {
    let parameter = event.told.iter().find(|told| told.parameter.name == name);
    let from_parameter = parameter.and_then(|told| event.meaning_of(told)?.item.as_deref());
    let from_cookie = || {
        let cookie = event.cookies.iter().find(|told| told.cookie.name == name)?;
        Some(event.meaning_of_cookie(cookie).item.as_str())
    };
    from_parameter.or_else(from_cookie)
}

impl Example {
    /// The request, as a capture would hold it.
    pub fn entry(&self) -> Entry {
        let body = self.body.as_deref();
        Entry::of_request(
            &self.method,
            &self.url,
            self.cookies.as_deref(),
            body.map(|text| (text, self.content_type.as_deref())),
        )
    }
}
