//! What an event takes from its page, and what it keeps.

use crate::dataset::made;
use crate::dataset::{Dataset, EventRow, PageRow, text_of};

/// Category, tier, matched_in, reader and organisation of the only event.
fn judged(event: EventRow, page: PageRow) -> String {
    let mut rows = made::rows();
    rows.disclosures.clear();
    rows.events = vec![event];
    rows.pages.retain(|other| other.page_id != page.page_id);
    rows.pages.push(page);
    let dataset = Dataset::new(&rows).unwrap();
    let frame = dataset.table("events").unwrap().frame();
    let names = [
        "category",
        "tier",
        "matched_in",
        "reader",
        "organisation_id",
    ];
    let cells = names.map(|name| {
        let value = frame.column(name).unwrap().get(0).unwrap();
        text_of(&value).map_or("-".to_owned(), |text| text.into_owned())
    });
    cells.join(" ")
}

fn page(tier: i64, category: &str) -> PageRow {
    made::page(
        "p1",
        "https://northmoor.example/",
        "northmoor",
        tier,
        category,
    )
}

fn event(page: &str, tier: Option<i64>) -> EventRow {
    EventRow {
        tier,
        category: tier.map(|_| "own".to_owned()),
        matched_in: tier.map(|_| "button".to_owned()),
        ..made::event("e", "c1", page, "Meta")
    }
}

#[test]
fn an_event_is_judged_by_its_page() {
    assert_eq!(
        judged(event("p1", None), page(2, "health")),
        "health 2 path public northmoor"
    );
    assert_eq!(
        judged(event("p1", None), page(0, "")),
        "- 0 - public northmoor"
    );
}

#[test]
fn an_event_keeps_its_own_category_only_where_it_is_more_critical() {
    let health = || page(2, "health");
    assert_eq!(
        judged(event("p1", Some(1)), health()),
        "own 1 button public northmoor"
    );
    assert_eq!(
        judged(event("p1", Some(3)), page(0, "")),
        "own 3 button public northmoor"
    );
    assert_eq!(
        judged(event("p1", Some(2)), health()),
        "health 2 path public northmoor"
    );
    assert_eq!(
        judged(event("p1", Some(3)), health()),
        "health 2 path public northmoor"
    );
    assert_eq!(
        judged(event("p1", Some(0)), health()),
        "health 2 path public northmoor"
    );
}

#[test]
fn an_event_without_page_has_what_it_came_with() {
    assert_eq!(judged(event("", None), page(1, "crime")), "- - - - -");
    assert_eq!(
        judged(event("", Some(1)), page(1, "crime")),
        "own 1 button - -"
    );
}

#[test]
fn an_organisation_named_by_the_event_wins() {
    let event = EventRow {
        organisation_id: Some("westhaven".to_owned()),
        reader: Some("professional".to_owned()),
        ..event("p1", Some(1))
    };
    assert_eq!(
        judged(event, page(2, "health")),
        "own 1 button professional westhaven"
    );
}
