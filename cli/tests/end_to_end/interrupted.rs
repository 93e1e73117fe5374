//! Ctrl-C and SIGTERM.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use crate::quay::{Quay, bare, pace};

fn signal(child: &Child, name: &str) {
    let id = child.id().to_string();
    assert!(
        Command::new("kill")
            .args([name, &id])
            .status()
            .unwrap()
            .success()
    );
}

/// Waits until something is so; the copies in these tests would take minutes.
fn until(what: &str, mut so: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !so() {
        assert!(begun.elapsed() < Duration::from_secs(60), "never {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn slow() -> Quay {
    let quay = Quay::new(pace(0, Some(1_000)));
    for at in 0..5 {
        quay.put(&format!("{at}"), vec![at; 1_000_000]);
    }
    quay
}

#[test]
fn once_aborts_what_is_pending_gives_leases_back_and_reports() {
    for name in ["-INT", "-TERM"] {
        let quay = slow();
        let child = quay.start(&[
            "copy",
            "cargo",
            "cargo",
            "--lease-source",
            "--output",
            "json",
        ]);
        until("pending", || quay.left_behind() == (5, 5));
        signal(&child, name);
        let ran = Quay::end(child);
        assert_eq!(ran.code, 130, "{}{}", ran.out, ran.err);
        assert_eq!(quay.left_behind(), (0, 0), "{}", ran.out);
        let summary = ran.value("summary");
        assert_eq!(
            (&summary["cancelled"], &summary["interrupted"]),
            (&5.into(), &true.into())
        );
        assert!(
            ran.err.contains("pending copies are aborted"),
            "{}",
            ran.err
        );
    }
}

#[test]
fn copies_can_be_left_to_the_service_and_are_named() {
    let quay = slow();
    let child = quay.start(&[
        "copy",
        "cargo",
        "cargo",
        "--lease-source",
        "--on-cancel",
        "leave",
    ]);
    until("pending", || quay.left_behind() == (5, 5));
    signal(&child, "-INT");
    let ran = Quay::end(child);
    assert_eq!(ran.code, 130, "{}{}", ran.out, ran.err);
    assert_eq!(quay.left_behind(), (0, 5));
    assert!(
        ran.out.contains("a copy may still be pending on 0"),
        "{}",
        ran.out
    );
}

#[test]
fn twice_leaves_at_once() {
    let mut child = bare(&["emulator", "--port", "0", "--output", "json"])
        .spawn()
        .unwrap();
    let mut first = String::new();
    BufReader::new(child.stdout.take().unwrap())
        .read_line(&mut first)
        .unwrap();
    let up: serde_json::Value = serde_json::from_str(&first).unwrap();
    let port = u16::try_from(up["port"].as_u64().unwrap()).unwrap();
    // A request whose body never comes keeps the first signal's work from ending.
    let mut stuck = TcpStream::connect(("127.0.0.1", port)).unwrap();
    stuck
        .write_all(b"PUT /devstoreaccount1/c/b HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nx")
        .unwrap();
    let mut said = BufReader::new(child.stderr.take().unwrap());
    let begun = Instant::now();
    signal(&child, "-INT");
    let mut line = String::new();
    said.read_line(&mut line).unwrap();
    assert!(line.contains("once more leaves at once"), "{line}");
    signal(&child, "-INT");
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert!(begun.elapsed() < Duration::from_secs(5));
}

#[test]
fn an_emulator_ends_in_order_at_the_first_signal() {
    let mut child = bare(&["emulator", "--port", "0", "--container", "cargo"])
        .spawn()
        .unwrap();
    let mut said = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    while !line.contains("sas") {
        line.clear();
        assert!(said.read_line(&mut line).unwrap() > 0);
    }
    signal(&child, "-TERM");
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn faults_and_the_control_endpoint_are_there_when_asked_for() {
    let mut child = bare(&["emulator", "--port", "0", "--output", "json"])
        .args([
            "--control-port",
            "0",
            "--fault",
            "drop-after,operation=PutBlob",
        ])
        .spawn()
        .unwrap();
    let mut first = String::new();
    BufReader::new(child.stdout.take().unwrap())
        .read_line(&mut first)
        .unwrap();
    let up: serde_json::Value = serde_json::from_str(&first).unwrap();
    let control = up["control_url"].as_str().unwrap().replace("http://", "");
    let mut stream = TcpStream::connect(&control).unwrap();
    let request = format!("GET /faults HTTP/1.1\r\nhost: {control}\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    std::io::Read::read_to_string(&mut stream, &mut answer).unwrap();
    assert!(answer.contains(r#""operation":"PutBlob""#), "{answer}");
    signal(&child, "-TERM");
    assert_eq!(child.wait().unwrap().code(), Some(0));
    let wrong = bare(&["emulator", "--fault", "explode"]).output().unwrap();
    assert_eq!(wrong.status.code(), Some(2));
}

#[test]
fn a_data_directory_outlives_its_emulator_and_takes_one_at_a_time() {
    let directory = std::env::temp_dir().join(format!("blobferry-data-{}", std::process::id()));
    let path = directory.to_str().unwrap();
    let arguments = [
        "emulator",
        "--port",
        "0",
        "--data",
        path,
        "--container",
        "cargo",
    ];
    for so_far in [
        "with 1 container and 0 blobs",
        "with 1 container and 0 blobs",
    ] {
        let mut child = bare(&arguments).spawn().unwrap();
        let mut said = BufReader::new(child.stderr.take().unwrap());
        let mut line = String::new();
        while !line.contains("Everything is kept in") {
            line.clear();
            assert!(said.read_line(&mut line).unwrap() > 0);
        }
        assert!(line.contains(so_far), "{line}");
        let second = bare(&arguments).output().unwrap();
        assert_eq!(second.status.code(), Some(6));
        let told = String::from_utf8(second.stderr).unwrap();
        assert!(told.contains("in use by another emulator"), "{told}");
        child.kill().unwrap();
        child.wait().unwrap();
    }
    std::fs::remove_dir_all(&directory).unwrap();
}
