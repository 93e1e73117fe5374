//! A small Blob service and a bad wire on virtual time, for the tests of the machines.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request, Response as Http};

use crate::address::{Account, BlobAddress, Location, Place};
use crate::credential::{Credential, Identities};
use crate::engine::{Action, Engine, EngineOptions};
use crate::error::TransportError;
use crate::machine::Machine;
use crate::message::{ExchangeId, Response};
use crate::seed::Seed;
use crate::time::Timestamp;

pub(crate) const NOON: Timestamp = Timestamp::from_millis(1_900_000_000_000);
pub(crate) const SOURCE: &str = "https://lighthouse.blob.core.windows.net";
pub(crate) const DESTINATION: &str = "https://harbour.blob.core.windows.net";

/// What can go wrong, in so many of a thousand exchanges.
#[derive(Debug, Clone, Default)]
pub(crate) struct Weather {
    /// The request never arrives.
    pub(crate) lost_before: u64,
    /// The answer never arrives.
    pub(crate) lost_after: u64,
    /// The answer arrives twice.
    pub(crate) doubled: u64,
    /// The service is busy.
    pub(crate) busy: u64,
    /// The service fails after the work.
    pub(crate) errors: u64,
    /// A copy ends as failed; of a thousand copies.
    pub(crate) failing: u64,
    /// Somebody aborts a pending copy when it is looked at.
    pub(crate) aborted: u64,
}

pub(crate) struct World {
    pub(crate) blobs: BTreeMap<String, Blob>,
    pub(crate) weather: Weather,
    /// How long a copy is pending; none finishes in the request.
    pub(crate) copy_takes: Duration,
    pub(crate) page_size: usize,
    /// A container that nobody may list.
    pub(crate) no_list: Option<String>,
    /// How far the service's clock is ahead.
    pub(crate) ahead: Duration,
    pub(crate) seed: Seed,
    /// What was asked, by kind.
    pub(crate) asked: BTreeMap<&'static str, u64>,
    /// The most copies that were pending at once.
    pub(crate) most_pending: usize,
    serial: u64,
}

#[derive(Debug, Clone)]
pub(crate) struct Blob {
    pub(crate) length: u64,
    /// What the bytes are made of.
    pub(crate) stuff: u8,
    pub(crate) etag: u64,
    pub(crate) modified: Timestamp,
    pub(crate) copy: Option<Copy>,
    pub(crate) lease: Option<(String, Option<Timestamp>)>,
}

#[derive(Debug, Clone)]
pub(crate) struct Copy {
    pub(crate) id: String,
    pub(crate) source: String,
    pub(crate) status: &'static str,
    pub(crate) begun: Timestamp,
    pub(crate) ends: Timestamp,
    pub(crate) total: u64,
    pub(crate) stuff: u8,
    pub(crate) copied: u64,
}

pub(crate) fn blob(url: &str) -> BlobAddress {
    match url.parse() {
        Ok(Location {
            place: Place::Blob(blob),
            ..
        }) => blob,
        other => panic!("{other:?}"),
    }
}

pub(crate) fn identities() -> Identities {
    [SOURCE, DESTINATION]
        .into_iter()
        .fold(Identities::new(), |all, url| {
            all.with(url.parse::<Account>().unwrap(), Credential::Anonymous)
        })
}

