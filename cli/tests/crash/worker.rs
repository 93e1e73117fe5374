//! A client that writes to blobs of its own and remembers what was acknowledged.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use blobferry::Seed;

use crate::child::Child;
use crate::http::{Answer, Ask, Connection};
use crate::model::{Blob, Copy, difference};

/// The lengths of the blobs that are copied from, which nobody changes.
const SOURCES: [usize; 3] = [100, 300_000, 3 << 20];
/// The length of a page blob: more chunks than are written with its record.
const PAGES: usize = 2 << 20;
const BLOCK: (&str, &str) = ("x-ms-blob-type", "BlockBlob");

/// Makes what all workers need.
pub(crate) fn prepare(child: &Child) {
    let mut connection = Connection::open(child.port).unwrap();
    let mut done = |path: &str, body: Vec<u8>| {
        let ask = ask("PUT", path, &[BLOCK], body);
        assert_eq!(connection.send(&ask).unwrap().status, 201);
    };
    done("box?restype=container", Vec::new());
    for (number, length) in SOURCES.iter().enumerate() {
        done(&format!("box/source-{number}"), source(number, *length));
    }
}

fn source(number: usize, length: usize) -> Vec<u8> {
    bytes(&mut Seed::new(number as u64), length)
}

fn bytes(seed: &mut Seed, length: usize) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(length + 8);
    while bytes.len() < length {
        bytes.extend_from_slice(&seed.next_u64().to_le_bytes());
    }
    bytes.truncate(length);
    bytes
}

