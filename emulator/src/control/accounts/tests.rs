use super::super::tests::{ask, service};
use super::*;
use crate::config::DEV_ACCOUNT;

fn path(rest: &str) -> String {
    format!("/accounts/{DEV_ACCOUNT}{rest}")
}

#[test]
fn settings_are_told_and_changed_one_by_one() {
    let service = service();
    let (_, usual) = ask(&service, "GET", &path(""), "");
    for (name, value) in [
        ("kind", json!("BlobStorage")),
        ("accessTier", json!("Cool")),
        ("versions", json!(true)),
        ("containerRetentionDays", json!(7)),
        ("blobRetentionDays", json!(3)),
        ("permanentDelete", json!(true)),
        ("encryptionScopes", json!(["one", "two"])),
        ("immutableStorage", json!("enabled")),
        ("containerDeletionSeconds", json!(30.0)),
        ("lastAccessTracking", json!(true)),
    ] {
        let (status, told) = ask(
            &service,
            "PUT",
            &path(""),
            &json!({ name: value }).to_string(),
        );
        assert_eq!((status, &told[name]), (200, &value), "{name}");
        let old = json!({ name: usual[name] }).to_string();
        let (_, told) = ask(&service, "PUT", &path(""), &old);
        assert_eq!(told, usual, "{name}");
    }
    let (_, told) = ask(&service, "PUT", &path("?versions=true&kind=storage"), "");
    assert_eq!(
        (&told["versions"], &told["kind"]),
        (&json!(true), &json!("Storage"))
    );
    let (_, all) = ask(&service, "GET", "/accounts", "");
    assert_eq!(all[0], told);
    for (days, told) in [("7", json!(7)), ("null", json!(null))] {
        let query = format!("?containerRetentionDays={days}");
        let (status, now) = ask(&service, "PUT", &path(&query), "");
        assert_eq!((status, &now["containerRetentionDays"]), (200, &told));
    }
}

#[test]
fn what_cannot_be_set_is_refused_and_changes_nothing() {
    let service = service();
    let (_, usual) = ask(&service, "GET", &path(""), "");
    for body in [
        r#"{"kind":"FileStorage"}"#,
        r#"{"accessTier":"Archive"}"#,
        r#"{"containerRetentionDays":0}"#,
        r#"{"blobRetentionDays":366,"versions":true}"#,
        r#"{"immutableStorage":"yes"}"#,
        r#"{"containerDeletionSeconds":-1}"#,
        r#"{"colour":"green"}"#,
    ] {
        assert_eq!(ask(&service, "PUT", &path(""), body).0, 400, "{body}");
    }
    assert_eq!(ask(&service, "GET", &path(""), "").1, usual);
    for (method, path, status) in [
        ("GET", "/accounts/nobody", 404),
        ("PUT", "/accounts/nobody", 404),
        ("GET", "/accounts/nobody/keys", 404),
        ("PUT", "/accounts/nobody/keys/key1", 404),
        ("PUT", "/accounts/devstoreaccount1/keys/key3", 404),
        ("GET", "/accounts/devstoreaccount1/colour", 404),
        ("DELETE", "/accounts/devstoreaccount1", 405),
    ] {
        assert_eq!(ask(&service, method, path, "").0, status, "{method} {path}");
    }
}

#[test]
fn keys_are_told_set_and_made() {
    let service = service();
    let (_, keys) = ask(&service, "GET", &path("/keys"), "");
    assert_eq!(keys.as_array().map(Vec::len), Some(1));
    let (_, keys) = ask(
        &service,
        "PUT",
        &path("/keys/key2"),
        r#"{"value":"c2Vjb25k"}"#,
    );
    assert_eq!(keys[1], json!({ "keyName": "key2", "value": "c2Vjb25k" }));
    let (_, made) = ask(&service, "PUT", &path("/keys/key1"), "");
    assert_ne!(made[0], keys[0]);
    assert_eq!(made[1], keys[1]);
    let wrong = ask(
        &service,
        "PUT",
        &path("/keys/key1"),
        r#"{"value":"no base64"}"#,
    );
    assert_eq!(wrong.0, 400);
    assert_eq!(ask(&service, "GET", &path("/keys"), "").1, made);
}
