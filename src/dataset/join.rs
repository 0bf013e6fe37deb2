//! What an event takes from its page. Pages are judged once; an event keeps its own category only where it says more:
//! the button that was clicked or the term that was searched for is more critical than the page around it.

use super::schema::{EventRow, Row};
use polars::prelude::*;

/// What a page hands down besides its organisation; who the reader is goes its own way.
const JUDGEMENT: [&str; 4] = ["category", "tier", "matched_in", "matched_text"];

const OF_PAGE: &str = "_of_page";

fn of_page(name: &str) -> Expr {
    col(format!("{name}{OF_PAGE}"))
}

/// The events, each with the organisation, category, tier, matched words and reader that hold for it.
pub(super) fn judged_by_page(events: DataFrame, pages: &DataFrame) -> PolarsResult<DataFrame> {
    let handed_down = pages.select(
        ["page_id", "organisation_id", "reader"]
            .into_iter()
            .chain(JUDGEMENT),
    )?;
    let mut how = JoinArgs::new(JoinType::Left);
    how.suffix = Some(OF_PAGE.into());
    how.maintain_order = MaintainOrderJoin::Left;

    let mut settled = vec![first_of("organisation_id"), reader()];
    settled.extend(JUDGEMENT.map(|name| {
        when(event_says_more())
            .then(col(name))
            .otherwise(of_page(name))
            .alias(name)
    }));
    events
        .lazy()
        .join(handed_down.lazy(), [col("page_id")], [col("page_id")], how)
        .with_columns(settled)
        .select(declared(EventRow::SCHEMA.columns.iter().map(|c| c.name)))
        .collect()
}

/// Without a page there is nothing to take over. With one, a lower number is more critical, and 0 is none at all.
fn event_says_more() -> Expr {
    let tier = || col("tier");
    let page = || of_page("tier");
    let beats_page = page().is_null().or(page().eq(lit(0))).or(tier().lt(page()));
    col("page_id")
        .is_null()
        .or(tier().gt(lit(0)).and(beats_page))
}

fn first_of(name: &str) -> Expr {
    coalesce(&[col(name), of_page(name)])
}

/// A button may address somebody else than its page does; where the event does not say, the page does.
fn reader() -> Expr {
    when(event_says_more())
        .then(first_of("reader"))
        .otherwise(of_page("reader"))
        .alias("reader")
}

fn declared(names: impl Iterator<Item = &'static str>) -> Vec<Expr> {
    names.map(col).collect()
}

#[cfg(test)]
mod tests {
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
}
