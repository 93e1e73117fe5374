//! A whole service in a directory: opened again, opened twice, on a disk that fails.

use bytes::Bytes;
use http::{Request, Response};

use blobferry_core::Timestamp;

use super::{Disk, Scratch};
use crate::config::{Config, DataProtection};
use crate::service::Service;

const NOW: i64 = 1_200_000_000_000;
/// Believed without asking who issued it; expires in the year 2286.
const TOKEN: &str = "Bearer e30.eyJleHAiOjk5OTk5OTk5OTl9.c2ln";

fn open(scratch: &Scratch) -> Service {
    Service::open(Config::new(), scratch.path()).unwrap()
}

fn send_at(
    service: &Service,
    now: Timestamp,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: impl Into<Bytes>,
) -> Response<Bytes> {
    let mut request = Request::builder()
        .method(method)
        .uri(format!("http://127.0.0.1:10000/devstoreaccount1/{path}"))
        .header("x-ms-version", "2023-11-03")
        .header("authorization", TOKEN);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    service.respond(now, request.body(body.into()).unwrap())
}

fn send(
    service: &Service,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: impl Into<Bytes>,
) -> Response<Bytes> {
    let now = Timestamp::from_millis(NOW);
    send_at(service, now, method, path, headers, body)
}

/// Containers, and blobs in them.
fn count(service: &Service) -> (usize, usize) {
    let stats = service.stats(Timestamp::from_millis(NOW));
    (stats.containers, stats.blobs)
}

const BLOCK_BLOB: &[(&str, &str)] = &[("x-ms-blob-type", "BlockBlob")];

/// Whether something comes true within seconds.
fn holds_soon(mut what: impl FnMut() -> bool) -> bool {
    (0..500).any(|_| {
        std::thread::sleep(std::time::Duration::from_millis(20));
        what()
    })
}

/// Files go after the answer that made them needless.
#[track_caller]
fn disk_use_falls_below(scratch: &Scratch, most: u64) {
    let fell = holds_soon(|| scratch.content() < most);
    assert!(fell, "{} of at most {most}", scratch.content());
}

#[test]
fn everything_is_there_again_and_nothing_is_told_twice() {
    let scratch = Scratch::new();
    let service = open(&scratch);
    assert_eq!(
        send(&service, "PUT", "box?restype=container", &[], "").status(),
        201
    );
    let put = send(&service, "PUT", "box/blob", BLOCK_BLOB, "bytes");
    assert_eq!(put.status(), 201);
    let long = vec![7; 5 << 20];
    assert_eq!(
        send(&service, "PUT", "box/long", BLOCK_BLOB, long.clone()).status(),
        201
    );
    assert_eq!(count(&service), (1, 2));
    drop(service);

    let service = open(&scratch);
    let got = send(&service, "GET", "box/blob", &[], "");
    assert_eq!((got.status().as_u16(), &**got.body()), (200, &b"bytes"[..]));
    assert_eq!(got.headers()["etag"], put.headers()["etag"]);
    assert_ne!(
        got.headers()["x-ms-request-id"],
        put.headers()["x-ms-request-id"]
    );
    assert_eq!(*send(&service, "GET", "box/long", &[], "").body(), long);
    let again = send(&service, "PUT", "box/blob", BLOCK_BLOB, "");
    assert_ne!(again.headers()["etag"], put.headers()["etag"]);
}

#[test]
fn a_lease_taken_after_opening_again_has_an_id_of_its_own() {
    let scratch = Scratch::new();
    let acquire = [
        ("x-ms-lease-action", "acquire"),
        ("x-ms-lease-duration", "-1"),
    ];
    let mut seen = std::collections::BTreeSet::new();
    for turn in 0..4 {
        let service = open(&scratch);
        send(&service, "PUT", "box?restype=container", &[], "");
        let blob = format!("box/{turn}");
        send(&service, "PUT", &blob, BLOCK_BLOB, "");
        let leased = send(&service, "PUT", &format!("{blob}?comp=lease"), &acquire, "");
        assert_eq!(leased.status(), 201);
        assert!(seen.insert(leased.headers()["x-ms-lease-id"].clone()));
    }
}

