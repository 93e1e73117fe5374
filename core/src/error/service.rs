//! Refusals in the service's own words.

use std::fmt;

use crate::sign::redact_url;

use super::ErrorCode;

/// A refusal: status, code, message and request id as the service gave them.
///
/// Source: "Status and Error Codes".
#[derive(Clone, PartialEq, Eq, Default)]
pub struct ServiceError {
    /// HTTP status.
    pub status: u16,
    /// From the header, else from the body; absent where neither names one (old versions, proxies).
    pub code: Option<ErrorCode>,
    /// First line of the message; empty where there is no body.
    pub message: String,
    /// `x-ms-request-id`, for the people who run the service.
    pub request_id: Option<String>,
    /// What the copy source answered, where the refusal is about the source.
    pub copy_source: Option<CopySourceError>,
    /// Further elements of the body, such as `HeaderName` or `AuthenticationErrorDetail`.
    pub details: Vec<(String, String)>,
    /// How long the service asks to be left alone.
    pub retry_after: Option<std::time::Duration>,
}

/// The copy source's own refusal. Service version 2024-08-04 and later.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct CopySourceError {
    /// HTTP status of the source.
    pub status: Option<u16>,
    /// Error code of the source.
    pub code: Option<ErrorCode>,
    /// Message of the source.
    pub message: Option<String>,
}

impl ServiceError {
    /// The service's code.
    #[must_use]
    pub fn code(&self) -> Option<&ErrorCode> {
        self.code.as_ref()
    }

    /// Whether the code is this one.
    #[must_use]
    pub fn is(&self, code: &ErrorCode) -> bool {
        self.code.as_ref() == Some(code)
    }

    /// The text of a detail element.
    #[must_use]
    pub fn detail(&self, name: &str) -> Option<&str> {
        self.details
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }
}

impl fmt::Display for ServiceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the service answered {}", self.status)?;
        if let Some(code) = &self.code {
            write!(f, " {code}")?;
        }
        if !self.message.is_empty() {
            write!(f, ": {}", redact_url(&self.message))?;
        }
        if let Some(source) = &self.copy_source {
            f.write_str(" (the copy source answered")?;
            if let Some(status) = source.status {
                write!(f, " {status}")?;
            }
            if let Some(code) = &source.code {
                write!(f, " {code}")?;
            }
            f.write_str(")")?;
        }
        if let Some(id) = &self.request_id {
            write!(f, " [request {}]", redact_url(id))?;
        }
        Ok(())
    }
}

impl fmt::Debug for ServiceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServiceError")
            .field("status", &self.status)
            .field("code", &self.code)
            .field("message", &redact_url(&self.message))
            .field("request_id", &self.request_id.as_deref().map(redact_url))
            .field("copy_source", &self.copy_source)
            .field("retry_after", &self.retry_after)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for CopySourceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CopySourceError")
            .field("status", &self.status)
            .field("code", &self.code)
            .field("message", &self.message.as_deref().map(redact_url))
            .finish()
    }
}

impl std::error::Error for ServiceError {}
