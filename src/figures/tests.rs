//! The questions that come with the program, asked of a small made dataset.

use super::{
    EventRecord, FigureError, Findings, MOST_CAPTURES, Query, TOLD_OF, Tables, as_csv, as_table,
    built_in, named, printable,
};
use crate::dataset::{Dataset, EventRow, OrganisationRow, Rows, TABLES, WriteOptions, made, write};
use polars::prelude::df;
use std::cmp::Reverse;
use std::fs;
use std::path::Path;
use tempfile::TempDir;

fn on_disk(rows: &Rows) -> TempDir {
    let parent = tempfile::tempdir().unwrap();
    let dataset = Dataset::new(rows).unwrap();
    let run = serde_json::json!({});
    let options = WriteOptions::default();
    write(
        &dataset,
        &parent.path().join("out [1]"),
        &options,
        &[],
        &run,
        &|| true,
    )
    .unwrap();
    parent
}

fn opened(parent: &TempDir) -> Result<Tables, FigureError> {
    Tables::open(&parent.path().join("out [1]"))
}

/// The answer as CSV.
fn answer(rows: &Rows, query: &Query) -> Result<String, FigureError> {
    let parent = on_disk(rows);
    let frame = opened(&parent)?.answer(query)?;
    let mut csv = Vec::new();
    as_csv(&frame, &mut csv).unwrap();
    Ok(String::from_utf8(csv).unwrap())
}

fn of_the_story(name: &str) -> Vec<String> {
    let csv = answer(&made::rows(), &named(name).unwrap()).unwrap();
    csv.lines().skip(1).map(str::to_owned).collect()
}

fn asked(sql: &str) -> Result<String, FigureError> {
    answer(&made::rows(), &Query::new("mine", sql))
}

#[test]
fn organisations_sharing_with_meta() {
    assert_eq!(
        of_the_story("organisations-sharing-with-meta"),
        [
            "Northmoor Police,,true,2,2,1,2026-03-01T08:15:32.000Z,2026-03-01T08:15:34.000Z,2,2,northmoor"
        ]
    );
}

#[test]
fn sensitive_pages_also_those_of_which_nobody_was_told() {
    assert_eq!(
        of_the_story("sensitive-pages"),
        [
            "1,crime,Northmoor Police,https://northmoor.example/report,,crime,public,1,1,Meta,2,p1",
            "2,cancer,Westhaven Hospital,https://westhaven.example/cancer,,cancer,public,1,0,Google,2,p3",
            "3,advice,clinic.example,https://clinic.example/advice,,advice,public,0,0,,1,p4",
        ]
    );
}

#[test]
fn buttons_clicked_also_where_only_their_own_words_are_sensitive() {
    assert_eq!(
        of_the_story("buttons-clicked-on-sensitive-pages"),
        [
            "1,crime,Northmoor Police,https://northmoor.example/report,click,\"Report, online\",,Meta,1,1,1",
            "1,sexual_offences,Northmoor Police,https://northmoor.example/,click,=Report rape,,Meta,1,0,1",
        ]
    );
}

#[test]
fn events_that_name_a_person_with_what_they_gave_away() {
    assert_eq!(
        of_the_story("events-that-name-a-person"),
        [
            "2026-03-01T08:15:32.000Z,Northmoor Police,https://northmoor.example/report,crime,1,Meta,click,SubscribedButtonClick,\"Report, online\",page_address; recipient_account,none_seen,,a,a1"
        ]
    );
}

#[test]
fn recipients_reach_only_organisations_that_are_known() {
    assert_eq!(
        of_the_story("recipients"),
        [
            "Meta,1,2,2,1,1,2,2026-03-01T08:15:32.000Z,2026-03-01T08:15:34.000Z",
            "Google,1,2,1,1,0,2,2026-03-01T08:15:32.000Z,2026-03-01T08:15:32.000Z",
        ]
    );
}

#[test]
fn every_question_has_an_answer_even_where_nothing_was_found() {
    for query in built_in() {
        let csv = answer(&Rows::default(), &query).unwrap();
        assert_eq!(csv.lines().count(), 1, "{}", query.name());
    }
}

