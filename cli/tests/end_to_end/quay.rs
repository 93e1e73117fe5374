//! Two accounts of an emulator in this process, and the built command beside it.

use std::process::{Child, Command, Output, Stdio};
use std::sync::Arc;
use std::time::Duration;

use blobferry::connection_string::ConnectionString;
use blobferry::operation::{CreateContainer, GetBlob, ListBlobs, PutBlob};
use blobferry::words::{CopyStatus, LeaseState};
use blobferry::{BlobName, Client, ContainerAddress};
use blobferry_emulator::{Config, CopyPace, Pace, Server, Service};
use serde_json::Value;

pub(crate) const NORTH: &str = "northquay";
pub(crate) const SOUTH: &str = "southquay";

/// Where everything happens.
pub(crate) struct Quay {
    pub(crate) service: Arc<Service>,
    pub(crate) server: Server,
    runtime: tokio::runtime::Runtime,
    client: Client,
    pub(crate) source: ContainerAddress,
    pub(crate) destination: ContainerAddress,
}

/// What a run of the command gave.
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ran {
    fn of(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// The JSON values on standard output.
    pub(crate) fn values(&self) -> Vec<Value> {
        self.out
            .lines()
            .map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("no JSON: {line}")))
            .collect()
    }

    /// The last JSON value of a type.
    pub(crate) fn value(&self, kind: &str) -> Value {
        let values = self.values();
        let found = values.into_iter().rev().find(|value| value["type"] == kind);
        found.unwrap_or_else(|| panic!("no {kind} in {}\n{}", self.out, self.err))
    }
}

/// Copies that take this long and go this fast.
pub(crate) fn pace(latency_millis: u64, bytes_per_second: Option<u64>) -> CopyPace {
    let pace = Pace {
        latency: Duration::from_millis(latency_millis),
        bytes_per_second,
    };
    CopyPace {
        same_account: pace,
        other_account: pace,
    }
}

impl Quay {
    pub(crate) fn new(pace: CopyPace) -> Self {
        let config = Config::new()
            .without_dev_account()
            .account(NORTH, "bm9ydGg=")
            .unwrap()
            .account(SOUTH, "c291dGg=")
            .unwrap()
            .copy_pace(pace);
        let service = Arc::new(Service::new(config));
        let server = Server::spawn(
            service.clone(),
            "127.0.0.1:0".parse().unwrap(),
            blobferry_emulator::Limits::default(),
        )
        .unwrap();
        let read = |name| -> ConnectionString {
            let text = service.connection_string(name, server.addr()).unwrap();
            text.parse().unwrap()
        };
        let (north, south) = (read(NORTH), read(SOUTH));
        let client = Client::builder()
            .credential(north.account.clone(), north.credential)
            .credential(south.account.clone(), south.credential)
            .build()
            .unwrap();
        let quay = Self {
            source: north.account.container("cargo".parse().unwrap()),
            destination: south.account.container("cargo".parse().unwrap()),
            runtime: tokio::runtime::Runtime::new().unwrap(),
            service,
            server,
            client,
        };
        for container in [&quay.source, &quay.destination] {
            quay.send(CreateContainer::new(container.clone()));
        }
        quay
    }

    /// Asks the service something, with both keys.
    pub(crate) fn send<O>(&self, operation: O) -> O::Output
    where
        O: blobferry::Operation<Output: Clone>,
    {
        self.runtime.block_on(self.client.send(operation)).unwrap()
    }

    /// Puts a block blob into the source.
    pub(crate) fn put(&self, name: &str, content: impl Into<Vec<u8>>) {
        let blob = self.source.blob(name.parse().unwrap());
        self.send(PutBlob::block(blob, content.into()));
    }

    /// The names and contents of a container.
    pub(crate) fn contents(&self, container: &ContainerAddress) -> Vec<(String, Vec<u8>)> {
        let page = self.send(ListBlobs::new(container.clone()));
        let read = page.blobs.iter().map(|item| {
            let name: BlobName = item.name.parse().unwrap();
            let got = self.send(GetBlob::new(container.blob(name)));
            (item.name.to_string(), got.content.to_vec())
        });
        read.collect()
    }

    /// How many blobs of both sides are leased, and how many copies are pending.
    pub(crate) fn left_behind(&self) -> (usize, usize) {
        let mut left = (0, 0);
        for container in [&self.source, &self.destination] {
            let list = ListBlobs {
                include: vec![blobferry::words::ListInclude::Copy],
                ..ListBlobs::new(container.clone())
            };
            for item in &self.send(list).blobs {
                let properties = &item.properties;
                let pending = |copy: &blobferry::CopyProperties| copy.status == CopyStatus::Pending;
                left.0 += usize::from(properties.lease.state == Some(LeaseState::Leased));
                left.1 += usize::from(properties.copy.as_ref().is_some_and(pending));
            }
        }
        left
    }

    pub(crate) fn connection(&self, account: &str) -> String {
        self.service
            .connection_string(account, self.server.addr())
            .unwrap()
    }

    /// The command, with nothing of this machine's environment.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = bare(arguments);
        command
            .env("BLOBFERRY_SOURCE_CONNECTION_STRING", self.connection(NORTH))
            .env(
                "BLOBFERRY_DESTINATION_CONNECTION_STRING",
                self.connection(SOUTH),
            )
            .env("AZURE_STORAGE_CONNECTION_STRING", self.connection(SOUTH));
        command
    }

    /// Runs the command with both keys in its environment.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        Ran::of(self.command(arguments).output().unwrap())
    }

    /// Starts the command with both keys in its environment.
    pub(crate) fn start(&self, arguments: &[&str]) -> Child {
        self.command(arguments).spawn().unwrap()
    }

    /// Waits for the command to end.
    pub(crate) fn end(child: Child) -> Ran {
        Ran::of(child.wait_with_output().unwrap())
    }
}

/// The command, with nothing of this machine's environment.
pub(crate) fn bare(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_blobferry"));
    command
        .args(arguments)
        .env_clear()
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// Runs the command without credentials.
pub(crate) fn run_bare(arguments: &[&str]) -> Ran {
    Ran::of(bare(arguments).output().unwrap())
}
