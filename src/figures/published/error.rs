//! What can be wrong with the folder of an investigation.

use std::io;
use std::path::PathBuf;

use crate::figures::FigureError;

/// Why an investigation cannot be held to a dataset.
#[derive(Debug, thiserror::Error)]
pub enum InvestigationError {
    /// A file that belongs to it cannot be read.
    #[error("cannot read {}", path.display())]
    Unreadable { path: PathBuf, source: io::Error },
    /// A line that says too little, too much, or something that is not there.
    #[error("{}, line {line}: {message}", path.display())]
    Line {
        path: PathBuf,
        line: u64,
        message: String,
    },
    /// A file without a single line of its own.
    #[error("{} holds no line but its header", .0.display())]
    Empty(PathBuf),
    /// One of its questions got no answer.
    #[error(transparent)]
    Question(#[from] FigureError),
    /// The table of what was found could not be built.
    #[error("the table of figures cannot be built: {0}")]
    Table(#[from] polars::prelude::PolarsError),
}