#[test]
fn the_catalogue_is_in_order_and_each_question_says_what_counts() {
    let names: Vec<String> = built_in().map(|query| query.name().to_owned()).collect();
    assert!(names.is_sorted());
    // A question becomes a view beside the tables.
    let is_table = |name: &String| {
        TABLES
            .iter()
            .any(|table| table.name == name.replace('-', "_"))
    };
    assert!(!names.iter().any(is_table));
    for query in built_in() {
        assert!(query.question().unwrap().ends_with('?'), "{}", query.name());
        assert!(query.notes().contains("Not counted:"), "{}", query.name());
        assert!(query.sql().contains("ORDER BY"), "{}", query.name());
    }
}

#[test]
fn the_catalogue_holds_every_file_of_the_folder() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("queries");
    let files = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let mut stems: Vec<String> = files
        .filter(|path| path.extension().is_some_and(|ending| ending == "sql"))
        .map(|path| path.file_stem().unwrap().to_string_lossy().into_owned())
        .collect();
    stems.sort();
    let names: Vec<String> = built_in().map(|query| query.name().to_owned()).collect();
    assert_eq!(stems, names);
}

#[test]
fn anybody_can_ask() {
    assert_eq!(
        asked("select count(*) as n from captures;").unwrap(),
        "n\n4\n"
    );
    assert_eq!(
        asked("-- mine\n/* too */ (SELECT 1.5 AS x)").unwrap(),
        "x\n1.5\n"
    );
    assert!(asked("SHOW TABLES").unwrap().contains("disclosures"));
}

#[test]
fn what_goes_wrong_is_said_with_the_name_of_the_query() {
    let wrong = |sql| asked(sql).unwrap_err().to_string();
    assert!(wrong("SELECT nonsense FROM events").starts_with("the query mine failed: "));
    assert!(wrong("SELECT page_idd FROM pages").contains("Did you mean \"page_id\"?"));
    assert!(!wrong("SELECT tier FROM pages GROUP BY url").contains("plan"));
    assert!(wrong("DROP TABLE events").contains("begins with DROP"));
    assert!(wrong("SELECT 1; SELECT 2").contains("only one"));
    assert_eq!(wrong("-- only a remark"), "the query mine holds no SQL");
    assert!(wrong("SELECT * FROM parameters").contains("parameters"));
}

/// The findings of a dataset.
fn findings(rows: &Rows) -> Findings {
    let parent = on_disk(rows);
    Findings::of(&opened(&parent).unwrap()).unwrap()
}

#[test]
fn what_is_found_of_organisations_adds_up_to_what_the_overview_counts() {
    let found = findings(&made::rows());
    let all = &found.overview;
    assert!(all.leaks > 0);
    assert_eq!(found.leaks_of_nobody(), 0);
    assert_eq!(found.leaking().count(), all.leaking.len());
    for organisation in &found.organisations {
        let flows: u64 = organisation.flows.iter().map(|flow| flow.leaks).sum();
        let categories: u64 = organisation
            .categories
            .iter()
            .map(|found| found.leaks)
            .sum();
        assert_eq!(
            (flows, categories),
            (organisation.leaks, organisation.leaks)
        );
        assert_eq!(
            organisation.examples.len() as u64,
            organisation.leaks.min(5)
        );
    }
    let gaps = found.organisations.iter().map(|found| &found.gaps);
    let bare: u64 = gaps.map(|gaps| gaps.without_cookies.0).sum();
    assert_eq!(bare, all.without_cookies.1);
    let by_capture: u64 = found.captures.iter().map(|capture| capture.leaks).sum();
    assert_eq!(by_capture, all.leaks);
}

#[test]
fn a_session_that_was_exported_twice_is_one_visit() {
    let mut rows = made::rows();
    let alone = findings(&rows).visit.unwrap();
    let first = alone.capture_id.clone();
    let event = rows.events.iter().find(|e| e.capture_id == first).unwrap();
    let mut later = event.clone();
    later.capture_id = "again".to_owned();
    later.event_id = "again-00001-0".to_owned();
    later.repeat_of = None;
    later.delivery = "delivered".to_owned();
    let mut again = made::capture("again", "again.har", "anna", "1");
    again.same_session_as = Some(first.clone());
    rows.events.push(later);
    rows.captures.push(again);
    let together = findings(&rows).visit.unwrap();
    assert_eq!(together.capture_id, first);
    assert_eq!(together.events.len(), alone.events.len() + 1);
}

