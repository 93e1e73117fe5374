//! Verifying Shared Key and Shared Key Lite. Source: "Authorize with Shared Key".
//!
//! The text is put together here by this crate's own reading of the page, so that a client that
//! misreads it is found out.

mod text;

use std::time::Duration;

use blobferry_core::wire::header;
use blobferry_core::{ErrorCode, Timestamp};

use super::{Holdings, refusal};
use crate::failure::Failure;
use crate::kind::Kind;
use crate::request::Ask;

pub(crate) use text::Scheme;

/// How old, or how far ahead, the date of a request may be.
const SKEW: Duration = Duration::from_secs(15 * 60);

/// How the client read its own query when it signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Signed {
    /// A plus sign is one.
    AsUri,
    /// A plus sign means a space.
    AsForm,
}

/// Checks `account:signature`, what stands after the scheme.
pub(super) fn verify(
    holdings: &impl Holdings,
    ask: &Ask,
    scheme: Scheme,
    credential: &str,
) -> Result<Signed, Failure> {
    let (account, signature) = credential.split_once(':').ok_or_else(refusal::malformed)?;
    let keys = holdings
        .config()
        .keys(&ask.account)
        .filter(|_| account == ask.account)
        .ok_or_else(|| {
            refusal::not_authentic(format!(
                "The account {account} of the Authorization header is not that of the URL."
            ))
        })?;
    check_date(holdings, ask)?;
    let text = text::to_sign(ask, scheme, text::Variant::default());
    let genuine = if keys.verify(&text, signature) {
        Some(Signed::AsUri)
    } else {
        text::Variant::others(ask)
            .find(|variant| keys.verify(&text::to_sign(ask, scheme, *variant), signature))
            .map(text::Variant::signed)
    };
    let Some(signed) = genuine else {
        return Err(refusal::not_authentic(format!(
            "The MAC signature found in the HTTP request '{signature}' is not the same as any \
             computed signature. Server used following string to sign: '{}'.",
            String::from_utf8_lossy(&text)
        )));
    };
    if ask.kind == Kind::GetUserDelegationKey {
        return Err(refusal::not_authentic(
            "Only authentication scheme Bearer is supported",
        ));
    }
    Ok(signed)
}

/// Requests age; under a clock that a test has moved they do not.
fn check_date(holdings: &impl Holdings, ask: &Ask) -> Result<(), Failure> {
    let text = ask
        .header(&header::X_MS_DATE)
        .or_else(|| ask.header(&header::DATE))
        .ok_or_else(|| Failure::new(ErrorCode::AUTHENTICATION_FAILED))?;
    let date = Timestamp::parse_http(text).map_err(|_| {
        refusal::not_authentic(format!("Request date header is not well formed: '{text}'"))
    })?;
    let apart = date.since(ask.now).max(ask.now.since(date));
    if apart > SKEW && !holdings.config().clock.is_moved() {
        return Err(refusal::not_authentic(format!(
            "Request date header too old: '{text}'"
        )));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
