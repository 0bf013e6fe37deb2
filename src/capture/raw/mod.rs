//! **The one place with `unsafe`**: memory that the system maps, instructions that work on sixteen bytes at once, and a library
//! in C that unpacks. Each file says why it is sound; what can be had without it has a safe twin that tests hold it to.

#![allow(unsafe_code)]

mod inflate;
mod mapping;
mod places;

pub use inflate::inflated;
pub use mapping::FileBytes;
pub use places::{BLOCK, places};
