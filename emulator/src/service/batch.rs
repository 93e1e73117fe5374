//! Answering a batch: every request in it is authorized and done by itself, in order.

use http::Response;

use blobferry_core::ErrorCode;

use crate::answer::{Answer, Body};
use crate::auth;
use crate::batch::{LONGEST, Writer, plan};
use crate::failure::Failure;
use crate::request::Ask;

use super::Service;
use super::finish::{self, Asked, Reason};

/// Does what the requests in the body ask.
///
/// # Errors
/// 400 without a `Content-Type`, 413 for a body that is too long. All else is told inside the answer.
pub(super) fn answer(service: &Service, outer: &Ask) -> Result<Answer, Failure> {
    if !outer.headers.contains_key(http::header::CONTENT_TYPE) {
        return Err(Failure::invalid_header(&http::header::CONTENT_TYPE, ""));
    }
    if outer.body.len() > LONGEST {
        return Err(Failure::new(ErrorCode::REQUEST_BODY_TOO_LARGE));
    }
    let mut writer = Writer::new(&service.request_id());
    let asked = |client_request_id| Asked {
        now: outer.now,
        is_head: false,
        client_request_id,
        request_id: service.request_id(),
    };
    match plan(service.config(), outer) {
        Err(failure) => push(
            &mut writer,
            None,
            finish::write(asked(None), outer.version, Err(failure)),
        ),
        Ok(planned) => {
            for one in planned {
                let mut ask = one.ask;
                let asked = asked(finish::echoed_id(&ask.headers));
                let outcome = auth::authorize(service, &mut ask).and_then(|()| {
                    ask.forget_newer();
                    #[cfg(feature = "durable")]
                    service.check_disk(&ask)?;
                    service.perform(&ask)
                });
                let answer = finish::write(asked, outer.version, outcome);
                push(&mut writer, one.content_id.as_deref(), answer);
            }
        }
    }
    let (content_type, body) = writer.finish();
    Ok(Answer::accepted()
        .header(http::header::CONTENT_TYPE, &content_type)
        .body(body))
}

fn push(writer: &mut Writer, content_id: Option<&str>, answer: Response<Body>) {
    let (parts, body) = answer.into_parts();
    let reason = match parts.extensions.get::<Reason>() {
        Some(Reason(text)) => text.clone(),
        None => parts.status.canonical_reason().unwrap_or_default().into(),
    };
    let body = body.join().unwrap_or_default();
    let text = String::from_utf8_lossy(&body).into_owned();
    writer.push(content_id, &reason, &Response::from_parts(parts, text));
}

#[cfg(test)]
mod tests;
