//! How a server ends, and what its probe says about it.

use std::time::Duration;

use super::*;

async fn probed(limits: Limits) -> Server {
    let anywhere = SocketAddr::from(([127, 0, 0, 1], 0));
    let options = ServerOptions::from(limits).probe(anywhere);
    Server::serve(Arc::new(Echo), anywhere, options)
        .await
        .unwrap()
}

async fn asked(addr: SocketAddr, line: &str) -> String {
    let mut stream = TcpStream::connect(addr).await.unwrap();
    let request = format!("{line} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    read_rest(&mut stream).await
}

/// A connection whose answer is on its way and not read.
async fn with_an_answer_under_way(server: &Server) -> TcpStream {
    let mut stream = connected(server).await;
    let request = "GET /long HTTP/1.1\r\nhost: x\r\n\r\n";
    stream.write_all(request.as_bytes()).await.unwrap();
    read_to(&mut stream, "\r\n\r\n").await;
    stream
}

#[tokio::test]
async fn the_probe_answers_on_its_own_address() {
    let server = probed(small()).await;
    let probe = server.probe_addr().unwrap();
    assert_ne!(probe, server.addr());
    for (line, status) in [
        ("GET /health", "200"),
        ("GET /healthz", "200"),
        ("HEAD /health", "200"),
        ("GET /box/blob", "404"),
        ("DELETE /health", "405"),
    ] {
        let answer = asked(probe, line).await;
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {status} ")),
            "{answer}"
        );
        assert!(!answer.contains("in these words"), "{answer}");
    }
    let answer = asked(probe, "GET /health").await;
    assert!(answer.ends_with("{\"status\":\"ok\"}\n"), "{answer}");
    server.stop().await;
    assert!(TcpStream::connect(probe).await.is_err());
}

#[tokio::test]
async fn a_server_that_listens_everywhere_is_met_on_this_machine() {
    let everywhere = SocketAddr::from(([0, 0, 0, 0], 0));
    let options = ServerOptions::from(small()).probe(everywhere);
    let server = Server::serve(Arc::new(Echo), everywhere, options)
        .await
        .unwrap();
    let (port, probe) = (server.addr().port(), server.probe_addr().unwrap().port());
    assert_eq!(server.origin(), format!("http://127.0.0.1:{port}"));
    let url = format!("http://127.0.0.1:{probe}/health");
    assert_eq!(server.probe_url(), Some(url));
    server.stop().await;
}

#[tokio::test]
async fn answers_under_way_finish_while_the_probe_says_that_it_stops() {
    let server = probed(small()).await;
    let (addr, probe) = (server.addr(), server.probe_addr().unwrap());
    let mut stream = with_an_answer_under_way(&server).await;
    let stopping = tokio::spawn(server.stop());
    let answer = loop {
        let answer = asked(probe, "GET /health").await;
        if answer.starts_with("HTTP/1.1 503") {
            break answer;
        }
    };
    assert!(answer.ends_with("{\"status\":\"stopping\"}\n"), "{answer}");
    assert!(TcpStream::connect(addr).await.is_err());
    assert!(!stopping.is_finished());
    assert_eq!(read_rest(&mut stream).await.len(), LONG);
    stopping.await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn stopping_does_not_wait_for_ever() {
    let server = started(Limits {
        stopping: Duration::from_secs(3),
        ..small()
    })
    .await;
    let stream = with_an_answer_under_way(&server).await;
    let since = tokio::time::Instant::now();
    server.stop().await;
    assert_eq!(since.elapsed().as_secs(), 3);
    drop(stream);
}
