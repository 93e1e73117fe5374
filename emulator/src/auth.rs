//! Who may ask what.

mod anonymous;
mod bearer;
pub(crate) mod delegation_key;
pub(crate) mod mac;
pub(crate) mod permissions;
mod refusal;
mod rules;
mod sas;
mod shared_key;
pub(crate) mod source;

#[cfg(feature = "jwks")]
pub use bearer::{InvalidJwks, Jwks};
#[cfg(all(test, feature = "jwks"))]
pub(crate) use bearer::{keys, minted};
pub(crate) use permissions::Permissions;

use serde::{Deserialize, Serialize};

use http::Method;

use blobferry_core::wire::header;
use blobferry_core::words::PublicAccess;
use blobferry_core::{ErrorCode, ServiceVersion};

use crate::config::Config;
use crate::failure::Failure;
use crate::kind::Kind;
use crate::request::{Ask, Caller};
use shared_key::{Scheme, Signed};

/// Says who asks and what they may, or refuses.
pub(crate) fn authorize(holdings: &impl Holdings, ask: &mut Ask) -> Result<(), Failure> {
    if sas::is_bound(ask) {
        ask.letters = Some(sas::letters(holdings, ask)?);
        let token = ask.header(&header::AUTHORIZATION).and_then(bearer_token);
        sas::check_user(holdings, ask, token)?;
        ask.caller = Caller::Sas;
    } else if ask.headers.contains_key(header::AUTHORIZATION) {
        let (caller, signed) = by_header(holdings, ask)?;
        ask.caller = caller;
        if signed == Signed::AsForm {
            ask.query.read_as_form();
        }
    } else if ask.query.get("sig").is_some() {
        ask.letters = Some(sas::letters(holdings, ask)?);
        ask.caller = Caller::Sas;
    } else {
        ask.letters = Some(anonymous::letters(holdings, ask)?);
        ask.caller = Caller::Anonymous;
    }
    if ask.secondary && is_write(ask) {
        return Err(Failure::new(ErrorCode::INSUFFICIENT_ACCOUNT_PERMISSIONS)
            .message("Write operations are not allowed."));
    }
    Ok(())
}

fn by_header(holdings: &impl Holdings, ask: &Ask) -> Result<(Caller, Signed), Failure> {
    let value = ask
        .header(&header::AUTHORIZATION)
        .ok_or_else(refusal::malformed)?;
    let (scheme, credential) = value.split_once(' ').ok_or_else(refusal::malformed)?;
    let signed = match scheme {
        "SharedKey" => shared_key::verify(holdings, ask, Scheme::Full, credential)?,
        "SharedKeyLite" => shared_key::verify(holdings, ask, Scheme::Lite, credential)?,
        "Bearer" => {
            if ask.version < ServiceVersion::V2017_11_09 {
                return Err(refusal::malformed());
            }
            bearer::verify(holdings.config(), &ask.account, credential.trim(), ask.now)?;
            return Ok((Caller::Bearer, Signed::AsUri));
        }
        _ => return Err(refusal::malformed()),
    };
    Ok((Caller::SharedKey, signed))
}

/// What stands after the scheme of a bearer token.
fn bearer_token(value: &str) -> Option<&str> {
    let (scheme, token) = value.split_once(' ')?;
    scheme
        .eq_ignore_ascii_case("Bearer")
        .then_some(token.trim())
}

/// The secondary endpoint only reads.
fn is_write(ask: &Ask) -> bool {
    !(matches!(ask.method, Method::GET | Method::HEAD)
        || matches!(ask.kind, Kind::QueryBlob | Kind::GetUserDelegationKey))
}

/// What authorization has to know of what is stored.
pub(crate) trait Holdings {
    /// Accounts and their keys.
    fn config(&self) -> &Config;
    /// What a container shows to everybody; absent where it is private or missing.
    fn public_access(&self, account: &str, container: &str) -> Option<PublicAccess>;
    /// A stored access policy of a container.
    fn policy(&self, account: &str, container: &str, id: &str) -> Option<StoredPolicy>;
    /// The account's `DefaultServiceVersion`.
    fn default_version(&self, account: &str) -> Option<ServiceVersion>;
}

/// A stored access policy, as it was set. Source: "Establishing a Stored Access Policy".
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct StoredPolicy {
    pub(crate) start: Option<String>,
    pub(crate) expiry: Option<String>,
    pub(crate) permission: Option<String>,
}

#[cfg(test)]
pub(crate) mod tests;
