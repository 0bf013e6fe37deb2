//! What a table takes from other tables: the judgement that an event has from its page, and everything that is counted of a
//! visit, a page, an organisation and a search. It is SQL, one text for the engine here and for the one of a cluster, so that no count is
//! defined twice.

use super::cell::Kind;
use super::schema::{EventRow, OrganisationRow, PageRow, Row, SearchRow, TableSchema, VisitRow};
use super::statement::Statement;
use polars::prelude::{
    DataFrame, DataType, Expr, IntoLazy, LazyFrame, PolarsError, PolarsResult, col,
};
use polars::sql::SQLContext;

/// The stack that these texts need, in bytes, with room to spare; they are long and have few parts within parts.
pub(super) const STACK_BYTES: usize = 32 << 20;

/// Where in a text the columns stand that the table came with: all that are declared and not worked out.
const REST: &str = "{rest}";

/// Where in a text the sessions stand, as the first of its `WITH`.
const SESSIONS_HERE: &str = "{sessions},";

/// The parts that make them; the last has their name.
const SESSIONS: &str = include_str!("sessions.sql");

/// A table that is worked out from the rows that it came with and from the tables before it.
#[derive(Debug, Clone, Copy)]
pub struct Derived {
    pub table: TableSchema,
    /// The columns that are worked out; what the rows say in them is not asked.
    worked_out: &'static [&'static str],
    text: &'static str,
}

/// All of them, in the order in which they have to be worked out: each text reads the tables as those before have left them.
pub const DERIVED: [Derived; 5] = [
    Derived {
        table: EventRow::SCHEMA,
        worked_out: &[
            "organisation_id",
            "category",
            "tier",
            "matched_in",
            "matched_text",
            "reader",
        ],
        text: include_str!("events.sql"),
    },
    Derived {
        table: VisitRow::SCHEMA,
        worked_out: &[],
        text: include_str!("visits.sql"),
    },
    Derived {
        table: PageRow::SCHEMA,
        worked_out: &["captures", "volunteers"],
        text: include_str!("pages.sql"),
    },
    Derived {
        table: OrganisationRow::SCHEMA,
        worked_out: &[
            "captures",
            "volunteers",
            "pages",
            "sensitive_pages",
            "events",
            "sensitive_events",
            "sensitive_events_named",
            "recipients",
            "first_event_at",
            "last_event_at",
            "waves",
        ],
        text: include_str!("organisations.sql"),
    },
    Derived {
        table: SearchRow::SCHEMA,
        worked_out: &["requests_found", "captures_found"],
        text: include_str!("searches.sql"),
    },
];

impl Derived {
    /// The SQL that gives the table. It names every column, in any order; the types are those of the engine.
    pub fn sql(&self) -> String {
        self.with_sessions(&format!("{},", SESSIONS.trim_end()))
    }

    /// The same for an engine that has the sessions as a table.
    fn sql_beside_sessions(&self) -> String {
        self.with_sessions("")
    }

    /// With the parts that make the sessions.
    fn with_sessions(&self, parts: &str) -> String {
        let columns = self.table.columns.iter().map(|column| column.name);
        let rest = columns.filter(|name| !self.worked_out.contains(name));
        let rest: Vec<String> = rest.map(|name| format!("e.{name}")).collect();
        self.text
            .replace(SESSIONS_HERE, parts)
            .replace(REST, &rest.join(", "))
    }
}

/// The tables by name, those that are worked out from others put in the place of what they came with. It takes a deep stack.
///
/// # Errors
/// None that a test would not have shown.
pub(super) fn with_derived(
    mut frames: Vec<(TableSchema, DataFrame)>,
) -> PolarsResult<Vec<(TableSchema, DataFrame)>> {
    // They are made of the captures alone, which nothing changes: once is enough for all texts.
    let sessions = format!("WITH {SESSIONS} SELECT * FROM sessions");
    let sessions = answer_of(&sessions, context(&frames))?.collect()?;
    for derived in &DERIVED {
        let context = context(&frames);
        context.register("sessions", sessions.clone().lazy());
        let frame = answer_of(&derived.sql_beside_sessions(), context)?;
        let frame = frame.select(declared(&derived.table)).collect()?;
        for (table, came_with) in &mut frames {
            if table.name == derived.table.name {
                *came_with = frame.clone();
            }
        }
    }
    Ok(frames)
}

fn context(frames: &[(TableSchema, DataFrame)]) -> SQLContext {
    let context = SQLContext::new();
    for (table, frame) in frames {
        context.register(table.name, frame.clone().lazy());
    }
    context
}

/// Answers a text part by part: asked for as a whole, the engine would work out again for each part what columns those before it
/// have, which takes longer than a small dataset's rows. The parts stay in the context.
fn answer_of(sql: &str, mut context: SQLContext) -> PolarsResult<LazyFrame> {
    let unreadable = |reason: String| PolarsError::ComputeError(reason.into());
    let mut statement = Statement::parse(sql).map_err(unreadable)?;
    while let Some((part, sql)) = statement.take_first() {
        let mut rows = context.execute(&sql)?;
        if statement.reads_of(&part) > 1 {
            rows = rows.collect()?.lazy();
        }
        context.register(&part, rows);
    }
    context.execute(&statement.to_string())
}

/// The columns of a table in their order and with their types.
fn declared(table: &TableSchema) -> Vec<Expr> {
    let column = |name: &'static str, kind| match kind {
        Kind::Integer => col(name).cast(DataType::Int64),
        Kind::Text | Kind::Flag => col(name),
    };
    let columns = table.columns.iter();
    columns.map(|c| column(c.name, c.kind)).collect()
}

#[cfg(test)]
mod counting_tests;
#[cfg(test)]
mod judging_tests;
