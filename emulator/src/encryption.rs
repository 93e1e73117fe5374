//! Customer-specified encryption: keys that come with the request, and encryption scopes.
//!
//! Nothing is encrypted. Of a key only its hash is kept, and the same key is required afterwards.
//!
//! Sources: "Provide an encryption key on a request to Blob storage", "Encryption scopes for Blob
//! storage", "Shared access signature error codes", and recorded answers.

mod key;
mod table;

pub(crate) use key::KeyHash;

use serde::{Deserialize, Serialize};

use blobferry_core::wire::header;
use blobferry_core::{ErrorCode, ServiceVersion};

use crate::answer::Answer;
use crate::auth::Holdings as _;
use crate::container::{Container, Encryption};
use crate::failure::Failure;
use crate::request::{Ask, Caller};
use crate::state::State;
use table::{Takes, takes};

/// The scope of containers that name none.
pub(crate) const ACCOUNT_SCOPE: &str = "$account-encryption-key";

/// Under what a blob is kept, where that is not the account's own key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Specified {
    /// A key that the client sends with each request.
    Key(KeyHash),
    /// An encryption scope of the account.
    Scope(Box<str>),
}

impl Specified {
    /// What a request itself asks for: its key or scope, else the scope of its SAS.
    ///
    /// Headers that the operation does not take mean nothing.
    ///
    /// # Errors
    /// 400 for a key or hash that is none, for a key and a scope together, and for a scope other
    /// than that of the SAS.
    pub(crate) fn asked(ask: &Ask) -> Result<Option<Self>, Failure> {
        let takes = takes(ask.kind);
        if ask.version < ServiceVersion::V2019_02_02 || takes == Takes::Nothing {
            return Ok(None);
        }
        let key = match takes.key() {
            true => KeyHash::of(ask, &key::HEADERS)?,
            false => None,
        };
        let scope = match takes.scope() {
            true => scope(ask)?,
            false => None,
        };
        match (key, scope) {
            (Some(_), Some(scope)) => Err(Failure::invalid_header(
                &header::X_MS_ENCRYPTION_SCOPE,
                scope,
            )),
            (Some(key), None) => Ok(Some(Self::Key(key))),
            (None, scope) => Ok(scope.map(|scope| Self::Scope(scope.into()))),
        }
    }

    /// What a blob about to be made is kept under: what is asked, else the container's default.
    ///
    /// # Errors
    /// As [`asked`](Self::asked); 409 for a scope that the account does not have, 403 where the
    /// container insists on its own.
    pub(crate) fn of_new(state: &State, ask: &Ask) -> Result<Option<Self>, Failure> {
        let container = state.container(&ask.account, ask.container_name())?;
        let default = default(container);
        let own = default.map(|default| Self::Scope(default.scope.as_str().into()));
        let Some(asked) = Self::asked(ask)? else {
            return Ok(own);
        };
        if let Self::Scope(scope) = &asked {
            check_available(state, ask, scope)?;
        }
        if default.is_some_and(|default| default.deny_override) && Some(&asked) != own.as_ref() {
            return Err(Failure::new(
                ErrorCode::REQUEST_FORBIDDEN_BY_CONTAINER_ENCRYPTION_POLICY,
            ));
        }
        Ok(Some(asked).filter(|asked| *asked != Self::Scope(ACCOUNT_SCOPE.into())))
    }

    /// Adds what answers say of it.
    pub(crate) fn tell(&self, answer: &mut Answer) {
        match self {
            Self::Key(hash) => {
                answer.set(header::X_MS_ENCRYPTION_KEY_SHA256, &hash.base64());
            }
            Self::Scope(scope) => answer.set(header::X_MS_ENCRYPTION_SCOPE, scope),
        }
    }
}

