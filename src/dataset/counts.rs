//! What is counted a page and an organisation. One rule for all of it: an event counts if it was delivered and repeats
//! no other; it is a leak if it is also about something of tier 1, 2 or 3.

use super::cell::Kind;
use super::schema::{OrganisationRow, PageRow, Row, TableSchema, VisitRow};
use polars::prelude::*;

/// Between the parts of a cell that holds several.
const SEPARATOR: &str = "; ";

/// What the counts are taken from.
pub(super) struct Evidence {
    /// Which session a capture holds, who sent that, and in which wave; duplicates are no captures of their own.
    captures: LazyFrame,
    /// Whose page it is, and its tier.
    pages: LazyFrame,
    /// The events that count.
    counting: LazyFrame,
    /// Page by capture: it was opened there, or something told of it.
    page_sightings: LazyFrame,
    /// Organisation by capture, by way of its pages or of events about it.
    sightings: LazyFrame,
    /// Organisation by capture: a tracker was there, with or without telling anything.
    trackers: LazyFrame,
}

impl Evidence {
    pub(super) fn new(
        captures: &DataFrame,
        pages: &DataFrame,
        events: &DataFrame,
        contacts: &DataFrame,
        visits: &DataFrame,
    ) -> PolarsResult<Self> {
        let pages =
            pages
                .clone()
                .lazy()
                .select([col("page_id"), col("organisation_id"), col("tier")]);
        let events = events.clone().lazy();
        let contacts = contacts.clone().lazy();
        let page_sightings = union([
            by_capture(&events, "page_id"),
            by_capture(&contacts, "page_id"),
            by_capture(&visits.clone().lazy(), "page_id"),
        ])?;
        let sightings = union([
            owned(&page_sightings, &pages),
            by_capture(&events, "organisation_id"),
        ])?;
        let tracker_there = col("event_requests")
            .gt(lit(0))
            .or(col("presence_requests").gt(lit(0)));
        let trackers = by_capture(&contacts.filter(tracker_there), "page_id");
        Ok(Evidence {
            captures: distinct_captures(captures),
            trackers: owned(&trackers, &pages),
            counting: events.filter(counts()),
            pages,
            page_sightings,
            sightings,
        })
    }

    /// Adds session, volunteer and wave to rows that know their capture.
    fn with_capture(&self, rows: LazyFrame) -> LazyFrame {
        rows.join(
            self.captures.clone(),
            [col("capture_id")],
            [col("capture_id")],
            JoinArgs::new(JoinType::Left),
        )
    }

    /// Number of captures and volunteers a page or an organisation.
    fn seen(&self, sightings: &LazyFrame, key: &str) -> PolarsResult<DataFrame> {
        self.with_capture(sightings.clone())
            .group_by([col(key)])
            .agg([
                col("session").n_unique().alias("captures"),
                col("volunteer").drop_nulls().n_unique().alias("volunteers"),
            ])
            .collect()
    }

    fn pages_by_organisation(&self) -> PolarsResult<DataFrame> {
        self.pages
            .clone()
            .group_by([col("organisation_id")])
            .agg([
                len().alias("pages"),
                sensitive().sum().alias("sensitive_pages"),
            ])
            .collect()
    }

    fn events_by_organisation(&self) -> PolarsResult<DataFrame> {
        let named = col("identifiability").eq(lit("named"));
        let recipients = col("recipient")
            .drop_nulls()
            .unique()
            .sort(Default::default());
        self.counting
            .clone()
            .filter(col("organisation_id").is_not_null())
            .group_by([col("organisation_id")])
            .agg([
                len().alias("events"),
                sensitive().sum().alias("sensitive_events"),
                sensitive().and(named).sum().alias("sensitive_events_named"),
                recipients.str().join(SEPARATOR, true).alias("recipients"),
                col("started_at").min().alias("first_event_at"),
                col("started_at").max().alias("last_event_at"),
            ])
            .collect()
    }

    fn events_by_visit(&self) -> PolarsResult<DataFrame> {
        self.counting
            .clone()
            .filter(col("page_id").is_not_null())
            .group_by([col("capture_id"), col("page_id")])
            .agg([
                len().alias("events"),
                sensitive().sum().alias("sensitive_events"),
            ])
            .collect()
    }

    /// What each wave saw of an organisation: the strongest that any of its captures shows.
    fn waves_by_organisation(&self) -> PolarsResult<DataFrame> {
        let seen = union([
            ranked(by_capture(&self.counting, "organisation_id"), 0),
            ranked(self.trackers.clone(), 1),
            ranked(self.sightings.clone(), 2),
        ])?;
        let word = when(col("rank").eq(lit(0)))
            .then(lit("=events"))
            .when(col("rank").eq(lit(1)))
            .then(lit("=tracker_present"))
            .otherwise(lit("=none_seen"));
        self.with_capture(seen)
            .filter(col("wave").is_not_null())
            .group_by([col("organisation_id"), col("wave")])
            .agg([col("rank").min()])
            .sort(["organisation_id", "wave"], Default::default())
            .group_by_stable([col("organisation_id")])
            .agg([(col("wave") + word)
                .str()
                .join(SEPARATOR, true)
                .alias("waves")])
            .collect()
    }
}

