mod incremental;
#[cfg(feature = "durable")]
mod kept;
mod secret;
#[cfg(feature = "tls")]
mod secure;

use std::time::Duration;

use http::Method;

use crate::clock::Clock;
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

/// A server that answers heads by this.
async fn place(answer: fn(&str) -> String) -> std::net::SocketAddr {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = listener.local_addr().unwrap();
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut head = [0; 4096];
            let read = stream.read(&mut head).await.unwrap();
            let asked = String::from_utf8_lossy(&head[..read]).into_owned();
            let told = stream.write_all(answer(&asked).as_bytes()).await;
            // Who asks may have heard enough.
            drop(told);
        }
    });
    addr
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

/// A copy that reads a range a second of a clock that stands still.
async fn slow() -> (World, World) {
    let pace = Pace {
        latency: Duration::ZERO,
        bytes_per_second: Some(4 << 20),
    };
    let clock = Clock::frozen_at(Clock::system().now());
    let config = Config::new().clock(clock).copy_pace(CopyPace {
        same_account: Pace::AT_ONCE,
        other_account: pace,
    });
    (World::new().await, World::with(config).await)
}

/// Properties once a header has this value, which takes moments.
async fn when(world: &World, blob: &str, name: &str, value: &str) -> String {
    let mut head = String::new();
    for _ in 0..500 {
        head = world.ask(Method::HEAD, blob, &[], "").await;
        if header(&head, name).starts_with(value) {
            return head;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("{name} does not become {value}: {head}");
}

#[tokio::test]
async fn ranges_are_read_as_the_clock_allows_and_a_change_in_between_fails_the_copy() {
    let (from, to) = slow().await;
    from.send(Method::PUT, Some("source"), &"x".repeat(10 << 20))
        .await;
    to.copy("copy", &from.sas_url("source", "r")).await;
    let second = Duration::from_secs(1);
    to.service.clock().advance(second);
    let head = when(&to, "copy", "x-ms-copy-progress", "4194304/10485760").await;
    assert_eq!(header(&head, "content-length"), "0");
    from.send(Method::PUT, Some("source"), "another").await;
    to.service.clock().advance(second);
    let head = when(&to, "copy", "x-ms-copy-status", "failed").await;
    assert_eq!(
        header(&head, "x-ms-copy-status-description"),
        "412 ConditionNotMet \"Copy failed when reading the source.\""
    );
    assert_eq!(header(&head, "content-length"), "0");
}

#[tokio::test]
async fn a_source_that_goes_fails_the_copy_and_one_that_stumbles_is_tried_again() {
    let (from, to) = slow().await;
    from.send(Method::PUT, Some("goes"), &"x".repeat(5 << 20))
        .await;
    from.send(Method::PUT, Some("stumbles"), &"y".repeat(5 << 20))
        .await;
    to.copy("gone", &from.sas_url("goes", "r")).await;
    to.copy("copy", &from.sas_url("stumbles", "r")).await;
    from.send(Method::DELETE, Some("goes"), "").await;
    from.fault("internal-error,operation=GetBlob,blob=stumbles,count=3");
    to.service.clock().advance(Duration::from_secs(1));
    let head = when(&to, "copy", "x-ms-copy-status-description", "502").await;
    assert!(
        header(&head, "x-ms-copy-status-description").starts_with(
            "502 BadGateway \"Encountered a retryable error when reading the source. Will retry. "
        ),
        "{head}"
    );
    let head = when(&to, "gone", "x-ms-copy-status", "failed").await;
    assert_eq!(
        header(&head, "x-ms-copy-status-description"),
        "404 BlobNotFound \"Copy failed when reading the source.\""
    );
    to.service.clock().advance(Duration::from_secs(9));
    let head = when(&to, "copy", "x-ms-copy-status", "success").await;
    assert_eq!(header(&head, "x-ms-copy-status-description"), "");
    assert_eq!(header(&head, "content-length"), "5242880");
}

#[tokio::test]
async fn an_aborted_copy_reads_no_more_and_two_weeks_end_any() {
    let (from, to) = slow().await;
    from.send(Method::PUT, Some("source"), &"x".repeat(9 << 20))
        .await;
    let started = to.copy("copy", &from.sas_url("source", "r")).await;
    let id = header(&started, "x-ms-copy-id");
    let abort = format!("copy?comp=copy&copyid={id}");
    let action = [("x-ms-copy-action", "abort")];
    let aborted = to.ask(Method::PUT, &abort, &action, "").await;
    assert!(aborted.starts_with("HTTP/1.1 204 "), "{aborted}");
    to.copy("late", &from.sas_url("source", "r")).await;
    let asked = || from.service.stats(from.service.clock().now()).requests;
    let before = asked();
    to.service
        .clock()
        .advance(Duration::from_secs(15 * 24 * 3600));
    let head = when(&to, "late", "x-ms-copy-status", "failed").await;
    assert_eq!(
        header(&head, "x-ms-copy-status-description"),
        "500 OperationCancelled \"The copy exceeded the maximum allowed time.\""
    );
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_eq!(asked(), before);
    let head = to.ask(Method::HEAD, "copy", &[], "").await;
    assert_eq!(header(&head, "x-ms-copy-status"), "aborted");
}

#[tokio::test]
async fn page_and_append_blobs_and_blocks_arrive_as_what_they_are() {
    let (from, to) = two().await;
    let page = [
        ("x-ms-blob-type", "PageBlob"),
        ("x-ms-blob-content-length", "4096"),
    ];
    from.ask(Method::PUT, "page", &page, "").await;
    let written = [
        ("x-ms-page-write", "update"),
        ("x-ms-range", "bytes=1024-1535"),
    ];
    from.ask(Method::PUT, "page?comp=page", &written, &"p".repeat(512))
        .await;
    from.ask(
        Method::PUT,
        "append",
        &[("x-ms-blob-type", "AppendBlob")],
        "",
    )
    .await;
    from.ask(Method::PUT, "append?comp=appendblock", &[], "added")
        .await;
    for (id, text) in [("YQ==", "one"), ("Yg==", "three")] {
        let block = format!("blocks?comp=block&blockid={id}");
        from.ask(Method::PUT, &block, &[], text).await;
    }
    let list = "<BlockList><Latest>YQ==</Latest><Latest>Yg==</Latest></BlockList>";
    from.ask(Method::PUT, "blocks?comp=blocklist", &[], list)
        .await;
    for (blob, kind, length) in [
        ("page", "PageBlob", "4096"),
        ("append", "AppendBlob", "5"),
        ("blocks", "BlockBlob", "8"),
    ] {
        to.copy(blob, &from.sas_url(blob, "r")).await;
        let head = ended(&to, blob).await;
        assert_eq!(header(&head, "x-ms-copy-status"), "success", "{head}");
        assert_eq!(header(&head, "x-ms-blob-type"), kind);
        assert_eq!(header(&head, "content-length"), length);
    }
    let ranges = to.ask(Method::GET, "page?comp=pagelist", &[], "").await;
    assert!(
        ranges.contains("<Start>1024</Start><End>1535</End>"),
        "{ranges}"
    );
    assert_eq!(ranges.matches("<PageRange>").count(), 1);
    let blocks = to.ask(Method::GET, "blocks?comp=blocklist", &[], "").await;
    for part in [
        "<Name>YQ==</Name><Size>3</Size>",
        "<Name>Yg==</Name><Size>5</Size>",
    ] {
        assert!(blocks.contains(part), "{blocks}");
    }
    let read = to.ask(Method::GET, "blocks", &[], "").await;
    assert!(read.ends_with("onethree"), "{read}");
}

#[tokio::test]
async fn a_plain_server_without_ranges_is_read_at_once_and_a_redirect_is_judged() {
    let addr = place(|asked| {
        if asked.starts_with("GET /here") {
            "HTTP/1.1 302 Found\r\nlocation: /there\r\ncontent-length: 0\r\n\r\n".to_owned()
        } else if asked.starts_with("GET /away") {
            "HTTP/1.1 302 Found\r\nlocation: http://10.0.0.1/x\r\ncontent-length: 0\r\n\r\n"
                .to_owned()
        } else {
            "HTTP/1.1 200 OK\r\ncontent-length: 5\r\ncontent-type: text/css\r\n\r\nplain".to_owned()
        }
    })
    .await;
    let (_, to) = two().await;
    let started = to.copy("copy", &format!("http://{addr}/here")).await;
    assert!(started.starts_with("HTTP/1.1 202 "), "{started}");
    let head = ended(&to, "copy").await;
    assert_eq!(header(&head, "x-ms-copy-status"), "success", "{head}");
    assert_eq!(header(&head, "content-type"), "text/css");
    let read = to.ask(Method::GET, "copy", &[], "").await;
    assert!(read.ends_with("plain"), "{read}");
    let refused = to.copy("other", &format!("http://{addr}/away")).await;
    assert!(refused.starts_with("HTTP/1.1 404 "), "{refused}");
}

#[tokio::test]
async fn what_is_read_from_a_url_takes_its_place_among_the_bodies_on_their_way_in() {
    use crate::{Limits, ServerOptions};
    use tokio::io::AsyncWriteExt as _;
    let limits = Limits {
        buffered: 0,
        patience: Duration::from_millis(50),
        ..Limits::default()
    };
    let from = World::new().await;
    let long = "x".repeat(200_000);
    from.send(Method::PUT, Some("source"), &long).await;
    let source = from.sas_url("source", "r");
    let to = World::serving(Config::new(), ServerOptions::from(limits)).await;
    let put = || async {
        let headers = [
            ("x-ms-copy-source", source.as_str()),
            ("x-ms-blob-type", "BlockBlob"),
        ];
        to.ask(Method::PUT, "blob", &headers, "").await
    };
    let alone = put().await;
    assert!(alone.starts_with("HTTP/1.1 201 "), "{alone}");
    // A body that has begun and does not end.
    let url = to.sas_url("other", "w");
    let path = url.strip_prefix(&format!("http://{}", to.server.addr()));
    let head = format!(
        "PUT {} HTTP/1.1\r\nhost: {}\r\nx-ms-version: 2021-12-02\r\n\
         x-ms-blob-type: BlockBlob\r\ncontent-length: 200000\r\n\r\n{}",
        path.unwrap(),
        to.server.addr(),
        &long[..100_000]
    );
    let mut other = tokio::net::TcpStream::connect(to.server.addr())
        .await
        .unwrap();
    other.write_all(head.as_bytes()).await.unwrap();
    let mut beside = put().await;
    for _ in 0..50 {
        if beside.starts_with("HTTP/1.1 503 ") {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
        beside = put().await;
    }
    assert_eq!(header(&beside, "x-ms-error-code"), "ServerBusy", "{beside}");
    drop(other);
}

#[tokio::test]
async fn tags_of_a_source_come_along_where_that_is_asked_and_they_may_be_read() {
    let (from, to) = two().await;
    let tagged = [
        ("x-ms-blob-type", "BlockBlob"),
        ("x-ms-tags", "of=source&and=more"),
    ];
    from.ask(Method::PUT, "source", &tagged, "text").await;
    for (letters, option, status, count) in [
        ("rt", "COPY", "201", "2"),
        ("rt", "REPLACE", "201", ""),
        ("r", "COPY", "403", ""),
    ] {
        let source = from.sas_url("source", letters);
        let headers = [
            ("x-ms-copy-source", source.as_str()),
            ("x-ms-blob-type", "BlockBlob"),
            ("x-ms-copy-source-tag-option", option),
        ];
        let put = to.ask(Method::PUT, "blob", &headers, "").await;
        assert!(put.starts_with(&format!("HTTP/1.1 {status} ")), "{put}");
        if status == "403" {
            let code = header(&put, "x-ms-error-code");
            assert_eq!(code, "AuthorizationPermissionMismatch");
            continue;
        }
        let head = to.ask(Method::HEAD, "blob", &[], "").await;
        assert_eq!(header(&head, "x-ms-tag-count"), count, "{letters} {option}");
    }
}
