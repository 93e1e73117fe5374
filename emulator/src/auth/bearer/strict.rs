//! Tokens that are believed only if they show who issued them, and for what.
//!
//! Source: "Authorize with Microsoft Entra ID", and Microsoft's pages on access tokens.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::Value;

use super::Token;
use super::jwks::Jwks;

/// Checks signature, issuer and audience.
///
/// # Errors
/// What the service says of it.
pub(super) fn check(keys: &Jwks, account: &str, token: &Token<'_>) -> Result<(), &'static str> {
    let named = |name: &str| token.header.get(name).and_then(Value::as_str);
    let is_signed = BASE64_URL_SAFE_NO_PAD
        .decode(token.signature)
        .is_ok_and(|signature| {
            let algorithm = named("alg").unwrap_or_default();
            keys.verify(algorithm, named("kid"), token.signed.as_bytes(), &signature)
        });
    if !is_signed {
        return Err("Signature validation failed. Signature verification failed.");
    }
    if !is_issued(keys, token) {
        return Err("Issuer validation failed. Issuer did not match.");
    }
    if !is_for_storage(account, token) {
        return Err("Audience validation failed. Audience did not match.");
    }
    Ok(())
}

/// The issuer is the token's own tenant, in either of the forms that Microsoft Entra writes, and
/// the tenant is the one that is accepted.
fn is_issued(keys: &Jwks, token: &Token<'_>) -> bool {
    let (Some(issuer), Some(tenant)) = (token.text("iss"), token.text("tid")) else {
        return false;
    };
    keys.tenant_name().is_none_or(|only| only == tenant)
        && (issuer == format!("https://sts.windows.net/{tenant}/")
            || issuer == format!("https://login.microsoftonline.com/{tenant}/v2.0"))
}

/// All of storage, or this account.
fn is_for_storage(account: &str, token: &Token<'_>) -> bool {
    let Some(audience) = token.text("aud") else {
        return false;
    };
    let audience = audience.strip_suffix('/').unwrap_or(audience);
    audience == "https://storage.azure.com"
        || audience == format!("https://{account}.blob.core.windows.net")
}

#[cfg(test)]
pub(crate) mod tests;
