//! Get Blob: `GET /{container}/{blob}`.

use std::fmt;

use bytes::Bytes;
use http::{Method, StatusCode};

use super::{Operation, accept};
use crate::address::BlobAddress;
use crate::checksum::{Crc64, Md5, StoredMd5};
use crate::conditions::Conditions;
use crate::encryption::EncryptionKey;
use crate::error::{Error, UnreadableReply};
use crate::header_text::HeaderText;
use crate::heard::Heard;
use crate::lease_id::LeaseId;
use crate::message::{Request, Response, Urgency};
use crate::part::Part;
use crate::properties::BlobProperties;
use crate::range::ByteRange;
use crate::structured::{AskedForm, StructuredBody};
use crate::version::ServiceVersion;
use crate::wire::header;

/// Reads a blob, or a range of it.
///
/// A pending copy does not stand in the way: a block blob reads as empty until it is done, a page blob
/// shows what has arrived. Source: "Get Blob".
///
/// ```
/// use blobferry_core::operation::{GetBlob, Operation};
/// use blobferry_core::{Location, Place};
/// let location: Location = "https://south.blob.core.windows.net/logs/a.txt".parse()?;
/// let Place::Blob(blob) = location.place else { unreachable!() };
/// assert_eq!(GetBlob::new(blob).request().operation(), "Get Blob");
/// # Ok::<(), blobferry_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GetBlob {
    /// Which blob, snapshot or version.
    pub blob: BlobAddress,
    /// Which bytes; all if not given. An empty blob has no range: 416 `InvalidRange`.
    pub range: Option<ByteRange>,
    /// A hash of the range, to be computed by the service; the range may have at most 4 MiB.
    pub range_hash: Option<RangeHash>,
    /// How the answer's body is to be framed, such as `XSM/1.0; properties=crc64`; plain if not given.
    /// Version 2026-04-06 and later.
    pub structured_body: Option<HeaderText>,
    /// The lease that must be on the blob.
    pub lease_id: Option<LeaseId>,
    /// What must hold of the blob.
    pub conditions: Conditions,
    /// The key the blob is encrypted with.
    pub key: Option<EncryptionKey>,
    /// Whether owners are named as people know them, in hierarchical namespaces. Version 2023-11-03
    /// and later.
    pub upn: Option<bool>,
}

/// A hash of a range.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RangeHash {
    /// Its MD5.
    Md5,
    /// Its CRC64. Version 2019-02-02 and later.
    Crc64,
}

/// What Get Blob answers.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct BlobContent {
    /// The bytes that were asked for; a structured message where [`structured`](Self::structured) says
    /// so.
    pub content: Bytes,
    /// The offset of the first one.
    pub offset: u64,
    /// What is said of the blob; the length is that of the whole blob.
    pub properties: BlobProperties,
    /// How the content is framed, where it was asked for so. Version 2026-04-06 and later.
    pub structured: Option<StructuredBody>,
    /// The MD5 of the range, where asked for.
    pub range_md5: Option<Md5>,
    /// The CRC64 of what was read, where asked for.
    pub content_crc64: Option<Crc64>,
}

impl GetBlob {
    /// A read of the whole blob.
    #[must_use]
    pub fn new(blob: BlobAddress) -> Self {
        Self {
            blob,
            range: None,
            range_hash: None,
            structured_body: None,
            lease_id: None,
            conditions: Conditions::default(),
            key: None,
            upn: None,
        }
    }
}

impl Part for RangeHash {
    fn add_to(&self, request: Request) -> Request {
        match self {
            Self::Md5 => request.text(header::X_MS_RANGE_GET_CONTENT_MD5, "true"),
            Self::Crc64 => request
                .text(header::X_MS_RANGE_GET_CONTENT_CRC64, "true")
                .needs(ServiceVersion::V2019_02_02),
        }
    }
}

/// `x-ms-upn`.
struct Upn(bool);

impl Part for Upn {
    fn add_to(&self, request: Request) -> Request {
        request
            .flag_if(header::X_MS_UPN, Some(self.0))
            .needs(ServiceVersion::V2023_11_03)
    }
}

impl Operation for GetBlob {
    type Output = BlobContent;
    const NAME: &'static str = "Get Blob";
    const IDEMPOTENT: bool = true;
    const URGENCY: Urgency = Urgency::Start;

