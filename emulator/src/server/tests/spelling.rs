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
