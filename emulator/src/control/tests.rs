use super::*;
use crate::config::{Config, DEV_ACCOUNT};
use crate::{Clock, Effect};
use blobferry_core::Timestamp;

pub(super) fn service() -> Service {
    Service::new(Config::new().clock(Clock::frozen_at(Timestamp::from_millis(0))))
}

pub(super) fn ask(service: &Service, method: &str, path: &str, body: &str) -> (u16, Value) {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("host", "127.0.0.1:10001")
        .body(Bytes::copy_from_slice(body.as_bytes()))
        .unwrap();
    let response = respond(service, &request);
    let status = response.status().as_u16();
    let value = serde_json::from_slice(&response.into_body().whole()).unwrap();
    (status, value)
}

#[test]
fn every_path_that_is_listed_is_answered() {
    let service = service();
    for (method, path, what) in ROUTES {
        let body = match *path {
            "/clock/set" => r#"{"now":"2026-01-31T12:00:00Z"}"#,
            "/clock/advance" => r#"{"seconds":1}"#,
            "/faults" if *method == "POST" => r#"{"fault":"timed-out"}"#,
            _ => "",
        };
        service.faults().restart(0);
        service.faults().add(crate::Fault::new(Effect::TimedOut));
        let path = path
            .replace("ID", "1")
            .replace("NAME", DEV_ACCOUNT)
            .replace("KEY", "key1");
        assert_eq!(
            ask(&service, method, &path, body).0,
            200,
            "{method} {path}: {what}"
        );
        assert_eq!(ask(&service, "PATCH", "/clock", "").0, 405);
    }
}

