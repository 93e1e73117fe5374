//! Bearer tokens: believed without asking who issued them, or verified against given keys.

#[cfg(feature = "jwks")]
mod jwks;
#[cfg(feature = "jwks")]
mod strict;

#[cfg(all(test, feature = "jwks"))]
pub(crate) use strict::tests::{keys, minted};

#[cfg(feature = "jwks")]
pub use jwks::{InvalidJwks, Jwks};

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

use blobferry_core::wire::header;
use blobferry_core::{ErrorCode, Timestamp};

use super::refusal;
use crate::config::{Bearer, Config};
use crate::failure::Failure;

/// How far ahead `nbf` may lie, in seconds: clocks differ.
const SKEW: i64 = 300;

/// Checks a token that is to open an account: three parts in Base64, claims in JSON, an expiry ahead;
/// in strict mode also who signed it, and for whom.
pub(super) fn verify(
    config: &Config,
    account: &str,
    token: &str,
    now: Timestamp,
) -> Result<(), Failure> {
    if config.bearer == Bearer::Refused {
        return Err(untrusted(
            config,
            "Issuer validation failed. Issuer did not match.",
        ));
    }
    let token = Token::read(token).ok_or_else(refusal::malformed)?;
    let expiry = token.number("exp").ok_or_else(refusal::malformed)?;
    match &config.bearer {
        Bearer::Lax | Bearer::Refused => {}
        #[cfg(feature = "jwks")]
        Bearer::Strict(keys) => {
            strict::check(keys, account, &token).map_err(|reason| untrusted(config, reason))?
        }
    }
    #[cfg(not(feature = "jwks"))]
    let _ = account;
    if expiry <= now.as_secs() {
        return Err(untrusted(
            config,
            "Lifetime validation failed. The token is expired.",
        ));
    }
    if token
        .number("nbf")
        .is_some_and(|start| start > now.as_secs() + SKEW)
    {
        return Err(untrusted(
            config,
            "Lifetime validation failed. The token is not yet valid.",
        ));
    }
    Ok(())
}

/// The object id that a token speaks for.
pub(crate) fn object_id(token: &str) -> Option<String> {
    Token::read(token)?.text("oid").map(str::to_owned)
}

/// The tenant that a token comes from.
pub(crate) fn tenant_id(token: &str) -> Option<String> {
    Token::read(token)?.text("tid").map(str::to_owned)
}

/// Where a token that would be accepted is to be had: the value of `WWW-Authenticate`.
pub(super) fn challenge(config: &Config) -> String {
    let tenant = match &config.bearer {
        #[cfg(feature = "jwks")]
        Bearer::Strict(keys) => keys.tenant_name().unwrap_or("common"),
        _ => "common",
    };
    format!(
        "Bearer authorization_uri=https://login.microsoftonline.com/{tenant}/oauth2/authorize \
         resource_id=https://storage.azure.com"
    )
}

fn untrusted(config: &Config, reason: &str) -> Failure {
    Failure::new(ErrorCode::INVALID_AUTHENTICATION_INFO)
        .status(http::StatusCode::UNAUTHORIZED)
        .message(
            "Server failed to authenticate the request. Please refer to the information in the \
             www-authenticate header.",
        )
        .detail("AuthenticationErrorDetail", reason)
        .header(header::WWW_AUTHENTICATE, &challenge(config))
}

/// A JSON Web Token, taken apart. Nobody has said yet whether it can be believed.
struct Token<'a> {
    #[cfg_attr(
        not(feature = "jwks"),
        expect(dead_code, reason = "only keys have names")
    )]
    header: Map<String, Value>,
    claims: Map<String, Value>,
    /// What is signed.
    #[cfg_attr(not(feature = "jwks"), expect(dead_code, reason = "only keys sign"))]
    signed: &'a str,
    #[cfg_attr(not(feature = "jwks"), expect(dead_code, reason = "only keys sign"))]
    signature: &'a str,
}

impl<'a> Token<'a> {
    fn read(text: &'a str) -> Option<Self> {
        let (signed, signature) = text.rsplit_once('.')?;
        let (header, claims) = signed.split_once('.')?;
        if claims.contains('.') {
            return None;
        }
        Some(Self {
            header: object(header)?,
            claims: object(claims)?,
            signed,
            signature,
        })
    }

    fn text(&self, claim: &str) -> Option<&str> {
        self.claims.get(claim)?.as_str()
    }

    fn number(&self, claim: &str) -> Option<i64> {
        self.claims.get(claim)?.as_i64()
    }
}

fn object(part: &str) -> Option<Map<String, Value>> {
    let bytes = BASE64_URL_SAFE_NO_PAD
        .decode(part.trim_end_matches('='))
        .ok()?;
    serde_json::from_slice(&bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(claims: &str) -> String {
        format!(
            "{}.{}.sig",
            BASE64_URL_SAFE_NO_PAD.encode(r#"{"alg":"none"}"#),
            BASE64_URL_SAFE_NO_PAD.encode(claims)
        )
    }

    fn code(mode: Bearer, token: &str) -> Option<(u16, ErrorCode)> {
        let config = Config::new().bearer(mode);
        verify(
            &config,
            "devstoreaccount1",
            token,
            Timestamp::from_millis(1_000_000),
        )
        .err()
        .map(|failure| (failure.parts().status.as_u16(), failure.code().clone()))
    }

    #[test]
    fn a_token_is_believed_until_it_expires() {
        let good = token(r#"{"oid": "me", "tid":"here", "exp" : 1001, "nbf":900}"#);
        assert_eq!(code(Bearer::Lax, &good), None);
        assert_eq!(object_id(&good).as_deref(), Some("me"));
        assert_eq!(tenant_id(&good).as_deref(), Some("here"));
        for claims in [r#"{"exp":1000}"#, r#"{"exp":9999,"nbf":5000}"#] {
            assert_eq!(
                code(Bearer::Lax, &token(claims)),
                Some((401, ErrorCode::INVALID_AUTHENTICATION_INFO))
            );
        }
    }

    #[test]
    fn what_is_no_token_is_malformed() {
        for text in [
            "",
            "abc",
            "a.b.c",
            "a.b.c.d",
            &token("[]"),
            &token(r#"{"exp":"soon"}"#),
        ] {
            assert_eq!(
                code(Bearer::Lax, text),
                Some((400, ErrorCode::INVALID_AUTHENTICATION_INFO)),
                "{text}"
            );
        }
    }

    #[test]
    fn tokens_can_be_refused_altogether() {
        let good = token(r#"{"exp": 1001}"#);
        assert_eq!(
            code(Bearer::Refused, &good).map(|(status, _)| status),
            Some(401)
        );
    }
}
