//! Signatures that are made and then used.

use crate::quay::{NORTH, Quay, SOUTH, bare, pace, run_bare};

/// A token as an identity provider writes them; the emulator does not check the signature.
const TOKEN: &str = "eyJhbGciOiJub25lIn0.eyJvaWQiOiIxMTExMTExMS0xMTExLTQxMTEtODExMS0xMTExMTExMTExMTEiLCJ0aWQiOiIyMjIyMjIyMi0yMjIyLTQyMjItODIyMi0yMjIyMjIyMjIyMjIiLCJhdWQiOiJodHRwczovL3N0b3JhZ2UuYXp1cmUuY29tLyIsImV4cCI6NDA3MDkwODgwMH0.c2ln";

#[test]
fn every_kind_of_signature_reads_what_it_is_for() {
    let quay = Quay::new(pace(0, None));
    quay.put("a", "content");
    let north = quay.connection(NORTH);
    let container = quay.source.to_string();
    let account = quay.source.account.to_string();
    let blob = format!("{container}/a");
    for (kind, url, more) in [
        ("account", &account, ["--connection-string", &north]),
        ("service", &container, ["--connection-string", &north]),
        ("user-delegation", &container, ["--token", TOKEN]),
    ] {
        let mut arguments = vec!["sas", url, "-p", "rl", "--output", "json"];
        arguments.extend(more);
        let ran = run_bare(&arguments);
        assert_eq!(ran.code, 0, "{kind}: {}{}", ran.out, ran.err);
        let minted = ran.value("sas");
        assert_eq!(minted["kind"], kind);
        let sas = minted["sas"].as_str().unwrap();
        let listed = run_bare(&["ls", &container, "--sas", sas]);
        assert!(listed.out.ends_with("a\n"), "{kind}: {}", listed.err);
        // The same again as the source of a copy, which the service reads by itself.
        let to = quay.destination.to_string();
        let copied = run_bare(&[
            "copy",
            &blob,
            &format!("{to}/{kind}"),
            "--source-sas",
            sas,
            "--destination-connection-string",
            &quay.connection(SOUTH),
        ]);
        assert_eq!(copied.code, 0, "{kind}: {}{}", copied.out, copied.err);
    }
    assert_eq!(quay.contents(&quay.destination).len(), 3);
}

#[test]
fn without_a_key_no_signature_is_made() {
    let ran = run_bare(&["sas", "https://a.blob.core.windows.net/src", "-p", "r"]);
    assert_eq!(ran.code, 3);
    assert!(
        ran.err.contains("no key of") && ran.err.contains("--account-key"),
        "{}",
        ran.err
    );
}

#[test]
fn accounts_of_an_emulator_may_stand_in_the_environment_and_keys_in_files() {
    let mut up = bare(&[
        "emulator",
        "--port",
        "0",
        "--output",
        "json",
        "--container",
        "cargo",
    ])
    .env(
        "AZURITE_ACCOUNTS",
        "northquay:bm9ydGg=:c2Vjb25k;southquay:c291dGg=",
    )
    .spawn()
    .unwrap();
    let mut first = String::new();
    let mut out = std::io::BufReader::new(up.stdout.take().unwrap());
    std::io::BufRead::read_line(&mut out, &mut first).unwrap();
    let shown: serde_json::Value = serde_json::from_str(&first).unwrap();
    let names: Vec<_> = shown["accounts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|account| &account["name"])
        .collect();
    assert_eq!(names, [NORTH, SOUTH]);
    let file = std::env::temp_dir().join(format!("blobferry-key-{}", up.id()));
    std::fs::write(&file, "bm9ydGg=\n").unwrap();
    let url = shown["accounts"][0]["url"].as_str().unwrap();
    let ran = run_bare(&["ls", url, "--account-key", &format!("@{}", file.display())]);
    std::fs::remove_file(&file).unwrap();
    up.kill().unwrap();
    up.wait().unwrap();
    assert_eq!((ran.code, ran.out.trim()), (0, "cargo/"), "{}", ran.err);
}
