//! `pixelhound query`: an answer as a table on a terminal, as CSV in a pipe.

use std::io::{self, IsTerminal};
use std::path::Path;

use anyhow::{Context, Result, bail};

use super::arguments::QueryArguments;
use super::exit_code::Outcome;
use super::output::{print, print_bytes, terminal_width};
use crate::figures::{Query, Tables, as_csv, as_table, built_in, named};

pub fn run(arguments: &QueryArguments) -> Result<Outcome> {
    let mut tables = Tables::open(&arguments.dataset)?;
    let Some(query) = chosen(arguments)? else {
        print(&questions(&arguments.dataset))?;
        return Ok(Outcome::Clean);
    };
    let answer = tables.answer(&query)?;
    if arguments.csv || !io::stdout().is_terminal() {
        let mut csv = Vec::new();
        as_csv(&answer, &mut csv)?;
        print_bytes(&csv)?;
        return Ok(Outcome::Clean);
    }
    if let Some(question) = query.question() {
        print(&format!("{question}\n\n"))?;
    }
    print(&as_table(&answer, terminal_width()))?;
    Ok(Outcome::Clean)
}

fn chosen(arguments: &QueryArguments) -> Result<Option<Query>> {
    if let Some(sql) = &arguments.sql {
        return Ok(Some(Query::new("--sql", sql)));
    }
    let Some(name) = &arguments.query else {
        return Ok(None);
    };
    if let Some(query) = named(name) {
        return Ok(Some(query));
    }
    if !Path::new(name).exists() {
        bail!(
            "there is no question {name:?} and no file of that name; without a name, query lists the questions"
        );
    }
    let sql = std::fs::read_to_string(name).with_context(|| format!("cannot read {name}"))?;
    Ok(Some(Query::new(name, sql)))
}

fn questions(dataset: &Path) -> String {
    let mut text = String::from("Questions that this dataset can be asked:\n\n");
    for query in built_in() {
        let question = query.question().unwrap_or_default();
        text += &format!("  {}\n      {question}\n", query.name());
    }
    text += &format!(
        "\nAsk one: pixelhound query {} sensitive-pages\n",
        dataset.display()
    );
    text
}
