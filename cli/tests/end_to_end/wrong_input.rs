//! Every wrong input: one clear sentence, the service's code and request id, the documented exit
//! code, and nothing left behind.

use std::time::Duration;

use blobferry::operation::PutBlob;
use blobferry::{BlobAddress, Timestamp};

use crate::quay::{NORTH, Quay, Ran, SOUTH, pace, run_bare};

fn quay() -> Quay {
    let quay = Quay::new(pace(0, None));
    quay.put("a", "content");
    quay
}

/// Holds the ending against what is promised.
fn ends(quay: &Quay, ran: &Ran, code: i32, service_code: Option<&str>, sentence: &str) {
    assert_eq!(ran.code, code, "{}{}", ran.out, ran.err);
    let said = format!("{}{}", ran.out, ran.err);
    assert!(said.contains(sentence), "{sentence:?} is not in {said}");
    assert!(said.contains('→'), "no advice in {said}");
    if let Some(service_code) = service_code {
        assert!(said.contains(service_code), "{said}");
        assert!(said.contains("[request "), "no request id in {said}");
    }
    assert!(
        !said.contains("sig=") && !said.contains("panicked"),
        "{said}"
    );
    assert_eq!(quay.left_behind(), (0, 0));
}

#[test]
fn what_is_no_url_is_said_to_be_none() {
    for (arguments, part) in [
        (
            vec!["ls", "ftp://a/b"],
            "must begin with http:// or https://",
        ),
        (
            vec!["ls", "cargo"],
            "no connection string says which account",
        ),
        (
            vec!["ls", "https://a.blob.core.windows.net/UPPER"],
            "lower-case",
        ),
        (
            vec![
                "copy",
                "https://a.blob.core.windows.net/src",
                "https://b.blob.core.windows.net/",
            ],
            "names no container",
        ),
        (
            vec![
                "copy",
                "https://a.blob.core.windows.net/src",
                "https://b.blob.core.windows.net/dst/x",
            ],
            "means many blobs",
        ),
        (
            vec![
                "ls",
                "https://a.blob.core.windows.net/",
                "--account-key",
                "not base64!",
            ],
            "must be Base64",
        ),
        (
            vec![
                "ls",
                "https://a.blob.core.windows.net/",
                "--connection-string",
                "AccountKey",
            ],
            "connection string",
        ),
        (
            vec![
                "lease",
                "renew",
                "https://a.blob.core.windows.net/src/b",
                "--lease-id",
                "x",
            ],
            "must be a UUID",
        ),
        (vec!["copy"], "required arguments"),
        (vec!["sail"], "unrecognized subcommand"),
    ] {
        let ran = run_bare(&arguments);
        assert_eq!(ran.code, 2, "{arguments:?}: {}", ran.err);
        assert!(ran.err.contains(part), "{arguments:?}: {}", ran.err);
    }
}

#[test]
fn a_container_that_is_not_there_is_named_with_what_to_do() {
    let quay = quay();
    for arguments in [["copy", "nowhere", "cargo"], ["copy", "cargo", "nowhere"]] {
        let ran = quay.run(&arguments);
        ends(&quay, &ran, 4, Some("ContainerNotFound"), "nowhere");
    }
    let ran = quay.run(&["status", "nowhere"]);
    ends(&quay, &ran, 4, Some("ContainerNotFound"), "nowhere");
    let ran = quay.run(&["copy", "cargo/nothing", "cargo/x"]);
    ends(&quay, &ran, 4, Some("BlobNotFound"), "nothing");
}

#[test]
fn an_expired_sas_is_told_before_anything_is_begun() {
    let quay = quay();
    let url = quay.source.to_string();
    let sas = run_bare(&[
        "sas",
        &url,
        "-p",
        "rl",
        "--expiry",
        "2020-01-01T00:00:00Z",
        "--connection-string",
        &quay.connection(NORTH),
    ]);
    let to = quay.destination.to_string();
    let ran = run_bare(&[
        "copy",
        sas.out.trim(),
        &to,
        "--destination-connection-string",
        &quay.connection(SOUTH),
    ]);
    ends(
        &quay,
        &ran,
        3,
        None,
        "the SAS expired at 2020-01-01T00:00:00Z",
    );
}

