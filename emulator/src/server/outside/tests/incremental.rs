//! Snapshots of a page blob outside, copied one after the other.

use super::*;

/// A page of one letter.
fn page(letter: char) -> String {
    letter.to_string().repeat(512)
}

async fn write(world: &World, number: u64, body: &str) {
    let range = format!("bytes={}-{}", number * 512, number * 512 + 511);
    let kind = if body.is_empty() { "clear" } else { "update" };
    let headers = [("x-ms-page-write", kind), ("x-ms-range", &*range)];
    let answer = world
        .ask(Method::PUT, "source?comp=page", &headers, body)
        .await;
    assert!(answer.starts_with("HTTP/1.1 201 "), "{answer}");
}

async fn snapshot(world: &World) -> String {
    let made = world
        .ask(Method::PUT, "source?comp=snapshot", &[], "")
        .await;
    header(&made, "x-ms-snapshot").to_owned()
}

/// The URL of a snapshot of the source.
fn url(world: &World, snapshot: &str) -> String {
    format!("{}&snapshot={snapshot}", world.sas_url("source", "r"))
}

/// A page blob of eight pages, of which two hold data, and its snapshot.
async fn source(world: &World) -> String {
    let headers = [
        ("x-ms-blob-type", "PageBlob"),
        ("x-ms-blob-content-length", "4096"),
        ("x-ms-meta-a", "1"),
    ];
    world.ask(Method::PUT, "source", &headers, "").await;
    write(world, 1, &page('a')).await;
    write(world, 5, &page('b')).await;
    snapshot(world).await
}

async fn begin(to: &World, source: &str) -> String {
    let headers = [("x-ms-copy-source", source)];
    to.ask(Method::PUT, "copy?comp=incrementalcopy", &headers, "")
        .await
}

/// Copies a snapshot, and says which snapshot of the destination that made.
async fn copied(to: &World, source: &str) -> String {
    let started = begin(to, source).await;
    assert!(started.starts_with("HTTP/1.1 202 "), "{started}");
    assert_eq!(header(&started, "x-ms-copy-status"), "pending");
    let head = ended(to, "copy").await;
    assert_eq!(header(&head, "x-ms-copy-status"), "success", "{head}");
    assert_eq!(header(&head, "x-ms-incremental-copy"), "true");
    header(&head, "x-ms-copy-destination-snapshot").to_owned()
}

async fn body(world: &World, blob: &str) -> String {
    let read = world.ask(Method::GET, blob, &[], "").await;
    read.split_once("\r\n\r\n").unwrap().1.to_owned()
}

/// A letter for each page of a blob; a dot where it is empty.
async fn pages(world: &World, blob: &str) -> String {
    let body = body(world, blob).await;
    let first = body.chars().step_by(512).map(|letter| match letter {
        '\0' => '.',
        letter => letter,
    });
    first.collect()
}

#[tokio::test]
async fn snapshots_arrive_one_after_the_other_and_only_what_changed_is_written() {
    let (from, to) = two().await;
    let first = source(&from).await;
    let made = copied(&to, &url(&from, &first)).await;
    let at_first = format!("copy?snapshot={made}");
    assert_eq!(pages(&to, &at_first).await, ".a...b..");
    write(&from, 1, "").await;
    write(&from, 2, &page('c')).await;
    let second = snapshot(&from).await;
    let made_next = copied(&to, &url(&from, &second)).await;
    let at_second = format!("copy?snapshot={made_next}");
    assert_eq!(pages(&to, &at_second).await, "..c..b..");
    assert_eq!(pages(&to, &at_first).await, ".a...b..");
    let changes = format!("{at_second}&comp=pagelist&prevsnapshot={made}");
    let changes = body(&to, &changes).await;
    assert_eq!(changes.matches("Range>").count(), 4, "{changes}");
    for part in [
        "<ClearRange><Start>512</Start><End>1023</End></ClearRange>",
        "<PageRange><Start>1024</Start><End>1535</End></PageRange>",
    ] {
        assert!(changes.contains(part), "{changes}");
    }
}

