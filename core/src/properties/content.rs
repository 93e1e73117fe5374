//! The standard headers that a blob keeps with its content.

use crate::checksum::StoredMd5;
use crate::error::UnreadableReply;
use crate::header_text::HeaderText;
use crate::message::{Request, Response};
use crate::part::Part;
use crate::wire::header;

/// The standard headers that a blob keeps with its content and gives back with it.
///
/// In a request (`x-ms-blob-*`) they replace what the blob has. Source: "Set Blob Properties".
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ContentHeaders {
    /// `Content-Type`; `application/octet-stream` if none was given.
    pub content_type: Option<HeaderText>,
    /// `Content-Encoding`.
    pub encoding: Option<HeaderText>,
    /// `Content-Language`.
    pub language: Option<HeaderText>,
    /// `Content-Disposition`. Version 2013-08-15 and later.
    pub disposition: Option<HeaderText>,
    /// `Cache-Control`.
    pub cache_control: Option<HeaderText>,
    /// The MD5 kept with the blob. The service computes it for small block blobs only and does not
    /// check the one given.
    pub md5: Option<StoredMd5>,
}

impl ContentHeaders {
    /// Reads the headers of an answer.
    pub(crate) fn heard(response: &Response) -> Result<Self, UnreadableReply> {
        Ok(Self {
            content_type: response.get(&header::CONTENT_TYPE)?,
            encoding: response.get(&header::CONTENT_ENCODING)?,
            language: response.get(&header::CONTENT_LANGUAGE)?,
            disposition: response.get(&header::CONTENT_DISPOSITION)?,
            cache_control: response.get(&header::CACHE_CONTROL)?,
            md5: match response.get(&header::X_MS_BLOB_CONTENT_MD5)? {
                None => response.get(&header::CONTENT_MD5)?,
                stored => stored,
            },
        })
    }
}

/// `x-ms-blob-content-*` and `x-ms-blob-cache-control`.
impl Part for ContentHeaders {
    fn add_to(&self, request: Request) -> Request {
        let text = |text: &Option<HeaderText>| text.as_ref().map(|text| text.as_str().to_owned());
        request
            .text_if(header::X_MS_BLOB_CONTENT_TYPE, text(&self.content_type))
            .text_if(header::X_MS_BLOB_CONTENT_ENCODING, text(&self.encoding))
            .text_if(header::X_MS_BLOB_CONTENT_LANGUAGE, text(&self.language))
            .text_if(
                header::X_MS_BLOB_CONTENT_DISPOSITION,
                text(&self.disposition),
            )
            .text_if(header::X_MS_BLOB_CACHE_CONTROL, text(&self.cache_control))
            .text_if(header::X_MS_BLOB_CONTENT_MD5, self.md5.as_ref())
    }
}
