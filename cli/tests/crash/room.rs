//! An emulator that is killed while it gives back the room of what was deleted.

use std::path::Path;
use std::time::Duration;

use blobferry::Seed;

use crate::child::Child;
use crate::http::{Ask, Connection};

/// Blobs that come and go, each with a long record.
const BLOBS: usize = 1_200;
/// Of which so many stay.
const STAY: usize = 12;
const CLIENTS: usize = 8;

fn ask(method: &'static str, path: String, metadata: Option<String>) -> Ask {
    let kind = ("x-ms-blob-type", "BlockBlob".to_owned());
    let metadata = metadata.map(|text| ("x-ms-meta-long", text));
    Ask {
        method,
        path,
        headers: std::iter::once(kind).chain(metadata).collect(),
        body: Vec::new(),
    }
}

fn metadata(round: u32, blob: usize) -> String {
    format!("{round}-{blob}-{}", "m".repeat(7_000))
}

/// Has every blob of a range asked about, by several clients.
fn each(child: &Child, blobs: std::ops::Range<usize>, what: impl Fn(usize) -> Ask + Sync) {
    std::thread::scope(|scope| {
        for client in 0..CLIENTS {
            let (what, blobs) = (&what, blobs.clone());
            scope.spawn(move || {
                let mut connection = Connection::open(child.port).unwrap();
                for blob in blobs.skip(client).step_by(CLIENTS) {
                    let answer = connection.send(&what(blob)).unwrap();
                    assert!((200..300).contains(&answer.status), "{}", answer.status);
                }
            });
        }
    });
}

fn check(child: &Child, round: u32) {
    let mut connection = Connection::open(child.port).unwrap();
    let mut look = |blob| {
        let path = format!("room/{blob}");
        let answer = connection.send(&ask("HEAD", path, None)).unwrap();
        let found = answer.header("x-ms-meta-long").map(str::to_owned);
        (answer.status, found)
    };
    for blob in 0..STAY {
        assert_eq!(look(blob), (200, Some(metadata(round, blob))), "{blob}");
    }
    for blob in (STAY..BLOBS).step_by(50) {
        assert_eq!(look(blob).0, 404, "{blob} is there again");
    }
}

fn records(directory: &Path) -> u64 {
    let file = directory.join("records.redb");
    std::fs::metadata(file).map_or(0, |data| data.len())
}

#[test]
fn what_stays_is_there_when_it_is_killed_while_room_is_given_back() {
    let rounds = crate::kills() / 20;
    let name = format!("blobferry-room-{}", std::process::id());
    let directory = std::env::temp_dir().join(name);
    let mut random = Seed::new(7);
    let child = Child::start(&directory);
    let mut connection = Connection::open(child.port).unwrap();
    let container = ask("PUT", "room?restype=container".to_owned(), None);
    assert_eq!(connection.send(&container).unwrap().status, 201);
    child.kill();
    for round in 0..rounds {
        let child = Child::start(&directory);
        if round > 0 {
            check(&child, round - 1);
        }
        let put = |blob| ask("PUT", format!("room/{blob}"), Some(metadata(round, blob)));
        each(&child, 0..BLOBS, put);
        each(&child, STAY..BLOBS, |blob| {
            ask("DELETE", format!("room/{blob}"), None)
        });
        // It is quiet for 100 ms, settles, is quiet for 300 ms and compacts.
        std::thread::sleep(Duration::from_millis(100 + random.below(600)));
        child.kill();
    }
    let child = Child::start(&directory);
    if rounds > 0 {
        check(&child, rounds - 1);
    }
    let small = (0..200).any(|_| {
        std::thread::sleep(Duration::from_millis(50));
        records(&directory) < 4 << 20
    });
    assert!(small, "{} bytes of records are kept", records(&directory));
    child.kill();
    std::fs::remove_dir_all(&directory).unwrap();
}
