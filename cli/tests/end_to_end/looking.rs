//! Looking around: listings, copies that stand, waiting, aborting, leases, help.

use crate::quay::{Quay, pace, run_bare};

#[test]
fn what_is_pending_is_shown_aborted_and_waited_for() {
    let quay = Quay::new(pace(0, Some(10_000)));
    quay.put("slow/a", vec![1; 1_000_000]);
    quay.put("slow/b", vec![2; 1_000_000]);
    quay.put("quick", "q");
    let from = quay.source.blob("quick".parse().unwrap());
    let to = quay.destination.blob("quick".parse().unwrap());
    quay.send(blobferry::operation::CopyBlob::new(to, from));
    for name in ["slow/a", "slow/b"] {
        let from = quay.source.blob(name.parse().unwrap());
        let to = quay.destination.blob(name.parse().unwrap());
        quay.send(blobferry::operation::CopyBlob::new(to, from));
    }
    assert_eq!(quay.run(&["wait", "cargo/quick"]).code, 0);
    let status = quay.run(&["status", "cargo", "--output", "json"]);
    let counts = status.value("copies");
    assert_eq!(
        (&counts["pending"], &counts["success"]),
        (&2.into(), &1.into())
    );
    let copy = status.value("copy");
    assert_eq!(
        (&copy["status"], &copy["bytes"]),
        (&"pending".into(), &1_000_000.into())
    );

    let late = quay.run(&["wait", "cargo", "--for", "200ms"]);
    assert_eq!(late.code, 1, "{}{}", late.out, late.err);

    let dry = quay.run(&["abort", "cargo/slow/", "--dry-run"]);
    assert!(dry.out.contains("2 copies would be aborted"), "{}", dry.out);
    assert_eq!(quay.run(&["abort", "cargo/slow/a"]).code, 0);
    let rest = quay.run(&["abort", "cargo"]);
    assert!(
        rest.code == 0 && rest.out.contains("1 copy aborted"),
        "{}",
        rest.out
    );
    assert_eq!(quay.left_behind(), (0, 0));
    let over = quay.run(&["abort", "cargo/slow/a"]);
    assert_eq!(over.code, 6, "{}", over.err);
}

#[test]
fn a_lease_is_taken_renewed_changed_and_given_back() {
    let quay = Quay::new(pace(0, None));
    quay.send(blobferry::operation::PutBlob::block(
        quay.destination.blob("a".parse().unwrap()),
        "a",
    ));
    let run = |arguments: &[&str]| {
        let ran = quay.run(arguments);
        assert_eq!(ran.code, 0, "{}", ran.err);
        ran.out.trim().to_owned()
    };
    let id = run(&["lease", "acquire", "cargo/a", "--duration", "15"]);
    assert_eq!(quay.left_behind().0, 1);
    assert_eq!(run(&["lease", "renew", "cargo/a", "--lease-id", &id]), id);
    let other = "1f812371-a41d-49e6-b123-f4b542e851c5";
    assert_eq!(
        run(&[
            "lease",
            "change",
            "cargo/a",
            "--lease-id",
            &id,
            "--proposed-id",
            other
        ]),
        other
    );
    let held = quay.run(&["lease", "acquire", "cargo/a"]);
    assert!(
        held.code == 6 && held.err.contains("LeaseAlreadyPresent"),
        "{}",
        held.err
    );
    run(&["lease", "release", "cargo/a", "--lease-id", other]);
    run(&["lease", "acquire", "cargo", "--duration", "infinite"]);
    run(&["lease", "break", "cargo", "--period", "0"]);
    assert_eq!(quay.left_behind().0, 0);
}

#[test]
fn listings_show_containers_levels_and_everything_below() {
    let quay = Quay::new(pace(0, None));
    for name in ["a", "dir/b", "dir/deep/c"] {
        let blob = quay.destination.blob(name.parse().unwrap());
        quay.send(blobferry::operation::PutBlob::block(blob, name.as_bytes()));
    }
    let lines = |arguments: &[&str]| -> Vec<String> {
        let ran = quay.run(arguments);
        assert_eq!(ran.code, 0, "{}", ran.err);
        ran.out.lines().map(|line| line.trim().to_owned()).collect()
    };
    assert_eq!(lines(&["ls", "/"]), ["cargo/"]);
    assert_eq!(lines(&["ls", "cargo"]), ["dir/", "1 B  a"]);
    assert_eq!(
        lines(&["ls", "cargo/dir/", "-r"]),
        ["5 B  dir/b", "10 B  dir/deep/c"]
    );
    assert_eq!(lines(&["ls", "cargo", "-r", "--limit", "1"]).len(), 1);
    let json = quay
        .run(&["ls", "cargo", "--long", "--output", "json"])
        .value("entry");
    assert_eq!(
        (&json["kind"], &json["blob_type"]),
        (&"blob".into(), &"BlockBlob".into())
    );
}

#[test]
fn every_kind_of_json_value_is_documented() {
    let documented = include_str!("../../OUTPUT.md");
    let mut kinds = Vec::new();
    let sources = [
        include_str!("../../src/failure.rs"),
        include_str!("../../src/copies.rs"),
        include_str!("../../src/hosting.rs"),
        include_str!("../../src/ferry/settled.rs"),
        include_str!("../../src/ferry/summary.rs"),
        include_str!("../../src/output/progress.rs"),
        include_str!("../../src/command/abort.rs"),
        include_str!("../../src/command/lease.rs"),
        include_str!("../../src/command/ls.rs"),
        include_str!("../../src/command/sas.rs"),
        include_str!("../../src/command/demo/closing.rs"),
    ];
    for source in sources {
        kinds.extend(
            source
                .split("rename = \"")
                .skip(1)
                .filter_map(|rest| rest.split('"').next()),
        );
    }
    assert_eq!(kinds.len(), 13, "{kinds:?}");
    for kind in kinds {
        assert!(
            documented.contains(&format!("### `{kind}`")),
            "{kind} is not documented"
        );
    }
}

#[test]
fn help_names_the_exit_codes_and_completions_come_for_every_shell() {
    let help = run_bare(&["--help"]);
    assert!(
        help.code == 0 && help.out.contains("130  interrupted"),
        "{}",
        help.out
    );
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = run_bare(&["completions", shell]);
        assert!(
            script.code == 0 && script.out.contains("blobferry"),
            "{shell}"
        );
    }
}
