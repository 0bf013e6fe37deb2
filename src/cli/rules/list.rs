//! `pixelhound rules list`: a line a tracker.

use std::collections::BTreeSet;

use anyhow::Result;

use crate::cli::exit_code::Outcome;
use crate::cli::output::print;
use crate::pipeline::Knowledge;
use crate::tracker::{Role, Rule};

pub fn run(knowledge: &Knowledge, all: bool) -> Result<Outcome> {
    let mut text = format!(
        "{:<26} {:<22} {:>9} {:>5} {:>8}  what it is\n",
        "tracker", "recipient", "endpoints", "items", "examples"
    );
    for rule in knowledge.library.rules() {
        text += &tracker(rule);
    }
    if all {
        text += &categories(knowledge);
        text += &organisations(knowledge);
    }
    print(&text)?;
    Ok(Outcome::Clean)
}

fn tracker(rule: &Rule) -> String {
    let of_parameters = rule.parameters.iter().filter_map(|p| p.item.as_deref());
    let of_cookies = rule.cookies.iter().map(|cookie| cookie.item.as_str());
    let items: BTreeSet<&str> = of_parameters.chain(of_cookies).collect();
    let tells = rule
        .endpoints
        .iter()
        .any(|endpoint| endpoint.role == Role::Event);
    let what = if tells {
        rule.title.clone()
    } else {
        format!("{} (presence only)", rule.title)
    };
    format!(
        "{:<26} {:<22} {:>9} {:>5} {:>8}  {what}\n",
        rule.name,
        rule.recipient,
        rule.endpoints.len(),
        items.len(),
        rule.examples.len()
    )
}

fn categories(knowledge: &Knowledge) -> String {
    let mut text = String::from("\nCategories (tier 1 critical, 2 high, 3 moderate)\n");
    for category in knowledge.taxonomy.categories() {
        text += &format!(
            "  {:<9} {}  {} ({})\n",
            category.code, category.tier, category.name, category.basis
        );
    }
    text += "\nPurposes\n";
    for purpose in knowledge.taxonomy.purposes() {
        text += &format!(
            "  {:<22} read by: {}\n",
            purpose.code,
            purpose.reader.name()
        );
    }
    text
}

fn organisations(knowledge: &Knowledge) -> String {
    let mut text = String::from("\nOrganisations\n");
    for organisation in knowledge.registries.organisations() {
        let sector = organisation.sector.as_deref().unwrap_or("");
        text += &format!(
            "  {:<40} {} ({sector})\n",
            organisation.id, organisation.name
        );
    }
    text
}