#[test]
fn what_the_disk_does_not_take_is_not_acknowledged_and_is_tried_again() {
    for how in [Disk::FULL, Disk::FULL_LATER] {
        let scratch = Scratch::new();
        let service = open(&scratch);
        send(&service, "PUT", "box?restype=container", &[], "");
        service.disk().unwrap().set(how);
        let refused = send(&service, "PUT", "box/blob", BLOCK_BLOB, "one");
        assert_eq!(refused.status(), 500);
        assert_eq!(refused.headers()["x-ms-error-code"], "InternalError");
        // Nobody is told of what may be lost.
        assert_eq!(send(&service, "GET", "box/blob", &[], "").status(), 500);
        service.disk().unwrap().set(Disk::FINE);
        assert_eq!(send(&service, "GET", "box/blob", &[], "").body(), "one");
        drop(service);
        assert_eq!(
            send(&open(&scratch), "GET", "box/blob", &[], "").body(),
            "one"
        );
    }
}

#[test]
fn a_disk_that_takes_nothing_is_read_on_and_not_written_to() {
    for how in [Disk::FULL, Disk::FULL_LATER] {
        let scratch = Scratch::new();
        let service = open(&scratch);
        for container in ["box", "other"] {
            let path = format!("{container}?restype=container");
            send(&service, "PUT", &path, &[], "");
        }
        for blob in ["box/one", "box/two", "other/one"] {
            send(&service, "PUT", blob, BLOCK_BLOB, "before");
        }
        service.disk().unwrap().set(how);
        let status = |method: &str, path: &str| {
            let body = if method == "PUT" { "after" } else { "" };
            send(&service, method, path, BLOCK_BLOB, body)
                .status()
                .as_u16()
        };
        // How this one ends, nobody knows yet.
        assert_eq!(status("PUT", "box/one"), 500);
        for (method, path, expected) in [
            ("GET", "box/one", 500),
            ("GET", "box?restype=container&comp=list", 500),
            ("GET", "box/two", 200),
            ("HEAD", "box?restype=container", 500),
            ("GET", "other?restype=container&comp=list", 200),
            ("PUT", "box/two", 503),
            ("PUT", "box/three", 503),
            ("DELETE", "box/two", 503),
            ("PUT", "third?restype=container", 503),
        ] {
            assert_eq!(status(method, path), expected, "{method} {path}");
        }
        let refused = send(&service, "DELETE", "box/two", &[], "");
        assert_eq!(refused.headers()["x-ms-error-code"], "ServerBusy");
        service.disk().unwrap().set(Disk::FINE);
        assert!(holds_soon(|| status("DELETE", "other/one") == 202));
        drop(service);
        let service = open(&scratch);
        let body = |path: &str| send(&service, "GET", path, &[], "").into_body();
        assert_eq!(body("box/one"), "after");
        assert_eq!(body("box/two"), "before");
        assert_eq!(count(&service), (2, 2));
    }
}

#[test]
fn a_disk_that_is_full_is_read_on_and_what_is_deleted_gives_room() {
    let scratch = Scratch::new();
    let service = open(&scratch);
    let reserve = scratch.path().join("reserve");
    let kept = || std::fs::metadata(&reserve).map_or(0, |file| file.len());
    assert!(holds_soon(|| kept() == 4 << 20));
    send(&service, "PUT", "box?restype=container", &[], "");
    for blob in ["box/one", "box/two", "box/three"] {
        send(&service, "PUT", blob, BLOCK_BLOB, "before");
    }
    service.disk().unwrap().set(Disk::BRIM);
    let status = |service: &Service, method: &str, path: &str| {
        let headers: &[_] = match path {
            "box/one?comp=lease" => &[
                ("x-ms-lease-action", "acquire"),
                ("x-ms-lease-duration", "-1"),
            ],
            _ => BLOCK_BLOB,
        };
        let body = if method == "PUT" && !path.contains('?') {
            "after"
        } else {
            ""
        };
        send(service, method, path, headers, body).status().as_u16()
    };
    // What is under way is kept all the same, and there is no more.
    assert_eq!(status(&service, "PUT", "box/one"), 201);
    assert_eq!(kept(), 0);
    for (method, path, expected) in [
        ("PUT", "box/two", 503),
        ("PUT", "box/four", 503),
        ("PUT", "box/one?comp=snapshot", 503),
        ("GET", "box/one", 200),
        ("GET", "box?restype=container&comp=list", 200),
        ("PUT", "box/one?comp=lease", 201),
        ("DELETE", "box/two", 202),
        ("GET", "box/two", 404),
    ] {
        assert_eq!(status(&service, method, path), expected, "{method} {path}");
    }
    drop(service);
    // It is not taken for roomy because the process is a new one.
    let service = open(&scratch);
    assert_eq!(status(&service, "PUT", "box/two"), 503);
    assert_eq!(status(&service, "DELETE", "box/three"), 202);
    assert_eq!(send(&service, "GET", "box/one", &[], "").body(), "after");
    assert!(holds_soon(|| status(&service, "PUT", "box/two") == 201));
    assert_eq!(kept(), 4 << 20);
}

