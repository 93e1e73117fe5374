//! What every answer says about itself.

use crate::message::Response;
use crate::time::Timestamp;
use crate::version::ServiceVersion;
use crate::wire::header;

/// What every answer says about itself: by what it is found in the service's logs, and when it was
/// given. Nothing here is required: proxies and recorders drop such headers.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Receipt {
    /// `x-ms-request-id`: the service's name for the exchange.
    pub request_id: Option<String>,
    /// `x-ms-client-request-id`: ours, given back from version 2019-02-02 on.
    pub client_request_id: Option<String>,
    /// The version that was spoken.
    pub version: Option<ServiceVersion>,
    /// The service's clock. Whole seconds.
    pub date: Option<Timestamp>,
    /// The software that answered.
    pub server: Option<String>,
}

impl Receipt {
    /// Reads the receipt of any answer, success or refusal.
    #[must_use]
    pub fn of(response: &Response) -> Self {
        let text = |name| response.header(name).map(str::to_owned);
        Self {
            request_id: text(&header::X_MS_REQUEST_ID),
            client_request_id: text(&header::X_MS_CLIENT_REQUEST_ID),
            version: response
                .header(&header::X_MS_VERSION)
                .and_then(|version| version.parse().ok()),
            date: response
                .header(&header::DATE)
                .and_then(|date| Timestamp::parse_http(date).ok()),
            server: text(&header::SERVER),
        }
    }
}
