use bytes::Bytes;
use http::Request;

use blobferry_core::Timestamp;
use blobferry_core::sas::{AccountSas, Permissions, Terms};
use blobferry_core::sign::shared_key::SharedKey;

use super::*;
use crate::auth::tests::dev_signature;
use crate::config::{Config, DEV_ACCOUNT, DEV_KEY};

const NOW: Timestamp = Timestamp::from_millis(1_640_000_000_000);

/// A service with blobs `a`, `b` and `c` in `box`, and a SAS that opens everything.
struct World {
    service: Service,
    sas: String,
}

impl World {
    fn new() -> Self {
        let expiry = Timestamp::from_millis(1_640_003_600_000);
        let terms = Terms::until(expiry, "rwdlact".parse::<Permissions>().unwrap());
        let key = SharedKey::new(DEV_KEY).unwrap();
        let sas = AccountSas::new(DEV_ACCOUNT, terms).sign(&key).unwrap();
        let world = Self {
            service: Service::new(Config::new()),
            sas: sas.expose().to_owned(),
        };
        assert_eq!(
            world.ask("PUT", "box?restype=container", &[], "").status(),
            201
        );
        for name in ["a", "b", "c"] {
            let put = world.ask(
                "PUT",
                &format!("box/{name}?"),
                &[("x-ms-blob-type", "BlockBlob")],
                "",
            );
            assert_eq!(put.status(), 201);
        }
        world
    }