#[test]
fn what_was_refused_to_the_last_is_not_there_again() {
    let scratch = Scratch::new();
    let service = open(&scratch);
    send(&service, "PUT", "box?restype=container", &[], "");
    service.disk().unwrap().set(Disk::FULL_LATER);
    assert_eq!(
        send(&service, "PUT", "box/blob", BLOCK_BLOB, "one").status(),
        500
    );
    drop(service);
    assert_eq!(
        send(&open(&scratch), "GET", "box/blob", &[], "").status(),
        404
    );
}

#[test]
fn what_is_only_in_the_log_is_there_after_the_process_was_killed() {
    let scratch = Scratch::new();
    drop(open(&scratch));
    let service = open(&scratch);
    service.disk().unwrap().set(Disk::FULL_SETTLING);
    send(&service, "PUT", "box?restype=container", &[], "");
    send(&service, "PUT", "gone?restype=container", &[], "");
    send(&service, "PUT", "gone/blob", BLOCK_BLOB, "bytes");
    send(&service, "PUT", "box/blob", BLOCK_BLOB, "one");
    send(&service, "PUT", "box/deleted", BLOCK_BLOB, "bytes");
    let long = vec![3; 300 << 10];
    send(&service, "PUT", "box/long", BLOCK_BLOB, long.clone());
    for block in 0..100 {
        let id = format!("box/blocks?comp=block&blockid=AA{block:02}");
        let put = send(&service, "PUT", &id, &[], block.to_string());
        assert_eq!(put.status(), 201);
    }
    let early = scratch.as_if_killed();
    send(&service, "PUT", "box/blob", BLOCK_BLOB, "two");
    send(&service, "DELETE", "box/deleted", &[], "");
    send(&service, "DELETE", "gone?restype=container", &[], "");
    let late = scratch.as_if_killed();

    let get = |service: &Service, path: &str| {
        let got = send(service, "GET", path, &[], "");
        (got.status().as_u16(), got.body().to_vec())
    };
    let check = |service: &Service, blob: &str, deleted: u16| {
        assert_eq!(get(service, "box/blob"), (200, blob.into()));
        assert_eq!(get(service, "box/deleted").0, deleted);
        assert_eq!(get(service, "gone/blob").0, deleted);
        assert_eq!(get(service, "box/long"), (200, long.clone()));
        let list = get(service, "box/blocks?comp=blocklist&blocklisttype=all").1;
        let list = String::from_utf8(list).unwrap();
        assert_eq!(list.matches("<Block>").count(), 100);
    };
    for (killed, blob, deleted) in [(&early, "one", 200), (&late, "two", 404)] {
        // Killed again before anything is asked, and after it.
        for _ in 0..2 {
            let again = killed.as_if_killed();
            check(&open(&again), blob, deleted);
            check(&open(killed), blob, deleted);
        }
    }
    check(&service, "two", 404);
    drop(service);
    check(&open(&scratch), "two", 404);
}

#[test]
fn what_cannot_be_settled_is_acknowledged_while_the_log_has_room_and_settled_later() {
    let scratch = Scratch::new();
    let service = open(&scratch);
    send(&service, "PUT", "box?restype=container", &[], "");
    service.disk().unwrap().set(Disk::FULL_SETTLING);
    // Together more than the log ever holds.
    let body = |number: u8| vec![number; 60 << 10];
    let (mut refused, mut last) = (0, String::new());
    for number in 0..240_u8 {
        for blob in 0..4 {
            let path = format!("box/{number}-{blob}");
            let put = send(&service, "PUT", &path, BLOCK_BLOB, body(number));
            if put.status() == 500 {
                refused += 1;
                last = path;
            }
        }
        if refused > 0 {
            break;
        }
    }
    assert!(refused > 0, "the log has no end");
    // Nobody is told of what may be lost.
    assert_eq!(send(&service, "GET", &last, &[], "").status(), 500);
    assert_eq!(*send(&service, "GET", "box/7-3", &[], "").body(), body(7));
    service.disk().unwrap().set(Disk::FINE);
    let put = || send(&service, "PUT", "box/last", BLOCK_BLOB, "bytes").status();
    assert!(holds_soon(|| put() == 201));
    assert_eq!(*send(&service, "GET", "box/7-3", &[], "").body(), body(7));
    drop(service);
    let service = open(&scratch);
    assert_eq!(*send(&service, "GET", "box/7-3", &[], "").body(), body(7));
    assert_eq!(send(&service, "GET", "box/last", &[], "").body(), "bytes");
}

