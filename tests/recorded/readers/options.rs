//! Options that many operations take.

use std::str::FromStr;

use blobferry_core::{
    BlobConditions, ByteRange, Checksum, Conditions, ContainerConditions, CopySource, Encryption,
    EncryptionKey, Immutability, LeaseId, Metadata, SourceChecksum, SourceConditions, SourceUrl,
    StructuredBody, Tags, Timestamp,
};
use percent_encoding::percent_decode_str;

use super::{Call, value};
use crate::known::Reason;

impl Call<'_> {
    pub(crate) fn lease_id(&self) -> Result<Option<LeaseId>, Reason> {
        self.option("x-ms-lease-id")
    }

    pub(crate) fn date(&self, name: &str) -> Result<Option<Timestamp>, Reason> {
        let moment = self.header(name).map(Timestamp::parse_http).transpose();
        moment.map_err(|_| format!("refused at construction: {name}"))
    }

    pub(crate) fn conditions(&self) -> Result<Conditions, Reason> {
        Ok(Conditions {
            if_modified_since: self.date("if-modified-since")?,
            if_unmodified_since: self.date("if-unmodified-since")?,
            if_match: self.option("if-match")?,
            if_none_match: self.option("if-none-match")?,
            if_tags: self.option("x-ms-if-tags")?,
        })
    }

    pub(crate) fn container_conditions(&self) -> Result<ContainerConditions, Reason> {
        if self.header("if-match").is_some() || self.header("if-none-match").is_some() {
            return Err("refused at construction: ETag condition on a container".to_owned());
        }
        Ok(ContainerConditions {
            if_modified_since: self.date("if-modified-since")?,
            if_unmodified_since: self.date("if-unmodified-since")?,
        })
    }

    pub(crate) fn source_conditions(&self) -> Result<SourceConditions, Reason> {
        Ok(SourceConditions {
            if_modified_since: self.date("x-ms-source-if-modified-since")?,
            if_unmodified_since: self.date("x-ms-source-if-unmodified-since")?,
            if_match: self.option("x-ms-source-if-match")?,
            if_none_match: self.option("x-ms-source-if-none-match")?,
            if_tags: self.option("x-ms-source-if-tags")?,
        })
    }

    pub(crate) fn metadata(&self) -> Result<Metadata, Reason> {
        Metadata::new(self.headers_under("x-ms-meta-"))
            .map_err(|_| "refused at construction: metadata".to_owned())
    }

    pub(crate) fn tags(&self) -> Result<Tags, Reason> {
        let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
        let header = self.header("x-ms-tags").unwrap_or_default();
        let pairs = header
            .split('&')
            .filter(|pair| !pair.is_empty())
            .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
            .map(|(key, value)| (decoded(key), decoded(value)));
        Tags::new(pairs).map_err(|_| "refused at construction: x-ms-tags".to_owned())
    }

    /// The key's own bytes were redacted: any key stands for it.
    pub(crate) fn key(&self) -> Option<EncryptionKey> {
        self.header("x-ms-encryption-algorithm")
            .or(self.header("x-ms-encryption-key"))
            .or(self.header("x-ms-encryption-key-sha256"))
            .map(|_| EncryptionKey::new([7; 32]))
    }

    pub(crate) fn encryption(&self) -> Result<Encryption, Reason> {
        match (self.key(), self.option("x-ms-encryption-scope")?) {
            (None, None) => Ok(Encryption::Account),
            (Some(key), None) => Ok(Encryption::Key(key)),
            (None, Some(scope)) => Ok(Encryption::Scope(scope)),
            (Some(_), Some(_)) => Err("refused at construction: key and scope".to_owned()),
        }
    }

    pub(crate) fn immutability(&self) -> Result<Immutability, Reason> {
        Ok(Immutability {
            until: self.date("x-ms-immutability-policy-until-date")?,
            mode: self.word("x-ms-immutability-policy-mode"),
            legal_hold: self.flag("x-ms-legal-hold"),
        })
    }

    pub(crate) fn checksum(&self) -> Result<Option<Checksum>, Reason> {
        match (
            self.option("content-md5")?,
            self.option("x-ms-content-crc64")?,
        ) {
            (None, None) => Ok(None),
            (Some(md5), None) => Ok(Some(Checksum::Md5(md5))),
            (None, Some(crc64)) => Ok(Some(Checksum::Crc64(crc64))),
            (Some(_), Some(_)) => Err("refused at construction: MD5 and CRC64".to_owned()),
        }
    }

    pub(crate) fn structured(&self) -> Result<Option<StructuredBody>, Reason> {
        let Some(form) = self.option("x-ms-structured-body")? else {
            return Ok(None);
        };
        let content_length = self.need("x-ms-structured-content-length", "0")?;
        Ok(Some(StructuredBody {
            form,
            content_length,
        }))
    }

    /// Conditions on the blob whose tags are meant.
    pub(crate) fn blob_conditions(&self) -> Result<BlobConditions, Reason> {
        Ok(BlobConditions {
            if_modified_since: self.date("x-ms-blob-if-modified-since")?,
            if_unmodified_since: self.date("x-ms-blob-if-unmodified-since")?,
            if_match: self.option("x-ms-blob-if-match")?,
            if_none_match: self.option("x-ms-blob-if-none-match")?,
        })
    }

    pub(crate) fn source_checksum(&self) -> Result<Option<SourceChecksum>, Reason> {
        match (
            self.option("x-ms-source-content-md5")?,
            self.option("x-ms-source-content-crc64")?,
        ) {
            (None, None) => Ok(None),
            (Some(md5), None) => Ok(Some(SourceChecksum::Md5(md5))),
            (None, Some(crc64)) => Ok(Some(SourceChecksum::Crc64(crc64))),
            (Some(_), Some(_)) => Err("refused at construction: MD5 and CRC64".to_owned()),
        }
    }

    pub(crate) fn byte_range(&self) -> Result<Option<ByteRange>, Reason> {
        let Some(text) = self.header("x-ms-range").or(self.header("range")) else {
            return Ok(None);
        };
        let refused = || "refused at construction: range".to_owned();
        let (first, last) = text
            .strip_prefix("bytes=")
            .and_then(|range| range.split_once('-'))
            .ok_or_else(refused)?;
        let first: u64 = value("range", first)?;
        if last.is_empty() {
            return Ok(Some(ByteRange::from(first)));
        }
        let last: u64 = value("range", last)?;
        let length = last.checked_sub(first).and_then(|more| more.checked_add(1));
        let range = length.and_then(|length| ByteRange::new(first, length).ok());
        range.map(Some).ok_or_else(refused)
    }

    pub(crate) fn source(&self) -> Result<CopySource, Reason> {
        let url: Url = self.need("x-ms-copy-source", "https://a.blob.core.windows.net/c/b")?;
        Ok(CopySource::Url(url.0))
    }
}

struct Url(SourceUrl);

impl FromStr for Url {
    type Err = blobferry_core::InvalidInput;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        SourceUrl::new(text).map(Self)
    }
}
