//! An answer that waits until what it tells is remembered.

use http::Response;

#[cfg(feature = "durable")]
use blobferry_core::{ErrorCode, ServiceVersion};

use crate::answer::Body;
#[cfg(feature = "durable")]
use crate::failure::Failure;
#[cfg(feature = "durable")]
use crate::store::{About, NotKept, Ticket};

#[cfg(feature = "durable")]
use super::finish::{self, Asked};

/// An answer, and what it has to wait for.
#[derive(Debug)]
pub(crate) struct Pending {
    response: Response<Body>,
    #[cfg(feature = "durable")]
    commit: Option<Commit>,
}

/// What is waited for, and what is needed to say that it did not come.
#[cfg(feature = "durable")]
#[derive(Debug)]
pub(super) struct Commit {
    pub(super) ticket: Ticket,
    pub(super) telling: Telling,
}

/// What an answer tells, and to whom.
#[cfg(feature = "durable")]
#[derive(Debug)]
pub(super) struct Telling {
    /// What it tells of, where the request only read.
    pub(super) about: Option<About>,
    pub(super) asked: Asked,
    pub(super) version: ServiceVersion,
}

impl From<Response<Body>> for Pending {
    fn from(response: Response<Body>) -> Self {
        Self {
            response,
            #[cfg(feature = "durable")]
            commit: None,
        }
    }
}

impl Pending {
    #[cfg(feature = "durable")]
    pub(super) fn until(mut self, commit: Option<Commit>) -> Self {
        self.commit = commit;
        self
    }

    /// The answer where it may leave now.
    ///
    /// # Errors
    /// This, where it has to wait.
    #[cfg(feature = "server")]
    pub(crate) fn ready(self) -> Result<Response<Body>, Box<Self>> {
        #[cfg(feature = "durable")]
        if self.commit.is_some() {
            return Err(Box::new(self));
        }
        Ok(self.response)
    }

    /// The answer, when it may leave.
    #[cfg(feature = "server")]
    #[cfg_attr(
        not(feature = "durable"),
        expect(clippy::unused_async, reason = "without a store nothing is waited for")
    )]
    pub(crate) async fn settled(self) -> Response<Body> {
        #[cfg(feature = "durable")]
        if let Some(commit) = self.commit {
            return commit.telling.told(self.response, commit.ticket.await);
        }
        self.response
    }

    /// The answer, when it may leave. Keeps the thread.
    pub(crate) fn wait(self) -> Response<Body> {
        #[cfg(feature = "durable")]
        if let Some(commit) = self.commit {
            return commit.telling.told(self.response, commit.ticket.wait());
        }
        self.response
    }
}

#[cfg(feature = "durable")]
impl Telling {
    /// Nothing is told that may be lost: 500, as when the service cannot say how a request ended.
    fn told(self, response: Response<Body>, kept: Result<(), NotKept>) -> Response<Body> {
        match kept {
            Ok(()) => response,
            Err(lost) if self.about.is_some_and(|about| !lost.concerns(&about)) => response,
            Err(_) => {
                let failure = Failure::new(ErrorCode::INTERNAL_ERROR);
                finish::write(self.asked, self.version, Err(failure))
            }
        }
    }
}
