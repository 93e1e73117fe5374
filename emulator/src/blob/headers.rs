//! The standard headers that a blob stores.

use serde::{Deserialize, Serialize};

use http::HeaderName;

use blobferry_core::ErrorCode;
use blobferry_core::wire::header;

use crate::answer::Answer;
use crate::failure::Failure;
use crate::hash;
use crate::request::Ask;

/// What a reader is told about the content.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ContentHeaders {
    pub(crate) content_type: Option<Box<str>>,
    pub(crate) encoding: Option<Box<str>>,
    pub(crate) language: Option<Box<str>>,
    pub(crate) disposition: Option<Box<str>>,
    pub(crate) cache_control: Option<Box<str>>,
    /// Base64, of whatever length it was set to.
    pub(crate) md5: Option<Box<str>>,
}

/// What a blob's type is where nobody says.
const BINARY: &str = "application/octet-stream";

impl ContentHeaders {
    /// Those of a new blob: `x-ms-blob-*`, else the plain header.
    ///
    /// # Errors
    /// 400 for an MD5 that is none.
    pub(crate) fn of_new(ask: &Ask) -> Result<Self, Failure> {
        let either = |named: HeaderName, plain: HeaderName| {
            ask.header(&named)
                .or_else(|| ask.header(&plain))
                .filter(|text| !text.is_empty())
                .map(Into::into)
        };
        Ok(Self {
            content_type: either(header::X_MS_BLOB_CONTENT_TYPE, header::CONTENT_TYPE)
                .or_else(|| Some(BINARY.into())),
            encoding: either(header::X_MS_BLOB_CONTENT_ENCODING, header::CONTENT_ENCODING),
            language: either(header::X_MS_BLOB_CONTENT_LANGUAGE, header::CONTENT_LANGUAGE),
            cache_control: either(header::X_MS_BLOB_CACHE_CONTROL, header::CACHE_CONTROL),
            ..Self::of(ask)?
        })
    }

    /// Those that the request names as `x-ms-blob-*`, and no others.
    ///
    /// # Errors
    /// 400 for an MD5 that is none.
    pub(crate) fn of(ask: &Ask) -> Result<Self, Failure> {
        let own = |name: HeaderName| {
            ask.header(&name)
                .filter(|text| !text.is_empty())
                .map(Into::into)
        };
        let md5 = ask
            .header(&header::X_MS_BLOB_CONTENT_MD5)
            .filter(|text| !text.is_empty())
            .map(|text| match hash::is_base64(text) {
                true => Ok(text.into()),
                false => Err(Failure::new(ErrorCode::INVALID_MD5)),
            })
            .transpose()?;
        Ok(Self {
            content_type: own(header::X_MS_BLOB_CONTENT_TYPE),
            encoding: own(header::X_MS_BLOB_CONTENT_ENCODING),
            language: own(header::X_MS_BLOB_CONTENT_LANGUAGE),
            disposition: ask
                .header(&header::X_MS_BLOB_CONTENT_DISPOSITION)
                .map(Into::into),
            cache_control: own(header::X_MS_BLOB_CACHE_CONTROL),
            md5,
        })
    }

    /// Whether a request names any of them.
    pub(crate) fn are_named(ask: &Ask) -> bool {
        [
            header::X_MS_BLOB_CONTENT_TYPE,
            header::X_MS_BLOB_CONTENT_ENCODING,
            header::X_MS_BLOB_CONTENT_LANGUAGE,
            header::X_MS_BLOB_CONTENT_DISPOSITION,
            header::X_MS_BLOB_CACHE_CONTROL,
            header::X_MS_BLOB_CONTENT_MD5,
        ]
        .iter()
        .any(|name| ask.headers.contains_key(name))
    }

    /// Each with the name it is read under, the MD5 apart.
    pub(crate) fn pairs(&self) -> [(HeaderName, Option<&str>); 5] {
        [
            (header::CONTENT_TYPE, self.content_type.as_deref()),
            (header::CONTENT_ENCODING, self.encoding.as_deref()),
            (header::CONTENT_LANGUAGE, self.language.as_deref()),
            (header::CONTENT_DISPOSITION, self.disposition.as_deref()),
            (header::CACHE_CONTROL, self.cache_control.as_deref()),
        ]
    }

    /// Writes them, the MD5 apart.
    pub(crate) fn write(&self, answer: &mut Answer) {
        for (name, value) in self.pairs() {
            if let Some(value) = value {
                answer.set(name, value);
            }
        }
    }
}
