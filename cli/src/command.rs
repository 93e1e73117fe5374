//! What each command does, one file each.

pub(crate) mod abort;
pub(crate) mod completions;
pub(crate) mod copy;
pub(crate) mod demo;
pub(crate) mod emulator;
pub(crate) mod lease;
pub(crate) mod ls;
pub(crate) mod sas;
pub(crate) mod status;
