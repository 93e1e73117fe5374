//! A world for tests: a state, virtual time, and requests of the owner in one line each.

mod account_kinds;
mod conditional;
mod containers;
mod content;
mod copied;
mod copy;
mod destination;
mod found;
mod leased;
mod limits;
mod list;
mod refused;
mod revisions;
mod tier;
mod told;
mod versions;

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method, StatusCode};

use blobferry_core::{ErrorCode, ServiceVersion, Timestamp};

use crate::answer::Answer;
use crate::config::{Config, CopyPace, Pace};
use crate::failure::Failure;
use crate::fault::Effect;
use crate::kind::{Kind, Level};
use crate::request::{Ask, Caller, Headers, Query};
use crate::state::State;

/// A request by the owner that says nothing but what it asks.
pub(crate) fn ask(kind: Kind) -> Ask {
    Ask {
        kind,
        method: Method::PUT,
        account: "devstoreaccount1".into(),
        secondary: false,
        container: Some("box".into()),
        blob: Some("blob".into()),
        query: Query::default(),
        headers: Headers::default(),
        body: Bytes::new(),
        filed: None,
        version: ServiceVersion::DEFAULT,
        endpoint: "http://127.0.0.1:10000/devstoreaccount1".into(),
        now: Timestamp::from_millis(1_600_000_000_000),
        path: String::new(),
        secure: false,
        peer: None,
        caller: Caller::SharedKey,
        letters: None,
        spelling: crate::spelling::Spelling::default(),
        effect: None,
        fetched: None,
        read_ahead: None,
        sums: crate::hash::Sums::default(),
    }
}

/// Two accounts, `devstoreaccount1` and `other`, each with a public container `box`.
pub(crate) struct World {
    pub(crate) state: State,
    pub(crate) now: Timestamp,
    pub(crate) version: ServiceVersion,
    /// What goes wrong with the requests that follow.
    pub(crate) effect: Option<Effect>,
    /// Where it is remembered, if it is.
    #[cfg(feature = "durable")]
    kept: Option<crate::store::tests::Kept>,
}

#[cfg(feature = "durable")]
impl Drop for World {
    fn drop(&mut self) {
        if let Some(kept) = &mut self.kept
            && !std::thread::panicking()
        {
            kept.reopen(&mut self.state);
        }
    }
}

/// How slow copies between accounts are in a [`World`]: one range a second.
pub(crate) const RANGE_A_SECOND: Pace = Pace {
    latency: std::time::Duration::ZERO,
    bytes_per_second: Some(4 << 20),
};

impl World {
    pub(crate) fn new() -> Self {
        #[cfg(feature = "durable")]
        let kept = crate::store::tests::Kept::if_asked_for();
        Self::of(
            #[cfg(feature = "durable")]
            kept,
        )
    }

    /// One whose state is in a directory, whatever was asked for.
    #[cfg(feature = "durable")]
    pub(crate) fn in_directory() -> Self {
        Self::of(Some(crate::store::tests::Kept::new()))
    }

    /// Opens the directory anew; what is there must be what was in memory.
    #[cfg(feature = "durable")]
    #[track_caller]
    pub(crate) fn reopen(&mut self) {
        if let Some(kept) = &mut self.kept {
            kept.reopen(&mut self.state);
        }
    }

    /// Where the state is.
    #[cfg(feature = "durable")]
    pub(crate) fn directory(&self) -> std::path::PathBuf {
        self.kept.as_ref().unwrap().path().to_owned()
    }

    /// Ends it, without comparing. The directory stays as long as what is returned.
    #[cfg(feature = "durable")]
    pub(crate) fn close(&mut self) -> Option<crate::store::tests::Kept> {
        drop(std::mem::replace(
            &mut self.state,
            State::new(Config::new()),
        ));
        self.kept.take()
    }

    fn of(#[cfg(feature = "durable")] kept: Option<crate::store::tests::Kept>) -> Self {
        let config = Config::new()
            .account("other", "c2VjcmV0")
            .unwrap()
            .copy_pace(CopyPace {
                same_account: Pace::AT_ONCE,
                other_account: RANGE_A_SECOND,
            });
        #[cfg(feature = "durable")]
        let state = kept
            .as_ref()
            .map_or_else(|| State::new(config.clone()), |kept| kept.open(&config));
        #[cfg(not(feature = "durable"))]
        let state = State::new(config);
        let mut world = Self {
            state,
            #[cfg(feature = "durable")]
            kept,
            now: Timestamp::from_millis(1_600_000_000_000),
            version: ServiceVersion::DEFAULT,
            effect: None,
        };
        for account in ["devstoreaccount1", "other"] {
            world
                .send_to(
                    account,
                    "PUT",
                    "box?restype=container",
                    &[("x-ms-blob-public-access", "container")],
                    "",
                )
                .unwrap();
        }
        world
    }

