//! What the tests share that cross crates.

pub mod recording;

/// The project's first page; its examples are compiled.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
pub struct Readme;
