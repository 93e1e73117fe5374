//! Answers that cannot be read.

/// An answer of the service that breaks its own rules, or that a proxy has damaged.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UnreadableReply {
    /// A header that every such answer has is missing.
    #[error("the answer lacks the header `{0}`")]
    MissingHeader(http::HeaderName),
    /// A header's value cannot be what its name promises.
    #[error("the answer's header `{name}` cannot be read: `{value}`")]
    BadHeader {
        /// The header.
        name: String,
        /// Its value, shortened.
        value: String,
    },
    /// The body is not the XML that was expected.
    #[error("the answer's body cannot be read: {reason}")]
    BadXml {
        /// What the parser met, and where.
        reason: String,
    },
    /// A success status this operation never has.
    #[error("the answer has the unexpected status {0}")]
    UnexpectedStatus(u16),
}