impl World {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            blobs: BTreeMap::new(),
            weather: Weather::default(),
            copy_takes: Duration::from_secs(10),
            page_size: 7,
            no_list: None,
            ahead: Duration::ZERO,
            seed: Seed::new(seed),
            asked: BTreeMap::new(),
            most_pending: 0,
            serial: 0,
        }
    }

    pub(crate) fn put(&mut self, url: &str, length: u64) {
        self.serial += 1;
        let stuff = u8::try_from(self.serial % 251).unwrap();
        let (etag, modified) = (self.serial, NOON);
        let blob = Blob {
            length,
            stuff,
            etag,
            modified,
            copy: None,
            lease: None,
        };
        self.blobs.insert(url.to_owned(), blob);
    }

    /// Somebody else's pending copy.
    pub(crate) fn put_pending(&mut self, url: &str, source: &str, ends: Timestamp) {
        self.put(url, 0);
        let id = self.uuid();
        let blob = self.blobs.get_mut(url).unwrap();
        let (length, stuff) = (40, 9);
        blob.copy = Some(Copy {
            id,
            source: source.to_owned(),
            status: "pending",
            begun: NOON,
            ends,
            total: length,
            stuff,
            copied: 0,
        });
    }

    fn uuid(&mut self) -> String {
        self.seed.uuid()
    }

    fn chance(&mut self, of_thousand: u64) -> bool {
        of_thousand > 0 && self.seed.below(1000) < of_thousand
    }

    /// Brings what is pending up to date.
    fn pass(&mut self, now: Timestamp) {
        for blob in self.blobs.values_mut() {
            blob.pass(now);
        }
        let pending = |blob: &&Blob| {
            blob.copy
                .as_ref()
                .is_some_and(|copy| copy.status == "pending")
        };
        self.most_pending = self
            .most_pending
            .max(self.blobs.values().filter(pending).count());
    }

    fn respond(&mut self, now: Timestamp, request: &Request<Bytes>) -> Http<Bytes> {
        self.pass(now);
        let url = request.uri().to_string();
        let (target, query) = url.split_once('?').unwrap_or((&url, ""));
        let query: BTreeMap<String, String> = query
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .map(|(key, value)| {
                (
                    key.to_owned(),
                    percent_encoding::percent_decode_str(value)
                        .decode_utf8_lossy()
                        .into_owned(),
                )
            })
            .collect();
        let comp = query.get("comp").map_or("", String::as_str);
        let is_copy = request.headers().contains_key("x-ms-copy-source");
        let (kind, answer) = match (request.method(), comp) {
            (&Method::GET, "list") if self.no_list.as_deref() == Some(target) => {
                ("list", Err((403, "AuthorizationPermissionMismatch")))
            }
            (&Method::GET, "list") => ("list", Ok(self.list(target, &query))),
            (&Method::PUT, "lease") => ("lease", self.lease(now, target, request)),
            (&Method::PUT, "copy") => ("abort", self.abort(now, target, request, &query)),
            (&Method::HEAD, _) => ("look", self.look(now, target)),
            (&Method::GET, _) => ("read", self.read(target, request)),
            (&Method::PUT, _) if is_copy => ("copy", self.copy(now, target, request)),
            other => panic!("{other:?} {url}"),
        };
        *self.asked.entry(kind).or_default() += 1;
        let builder = Http::builder()
            .header("x-ms-request-id", "r")
            .header("date", (now + self.ahead).to_http());
        match answer {
            Ok((status, headers, body)) => {
                let builder = headers
                    .into_iter()
                    .fold(builder, |b, (name, value)| b.header(name, value));
                builder.status(status).body(body).unwrap()
            }
            Err((status, code)) => refusal(builder, status, code),
        }
    }

    fn look(&mut self, now: Timestamp, url: &str) -> Answer {
        let aborts = self.weather.aborted;
        let strikes = self.chance(aborts);
        self.serial += 1;
        let serial = self.serial;
        let blob = self.blobs.get_mut(url).ok_or((404, "BlobNotFound"))?;
        if strikes {
            blob.abort(now, serial);
        }
        let mut headers = vec![
            ("etag", blob.etag()),
            ("last-modified", blob.modified.to_http()),
            ("x-ms-blob-type", "BlockBlob".to_owned()),
            ("content-length", blob.length.to_string()),
            ("x-ms-creation-time", blob.modified.to_http()),
            ("content-type", "text/plain".to_owned()),
        ];
        if let Some(copy) = &blob.copy {
            headers.extend([
                ("x-ms-copy-id", copy.id.clone()),
                ("x-ms-copy-source", copy.source.clone()),
                ("x-ms-copy-status", copy.shown().to_owned()),
                (
                    "x-ms-copy-progress",
                    format!("{}/{}", copy.copied, copy.total),
                ),
            ]);
            if copy.shown() != "pending" {
                headers.push(("x-ms-copy-completion-time", copy.ends.to_http()));
            }
            if copy.status == "failed" {
                headers.push((
                    "x-ms-copy-status-description",
                    "500 InternalServerError \"Copy failed.\"".to_owned(),
                ));
            }
        }
        Ok((200, headers, Bytes::new()))
    }

    fn read(&mut self, url: &str, request: &Request<Bytes>) -> Answer {
        let blob = self.blobs.get(url).ok_or((404, "BlobNotFound"))?;
        let header = |name: &str| {
            request
                .headers()
                .get(name)
                .map(|value| value.to_str().unwrap())
        };
        if header("if-match").is_some_and(|etag| etag != blob.etag()) {
            return Err((412, "ConditionNotMet"));
        }
        let range = header("x-ms-range")
            .or(header("range"))
            .unwrap()
            .strip_prefix("bytes=")
            .unwrap();
        let (first, last) = range.split_once('-').unwrap();
        let (first, last): (u64, u64) = (first.parse().unwrap(), last.parse().unwrap());
        let bytes: Vec<u8> = (first..=last.min(blob.length - 1))
            .map(|at| blob.stuff.wrapping_add((at % 256) as u8))
            .collect();
        let headers = vec![
            ("etag", blob.etag()),
            ("last-modified", blob.modified.to_http()),
            ("x-ms-blob-type", "BlockBlob".to_owned()),
            ("content-length", bytes.len().to_string()),
            (
                "content-range",
                format!("bytes {first}-{last}/{}", blob.length),
            ),
        ];
        Ok((206, headers, bytes.into()))
    }

    fn copy(&mut self, now: Timestamp, url: &str, request: &Request<Bytes>) -> Answer {
        let header = |name: &str| {
            request
                .headers()
                .get(name)
                .map(|value| value.to_str().unwrap().to_owned())
        };
        let from = header("x-ms-copy-source").unwrap();
        let bare = from.split('?').next().unwrap().to_owned();
        let source = self.blobs.get(&bare).ok_or((404, "BlobNotFound"))?.clone();
        if header("x-ms-source-if-match").is_some_and(|etag| etag != source.etag()) {
            return Err((412, "SourceConditionNotMet"));
        }
        let old = self.blobs.get(url);
        if old.is_some_and(Blob::is_pending) {
            return Err((409, "PendingCopyOperation"));
        }
        if header("if-none-match").is_some() && old.is_some() {
            return Err((409, "BlobAlreadyExists"));
        }
        if header("if-match").is_some_and(|etag| old.is_none_or(|old| old.etag() != etag)) {
            return Err((412, "TargetConditionNotMet"));
        }
        let failing = self.weather.failing;
        let fails = self.chance(failing);
        self.put(url, 0);
        let id = self.uuid();
        let takes = self.copy_takes;
        let blob = self.blobs.get_mut(url).unwrap();
        blob.modified = now;
        blob.copy = Some(Copy {
            id: id.clone(),
            source: format!(
                "{from}?sv=2021-12-02&sr=b&sp=r&se=2099-01-01T00%3A00%3A00Z&sig=hidden"
            ),
            status: if fails { "failing" } else { "pending" },
            begun: now,
            ends: now + takes,
            total: source.length,
            stuff: source.stuff,
            copied: 0,
        });
        blob.pass(now);
        let status = blob.copy.as_ref().map(Copy::shown).unwrap();
        let headers = vec![
            ("etag", blob.etag()),
            ("last-modified", now.to_http()),
            ("x-ms-copy-id", id),
            ("x-ms-copy-status", status.to_owned()),
        ];
        Ok((202, headers, Bytes::new()))
    }

    fn abort(
        &mut self,
        now: Timestamp,
        url: &str,
        request: &Request<Bytes>,
        query: &BTreeMap<String, String>,
    ) -> Answer {
        assert_eq!(request.headers().get("x-ms-copy-action").unwrap(), "abort");
        self.serial += 1;
        let serial = self.serial;
        let blob = self.blobs.get_mut(url).ok_or((404, "BlobNotFound"))?;
        match &blob.copy {
            Some(copy) if copy.shown() == "pending" && Some(&copy.id) == query.get("copyid") => {
                blob.abort(now, serial);
                Ok((204, Vec::new(), Bytes::new()))
            }
            Some(copy) if copy.shown() == "pending" => Err((409, "CopyIdMismatch")),
            _ => Err((409, "NoPendingCopyOperation")),
        }
    }

    fn lease(&mut self, now: Timestamp, url: &str, request: &Request<Bytes>) -> Answer {
        let header = |name: &str| {
            request
                .headers()
                .get(name)
                .map(|value| value.to_str().unwrap().to_owned())
        };
        let blob = self.blobs.get_mut(url).ok_or((404, "BlobNotFound"))?;
        let current = blob
            .lease
            .clone()
            .filter(|(_, until)| until.is_none_or(|until| until > now));
        let holder = current.as_ref().map(|(id, _)| id.clone());
        let action = header("x-ms-lease-action").unwrap();
        let id = header("x-ms-lease-id")
            .or(header("x-ms-proposed-lease-id"))
            .unwrap_or_default();
        let status = match action.as_str() {
            "acquire" if holder.as_ref().is_none_or(|holder| *holder == id) => {
                let seconds: i64 = header("x-ms-lease-duration").unwrap().parse().unwrap();
                let until = u64::try_from(seconds)
                    .ok()
                    .map(|seconds| now + Duration::from_secs(seconds));
                blob.lease = Some((id.clone(), until));
                201
            }
            "acquire" => return Err((409, "LeaseAlreadyPresent")),
            "renew" if blob.lease.as_ref().is_some_and(|(held, _)| *held == id) => {
                blob.lease = Some((id.clone(), Some(now + Duration::from_secs(15))));
                200
            }
            "release" if blob.lease.as_ref().is_some_and(|(held, _)| *held == id) => {
                blob.lease = None;
                200
            }
            "break" if holder.is_some() => {
                blob.lease = None;
                let headers = vec![
                    ("x-ms-lease-time", "0".to_owned()),
                    ("etag", blob.etag()),
                    ("last-modified", blob.modified.to_http()),
                ];
                return Ok((202, headers, Bytes::new()));
            }
            "break" => return Err((409, "LeaseNotPresentWithLeaseOperation")),
            _ => return Err((409, "LeaseIdMismatchWithLeaseOperation")),
        };
        let headers = vec![
            ("x-ms-lease-id", id),
            ("etag", blob.etag()),
            ("last-modified", blob.modified.to_http()),
        ];
        Ok((status, headers, Bytes::new()))
    }

    fn list(
        &self,
        container: &str,
        query: &BTreeMap<String, String>,
    ) -> (u16, Vec<(&'static str, String)>, Bytes) {
        let prefix = query.get("prefix").map_or("", String::as_str);
        let from = query.get("marker").cloned().unwrap_or_default();
        let base = format!("{container}/");
        let mut xml = String::from(
            "\u{feff}<?xml version=\"1.0\" encoding=\"utf-8\"?><EnumerationResults ServiceEndpoint=\"https://x/\" ContainerName=\"c\"><Blobs>",
        );
        let mut next = String::new();
        let found = self
            .blobs
            .range(format!("{base}{from}")..)
            .take_while(|(url, _)| url.starts_with(&base));
        let names = found.filter_map(|(url, blob)| Some((url.strip_prefix(&base)?, blob)));
        for (at, (name, blob)) in names
            .filter(|(name, _)| name.starts_with(prefix) && **name >= *from)
            .enumerate()
        {
            if at == self.page_size {
                next = name.to_owned();
                break;
            }
            xml += &format!(
                "<Blob><Name>{name}</Name><Properties><Last-Modified>{}</Last-Modified><Etag>{}</Etag><Content-Length>{}</Content-Length><BlobType>BlockBlob</BlobType>",
                blob.modified.to_http(),
                blob.etag().trim_matches('"'),
                blob.length,
            );
            if blob.lease.is_some() {
                xml += "<LeaseStatus>locked</LeaseStatus><LeaseState>leased</LeaseState>";
            }
            if let Some(copy) = &blob.copy {
                xml += &format!(
                    "<CopyId>{}</CopyId><CopySource>{}</CopySource><CopyStatus>{}</CopyStatus><CopyProgress>{}/{}</CopyProgress>",
                    copy.id,
                    copy.source.replace('&', "&amp;"),
                    copy.shown(),
                    copy.copied,
                    copy.total,
                );
                if copy.status == "failed" {
                    xml += "<CopyStatusDescription>500 InternalServerError \"Copy failed.\"</CopyStatusDescription>";
                }
            }
            xml += "</Properties></Blob>";
        }
        xml += &format!("</Blobs><NextMarker>{next}</NextMarker></EnumerationResults>");
        (
            200,
            vec![("content-type", "application/xml".to_owned())],
            xml.into(),
        )
    }

    /// Every blob of `from` stands under the same name, and with the same content, in `to`.
    pub(crate) fn differences(&self, from: &str, to: &str) -> Vec<String> {
        let sources = self.blobs.iter().filter(|(url, _)| url.starts_with(from));
        sources
            .filter_map(|(url, source)| {
                let copied = self.blobs.get(&url.replacen(from, to, 1));
                let same = copied.is_some_and(|copied| {
                    (copied.length, copied.stuff) == (source.length, source.stuff)
                });
                (!same).then(|| format!("{url}: {copied:?}"))
            })
            .collect()
    }

    pub(crate) fn leased(&self, now: Timestamp) -> usize {
        let held = |blob: &&Blob| {
            blob.lease
                .as_ref()
                .is_some_and(|(_, until)| until.is_none_or(|until| until > now))
        };
        self.blobs.values().filter(held).count()
    }

    pub(crate) fn pending(&self) -> usize {
        self.blobs.values().filter(|blob| blob.is_pending()).count()
    }
}

