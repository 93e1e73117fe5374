//! Writing the source of a copy, with the proof that it may be read.

use std::borrow::Cow;
use std::time::Duration;

use http::HeaderValue;

use crate::address::{Account, BlobAddress, Revision};
use crate::credential::{Credential, Identities};
use crate::error::InvalidInput;
use crate::message::{Request, SourceProof};
use crate::sas::{Permissions, ServiceSas, Terms};
use crate::source::CopySource;
use crate::time::Timestamp;
use crate::version::ServiceVersion;

use super::shared_key::SharedKey;
use super::{SignError, good, over_tls, secret};

/// "The source URL may be up to 2 KiB in length." Source: "Copy Blob".
const LONGEST: usize = 2048;
/// Clocks differ; a token that is good from now on may be refused.
const BEFORE: Duration = Duration::from_secs(15 * 60);
/// A pending copy lives two weeks and reads its source to the end.
const AFTER: Duration = Duration::from_secs(14 * 24 * 60 * 60);

/// The request that names the source, and who sends it.
pub(super) struct Asking<'a> {
    pub(super) request: &'a Request,
    pub(super) credential: &'a Credential,
    pub(super) identities: &'a Identities,
    pub(super) version: ServiceVersion,
    pub(super) now: Timestamp,
}

/// The headers of the source, and the version they need.
pub(super) struct Written {
    pub(super) url: HeaderValue,
    pub(super) token: Option<HeaderValue>,
    pub(super) version: ServiceVersion,
}

/// Writes where the copy reads from and what lets the service read it.
pub(super) fn write(source: &CopySource, asking: &Asking<'_>) -> Result<Written, SignError> {
    let mut version = asking.version;
    let mut bearer = None;
    let text = match source {
        CopySource::Url(url) => url.expose().to_owned(),
        CopySource::Blob(blob) if version < ServiceVersion::V2012_02_12 => {
            old_form(blob, asking.request)?
        }
        CopySource::Blob(blob) => match proof(blob, asking)? {
            Proof::None => blob.url(0),
            Proof::Query(sas) => joined(blob, &sas),
            Proof::Token(token) => {
                version = match asking.request.parts.version {
                    Some(fixed) => fixed,
                    None => version.max(ServiceVersion::V2020_10_02),
                };
                bearer = Some(token);
                blob.url(0)
            }
        },
    };
    if text.len() > LONGEST {
        return Err(InvalidInput::new(
            "copy source",
            "",
            "may have at most 2,048 characters with its shared access signature",
        )
        .into());
    }
    Ok(Written {
        url: secret(text)?,
        token: bearer,
        version,
    })
}

/// What lets the service read the source.
enum Proof<'a> {
    /// Nothing is needed: it is public, or the request's own authorization covers it.
    None,
    /// A SAS in its URL.
    Query(Cow<'a, str>),
    /// A token in a header of its own.
    Token(HeaderValue),
}

fn proof<'a>(blob: &BlobAddress, asking: &Asking<'a>) -> Result<Proof<'a>, SignError> {
    let destination = &asking.request.parts.account;
    let same = blob.account.is_same_account(destination);
    let credential = match good(asking.identities, &blob.account, asking.now) {
        // One credential serves an account that is not labelled as another identity.
        Err(_) if same && asking.identities.get(&blob.account).is_none() => asking.credential,
        found => found?,
    };
    let covered = same && asking.request.parts.source_proof == SourceProof::Covered;
    match (credential, asking.credential) {
        (Credential::Anonymous, _) => Ok(Proof::None),
        (Credential::SharedKey(_), Credential::SharedKey(_))
        | (Credential::Bearer(_), Credential::Bearer(_))
            if covered =>
        {
            Ok(Proof::None)
        }
        (Credential::Sas(sas), _) => Ok(Proof::Query(Cow::Borrowed(sas.expose()))),
        (Credential::SharedKey(key), _) => Ok(Proof::Query(Cow::Owned(minted(blob, key, asking)?))),
        (Credential::Bearer(bearer), _) => match asking.request.parts.source_proof {
            SourceProof::OwnOrToken => Ok(Proof::Token(over_tls(bearer, &blob.account)?)),
            SourceProof::Covered | SourceProof::Own => Err(bearer_refused(&blob.account)),
        },
    }
}

fn bearer_refused(account: &Account) -> SignError {
    InvalidInput::new(
        "credential of the copy source",
        account.to_string(),
        "a bearer token cannot travel with this operation: use a SAS or the account key, or a \
         synchronous copy from URL",
    )
    .into()
}

/// A token for this one blob, to be read for as long as a copy may take.
fn minted(
    blob: &BlobAddress,
    key: &SharedKey,
    asking: &Asking<'_>,
) -> Result<String, InvalidInput> {
    let least = match blob.revision {
        Revision::Current => ServiceVersion::V2012_02_12,
        Revision::Snapshot(_) => ServiceVersion::V2018_11_09,
        Revision::Version(_) => ServiceVersion::V2019_12_12,
    };
    let terms = Terms {
        start: Some(asking.now - BEFORE),
        version: asking.version.max(least),
        ..Terms::until(asking.now + AFTER, Permissions::READ)
    };
    let sas = ServiceSas::new(blob.clone(), terms).sign(key)?;
    Ok(sas.expose().to_owned())
}

fn joined(blob: &BlobAddress, sas: &str) -> String {
    let mut url = blob.url(sas.len() + 1);
    url.push(match blob.revision {
        Revision::Current => '?',
        Revision::Snapshot(_) | Revision::Version(_) => '&',
    });
    url.push_str(sas);
    url
}

/// Before 2012-02-12 a source is a path, always of the same account.
fn old_form(blob: &BlobAddress, request: &Request) -> Result<String, InvalidInput> {
    if !blob.account.is_same_account(&request.parts.account) {
        return Err(InvalidInput::new(
            "copy source",
            blob.to_string(),
            "must be in the destination's account before version 2012-02-12",
        ));
    }
    let url = blob.to_string();
    let place = url
        .strip_prefix(blob.account.origin())
        .and_then(|path| path.strip_prefix(blob.account.base()))
        .unwrap_or_default();
    Ok(format!("/{}{place}", blob.account.name()))
}
