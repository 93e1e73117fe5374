//! Options that many operations take.

use std::str::FromStr;

use blobferry_core::{
    Conditions, ContainerConditions, CopySource, Encryption, EncryptionKey, Immutability, LeaseId,
    Metadata, SourceConditions, SourceUrl, Tags, Timestamp,
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

/// A list of words separated by commas.
pub(crate) fn list<T: FromStr>(name: &str, text: &str) -> Result<Vec<T>, Reason> {
    let words = text.split(',').filter(|word| !word.is_empty());
    words.map(|word| value(name, word)).collect()
}
