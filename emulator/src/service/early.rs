//! What can be said of a request before its body has come.

use bytes::Bytes;
use http::request::Parts;
use http::{Response, header};

use blobferry_core::{ErrorCode, Timestamp};

use super::browser::Browser;
use super::{Service, finish, manner};
use crate::answer::Body;
use crate::auth;
use crate::failure::Failure;
use crate::hash::Wanted;
use crate::kind::Kind;
use crate::operation;
use crate::read;
use crate::rules::size;
use crate::structured;

impl Service {
    /// Refuses a request whose head alone says that it cannot be granted: it names no operation, its
    /// caller may not ask it, or its body is said to be longer than the operation takes. Else says
    /// which checksums of its body will be asked for.
    ///
    /// # Errors
    /// The service's refusal.
    pub(crate) fn admit(
        &self,
        now: Timestamp,
        parts: &Parts,
    ) -> Result<Wanted, Box<Response<Body>>> {
        let asked = self.asked(now, parts);
        let reading = read::read(self, now, parts.clone(), Bytes::new());
        let version = reading.version;
        let kind = reading.outcome.as_ref().ok().map(|ask| ask.kind);
        reading
            .outcome
            .and_then(|mut ask| {
                auth::authorize(self, &mut ask)?;
                let length = parts
                    .headers
                    .get(header::CONTENT_LENGTH)
                    .and_then(|value| value.to_str().ok()?.parse().ok())
                    .unwrap_or(0);
                let length = structured::content_length(&ask, length);
                size::check(ask.kind, version, length)?;
                Ok(operation::wanted(&ask))
            })
            .map_err(|failure| {
                let mut answer = finish::write(asked, version, Err(failure));
                if kind.is_some_and(manner::is_newer) {
                    manner::rewrite(&mut answer);
                }
                self.tell_browser(parts, kind, &mut answer);
                if let Some(kind) = kind {
                    answer.extensions_mut().insert(kind);
                }
                Box::new(answer)
            })
    }

    /// Refuses a request whose body did not come, came too long, or found no room.
    pub(crate) fn refuse(&self, now: Timestamp, parts: &Parts, code: ErrorCode) -> Response<Body> {
        let asked = self.asked(now, parts);
        let reading = read::read(self, now, parts.clone(), Bytes::new());
        let kind = reading.outcome.ok().map(|ask| ask.kind);
        let mut answer = finish::write(asked, reading.version, Err(Failure::new(code)));
        if kind.is_some_and(manner::is_newer) {
            manner::rewrite(&mut answer);
        }
        self.tell_browser(parts, kind, &mut answer);
        if let Some(kind) = kind {
            answer.extensions_mut().insert(kind);
        }
        answer
    }

    fn tell_browser(&self, parts: &Parts, kind: Option<Kind>, answer: &mut Response<Body>) {
        if let Some(browser) = Browser::of(self, parts) {
            browser.tell(self, kind, answer);
        }
    }
}