#[test]
fn what_many_small_blobs_took_is_given_back_when_they_are_deleted() {
    let scratch = Scratch::new();
    let service = open(&scratch);
    let records = || {
        let file = scratch.path().join("records.redb");
        std::fs::metadata(file).unwrap().len()
    };
    send(&service, "PUT", "box?restype=container", &[], "");
    let metadata = "m".repeat(7000);
    let headers = [BLOCK_BLOB[0], ("x-ms-meta-long", metadata.as_str())];
    for blob in 0..1500 {
        send(&service, "PUT", &format!("box/{blob}"), &headers, "");
    }
    assert!(holds_soon(|| records() > 10 << 20));
    for blob in 1..1500 {
        send(&service, "DELETE", &format!("box/{blob}"), &[], "");
    }
    assert!(holds_soon(|| records() < 4 << 20), "{}", records());
    send(&service, "PUT", "box/last", BLOCK_BLOB, "bytes");
    drop(service);
    let service = open(&scratch);
    assert_eq!(send(&service, "GET", "box/last", &[], "").body(), "bytes");
    assert_eq!(send(&service, "GET", "box/0", &[], "").status(), 200);
    assert_eq!(count(&service), (1, 2));
}

#[test]
fn disk_use_shrinks_after_deletes_and_overwrites() {
    let scratch = Scratch::new();
    let service = open(&scratch);
    send(&service, "PUT", "box?restype=container", &[], "");
    let body = vec![1; 64 << 10];
    for turn in 0..16 {
        for name in 0..16 {
            let body = if turn < 15 { &body } else { &body[..1000] };
            let blob = format!("box/{name}");
            assert_eq!(
                send(&service, "PUT", &blob, BLOCK_BLOB, body.to_vec()).status(),
                201
            );
        }
    }
    send(&service, "PUT", "box/long", BLOCK_BLOB, vec![1; 20 << 20]);
    assert_eq!(send(&service, "DELETE", "box/long", &[], "").status(), 202);
    disk_use_falls_below(&scratch, 2 << 20);
    for name in 0..16 {
        let got = send(&service, "GET", &format!("box/{name}"), &[], "");
        assert_eq!(got.body(), &body[..1000]);
    }
    assert_eq!(
        send(&service, "DELETE", "box?restype=container", &[], "").status(),
        202
    );
    drop(service);
    let service = open(&scratch);
    assert_eq!(scratch.content(), 0);
    assert_eq!(count(&service), (0, 0));
}

#[test]
fn files_that_are_mostly_dead_are_tidied_and_what_they_held_is_found_again() {
    let scratch = Scratch::new();
    let service = open(&scratch);
    send(&service, "PUT", "box?restype=container", &[], "");
    let body = |name: usize| vec![u8::try_from(name % 251).unwrap(); 40 << 10];
    for name in 0..200 {
        send(
            &service,
            "PUT",
            &format!("box/{name}"),
            BLOCK_BLOB,
            body(name),
        );
    }
    let full = 200 * (40 << 10);
    assert!(
        holds_soon(|| scratch.content() >= full),
        "content was never settled"
    );
    for name in (0..200).filter(|name| name % 10 != 0) {
        send(&service, "DELETE", &format!("box/{name}"), &[], "");
    }
    disk_use_falls_below(&scratch, full / 4);
    let check = |service: &Service| {
        for name in (0..200).step_by(10) {
            let got = send(service, "GET", &format!("box/{name}"), &[], "");
            assert_eq!(*got.body(), body(name), "{name}");
        }
    };
    check(&service);
    drop(service);
    let service = open(&scratch);
    check(&service);
    for name in (0..200).step_by(10) {
        send(&service, "DELETE", &format!("box/{name}"), &[], "");
    }
    drop(service);
    drop(open(&scratch));
    assert_eq!(scratch.content(), 0);
}

