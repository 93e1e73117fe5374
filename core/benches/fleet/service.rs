//! The least Blob service that can answer a fleet: numbered blobs of one length, copies that take
//! their time, listings by number. It reads signed requests and keeps one entry for each copy.

use std::collections::{BTreeMap, VecDeque};
use std::fmt::Write;
use std::time::Duration;

use blobferry_core::{
    Account, Action, Credential, Engine, EngineOptions, ExchangeId, Identities, Machine, Response,
    Timestamp,
};
use bytes::Bytes;

const LENGTH: u64 = 1 << 20;
const PAGE: usize = 5_000;
const NOON: Timestamp = Timestamp::from_millis(1_900_000_000_000);

pub(crate) struct Service {
    blobs: usize,
    takes: Duration,
    /// When each started copy ends, by the blob's number.
    copies: BTreeMap<usize, Timestamp>,
    date: String,
}

pub(crate) fn account(name: &str) -> Account {
    let url = format!("https://{name}.blob.core.windows.net");
    url.parse().expect("an account")
}

fn number(path: &str) -> Option<usize> {
    path.rsplit('/').next()?.parse().ok()
}

impl Service {
    pub(crate) fn new(blobs: usize, takes: Duration) -> Self {
        Self {
            blobs,
            takes,
            copies: BTreeMap::new(),
            date: NOON.to_http(),
        }
    }

    fn respond(&mut self, now: Timestamp, request: &http::Request<Bytes>) -> Response {
        let uri = request.uri();
        let builder = http::Response::builder().header("x-ms-request-id", "r");
        let query = uri.query().unwrap_or_default();
        let response = if query.contains("comp=list") {
            let marker = query
                .split('&')
                .find_map(|pair| pair.strip_prefix("marker="));
            let from = marker.and_then(number).unwrap_or(0);
            let is_source = uri.host().is_some_and(|host| host.starts_with("light"));
            builder.body(self.list(now, is_source, from).into())
        } else {
            let blob = number(uri.path()).expect("a blob");
            self.copies.insert(blob, now + self.takes);
            builder
                .status(202)
                .header("x-ms-copy-id", id(blob))
                .header("x-ms-copy-status", "pending")
                .header("etag", "\"0x1\"")
                .body(Bytes::new())
        };
        Response::new(response.expect("a response"))
    }

    fn list(&self, now: Timestamp, is_source: bool, from: usize) -> String {
        let mut xml = String::with_capacity(PAGE * 500);
        xml += "<?xml version=\"1.0\" encoding=\"utf-8\"?><EnumerationResults><Blobs>";
        let mut next = None;
        let source = (from..self.blobs).map(|blob| (blob, None));
        let copies = self.copies.range(from..);
        let destination = copies.map(|(blob, ends)| (*blob, Some(*ends)));
        let listed: &mut dyn Iterator<Item = (usize, Option<Timestamp>)> = if is_source {
            &mut source.into_iter()
        } else {
            &mut destination.into_iter()
        };
        for (at, (blob, ends)) in listed.enumerate() {
            if at == PAGE {
                next = Some(blob);
                break;
            }
            let done = ends.is_none_or(|ends| ends <= now);
            let length = if done { LENGTH } else { 0 };
            let _ = write!(
                xml,
                "<Blob><Name>2026/{blob:08}</Name><Properties><Last-Modified>{}</Last-Modified>\
                 <Etag>0x8D{blob:08}</Etag><Content-Length>{length}</Content-Length>\
                 <Content-Type>application/octet-stream</Content-Type><BlobType>BlockBlob</BlobType>",
                self.date
            );
            if ends.is_some() {
                let _ = write!(
                    xml,
                    "<CopyId>{}</CopyId><CopySource>https://lighthouse.blob.core.windows.net/logs/2026/{blob:08}</CopySource>\
                     <CopyStatus>{}</CopyStatus><CopyProgress>{length}/{LENGTH}</CopyProgress>",
                    id(blob),
                    if done { "success" } else { "pending" }
                );
            }
            xml += "</Properties></Blob>";
        }
        xml += "</Blobs><NextMarker>";
        if let Some(next) = next {
            let _ = write!(xml, "{next:08}");
        }
        xml += "</NextMarker></EnumerationResults>";
        xml
    }
}

fn id(blob: usize) -> String {
    format!("11111111-1111-4111-8111-{blob:012}")
}

/// Runs a machine to its end on virtual time, each answer 30 ms after its question.
pub(crate) fn drive<M: Machine>(machine: M, service: &mut Service) -> M::Outcome {
    let identities = ["lighthouse", "harbour"]
        .into_iter()
        .fold(Identities::new(), |all, name| {
            all.with(account(name), Credential::Anonymous)
        });
    let options = EngineOptions {
        in_flight: 256,
        ..EngineOptions::default()
    };
    let mut engine = Engine::new(machine, identities, options);
    let mut now = NOON;
    let mut wire: VecDeque<(Timestamp, ExchangeId, Response)> = VecDeque::new();
    loop {
        match engine.poll(now) {
            Action::Send { id, request, .. } => {
                let response = service.respond(now, &request.into_http());
                wire.push_back((now + Duration::from_millis(30), id, response));
            }
            Action::Emit(_) => {}
            Action::Done(outcome) => return outcome,
            Action::Renew { .. } => unreachable!("anonymous needs no renewal"),
            Action::Wait(pause) => {
                let next = wire.front().map(|(at, ..)| *at);
                let at = pause.until.into_iter().chain(next).min();
                now = at.expect("something to wait for").max(now);
                while wire.front().is_some_and(|(at, ..)| *at <= now) {
                    if let Some((_, id, response)) = wire.pop_front() {
                        engine.reply(id, response);
                    }
                }
            }
        }
    }
}
