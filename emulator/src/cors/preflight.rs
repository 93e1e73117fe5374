//! Preflight Blob Request: may a page ask this?

use http::{HeaderMap, HeaderName, header};

use blobferry_core::ErrorCode;

use crate::answer::Answer;
use crate::failure::Failure;

use super::Rule;

/// Answers a browser that asks before it asks. Whether what it asks for exists makes no difference.
///
/// # Errors
/// 400 where it does not say who wants to do what; 403 where no rule lets it.
pub(crate) fn preflight(rules: &[Rule], headers: &HeaderMap) -> Result<Answer, Failure> {
    let origin = required(headers, &header::ORIGIN)?;
    let method = required(headers, &header::ACCESS_CONTROL_REQUEST_METHOD)?;
    let wanted = text(headers, &header::ACCESS_CONTROL_REQUEST_HEADERS).unwrap_or_default();
    let rule = rules
        .iter()
        .find(|rule| {
            rule.admits_origin(Some(origin)).is_some()
                && rule.admits_method(method)
                && wanted
                    .split(',')
                    .map(str::trim)
                    .filter(|name| !name.is_empty())
                    .all(|name| rule.admits_header(name))
        })
        .ok_or_else(no_rule)?;
    Ok(Answer::ok()
        .header(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin)
        .header(header::ACCESS_CONTROL_ALLOW_METHODS, method)
        .header_if(
            header::ACCESS_CONTROL_ALLOW_HEADERS,
            Some(wanted).filter(|wanted| !wanted.is_empty()),
        )
        .header(header::ACCESS_CONTROL_MAX_AGE, &rule.max_age)
        .constant(header::ACCESS_CONTROL_ALLOW_CREDENTIALS, "true"))
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

fn required<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Result<&'a str, Failure> {
    text(headers, name)
        .filter(|value| !value.is_empty())
        .ok_or_else(|| {
            Failure::new(ErrorCode::INVALID_HEADER_VALUE)
                .message("A required CORS header is not present.")
                .detail(
                    "MessageDetails",
                    format!("Invalid required CORS header {name}"),
                )
        })
}

/// The catalogues do not name this code; browsers' users know it well.
fn no_rule() -> Failure {
    Failure::new(ErrorCode::from("CorsPreflightFailure"))
        .status(http::StatusCode::FORBIDDEN)
        .message("CORS not enabled or no matching rule found for this request.")
        .detail("MessageDetails", "No CORS rules matches this request")
}