type Answer = Result<(u16, Vec<(&'static str, String)>, Bytes), (u16, &'static str)>;

fn refusal(builder: http::response::Builder, status: u16, code: &str) -> Http<Bytes> {
    let body = format!(
        "\u{feff}<?xml version=\"1.0\" encoding=\"utf-8\"?><Error><Code>{code}</Code><Message>No.</Message></Error>"
    );
    builder
        .status(status)
        .header("x-ms-error-code", code)
        .body(body.into())
        .unwrap()
}

impl Copy {
    fn shown(&self) -> &'static str {
        if self.status == "failing" {
            "pending"
        } else {
            self.status
        }
    }
}

impl Blob {
    fn etag(&self) -> String {
        format!("\"0x{:016X}\"", self.etag)
    }

    fn is_pending(&self) -> bool {
        self.copy
            .as_ref()
            .is_some_and(|copy| copy.shown() == "pending")
    }

    fn pass(&mut self, now: Timestamp) {
        let Some(copy) = &mut self.copy else { return };
        if copy.shown() != "pending" {
            return;
        }
        if copy.ends > now {
            let all = copy.ends.since(copy.begun).as_millis().max(1);
            copy.copied =
                u64::try_from(u128::from(copy.total) * now.since(copy.begun).as_millis() / all)
                    .unwrap();
            return;
        }
        self.modified = copy.ends;
        self.etag += 1 << 40;
        if copy.status == "failing" {
            copy.status = "failed";
        } else {
            copy.status = "success";
            copy.copied = copy.total;
            self.length = copy.total;
            self.stuff = copy.stuff;
        }
    }

