use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::*;
use crate::answer::Body;
use crate::config::Config;
use crate::failure::Failure;
use crate::hash::Wanted;
use crate::service::Pending;
use blobferry_core::ErrorCode;
use bytes::Bytes;
use http::request::Parts;
use http::{Request, Response};

/// The length of an answer that fills every buffer on its way.
const LONG: usize = 32 << 20;

/// Says what it was asked, and for how many bytes.
struct Echo;

impl Respond for Echo {
    fn respond_now(&self, request: Request<Bytes>) -> Pending {
        let text = format!("{} {}", request.uri().path(), request.body().len());
        let mut response = match request.uri().path() {
            "/long" => Response::new(Body::from(vec![b'x'; LONG])),
            "/headers" => Response::new(Body::from(format!("{} headers", request.headers().len()))),
            _ => Response::new(Body::from(text)),
        };
        let reason = crate::service::Reason("In these words.".into());
        response.extensions_mut().insert(reason);
        response.into()
    }

    fn admit_now(&self, parts: &Parts) -> Result<Wanted, Box<Response<Body>>> {
        match parts.uri.path() {
            "/forbidden" => Err(Box::new(
                self.refuse_now(parts, ErrorCode::AUTHENTICATION_FAILED),
            )),
            _ => Ok(Wanted::default()),
        }
    }

    fn refuse_now(&self, _: &Parts, code: ErrorCode) -> Response<Body> {
        let status = Failure::new(code.clone()).parts().status;
        let mut response = Response::new(Body::from(code.to_string()));
        *response.status_mut() = status;
        response
    }
}

fn small() -> Limits {
    Limits {
        body: 10,
        ..Limits::default()
    }
}

async fn started(limits: Limits) -> Server {
    let anywhere = SocketAddr::from(([127, 0, 0, 1], 0));
    Server::serve(Arc::new(Echo), anywhere, limits.into())
        .await
        .unwrap()
}

async fn connected(server: &Server) -> TcpStream {
    TcpStream::connect(server.addr()).await.unwrap()
}

/// Reads until the text ends so.
async fn read_to(stream: &mut TcpStream, end: &str) -> String {
    let mut text = Vec::new();
    while !text.ends_with(end.as_bytes()) {
        let mut byte = [0];
        assert_eq!(stream.read(&mut byte).await.unwrap(), 1, "{text:?}");
        text.extend_from_slice(&byte);
    }
    String::from_utf8(text).unwrap()
}

async fn read_rest(stream: &mut TcpStream) -> String {
    let mut text = String::new();
    stream.read_to_string(&mut text).await.unwrap();
    text
}

