//! What is known of a request when its answer has gone.

use std::net::IpAddr;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use http::request::Parts;
use http::{HeaderMap, HeaderName, Response, Version, header as http_header};
use serde::Serialize;

use blobferry_core::wire::header;
use blobferry_core::{ErrorCode, Timestamp};

use super::redact::redacted;
use crate::kind::Kind;

/// The longest text that is taken from a header.
const LONGEST: usize = 256;

/// One request and its answer.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename = "request")]
pub(crate) struct Entry {
    /// When it came, in UTC.
    time: String,
    #[serde(skip)]
    at: Timestamp,
    peer: IpAddr,
    secure: bool,
    method: String,
    url: String,
    #[serde(skip)]
    http: Version,
    /// The operation, where the request could be read as one.
    operation: Option<String>,
    /// Absent where no answer was sent.
    status: Option<u16>,
    /// The error code of a refusal.
    code: Option<String>,
    request_id: Option<String>,
    client_request_id: Option<String>,
    version: Option<String>,
    agent: Option<String>,
    /// Bytes of the body that came.
    received: u64,
    /// Bytes of the body that went.
    sent: u64,
    /// Whether the answer went whole.
    complete: bool,
    took_ms: f64,
    #[serde(skip)]
    since: Instant,
}

impl Entry {
    /// A request that has just come.
    pub(crate) fn begun(peer: IpAddr, secure: bool, parts: &Parts) -> Self {
        let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH);
        let millis = since_epoch.unwrap_or(Duration::ZERO).as_millis();
        let at = Timestamp::from_millis(i64::try_from(millis).unwrap_or(i64::MAX));
        let url = parts
            .uri
            .path_and_query()
            .map_or("/", http::uri::PathAndQuery::as_str);
        Self {
            time: at.to_iso_ticks(0),
            at,
            peer,
            secure,
            method: parts.method.to_string(),
            url: redacted(url).into_owned(),
            http: parts.version,
            operation: None,
            status: None,
            code: None,
            request_id: None,
            client_request_id: text(&parts.headers, &header::X_MS_CLIENT_REQUEST_ID),
            version: None,
            agent: text(&parts.headers, &http_header::USER_AGENT),
            received: 0,
            sent: 0,
            complete: false,
            took_ms: 0.0,
            since: Instant::now(),
        }
    }

    /// Its body has come.
    pub(crate) fn received(&mut self, bytes: u64) {
        self.received = bytes;
    }

    /// It has its answer.
    pub(crate) fn answered<B>(&mut self, answer: &Response<B>) {
        let headers = answer.headers();
        let told = answer.extensions();
        self.operation = told.get::<Kind>().map(|kind| format!("{kind:?}"));
        self.code = told.get::<ErrorCode>().map(ToString::to_string);
        self.status = Some(answer.status().as_u16());
        self.request_id = text(headers, &header::X_MS_REQUEST_ID);
        self.version = text(headers, &header::X_MS_VERSION);
    }

    /// Bytes of the answer have gone.
    pub(crate) fn sent(&mut self, bytes: usize) {
        self.sent += u64::try_from(bytes).unwrap_or(u64::MAX);
    }

    /// The answer has gone whole.
    pub(crate) const fn completed(&mut self) {
        self.complete = true;
    }

    /// Nothing more comes.
    pub(super) fn end(&mut self) {
        // A request of more than an hour took an hour.
        let micros = u32::try_from(self.since.elapsed().as_micros()).unwrap_or(u32::MAX);
        self.took_ms = f64::from(micros) / 1_000.0;
    }

    /// One line in the Common Log Format, and what it has no place for.
    pub(super) fn common(&self) -> String {
        let dash = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
        let status = self
            .status
            .map_or("-".to_owned(), |status| status.to_string());
        format!(
            "{} - - [{}] \"{} {} {:?}\" {status} {} {} {} {} {}\n",
            self.peer,
            common_time(self.at),
            quoted(&self.method),
            quoted(&self.url),
            self.http,
            self.sent,
            dash(&self.operation),
            dash(&self.code),
            dash(&self.request_id),
            self.took_ms,
        )
    }

    /// One line of JSON.
    pub(super) fn json(&self) -> String {
        let mut line = serde_json::to_string(self).unwrap_or_default();
        line.push('\n');
        line
    }
}

fn text(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    let value = headers.get(name)?.to_str().ok()?;
    Some(value.chars().take(LONGEST).collect())
}

/// `31/Jan/2026:12:00:00 +0000`, from `Sat, 31 Jan 2026 12:00:00 GMT`.
fn common_time(at: Timestamp) -> String {
    let http = at.to_http();
    let mut words = http.split_ascii_whitespace().skip(1);
    let mut next = || words.next().unwrap_or("-");
    let (day, month, year, time) = (next(), next(), next(), next());
    format!("{day}/{month}/{year}:{time} +0000")
}

/// Between quotation marks, so that nobody writes lines of their own.
fn quoted(text: &str) -> String {
    text.chars()
        .map(|character| match character {
            '"' => "\\x22".to_owned(),
            '\\' => "\\x5c".to_owned(),
            control if control.is_control() => format!("\\x{:02x}", u32::from(control)),
            other => other.to_string(),
        })
        .collect()
}