fn ask(
    method: &'static str,
    path: impl Into<String>,
    headers: &[(&'static str, &str)],
    body: Vec<u8>,
) -> Ask {
    Ask {
        method,
        path: path.into(),
        headers: headers
            .iter()
            .map(|(name, value)| (*name, (*value).to_owned()))
            .collect(),
        body,
    }
}

pub(crate) struct Worker {
    number: u64,
    seed: Seed,
    /// What was acknowledged.
    blobs: BTreeMap<String, Option<Blob>>,
    /// What was asked for last and not answered: the blob, and how it would be.
    cut_off: Option<(String, Option<Blob>)>,
    pub(crate) acknowledged: u64,
    pub(crate) unsure: u64,
    pub(crate) happened: u64,
}

impl Worker {
    pub(crate) fn new(number: u64, seed: Seed) -> Self {
        let names = [
            "block-0", "block-1", "block-2", "append", "page", "copy-0", "copy-1", "many", "log",
        ];
        Self {
            number,
            seed,
            blobs: names
                .iter()
                .map(|name| ((*name).to_owned(), None))
                .collect(),
            cut_off: None,
            acknowledged: 0,
            unsure: 0,
            happened: 0,
        }
    }

    fn path(&self, name: &str) -> String {
        format!("box/{}/{name}", self.number)
    }

    /// Writes until the connection breaks or it is told to stop.
    pub(crate) fn work(&mut self, child: &Child, going: &AtomicBool, resting: &AtomicBool) {
        let Ok(mut connection) = Connection::open(child.port) else {
            return;
        };
        while going.load(Ordering::SeqCst) {
            if resting.load(Ordering::SeqCst) {
                std::thread::sleep(Duration::from_millis(1));
                continue;
            }
            let name = self.some_name();
            let before = self.blobs[&name].clone();
            let (ask, mut after) = self.choose(&name, before);
            match connection.send(&ask) {
                Ok(answer) => {
                    assert!(
                        (200..300).contains(&answer.status)
                            || (answer.status == 409 && name.starts_with("copy")),
                        "{} {}: {} {}",
                        ask.method,
                        ask.path,
                        answer.status,
                        String::from_utf8_lossy(&answer.body)
                    );
                    if answer.status != 409 {
                        learn(&mut after, &ask, &answer);
                        self.blobs.insert(name, after);
                        self.acknowledged += 1;
                    }
                }
                Err(_) => {
                    self.unsure += 1;
                    if let Some(after) = &mut after
                        && !ask.path.ends_with("comp=lease")
                        && !ask.path.contains("comp=block&")
                        && !ask.path.ends_with("comp=snapshot")
                    {
                        after.etag = None;
                    }
                    self.cut_off = Some((name, after));
                    return;
                }
            }
        }
    }

    /// Every other time a blob of many small parts.
    fn some_name(&mut self) -> String {
        match self.below(6) {
            0 => "many".to_owned(),
            1 => "log".to_owned(),
            2 => "page".to_owned(),
            _ => {
                let names: Vec<String> = self.blobs.keys().cloned().collect();
                names[self.below(names.len())].clone()
            }
        }
    }

    fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.seed.below(bound as u64)).unwrap()
    }

    fn some_bytes(&mut self) -> Vec<u8> {
        let length = match self.below(100) {
            0 => (4 << 20) + self.below(1 << 20),
            1..8 => 20_000 + self.below(200_000),
            _ => self.below(5_000),
        };
        bytes(&mut self.seed, length.max(1))
    }

    /// What to ask of a blob, and how it is then.
    fn choose(&mut self, name: &str, before: Option<Blob>) -> (Ask, Option<Blob>) {
        let path = self.path(name);
        match name.split('-').next() {
            Some("append") => self.append(&path, before),
            Some("page") => self.page(&path, before),
            Some("many") => self.many(&path, before),
            Some("log") => self.log(&path, before),
            Some("copy") => self.copy(&path, before),
            _ => self.block(&path, before),
        }
    }

    fn block(&mut self, path: &str, before: Option<Blob>) -> (Ask, Option<Blob>) {
        let Some(mut blob) = before else {
            return self.put(path, Blob::default());
        };
        let lease = blob.lease.clone();
        let (mut ask, after) = match self.below(10) {
            0 => {
                let all = [("x-ms-delete-snapshots", "include")];
                (ask("DELETE", path, &all, Vec::new()), None)
            }
            1 => {
                let turn = self.seed.below(1000).to_string();
                let headers = [("x-ms-meta-turn", turn.as_str())];
                let ask = ask("PUT", format!("{path}?comp=metadata"), &headers, Vec::new());
                blob.turn = Some(turn);
                (ask, Some(blob))
            }
            2..5 => {
                let id = ["aaaa", "bbbb", "cccc", "dddd"][self.below(4)];
                let mut data = self.some_bytes();
                unlike(blob.staged.get(id), &mut data);
                let path = format!("{path}?comp=block&blockid={id}");
                blob.staged.insert(id.to_owned(), data.clone());
                (ask("PUT", path, &[], data), Some(blob))
            }
            5 if !blob.staged.is_empty() => commit(path, blob),
            6 if blob.lease.is_some() => {
                let path = format!("{path}?comp=lease");
                let release = [("x-ms-lease-action", "release")];
                blob.lease = None;
                (ask("PUT", path, &release, Vec::new()), Some(blob))
            }
            6 => {
                let id = self.seed.uuid();
                let headers = [
                    ("x-ms-lease-action", "acquire"),
                    ("x-ms-lease-duration", "-1"),
                    ("x-ms-proposed-lease-id", id.as_str()),
                ];
                let ask = ask("PUT", format!("{path}?comp=lease"), &headers, Vec::new());
                blob.lease = Some(id);
                return (ask, Some(blob));
            }
            7 if blob.snapshots.len() < 3 => {
                let path = format!("{path}?comp=snapshot");
                (ask("PUT", path, &[], Vec::new()), Some(blob))
            }
            _ => self.put(path, blob),
        };
        if let Some(lease) = lease {
            ask.headers.push(("x-ms-lease-id", lease));
        }
        (ask, after)
    }

    fn put(&mut self, path: &str, mut blob: Blob) -> (Ask, Option<Blob>) {
        blob.content = self.some_bytes();
        blob.turn = None;
        blob.staged.clear();
        (ask("PUT", path, &[BLOCK], blob.content.clone()), Some(blob))
    }

    fn append(&mut self, path: &str, before: Option<Blob>) -> (Ask, Option<Blob>) {
        match before {
            Some(mut blob) if blob.content.len() < 300_000 => {
                let data = self.some_bytes();
                blob.content.extend_from_slice(&data);
                let path = format!("{path}?comp=appendblock");
                (ask("PUT", path, &[], data), Some(blob))
            }
            _ => {
                let kind = [("x-ms-blob-type", "AppendBlob")];
                (ask("PUT", path, &kind, Vec::new()), Some(Blob::default()))
            }
        }
    }

    /// Hundreds of uncommitted blocks, committed now and then.
    fn many(&mut self, path: &str, before: Option<Blob>) -> (Ask, Option<Blob>) {
        let Some(mut blob) = before else {
            return self.put(path, Blob::default());
        };
        if blob.staged.len() > 60 && self.below(40) == 0 {
            return commit(path, blob);
        }
        let id = format!("m{:03}", self.below(400));
        let length = 1 + self.below(40);
        let mut data = bytes(&mut self.seed, length);
        unlike(blob.staged.get(&id), &mut data);
        let path = format!("{path}?comp=block&blockid={id}");
        blob.staged.insert(id, data.clone());
        (ask("PUT", path, &[], data), Some(blob))
    }

    /// Hundreds of appended blocks, shared with snapshots.
    fn log(&mut self, path: &str, before: Option<Blob>) -> (Ask, Option<Blob>) {
        let Some(mut blob) = before.filter(|_| self.seed.below(200) != 0) else {
            let kind = [("x-ms-blob-type", "AppendBlob")];
            return (ask("PUT", path, &kind, Vec::new()), Some(Blob::default()));
        };
        if let Some(snapshot) = self.snapshot(path, &blob) {
            return (snapshot, Some(blob));
        }
        let length = 1 + self.below(40);
        let data = bytes(&mut self.seed, length);
        blob.content.extend_from_slice(&data);
        let path = format!("{path}?comp=appendblock");
        (ask("PUT", path, &[], data), Some(blob))
    }

    /// Now and then a snapshot, of a few.
    fn snapshot(&mut self, path: &str, blob: &Blob) -> Option<Ask> {
        let wanted = self.below(40) == 0 && blob.snapshots.len() < 3;
        wanted.then(|| ask("PUT", format!("{path}?comp=snapshot"), &[], Vec::new()))
    }

    fn page(&mut self, path: &str, before: Option<Blob>) -> (Ask, Option<Blob>) {
        let Some(mut blob) = before.filter(|_| self.seed.below(200) != 0) else {
            let length = PAGES.to_string();
            let headers = [
                ("x-ms-blob-type", "PageBlob"),
                ("x-ms-blob-content-length", length.as_str()),
            ];
            let blob = Blob {
                content: vec![0; PAGES],
                ..Blob::default()
            };
            return (ask("PUT", path, &headers, Vec::new()), Some(blob));
        };
        if let Some(snapshot) = self.snapshot(path, &blob) {
            return (snapshot, Some(blob));
        }
        let start = self.below(PAGES / 512) * 512;
        let end = (start + (1 + self.below(64)) * 512).min(PAGES);
        let range = format!("bytes={start}-{}", end - 1);
        let (what, data) = match self.below(3) {
            0 => ("clear", Vec::new()),
            _ => ("update", bytes(&mut self.seed, end - start)),
        };
        let headers = [("x-ms-page-write", what), ("range", range.as_str())];
        match what {
            "clear" => blob.content[start..end].fill(0),
            _ => blob.content[start..end].copy_from_slice(&data),
        }
        (
            ask("PUT", format!("{path}?comp=page"), &headers, data),
            Some(blob),
        )
    }

    /// Copies are started over one another, which is refused while one is pending, and deleted.
    fn copy(&mut self, path: &str, before: Option<Blob>) -> (Ask, Option<Blob>) {
        if before.is_some() && self.below(3) == 0 {
            return (ask("DELETE", path, &[], Vec::new()), None);
        }
        let number = self.below(SOURCES.len());
        let url = format!("http://127.0.0.1/devstoreaccount1/box/source-{number}");
        let blob = Blob {
            content: source(number, SOURCES[number]),
            copy: Some(Copy { id: None }),
            ..Blob::default()
        };
        let headers = [("x-ms-copy-source", url.as_str())];
        (ask("PUT", path, &headers, Vec::new()), Some(blob))
    }

    /// Compares every blob with what was acknowledged, or with what was asked for last.
    pub(crate) fn check(&mut self, child: &Child, kill: u32) -> u64 {
        let mut connection = Connection::open(child.port).unwrap();
        let cut_off = self.cut_off.take();
        let names: Vec<String> = self.blobs.keys().cloned().collect();
        for name in &names {
            let found = self.look(&mut connection, name);
            let wanted = &self.blobs[name];
            let mut why = difference(wanted, &found);
            if let Some((touched, asked)) = &cut_off
                && touched == name
                && (why.is_some() || difference(asked, &found).is_none())
            {
                let instead = difference(asked, &found);
                if instead.is_none() {
                    self.happened += 1;
                    why = None;
                    let mut known = asked.clone();
                    if let (Some(known), Some(found)) = (&mut known, found) {
                        known.etag = found.etag.filter(|_| known.copy.is_none());
                        known.copy = found.copy;
                        known.snapshots = found.snapshots;
                    }
                    self.blobs.insert(name.clone(), known);
                } else {
                    why = why.map(|why| format!("{why}; or {}", instead.unwrap_or_default()));
                }
            }
            if let Some(why) = why {
                panic!("after kill {kill}, {}: {why}", self.path(name));
            }
        }
        names.len() as u64
    }

    /// A blob as the service shows it. Where a copy is pending, the content is what it will be.
    fn look(&self, connection: &mut Connection, name: &str) -> Option<Blob> {
        let path = self.path(name);
        let mut get = |path: String| connection.send(&ask("GET", path, &[], Vec::new())).unwrap();
        let answer = get(path.clone());
        if answer.status == 404 {
            return None;
        }
        assert_eq!(answer.status, 200, "{path}");
        let text = |name: &str| answer.header(name).map(str::to_owned);
        let mut blob = Blob {
            turn: text("x-ms-meta-turn"),
            lease: text("x-ms-lease-state").filter(|state| state == "leased"),
            etag: text("etag"),
            copy: text("x-ms-copy-id").map(|id| Copy { id: Some(id) }),
            content: answer.body.clone(),
            ..Blob::default()
        };
        if blob.copy.is_some() {
            blob.content = self.copied(&answer);
            blob.etag = None;
        }
        if name.starts_with("block") || name == "many" {
            let list = get(format!("{path}?comp=blocklist&blocklisttype=uncommitted"));
            let list = String::from_utf8(list.body).unwrap();
            for block in list.split("<Block>").skip(1) {
                let (id, rest) = between(block, "<Name>", "</Name>");
                let (size, _) = between(rest, "<Size>", "</Size>");
                let length = size.parse().unwrap();
                blob.staged.insert(id.to_owned(), vec![0; length]);
            }
        }
        if !name.starts_with("copy") {
            let listed = get(format!(
                "box?restype=container&comp=list&include=snapshots&prefix={}/{name}",
                self.number
            ));
            let listed = String::from_utf8(listed.body).unwrap();
            let mut rest = listed.as_str();
            while rest.contains("<Snapshot>") {
                let (time, after) = between(rest, "<Snapshot>", "</Snapshot>");
                let snapshot = get(format!("{path}?snapshot={time}"));
                assert_eq!(snapshot.status, 200, "{path} {time}");
                blob.snapshots.insert(time.to_owned(), snapshot.body);
                rest = after;
            }
        }
        Some(blob)
    }

    fn copied(&self, answer: &Answer) -> Vec<u8> {
        let from = answer.header("x-ms-copy-source").unwrap();
        let number: usize = from.rsplit('-').next().unwrap().parse().unwrap();
        let content = source(number, SOURCES[number]);
        match answer.header("x-ms-copy-status").unwrap() {
            "success" => assert!(answer.body == content, "a copy that succeeded is torn"),
            "pending" => assert!(answer.body.is_empty(), "a pending copy shows content"),
            other => panic!("a copy is {other}"),
        }
        content
    }

    /// Waits until no copy is pending any more.
    pub(crate) fn await_copies(&mut self, child: &Child) {
        let mut connection = Connection::open(child.port).unwrap();
        for name in ["copy-0", "copy-1"] {
            let done = (0..200).any(|_| {
                let head = ask("HEAD", self.path(name), &[], Vec::new());
                let answer = connection.send(&head).unwrap();
                let pending = answer.header("x-ms-copy-status") == Some("pending");
                if pending {
                    std::thread::sleep(Duration::from_millis(50));
                }
                !pending
            });
            assert!(done, "{} never ended", self.path(name));
            self.look(&mut connection, name);
        }
    }
}

