//! `blobferry emulator`: how it is met, what it writes down, what it understands of Azurite.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;

use serde_json::Value;

use crate::quay::{bare, run_bare};
use crate::up::Up;

/// A file of this test's own.
fn file(name: &str) -> PathBuf {
    std::env::temp_dir().join(format!("blobferry-{}-{name}", std::process::id()))
}

#[test]
fn https_is_trusted_by_its_certificate_and_by_nothing_else() {
    let trust = file("trust.pem");
    let up = Up::with(&[
        "--https",
        "--https-trust",
        trust.to_str().unwrap(),
        "--container",
        "cargo",
    ]);
    assert!(up.text("url").starts_with("https://127.0.0.1:"));
    assert_eq!(up.text("certificate"), trust.to_str().unwrap());
    let looked = |trust: Option<&PathBuf>| {
        let mut ls = bare(&["ls", "/"]);
        ls.env("AZURE_STORAGE_CONNECTION_STRING", up.connection_string());
        if let Some(trust) = trust {
            ls.env("SSL_CERT_FILE", trust);
        }
        ls.output().unwrap()
    };
    let trusted = looked(Some(&trust));
    assert_eq!(String::from_utf8_lossy(&trusted.stdout).trim(), "cargo/");
    assert!(!looked(None).status.success());
    std::fs::remove_file(&trust).unwrap();
}

#[cfg(unix)]
#[test]
fn the_log_has_a_line_for_each_request_and_no_signatures() {
    let log = file("log");
    let mut up = Up::with(&[
        "--log",
        log.to_str().unwrap(),
        "--log-format",
        "json",
        "--container",
        "cargo",
    ]);
    let account = &up.shown["accounts"][0];
    let (url, sas) = (
        account["url"].as_str().unwrap(),
        account["sas"].as_str().unwrap(),
    );
    let ran = run_bare(&["ls", &format!("{url}/cargo?{sas}")]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let ended = std::process::Command::new("kill")
        .arg(up.child.id().to_string())
        .status()
        .unwrap();
    assert!(ended.success() && up.child.wait().unwrap().success());
    let text = std::fs::read_to_string(&log).unwrap();
    std::fs::remove_file(&log).unwrap();
    let lines: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines.len(), 1, "{text}");
    assert_eq!(lines[0]["operation"], "ListBlobs");
    assert!(text.contains("sig=REDACTED"), "{text}");
}

#[test]
fn the_probe_answers_beside_the_service() {
    let up = Up::with(&["--health-port", "0"]);
    let url = up.text("health_url");
    let addr = url
        .strip_prefix("http://")
        .unwrap()
        .strip_suffix("/health")
        .unwrap();
    let mut stream = TcpStream::connect(addr).unwrap();
    stream
        .write_all(b"GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
}

#[test]
fn a_port_that_is_taken_is_said_clearly() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let ran = run_bare(&["emulator", "--port", &port]);
    assert_eq!(ran.code, 2, "{}", ran.err);
    assert!(
        ran.err
            .contains(&format!("cannot listen on 127.0.0.1:{port}")),
        "{}",
        ran.err
    );
    assert!(ran.err.contains("Choose another port"), "{}", ran.err);
}

#[test]
fn it_listens_on_the_newer_internet_too() {
    if TcpListener::bind("[::1]:0").is_err() {
        return;
    }
    let up = Up::with(&["--host", "::1", "--container", "cargo"]);
    assert!(up.text("url").starts_with("http://[::1]:"));
    let listed = bare(&["ls", "/"])
        .env("AZURE_STORAGE_CONNECTION_STRING", up.connection_string())
        .output()
        .unwrap();
    assert_eq!(String::from_utf8_lossy(&listed.stdout).trim(), "cargo/");
}

#[test]
fn either_key_of_an_account_opens_it_until_it_is_replaced() {
    let accounts = ["--account", "quay1:a2V5:a2V5Mg==", "--container", "cargo"];
    let up = Up::with(&[&accounts[..], &["--control-port", "0"]].concat());
    let second = up.shown.pointer("/accounts/0/second_connection_string");
    let second = second.and_then(Value::as_str).unwrap();
    let opens = |text: &str| {
        let listed = bare(&["ls", "/"])
            .env("AZURE_STORAGE_CONNECTION_STRING", text)
            .output()
            .unwrap();
        listed.status.success()
    };
    assert!(opens(up.connection_string()) && opens(second));
    let control = up.text("control_url").strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(control).unwrap();
    let request = "PUT /accounts/quay1/keys/key1 HTTP/1.1\r\nHost: 127.0.0.1\r\n\
                   Content-Length: 0\r\nConnection: close\r\n\r\n";
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
    assert!(!opens(up.connection_string()) && opens(second));
}

