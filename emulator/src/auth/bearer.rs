//! Bearer tokens, believed without asking who issued them.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;

use blobferry_core::wire::header;
use blobferry_core::{ErrorCode, Timestamp};

use super::refusal;
use crate::config::Bearer;
use crate::failure::Failure;

/// Checks a token: three parts in Base64, claims in JSON, an expiry ahead.
pub(super) fn verify(mode: Bearer, token: &str, now: Timestamp) -> Result<(), Failure> {
    if mode == Bearer::Refused {
        return Err(untrusted("Issuer validation failed. Issuer did not match."));
    }
    let claims = claims(token).ok_or_else(refusal::malformed)?;
    let expiry = number(&claims, "exp").ok_or_else(refusal::malformed)?;
    if expiry <= now.as_secs() {
        return Err(untrusted(
            "Lifetime validation failed. The token is expired.",
        ));
    }
    if number(&claims, "nbf").is_some_and(|start| start > now.as_secs() + 300) {
        return Err(untrusted(
            "Lifetime validation failed. The token is not yet valid.",
        ));
    }
    Ok(())
}

/// The object id that a token speaks for.
pub(crate) fn object_id(token: &str) -> Option<String> {
    text(&claims(token)?, "oid")
}

/// The tenant that a token comes from.
pub(crate) fn tenant_id(token: &str) -> Option<String> {
    text(&claims(token)?, "tid")
}

fn untrusted(reason: &str) -> Failure {
    Failure::new(ErrorCode::INVALID_AUTHENTICATION_INFO)
        .status(http::StatusCode::UNAUTHORIZED)
        .message(
            "Server failed to authenticate the request. Please refer to the information in the \
             www-authenticate header.",
        )
        .detail("AuthenticationErrorDetail", reason)
        .header(
            header::WWW_AUTHENTICATE,
            "Bearer authorization_uri=https://login.microsoftonline.com/common/oauth2/authorize \
             resource_id=https://storage.azure.com",
        )
}

/// The claims of a well-formed token, as JSON text.
fn claims(token: &str) -> Option<String> {
    let mut parts = token.split('.');
    let (head, body, _signature) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    let head = decoded(head)?;
    let body = decoded(body)?;
    (is_object(&head) && is_object(&body)).then_some(body)
}

fn decoded(part: &str) -> Option<String> {
    let bytes = BASE64_URL_SAFE_NO_PAD
        .decode(part.trim_end_matches('='))
        .ok()?;
    String::from_utf8(bytes).ok()
}

fn is_object(text: &str) -> bool {
    let text = text.trim();
    text.starts_with('{') && text.ends_with('}')
}

/// What follows the name of a claim; claims are flat where they matter here.
fn value<'a>(claims: &'a str, name: &str) -> Option<&'a str> {
    let quoted = format!("\"{name}\"");
    let (_, rest) = claims.split_once(&quoted)?;
    Some(rest.trim_start().strip_prefix(':')?.trim_start())
}

fn number(claims: &str, name: &str) -> Option<i64> {
    let value = value(claims, name)?;
    let end = value
        .find(|character: char| !character.is_ascii_digit())
        .unwrap_or(value.len());
    value.get(..end)?.parse().ok()
}

fn text(claims: &str, name: &str) -> Option<String> {
    let value = value(claims, name)?.strip_prefix('"')?;
    Some(value.split_once('"')?.0.to_owned())
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
        verify(mode, token, Timestamp::from_millis(1_000_000))
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
