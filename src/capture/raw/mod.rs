//! **The one place with `unsafe`**: memory that the system maps, instructions that work on many bytes at once, and a library
//! in C that unpacks. Each file says why it is sound; what can be had without it has a safe twin that tests hold it to.

#![allow(unsafe_code)]

mod blocks;
mod inflate;
mod mapping;
mod near;
mod sha256;
mod words;

pub use blocks::{BLOCK, BlockSearch, Blocks, ask_ahead, search};
pub use inflate::inflated;
pub use mapping::FileBytes;
pub use near::{NEAR, near_blanks, near_marks};
pub use sha256::{BEGINNING, HASH_BLOCK, HashState, LANES, hash_side_by_side, hashes_side_by_side};
