use super::*;
use crate::config::DEV_ACCOUNT;

fn ask(service: &Service, version: &str) -> Response<Bytes> {
    let request = Request::get("http://127.0.0.1/devstoreaccount1/c/b")
        .header("x-ms-version", version)
        .body(Bytes::new())
        .unwrap();
    service.respond(Timestamp::from_millis(0), request)
}

#[test]
fn the_same_seed_and_requests_give_the_same_answers() {
    let answers = |seed| {
        let service = Service::new(Config::new().seed(seed));
        [ask(&service, "2021-12-02"), ask(&service, "2021-12-02")]
            .map(|answer| (answer.headers().clone(), answer.into_body()))
    };
    assert_eq!(answers(1), answers(1));
    assert_ne!(answers(1), answers(2));
    let [first, second] = answers(1);
    assert_ne!(first.0["x-ms-request-id"], second.0["x-ms-request-id"]);
}

#[test]
fn an_unreadable_request_is_answered_under_the_newest_rules() {
    let answer = ask(&Service::new(Config::new()), "1999-01-01");
    assert_eq!(answer.status(), 400);
    assert_eq!(answer.headers()["x-ms-error-code"], "InvalidHeaderValue");
    let body = std::str::from_utf8(answer.body()).unwrap();
    assert!(body.contains("<HeaderName>x-ms-version</HeaderName><HeaderValue>1999-01-01<"));
}

#[test]
fn a_connection_string_names_endpoint_and_key() {
    let service = Service::new(Config::new());
    let addr = "127.0.0.1:10000".parse().unwrap();
    let text = service.connection_string(DEV_ACCOUNT, addr).unwrap();
    assert!(text.contains("AccountName=devstoreaccount1;AccountKey=Eby8"));
    assert!(text.contains("BlobEndpoint=http://127.0.0.1:10000/devstoreaccount1;"));
    assert_eq!(service.connection_string("nobody", addr), None);
}
