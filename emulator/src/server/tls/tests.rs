use std::net::SocketAddr;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use super::*;
use crate::{Config, DEV_ACCOUNT, Server, ServerOptions, Service};

async fn served(tls: Tls) -> Server {
    let service = Arc::new(Service::new(Config::new()));
    let anywhere = SocketAddr::from(([127, 0, 0, 1], 0));
    Server::bind_with(service, anywhere, ServerOptions::default().tls(tls))
        .await
        .unwrap()
}

/// What comes back for a request to this name, from a client that trusts this certificate.
async fn answer(server: &Server, trusted: &str, name: &str) -> std::io::Result<String> {
    let mut roots = RootCertStore::empty();
    let certificate = CertificateDer::from_pem_slice(trusted.as_bytes()).unwrap();
    roots.add(certificate).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let stream = TcpStream::connect(server.addr()).await?;
    let name = ServerName::try_from(name.to_owned()).unwrap();
    let connector = TlsConnector::from(Arc::new(config));
    let mut stream = connector.connect(name, stream).await?;
    let request = "GET /devstoreaccount1/c/b HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
    stream.write_all(request.as_bytes()).await?;
    let mut text = String::new();
    stream.read_to_string(&mut text).await?;
    Ok(text)
}

#[tokio::test]
async fn what_is_made_on_the_spot_is_trusted_under_each_of_its_names() {
    let tls = Tls::self_made(["emulator.test".to_owned(), "10.1.2.3".to_owned()]).unwrap();
    let trusted = tls.to_trust().unwrap().to_owned();
    let server = served(tls).await;
    for name in [
        "localhost",
        "127.0.0.1",
        "::1",
        "devstoreaccount1.blob.localhost",
        "emulator.test",
        "10.1.2.3",
    ] {
        let text = answer(&server, &trusted, name).await.unwrap();
        assert!(text.starts_with("HTTP/1.1 4"), "{name}: {text}");
    }
    assert!(answer(&server, &trusted, "else.test").await.is_err());
    server.stop().await;
}

#[tokio::test]
async fn who_trusts_another_server_does_not_trust_this_one() {
    let other = Tls::self_made([]).unwrap();
    let server = served(Tls::self_made([]).unwrap()).await;
    let refused = answer(&server, other.to_trust().unwrap(), "localhost").await;
    assert!(refused.is_err(), "{refused:?}");
    server.stop().await;
}

#[tokio::test]
async fn connection_strings_say_https() {
    let server = served(Tls::self_made([]).unwrap()).await;
    let text = server.connection_string(DEV_ACCOUNT).unwrap();
    assert!(
        text.starts_with("DefaultEndpointsProtocol=https;"),
        "{text}"
    );
    let endpoint = format!("BlobEndpoint=https://{}/{DEV_ACCOUNT};", server.addr());
    assert!(text.contains(&endpoint), "{text}");
    server.stop().await;
}

#[tokio::test(start_paused = true)]
async fn a_handshake_that_does_not_come_ends_the_connection() {
    let server = served(Tls::self_made([]).unwrap()).await;
    let mut stream = TcpStream::connect(server.addr()).await.unwrap();
    let since = tokio::time::Instant::now();
    let mut text = Vec::new();
    drop(stream.read_to_end(&mut text).await);
    assert_eq!(since.elapsed().as_secs(), 30);
    server.stop().await;
}

#[tokio::test]
async fn a_certificate_that_was_given_is_served() {
    let own = rcgen::generate_simple_self_signed(["given.test".to_owned()]).unwrap();
    let (chain, key) = (own.cert.pem(), own.signing_key.serialize_pem());
    let tls = Tls::given(chain.as_bytes(), key.as_bytes()).unwrap();
    assert_eq!(tls.to_trust(), None);
    let server = served(tls).await;
    let text = answer(&server, &chain, "given.test").await.unwrap();
    assert!(text.starts_with("HTTP/1.1 4"), "{text}");
    server.stop().await;
}

#[test]
fn what_cannot_be_served_is_refused_without_showing_the_key() {
    let one = rcgen::generate_simple_self_signed(["a.test".to_owned()]).unwrap();
    let other = rcgen::generate_simple_self_signed(["a.test".to_owned()]).unwrap();
    let (chain, key) = (one.cert.pem(), one.signing_key.serialize_pem());
    let foreign = other.signing_key.serialize_pem();
    for (chain, key, said) in [
        ("", key.as_str(), "no certificate"),
        (&chain, "", "key"),
        (
            &chain,
            "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
            "cannot serve",
        ),
        (&chain, &foreign, "cannot serve"),
    ] {
        let refused = Tls::given(chain.as_bytes(), key.as_bytes()).unwrap_err();
        assert!(refused.to_string().contains(said), "{refused}");
    }
    let tls = Tls::given(chain.as_bytes(), key.as_bytes()).unwrap();
    assert_eq!(format!("{tls:?}"), "Tls { .. }");
    assert!(Tls::self_made(["not a name \u{e4}".to_owned()]).is_err());
}
