//! The tables of one run, whole: judged, counted, sorted and checked.

use super::check;
use super::deep_stack::{Hands, with_deep_stack};
use super::derived::{STACK_BYTES, with_derived};
use super::error::DatasetError;
use super::schema::{
    CaptureRow, ContactRow, DisclosureRow, EventRow, MatchRow, OrganisationRow, PageRow,
    ParameterRow, ProblemRow, Row, SearchRow, SettingRow, TableSchema, VisitRow, VocabularyRow,
};
use polars::prelude::{DataFrame, PolarsError, PolarsResult, UniqueKeepStrategy};

/// What a run found, in any order. Pages carry their category; events need one of their own only where the event says
/// more than its page. Counts in pages, visits and organisations are computed here, whatever the rows say.
#[derive(Debug, Default)]
pub struct Rows {
    pub captures: Vec<CaptureRow>,
    pub pages: Vec<PageRow>,
    /// The pages that were opened in a capture, whether or not anybody was told; those that were told of are added here.
    pub visits: Vec<VisitRow>,
    pub events: Vec<EventRow>,
    pub disclosures: Vec<DisclosureRow>,
    pub organisations: Vec<OrganisationRow>,
    pub contacts: Vec<ContactRow>,
    pub matches: Vec<MatchRow>,
    pub searches: Vec<SearchRow>,
    pub settings: Vec<SettingRow>,
    pub vocabulary: Vec<VocabularyRow>,
    /// `None`: not asked for, and then there is no such table.
    pub parameters: Option<Vec<ParameterRow>>,
    pub problems: Vec<ProblemRow>,
}

impl Rows {
    /// Of all tables together.
    fn len(&self) -> usize {
        let lists = [
            self.captures.len(),
            self.pages.len(),
            self.visits.len(),
            self.events.len(),
            self.disclosures.len(),
            self.organisations.len(),
            self.contacts.len(),
            self.matches.len(),
            self.searches.len(),
            self.settings.len(),
            self.vocabulary.len(),
            self.parameters.as_ref().map_or(0, Vec::len),
            self.problems.len(),
        ];
        lists.iter().sum()
    }
}

/// A table as declared, its rows sorted by the key.
#[derive(Debug, Clone)]
pub struct Table {
    schema: TableSchema,
    frame: DataFrame,
}

impl Table {
    pub(super) fn new(schema: TableSchema, frame: DataFrame) -> Self {
        Table { schema, frame }
    }

    /// How the table is declared.
    pub fn schema(&self) -> &TableSchema {
        &self.schema
    }

    /// Its rows; each column is in one piece.
    pub fn frame(&self) -> &DataFrame {
        &self.frame
    }
}

/// The tables of one run.
#[derive(Debug, Clone)]
pub struct Dataset {
    tables: Vec<Table>,
}

impl Dataset {
    /// Joins, counts, sorts and checks.
    ///
    /// # Errors
    /// Rows that break a promise of the tables, or that the engine gave up on: bugs of this program.
    pub fn new(rows: &Rows) -> Result<Self, DatasetError> {
        let hands = Hands::for_rows(rows.len());
        let made = with_deep_stack(STACK_BYTES, hands, || Dataset::of(rows));
        let gave_up = || PolarsError::ComputeError("the engine gave up".into());
        made.unwrap_or_else(|| Err(DatasetError::Frames(gave_up())))
    }

    fn of(rows: &Rows) -> Result<Self, DatasetError> {
        let mut tables = Vec::new();
        for (schema, frame) in frames(rows).map_err(DatasetError::Frames)? {
            tables.push(check::sorted(schema, frame)?);
        }
        check::references(&tables)?;
        Ok(Dataset { tables })
    }

    /// Every table, in the order of their declaration.
    pub fn tables(&self) -> &[Table] {
        &self.tables
    }

    /// One table by its name; `None` where the run was not asked for it.
    pub fn table(&self, name: &str) -> Option<&Table> {
        self.tables.iter().find(|table| table.schema.name == name)
    }
}

fn frames(rows: &Rows) -> PolarsResult<Vec<(TableSchema, DataFrame)>> {
    let mut frames = vec![
        frame_of(&rows.captures)?,
        frame_of(&rows.pages)?,
        frame_of(&rows.events)?,
        frame_of(&rows.disclosures)?,
        frame_of(&rows.organisations)?,
        frame_of(&rows.visits)?,
        frame_of(&rows.contacts)?,
        frame_of(&rows.matches)?,
        frame_of(&rows.searches)?,
        frame_of(&rows.settings)?,
        frame_of(&rows.vocabulary)?,
    ];
    if let Some(parameters) = &rows.parameters {
        frames.push(frame_of(parameters)?);
    }
    frames.push((ProblemRow::SCHEMA, told_once(&rows.problems)?));
    with_derived(frames)
}

fn frame_of<R: Row>(rows: &[R]) -> PolarsResult<(TableSchema, DataFrame)> {
    Ok((R::SCHEMA, R::frame(rows)?))
}

/// The same problem of the same entry, met twice in the same words, says nothing more the second time.
fn told_once(problems: &[ProblemRow]) -> PolarsResult<DataFrame> {
    ProblemRow::frame(problems)?.unique_stable(None, UniqueKeepStrategy::First, None)
}
