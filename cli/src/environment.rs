//! The environment, read once, so that a test can bring its own.

use std::collections::BTreeMap;

/// Variables that say who asks.
pub(crate) const NAMES: [&str; 6] = [
    "BLOBFERRY_SOURCE_CONNECTION_STRING",
    "BLOBFERRY_DESTINATION_CONNECTION_STRING",
    "AZURE_STORAGE_CONNECTION_STRING",
    "AZURE_STORAGE_ACCOUNT",
    "AZURE_STORAGE_KEY",
    "AZURE_STORAGE_SAS_TOKEN",
];

/// What the environment says; empty values count as absent.
#[derive(Clone, Default)]
pub(crate) struct Environment(BTreeMap<&'static str, String>);

impl Environment {
    /// As it is now.
    pub(crate) fn read() -> Self {
        let value = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
        Self(
            NAMES
                .into_iter()
                .filter_map(|name| Some((name, value(name)?)))
                .collect(),
        )
    }

    /// The value of a variable.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    #[cfg(test)]
    pub(crate) fn of(pairs: &[(&'static str, &str)]) -> Self {
        Self(
            pairs
                .iter()
                .map(|(name, value)| (*name, (*value).to_owned()))
                .collect(),
        )
    }
}