#[test]
fn a_wrong_key_is_refused_in_the_services_words() {
    let quay = quay();
    let wrong = quay.connection(SOUTH).replace("c291dGg=", "d3Jvbmc=");
    for side in [
        "--source-connection-string",
        "--destination-connection-string",
    ] {
        let wrong = if side.contains("source") {
            quay.connection(NORTH).replace("bm9ydGg=", "d3Jvbmc=")
        } else {
            wrong.clone()
        };
        let ran = quay.run(&["copy", "cargo", "cargo", side, &wrong]);
        ends(&quay, &ran, 3, Some("AuthenticationFailed"), "403");
    }
    assert!(quay.contents(&quay.destination).is_empty());
}

#[test]
fn a_sas_without_the_permission_is_refused_in_the_services_words() {
    let quay = quay();
    let sas = |letters: &str| {
        let to = quay.destination.to_string();
        let ran = run_bare(&[
            "sas",
            &to,
            "-p",
            letters,
            "--connection-string",
            &quay.connection(SOUTH),
        ]);
        ran.out.trim().to_owned()
    };
    let from = quay.source.to_string();
    for letters in ["rl", "r"] {
        let ran = quay.run(&["copy", &from, &sas(letters), "--lease-source"]);
        ends(
            &quay,
            &ran,
            3,
            Some("AuthorizationPermissionMismatch"),
            "403",
        );
    }
}

#[test]
fn a_clock_that_is_wrong_is_set_by_the_services_own() {
    for wrong in [3_600_000, -3_600_000] {
        let quay = quay();
        let clock = quay.service.clock();
        let now = clock.now().as_millis();
        clock.set(Timestamp::from_millis(now + wrong));
        let ran = quay.run(&["copy", "cargo", "cargo", "--lease-source"]);
        assert_eq!(ran.code, 0, "{wrong}: {}{}", ran.out, ran.err);
        assert_eq!(quay.contents(&quay.destination).len(), 1);
        assert_eq!(quay.left_behind(), (0, 0));
    }
}

#[test]
fn a_sas_that_has_expired_by_the_services_clock_is_told_so() {
    let quay = quay();
    let url = quay.source.to_string();
    let sas = run_bare(&[
        "sas",
        &url,
        "-p",
        "rl",
        "--expiry",
        "30m",
        "--connection-string",
        &quay.connection(NORTH),
    ]);
    quay.service.clock().advance(Duration::from_secs(3_600));
    let ran = run_bare(&["ls", sas.out.trim()]);
    ends(&quay, &ran, 3, None, "has expired");
}

#[test]
fn a_host_that_is_not_there_is_told_after_a_while() {
    let quay = quay();
    // Nobody listens on the port of a listener that is gone.
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let url = format!("http://{port}/northquay/cargo");
    let ran = run_bare(&["ls", &url, "--account-key", "bm9ydGg="]);
    ends(&quay, &ran, 5, None, "could not connect to 127.0.0.1");
}

#[test]
fn a_type_that_the_destination_cannot_take_is_refused_by_name() {
    let quay = quay();
    let append: BlobAddress = quay.destination.blob("a".parse().unwrap());
    quay.send(PutBlob::append(append));
    let ran = quay.run(&[
        "copy",
        "cargo",
        "cargo",
        "--overwrite",
        "always",
        "--lease-source",
    ]);
    assert_eq!(ran.code, 6, "{}{}", ran.out, ran.err);
    assert!(
        ran.out.contains("another type; delete it first"),
        "{}",
        ran.out
    );
    assert_eq!(quay.left_behind(), (0, 0));
}

#[test]
fn json_tells_a_failure_as_a_value_too() {
    let quay = quay();
    let ran = quay.run(&["copy", "nowhere", "cargo", "--output", "json"]);
    let error = ran.value("error");
    assert_eq!(
        (&error["exit_code"], &error["status"]),
        (&4.into(), &404.into())
    );
    assert_eq!(error["code"], "ContainerNotFound");
    assert!(
        error["request_id"].is_string() && error["advice"].is_string(),
        "{error}"
    );
}