#[test]
fn a_session_that_was_exported_twice_without_cookies_is_one_capture_without_them() {
    let mut rows = made::rows();
    for capture in &mut rows.captures {
        capture.cookies_recorded = "no".to_owned();
    }
    let before = findings(&rows);
    let first = before.visit.clone().unwrap().capture_id;
    let mut leak = rows
        .events
        .iter()
        .find(|e| e.capture_id == first)
        .unwrap()
        .clone();
    leak.capture_id = "again".to_owned();
    leak.event_id = "again-00001-0".to_owned();
    rows.events.push(leak);
    let mut again = made::capture("again", "again.har", "anna", "1");
    again.cookies_recorded = "no".to_owned();
    again.same_session_as = Some(first);
    rows.captures.push(again);
    let after = findings(&rows);
    assert_eq!(
        after.overview.without_cookies.0,
        before.overview.without_cookies.0
    );
    assert!(after.overview.without_cookies.1 > before.overview.without_cookies.1);
    assert_eq!(after.organisations.len(), before.organisations.len());
    for (found, was) in after.organisations.iter().zip(&before.organisations) {
        assert_eq!(
            found.gaps.without_cookies.1, was.gaps.without_cookies.1,
            "{}",
            found.id
        );
    }
}

/// A dataset with so many captures and organisations, of each a leak; the last capture has two.
fn many(number: usize) -> Rows {
    let mut rows = made::rows();
    for n in 0..number {
        let (id, page) = (format!("{n:04x}"), format!("p{n}-more"));
        let site = format!("site-{n}.example");
        let url = format!("https://{site}/");
        rows.captures
            .push(made::capture(&id, &format!("{id}.har"), "ben", "1"));
        rows.pages.push(made::page(&page, &url, &site, 2, "cancer"));
        rows.organisations
            .push(OrganisationRow::of(&site, &site, false));
        rows.events.push(leak(&format!("{id}-00001-0"), &id, &page));
        if n + 1 == number {
            rows.events.push(leak(&format!("{id}-00002-0"), &id, &page));
        }
    }
    rows
}

fn leak(id: &str, capture: &str, page: &str) -> EventRow {
    EventRow {
        tier: Some(2),
        category: Some("cancer".to_owned()),
        ..made::event(id, capture, page, "Meta")
    }
}

#[test]
fn of_very_many_captures_and_organisations_those_with_the_most_leaks_are_told_of() {
    let found = findings(&many(MOST_CAPTURES));
    assert!(found.overview.read > MOST_CAPTURES as u64);
    assert_eq!(found.captures.len(), MOST_CAPTURES);
    assert!(
        found
            .captures
            .is_sorted_by_key(|capture| Reverse(capture.leaks))
    );
    let last = format!("{:04x}", MOST_CAPTURES - 1);
    assert!(
        found
            .captures
            .iter()
            .any(|capture| capture.capture_id == last)
    );
    assert_eq!(found.told_of().count(), TOLD_OF);
    assert!(found.leaking().count() > TOLD_OF);
    assert!(
        found
            .told_of()
            .all(|found| !found.flows.is_empty() && !found.examples.is_empty())
    );
    assert!(
        found
            .leaking()
            .skip(TOLD_OF)
            .all(|found| found.flows.is_empty())
    );
    assert_eq!(found.leaks_of_nobody(), 0);
}

