//! What a reader of the tables `pages` and `organisations` would notice of the counts.

use crate::dataset::{Dataset, Rows, made, text_of};

/// The cells of a row, found by the first column that is asked for.
fn row(rows: &Rows, table: &str, first: &str, columns: &[&str]) -> String {
    let dataset = Dataset::new(rows).unwrap();
    let frame = dataset.table(table).unwrap().frame();
    let at = |name: &str, row: usize| {
        let value = frame.column(name).unwrap().get(row).unwrap();
        text_of(&value).map_or("-".to_owned(), |text| text.into_owned())
    };
    let found = (0..frame.height()).find(|row| at(columns[0], *row) == first);
    let cells = columns.iter().map(|name| at(name, found.unwrap()));
    cells.collect::<Vec<_>>().join(" | ")
}

const COUNTS: [&str; 8] = [
    "organisation_id",
    "captures",
    "volunteers",
    "pages",
    "sensitive_pages",
    "events",
    "sensitive_events",
    "sensitive_events_named",
];

#[test]
fn an_organisation_has_every_count_and_leaves_out_repeats_blocked_events_and_duplicates() {
    let count = |id| row(&made::rows(), "organisations", id, &COUNTS);
    assert_eq!(count("northmoor"), "northmoor | 2 | 2 | 2 | 1 | 2 | 2 | 1");
    assert_eq!(count("westhaven"), "westhaven | 2 | 2 | 1 | 1 | 1 | 1 | 0");
    assert_eq!(
        count("clinic.example"),
        "clinic.example | 1 | 0 | 1 | 1 | 0 | 0 | 0"
    );
}

#[test]
fn an_organisation_knows_whom_it_told_and_when_and_what_each_wave_saw() {
    let columns = [
        "organisation_id",
        "recipients",
        "first_event_at",
        "last_event_at",
        "waves",
    ];
    let told = |id| row(&made::rows(), "organisations", id, &columns);
    assert_eq!(
        told("northmoor"),
        "northmoor | Meta | 2026-03-01T08:15:32.000Z | 2026-03-01T08:15:34.000Z | 1=events; 2=events"
    );
    assert!(told("westhaven").ends_with("1=events; 2=tracker_present"));
    assert_eq!(
        told("clinic.example"),
        "clinic.example | - | - | - | 2=none_seen"
    );
}

#[test]
fn several_recipients_stand_in_order() {
    let mut rows = made::rows();
    rows.events.push(made::event("z", "a", "p1", "Google"));
    let told = row(
        &rows,
        "organisations",
        "northmoor",
        &["organisation_id", "recipients"],
    );
    assert_eq!(told, "northmoor | Google; Meta");
}

#[test]
fn a_page_is_seen_where_it_was_opened_told_of_or_contacted_from() {
    let seen = |id| {
        row(
            &made::rows(),
            "pages",
            id,
            &["page_id", "captures", "volunteers"],
        )
    };
    assert_eq!(seen("p1"), "p1 | 2 | 2");
    assert_eq!(seen("p2"), "p2 | 1 | 1");
    assert_eq!(seen("p3"), "p3 | 2 | 2");
    assert_eq!(seen("p4"), "p4 | 1 | 0");
}

#[test]
fn counts_that_came_with_the_rows_do_not_matter() {
    let mut rows = made::rows();
    rows.organisations[0].events = 99;
    rows.pages[1].captures = 99;
    assert_eq!(
        row(
            &rows,
            "organisations",
            "northmoor",
            &["organisation_id", "events"]
        ),
        "northmoor | 2"
    );
    assert_eq!(
        row(&rows, "pages", "p2", &["page_id", "captures"]),
        "p2 | 1"
    );
}

#[test]
fn nothing_at_all_is_a_dataset_too() {
    let dataset = Dataset::new(&Rows::default()).unwrap();
    assert!(
        dataset
            .tables()
            .iter()
            .all(|table| table.frame().height() == 0)
    );
}
