//! What the targets share: a watch on memory, and the ways from bytes to requests and captures.

pub mod document;
pub mod expected;
pub mod invariants;
pub mod memory;
pub mod request;
