//! `pixelhound query`: an answer as a table on a terminal, as CSV in a pipe, in any format in a file; or all answers.

mod files;
mod goal;

use std::fs;
use std::io::{self, Read};
use std::path::Path;

use anyhow::{Context, Result, bail};

use super::arguments::QueryArguments;
use super::exit_code::Outcome;
use super::output::{print, print_data, terminal_width};
use crate::capture::STANDARD_INPUT;
use crate::dataset::Answers;
use crate::figures::{
    Condition, FigureError, Query, Tables, as_csv, as_ndjson, as_table, built_in, named, narrowed,
};
use goal::Goal;

/// What the answer to SQL is called that came out of no file.
const UNNAMED: &str = "answer";

pub fn run(arguments: &QueryArguments) -> Result<Outcome> {
    let goal = goal::of(arguments)?;
    let tables = Tables::open(&arguments.dataset)?;
    if let (true, Goal::Files(files)) = (arguments.all, &goal) {
        return files.put(&all(&tables, &arguments.conditions)?);
    }
    let Some(query) = chosen(arguments)? else {
        if arguments.out.is_some() || !arguments.formats.is_empty() {
            bail!("there is no question; name one, or ask all of them with --all");
        }
        print(&questions(&arguments.dataset))?;
        return Ok(Outcome::Clean);
    };
    let frame = narrowed(tables.answer(&query)?, &arguments.conditions)?;
    match &goal {
        Goal::Terminal => {
            if let Some(question) = query.question() {
                print(&format!("{question}\n\n"))?;
            }
            print(&as_table(&frame, terminal_width()))?;
        }
        Goal::Csv => print_data(|out| as_csv(&frame, out))?,
        Goal::Ndjson => print_data(|out| as_ndjson(&frame, out))?,
        Goal::Files(files) => {
            let answered = vec![query.answered(&file_name(arguments), Some(frame))];
            let only_where = as_typed(&arguments.conditions);
            return files.put(&Answers {
                answered,
                only_where,
            });
        }
    }
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

/// The answers to every question that comes with the program.
fn all(tables: &Tables, conditions: &[Condition]) -> Result<Answers> {
    let mut all = Vec::new();
    for query in built_in() {
        let frame = match narrowed(tables.answer(&query)?, conditions) {
            Err(FigureError::NoSuchColumn { .. }) => None,
            frame => Some(frame?),
        };
        all.push(query.answered(query.name(), frame));
    }
    Ok(Answers {
        answered: all,
        only_where: as_typed(conditions),
    })
}

fn as_typed(conditions: &[Condition]) -> String {
    let typed: Vec<String> = conditions.iter().map(Condition::to_string).collect();
    typed.join(", ")
}

/// What the file of an answer is called where nobody names it.
fn file_name(arguments: &QueryArguments) -> String {
    let typed = arguments.query.as_deref().map(Path::new);
    let stem = typed.and_then(Path::file_stem);
    match stem.map(|stem| stem.to_string_lossy()) {
        Some(stem) if stem != STANDARD_INPUT => stem.into_owned(),
        _ => UNNAMED.to_owned(),
    }
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