    pub(crate) fn pass(&mut self, seconds: u64) {
        self.now = self.now + std::time::Duration::from_secs(seconds);
    }

    /// A request to the first account: `METHOD`, `container/blob?query`, headers, body.
    pub(crate) fn send(
        &mut self,
        method: &str,
        url: &str,
        headers: &[(&str, &str)],
        body: impl Into<Bytes>,
    ) -> Result<Answer, Failure> {
        self.send_to("devstoreaccount1", method, url, headers, body)
    }

    pub(crate) fn send_to(
        &mut self,
        account: &str,
        method: &str,
        url: &str,
        headers: &[(&str, &str)],
        body: impl Into<Bytes>,
    ) -> Result<Answer, Failure> {
        let (path, query) = url.split_once('?').unwrap_or((url, ""));
        let (container, blob) = match path.split_once('/') {
            Some((container, blob)) => (Some(container), Some(blob)),
            None => (Some(path).filter(|path| !path.is_empty()), None),
        };
        let level = match (container, blob) {
            (_, Some(_)) => Level::Blob,
            (Some(_), None) => Level::Container,
            (None, None) => Level::Service,
        };
        let headers: Headers = headers
            .iter()
            .map(|(name, value)| {
                let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
                (name, HeaderValue::from_str(value).unwrap())
            })
            .collect();
        let query = Query::parse(query);
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let kind = Kind::recognise(level, &method, &query, &headers, self.version)?;
        let asked = Ask {
            account: account.into(),
            container: container.map(str::to_owned),
            blob: blob.map(str::to_owned),
            endpoint: format!("http://127.0.0.1:10000/{account}"),
            method,
            query,
            headers,
            body: body.into(),
            version: self.version,
            now: self.now,
            effect: self.effect,
            ..ask(kind)
        };
        #[cfg(feature = "durable")]
        if let Some(kept) = &mut self.kept {
            kept.reopen_now_and_then(&mut self.state);
        }
        super::dispatch(&mut self.state, &asked)
    }

    pub(crate) fn put(&mut self, account: &str, blob: &str, body: impl Into<Bytes>) {
        self.send_to(
            account,
            "PUT",
            &format!("box/{blob}"),
            &[("x-ms-blob-type", "BlockBlob")],
            body,
        )
        .unwrap();
    }

    /// Puts a page blob of zeros.
    pub(crate) fn pages(&mut self, account: &str, blob: &str, length: usize) {
        let headers = [
            ("x-ms-blob-type", "PageBlob"),
            ("x-ms-blob-content-length", &length.to_string()),
        ];
        self.send_to(account, "PUT", &format!("box/{blob}"), &headers, "")
            .unwrap();
    }

    /// The value of a header of the blob's properties; empty where it is not there.
    pub(crate) fn property(&mut self, blob: &str, name: &str) -> String {
        let answer = self
            .send("HEAD", &format!("box/{blob}"), &[], "")
            .unwrap_or_else(|failure| panic!("{blob}: {failure:?}"));
        header(&answer, name)
    }

    pub(crate) fn read(&mut self, blob: &str) -> Bytes {
        self.send("GET", &format!("box/{blob}"), &[], "")
            .unwrap()
            .body
            .whole()
    }

    /// Starts a copy inside the account or from `other`.
    pub(crate) fn copy(&mut self, from: &str, source: &str, to: &str) -> Result<Answer, Failure> {
        let source = format!("http://127.0.0.1:10000/{from}/box/{source}");
        self.send(
            "PUT",
            &format!("box/{to}"),
            &[("x-ms-copy-source", &source)],
            "",
        )
    }
}

pub(crate) fn header(answer: &Answer, name: &str) -> String {
    answer
        .headers
        .get(name)
        .map(|value| value.to_str().unwrap().to_owned())
        .unwrap_or_default()
}

#[track_caller]
pub(crate) fn refused(outcome: Result<Answer, Failure>, status: u16, code: ErrorCode) {
    let failure = outcome.expect_err("must be refused");
    assert_eq!(failure.code(), &code);
    assert_eq!(
        failure.parts().status,
        StatusCode::from_u16(status).unwrap()
    );
}
