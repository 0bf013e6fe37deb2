//! `pixelhound rules`: what is known, and whether its examples hold.

use anyhow::{Result, bail};

use super::arguments::{RulesCommand, SourceArguments};
use super::exit_code::Outcome;
use super::output::print;
use crate::disclosure::Reveal;
use crate::pipeline::{Knowledge, Sources};
use crate::tracker::check_examples;

pub fn run(command: &RulesCommand) -> Result<Outcome> {
    match command {
        RulesCommand::List(sources) => list(&load(sources)?),
        RulesCommand::Check(sources) => check(&load(sources)?),
    }
}

fn load(sources: &SourceArguments) -> Result<Knowledge> {
    let sources = Sources {
        rules: sources.rules.clone(),
        taxonomy: sources.taxonomy.clone(),
        organisations: sources.organisations.clone(),
        sheet: None,
        reveal: Reveal::No,
        with_parameters: false,
    };
    Ok(Knowledge::load(&sources, &[])?)
}

fn list(knowledge: &Knowledge) -> Result<Outcome> {
    let mut text = String::from("Trackers\n");
    for rule in knowledge.library.rules() {
        let endpoints: Vec<&str> = rule.endpoints.iter().map(|e| e.name.as_str()).collect();
        text += &format!(
            "  {}  {} ({}): {}\n",
            rule.name,
            rule.title,
            rule.recipient,
            endpoints.join(", ")
        );
    }
    text += "\nCategories (tier 1 critical, 2 high, 3 moderate)\n";
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
    text += "\nOrganisations\n";
    for organisation in knowledge.registries.organisations() {
        let sector = organisation.sector.as_deref().unwrap_or("");
        text += &format!(
            "  {:<40} {} ({sector})\n",
            organisation.id, organisation.name
        );
    }
    print(&text)?;
    Ok(Outcome::Clean)
}

fn check(knowledge: &Knowledge) -> Result<Outcome> {
    let mut faults = check_examples(&knowledge.library);
    faults.extend(knowledge.taxonomy.check_examples());
    let trackers = knowledge.library.rules().count();
    let examples: usize = knowledge
        .library
        .rules()
        .map(|rule| rule.examples.len())
        .sum();
    let of_categories = knowledge
        .taxonomy
        .categories()
        .map(|c| c.matches.len() + c.rejects.len());
    let of_purposes = knowledge
        .taxonomy
        .purposes()
        .map(|p| p.matches.len() + p.rejects.len());
    let texts: usize = of_categories.chain(of_purposes).sum();
    if !faults.is_empty() {
        bail!("{} examples failed:\n{}", faults.len(), faults.join("\n"));
    }
    let categories = knowledge.taxonomy.categories().count();
    print(&format!(
        "{trackers} trackers with {examples} examples, {categories} categories with {texts} examples: all as they should be\n"
    ))?;
    Ok(Outcome::Clean)
}
