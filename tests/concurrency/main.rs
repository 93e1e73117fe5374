//! Many clients at one blob: what must hold whatever order their requests come in.
//!
//! Each test runs twice: by calls from many threads, and over connections to a server.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot be set up has failed, and a failure is a finding"
)]

mod carrier;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Barrier, Mutex};

use carrier::{Carrier, Reply, everywhere};

const CLIENTS: usize = 8;

/// Runs clients at once, each with its number and a way to ask of its own.
fn clients(carrier: &Carrier, count: usize, work: impl Fn(usize, &mut carrier::Client) + Sync) {
    let start = Barrier::new(count);
    std::thread::scope(|scope| {
        for number in 0..count {
            let (work, start) = (&work, &start);
            scope.spawn(move || {
                let mut client = carrier.client();
                start.wait();
                work(number, &mut client);
            });
        }
    });
}

fn block_blob<'a>() -> [(&'a str, &'a str); 1] {
    [("x-ms-blob-type", "BlockBlob")]
}

/// One of these, or it fails with what was answered.
#[track_caller]
fn one_of(reply: &Reply, allowed: &[(u16, &str)]) {
    let got = (reply.status, reply.header("x-ms-error-code"));
    assert!(allowed.contains(&got), "{got:?} is none of {allowed:?}");
}

#[test]
fn exactly_one_creates_what_must_not_be_there() {
    everywhere(|carrier| {
        for round in 0..30 {
            let target = format!("box/created{round}");
            let won = Mutex::new(Vec::new());
            clients(carrier, CLIENTS, |number, client| {
                let [kind] = block_blob();
                let headers = [kind, ("if-none-match", "*")];
                let reply = client.ask("PUT", &target, &headers, &[number as u8; 9]);
                one_of(&reply, &[(201, ""), (409, "BlobAlreadyExists")]);
                if reply.status == 201 {
                    won.lock().unwrap().push(number as u8);
                }
            });
            let won = won.into_inner().unwrap();
            assert_eq!(won.len(), 1, "{won:?}");
            let read = carrier.client().ask("GET", &target, &[], b"");
            assert_eq!(read.body, vec![won[0]; 9]);
        }
    });
}

#[test]
fn appends_stand_one_after_the_other_each_where_its_answer_says() {
    everywhere(|carrier| {
        let append = [("x-ms-blob-type", "AppendBlob")];
        assert_eq!(
            carrier.client().ask("PUT", "box/log", &append, b"").status,
            201
        );
        let written = Mutex::new(BTreeMap::new());
        clients(carrier, CLIENTS, |number, client| {
            for turn in 0..40_usize {
                let text = format!("<{number}:{turn}:{}>", "x".repeat(turn * number % 13));
                let reply = client.ask("PUT", "box/log?comp=appendblock", &[], text.as_bytes());
                assert_eq!(reply.status, 201);
                let offset: usize = reply.header("x-ms-blob-append-offset").parse().unwrap();
                let before = written.lock().unwrap().insert(offset, text);
                assert_eq!(before, None, "two appends at {offset}");
            }
        });
        let mut whole = String::new();
        for (offset, text) in written.into_inner().unwrap() {
            assert_eq!(offset, whole.len(), "a gap or an overlap");
            whole += &text;
        }
        let read = carrier.client().ask("GET", "box/log", &[], b"");
        assert_eq!(read.body, whole.as_bytes());
        let count = (CLIENTS * 40).to_string();
        assert_eq!(read.header("x-ms-blob-committed-block-count"), count);
    });
}

