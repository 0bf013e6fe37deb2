//! What the README shows is what the program does: the output of its first command, of an inspection and of a check, the
//! producers, the questions, the trackers, the vocabulary, the data dictionary, and the rules of its own examples.
//!
//! After a change that is meant: `PIXELHOUND_ACCEPT=1 cargo test --test readme`, and read the difference.

mod common;

use std::fs;
use std::path::{Path, PathBuf};

use pixelhound::capture::Producers;
use pixelhound::dataset::{Kind, TABLES};
use pixelhound::disclosure::Vocabulary;
use pixelhound::figures::built_in;
use pixelhound::tracker::{Library, Role};

fn path() -> PathBuf {
    common::root().join("README.md")
}

/// Holds the part of the README between two marks to what it should be.
fn compare(name: &str, wanted: &str) {
    let (begin, end) = (
        format!("<!-- begin {name} -->\n"),
        format!("<!-- end {name} -->"),
    );
    let text = fs::read_to_string(path()).unwrap();
    let (before, rest) = text
        .split_once(&begin)
        .unwrap_or_else(|| panic!("no mark {begin}"));
    let (came, after) = rest
        .split_once(&end)
        .unwrap_or_else(|| panic!("no mark {end}"));
    if std::env::var_os("PIXELHOUND_ACCEPT").is_some() {
        fs::write(path(), format!("{before}{begin}{wanted}{end}{after}")).unwrap();
    } else {
        assert_eq!(came, wanted, "{name}");
    }
}

fn trackers() -> String {
    let library = Library::built_in().unwrap();
    let mut text = String::from("| tracker | who receives | reads |\n|---|---|---|\n");
    for rule in library.rules() {
        let told = rule
            .endpoints
            .iter()
            .any(|endpoint| endpoint.role == Role::Event);
        let reads = if told { "events" } else { "presence" };
        text += &format!(
            "| `{}` {} | {} | {reads} |\n",
            rule.name, rule.title, rule.recipient
        );
    }
    text
}

fn producers() -> String {
    let mut text = String::from(
        "| program | cookies | request bodies | for a better capture |\n|---|---|---|---|\n",
    );
    for producer in Producers::built_in().unwrap().iter() {
        let advice = producer.advice.join(" ");
        text += &format!(
            "| {} | {} | {} | {advice} |\n",
            producer.name, producer.cookies, producer.bodies
        );
    }
    text
}

fn vocabulary() -> String {
    let mut text = String::from(
        "| item | what it is | what it is not | a value that can be read | a hash | values to try |\n|---|---|---|---|---|---|\n",
    );
    for item in Vocabulary::built_in().unwrap().items() {
        let (is, is_not) = (
            item.is.trim_end_matches('.'),
            item.is_not.trim_end_matches('.'),
        );
        let candidates = item
            .candidates
            .map_or(String::new(), |number| number.to_string());
        text += &format!(
            "| `{}` | {is} | {is_not} | {} | {} | {candidates} |\n",
            item.name,
            item.plain.name(),
            item.hashed.name()
        );
    }
    text
}

/// Every table with its columns.
fn dictionary() -> String {
    let mut text = String::new();
    for table in TABLES {
        let key = table.key.join("`, `");
        text += &format!(
            "### {}\n\n{} Key: `{key}`.\n\n",
            table.name,
            table.about.trim()
        );
        text += "| column | type | meaning |\n|---|---|---|\n";
        for column in table.columns {
            let kind = match column.kind {
                Kind::Text => "text",
                Kind::Integer => "integer",
                Kind::Flag => "true or false",
            };
            let personal = if column.personal { " (personal)" } else { "" };
            let meaning = column.meaning.trim();
            text += &format!("| `{}` | {kind}{personal} | {meaning} |\n", column.name);
        }
        text.push('\n');
    }
    format!("{}\n", text.trim_end())
}

