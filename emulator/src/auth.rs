//! Who may ask what.

pub(crate) mod permissions;

pub(crate) use permissions::Permissions;
