//! Metadata names keep the capitals they came with.

use super::*;
use crate::server::world::World;

fn path_of(url: &str) -> &str {
    let at = url.find("/devstoreaccount1").unwrap();
    &url[at..]
}

#[tokio::test]
async fn metadata_names_are_answered_as_they_came_on_a_connection_that_goes_on() {
    let world = World::new().await;
    let write = world.sas_url("lamp", "rwc");
    let (write, list) = (path_of(&write), world.sas_url("", "l"));
    let list = path_of(&list).replace("/box/?", "/box?");
    let mut stream = connected(&world.server).await;
    let put = format!(
        "PUT {write} HTTP/1.1\r\nhost: x\r\nx-ms-version: 2024-08-04\r\nx-ms-blob-type: BlockBlob\r\n\
         X-Ms-Meta-UpperCase: Stays\r\nx-ms-meta-low: Low\r\ncontent-length: 23\r\n\r\n\
         x-ms-meta-LOW: body\r\n\r\n"
    );
    let get = format!("GET {write} HTTP/1.1\r\nhost: x\r\nx-ms-version: 2024-08-04\r\n\r\n");
    let listed = format!(
        "GET {list}&restype=container&comp=list&include=metadata HTTP/1.1\r\nhost: x\r\n\
         x-ms-version: 2024-08-04\r\nconnection: close\r\n\r\n"
    );
    stream.write_all(put.as_bytes()).await.unwrap();
    let created = read_to(&mut stream, "\r\n\r\n").await;
    assert!(created.starts_with("HTTP/1.1 201 "), "{created}");
    for _ in 0..2 {
        stream.write_all(get.as_bytes()).await.unwrap();
        let head = read_to(&mut stream, "\r\n\r\n").await;
        assert!(
            head.contains("\r\nx-ms-meta-UpperCase: Stays\r\n"),
            "{head}"
        );
        assert!(head.contains("\r\nx-ms-meta-low: Low\r\n"), "{head}");
        assert_eq!(read_to(&mut stream, "\r\n\r\n").await.len(), 23);
    }
    stream.write_all(listed.as_bytes()).await.unwrap();
    let answer = read_rest(&mut stream).await;
    let shown = "<Metadata><low>Low</low><UpperCase>Stays</UpperCase></Metadata>";
    assert!(answer.contains(shown), "{answer}");
    world.stop().await;
}

#[tokio::test]
async fn metadata_names_keep_their_capitals_in_pipelined_requests() {
    let world = World::new().await;
    let write = world.sas_url("lamp", "rwc");
    let write = path_of(&write);
    let put = |name: &str, body: &str| {
        format!(
            "PUT {write} HTTP/1.1\r\nhost: x\r\nx-ms-version: 2024-08-04\r\n\
             x-ms-blob-type: BlockBlob\r\nX-Ms-Meta-{name}: 1\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        )
    };
    let get = format!("HEAD {write} HTTP/1.1\r\nhost: x\r\nx-ms-version: 2024-08-04\r\n\r\n");
    let long = "x-ms-meta-no: no\r\n\r\n".repeat(10_000);
    let mut stream = connected(&world.server).await;
    for (first, second) in [
        ("", ""),
        ("short", ""),
        (long.as_str(), "short"),
        ("", &long),
    ] {
        let all = [
            put("OnE", first),
            get.clone(),
            put("TwO", second),
            get.clone(),
        ]
        .concat();
        stream.write_all(all.as_bytes()).await.unwrap();
        for name in ["OnE", "TwO"] {
            let created = read_to(&mut stream, "\r\n\r\n").await;
            assert!(created.starts_with("HTTP/1.1 201 "), "{created}");
            let head = read_to(&mut stream, "\r\n\r\n").await;
            assert!(
                head.contains(&format!("\r\nx-ms-meta-{name}: 1\r\n")),
                "{head}"
            );
        }
    }
    world.stop().await;
}