/// The questions that come with the program.
fn questions() -> String {
    let mut text = String::from("| question | asks |\n|---|---|\n");
    for query in built_in() {
        let question = query.question().unwrap();
        text += &format!("| `{}` | {question} |\n", query.name());
    }
    text
}

/// What `verify` says of the samples' dataset, and of one in which somebody made a leak less sensitive.
fn checks() -> (String, String) {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    common::analyse(&[Path::new("samples")], &out, &["--quiet"]);
    let out = out.to_str().unwrap();
    let verify = || {
        let output = common::run(&["verify", out]);
        String::from_utf8(output.stdout)
            .unwrap()
            .replace(out, "out")
    };
    let unchanged = verify();
    let table = Path::new(out).join("events.csv");
    let events = fs::read_to_string(&table).unwrap();
    fs::write(&table, events.replacen(",CR-SEX,1,", ",CR-SEX,3,", 1)).unwrap();
    (unchanged, verify())
}

/// What the summary says of what was typed.
fn typed(input: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let output = common::analyse(
        &[Path::new(input)],
        &out,
        &["--personas", "samples/personas.csv"],
    );
    let summary = String::from_utf8(output.stdout).unwrap();
    let (_, of_typed) = summary.split_once("What was typed\n").unwrap();
    let (of_typed, _) = of_typed.split_once("\n\n").unwrap();
    format!("```text\nWhat was typed\n{of_typed}\n```\n")
}

/// What `explain` says of the click on the samples' most telling button, before it comes to the parameters.
fn explained() -> String {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    common::analyse(&[Path::new("samples")], &out, &["--quiet"]);
    let events = common::table(&out, "events");
    let telling = |event: &&common::Row| {
        common::is_leak(event) && event["clicked_text"].starts_with("Report rape")
    };
    let id = &events.iter().find(telling).unwrap()["event_id"];
    let output = common::run(&["explain", out.to_str().unwrap(), id]);
    let told = String::from_utf8(output.stdout).unwrap();
    let (begin, _) = told.split_once("\nEvery parameter").unwrap();
    format!("```text\n{begin}```\n")
}

/// One test, because the parts are rewritten in one file.
#[test]
fn the_generated_parts_are_up_to_date() {
    let summary = fs::read_to_string(common::root().join("tests/golden/summary.txt")).unwrap();
    compare("summary", &format!("```text\n{summary}```\n"));
    let inspected = common::run(&["inspect", "samples/wave-1/carol-saltmarsh-police.har"]).stdout;
    let inspected = String::from_utf8(inspected).unwrap();
    compare(
        "inspect",
        &format!("```text\n{}\n```\n", inspected.trim_end()),
    );
    let (unchanged, changed) = checks();
    compare("verify", &format!("```text\n{unchanged}```\n"));
    compare("verify-changed", &format!("```text\n{changed}```\n"));
    compare("typed", &typed("samples"));
    compare("clean", &typed("samples/wave-2/ellen-larkfield-advice.har"));
    compare("explain", &explained());
    compare("producers", &producers());
    compare("questions", &questions());
    compare("trackers", &trackers());
    compare("vocabulary", &vocabulary());
    compare("dictionary", &dictionary());
}

#[test]
fn the_examples_for_newcomers_pass_their_checks() {
    let text = fs::read_to_string(path()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let block = |begins: &str| {
        let mut blocks = text.split("```toml\n").skip(1);
        let block = blocks.find(|block| block.starts_with(begins)).unwrap();
        block.split_once("```").unwrap().0.to_string()
    };
    let rules = folder.path().join("rules");
    fs::create_dir(&rules).unwrap();
    fs::write(
        rules.join("shy-counter.toml"),
        block("name = \"shy-counter\""),
    )
    .unwrap();
    let taxonomy = folder.path().join("more.toml");
    fs::write(&taxonomy, block("[[category]]")).unwrap();
    let output = common::run(&[
        "rules",
        "check",
        "--rules",
        rules.to_str().unwrap(),
        "--taxonomy",
        taxonomy.to_str().unwrap(),
    ]);
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}