#[test]
fn an_append_at_a_position_succeeds_only_there() {
    everywhere(|carrier| {
        let append = [("x-ms-blob-type", "AppendBlob")];
        assert_eq!(
            carrier.client().ask("PUT", "box/at", &append, b"").status,
            201
        );
        let appended = AtomicUsize::new(0);
        clients(carrier, CLIENTS, |_, client| {
            for _ in 0..40 {
                let seen = client.ask("HEAD", "box/at", &[], b"");
                let position = seen.header("content-length").to_owned();
                let headers = [("x-ms-blob-condition-appendpos", position.as_str())];
                let reply = client.ask("PUT", "box/at?comp=appendblock", &headers, b"12345");
                one_of(&reply, &[(201, ""), (412, "AppendPositionConditionNotMet")]);
                if reply.status == 201 {
                    assert_eq!(reply.header("x-ms-blob-append-offset"), position);
                    appended.fetch_add(1, Ordering::SeqCst);
                }
            }
        });
        let read = carrier.client().ask("GET", "box/at", &[], b"");
        assert_eq!(read.body.len(), 5 * appended.into_inner());
    });
}

#[test]
fn a_lease_has_one_holder_at_a_time_on_blobs_and_containers() {
    everywhere(|carrier| {
        carrier.put("leased", b"x");
        for target in ["box/leased?comp=lease", "box?restype=container&comp=lease"] {
            let held = AtomicBool::new(false);
            let taken = AtomicUsize::new(0);
            clients(carrier, CLIENTS, |_, client| {
                for _ in 0..60 {
                    let acquire = [
                        ("x-ms-lease-action", "acquire"),
                        ("x-ms-lease-duration", "-1"),
                    ];
                    let reply = client.ask("PUT", target, &acquire, b"");
                    one_of(&reply, &[(201, ""), (409, "LeaseAlreadyPresent")]);
                    if reply.status != 201 {
                        continue;
                    }
                    assert!(!held.swap(true, Ordering::SeqCst), "two hold it");
                    taken.fetch_add(1, Ordering::SeqCst);
                    let id = reply.header("x-ms-lease-id").to_owned();
                    std::thread::yield_now();
                    held.store(false, Ordering::SeqCst);
                    let release = [("x-ms-lease-action", "release"), ("x-ms-lease-id", &id)];
                    assert_eq!(client.ask("PUT", target, &release, b"").status, 200);
                }
            });
            assert!(taken.into_inner() > 0);
        }
    });
}

#[test]
fn without_the_lease_id_nobody_writes() {
    everywhere(|carrier| {
        carrier.put("guarded", b"0");
        let acquire = [
            ("x-ms-lease-action", "acquire"),
            ("x-ms-lease-duration", "-1"),
        ];
        let lease = carrier
            .client()
            .ask("PUT", "box/guarded?comp=lease", &acquire, b"");
        let id = lease.header("x-ms-lease-id").to_owned();
        clients(carrier, CLIENTS, |number, client| {
            let [kind] = block_blob();
            for turn in 0..40_u8 {
                if number == 0 {
                    let headers = [kind, ("x-ms-lease-id", id.as_str())];
                    let reply = client.ask("PUT", "box/guarded", &headers, &[turn]);
                    assert_eq!(reply.status, 201);
                    let read = client.ask("GET", "box/guarded", &[], b"");
                    assert_eq!(read.body, [turn], "somebody else wrote");
                } else {
                    let (method, target) = match turn % 4 {
                        0 => ("PUT", "box/guarded"),
                        1 => ("PUT", "box/guarded?comp=metadata"),
                        2 => ("PUT", "box/guarded?comp=block&blockid=AAAA"),
                        _ => ("DELETE", "box/guarded"),
                    };
                    let reply = client.ask(method, target, &[kind], b"no");
                    one_of(&reply, &[(412, "LeaseIdMissing")]);
                }
            }
        });
    });
}

