//! The page room: whose page, which page, how it is known, and how sensitive it is.
//!
//! Taxonomy and registries are data beside this file; adding a category or an organisation takes no Rust. The room does
//! not know how a tracker encodes things.

mod identity;
mod judge;
mod locate;
mod normalise;
mod organisation;
mod taxonomy;

pub use identity::{is_search, page_key, search_term};
pub use judge::{Judgement, MatchedIn};
pub use locate::{KnownFrom, Located, PageTable, PayloadPage, locate};
pub use organisation::{Organisation, Registries};
pub use taxonomy::{Category, Effect, Purpose, Reader, Taxonomy};

/// What goes wrong with taxonomy and registry files.
#[derive(Debug, thiserror::Error)]
pub enum PageError {
    #[error("{file} cannot be read: {message}")]
    Unreadable { file: String, message: String },
    #[error("{file}: {message}")]
    BadFile { file: String, message: String },
}