    fn request(&self) -> Request {
        Request::to_blob(Method::GET, &self.blob)
            .of(Self::NAME, Self::URGENCY)
            .with(&self.range)
            .with(&self.range_hash)
            .with(&self.structured_body.as_ref().map(AskedForm))
            .with(&self.lease_id)
            .with(&self.conditions)
            .with(&self.key)
            .with(&self.upn.map(Upn))
    }

    fn parse(&self, response: &Response) -> Result<BlobContent, Error> {
        accept(response, &[200, 206])?;
        Ok(BlobContent::read(response)?)
    }
}

impl BlobContent {
    fn read(response: &Response) -> Result<Self, UnreadableReply> {
        let mut properties = BlobProperties::heard(response)?;
        let structured = StructuredBody::heard(response)?;
        let mut offset = 0;
        let mut range_md5 = None;
        if response.status() == StatusCode::PARTIAL_CONTENT {
            let range: ContentRange = response.need(&header::CONTENT_RANGE)?;
            offset = range.first;
            properties.content_length = Some(range.total);
            // What stands in `Content-MD5` is about the range; the blob's own has moved.
            range_md5 = response.get(&header::CONTENT_MD5)?;
            properties.content.md5 = response.get::<StoredMd5>(&header::X_MS_BLOB_CONTENT_MD5)?;
        } else {
            let length = structured.as_ref().map(|body| body.content_length);
            properties.content_length =
                length.or_else(|| u64::try_from(response.body().len()).ok());
        }
        Ok(Self {
            content: response.body().clone(),
            offset,
            properties,
            structured,
            range_md5,
            content_crc64: response.get(&header::X_MS_CONTENT_CRC64)?,
        })
    }
}

/// `bytes 0-511/1024`.
struct ContentRange {
    first: u64,
    total: u64,
}

impl Heard for ContentRange {
    fn heard(text: &str) -> Option<Self> {
        let (range, total) = text.strip_prefix("bytes ")?.split_once('/')?;
        Some(Self {
            first: range.split_once('-')?.0.parse().ok()?,
            total: total.parse().ok()?,
        })
    }
}

impl fmt::Debug for BlobContent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BlobContent")
            .field("content", &format_args!("{} bytes", self.content.len()))
            .field("offset", &self.offset)
            .field("properties", &self.properties)
            .field("structured", &self.structured)
            .field("range_md5", &self.range_md5)
            .field("content_crc64", &self.content_crc64)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(status: u16, headers: &[(&str, &str)], body: &'static str) -> BlobContent {
        let mut answer = http::Response::builder().status(status);
        for (name, value) in headers {
            answer = answer.header(*name, *value);
        }
        let answer = answer.body(Bytes::from_static(body.as_bytes())).unwrap();
        BlobContent::read(&Response::new(answer)).unwrap()
    }

    const RANGE_MD5: &str = "1B2M2Y8AsgTpgAmY7PhCfg==";
    const BLOB_MD5: &str = "AQIDBA==";

    #[test]
    fn the_md5_of_a_range_is_not_that_of_the_blob() {
        let content = read(
            206,
            &[
                ("content-range", "bytes 512-515/9000"),
                ("content-length", "4"),
                ("content-md5", RANGE_MD5),
                ("x-ms-blob-content-md5", BLOB_MD5),
            ],
            "abcd",
        );
        assert_eq!(
            (content.offset, content.properties.content_length),
            (512, Some(9000))
        );
        assert_eq!(content.range_md5, Some(RANGE_MD5.parse().unwrap()));
        assert_eq!(
            content.properties.content.md5,
            Some(BLOB_MD5.parse().unwrap())
        );
    }

    #[test]
    fn a_structured_message_tells_the_length_of_what_is_in_it() {
        let form = "XSM/1.0; properties=crc64";
        let headers = [
            ("x-ms-structured-body", form),
            ("x-ms-structured-content-length", "4"),
        ];
        let content = read(200, &headers, "framed: abcd");
        assert_eq!(content.structured, Some(StructuredBody::crc64(4)));
        assert_eq!(content.properties.content_length, Some(4));
    }

    #[test]
    fn the_md5_of_a_whole_read_is_that_of_the_blob() {
        let content = read(200, &[("content-md5", RANGE_MD5)], "abcd");
        assert_eq!(
            (content.offset, content.properties.content_length),
            (0, Some(4))
        );
        assert_eq!(content.range_md5, None);
        assert_eq!(
            content.properties.content.md5,
            Some(RANGE_MD5.parse().unwrap())
        );
    }
}