#[test]
fn a_counter_kept_by_etag_loses_no_step() {
    everywhere(|carrier| {
        carrier.put("counter", b"0");
        let steps = AtomicUsize::new(0);
        clients(carrier, CLIENTS, |_, client| {
            for _ in 0..40 {
                let seen = client.ask("GET", "box/counter", &[], b"");
                let value: usize = std::str::from_utf8(&seen.body).unwrap().parse().unwrap();
                let etag = seen.header("etag").to_owned();
                let [kind] = block_blob();
                let headers = [kind, ("if-match", etag.as_str())];
                let next = (value + 1).to_string();
                let reply = client.ask("PUT", "box/counter", &headers, next.as_bytes());
                one_of(&reply, &[(201, ""), (412, "ConditionNotMet")]);
                steps.fetch_add(usize::from(reply.status == 201), Ordering::SeqCst);
            }
        });
        let read = carrier.client().ask("GET", "box/counter", &[], b"");
        assert_eq!(read.body, steps.into_inner().to_string().as_bytes());
    });
}

/// Content of one byte all over, whose length depends on the byte.
fn uniform(byte: u8) -> Vec<u8> {
    vec![byte; 1000 + usize::from(byte) * 257]
}

#[test]
fn nobody_reads_half_a_write() {
    everywhere(|carrier| {
        carrier.put("whole", &uniform(0));
        clients(carrier, CLIENTS, |number, client| {
            let byte = number as u8;
            for turn in 0..30_u8 {
                match number {
                    0 => {
                        let put = client.ask("PUT", "box/whole", &block_blob(), &uniform(byte));
                        assert_eq!(put.status, 201);
                    }
                    1 | 2 => write_in_blocks(client, byte, turn),
                    _ => {
                        let read = client.ask("GET", "box/whole", &[], b"");
                        assert_eq!(read.status, 200);
                        assert_eq!(read.body, uniform(read.body[0]));
                        let etag = read.header("etag").to_owned();
                        let part = [("if-match", etag.as_str()), ("x-ms-range", "bytes=500-999")];
                        let part = client.ask("GET", "box/whole", &part, b"");
                        one_of(&part, &[(206, ""), (412, "ConditionNotMet")]);
                        if part.status == 206 {
                            assert_eq!(part.body, vec![read.body[0]; 500]);
                        }
                    }
                }
            }
        });
    });
}

/// Two halves as blocks, then their list. Another list in between discards them.
fn write_in_blocks(client: &mut carrier::Client, byte: u8, turn: u8) {
    let content = uniform(byte);
    let (first, second) = content.split_at(content.len() / 2);
    let mut list = String::from("<BlockList>");
    for (half, part) in [(0, first), (1, second)] {
        // Four bytes in Base64, without padding.
        let id = format!("{byte}{half}{:02}", turn % 100);
        let target = format!("box/whole?comp=block&blockid={id}");
        let reply = client.ask("PUT", &target, &[], part);
        assert_eq!(reply.status, 201);
        list += &format!("<Uncommitted>{id}</Uncommitted>");
    }
    list += "</BlockList>";
    let reply = client.ask("PUT", "box/whole?comp=blocklist", &[], list.as_bytes());
    one_of(&reply, &[(201, ""), (400, "InvalidBlockList")]);
}

#[test]
fn copies_deletes_and_snapshots_never_meet_halfway() {
    everywhere(|carrier| {
        carrier.put("source", &uniform(7));
        carrier.put("target", &uniform(7));
        let snapshots = AtomicUsize::new(0);
        clients(carrier, CLIENTS, |number, client| {
            for _ in 0..30 {
                match number % 4 {
                    0 => {
                        let source = client.url("box/source");
                        let headers = [("x-ms-copy-source", source.as_str())];
                        let reply = client.ask("PUT", "box/target", &headers, b"");
                        one_of(&reply, &[(202, ""), (409, "PendingCopyOperation")]);
                    }
                    1 => {
                        let all = [("x-ms-delete-snapshots", "include")];
                        let reply = client.ask("DELETE", "box/target", &all, b"");
                        one_of(&reply, &[(202, ""), (404, "BlobNotFound")]);
                    }
                    2 => {
                        let reply = client.ask("PUT", "box/source?comp=snapshot", &[], b"");
                        assert_eq!(reply.status, 201);
                        snapshots.fetch_add(1, Ordering::SeqCst);
                        let tick = reply.header("x-ms-snapshot").to_owned();
                        let target = format!("box/source?snapshot={tick}");
                        assert_eq!(client.ask("GET", &target, &[], b"").body, uniform(7));
                        let reply = client.ask("PUT", "box/target?comp=snapshot", &[], b"");
                        one_of(&reply, &[(201, ""), (404, "BlobNotFound")]);
                    }
                    _ => {
                        let read = client.ask("GET", "box/target", &[], b"");
                        one_of(&read, &[(200, ""), (404, "BlobNotFound")]);
                        if read.status == 200 {
                            assert_eq!(read.body, uniform(7));
                        }
                    }
                }
            }
        });
        let target = "box?restype=container&comp=list&prefix=source&include=snapshots";
        let listed = carrier.client().ask("GET", target, &[], b"");
        let listed = String::from_utf8(listed.body).unwrap();
        assert_eq!(listed.matches("<Snapshot>").count(), snapshots.into_inner());
    });
}

