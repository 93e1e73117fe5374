use std::time::Duration;

use http::Method;

use crate::config::{Config, CopyPace, Pace};
use crate::outside::Outside;
use crate::server::world::{World, header};

/// Two services that know nothing of each other, both with the development account.
async fn two() -> (World, World) {
    let quick = Config::new().copy_pace(CopyPace {
        same_account: Pace::AT_ONCE,
        other_account: Pace::AT_ONCE,
    });
    (World::new().await, World::with(quick).await)
}

/// The properties of a blob when its copy has ended, which takes moments.
async fn ended(world: &World, blob: &str) -> String {
    for _ in 0..500 {
        let head = world.ask(Method::HEAD, blob, &[], "").await;
        if header(&head, "x-ms-copy-status") != "pending" {
            return head;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("the copy does not end");
}

#[tokio::test]
async fn a_copy_from_another_server_is_pending_and_then_complete() {
    let (from, to) = two().await;
    let headers = [
        ("x-ms-blob-type", "BlockBlob"),
        ("x-ms-blob-content-type", "text/plain"),
        ("x-ms-meta-a", "1"),
    ];
    from.ask(Method::PUT, "source", &headers, "some text").await;
    let source = from.sas_url("source", "r");
    let started = to.copy("copy", &source).await;
    assert!(started.starts_with("HTTP/1.1 202 "), "{started}");
    assert_eq!(header(&started, "x-ms-copy-status"), "pending");
    let head = ended(&to, "copy").await;
    for (name, value) in [
        ("x-ms-copy-status", "success"),
        ("x-ms-copy-progress", "9/9"),
        ("x-ms-copy-source", source.as_str()),
        ("content-length", "9"),
        ("content-type", "text/plain"),
        ("x-ms-meta-a", "1"),
    ] {
        assert_eq!(header(&head, name), value, "{head}");
    }
    let read = to.ask(Method::GET, "copy", &[], "").await;
    assert!(read.ends_with("some text"), "{read}");
}

#[tokio::test]
async fn an_empty_source_is_copied_too() {
    let (from, to) = two().await;
    from.send(Method::PUT, Some("source"), "").await;
    to.copy("copy", &from.sas_url("source", "r")).await;
    let head = ended(&to, "copy").await;
    assert_eq!(header(&head, "x-ms-copy-status"), "success", "{head}");
}

#[tokio::test]
async fn what_the_source_refuses_is_told_with_its_own_status_and_code() {
    let (from, to) = two().await;
    from.send(Method::PUT, Some("source"), "some text").await;
    let good = from.sas_url("source", "r");
    let missing = from.sas_url("missing", "r");
    let bare = good.split('?').next().unwrap().to_owned();
    let forged = format!(
        "{bare}?{}",
        to.sas_url("source", "w").split_once('?').unwrap().1
    );
    let none = ("x-ms-source-if-none-match", "*");
    type Row<'a> = (&'a str, &'a [(&'a str, &'a str)], &'a str, &'a str, &'a str);
    let rows: [Row<'_>; 6] = [
        (
            &missing,
            &[],
            "404",
            "CannotVerifyCopySource",
            "BlobNotFound",
        ),
        (
            &bare,
            &[],
            "401",
            "CannotVerifyCopySource",
            "NoAuthenticationInformation",
        ),
        (
            &forged,
            &[],
            "403",
            "CannotVerifyCopySource",
            "AuthorizationPermissionMismatch",
        ),
        (
            &good,
            &[("x-ms-source-if-match", "\"0x1\"")],
            "412",
            "SourceConditionNotMet",
            "",
        ),
        (
            &good,
            &[(
                "x-ms-source-if-unmodified-since",
                "Sun, 06 Nov 1994 08:49:37 GMT",
            )],
            "412",
            "CannotVerifyCopySource",
            "ConditionNotMet",
        ),
        (&good, &[none], "304", "CannotVerifyCopySource", ""),
    ];
    for (source, conditions, status, code, of_source) in rows {
        let mut headers = vec![
            ("x-ms-copy-source", source),
            ("x-ms-blob-type", "BlockBlob"),
        ];
        headers.extend_from_slice(conditions);
        let headers: Vec<(&'static str, &str)> = headers
            .iter()
            .map(|(name, value)| (&*String::leak((*name).to_owned()), *value))
            .collect();
        let answer = to.ask(Method::PUT, "copy", &headers, "").await;
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {status} ")),
            "{source}: {answer}"
        );
        assert_eq!(header(&answer, "x-ms-error-code"), code, "{answer}");
        assert_eq!(
            header(&answer, "x-ms-copy-source-error-code"),
            of_source,
            "{answer}"
        );
    }
    let started = to.copy("copy", &missing).await;
    assert!(started.starts_with("HTTP/1.1 404 "), "{started}");
    assert_eq!(
        header(&started, "x-ms-error-code"),
        "CannotVerifyCopySource"
    );
}

#[tokio::test]
async fn writes_from_a_url_read_a_part_and_check_it() {
    let (from, to) = two().await;
    from.send(Method::PUT, Some("source"), "0123456789").await;
    let source = from.sas_url("source", "r");
    let put = |range: &'static str, md5: &'static str| {
        let headers = [
            ("x-ms-copy-source", source.clone()),
            ("x-ms-source-range", range.to_owned()),
            ("x-ms-source-content-md5", md5.to_owned()),
        ];
        let to = &to;
        async move {
            let headers: Vec<_> = headers
                .iter()
                .filter(|(_, value)| !value.is_empty())
                .map(|(name, value)| (*name, value.as_str()))
                .collect();
            to.ask(Method::PUT, "blob?comp=block&blockid=YQ==", &headers, "")
                .await
        }
    };
    let good = put("bytes=2-5", "DeSyvk/50uMIAH4Q/O9IuQ==").await;
    let wrong = put("bytes=2-5", "1B2M2Y8AsgTpgAmY7PhCfg==").await;
    assert!(wrong.starts_with("HTTP/1.1 400 "), "{wrong}");
    assert_eq!(header(&wrong, "x-ms-error-code"), "Md5Mismatch");
    assert!(good.starts_with("HTTP/1.1 "), "{good}");
    let plain = put("bytes=2-5", "").await;
    assert!(plain.starts_with("HTTP/1.1 201 "), "{plain}");
    let list = "<BlockList><Latest>YQ==</Latest></BlockList>";
    to.ask(Method::PUT, "blob?comp=blocklist", &[], list).await;
    let read = to.ask(Method::GET, "blob", &[], "").await;
    assert!(read.ends_with("2345"), "{read}");
    let past = put("bytes=20-25", "").await;
    assert!(past.starts_with("HTTP/1.1 416 "), "{past}");
    assert_eq!(header(&past, "x-ms-error-code"), "InvalidRange");
}

#[tokio::test]
async fn a_synchronous_copy_has_copy_properties_and_put_from_url_has_none() {
    let (from, to) = two().await;
    from.send(Method::PUT, Some("source"), "0123456789").await;
    let source = from.sas_url("source", "r");
    let headers = [
        ("x-ms-copy-source", source.as_str()),
        ("x-ms-requires-sync", "true"),
    ];
    let copied = to.ask(Method::PUT, "sync", &headers, "").await;
    assert!(copied.starts_with("HTTP/1.1 202 "), "{copied}");
    assert_eq!(header(&copied, "x-ms-copy-status"), "success");
    let headers = [
        ("x-ms-copy-source", source.as_str()),
        ("x-ms-blob-type", "BlockBlob"),
    ];
    let put = to.ask(Method::PUT, "put", &headers, "").await;
    assert!(put.starts_with("HTTP/1.1 201 "), "{put}");
    for (blob, status) in [("sync", "success"), ("put", "")] {
        let read = to.ask(Method::GET, blob, &[], "").await;
        assert!(read.ends_with("0123456789"), "{read}");
        assert_eq!(header(&read, "x-ms-copy-status"), status);
    }
}

#[tokio::test]
async fn nothing_is_read_where_the_setting_does_not_allow_it() {
    let from = World::new().await;
    from.send(Method::PUT, Some("source"), "0123456789").await;
    let source = from.sas_url("source", "r");
    let port = from.server.addr().port();
    for (setting, may) in [
        ("none".to_owned(), false),
        ("loopback".to_owned(), true),
        ("any".to_owned(), true),
        ("elsewhere.example".to_owned(), false),
        (format!("127.0.0.1:{port}"), true),
    ] {
        let to = World::with(Config::new().outside(Outside::named(&setting))).await;
        let started = to.copy("copy", &source).await;
        let status = if may { "202" } else { "404" };
        assert!(
            started.starts_with(&format!("HTTP/1.1 {status} ")),
            "{setting}: {started}"
        );
    }
    let to = World::new().await;
    for url in [
        "http://169.254.169.254/latest",
        "http://10.0.0.1/a",
        "http://[::]/a",
    ] {
        let started = to.copy("copy", url).await;
        assert!(started.starts_with("HTTP/1.1 404 "), "{url}: {started}");
    }
}

#[tokio::test]
async fn who_may_not_write_makes_nobody_ask() {
    let (from, to) = two().await;
    let before = from.service.stats(from.service.clock().now()).requests;
    let request = format!(
        "PUT /devstoreaccount1/box/x HTTP/1.1\r\nhost: {}\r\nx-ms-version: 2021-12-02\r\n\
         x-ms-copy-source: {}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
        to.server.addr(),
        from.sas_url("source", "r"),
    );
    let answer = to.raw(&request).await;
    assert!(answer.starts_with("HTTP/1.1 401 "), "{answer}");
    assert_eq!(
        from.service.stats(from.service.clock().now()).requests,
        before
    );
}
