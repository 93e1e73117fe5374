//! Copies that go well.

use crate::quay::{Quay, pace, run_bare};

#[test]
fn a_container_is_copied_leased_and_verified_and_a_second_run_has_nothing_to_do() {
    let quay = Quay::new(pace(300, None));
    for at in 0..20 {
        quay.put(&format!("a/{at:02}"), vec![at; 1000]);
    }
    quay.put("ünïcode & spaces #1?", "x");
    let arguments = [
        "copy",
        "cargo",
        "cargo",
        "--lease-source",
        "--verify",
        "content",
        "--output",
        "json",
    ];
    let ran = quay.run(&arguments);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    let summary = ran.value("summary");
    assert_eq!(
        (&summary["copied"], &summary["leases_taken"]),
        (&21.into(), &21.into())
    );
    assert_eq!(
        quay.contents(&quay.source),
        quay.contents(&quay.destination)
    );
    assert_eq!(quay.left_behind(), (0, 0));
    let blobs = ran
        .values()
        .iter()
        .filter(|value| value["type"] == "blob")
        .count();
    assert_eq!(blobs, 21);

    let again = quay.run(&arguments);
    let summary = again.value("summary");
    assert_eq!(
        (again.code, &summary["copied"], &summary["skipped"]),
        (0, &0.into(), &21.into())
    );
}

#[test]
fn a_prefix_goes_under_another_prefix_and_filters_leave_out() {
    let quay = Quay::new(pace(0, None));
    for name in ["logs/a.gz", "logs/b.txt", "logs/deep/c.gz", "other.gz"] {
        quay.put(name, name);
    }
    let ran = quay.run(&[
        "copy",
        "cargo/logs/",
        "cargo/2026/",
        "--include",
        "*.gz",
        "--exclude",
        "*b*",
    ]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let names: Vec<String> = quay
        .contents(&quay.destination)
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    assert_eq!(names, ["2026/a.gz", "2026/deep/c.gz"]);
    assert!(ran.out.contains("2 blobs, 23 B copied"), "{}", ran.out);
}

#[test]
fn one_blob_takes_the_name_it_is_given_or_its_own() {
    let quay = Quay::new(pace(0, None));
    quay.put("deep/disk.vhd", "disk");
    quay.put("deep/disk.vhd2", "no namesake");
    for (to, name) in [
        ("cargo/renamed", "renamed"),
        ("cargo", "disk.vhd"),
        ("cargo/x/", "x/disk.vhd"),
    ] {
        let ran = quay.run(&["copy", "cargo/deep/disk.vhd", to]);
        assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
        let there = quay.contents(&quay.destination);
        assert!(
            there.contains(&(name.to_owned(), b"disk".to_vec())),
            "{name}: {there:?}"
        );
    }
    assert_eq!(quay.contents(&quay.destination).len(), 3);
}

#[test]
fn a_dry_run_says_what_it_would_do_and_does_nothing() {
    let quay = Quay::new(pace(0, None));
    quay.put("a", "a");
    let ran = quay.run(&["copy", "cargo", "cargo", "--dry-run"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.out.contains("would copy   a  new"), "{}", ran.out);
    assert!(quay.contents(&quay.destination).is_empty());
}

#[test]
fn urls_with_a_minted_sas_need_no_key() {
    let quay = Quay::new(pace(0, None));
    quay.put("a", "content");
    let mint = |container: &blobferry::ContainerAddress, account, letters| {
        let url = container.to_string();
        let connection = quay.connection(account);
        let ran = run_bare(&[
            "sas",
            &url,
            "-p",
            letters,
            "--connection-string",
            &connection,
        ]);
        assert_eq!(ran.code, 0, "{}", ran.err);
        ran.out.trim().to_owned()
    };
    let from = mint(&quay.source, crate::quay::NORTH, "rl");
    let to = mint(&quay.destination, crate::quay::SOUTH, "racwl");
    let ran = run_bare(&["copy", &from, &to]);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    assert_eq!(
        quay.contents(&quay.destination),
        [("a".to_owned(), b"content".to_vec())]
    );
    assert!(!ran.out.contains("sig=") && !ran.err.contains("sig="));
}

#[test]
fn the_demo_ends_with_every_blob_verified_and_no_lease_left() {
    let dir = concat!(env!("CARGO_MANIFEST_DIR"), "/src/args");
    let ran = run_bare(&["demo", dir, "--largest", "4MiB", "--output", "json"]);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    let demo = ran.value("demo");
    let blobs = demo["counted"]["blobs"].as_u64().unwrap();
    assert!(blobs > 10);
    assert_eq!(demo["summary"]["copied"], blobs);
    assert_eq!(demo["tally"]["leases_taken"], blobs);
    assert_eq!(demo["tally"]["compared"], blobs);
    assert_eq!(demo["counted"]["leased"], 0);
    assert!(demo["seen_pending"].as_u64().unwrap() > 0);
    for kind in ["BlockBlob", "PageBlob", "AppendBlob"] {
        assert!(
            demo["counted"]["by_type"][kind].as_u64().unwrap() >= 2,
            "{demo}"
        );
    }
}

#[test]
fn within_one_account_each_side_may_have_a_sas_of_its_own() {
    let quay = Quay::new(pace(0, None));
    quay.put("a", "content");
    let north = quay.connection(crate::quay::NORTH);
    let archive = quay.source.account.container("archive".parse().unwrap());
    let url = archive.to_string();
    let by_key = run_bare(&[
        "copy",
        &quay.source.to_string(),
        &url,
        "--create-container",
        "--lease-source",
        "--connection-string",
        &north,
    ]);
    assert_eq!(by_key.code, 0, "{}{}", by_key.out, by_key.err);
    assert_eq!(quay.contents(&archive).len(), 1);

    quay.put("b", "more");
    let mint = |url: &str, letters| {
        let ran = run_bare(&["sas", url, "-p", letters, "--connection-string", &north]);
        ran.out.trim().to_owned()
    };
    let (from, to) = (mint(&quay.source.to_string(), "rl"), mint(&url, "rcwl"));
    let by_sas = run_bare(&["copy", &from, &to, "--verify", "content"]);
    assert_eq!(by_sas.code, 0, "{}{}", by_sas.out, by_sas.err);
    assert_eq!(quay.contents(&archive), quay.contents(&quay.source));
}
