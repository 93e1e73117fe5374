//! Copies from another emulator go on after the one they go to was killed.

use std::time::{Duration, Instant};

use blobferry::connection_string::ConnectionString;
use blobferry::operation::{
    CopyBlob, CreateContainer, DeleteBlob, GetBlob, GetBlobProperties, PutBlob,
};
use blobferry::sas::{AccountSas, Terms};
use blobferry::sign::shared_key::SharedKey;
use blobferry::words::CopyStatus;
use blobferry::{BlobAddress, Client, CopyProperties, SourceUrl, Timestamp};

use crate::quay::{NORTH, Quay, pace};
use crate::up::Up;

const LENGTH: usize = 12 << 20;

/// A client of the emulator in another process, under the port it has this time.
struct There {
    /// Killed when this goes.
    _up: Up,
    client: Client,
    account: blobferry::Account,
    runtime: tokio::runtime::Runtime,
}

impl There {
    /// Starts it on what it kept, at this many bytes of copies a second.
    fn start(data: &str, bandwidth: &str) -> Self {
        let args = ["--data", data, "--copy-bandwidth", bandwidth];
        let up = Up::with(&[&args[..], &["--copy-latency", "0"]].concat());
        let read: ConnectionString = up.connection_string().parse().unwrap();
        let client = Client::builder()
            .credential(read.account.clone(), read.credential)
            .build()
            .unwrap();
        Self {
            _up: up,
            client,
            account: read.account,
            runtime: tokio::runtime::Runtime::new().unwrap(),
        }
    }

    fn send<O>(&self, operation: O) -> O::Output
    where
        O: blobferry::Operation<Output: Clone>,
    {
        self.runtime.block_on(self.client.send(operation)).unwrap()
    }

    fn blob(&self, name: &str) -> BlobAddress {
        let container = self.account.container("cargo".parse().unwrap());
        container.blob(name.parse().unwrap())
    }

    fn copy(&self, name: &str) -> CopyProperties {
        let read = self.send(GetBlobProperties::new(self.blob(name)));
        read.copy.unwrap()
    }

    /// A blob's copy when this holds of it.
    fn when(&self, name: &str, so: impl Fn(&CopyProperties) -> bool) -> CopyProperties {
        let begun = Instant::now();
        loop {
            let copy = self.copy(name);
            if so(&copy) {
                return copy;
            }
            assert!(
                begun.elapsed() < Duration::from_secs(60),
                "{name}: {copy:?}"
            );
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

#[test]
fn a_pending_copy_from_outside_goes_on_after_a_kill_if_its_source_is_what_it_was() {
    let quay = Quay::new(pace(0, None));
    let terms = Terms::until(
        Timestamp::from_millis(4_000_000_000_000),
        "r".parse().unwrap(),
    );
    let key = SharedKey::new("bm9ydGg=").unwrap();
    let sas = AccountSas::new(NORTH, terms).sign(&key).unwrap();
    let directory = std::env::temp_dir().join(format!("blobferry-resumed-{}", std::process::id()));
    let data = directory.to_str().unwrap();
    let names = ["stays", "changes", "goes"];

    let before = There::start(data, "4MiB");
    before.send(CreateContainer::new(
        before.account.container("cargo".parse().unwrap()),
    ));
    for (name, byte) in names.into_iter().zip(1_u8..) {
        quay.put(name, vec![byte; LENGTH]);
        let url = format!(
            "http://{}/{NORTH}/cargo/{name}?{}",
            quay.server.addr(),
            sas.expose()
        );
        let source = SourceUrl::new(url).unwrap();
        let started = before.send(CopyBlob::new(before.blob(name), source));
        assert_eq!(started.status, CopyStatus::Pending);
    }
    for name in names {
        let begun = before.when(name, |copy| {
            copy.progress.is_some_and(|progress| progress.copied > 0)
        });
        assert_eq!(begun.status, CopyStatus::Pending, "{begun:?}");
    }
    drop(before);

    quay.put("changes", vec![9; LENGTH]);
    quay.send(DeleteBlob::new(quay.source.blob("goes".parse().unwrap())));
    let after = There::start(data, "1GiB");
    let ended = |name| after.when(name, |copy| copy.status != CopyStatus::Pending);
    let reason = "Copy failed when reading the source.";
    for (name, status, description) in [
        ("stays", CopyStatus::Success, None),
        (
            "changes",
            CopyStatus::Failed,
            Some(format!("412 ConditionNotMet {reason}")),
        ),
        (
            "goes",
            CopyStatus::Failed,
            Some(format!("404 BlobNotFound {reason}")),
        ),
    ] {
        let copy = ended(name);
        assert_eq!(copy.status, status, "{name}: {copy:?}");
        assert_eq!(
            copy.description.map(|why| why.to_string()),
            description,
            "{name}"
        );
    }
    let whole = after.send(GetBlob::new(after.blob("stays"))).content;
    assert!(whole.len() == LENGTH && whole.iter().all(|byte| *byte == 1));
    let failed = after.send(GetBlob::new(after.blob("changes"))).content;
    assert!(failed.is_empty());
    // Nobody reads for a failed copy any more; it lets its destination be written again.
    after.send(PutBlob::block(after.blob("goes"), "new"));
    drop(after);
    std::fs::remove_dir_all(&directory).unwrap();
}
