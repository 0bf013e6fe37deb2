//! `pixelhound rules`: what is known, whether its examples hold, what a request would tell, and what is missing.

mod check;
mod coverage;
mod explain;
mod list;
mod skeleton;

use anyhow::Result;

use super::arguments::{RulesCommand, SourceArguments};
use super::exit_code::Outcome;
use crate::pipeline::Knowledge;

pub fn run(command: &RulesCommand) -> Result<Outcome> {
    match command {
        RulesCommand::List { sources, all } => list::run(&load(sources)?, *all),
        RulesCommand::Check(sources) => check::run(&load(sources)?),
        RulesCommand::Explain(arguments) => explain::run(arguments, &load(&arguments.sources)?),
        RulesCommand::Coverage { dataset } => coverage::run(dataset),
        RulesCommand::New { name, dir } => skeleton::run(name, dir),
    }
}

fn load(sources: &SourceArguments) -> Result<Knowledge> {
    Ok(Knowledge::load(&sources.sources(), &[])?)
}
