//! What the tests share that cross crates.

pub mod recording;