#[test]
fn an_event_is_found_by_the_beginning_of_its_id_and_else_the_nearest_are_named() {
    let mut rows = Rows::default();
    rows.captures
        .push(made::capture("ab", "ab.har", "ben", "1"));
    for id in [
        "ab12-00001-0",
        "ab12-00003-0",
        "cd34-00001-0",
        "cd34-00001-00",
    ] {
        rows.events.push(EventRow {
            page_id: None,
            ..made::event(id, "ab", "", "Meta")
        });
    }
    let parent = on_disk(&rows);
    let tables = opened(&parent).unwrap();
    let found = |typed: &str| match EventRecord::of(&tables, typed) {
        Ok(record) => record.telling.event_id,
        Err(error) => error.to_string(),
    };
    assert_eq!(found("ab12-00003"), "ab12-00003-0");
    assert_eq!(found("cd34-00001-0"), "cd34-00001-0");
    let several =
        "2 events begin with \"ab12\"; type more of the one you mean: ab12-00001-0, ab12-00003-0";
    assert_eq!(found("ab12"), several);
    assert!(found("").starts_with("4 events begin with \"\""));
    assert!(found("ab12-00009-0").ends_with("; the nearest: ab12-00001-0, ab12-00003-0"));
    assert!(found("cd34-00001-0é").ends_with("; the nearest: cd34-00001-0, cd34-00001-00"));
    assert!(found("é").contains("the nearest: ab12-00001-0, ab12-00003-0, cd34-"));
    let none = on_disk(&Rows::default());
    let error = EventRecord::of(&opened(&none).unwrap(), "ab").unwrap_err();
    assert!(error.to_string().ends_with("; the dataset holds none"));
}

#[test]
fn slices_put_together_say_what_one_question_says() {
    for rows in [made::rows(), many(MOST_CAPTURES)] {
        let parent = on_disk(&rows);
        let tables = opened(&parent).unwrap();
        let whole = Findings::of(&tables).unwrap();
        assert!(whole.told_of().any(|found| !found.items.is_empty()));
        let events = rows.events.len() as u64;
        let sliced = Findings::of(&tables.in_slices_of(events / 16)).unwrap();
        assert!(sliced == whole);
    }
}

#[test]
fn nothing_is_found_in_nothing() {
    assert_eq!(findings(&Rows::default()), Findings::default());
}

#[test]
fn what_is_no_dataset_is_said_to_be_none() {
    let empty = tempfile::tempdir().unwrap();
    let error = Tables::open(empty.path()).err().unwrap().to_string();
    assert!(
        error.contains(
            "is no pixelhound dataset: it holds neither captures.parquet nor captures.csv"
        ),
        "{error}"
    );
    let parent = on_disk(&Rows::default());
    fs::write(parent.path().join("out [1]/events.parquet"), "damaged").unwrap();
    let error = opened(&parent).err().unwrap().to_string();
    assert!(error.contains("events.parquet"), "{error}");
}

#[test]
fn a_terminal_gets_an_aligned_table() {
    let frame = df!("name" => ["a", "longer"], "n" => [1_i64, 100]).unwrap();
    assert_eq!(
        as_table(&frame, None),
        "name      n\n-------------\na         1\nlonger  100\n"
    );
}

#[test]
fn a_table_keeps_to_the_width_of_the_terminal() {
    let words = "many words that do not fit ".repeat(20);
    let frame = df!("a" => [words.as_str()], "b" => [words.as_str()]).unwrap();
    let table = as_table(&frame, Some(60));
    assert!(
        table.lines().all(|line| line.chars().count() <= 60),
        "{table}"
    );
    assert!(table.contains('…'));
}

#[test]
fn what_cannot_stand_side_by_side_stands_in_blocks() {
    let frame = df!("first_name" => ["a", "b"], "n" => [Some(1_i64), None]).unwrap();
    assert_eq!(
        as_table(&frame, Some(9)),
        "first name  a\nn           1\n\nfirst name  b\n"
    );
}

#[test]
fn nothing_off_the_wire_moves_the_cursor_or_turns_the_text() {
    assert_eq!(
        printable("a\u{1b}[2Jb\nc\u{202e}d"),
        "a\\u{1b}[2Jb\\nc\\u{202e}d"
    );
    let frame = df!("a" => ["\u{1b}[2J"]).unwrap();
    assert!(!as_table(&frame, Some(80)).contains('\u{1b}'));
}

#[test]
fn no_rows_is_an_answer() {
    let frame = df!("a" => [1_i64]).unwrap().clear();
    assert_eq!(as_table(&frame, Some(80)), "No rows. (a)\n");
}
