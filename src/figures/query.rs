//! Runs SQL over the tables of a dataset on disk. A query reads: files are never changed, and statements that would
//! change the tables in memory are refused, because they could not mean what their author hopes.

use super::catalogue::Query;
use super::error::FigureError;
use super::sliced::Stepwise;
use super::slices::{SLICE_EVENTS, Slices};
use super::source::Source;
use crate::dataset::{Dataset, Hands, TABLES, Table, with_deep_stack};
use polars::prelude::{DataFrame, Engine, IntoLazy, LazyFrame, PolarsError};
use polars::sql::SQLContext;
use std::path::Path;

/// The stack that a question of anybody's may need, in bytes.
const STACK_BYTES: usize = 256 << 20;

/// The one table that is only there when it was asked for.
const ON_REQUEST: &str = "parameters";

/// More bytes of Parquet than this are read piece by piece. Below it that would only cost time: such a question is answered
/// before the machinery for pieces has begun.
const LARGE_BYTES: u64 = 64 << 20;

/// The same of tables in memory, where they take several times the room.
const LARGE_IN_MEMORY: usize = 512 << 20;

/// What a query that reads may begin with.
const READING: [&str; 5] = ["SELECT", "WITH", "FROM", "SHOW", "EXPLAIN"];

/// The tables of a dataset, open for questions under the names that they have in the documents.
pub struct Tables {
    frames: Vec<(String, LazyFrame)>,
    engine: Engine,
    hands: Hands,
    slice_events: u64,
    slices: Slices,
}

impl Tables {
    /// Opens a dataset. Rows in Parquet are read when a question needs them; where only the CSV of a table is there, it is
    /// read now.
    pub fn open(folder: &Path) -> Result<Self, FigureError> {
        let mut sources = Vec::new();
        for table in &TABLES {
            match Source::of(table, folder)? {
                Some(source) => sources.push((table, source)),
                None if table.name == ON_REQUEST => {}
                None => {
                    return Err(FigureError::NotADataset {
                        folder: folder.to_owned(),
                        table: table.name,
                    });
                }
            }
        }
        let engine = engine_for(sources.iter().map(|(_, source)| source));
        // Only when all are there: a folder of captures may hold a sheet that is called captures.csv too.
        let frames = sources
            .into_iter()
            .map(|(table, source)| Ok((table.name.to_owned(), source.rows(table)?)))
            .collect::<Result<_, FigureError>>()?;
        // How many rows these are, only reading them tells.
        Ok(Tables::asked_by(frames, engine, Hands::All))
    }

    /// The tables of a dataset in memory.
    pub fn of(dataset: &Dataset) -> Tables {
        let tables = || dataset.tables().iter().map(Table::frame);
        let bytes: usize = tables().map(DataFrame::estimated_size).sum();
        let engine = if bytes > LARGE_IN_MEMORY {
            Engine::Streaming
        } else {
            Engine::InMemory
        };
        let frames = dataset.tables().iter().map(|table| {
            let rows = table.frame().clone().lazy();
            (table.schema().name.to_owned(), rows)
        });
        let hands = Hands::for_rows(tables().map(DataFrame::height).sum());
        Tables::asked_by(frames.collect(), engine, hands)
    }

    fn asked_by(frames: Vec<(String, LazyFrame)>, engine: Engine, hands: Hands) -> Tables {
        Tables {
            frames,
            engine,
            hands,
            slice_events: SLICE_EVENTS,
            slices: Slices::default(),
        }
    }

    /// The same tables, read in slices of about so many events where a question allows it: what memory it takes grows with
    /// this number, not with the dataset.
    #[must_use]
    pub fn in_slices_of(self, events: u64) -> Self {
        Tables {
            slice_events: events.max(1),
            slices: Slices::default(),
            ..self
        }
    }

    /// Answers one question; where the dataset is large, and the question says how, in slices.
    pub fn answer(&self, query: &Query) -> Result<DataFrame, FigureError> {
        check_that_it_reads(query)?;
        self.in_one_go(query.name(), || self.answered(query))
    }

    fn answered(&self, query: &Query) -> Result<DataFrame, FigureError> {
        if let Some(stepwise) = Stepwise::of(query)?
            && let Some(answer) = stepwise.answer(self)?
        {
            return Ok(answer);
        }
        self.run(query, query.sql(), &self.frames)
    }

    /// Runs one statement of a question over tables.
    pub(super) fn run(
        &self,
        query: &Query,
        sql: &str,
        frames: &[(String, LazyFrame)],
    ) -> Result<DataFrame, FigureError> {
        let answer = context(frames)
            .execute(sql)
            .and_then(|answer| answer.collect_with_engine(self.engine));
        answer
            .map(|answer| answer.unwrap_single())
            .map_err(|error| FigureError::Sql {
                query: query.name().to_owned(),
                error,
            })
    }

    /// Asks one question after another without making room for each of them anew.
    pub(super) fn in_one_go<T: Send>(
        &self,
        name: &str,
        ask: impl FnOnce() -> Result<T, FigureError> + Send,
    ) -> Result<T, FigureError> {
        // Anybody may type any SQL; where the library itself falls over it, that is the query's failure.
        let fell = || {
            Err(FigureError::Sql {
                query: name.to_owned(),
                error: PolarsError::ComputeError("it cannot be run".into()),
            })
        };
        with_deep_stack(STACK_BYTES, self.hands, ask).unwrap_or_else(fell)
    }

    pub(super) fn frames(&self) -> &[(String, LazyFrame)] {
        &self.frames
    }

    pub(super) fn slice_events(&self) -> u64 {
        self.slice_events
    }

    pub(super) fn slices(&self) -> &Slices {
        &self.slices
    }
}

/// A context of its own for each statement: a name that one gives to a table would still hold for the next.
fn context(frames: &[(String, LazyFrame)]) -> SQLContext {
    let context = SQLContext::new();
    for (name, rows) in frames {
        context.register(name, rows.clone());
    }
    context
}

/// A large dataset is read piece by piece, so that memory does not grow with it.
fn engine_for<'a>(sources: impl Iterator<Item = &'a Source>) -> Engine {
    let mut bytes = 0;
    let mut in_parts = false;
    for source in sources {
        bytes += source.bytes();
        in_parts |= source.is_in_parts();
    }
    if in_parts || bytes > LARGE_BYTES {
        Engine::Streaming
    } else {
        Engine::InMemory
    }
}

fn check_that_it_reads(query: &Query) -> Result<(), FigureError> {
    let sql = without_leading_comments(query.sql());
    let word: String = sql.chars().take_while(char::is_ascii_alphabetic).collect();
    if sql.is_empty() {
        return Err(FigureError::Empty(query.name().to_owned()));
    }
    let reads = word.is_empty() || READING.iter().any(|known| word.eq_ignore_ascii_case(known));
    if reads {
        return Ok(());
    }
    Err(FigureError::NotReading {
        query: query.name().to_owned(),
        word,
    })
}

/// An opening bracket before the first word changes nothing.
fn without_leading_comments(sql: &str) -> &str {
    let sql = sql.trim_start_matches(|c: char| c.is_whitespace() || c == '(');
    let rest = if let Some(comment) = sql.strip_prefix("--") {
        comment.split_once('\n').map_or("", |(_, rest)| rest)
    } else if let Some(comment) = sql.strip_prefix("/*") {
        comment.split_once("*/").map_or("", |(_, rest)| rest)
    } else {
        return sql;
    };
    without_leading_comments(rest)
}
