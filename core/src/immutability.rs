//! Write-once rules of a blob.

use crate::message::Request;
use crate::part::Part;
use crate::time::Timestamp;
use crate::version::ServiceVersion;
use crate::wire::header;
use crate::words::ImmutabilityMode;

/// Until when a blob must stay as it is, and whether it is held. Version 2020-06-12 and later.
///
/// Source: "Store business-critical blob data with immutable storage".
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Immutability {
    /// Until then it can be neither changed nor deleted. Whole seconds.
    pub until: Option<Timestamp>,
    /// Whether that date may still be brought forward.
    pub mode: Option<ImmutabilityMode>,
    /// Whether it is held with no date at all.
    pub legal_hold: Option<bool>,
}

impl Part for Immutability {
    fn add_to(&self, request: Request) -> Request {
        if self == &Self::default() {
            return request;
        }
        request
            .text_if(
                header::X_MS_IMMUTABILITY_POLICY_UNTIL_DATE,
                self.until.map(Timestamp::to_http),
            )
            .text_if(
                header::X_MS_IMMUTABILITY_POLICY_MODE,
                self.mode.as_ref().map(ImmutabilityMode::as_str),
            )
            .flag_if(header::X_MS_LEGAL_HOLD, self.legal_hold)
            .needs(ServiceVersion::V2020_06_12)
    }
}
