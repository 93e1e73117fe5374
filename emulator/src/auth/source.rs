//! Whether a copy may read its source, and how a source's refusal is passed on.

use http::{HeaderMap, StatusCode};

use blobferry_core::wire::{header, query};
use blobferry_core::{ErrorCode, ServiceVersion};

use super::{Holdings, Permissions, anonymous, bearer, bearer_token, sas};
use crate::failure::Failure;
use crate::kind::{Kind, Level};
use crate::read::{Target, read_url};
use crate::request::{Ask, Caller, Query};

/// A blob of this service that a request may read as its source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SourceRef {
    pub(crate) account: String,
    pub(crate) container: String,
    pub(crate) blob: String,
    /// The snapshot's time, where one is meant.
    pub(crate) snapshot: Option<String>,
    /// The version's time, where one is meant.
    pub(crate) version_id: Option<String>,
    /// Whether it is in the account that the request goes to.
    pub(crate) same_account: bool,
    /// Whether the caller may also read its tags.
    pub(crate) tags: bool,
}

/// The longest URL of a source, in bytes.
const LONGEST: usize = 2 << 10;

/// Says which blob a copy source is, if the request may read it.
///
/// A source may be in the same account under the request's own key or token (Copy Blob only), be
/// public, carry a SAS, or come with a token in `x-ms-copy-source-authorization`.
///
/// # Errors
/// 400 for what is no URL, and for a token of another scheme; else `CannotVerifyCopySource` with the status that reading the source
/// itself has.
pub(crate) fn authorize_source(
    holdings: &impl Holdings,
    url: &str,
    asking: &Ask,
) -> Result<SourceRef, Failure> {
    let malformed = || Failure::invalid_header(&header::X_MS_COPY_SOURCE, url);
    if url.len() > LONGEST {
        return Err(malformed());
    }
    let token = source_token(asking)?;
    let (target, query) = match local(holdings, url, asking) {
        Some(found) => found,
        None if url.contains("://") && url.parse::<http::Uri>().is_ok() => {
            return Err(cannot_verify(
                asking,
                &Failure::new(ErrorCode::RESOURCE_NOT_FOUND),
            ));
        }
        None => return Err(malformed()),
    };
    if target.level != Level::Blob {
        return Err(malformed());
    }
    let same_account = target.account == asking.account;
    let is_secure = target.endpoint.starts_with("https:");
    let mut reading = asking.bring(Kind::GetBlob, http::Method::GET, target, query);
    // The source is read over what its own URL says, and under the condition on its tags.
    reading.secure = is_secure;
    if let Some(condition) = asking.headers.get(header::X_MS_SOURCE_IF_TAGS) {
        let condition = (header::X_MS_IF_TAGS, condition.clone());
        reading.headers = HeaderMap::from_iter([condition]).into();
    }
    let letters = letters(holdings, &reading, token, asking)
        .map_err(|failure| cannot_verify(asking, &failure))?;
    Ok(SourceRef {
        snapshot: reading.query.filled(query::SNAPSHOT).map(str::to_owned),
        version_id: reading.query.filled(query::VERSION_ID).map(str::to_owned),
        tags: letters.is_none_or(|letters| letters.contains(Permissions::TAGS)),
        account: reading.account,
        container: reading.container.unwrap_or_default(),
        blob: reading.blob.unwrap_or_default(),
        same_account,
    })
}

/// The answer to a request whose source answered with a failure: its status under a code that says
/// whose it is.
pub(crate) fn cannot_verify(asking: &Ask, of_source: &Failure) -> Failure {
    let source = of_source.parts();
    let told_apart = !matches!(asking.kind, Kind::AppendBlockFromUrl | Kind::PutPageFromUrl);
    let message = if told_apart {
        source.message.clone()
    } else {
        "Could not verify the copy source within the specified time.".into()
    };
    let failure = Failure::new(ErrorCode::CANNOT_VERIFY_COPY_SOURCE)
        .status(source.status)
        .message(message);
    if asking.version < ServiceVersion::V2024_08_04 || source.status == StatusCode::NOT_MODIFIED {
        return failure;
    }
    let status = source.status.as_str().to_owned();
    let mut failure = failure
        .header(header::X_MS_COPY_SOURCE_STATUS_CODE, &status)
        .detail("CopySourceStatusCode", status);
    // What is no storage service has none.
    if !source.code.as_str().is_empty() {
        failure = failure
            .header(header::X_MS_COPY_SOURCE_ERROR_CODE, source.code.as_str())
            .detail("CopySourceErrorCode", source.code.as_str());
    }
    failure.detail("CopySourceErrorMessage", source.message.clone())
}

/// What a source URL names in this service. Before 2012-02-12 it was a path with the account.
fn local(holdings: &impl Holdings, url: &str, asking: &Ask) -> Option<(Target, Query)> {
    if url.starts_with('/') && asking.version < ServiceVersion::V2012_02_12 {
        read_url(holdings.config(), &format!("http://127.0.0.1{url}"))
    } else {
        read_url(holdings.config(), url)
    }
}

/// The token that a request brings for its source: `x-ms-copy-source-authorization`, from 2020-10-02
/// and to the operations that read their source at once. To others the header means nothing.
///
/// # Errors
/// 400 for another scheme than `Bearer`.
pub(crate) fn source_token(ask: &Ask) -> Result<Option<&str>, Failure> {
    let takes_token = matches!(
        ask.kind,
        Kind::CopyBlobFromUrl
            | Kind::PutBlobFromUrl
            | Kind::PutBlockFromUrl
            | Kind::PutPageFromUrl
            | Kind::AppendBlockFromUrl
    );
    let name = header::X_MS_COPY_SOURCE_AUTHORIZATION;
    if !takes_token || ask.version < ServiceVersion::V2020_10_02 || !ask.headers.contains_key(&name)
    {
        return Ok(None);
    }
    // What it holds may be a secret of another kind, and is not told again.
    let token = ask.header(&name).and_then(bearer_token);
    token
        .map(Some)
        .ok_or_else(|| Failure::invalid_header(&name, ""))
}

/// The letters over the source; absent for its owner.
fn letters(
    holdings: &impl Holdings,
    reading: &Ask,
    token: Option<&str>,
    asking: &Ask,
) -> Result<Option<Permissions>, Failure> {
    if reading.query.get("sig").is_some() {
        let letters = sas::letters(holdings, reading)?;
        if sas::is_bound(reading) {
            sas::check_user(holdings, reading, token)?;
        }
        return Ok(Some(letters));
    }
    if let Some(token) = token {
        bearer::verify(holdings.config(), &reading.account, token, asking.now)?;
        return Ok(None);
    }
    let own = asking.kind == Kind::CopyBlob
        && reading.account == asking.account
        && matches!(asking.caller, Caller::SharedKey | Caller::Bearer);
    if own {
        return Ok(None);
    }
    anonymous::letters(holdings, reading).map(Some)
}

#[cfg(test)]
mod tests;
