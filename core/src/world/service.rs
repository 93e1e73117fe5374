//! What the world's service answers.

use std::collections::BTreeMap;
use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request, Response as Http};

use super::{Blob, Copy, World};
use crate::time::Timestamp;

type Answer = Result<(u16, Vec<(&'static str, String)>, Bytes), (u16, &'static str)>;

impl World {
    pub(super) fn respond(&mut self, now: Timestamp, request: &Request<Bytes>) -> Http<Bytes> {
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
}

pub(super) fn refusal(builder: http::response::Builder, status: u16, code: &str) -> Http<Bytes> {
    let body = format!(
        "\u{feff}<?xml version=\"1.0\" encoding=\"utf-8\"?><Error><Code>{code}</Code><Message>No.</Message></Error>"
    );
    builder
        .status(status)
        .header("x-ms-error-code", code)
        .body(body.into())
        .unwrap()
}
