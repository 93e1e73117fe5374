//! What each command does, one file each.

pub(crate) mod completions;
pub(crate) mod lease;
