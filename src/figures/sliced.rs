//! A question in steps. Where a dataset is large, a part of a question (a common table expression) is answered for one slice
//! of captures or organisations after another, and the rows of all slices stand in its place for the rest. Its file says so in
//! a line of its own:
//!
//! ```sql
//! -- In slices of organisation_id: told
//! ```
//!
//! Whoever writes that line promises that the question says the same then: that rows of the part are about one organisation
//! each, or that what follows adds them up. The question itself stays one statement, which says the same to every engine;
//! tests hold the steps to it.

use polars::prelude::{
    Column, DataFrame, IntoColumn, IntoLazy, LazyFrame, OptFlags, PolarsError, PolarsResult,
    StringChunked,
};
use polars::sql::sql_expr;

use super::Tables;
use super::catalogue::Query;
use super::error::FigureError;
use super::slices::{Slice, Slices};
use crate::dataset::{Statement, TABLES};

/// How the line begins, after the signs of a comment.
pub(super) const MARK: &str = "In slices of ";

/// Whose ids make the slices.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ids {
    CaptureId,
    OrganisationId,
}

/// One part of a question, and the slices in which it can be answered.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Step {
    ids: Ids,
    part: String,
}

/// A question whose parts are answered in steps.
pub(super) struct Stepwise<'a> {
    query: &'a Query,
    statement: Statement,
    steps: Vec<Step>,
}

impl Ids {
    fn called(name: &str) -> Option<Ids> {
        [Ids::CaptureId, Ids::OrganisationId]
            .into_iter()
            .find(|ids| ids.name() == name)
    }

    fn name(self) -> &'static str {
        match self {
            Ids::CaptureId => "capture_id",
            Ids::OrganisationId => "organisation_id",
        }
    }

    /// The column by which a table is read in slices; `None`: it is read whole. The ids of events begin with those of captures.
    fn of(self, table: &str) -> Option<&'static str> {
        let table = TABLES.iter().find(|known| known.name == table)?;
        let candidates: &[&'static str] = match self {
            Ids::CaptureId => &["capture_id", "event_id"],
            Ids::OrganisationId => &["organisation_id"],
        };
        let has = |name: &str| table.columns.iter().any(|column| column.name == name);
        candidates.iter().copied().find(|name| has(name))
    }

    fn slices(self, tables: &Tables) -> Result<&[Slice], FigureError> {
        match self {
            Ids::CaptureId => Slices::of_captures(tables),
            Ids::OrganisationId => Slices::of_organisations(tables),
        }
    }
}

impl Step {
    /// `COLUMN: PART`, as it stands behind the mark.
    fn written(text: &str) -> Result<Step, String> {
        let (column, part) = text.split_once(':').unwrap_or((text, ""));
        let ids =
            Ids::called(column.trim()).ok_or("slices are of capture_id or of organisation_id")?;
        let part = part.trim().to_owned();
        Ok(Step { ids, part })
    }
}

impl<'a> Stepwise<'a> {
    /// `None`: nothing of the question is answered in slices.
    ///
    /// # Errors
    /// A line that names no column of slices, or no part of the question.
    pub(super) fn of(query: &'a Query) -> Result<Option<Self>, FigureError> {
        let wrong = |reason: String| FigureError::Slices {
            query: query.name().to_owned(),
            reason,
        };
        let steps: Result<Vec<Step>, String> = query.slice_lines().map(Step::written).collect();
        let steps = steps.map_err(wrong)?;
        if steps.is_empty() {
            return Ok(None);
        }
        let statement = Statement::parse(query.sql()).map_err(wrong)?;
        for Step { part, .. } in &steps {
            if !statement.has(part) {
                return Err(wrong(format!("it has no part {part:?} behind WITH")));
            }
            if TABLES.iter().any(|table| table.name == part) {
                return Err(wrong(format!("its part {part} is called as a table is")));
            }
        }
        Ok(Some(Stepwise {
            query,
            statement,
            steps,
        }))
    }

    /// The answer; `None`: the dataset is a single slice for each step, and the question can be asked as it stands.
    pub(super) fn answer(mut self, tables: &Tables) -> Result<Option<DataFrame>, FigureError> {
        let mut is_one_slice = true;
        for step in &self.steps {
            is_one_slice &= step.ids.slices(tables)?.len() < 2;
        }
        if is_one_slice {
            return Ok(None);
        }
        let mut frames = tables.frames().to_vec();
        for step in &self.steps.clone() {
            let rows = self.part(step, step.ids.slices(tables)?, &frames, tables)?;
            self.statement.replace(&step.part);
            frames.push((step.part.clone(), rows.lazy()));
        }
        let answer = tables.run(self.query, &self.statement.to_string(), &frames);
        answer.map(Some)
    }

    /// The rows of a part, of all slices.
    fn part(
        &self,
        step: &Step,
        slices: &[Slice],
        frames: &[(String, LazyFrame)],
        tables: &Tables,
    ) -> Result<DataFrame, FigureError> {
        let sql = self.statement.asking_for(&step.part);
        let mut found: Option<DataFrame> = None;
        for slice in slices {
            let frames = within(slice, step.ids, frames).map_err(self.failed())?;
            let rows = tables.run(self.query, &sql, &frames)?;
            let rows = with_own_texts(&rows).map_err(self.failed())?;
            match &mut found {
                None => found = Some(rows),
                Some(found) => {
                    found.vstack_mut(&rows).map_err(self.failed())?;
                }
            }
        }
        Ok(found.unwrap_or_default())
    }

    fn failed(&self) -> impl Fn(PolarsError) -> FigureError {
        let query = self.query.name().to_owned();
        move |error| FigureError::Sql {
            query: query.clone(),
            error,
        }
    }
}

/// The engine's texts lie where they were read: a few rows would keep in memory all that was read of their slice.
fn with_own_texts(rows: &DataFrame) -> PolarsResult<DataFrame> {
    let own = |column: &Column| match column.str() {
        Ok(texts) => {
            let own: StringChunked = texts.iter().collect();
            own.with_name(column.name().clone()).into_column()
        }
        Err(_) => column.clone(),
    };
    DataFrame::new(rows.height(), rows.columns().iter().map(own).collect())
}

/// The tables, with the rows of one slice only where they have its column.
fn within(
    slice: &Slice,
    ids: Ids,
    frames: &[(String, LazyFrame)],
) -> PolarsResult<Vec<(String, LazyFrame)>> {
    let frames = frames.iter().map(|(name, rows)| {
        let rows = match ids.of(name) {
            Some(column) => only(rows.clone(), &slice.holds(column), ids)?,
            None => rows.clone(),
        };
        Ok((name.clone(), rows))
    });
    frames.collect()
}

/// The rows for which a condition holds. Where few of them are in each piece that is read, the rest is let go of at once.
fn only(rows: LazyFrame, condition: &str, ids: Ids) -> PolarsResult<LazyFrame> {
    let rows = rows.filter(sql_expr(condition)?);
    let changes_no_row =
        OptFlags::STREAMING | OptFlags::PREDICATE_PUSHDOWN | OptFlags::PROJECTION_PUSHDOWN;
    let own = |rows: DataFrame| with_own_texts(&rows);
    Ok(match ids {
        Ids::OrganisationId => rows.map(own, changes_no_row, None, Some("own texts")),
        Ids::CaptureId => rows,
    })
}