    fn ask(
        &self,
        method: &str,
        target: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Response<Bytes> {
        let url = format!("http://127.0.0.1/devstoreaccount1/{target}&{}", self.sas);
        let mut request = Request::builder()
            .method(method)
            .uri(url)
            .header("x-ms-version", "2021-12-02");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.service.respond(
            NOW,
            request
                .body(Bytes::copy_from_slice(body.as_bytes()))
                .unwrap(),
        )
    }

    fn exists(&self, blob: &str) -> bool {
        self.ask("HEAD", &format!("box/{blob}?"), &[], "").status() == 200
    }

    /// A request line with its own SAS.
    fn line(&self, method: &str, path: &str) -> String {
        let sign = if path.contains('?') { '&' } else { '?' };
        format!("{method} {path}{sign}{} HTTP/1.1", self.sas)
    }

    fn send(&self, target: &str, parts: &[String]) -> (u16, String) {
        let mut body = String::new();
        for (id, part) in parts.iter().enumerate() {
            body += &format!(
                "--batch_1\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\
                 Content-ID: {id}\r\n\r\n{part}\r\n\r\n\r\n"
            );
        }
        body += "--batch_1--\r\n";
        self.submit(target, &body)
    }

    fn submit(&self, target: &str, body: &str) -> (u16, String) {
        let headers = [("content-type", "multipart/mixed; boundary=batch_1")];
        let answer = self.ask("POST", target, &headers, body);
        let status = answer.status().as_u16();
        (
            status,
            String::from_utf8(answer.into_body().to_vec()).unwrap(),
        )
    }

    /// The whole batch is refused, inside an answer that is none.
    #[track_caller]
    fn refused(&self, target: &str, parts: &[String], code: &str) {
        let (status, body) = self.send(target, parts);
        assert_eq!(status, 202);
        assert_eq!(statuses(&body), ["400"], "{body}");
        assert!(
            body.contains(&format!("\r\nx-ms-error-code: {code}\r\n")),
            "{body}"
        );
        assert!(!body.contains("Content-ID"), "{body}");
        assert!(["a", "b", "c"].iter().all(|blob| self.exists(blob)));
    }
}

fn statuses(body: &str) -> Vec<&str> {
    body.lines()
        .filter_map(|line| line.strip_prefix("HTTP/1.1 "))
        .map(|line| line.split(' ').next().unwrap())
        .collect()
}

const BATCH: &str = "?comp=batch";
const IN_BOX: &str = "box?restype=container&comp=batch";

#[test]
fn answers_stand_as_the_service_writes_them() {
    let world = World::new();
    let id = "x-ms-client-request-id: mine";
    let found = world.line("DELETE", "/devstoreaccount1/box/a") + "\r\n" + id;
    let missing = world.line("DELETE", "/devstoreaccount1/nobox/a") + "\r\n" + id;
    let (status, body) = world.send(BATCH, &[found, missing]);
    assert_eq!(status, 202);
    let boundary = body.lines().next().unwrap();
    assert!(boundary.starts_with("--batchresponse_"));
    let ids: Vec<&str> = body
        .lines()
        .filter_map(|line| line.strip_prefix("x-ms-request-id: "))
        .collect();
    let error = format!(
        "\u{FEFF}<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<Error><Code>ContainerNotFound</Code>\
         <Message>The specified container does not exist.\nRequestId:{}\nTime:{}</Message></Error>",
        ids[1],
        NOW.to_iso_ticks(0)
    );
    assert_eq!(
        body,
        format!(
            "{boundary}\r\nContent-Type: application/http\r\nContent-ID: 0\r\n\r\n\
             HTTP/1.1 202 Accepted\r\nx-ms-delete-type-permanent: true\r\nx-ms-request-id: {}\r\n\
             x-ms-version: 2021-12-02\r\n{id}\r\nServer: Windows-Azure-Blob/1.0\r\n\r\n\
             {boundary}\r\nContent-Type: application/http\r\nContent-ID: 1\r\n\r\n\
             HTTP/1.1 404 The specified container does not exist.\r\nx-ms-error-code: ContainerNotFound\r\n\
             x-ms-request-id: {}\r\nx-ms-version: 2021-12-02\r\n{id}\r\nContent-Length: 226\r\n\
             Content-Type: application/xml\r\nServer: Windows-Azure-Blob/1.0\r\n\r\n{error}\r\n{boundary}--",
            ids[0], ids[1],
        )
    );
    assert!(!world.exists("a"));
}

#[test]
fn the_outer_answer_names_its_boundary() {
    let world = World::new();
    let body = format!(
        "--b\r\nContent-Type: application/http\r\n\r\n{}\r\n--b--",
        world.line("DELETE", "/devstoreaccount1/box/a")
    );
    let answer = world.ask(
        "POST",
        BATCH,
        &[("content-type", "multipart/mixed; boundary=b")],
        &body,
    );
    let kind = answer.headers()["content-type"].to_str().unwrap();
    let boundary = kind.strip_prefix("multipart/mixed; boundary=").unwrap();
    let body = std::str::from_utf8(answer.body()).unwrap();
    assert!(body.starts_with(&format!("--{boundary}\r\n")));
    assert!(body.ends_with(&format!("\r\n--{boundary}--")));
}

#[test]
fn tiers_are_set_in_either_form_and_with_either_path() {
    for (target, path) in [
        (BATCH, "/devstoreaccount1/box/a?comp=tier"),
        (IN_BOX, "/box/a?comp=tier"),
    ] {
        let world = World::new();
        let part = world.line("PUT", path) + "\r\nContent-Length: 0\r\nx-ms-access-tier: Cool";
        let (_, body) = world.send(target, &[part]);
        assert_eq!(statuses(&body), ["200"], "{body}");
        let tier = world.ask("HEAD", "box/a?", &[], "");
        assert_eq!(tier.headers()["x-ms-access-tier"], "Cool");
    }
}

#[test]
fn each_request_is_authorized_by_itself() {
    let world = World::new();
    let bare = "DELETE /devstoreaccount1/box/a HTTP/1.1".to_owned();
    let forged = world
        .line("DELETE", "/devstoreaccount1/box/b")
        .replace("sig=", "sig=A");
    let good = world.line("DELETE", "/devstoreaccount1/box/c");
    let (status, body) = world.send(BATCH, &[bare, forged, good]);
    assert_eq!(status, 202);
    assert_eq!(statuses(&body), ["401", "403", "202"], "{body}");
    assert!(world.exists("a") && world.exists("b") && !world.exists("c"));
}

#[test]
fn a_batch_in_a_container_stays_in_it() {
    let world = World::new();
    let other = world.line("DELETE", "/devstoreaccount1/other/a");
    let own = world.line("DELETE", "/devstoreaccount1/box/a");
    world.refused(IN_BOX, &[own.clone(), other.clone()], "InvalidInput");
    let (_, body) = world.send(BATCH, &[own, other]);
    assert_eq!(statuses(&body), ["202", "404"]);
}

#[test]
fn what_a_batch_cannot_do_refuses_all_of_it() {
    let world = World::new();
    let delete = world.line("DELETE", "/devstoreaccount1/box/a");
    for other in [
        world.line("PUT", "/devstoreaccount1/box/b?comp=tier") + "\r\nx-ms-access-tier: Cool",
        world.line("PUT", "/devstoreaccount1/box/b") + "\r\nx-ms-blob-type: BlockBlob",
        world.line("DELETE", "/devstoreaccount1/box?restype=container"),
        world.line("POST", "/devstoreaccount1/?comp=batch"),
        "DELETE".to_owned(),
    ] {
        world.refused(BATCH, &[delete.clone(), other], "InvalidInput");
    }
    world.refused(BATCH, &[], "InvalidInput");
    let (_, body) = world.submit(BATCH, &format!("--batch_1\r\n{delete}"));
    assert_eq!(statuses(&body), ["400"]);
}

#[test]
fn a_version_inside_a_part_means_nothing() {
    let world = World::new();
    let part = world.line("DELETE", "/devstoreaccount1/box/a") + "\r\nx-ms-version: 2009-09-19";
    let (_, body) = world.send(BATCH, &[part]);
    assert_eq!(statuses(&body), ["202"]);
    assert!(body.contains("\r\nx-ms-version: 2021-12-02\r\n"), "{body}");
}

#[test]
fn a_batch_has_at_most_256_requests_and_4_mib() {
    let world = World::new();
    let part = world.line("DELETE", "/devstoreaccount1/box/none");
    let (_, body) = world.send(BATCH, &vec![part.clone(); 256]);
    assert_eq!(statuses(&body), ["404"; 256]);
    world.refused(BATCH, &vec![part; 257], "ExceedsMaxBatchRequestCount");
    let long = "x".repeat((4 << 20) + 1);
    assert_eq!(world.submit(BATCH, &long).0, 413);
}

#[test]
fn without_a_type_the_body_is_not_looked_at() {
    let world = World::new();
    let answer = world.ask("POST", BATCH, &[], "");
    assert_eq!(answer.status(), 400);
    assert_eq!(answer.headers()["x-ms-error-code"], "InvalidHeaderValue");
}

/// The path of an endpoint names the account; clients that write parts without it sign either path.
#[test]
fn a_part_without_the_account_is_signed_with_it_or_without() {
    const DATE: &str = "Mon, 20 Dec 2021 11:33:20 GMT";
    let part = |path: &str, signed: &str| {
        let text =
            format!("DELETE\n\n\n\n\n\n\n\n\n\n\n\nx-ms-date:{DATE}\n/devstoreaccount1{signed}");
        let signature = dev_signature(&text);
        format!(
            "DELETE {path} HTTP/1.1\r\nx-ms-date: {DATE}\r\n\
             Authorization: SharedKey {DEV_ACCOUNT}:{signature}\r\nContent-Length: 0"
        )
    };
    for (path, signed, status) in [
        ("/box/a", "/box/a", "202"),
        ("/box/a", "/devstoreaccount1/box/a", "202"),
        ("/devstoreaccount1/box/a", "/devstoreaccount1/box/a", "202"),
        (
            "/devstoreaccount1/box/a",
            "/devstoreaccount1/devstoreaccount1/box/a",
            "403",
        ),
        ("/box/a", "/box/b", "403"),
    ] {
        let (_, body) = World::new().send(BATCH, &[part(path, signed)]);
        assert_eq!(statuses(&body), [status], "{path} {signed}");
    }
}