#[tokio::test]
async fn port_zero_becomes_a_real_one_and_a_connection_serves_many_requests() {
    let server = started(small()).await;
    assert_ne!(server.addr().port(), 0);
    let mut stream = connected(&server).await;
    for turn in 0..3 {
        let request = format!("GET /{turn} HTTP/1.1\r\nhost: x\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let answer = read_to(&mut stream, &format!("/{turn} 0")).await;
        assert!(
            answer.starts_with("HTTP/1.1 200 In these words.\r\n"),
            "{answer}"
        );
    }
    server.stop().await;
}

#[tokio::test]
async fn pipelined_requests_are_answered_in_order() {
    let server = started(small()).await;
    let mut stream = connected(&server).await;
    let two = "PUT /a HTTP/1.1\r\nhost: x\r\ncontent-length: 3\r\n\r\nabc\
               GET /b HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
    stream.write_all(two.as_bytes()).await.unwrap();
    let answers = read_rest(&mut stream).await;
    let first = answers.find("/a 3").unwrap();
    assert!(answers.find("/b 0").unwrap() > first, "{answers}");
    server.stop().await;
}

#[tokio::test]
async fn half_a_request_holds_no_answer_back() {
    let server = started(small()).await;
    let mut stream = connected(&server).await;
    let begun = "GET /a HTTP/1.1\r\nhost: x\r\n\r\nGET /b HT";
    stream.write_all(begun.as_bytes()).await.unwrap();
    read_to(&mut stream, "/a 0").await;
    server.stop().await;
}

#[tokio::test]
async fn chunks_are_put_together() {
    let server = started(small()).await;
    let mut stream = connected(&server).await;
    let request = "PUT /c HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n\
                   3\r\nabc\r\n4\r\ndefg\r\n0\r\n\r\n";
    stream.write_all(request.as_bytes()).await.unwrap();
    read_to(&mut stream, "/c 7").await;
    server.stop().await;
}

#[tokio::test]
async fn a_client_that_waits_to_go_on_is_told_so() {
    let server = started(small()).await;
    let mut stream = connected(&server).await;
    let head = "PUT /w HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\ncontent-length: 2\r\n\r\n";
    stream.write_all(head.as_bytes()).await.unwrap();
    let answer = read_to(&mut stream, "\r\n\r\n").await;
    assert!(answer.starts_with("HTTP/1.1 100 "), "{answer}");
    stream.write_all(b"ab").await.unwrap();
    read_to(&mut stream, "/w 2").await;
    server.stop().await;
}

#[tokio::test]
async fn a_body_that_is_too_long_is_refused_told_or_not() {
    let server = started(small()).await;
    for request in [
        "PUT /l HTTP/1.1\r\nhost: x\r\ncontent-length: 11\r\n\r\n",
        "PUT /l HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\nb\r\n0123456789a\r\n",
    ] {
        let mut stream = connected(&server).await;
        stream.write_all(request.as_bytes()).await.unwrap();
        let answer = read_to(&mut stream, "RequestBodyTooLarge").await;
        assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    }
    server.stop().await;
}

/// Time stands still until everybody waits, then jumps to the next moment anybody waits for.
#[tokio::test(start_paused = true)]
async fn slow_headers_and_slow_bodies_end_the_connection() {
    let server = started(Limits::default()).await;
    for part in [
        "GET /s HTTP/1.1\r\nhost:",
        "PUT /s HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\nab",
    ] {
        let mut stream = connected(&server).await;
        stream.write_all(part.as_bytes()).await.unwrap();
        let mut rest = Vec::new();
        // Closed, with or without a last word.
        drop(stream.read_to_end(&mut rest).await);
        let rest = String::from_utf8(rest).unwrap();
        assert!(rest.is_empty() || rest.starts_with("HTTP/1.1 4"), "{rest}");
    }
    server.stop().await;
}

#[tokio::test]
async fn what_is_no_http_is_turned_away_and_the_server_lives_on() {
    let server = started(small()).await;
    for noise in [&b"\x16\x03\x01 hello\r\n\r\n"[..], b"GET /a b c\r\n\r\n"] {
        let mut stream = connected(&server).await;
        stream.write_all(noise).await.unwrap();
        let answer = read_rest(&mut stream).await;
        assert!(
            answer.is_empty() || answer.starts_with("HTTP/1.1 400 "),
            "{answer}"
        );
    }
    let mut stream = connected(&server).await;
    stream
        .write_all(b"GET /on HTTP/1.1\r\nhost: x\r\n\r\n")
        .await
        .unwrap();
    read_to(&mut stream, "/on 0").await;
    server.stop().await;
}

#[tokio::test]
async fn stopping_closes_idle_connections_and_frees_the_address() {
    let server = started(small()).await;
    let addr = server.addr();
    let mut stream = connected(&server).await;
    stream
        .write_all(b"GET /i HTTP/1.1\r\nhost: x\r\n\r\n")
        .await
        .unwrap();
    read_to(&mut stream, "/i 0").await;
    server.stop().await;
    assert_eq!(read_rest(&mut stream).await, "");
    assert!(TcpStream::connect(addr).await.is_err());
}

#[test]
fn a_server_runs_in_a_thread_of_its_own_for_programs_without_a_runtime() {
    use std::io::{Read, Write};
    let service = Arc::new(Service::new(Config::new()));
    let anywhere = SocketAddr::from(([127, 0, 0, 1], 0));
    let server = Server::spawn(Arc::clone(&service), anywhere, Limits::default()).unwrap();
    let mut stream = std::net::TcpStream::connect(server.addr()).unwrap();
    let request = "GET /devstoreaccount1/c/b HTTP/1.1\r\nhost: x\r\nx-ms-version: 2021-12-02\r\n\
                   connection: close\r\n\r\n";
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(
        answer.starts_with("HTTP/1.1 401 Server failed to authenticate the request."),
        "{answer}"
    );
    assert!(answer.contains("x-ms-error-code: NoAuthenticationInformation"));
    assert!(Server::spawn(service, server.addr(), Limits::default()).is_err());
    server.stop_blocking();
}

mod early;
mod edges;
mod many;
mod slow;
mod spelling;
mod stopping;
mod sums;