/// Judges a request to an operation on a blob that is there.
///
/// # Errors
/// As [`Specified::asked`]; 409 where key or scope are missing or others.
pub(crate) fn admit(
    ask: &Ask,
    container: Option<&Encryption>,
    kept: Option<&Specified>,
) -> Result<(), Failure> {
    let takes = takes(ask.kind);
    if takes == Takes::Nothing || (kept.is_none() && ask.version < ServiceVersion::V2019_02_02) {
        return Ok(());
    }
    let asked = Specified::asked(ask)?;
    let implied = || {
        matches!((kept, container), (Some(Specified::Scope(scope)), Some(default))
            if **scope == *default.scope)
    };
    match takes {
        Takes::Nothing | Takes::ForNew | Takes::ScopeForNew | Takes::DefaultForNew => Ok(()),
        Takes::KeyToRead if asked.is_none() => match kept {
            Some(Specified::Key(_)) => fits(kept, None),
            Some(Specified::Scope(_)) | None => Ok(()),
        },
        Takes::Optionally if asked.is_none() => Ok(()),
        Takes::ToWrite if asked.is_none() && implied() => Ok(()),
        Takes::KeyToRead | Takes::Optionally | Takes::ToWrite | Takes::None => {
            fits(kept, asked.as_ref())
        }
    }
}

/// Judges the source of a copy, which is read under `x-ms-source-encryption-*`.
///
/// # Errors
/// 400 for a key that is none, 409 where the key is missing or another.
pub(crate) fn admit_source(ask: &Ask, kept: Option<&Specified>) -> Result<(), Failure> {
    let asked = source_key(ask)?;
    match (kept, &asked) {
        (Some(Specified::Scope(_)), None) => Ok(()),
        _ => fits(kept, asked.as_ref()),
    }
}

/// The key under which the source of a request is to be read.
///
/// # Errors
/// 400 for a key that is none.
pub(crate) fn source_key(ask: &Ask) -> Result<Option<Specified>, Failure> {
    if !takes_source_key(ask) {
        return Ok(None);
    }
    Ok(KeyHash::of(ask, &key::SOURCE_HEADERS)?.map(Specified::Key))
}

fn takes_source_key(ask: &Ask) -> bool {
    table::takes_source_key(ask.kind) && ask.version >= ServiceVersion::V2026_04_06
}

/// The headers of the key of a source, and what they are called where it is; none where a request
/// takes no such key.
#[cfg(feature = "server")]
pub(crate) fn source_key_headers(
    ask: &Ask,
) -> impl Iterator<Item = (&'static http::HeaderName, &'static http::HeaderName)> {
    let pairs = key::SOURCE_HEADERS
        .names()
        .into_iter()
        .zip(key::HEADERS.names());
    pairs.take(if takes_source_key(ask) { usize::MAX } else { 0 })
}

/// Whether what is there and what is asked are the same.
///
/// # Errors
/// 409 where they are not.
pub(crate) fn fits(kept: Option<&Specified>, asked: Option<&Specified>) -> Result<(), Failure> {
    Err(Failure::new(match (kept, asked) {
        (None, None) => return Ok(()),
        (Some(kept), Some(asked)) if kept == asked => return Ok(()),
        (Some(_), Some(_)) => ErrorCode::BLOB_CUSTOMER_SPECIFIED_ENCRYPTION_MISMATCH,
        (Some(_), None) => ErrorCode::BLOB_USES_CUSTOMER_SPECIFIED_ENCRYPTION,
        (None, Some(_)) => ErrorCode::BLOB_DOES_NOT_USE_CUSTOMER_SPECIFIED_ENCRYPTION,
    }))
}

/// The scope of a container's blobs that name none; absent where that is the account's key.
pub(crate) fn default(container: &Container) -> Option<&Encryption> {
    container
        .encryption
        .as_ref()
        .filter(|default| default.scope != ACCOUNT_SCOPE)
}

/// Refuses a scope that the account does not have.
///
/// # Errors
/// 409.
pub(crate) fn check_available(state: &State, ask: &Ask, scope: &str) -> Result<(), Failure> {
    if scope == ACCOUNT_SCOPE || state.config().has_encryption_scope(&ask.account, scope) {
        return Ok(());
    }
    Err(Failure::new(ErrorCode::ENCRYPTION_SCOPE_NOT_AVAILABLE))
}

/// `x-ms-encryption-scope`, or `ses` of a SAS; they must agree.
fn scope(ask: &Ask) -> Result<Option<&str>, Failure> {
    let name = header::X_MS_ENCRYPTION_SCOPE;
    let named = ask.header(&name).filter(|text| !text.is_empty());
    let signed = ask
        .query
        .filled("ses")
        .filter(|_| ask.caller == Caller::Sas);
    match (named, signed) {
        (Some(named), Some(signed)) if named != signed => {
            Err(Failure::invalid_header(&name, named))
        }
        (named, signed) => Ok(named.or(signed)),
    }
}

#[cfg(test)]
mod tests;
