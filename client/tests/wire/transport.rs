//! The native transport against a socket that says exactly what it is told to say.

use std::time::Duration;

use crate::raw::{CERTIFICATE, Do, LONG, OK, RawServer, SHORT, request_to};
use blobferry::transport::https::{Https, HttpsOptions, Proxies};
use blobferry::{Transport, TransportError};
use http::{HeaderValue, Method};

fn direct() -> Https {
    through(Proxies::none())
}

fn through(proxies: Proxies) -> Https {
    Https::new(HttpsOptions {
        proxies,
        ..HttpsOptions::default()
    })
}

fn reason(error: &TransportError) -> &str {
    match error {
        TransportError::Unreachable { reason, .. } | TransportError::Disconnected { reason } => {
            reason
        }
        _ => "",
    }
}

#[tokio::test]
async fn a_url_goes_out_byte_for_byte_as_it_was_signed() {
    let mut server = RawServer::start(OK).await;
    for base in [
        "/a%2Fb",
        "/..%5C",
        "/%2E",
        "/%2e%2E/x",
        "/a//b",
        "/~%7E",
        "/%C3%A9",
    ] {
        let url = format!("http://{}{base}", server.address);
        let request = request_to(Method::GET, &url, "");
        direct().carry(request, LONG).await.unwrap();
        let asked = server.asked().await;
        assert_eq!(
            asked.lines().next().unwrap(),
            format!("GET {base}/box/b HTTP/1.1")
        );
    }
}

#[tokio::test]
async fn the_transport_adds_host_and_agent_and_nothing_else() {
    let mut server = RawServer::start(OK).await;
    let https = Https::new(HttpsOptions {
        proxies: Proxies::none(),
        user_agent: Some(HeaderValue::from_static("mover/2")),
        ..HttpsOptions::default()
    });
    let url = format!("http://{}", server.address);
    let request = request_to(Method::PUT, &url, "");
    let signed: Vec<String> = request.headers().keys().map(ToString::to_string).collect();
    https.carry(request, LONG).await.unwrap();
    let asked = server.asked().await;
    let mut headers: Vec<(&str, &str)> = asked
        .lines()
        .filter_map(|line| line.split_once(": "))
        .filter(|(name, _)| !signed.contains(&(*name).to_owned()))
        .collect();
    headers.sort_unstable();
    let agent = concat!("blobferry/", env!("CARGO_PKG_VERSION"), " mover/2");
    let host = server.address.to_string();
    let added = [("host", host.as_str()), ("user-agent", agent)];
    assert_eq!(headers, added);
    // The service refuses a PUT that does not say how long it is.
    assert!(asked.contains("\r\ncontent-length: 0\r\n"), "{asked}");
}

#[tokio::test]
async fn a_body_goes_out_whole() {
    let mut server = RawServer::start(OK).await;
    let url = format!("http://{}", server.address);
    direct()
        .carry(request_to(Method::PUT, &url, "payload"), LONG)
        .await
        .unwrap();
    assert!(server.asked().await.ends_with("\r\n\r\npayload"));
}

#[tokio::test]
async fn a_chunked_answer_comes_whole() {
    const CHUNKED: &[Do] = &[
        Do::Say(
            "HTTP/1.1 404 Not Found\r\ntransfer-encoding: chunked\r\nx-ms-error-code: BlobNotFound\r\n\r\n",
        ),
        Do::Say("3\r\nabc\r\n"),
        Do::Say("4\r\ndefg\r\n0\r\n\r\n"),
    ];
    let server = RawServer::start(CHUNKED).await;
    let url = format!("http://{}", server.address);
    let response = direct()
        .carry(request_to(Method::GET, &url, ""), LONG)
        .await
        .unwrap();
    assert_eq!(response.status(), 404);
    assert_eq!(response.headers()["x-ms-error-code"], "BlobNotFound");
    assert_eq!(response.body(), &"abcdefg");
}

