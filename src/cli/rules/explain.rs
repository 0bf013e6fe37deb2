//! `pixelhound rules explain`: what one request would tell whom, parameter by parameter, and who says so.

use anyhow::{Result, bail};

use crate::capture::Entry;
use crate::cli::arguments::ExplainArguments;
use crate::cli::exit_code::Outcome;
use crate::cli::output::print;
use crate::disclosure::{Reveal, Show, shown};
use crate::exchange::{Exchange, ProducerHabits};
use crate::figures::printable;
use crate::pipeline::Knowledge;
use crate::tracker::{Decoding, Event};

pub fn run(arguments: &ExplainArguments, knowledge: &Knowledge) -> Result<Outcome> {
    let method = if arguments.body.is_some() {
        "POST"
    } else {
        "GET"
    };
    let body = arguments.body.as_deref();
    let entry = Entry::of_request(
        method,
        &arguments.url,
        arguments.cookies.as_deref(),
        body.map(|text| (text, arguments.content_type.as_deref())),
    );
    let Some(exchange) = Exchange::decode(&entry, ProducerHabits::default()) else {
        bail!("{} is no http or https address", arguments.url);
    };
    let host = &exchange.address.host;
    let text = match knowledge.library.decode(&exchange) {
        Some(decoding) => decoded(&decoding, knowledge, arguments.reveal),
        None => match knowledge.library.company_of_host(host) {
            Some(company) => format!("No rule reads this request. {host} belongs to {company}.\n"),
            None => format!("No rule reads this request, and nobody is known behind {host}.\n"),
        },
    };
    print(&text)?;
    Ok(Outcome::Clean)
}

fn decoded(decoding: &Decoding, knowledge: &Knowledge, reveal: bool) -> String {
    let rule = &decoding.rule;
    let endpoint = &rule.endpoints[decoding.endpoint];
    let mut text = format!(
        "{} ({}), endpoint {}: {}\n{}\n",
        rule.title,
        rule.recipient,
        endpoint.name,
        endpoint.role.name(),
        rule.about
    );
    if let Some(about) = &endpoint.about {
        text += &format!("{about}\n");
    }
    if let Some(account) = &decoding.account_id {
        text += &format!("The site's account: {}\n", printable(account));
    }
    for error in &decoding.errors {
        text += &format!("Problem: {error}\n");
    }
    for event in &decoding.events {
        text += &told(event, knowledge, reveal);
    }
    text
}

fn told(event: &Event, knowledge: &Knowledge, reveal: bool) -> String {
    let reveal = if reveal { Reveal::Yes } else { Reveal::No };
    let name = event.event_name.as_deref().unwrap_or("(no name)");
    let mut text = format!(
        "\nEvent {}: {}, action {}\n",
        event.number,
        printable(name),
        event.action.name()
    );
    let mut line = |name: &str, value: String, item: Option<&str>, why: Option<(&str, &str)>| {
        let item = item.map_or(String::new(), |item| format!("  [{item}]"));
        text += &format!("  {} = {}{item}\n", printable(name), printable(&value));
        match why {
            Some((meaning, source)) => text += &format!("      {meaning} ({source})\n"),
            None => text += "      no rule says what this means\n",
        }
    };
    let show_of = |item: Option<&str>| {
        let item = item.and_then(|item| knowledge.vocabulary.get(item));
        item.map(|item| item.show)
    };
    for told in event
        .told
        .iter()
        .filter(|told| !told.parameter.value.is_empty())
    {
        let rule = event.meaning_of(told);
        let item = rule.and_then(|rule| rule.item.as_deref());
        let show = show_of(item).unwrap_or(if rule.is_some() {
            Show::Content
        } else {
            Show::Masked
        });
        let why = rule.map(|rule| (rule.meaning.as_str(), rule.source.as_str()));
        line(
            &told.parameter.name,
            shown(&told.parameter.value, show, reveal),
            item,
            why,
        );
    }
    for told in &event.cookies {
        let rule = event.meaning_of_cookie(told);
        let show = show_of(Some(&rule.item)).unwrap_or(Show::Never);
        let value = shown(&told.cookie.value, show, reveal);
        let name = format!("cookie {}", told.cookie.name);
        line(
            &name,
            value,
            Some(&rule.item),
            Some((&rule.meaning, &rule.source)),
        );
    }
    text
}