#[test]
fn the_clock_is_set_moved_stopped_and_started() {
    let service = service();
    let (_, told) = ask(
        &service,
        "POST",
        "/clock/set",
        r#"{"now":"2026-01-31T12:00:00Z"}"#,
    );
    assert_eq!(told["now"], "2026-01-31T12:00:00.0000000Z");
    assert_eq!(told["running"], false);
    ask(&service, "POST", "/clock/advance", r#"{"seconds":1.5}"#);
    let (_, told) = ask(&service, "POST", "/clock/advance?seconds=60", "");
    assert_eq!(told["now"], "2026-01-31T12:01:01.5000000Z");
    assert_eq!(ask(&service, "POST", "/clock/run", "").1["running"], true);
    assert_eq!(
        ask(&service, "POST", "/clock/freeze", "").1["running"],
        false
    );
    for body in [
        "",
        r#"{"seconds":-1}"#,
        r#"{"seconds":1,"minutes":2}"#,
        "{",
        "[]",
    ] {
        assert_eq!(
            ask(&service, "POST", "/clock/advance", body).0,
            400,
            "{body}"
        );
    }
    assert_eq!(
        ask(&service, "POST", "/clock/set", r#"{"now":"noon"}"#).0,
        400
    );
}

#[test]
fn faults_are_added_as_objects_and_as_text_and_taken_away() {
    let service = service();
    let body = r#"{"fault":"server-busy","retry-after":2,"operation":"Put*","blob":"1","probability":0.5}"#;
    assert_eq!(
        ask(&service, "POST", "/faults", body),
        (200, json!({ "id": 1 }))
    );
    let body = r#"{"fault":"drop-after,operation=CopyBlob,count=1"}"#;
    assert_eq!(
        ask(&service, "POST", "/faults", body),
        (200, json!({ "id": 2 }))
    );
    let (_, listed) = ask(&service, "GET", "/faults", "");
    assert_eq!(
        listed[0],
        json!({
            "fault": "server-busy", "retry-after": 2, "operation": "Put*", "blob": "1",
            "probability": 0.5, "id": 1, "seen": 0, "happened": 0,
        })
    );
    assert_eq!(
        ask(&service, "DELETE", "/faults/1", "")
            .1
            .as_array()
            .unwrap()
            .len(),
        1
    );
    assert_eq!(ask(&service, "DELETE", "/faults/1", "").0, 404);
    assert_eq!(ask(&service, "DELETE", "/faults?seed=7", "").1, json!([]));
    let (status, refused) = ask(&service, "POST", "/faults", r#"{"fault":"explode"}"#);
    assert_eq!(status, 400);
    assert!(refused["error"].as_str().unwrap().contains("explode"));
}

#[test]
fn the_copy_pace_is_changed_in_part_for_one_account_or_all() {
    let service = service();
    let body = r#"{"account":"devstoreaccount1","otherAccount":{"latencySeconds":0.5,"bytesPerSecond":1024}}"#;
    let (_, paces) = ask(&service, "PUT", "/copy-pace", body);
    assert_eq!(
        paces[0]["otherAccount"],
        json!({"latencySeconds":0.5,"bytesPerSecond":1024})
    );
    let before = service.copy_pace(DEV_ACCOUNT).unwrap().same_account;
    ask(
        &service,
        "PUT",
        "/copy-pace",
        r#"{"otherAccount":{"bytesPerSecond":null}}"#,
    );
    let pace = service.copy_pace(DEV_ACCOUNT).unwrap();
    assert_eq!(
        (pace.other_account.bytes_per_second, pace.same_account),
        (None, before)
    );
    assert_eq!(pace.other_account.latency.as_millis(), 500);
    assert_eq!(
        ask(&service, "PUT", "/copy-pace", r#"{"account":"nobody"}"#).0,
        404
    );
}

#[test]
fn browsers_and_strange_names_are_turned_away() {
    let service = service();
    for (host, origin, status) in [
        ("127.0.0.1:1", None, 200),
        ("localhost", None, 200),
        ("[::1]:1", None, 200),
        ("evil.example", None, 403),
        ("127.0.0.1.evil.example:1", None, 403),
        ("", None, 403),
        ("127.0.0.1", Some("http://127.0.0.1"), 403),
    ] {
        let mut request = Request::post("/clock/freeze").header("host", host);
        if let Some(origin) = origin {
            request = request.header("origin", origin);
        }
        let request = request.body(Bytes::new()).unwrap();
        assert_eq!(respond(&service, &request).status(), status, "{host}");
    }
}

#[tokio::test]
async fn the_control_endpoint_is_apart_from_the_service_and_only_on_loopback() {
    use tokio::io::AsyncWriteExt as _;
    let world = crate::server::world::World::new().await;
    let anywhere = std::net::SocketAddr::from(([127, 0, 0, 1], 0));
    let control = crate::Server::bind_control(world.service.clone(), anywhere)
        .await
        .unwrap();
    let mut stream = tokio::net::TcpStream::connect(control.addr())
        .await
        .unwrap();
    let request = format!(
        "POST /clock/advance?seconds=3600 HTTP/1.1\r\nhost: {}\r\n\
         connection: close\r\n\r\n",
        control.addr()
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let answer = crate::server::world::rest(stream).await;
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    assert!(answer.ends_with("\"running\":true}\n"), "{answer}");
    assert!(world.service.clock().is_moved());
    let outside = std::net::SocketAddr::from(([0, 0, 0, 0], 0));
    let refused = crate::Server::bind_control(world.service.clone(), outside).await;
    assert_eq!(
        refused.unwrap_err().kind(),
        std::io::ErrorKind::InvalidInput
    );
}

#[tokio::test]
async fn no_copy_reads_keys_from_the_control_endpoint() {
    let world = crate::server::world::World::new().await;
    let anywhere = std::net::SocketAddr::from(([127, 0, 0, 1], 0));
    let control = crate::Server::bind_control(world.service.clone(), anywhere)
        .await
        .unwrap();
    let source = format!("http://{}/accounts/{DEV_ACCOUNT}/keys", control.addr());
    for more in [
        &[][..],
        &[("x-ms-requires-sync", "true")],
        &[("x-ms-blob-type", "BlockBlob")],
    ] {
        let headers = [&[("x-ms-copy-source", source.as_str())], more].concat();
        let answer = world.ask(Method::PUT, "keys", &headers, "").await;
        assert!(answer.starts_with("HTTP/1.1 403 "), "{answer}");
        assert!(answer.contains("CannotVerifyCopySource"), "{answer}");
    }
    control.stop().await;
    world.stop().await;
}