/// The pages with the number of captures and volunteers that saw them.
pub(super) fn of_pages(pages: DataFrame, evidence: &Evidence) -> PolarsResult<DataFrame> {
    let seen = evidence.seen(&evidence.page_sightings, "page_id")?;
    with_counts(pages, &PageRow::SCHEMA, [seen])
}

/// Every page by capture, with the session, and what was told of the page there.
pub(super) fn of_visits(evidence: &Evidence) -> PolarsResult<DataFrame> {
    let whose = evidence
        .pages
        .clone()
        .select([col("page_id"), col("organisation_id")]);
    let seen = evidence
        .page_sightings
        .clone()
        .unique(None, UniqueKeepStrategy::Any);
    let seen = evidence.with_capture(seen).join(
        whose,
        [col("page_id")],
        [col("page_id")],
        JoinArgs::new(JoinType::Inner),
    );
    with_counts(
        seen.collect()?,
        &VisitRow::SCHEMA,
        [evidence.events_by_visit()?],
    )
}

/// The organisations with everything that is counted of them.
pub(super) fn of_organisations(
    organisations: DataFrame,
    evidence: &Evidence,
) -> PolarsResult<DataFrame> {
    let counts = [
        evidence.seen(&evidence.sightings, "organisation_id")?,
        evidence.pages_by_organisation()?,
        evidence.events_by_organisation()?,
        evidence.waves_by_organisation()?,
    ];
    with_counts(organisations, &OrganisationRow::SCHEMA, counts)
}

/// Puts counted columns in the place of those that came with the rows; a row that nothing was counted for has zeros.
fn with_counts(
    table: DataFrame,
    schema: &TableSchema,
    counts: impl IntoIterator<Item = DataFrame>,
) -> PolarsResult<DataFrame> {
    let mut counted = table;
    for columns in counts {
        let key: Vec<Expr> = schema.key.iter().map(|name| col(*name)).collect();
        let replaced = columns.get_column_names();
        let replaced = replaced
            .into_iter()
            .filter(|name| !schema.key.contains(&name.as_str()));
        counted = counted
            .drop_many(replaced.cloned())
            .lazy()
            .join(columns.lazy(), &key, &key, JoinArgs::new(JoinType::Left))
            .collect()?;
    }
    let declared = schema.columns.iter().map(|column| match column.kind {
        Kind::Integer => col(column.name).cast(DataType::Int64).fill_null(lit(0_i64)),
        Kind::Text | Kind::Flag => col(column.name),
    });
    counted
        .lazy()
        .select(declared.collect::<Vec<_>>())
        .collect()
}

/// Whether an event counts.
fn counts() -> Expr {
    col("delivery")
        .eq(lit("delivered"))
        .and(col("repeat_of").is_null())
}

/// Whether a page, or what an event is about, has tier 1, 2 or 3.
fn sensitive() -> Expr {
    col("tier").gt(lit(0)).fill_null(lit(false))
}

/// The captures by the session they hold, with its volunteer and wave: what was exported twice, or passed on and sent in by
/// somebody else, was seen once, by one volunteer, in the first of its waves.
fn distinct_captures(captures: &DataFrame) -> LazyFrame {
    let captures = captures
        .clone()
        .lazy()
        .filter(col("state").neq(lit("duplicate")))
        .select([
            col("capture_id"),
            coalesce(&[col("same_session_as"), col("capture_id")]).alias("session"),
            col("volunteer"),
            col("wave"),
        ])
        .unique_stable(
            Some(by_name(["capture_id"], true, false)),
            UniqueKeepStrategy::First,
        );
    let sessions = captures.clone().group_by_stable([col("session")]).agg([
        col("volunteer").drop_nulls().first(),
        col("wave").drop_nulls().min(),
    ]);
    captures.select([col("capture_id"), col("session")]).join(
        sessions,
        [col("session")],
        [col("session")],
        JoinArgs::new(JoinType::Left),
    )
}

/// Which of something (page, organisation) appears in which capture.
fn by_capture(rows: &LazyFrame, what: &str) -> LazyFrame {
    rows.clone()
        .filter(col(what).is_not_null())
        .select([col(what), col("capture_id")])
}

/// From pages by capture to organisations by capture.
fn owned(pages_by_capture: &LazyFrame, pages: &LazyFrame) -> LazyFrame {
    pages_by_capture
        .clone()
        .join(
            pages.clone(),
            [col("page_id")],
            [col("page_id")],
            JoinArgs::new(JoinType::Inner),
        )
        .select([col("organisation_id"), col("capture_id")])
}

fn ranked(rows: LazyFrame, rank: i64) -> LazyFrame {
    rows.with_column(lit(rank).alias("rank"))
}

fn union<const N: usize>(frames: [LazyFrame; N]) -> PolarsResult<LazyFrame> {
    concat(frames, UnionArgs::default())
}

#[cfg(test)]
mod tests;