#[tokio::test]
async fn connections_are_used_again() {
    let server = RawServer::start(OK).await;
    let url = format!("http://{}", server.address);
    let https = direct();
    for _ in 0..5 {
        https
            .carry(request_to(Method::PUT, &url, "x"), LONG)
            .await
            .unwrap();
    }
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn connections_idle_for_too_long_are_not_used_again() {
    let server = RawServer::start(OK).await;
    let url = format!("http://{}", server.address);
    let https = Https::new(HttpsOptions {
        proxies: Proxies::none(),
        idle_timeout: Duration::from_millis(20),
        ..HttpsOptions::default()
    });
    https
        .carry(request_to(Method::GET, &url, ""), LONG)
        .await
        .unwrap();
    tokio::time::sleep(SHORT).await;
    https
        .carry(request_to(Method::GET, &url, ""), LONG)
        .await
        .unwrap();
    assert_eq!(server.connections(), 2);
}

#[tokio::test]
async fn a_kept_connection_that_the_server_closed_costs_no_answer() {
    const ONCE: &[Do] = &[
        Do::Say("HTTP/1.1 201 Created\r\ncontent-length: 0\r\n\r\n"),
        Do::Close,
    ];
    let server = RawServer::start(ONCE).await;
    let url = format!("http://{}", server.address);
    let https = direct();
    for _ in 0..5 {
        let answer = https.carry(request_to(Method::PUT, &url, "x"), LONG).await;
        assert_eq!(answer.unwrap().status(), 201);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(server.connections(), 5);
}

#[tokio::test]
async fn an_answer_cut_short_is_disconnected() {
    const CUTS: [&[Do]; 4] = [
        &[Do::Close],
        &[Do::Say("HTTP/1.1 2"), Do::Close],
        &[
            Do::Say("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nfour"),
            Do::Close,
        ],
        &[
            Do::Say("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n"),
            Do::Close,
        ],
    ];
    for cut in CUTS {
        let server = RawServer::start(cut).await;
        let url = format!("http://{}", server.address);
        let error = direct()
            .carry(request_to(Method::PUT, &url, "x"), LONG)
            .await
            .unwrap_err();
        assert!(
            matches!(error, TransportError::Disconnected { .. }),
            "{error:?}"
        );
        assert!(!error.is_unsent());
    }
}

#[tokio::test]
async fn what_is_not_http_is_disconnected() {
    let server = RawServer::start(&[Do::Say("SSH-2.0-OpenSSH\r\n\r\n"), Do::Close]).await;
    let url = format!("http://{}", server.address);
    let error = direct()
        .carry(request_to(Method::GET, &url, ""), LONG)
        .await
        .unwrap_err();
    assert!(
        matches!(error, TransportError::Disconnected { .. }),
        "{error:?}"
    );
}

#[tokio::test]
async fn a_slow_answer_is_a_timeout_wherever_it_stops() {
    const STOPS: [&[Do]; 3] = [
        &[Do::Hold],
        &[Do::Say("HTTP/1.1 200 OK\r\n"), Do::Hold],
        &[
            Do::Say("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nfour"),
            Do::Hold,
        ],
    ];
    for stop in STOPS {
        let server = RawServer::start(stop).await;
        let url = format!("http://{}", server.address);
        let error = direct()
            .carry(request_to(Method::PUT, &url, "x"), SHORT)
            .await
            .unwrap_err();
        assert_eq!(error, TransportError::Timeout);
    }
}

#[tokio::test]
async fn a_connection_used_in_vain_is_not_used_again() {
    let server = RawServer::start(&[Do::Hold]).await;
    let url = format!("http://{}", server.address);
    let https = direct();
    for _ in 0..2 {
        https
            .carry(request_to(Method::GET, &url, ""), SHORT)
            .await
            .unwrap_err();
    }
    assert_eq!(server.connections(), 2);
}

#[tokio::test]
async fn a_closed_port_is_unreachable() {
    let request = request_to(Method::GET, "http://127.0.0.1:1", "");
    let error = direct().carry(request, LONG).await.unwrap_err();
    assert!(error.is_unsent());
    assert!(
        error
            .to_string()
            .starts_with("could not connect to 127.0.0.1:1: ")
    );
    assert!(reason(&error).contains("refused"), "{error}");
}

#[tokio::test]
async fn a_host_without_an_address_is_unreachable() {
    let request = request_to(Method::GET, "http://nobody.invalid", "");
    let error = direct().carry(request, LONG).await.unwrap_err();
    assert!(error.is_unsent(), "{error:?}");
    assert!(error.to_string().contains("nobody.invalid"), "{error}");
}

#[tokio::test]
async fn failing_tls_is_unreachable_with_its_reason() {
    let server = RawServer::start(OK).await;
    let url = format!("https://{}", server.address);
    // The server reads a ClientHello as a request without an end; closing needs a limit.
    let https = Https::new(HttpsOptions {
        proxies: Proxies::none(),
        connect_timeout: SHORT,
        ..HttpsOptions::default()
    });
    let error = https
        .carry(request_to(Method::GET, &url, ""), LONG)
        .await
        .unwrap_err();
    assert!(error.is_unsent(), "{error:?}");
    assert_eq!(reason(&error), "no connection within 80ms");
}

#[tokio::test]
async fn an_attempt_that_ends_before_there_is_a_connection_was_not_sent() {
    let server = RawServer::start(OK).await;
    let url = format!("https://{}", server.address);
    let error = direct()
        .carry(request_to(Method::GET, &url, ""), SHORT)
        .await
        .unwrap_err();
    assert!(error.is_unsent(), "{error:?}");
}

#[tokio::test]
async fn plain_requests_reach_a_proxy_in_absolute_form() {
    let mut proxy = RawServer::start(OK).await;
    let https = through(Proxies::all(
        &format!("http://me:pass%40word@{}", proxy.address),
        "",
    ));
    let url = "http://lighthouse.blob.example/a%2Fb";
    https
        .carry(request_to(Method::PUT, url, "x"), LONG)
        .await
        .unwrap();
    let asked = proxy.asked().await;
    assert!(
        asked.starts_with("PUT http://lighthouse.blob.example/a%2Fb/box/b HTTP/1.1\r\n"),
        "{asked}"
    );
    assert!(asked.contains("\r\nhost: lighthouse.blob.example\r\n"));
    assert!(asked.contains("\r\nproxy-authorization: Basic bWU6cGFzc0B3b3Jk\r\n"));
}

#[tokio::test]
async fn requests_under_tls_pass_a_proxy_by_connect() {
    let mut proxy =
        RawServer::start(&[Do::Say("HTTP/1.1 407 Who are you\r\n\r\n"), Do::Close]).await;
    let https = through(Proxies::all(
        &format!("http://me:you@{}", proxy.address),
        "",
    ));
    let request = request_to(Method::GET, "https://lighthouse.blob.example", "");
    let error = https.carry(request, LONG).await.unwrap_err();
    let asked = proxy.asked().await;
    assert!(
        asked.starts_with("CONNECT lighthouse.blob.example:443 HTTP/1.1\r\n"),
        "{asked}"
    );
    assert!(
        asked.contains("\r\nProxy-Authorization: Basic bWU6eW91\r\n"),
        "{asked}"
    );
    assert!(error.is_unsent());
    let text = error.to_string();
    assert!(
        text.contains(&proxy.address.to_string()) && text.contains("authorization"),
        "{text}"
    );
    assert!(!text.contains("you"), "{text}");
}

#[tokio::test]
async fn behind_a_tunnel_speaks_tls() {
    let mut proxy = RawServer::start(&[
        Do::Say("HTTP/1.1 200 Connection established\r\n\r\n"),
        Do::Close,
    ])
    .await;
    let https = through(Proxies::all(&proxy.address.to_string(), ""));
    let request = request_to(Method::GET, "https://lighthouse.blob.example:8443", "");
    let error = https.carry(request, LONG).await.unwrap_err();
    assert!(
        proxy
            .asked()
            .await
            .starts_with("CONNECT lighthouse.blob.example:8443 ")
    );
    assert!(error.is_unsent(), "{error:?}");
    assert_eq!(reason(&error), "tls handshake eof");
}

#[tokio::test]
async fn hosts_that_need_no_proxy_are_reached_straight() {
    let mut server = RawServer::start(OK).await;
    let https = through(Proxies::all(
        "http://127.0.0.1:1",
        "example.org,127.0.0.0/8",
    ));
    let url = format!("http://{}", server.address);
    https
        .carry(request_to(Method::GET, &url, ""), LONG)
        .await
        .unwrap();
    assert!(server.asked().await.starts_with("GET /box/b "));
}

#[tokio::test]
async fn a_proxy_that_is_none_is_named() {
    let https = through(Proxies::all("socks5://127.0.0.1:1080", ""));
    let request = request_to(Method::GET, "http://lighthouse.blob.example", "");
    let error = https.carry(request, LONG).await.unwrap_err();
    assert!(error.is_unsent());
    assert_eq!(
        reason(&error),
        "proxy 127.0.0.1:1080: only http and https proxies are supported"
    );
}

fn trusting(proxies: Proxies) -> Https {
    Https::new(HttpsOptions {
        proxies,
        trusted: CERTIFICATE.to_vec(),
        ..HttpsOptions::default()
    })
}

#[tokio::test]
async fn a_trusted_server_is_spoken_to_under_tls_and_kept() {
    let mut server = RawServer::start_under_tls(OK).await;
    let https = trusting(Proxies::none());
    let url = format!("https://localhost:{}/..%5C", server.address.port());
    for _ in 0..3 {
        let request = request_to(Method::PUT, &url, "x");
        let response = https.carry(request, LONG).await.unwrap();
        assert_eq!(response.body(), &"hi");
        assert!(
            server
                .asked()
                .await
                .starts_with("PUT /..%5C/box/b HTTP/1.1\r\n")
        );
    }
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn a_server_nobody_vouches_for_is_unreachable() {
    let server = RawServer::start_under_tls(OK).await;
    let url = format!("https://localhost:{}", server.address.port());
    let error = direct()
        .carry(request_to(Method::GET, &url, ""), LONG)
        .await
        .unwrap_err();
    assert!(error.is_unsent(), "{error:?}");
    assert!(
        reason(&error).starts_with("invalid peer certificate"),
        "{error}"
    );
}

#[tokio::test]
async fn a_server_under_another_name_is_unreachable() {
    let server = RawServer::start_under_tls(OK).await;
    let proxy = RawServer::proxy_to(server.address).await;
    let https = trusting(Proxies::all(&proxy.address.to_string(), ""));
    let request = request_to(Method::GET, "https://lookout.blob.example", "");
    let error = https.carry(request, LONG).await.unwrap_err();
    assert!(error.is_unsent(), "{error:?}");
    assert!(
        reason(&error).contains("not valid for name \"lookout.blob.example\""),
        "{error}"
    );
}

#[tokio::test]
async fn a_tunnel_ends_at_the_service_and_is_kept() {
    let mut server = RawServer::start_under_tls(OK).await;
    let mut proxy = RawServer::proxy_to(server.address).await;
    let https = trusting(Proxies::all(
        &format!("http://me:you@{}", proxy.address),
        "",
    ));
    for _ in 0..3 {
        let request = request_to(Method::PUT, "https://lighthouse.blob.example", "x");
        https.carry(request, LONG).await.unwrap();
        let asked = server.asked().await;
        assert!(asked.starts_with("PUT /box/b HTTP/1.1\r\n"), "{asked}");
        assert!(
            !asked.to_lowercase().contains("proxy-authorization"),
            "{asked}"
        );
    }
    assert!(
        proxy
            .asked()
            .await
            .starts_with("CONNECT lighthouse.blob.example:443 ")
    );
    assert_eq!((proxy.connections(), server.connections()), (1, 1));
}
