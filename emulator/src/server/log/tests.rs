use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use http::Request;

use super::*;
use crate::server::world::World;
use crate::{Config, Limits, ServerOptions};

/// A file in memory.
#[derive(Clone, Default)]
struct Page(Arc<Mutex<Vec<u8>>>);

impl Write for Page {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Page {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

/// What is written about a few requests.
async fn written(format: LogFormat) -> String {
    let page = Page::default();
    let log = Log::to(page.clone(), format).unwrap();
    let options = ServerOptions::from(Limits::default()).log(log);
    let world = World::serving(Config::new(), options).await;
    world.send(http::Method::PUT, Some("b"), "12345").await;
    world.send(http::Method::GET, Some("b"), "").await;
    world.send(http::Method::HEAD, Some("none"), "").await;
    world.raw("GET /devstoreaccount1/box/b?sv=2021-12-02&sig=c2VjcmV0 HTTP/1.1\r\nhost: x\r\nx-ms-client-request-id: mine\r\nauthorization: SharedKey devstoreaccount1:c2VjcmV0\r\nconnection: close\r\n\r\n").await;
    world
        .raw("PUT /devstoreaccount1/box/b HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\nabc")
        .await;
    world.stop().await;
    page.text()
}

#[tokio::test]
async fn every_request_is_one_line_of_json() {
    let text = written(LogFormat::Json).await;
    let lines: Vec<serde_json::Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines.len(), 6, "{text}");
    let shown: Vec<_> = lines
        .iter()
        .map(|line| {
            assert_eq!(line["type"], "request");
            assert!(line["took_ms"].as_f64().unwrap() < 60_000.0);
            (
                line["operation"].as_str().unwrap_or("-"),
                line["status"].as_u64().unwrap_or(0),
                line["code"].as_str().unwrap_or("-"),
                line["received"].as_u64().unwrap(),
                line["sent"].as_u64().unwrap(),
                line["complete"].as_bool().unwrap(),
            )
        })
        .collect();
    assert_eq!(shown[0], ("CreateContainer", 201, "-", 0, 0, true));
    assert_eq!(shown[1], ("PutBlob", 201, "-", 5, 0, true));
    assert_eq!(shown[2], ("GetBlob", 200, "-", 0, 5, true));
    assert_eq!(
        shown[3],
        ("GetBlobProperties", 404, "BlobNotFound", 0, 0, true)
    );
    assert_eq!(shown[4].0, "GetBlob");
    assert_eq!((shown[4].1, shown[4].2), (403, "AuthenticationFailed"));
    assert_eq!(shown[5], ("-", 0, "-", 0, 0, false));
    assert_eq!(lines[4]["client_request_id"], "mine");
    assert!(lines[4]["request_id"].as_str().unwrap().len() == 36);
    assert!(!text.contains("c2VjcmV0"), "{text}");
}

#[tokio::test]
async fn every_request_is_one_line_as_web_servers_write_it() {
    let text = written(LogFormat::Common).await;
    assert_eq!(text.lines().count(), 6, "{text}");
    let put = text.lines().nth(1).unwrap();
    assert!(put.starts_with("127.0.0.1 - - ["), "{put}");
    assert!(
        put.contains("] \"PUT /devstoreaccount1/box/b HTTP/1.1\" 201 0 PutBlob - "),
        "{put}"
    );
    assert!(!text.contains("c2VjcmV0"), "{text}");
}

#[test]
fn nobody_writes_lines_of_their_own() {
    let (parts, ()) = Request::get("/a\"b\\c").body(()).unwrap().into_parts();
    let entry = Entry::begun([127, 0, 0, 1].into(), false, &parts);
    let line = entry.common();
    assert!(
        line.contains("\"GET /a\\x22b\\x5cc HTTP/1.1\" - 0 - - - 0\n"),
        "{line}"
    );
}
