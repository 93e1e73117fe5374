//! Bodies that carry checksums of their own, segment by segment.

use crate::error::UnreadableReply;
use crate::header_text::HeaderText;
use crate::message::{Request, Response};
use crate::part::Part;
use crate::version::ServiceVersion;
use crate::wire::header;

/// How a structured message is written, and how long the content in it is.
///
/// Such a body holds the content in segments, each with its checksum; whoever hands it over has framed
/// it so, and whoever reads one takes it apart. Version 2026-04-06 and later. Source: the service's
/// public TypeSpec.
///
/// ```
/// use blobferry_core::StructuredBody;
/// let body = StructuredBody::crc64(1024);
/// assert_eq!(body.form.as_str(), "XSM/1.0; properties=crc64");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct StructuredBody {
    /// The schema and what the segments carry: `x-ms-structured-body`.
    pub form: HeaderText,
    /// The length of the content within, in bytes; the message itself is longer.
    pub content_length: u64,
}

impl StructuredBody {
    /// A message of the first schema, with a CRC64 for each segment and one for all.
    #[must_use]
    pub fn crc64(content_length: u64) -> Self {
        Self {
            form: HeaderText::heard("XSM/1.0; properties=crc64"),
            content_length,
        }
    }

    /// How a read was answered.
    pub(crate) fn heard(response: &Response) -> Result<Option<Self>, UnreadableReply> {
        let Some(form) = response.get(&header::X_MS_STRUCTURED_BODY)? else {
            return Ok(None);
        };
        Ok(Some(Self {
            form,
            content_length: response.need(&header::X_MS_STRUCTURED_CONTENT_LENGTH)?,
        }))
    }
}

/// `x-ms-structured-body` and `x-ms-structured-content-length` of an upload.
impl Part for StructuredBody {
    fn add_to(&self, request: Request) -> Request {
        request
            .header(header::X_MS_STRUCTURED_BODY, self.form.value())
            .text(
                header::X_MS_STRUCTURED_CONTENT_LENGTH,
                &self.content_length.to_string(),
            )
            .needs(ServiceVersion::V2026_04_06)
    }
}

/// `x-ms-structured-body` of a read.
pub(crate) struct AskedForm<'a>(pub(crate) &'a HeaderText);

impl Part for AskedForm<'_> {
    fn add_to(&self, request: Request) -> Request {
        request
            .header(header::X_MS_STRUCTURED_BODY, self.0.value())
            .needs(ServiceVersion::V2026_04_06)
    }
}
