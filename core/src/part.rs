//! What an option adds to a request.

use http::header::{HeaderName, HeaderValue};

use crate::header_text::value;
use crate::message::Request;
use crate::version::ServiceVersion;
use crate::wire::header;
use crate::words::{AccessTier, RehydratePriority};

/// A value that writes itself into requests: its headers, and the service version it needs.
pub(crate) trait Part {
    /// The request with this added.
    fn add_to(&self, request: Request) -> Request;
}

impl<P: Part> Part for Option<P> {
    fn add_to(&self, request: Request) -> Request {
        match self {
            Some(part) => part.add_to(request),
            None => request,
        }
    }
}

/// `x-ms-access-tier`, with the version in which that tier can be asked for on a write.
impl Part for AccessTier {
    fn add_to(&self, request: Request) -> Request {
        let needs = match self {
            Self::Hot | Self::Cool | Self::Archive => ServiceVersion::V2019_02_02,
            Self::Cold => ServiceVersion::V2021_12_02,
            Self::Smart => ServiceVersion::V2026_06_06,
            _ => ServiceVersion::V2017_04_17,
        };
        request
            .text(header::X_MS_ACCESS_TIER, self.as_str())
            .needs(needs)
    }
}

/// `x-ms-rehydrate-priority`.
impl Part for RehydratePriority {
    fn add_to(&self, request: Request) -> Request {
        request
            .text(header::X_MS_REHYDRATE_PRIORITY, self.as_str())
            .needs(ServiceVersion::V2019_02_02)
    }
}

impl Request {
    /// Adds an option.
    #[must_use]
    pub(crate) fn with(self, part: &impl Part) -> Self {
        part.add_to(self)
    }

    /// Says that an option, where it is there, needs at least this version for this operation.
    #[must_use]
    pub(crate) fn needs_if(self, is_there: bool, version: ServiceVersion) -> Self {
        if is_there { self.needs(version) } else { self }
    }

    /// Sets a header to text that is known to travel.
    #[must_use]
    pub(crate) fn text(self, name: HeaderName, text: &str) -> Self {
        self.header(name, value(text))
    }

    /// Sets a header where there is a value.
    #[must_use]
    pub(crate) fn text_if(self, name: HeaderName, text: Option<impl AsRef<str>>) -> Self {
        match text {
            Some(text) => self.text(name, text.as_ref()),
            None => self,
        }
    }

    /// Sets a header to `true` or `false` where there is a value.
    #[must_use]
    pub(crate) fn flag_if(self, name: HeaderName, flag: Option<bool>) -> Self {
        self.text_if(name, flag.map(|flag| if flag { "true" } else { "false" }))
    }

    /// Sets an XML body.
    #[must_use]
    pub(crate) fn xml(self, xml: String) -> Self {
        self.header(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/xml"),
        )
        .body(xml.into())
    }
}
