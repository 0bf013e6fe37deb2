//! **The one place with `unsafe`**: memory that the system maps, and instructions that work on sixteen bytes at once. Each file
//! says why it is sound; what can be had without it has a safe twin that tests hold it to.

#![allow(unsafe_code)]

mod mapping;
mod places;

pub use mapping::FileBytes;
pub use places::{BLOCK, places};