/// Gives an uncommitted block another length than the one it takes the place of: its length is all
/// that can be seen of it, and must tell which of them is there after a kill.
fn unlike(before: Option<&Vec<u8>>, data: &mut Vec<u8>) {
    if before.is_some_and(|before| before.len() == data.len()) {
        data.push(b'+');
    }
}

/// Commits all uncommitted blocks.
fn commit(path: &str, mut blob: Blob) -> (Ask, Option<Blob>) {
    let mut list = String::from("<?xml version=\"1.0\"?><BlockList>");
    for id in blob.staged.keys() {
        list.push_str(&format!("<Uncommitted>{id}</Uncommitted>"));
    }
    list.push_str("</BlockList>");
    let staged = std::mem::take(&mut blob.staged);
    blob.content = staged.into_values().flatten().collect();
    blob.turn = None;
    let path = format!("{path}?comp=blocklist");
    (ask("PUT", path, &[], list.into_bytes()), Some(blob))
}

/// Notes what only the answer tells.
fn learn(after: &mut Option<Blob>, ask: &Ask, answer: &Answer) {
    let Some(blob) = after else {
        return;
    };
    if let Some(time) = answer.header("x-ms-snapshot") {
        blob.snapshots.insert(time.to_owned(), blob.content.clone());
        return;
    }
    if let Some(copy) = &mut blob.copy {
        copy.id = answer.header("x-ms-copy-id").map(str::to_owned);
        return;
    }
    if !ask.path.contains("comp=block&") {
        blob.etag = answer.header("etag").map(str::to_owned);
    }
}

fn between<'a>(text: &'a str, before: &str, behind: &str) -> (&'a str, &'a str) {
    let (_, rest) = text.split_once(before).unwrap();
    rest.split_once(behind).unwrap()
}