#[tokio::test]
async fn a_source_that_grew_or_lost_the_snapshot_before_arrives_whole() {
    let (from, to) = two().await;
    let first = source(&from).await;
    copied(&to, &url(&from, &first)).await;
    let longer = [("x-ms-blob-content-length", "8192")];
    from.ask(Method::PUT, "source?comp=properties", &longer, "")
        .await;
    write(&from, 12, &page('d')).await;
    let second = snapshot(&from).await;
    let made = copied(&to, &url(&from, &second)).await;
    let at_second = format!("copy?snapshot={made}");
    assert_eq!(pages(&to, &at_second).await, ".a...b......d...");
    write(&from, 5, "").await;
    let third = snapshot(&from).await;
    let gone = format!("source?snapshot={second}");
    from.ask(Method::DELETE, &gone, &[], "").await;
    let made = copied(&to, &url(&from, &third)).await;
    let at_third = format!("copy?snapshot={made}");
    assert_eq!(pages(&to, &at_third).await, ".a..........d...");
    let ranges = body(&to, &format!("{at_third}&comp=pagelist")).await;
    assert_eq!(ranges.matches("<PageRange>").count(), 2, "{ranges}");
}

#[tokio::test]
async fn what_is_no_later_snapshot_of_the_same_page_blob_is_refused() {
    let (from, to) = two().await;
    let first = source(&from).await;
    let second = snapshot(&from).await;
    from.send(Method::PUT, Some("block"), "text").await;
    let taken = from.ask(Method::PUT, "block?comp=snapshot", &[], "").await;
    let block = format!(
        "{}&snapshot={}",
        from.sas_url("block", "r"),
        header(&taken, "x-ms-snapshot")
    );
    let missing = url(&from, "2020-01-01T00:00:00.0000000Z");
    let bare = from.sas_url("source", "r");
    let private = format!("{}?snapshot={first}", bare.split('?').next().unwrap());
    for (source, status, code) in [
        (&bare, "409", "IncrementalCopySourceMustBeSnapshot"),
        (&block, "409", "InvalidSourceBlobType"),
        (&missing, "404", "CannotVerifyCopySource"),
        (&private, "401", "CannotVerifyCopySource"),
    ] {
        let answer = begin(&to, source).await;
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {status} ")),
            "{source}: {answer}"
        );
        assert_eq!(header(&answer, "x-ms-error-code"), code);
    }
    copied(&to, &url(&from, &second)).await;
    let other = url(&from, &second).replacen("/source?", "/other?", 1);
    from.ask(
        Method::PUT,
        "other",
        &[
            ("x-ms-blob-type", "PageBlob"),
            ("x-ms-blob-content-length", "512"),
        ],
        "",
    )
    .await;
    let taken = from.ask(Method::PUT, "other?comp=snapshot", &[], "").await;
    let other = other.replacen(&second, header(&taken, "x-ms-snapshot"), 1);
    for (source, code) in [
        (
            url(&from, &first),
            "IncrementalCopyOfEarlierVersionSnapshotNotAllowed",
        ),
        (other, "IncrementalCopyBlobMismatch"),
    ] {
        let answer = begin(&to, &source).await;
        assert_eq!(header(&answer, "x-ms-error-code"), code, "{answer}");
    }
}

#[tokio::test]
async fn a_place_that_is_no_storage_service_has_no_snapshots() {
    let place = place(|_| "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nplain".to_owned()).await;
    let (_, to) = two().await;
    let source = format!("http://{place}/a?snapshot=2020-01-01T00:00:00.0000000Z");
    let answer = begin(&to, &source).await;
    assert!(answer.starts_with("HTTP/1.1 409 "), "{answer}");
    assert_eq!(header(&answer, "x-ms-error-code"), "InvalidSourceBlobUrl");
}

#[tokio::test]
async fn a_list_of_pages_that_comes_in_parts_is_read_to_its_end() {
    let place = place(|asked| {
        let range = |start: u64| {
            let end = start + 511;
            format!("<PageRange><Start>{start}</Start><End>{end}</End></PageRange>")
        };
        let body = if asked.contains("marker=2%211024") {
            format!("<PageList>{}</PageList>", range(1024))
        } else if asked.contains("comp=pagelist") {
            let first = range(0);
            format!("<PageList>{first}<NextMarker>2!1024</NextMarker></PageList>")
        } else if asked.contains("bytes=1024-1535") {
            page('b')
        } else {
            page('a')
        };
        format!(
            "HTTP/1.1 {}\r\ncontent-length: {}\r\netag: \"1\"\r\n\
             x-ms-blob-type: PageBlob\r\ncontent-range: bytes 0-0/2048\r\n\r\n{body}",
            if asked.contains("comp=") {
                "200 OK"
            } else {
                "206 Partial Content"
            },
            body.len()
        )
    })
    .await;
    let (_, to) = two().await;
    let started = to.copy("copy", &format!("http://{place}/a")).await;
    assert!(started.starts_with("HTTP/1.1 202 "), "{started}");
    let head = ended(&to, "copy").await;
    assert_eq!(header(&head, "x-ms-copy-status"), "success", "{head}");
    assert_eq!(pages(&to, "copy").await, "a.b.");
}