    fn abort(&mut self, now: Timestamp, serial: u64) {
        if let Some(copy) = &mut self.copy
            && copy.shown() == "pending"
        {
            copy.status = "aborted";
            copy.ends = now;
            self.length = 0;
            self.etag = serial << 20;
        }
    }
}

/// When the user cancels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cancel {
    Never,
    /// After so many answers.
    After(u64),
    At(Timestamp),
}

/// Runs a machine until it has had so many answers, and drops it.
pub(crate) fn kill<M: Machine>(machine: M, world: &mut World, now: &mut Timestamp, answers: u64) {
    let end = Cancel::After(u64::MAX);
    drive(machine, world, now, end, Some(answers));
}

/// Runs a machine to its end; panics where it hangs.
pub(crate) fn run<M: Machine>(
    machine: M,
    world: &mut World,
    now: &mut Timestamp,
    cancel: Cancel,
) -> (M::Outcome, Vec<M::Event>) {
    let (outcome, events) = drive(machine, world, now, cancel, None);
    (outcome.expect("it was not killed"), events)
}

fn drive<M: Machine>(
    machine: M,
    world: &mut World,
    now: &mut Timestamp,
    cancel: Cancel,
    kill: Option<u64>,
) -> (Option<M::Outcome>, Vec<M::Event>) {
    let options = EngineOptions {
        in_flight: 6,
        ..EngineOptions::default()
    };
    let mut engine = Engine::new(machine, identities(), options);
    let mut wire: BTreeMap<(Timestamp, u64), (ExchangeId, Result<Response, TransportError>)> =
        BTreeMap::new();
    let mut arriving: VecDeque<(ExchangeId, Result<Response, TransportError>)> = VecDeque::new();
    let (mut events, mut answers, mut serial, mut cancelled) = (Vec::new(), 0, 0, false);
    for _ in 0..3_000_000 {
        if kill.is_some_and(|kill| answers >= kill) {
            return (None, events);
        }
        if !cancelled
            && match cancel {
                Cancel::Never => false,
                Cancel::After(count) => answers >= count,
                Cancel::At(at) => *now >= at,
            }
        {
            cancelled = true;
            engine.cancel();
        }
        match engine.poll(*now) {
            Action::Send {
                id,
                request,
                timeout,
            } => {
                let request = request.into_http();
                let weather = world.weather.clone();
                let late = (*now + timeout, Err(TransportError::Timeout));
                let (at, reply) = if world.chance(weather.lost_before) {
                    late
                } else if world.chance(weather.busy) {
                    (*now, Ok(refusal(Http::builder(), 503, "ServerBusy")))
                } else {
                    let response = world.respond(*now, &request);
                    if world.chance(weather.lost_after) {
                        late
                    } else if world.chance(weather.errors) {
                        (*now, Ok(refusal(Http::builder(), 500, "InternalError")))
                    } else {
                        (*now, Ok(response))
                    }
                };
                let reply = reply.map(Response::new);
                let travels = Duration::from_millis(20 + world.seed.below(60));
                let copies = 1 + u64::from(world.chance(weather.doubled));
                for copy in 0..copies {
                    serial += 1;
                    wire.insert(
                        (at + travels * u32::try_from(copy + 1).unwrap(), serial),
                        (id, reply.clone()),
                    );
                }
            }
            Action::Renew { id, .. } => engine.fail(id, TransportError::NotSent),
            Action::Emit(event) => events.push(event),
            Action::Done(outcome) => {
                assert!(
                    matches!(engine.poll(*now), Action::Done(_)),
                    "Done is sticky"
                );
                return (Some(outcome), events);
            }
            Action::Wait(pause) => {
                if let Some((id, reply)) = arriving.pop_front() {
                    answers += 1;
                    match reply {
                        Ok(response) => engine.reply(id, response),
                        Err(error) => engine.fail(id, error),
                    }
                    continue;
                }
                let next = wire.keys().next().map(|(at, _)| *at);
                let at = pause.until.into_iter().chain(next).min();
                let at = match cancel {
                    Cancel::At(when) if !cancelled => Some(at.map_or(when, |at| at.min(when))),
                    _ => at,
                };
                *now = at
                    .unwrap_or_else(|| panic!("waits for nothing: {}", pause.why))
                    .max(*now);
                while let Some(entry) = wire.first_entry() {
                    if entry.key().0 > *now {
                        break;
                    }
                    arriving.push_back(entry.remove());
                }
            }
        }
    }
    panic!("it does not end");
}