#[test]
fn a_copy_goes_on_where_it_would_be_by_now() {
    use std::time::Duration;
    let scratch = Scratch::new();
    let slow = crate::config::Pace {
        latency: Duration::ZERO,
        bytes_per_second: Some(4 << 20),
    };
    let config = || {
        Config::new().copy_pace(crate::config::CopyPace {
            same_account: slow,
            other_account: slow,
        })
    };
    let reopened = || Service::open(config(), scratch.path()).unwrap();
    let service = reopened();
    send(&service, "PUT", "box?restype=container", &[], "");
    send(&service, "PUT", "box/source", BLOCK_BLOB, vec![5; 40 << 20]);
    let source = "http://127.0.0.1:10000/devstoreaccount1/box/source";
    let begun = send(
        &service,
        "PUT",
        "box/copy",
        &[("x-ms-copy-source", source)],
        "",
    );
    assert_eq!(begun.headers()["x-ms-copy-status"], "pending");
    drop(service);

    let service = reopened();
    let at = |seconds: i64| Timestamp::from_millis(NOW + seconds * 1000);
    let look = |service: &Service, seconds| {
        send_at(service, at(seconds), "HEAD", "box/copy", &[], "")
            .headers()
            .clone()
    };
    let halfway = look(&service, 5);
    assert_eq!(halfway["x-ms-copy-id"], begun.headers()["x-ms-copy-id"]);
    assert_eq!(halfway["x-ms-copy-status"], "pending");
    assert_eq!(halfway["x-ms-copy-progress"], "20971520/41943040");
    drop(service);
    let ended = look(&reopened(), 10);
    assert_eq!(ended["x-ms-copy-status"], "success");
    assert_eq!(ended["x-ms-copy-id"], begun.headers()["x-ms-copy-id"]);
    let service = reopened();
    let got = send_at(&service, at(11), "GET", "box/copy", &[], "");
    assert_eq!(*got.body(), vec![5; 40 << 20]);
}

#[test]
fn a_directory_has_one_process_and_nothing_else_in_it() {
    let scratch = Scratch::new();
    let service = open(&scratch);
    let refused = |scratch: &Scratch| Service::open(Config::new(), scratch.path()).unwrap_err();
    assert!(refused(&scratch).is_in_use());
    assert!(refused(&scratch).to_string().contains("end that one"));
    drop(service);
    drop(open(&scratch));

    let foreign = Scratch::new();
    std::fs::create_dir(foreign.path()).unwrap();
    std::fs::write(foreign.path().join("letter.txt"), "dear").unwrap();
    assert!(
        refused(&foreign)
            .to_string()
            .contains("choose an empty directory")
    );
    assert_eq!(std::fs::read_dir(foreign.path()).unwrap().count(), 1);

    std::fs::write(scratch.path().join("blobferry-emulator"), "format 9").unwrap();
    assert!(refused(&scratch).to_string().contains("another version"));
}

#[test]
fn damage_is_said_and_nothing_is_changed() {
    let made = || {
        let scratch = Scratch::new();
        let service = open(&scratch);
        send(&service, "PUT", "box?restype=container", &[], "");
        send(&service, "PUT", "box/blob", BLOCK_BLOB, "bytes");
        drop(service);
        scratch
    };
    let content = |scratch: &Scratch| {
        let mut files = std::fs::read_dir(scratch.path().join("content")).unwrap();
        files.next().unwrap().unwrap().path()
    };
    type Harm<'a> = &'a dyn Fn(&Scratch);
    let records = |scratch: &Scratch| scratch.path().join("records.redb");
    let harms: [Harm<'_>; 6] = [
        &|scratch| std::fs::remove_file(content(scratch)).unwrap(),
        &|scratch| std::fs::write(content(scratch), "b").unwrap(),
        &|scratch| {
            std::fs::write(records(scratch), "x".repeat(100_000)).unwrap();
        },
        // redb panics where a page of its own is none.
        &|scratch| {
            let mut bytes = std::fs::read(records(scratch)).unwrap();
            for page in bytes.chunks_mut(4096).skip(2) {
                page[..64].fill(0xff);
            }
            std::fs::write(records(scratch), bytes).unwrap();
        },
        &|scratch| std::fs::remove_file(records(scratch)).unwrap(),
        &|scratch| std::fs::remove_file(scratch.path().join("log-1")).unwrap(),
    ];
    for harm in harms {
        let scratch = made();
        harm(&scratch);
        let text = Service::open(Config::new(), scratch.path())
            .unwrap_err()
            .to_string();
        assert!(text.contains("is damaged"), "{text}");
        // What is left may be all there is of it.
        let left = std::fs::read_dir(scratch.path().join("content")).unwrap();
        assert!(
            left.count() > 0 || text.contains("file is missing"),
            "{text}"
        );
    }
}