#[test]
fn one_of_many_copies_to_a_blob_is_pending_and_one_abort_ends_it() {
    everywhere(|carrier| {
        carrier.put("source", &uniform(7));
        carrier.hold_copies();
        for round in 0..20 {
            let target = format!("box/copied{round}");
            let begun = Mutex::new(Vec::new());
            clients(carrier, CLIENTS, |_, client| {
                let source = client.url("box/source");
                let headers = [("x-ms-copy-source", source.as_str())];
                let reply = client.ask("PUT", &target, &headers, b"");
                one_of(&reply, &[(202, ""), (409, "PendingCopyOperation")]);
                if reply.status == 202 {
                    assert_eq!(reply.header("x-ms-copy-status"), "pending");
                    let id = reply.header("x-ms-copy-id").to_owned();
                    begun.lock().unwrap().push(id);
                }
            });
            let begun = begun.into_inner().unwrap();
            assert_eq!(begun.len(), 1, "{begun:?}");
            let aborted = AtomicUsize::new(0);
            let abort = format!("{target}?comp=copy&copyid={}", begun.concat());
            clients(carrier, CLIENTS, |_, client| {
                let headers = [("x-ms-copy-action", "abort")];
                let reply = client.ask("PUT", &abort, &headers, b"");
                one_of(&reply, &[(204, ""), (409, "NoPendingCopyOperation")]);
                aborted.fetch_add(usize::from(reply.status == 204), Ordering::SeqCst);
            });
            assert_eq!(aborted.into_inner(), 1);
        }
    });
}

#[test]
fn pages_and_sequence_numbers_move_together() {
    everywhere(|carrier| {
        let page = [
            ("x-ms-blob-type", "PageBlob"),
            ("x-ms-blob-content-length", "512"),
        ];
        assert_eq!(
            carrier.client().ask("PUT", "box/page", &page, b"").status,
            201
        );
        let raised = AtomicUsize::new(0);
        clients(carrier, CLIENTS, |number, client| {
            for _ in 0..30 {
                if number % 2 == 0 {
                    let raise = [("x-ms-sequence-number-action", "increment")];
                    let reply = client.ask("PUT", "box/page?comp=properties", &raise, b"");
                    assert_eq!(reply.status, 200);
                    raised.fetch_add(1, Ordering::SeqCst);
                } else {
                    let write = [("x-ms-page-write", "update"), ("x-ms-range", "bytes=0-511")];
                    let body = [number as u8; 512];
                    let reply = client.ask("PUT", "box/page?comp=page", &write, &body);
                    assert_eq!(reply.status, 201);
                    let read = client.ask("GET", "box/page", &[], b"").body;
                    assert_eq!(read, vec![read[0]; 512], "a torn page");
                }
            }
        });
        let seen = carrier.client().ask("HEAD", "box/page", &[], b"");
        let number = raised.into_inner().to_string();
        assert_eq!(seen.header("x-ms-blob-sequence-number"), number);
    });
}
