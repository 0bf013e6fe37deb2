//! `pixelhound rules check`: every example of every rule, category and consent tool, and the doubts about rule files.

use anyhow::{Result, bail};

use crate::cli::exit_code::Outcome;
use crate::cli::output::print;
use crate::disclosure::check_encodings;
use crate::pipeline::Knowledge;
use crate::tracker::{check_examples, lint};

pub fn run(knowledge: &Knowledge) -> Result<Outcome> {
    let mut faults = check_examples(&knowledge.library);
    faults.extend(check_encodings(&knowledge.library, &knowledge.vocabulary));
    faults.extend(knowledge.taxonomy.check_examples());
    faults.extend(knowledge.consent_tools.check_examples());
    faults.extend(lint(&knowledge.library));
    if !faults.is_empty() {
        bail!("{} faults:\n{}", faults.len(), faults.join("\n"));
    }
    let trackers = knowledge.library.rules().count();
    let examples: usize = knowledge
        .library
        .rules()
        .map(|rule| rule.examples.len() + rule.answer_examples.len())
        .sum();
    let categories = knowledge.taxonomy.categories().count();
    let of_categories = knowledge
        .taxonomy
        .categories()
        .map(|c| c.matches.len() + c.rejects.len());
    let of_purposes = knowledge
        .taxonomy
        .purposes()
        .map(|p| p.matches.len() + p.rejects.len());
    let texts: usize = of_categories.chain(of_purposes).sum();
    let (tools, of_tools) = knowledge.consent_tools.count();
    print(&format!(
        "{trackers} trackers with {examples} examples, {categories} categories and their purposes with {texts} examples, \
         {tools} consent tools with {of_tools} examples: all as they should be\n"
    ))?;
    Ok(Outcome::Clean)
}