#[test]
fn what_azurite_users_type_is_understood_or_answered() {
    let up = Up::with(&[
        "--blobHost",
        "127.0.0.1",
        "--silent",
        "--loose",
        "--skipApiVersionCheck",
        "--inMemoryPersistence",
        "--disableProductStyleUrl",
        "--disableTelemetry",
        "--oauth",
        "basic",
        "--queuePort",
        "10001",
        "--tablePort",
        "10002",
    ]);
    assert!(up.text("url").starts_with("http://127.0.0.1:"));
    for (args, said) in [
        (&["--pwd", "x"][..], "openssl pkcs12"),
        (
            &["--inMemoryPersistence", "--location", "x"],
            "cannot be used with",
        ),
        (&["--cert", "x.pem"], "--key"),
        (&["--cert", "x.pfx", "--pwd", "x"], "openssl pkcs12"),
        (&["--oauth", "full"], "basic"),
        (&["--https-name", "x"], "--https"),
        (
            &["--cert", "none.pem", "--key", "none.key"],
            "cannot read none.pem",
        ),
        (&["--outside-trust", "none.pem"], "cannot read none.pem"),
        (&["--blobHost", "here"], "must be an IP address"),
        (&["--kind", "FileStorage"], "an account is StorageV2"),
        (&["--kind", "nobody:Storage"], "there is no account nobody"),
        (&["--account", "quay1:a2V5:?"], "must be base64"),
    ] {
        let ran = bare(&["emulator", "--port", "0"])
            .args(args)
            .output()
            .unwrap();
        let err = String::from_utf8_lossy(&ran.stderr).into_owned();
        assert_eq!(ran.status.code(), Some(2), "{err}");
        assert!(err.contains(said), "{err}");
    }
}

// Test suites made for Azurite name directories that hold more than its state.
#[test]
fn a_location_may_hold_other_files() {
    let place = file("location");
    std::fs::create_dir(&place).unwrap();
    std::fs::write(place.join("__azurite_db_blob__.json"), "{}").unwrap();
    let text = place.to_str().unwrap();
    for _ in 0..2 {
        let up = Up::with(&["--location", text, "--container", "box"]);
        assert!(up.text("url").starts_with("http://127.0.0.1:"));
    }
    let mut names: Vec<_> = std::fs::read_dir(&place)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    std::fs::remove_dir_all(&place).unwrap();
    assert_eq!(names, ["__azurite_db_blob__.json", "blobferry"]);
}

#[test]
fn accounts_that_cannot_be_are_told_with_both_places_they_come_from_and_without_their_keys() {
    let mut by_environment = bare(&["emulator", "--port", "0"]);
    by_environment.env("AZURITE_ACCOUNTS", "northquay:c2VjcmV0;!:c2VjcmV0");
    let by_option = |account| bare(&["emulator", "--port", "0", "--account", account]);
    let (three_keys, no_base64) = (
        "northquay:c2VjcmV0:c2VjcmV0:c2VjcmV0",
        "northquay:§c2VjcmV0",
    );
    for mut command in [by_environment, by_option(three_keys), by_option(no_base64)] {
        let ran = command.output().unwrap();
        let text = String::from_utf8_lossy(&ran.stderr);
        assert_eq!(ran.status.code(), Some(2), "{text}");
        for said in ["--account or AZURITE_ACCOUNTS", "NAME:KEY1:KEY2"] {
            assert!(text.contains(said), "{text}");
        }
        assert!(!text.contains("c2VjcmV0"), "{text}");
    }
}

#[test]
fn accounts_come_from_the_environment_unless_it_names_none() {
    for (value, names) in [
        ("", &["devstoreaccount1"][..]),
        (" ;\n", &["devstoreaccount1"]),
        ("quay1:a2V5;quay2:a2V5;\n", &["quay1", "quay2"]),
        (" quay1:a2V5 ; quay2:a2V5:a2V6\n", &["quay1", "quay2"]),
    ] {
        let up = Up::given(&[], &[("AZURITE_ACCOUNTS", value)]);
        let accounts = up.shown["accounts"].as_array().unwrap().iter();
        let told: Vec<_> = accounts.map(|one| one["name"].as_str().unwrap()).collect();
        assert_eq!(told, names, "{value:?}");
    }
}

#[cfg(unix)]
#[test]
fn what_it_says_to_type_works_in_a_shell_as_it_stands() {
    use std::io::{BufRead, BufReader};
    use std::process::Command;
    let program = std::path::Path::new(env!("CARGO_BIN_EXE_blobferry"));
    let others = std::env::var("PATH").unwrap_or_default();
    let path = format!("{}:{others}", program.parent().unwrap().display());
    let trust = file("what's to trust.pem");
    for more in [
        &[][..],
        &["--container", "cargo"],
        &["--https", "--https-trust", trust.to_str().unwrap()],
    ] {
        let mut child = bare(&["emulator", "--port", "0"])
            .args(more)
            .spawn()
            .unwrap();
        let said = BufReader::new(child.stderr.take().unwrap()).lines();
        let typed: Vec<String> = said
            .map(Result::unwrap)
            .take_while(|line| !line.contains("Ctrl-C ends it"))
            .filter(|line| line.starts_with("  "))
            .collect();
        let mut shell = Command::new("sh");
        shell.args(["-ec", &typed.join("\n")]).env("PATH", &path);
        let ran = shell.output().unwrap();
        drop(child.kill());
        drop(child.wait());
        let (out, err) = (ran.stdout, ran.stderr);
        let (out, err) = (String::from_utf8_lossy(&out), String::from_utf8_lossy(&err));
        assert!(ran.status.success(), "{typed:#?}\n{out}{err}");
        assert!(
            out.contains("hello.txt") && !out.contains("<Error>"),
            "{out}{err}"
        );
    }
    drop(std::fs::remove_file(trust));
}