#[test]
fn accounts_that_are_not_named_are_kept_out_of_sight() {
    let scratch = Scratch::new();
    let both = || Config::new().account("second", "c2VjcmV0").unwrap();
    let path = "http://127.0.0.1:10000/second/box?restype=container";
    let ask = |service: &Service, method| {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("x-ms-version", "2023-11-03")
            .header("authorization", TOKEN)
            .body(Bytes::new());
        service
            .respond(Timestamp::from_millis(NOW), request.unwrap())
            .status()
            .as_u16()
    };
    let service = Service::open(both(), scratch.path()).unwrap();
    assert_eq!(ask(&service, "PUT"), 201);
    drop(service);
    assert_ne!(ask(&open(&scratch), "GET"), 200);
    let service = Service::open(both(), scratch.path()).unwrap();
    assert_eq!(ask(&service, "GET"), 200);
}

#[test]
fn a_service_that_was_cleared_stays_so() {
    let scratch = Scratch::new();
    let service = open(&scratch);
    send(&service, "PUT", "box?restype=container", &[], "");
    send(&service, "PUT", "box/blob", BLOCK_BLOB, "bytes");
    service.reset();
    assert_eq!(count(&service), (0, 0));
    drop(service);
    assert_eq!(count(&open(&scratch)), (0, 0));
    assert_eq!(scratch.content(), 0);
}

#[test]
fn what_is_deleted_and_kept_is_there_again_and_still_forgotten_in_time() {
    const DAY: u64 = 24 * 3600;
    let scratch = Scratch::new();
    let open = || {
        let kept = DataProtection {
            versions: true,
            container_retention_days: Some(3),
        };
        Service::open(Config::new().data_protection(kept), scratch.path()).unwrap()
    };
    let at = |seconds| Timestamp::from_millis(NOW) + std::time::Duration::from_secs(seconds);
    let deleted = |service: &Service, seconds| {
        let listed = send_at(
            service,
            at(seconds),
            "GET",
            "?comp=list&include=deleted",
            &[],
            "",
        );
        let tree = crate::xml::Element::read(listed.body()).unwrap();
        let containers = &tree.child("Containers").unwrap().children;
        let found = containers.iter().find_map(|item| item.text_of("Version"));
        found.map(str::to_owned)
    };
    let service = open();
    send(&service, "PUT", "box?restype=container", &[], "");
    let first = send(&service, "PUT", "box/blob", BLOCK_BLOB, "first");
    send(&service, "PUT", "box/blob", BLOCK_BLOB, "second");
    send(&service, "DELETE", "box?restype=container", &[], "");
    drop(service);

    let service = open();
    assert_eq!(count(&service), (0, 0));
    let version = deleted(&service, 0).unwrap();
    let headers = [
        ("x-ms-deleted-container-name", "box"),
        ("x-ms-deleted-container-version", version.as_str()),
    ];
    let restore = |service: &Service, seconds| {
        let url = "again?restype=container&comp=undelete";
        send_at(service, at(seconds), "PUT", url, &headers, "").status()
    };
    assert_eq!(restore(&service, 0), 201);
    drop(service);

    let service = open();
    assert_eq!(deleted(&service, 0), None);
    let id = first.headers()["x-ms-version-id"].to_str().unwrap();
    let old = send(
        &service,
        "GET",
        &format!("again/blob?versionid={id}"),
        &[],
        "",
    );
    assert_eq!(&**old.body(), b"first");
    let new = send(&service, "GET", "again/blob", &[], "");
    assert_eq!(&**new.body(), b"second");
    send(&service, "DELETE", "again?restype=container", &[], "");
    drop(service);

    let service = open();
    assert!(deleted(&service, 3 * DAY - 1).is_some());
    assert!(scratch.content() > 0);
    assert_eq!(deleted(&service, 3 * DAY), None);
    drop(service);
    let service = open();
    assert_eq!(deleted(&service, 0), None);
    disk_use_falls_below(&scratch, 1);
}
