//! `pixelhound query`: an answer as a table on a terminal, as CSV in a pipe; or all answers, a file each.

use std::fs;
use std::io::{self, IsTerminal, Read};
use std::path::Path;

use anyhow::{Context, Result, bail};

use super::arguments::QueryArguments;
use super::exit_code::Outcome;
use super::output::{print, print_bytes, terminal_width};
use crate::capture::STANDARD_INPUT;
use crate::figures::{
    Condition, FigureError, Query, Tables, as_csv, as_table, built_in, count, named, narrowed,
};

pub fn run(arguments: &QueryArguments) -> Result<Outcome> {
    let tables = Tables::open(&arguments.dataset)?;
    if let Some(out) = &arguments.out {
        return answer_all(&tables, &arguments.conditions, out);
    }
    let Some(query) = chosen(arguments)? else {
        print(&questions(&arguments.dataset))?;
        return Ok(Outcome::Clean);
    };
    let answer = narrowed(tables.answer(&query)?, &arguments.conditions)?;
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
    if name == STANDARD_INPUT {
        let mut sql = String::new();
        let read = io::stdin().read_to_string(&mut sql);
        read.context("cannot read standard input")?;
        return Ok(Some(Query::new("on standard input", sql)));
    }
    if let Some(query) = named(name) {
        return Ok(Some(query));
    }
    if !Path::new(name).exists() {
        bail!(
            "there is no question {name:?} and no file of that name; without a name, query lists the questions"
        );
    }
    let sql = fs::read_to_string(name).with_context(|| format!("cannot read {name}"))?;
    Ok(Some(Query::new(name, sql)))
}

/// Answers every question, each into a file of its name, and says what came out.
fn answer_all(tables: &Tables, conditions: &[Condition], out: &Path) -> Result<Outcome> {
    // Before the folder is made, so that a question that fails leaves nothing half done.
    let mut answers = Vec::new();
    for query in built_in() {
        let answer = as_file(tables, &query, conditions)?;
        answers.push((query, answer));
    }
    fs::create_dir(out)
        .with_context(|| format!("cannot make the folder {} for the answers", out.display()))?;
    for (query, answer) in answers {
        let name = format!("{}.csv", query.name());
        let question = query.question().unwrap_or_default();
        let Some((csv, rows)) = answer else {
            print(&format!(
                "{name}: left out, no such column to narrow it by\n"
            ))?;
            continue;
        };
        let path = out.join(&name);
        fs::write(&path, csv).with_context(|| format!("cannot write {}", path.display()))?;
        let rows = count(rows as u64, "row", "rows");
        print(&format!("{name}: {rows}. {question}\n"))?;
    }
    Ok(Outcome::Clean)
}

/// An answer as CSV with its number of rows; `None` where it has no column of that name to narrow it by.
fn as_file(
    tables: &Tables,
    query: &Query,
    conditions: &[Condition],
) -> Result<Option<(Vec<u8>, usize)>> {
    let answer = match narrowed(tables.answer(query)?, conditions) {
        Err(FigureError::NoSuchColumn { .. }) => return Ok(None),
        answer => answer?,
    };
    let mut csv = Vec::new();
    as_csv(&answer, &mut csv)?;
    Ok(Some((csv, answer.height())))
}

fn questions(dataset: &Path) -> String {
    let mut text = String::from("Questions that this dataset can be asked:\n\n");
    for query in built_in() {
        let question = query.question().unwrap_or_default();
        text += &format!("  {}\n      {question}\n", query.name());
    }
    text += &format!(
        "\nAsk one: pixelhound query {dataset} sensitive-pages\nAsk all: pixelhound query {dataset} --all --out figures\n",
        dataset = dataset.display()
    );
    text
}
