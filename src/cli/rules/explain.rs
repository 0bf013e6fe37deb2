//! `pixelhound rules explain`: what one request would tell whom, parameter by parameter, and who says so.

use anyhow::{Result, bail};

use crate::capture::Entry;
use crate::cli::arguments::ExplainArguments;
use crate::cli::exit_code::Outcome;
use crate::cli::output::{print, prose_width};
use crate::cli::parameters;
use crate::disclosure::Reveal;
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
        Some(decoding) => decoded(&decoding, knowledge, arguments.reveal.into()),
        None => match knowledge.library.company_of_host(host) {
            Some(company) => format!("No rule reads this request. {host} belongs to {company}.\n"),
            None => format!("No rule reads this request, and nobody is known behind {host}.\n"),
        },
    };
    print(&text)?;
    Ok(Outcome::Clean)
}

fn decoded(decoding: &Decoding, knowledge: &Knowledge, reveal: Reveal) -> String {
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

fn told(event: &Event, knowledge: &Knowledge, reveal: Reveal) -> String {
    let name = event.event_name.as_deref().unwrap_or("(no name)");
    let mut text = format!(
        "\nEvent {}: {}, action {}\n",
        event.number,
        printable(name),
        event.action.name()
    );
    text += &parameters::lines(event, &knowledge.vocabulary, reveal, prose_width());
    text
}
