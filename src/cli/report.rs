//! `pixelhound report`: one page of HTML about a dataset, written beside it and never into it.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::Path;

use anyhow::{Context, Result, bail};

use super::arguments::ReportArguments;
use super::exit_code::Outcome;
use super::output::{outside_dataset, print, put};
use super::record::RunRecord;
use crate::capture::sha256_of;
use crate::disclosure::{VOCABULARY_TEXT, Vocabulary};
use crate::figures::{Findings, Tables};
use crate::page::Taxonomy;
use crate::report::{Making, html};

pub fn run(arguments: &ReportArguments) -> Result<Outcome> {
    let tables = Tables::open(&arguments.dataset)?;
    let out = arguments.out.as_path();
    outside_dataset(out, &arguments.dataset)?;
    let record = RunRecord::read(&arguments.dataset)?;
    let page = html(&Findings::of(&tables)?, &making(&record));
    write(out, &page, arguments.force)?;
    print(&format!(
        "The report is in {}. Open it in a browser; it needs no network.\n",
        out.display()
    ))?;
    Ok(Outcome::Clean)
}

fn write(out: &Path, page: &str, force: bool) -> Result<()> {
    match put(out, page.as_bytes(), force) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => bail!(
            "{} exists already; give another name with --out, or replace it with --force",
            out.display()
        ),
        outcome => outcome.with_context(|| format!("cannot write {}", out.display())),
    }
}

fn making(record: &RunRecord) -> Making {
    let options = &record.request.options;
    let own = [
        ("--rules", &options.rules),
        ("--taxonomy", &options.taxonomy),
        ("--organisations", &options.organisations),
        ("--sheet", &options.sheet),
        ("--personas", &options.personas),
    ];
    let named = own.into_iter().filter(|(_, file)| file.is_some());
    Making {
        version: record.version.clone(),
        reveal: options.reveal,
        parameters: options.parameters,
        own_files: named.map(|(option, _)| option).collect(),
        knowledge: record.knowledge_sha256.len(),
        left_out: record.left_out.len(),
        categories: category_names(record),
        items: item_meanings(record),
    }
}

/// The names of the categories, where every file of categories that made the dataset is the one that is built in. Else a
/// code may mean something else here than it meant there.
fn category_names(record: &RunRecord) -> BTreeMap<String, String> {
    let Ok(taxonomy) = Taxonomy::built_in() else {
        return BTreeMap::new();
    };
    let built_in = taxonomy
        .sources
        .iter()
        .map(|(name, text)| (format!("taxonomy/{name}"), sha256_of(text.as_bytes())));
    let built_in: BTreeMap<String, String> = built_in.collect();
    let in_force = record
        .knowledge_sha256
        .iter()
        .filter(|(name, _)| name.starts_with("taxonomy/"));
    if !in_force.eq(built_in.iter()) {
        return BTreeMap::new();
    }
    let categories = taxonomy.categories();
    categories
        .map(|category| (category.code.clone(), category.name.clone()))
        .collect()
}

/// What the data items are, where the vocabulary that made the dataset is the one that is built in.
fn item_meanings(record: &RunRecord) -> BTreeMap<String, String> {
    let in_force = record.knowledge_sha256.get("vocabulary.toml");
    if in_force != Some(&sha256_of(VOCABULARY_TEXT.as_bytes())) {
        return BTreeMap::new();
    }
    let vocabulary = Vocabulary::built_in();
    let items = vocabulary.iter().flat_map(Vocabulary::items);
    items
        .map(|item| (item.name.clone(), item.is.clone()))
        .collect()
}
