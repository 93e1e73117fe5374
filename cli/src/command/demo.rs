//! `blobferry demo`: the main job, from end to end, on this machine.

mod cargo;
mod closing;
mod generated;
mod observer;
mod tree;

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use blobferry::operation::CreateContainer;
use blobferry::{
    Account, Client, ContainerAddress, FleetOptions, FleetPlan, LeaseTerm, Verify, WindowOptions,
};
use blobferry_emulator::{Config, CopyPace, Pace, ServerOptions, Service};

use crate::args::DemoArgs;
use crate::exit_code::Exit;
use crate::failure::{Failure, mistyped};
use crate::ferry::{Summary, ferry};
use crate::hosting::{AccountShown, Host, Shown};
use crate::interrupt;
use crate::output::human;
use crate::session::Session;

use cargo::Cargo;
use closing::{Closing, Counted};
use observer::Observer;

/// The accounts of the demo with their keys, which are of no use anywhere else.
const ACCOUNTS: [(&str, &str); 2] = [
    (
        "northquay",
        "bm9ydGhxdWF5LCBhIGtleSBmb3IgYSBkZW1vIG9uIG9uZSBtYWNoaW5l",
    ),
    (
        "southquay",
        "c291dGhxdWF5LCBhIGtleSBmb3IgYSBkZW1vIG9uIG9uZSBtYWNoaW5l",
    ),
];
const CONTAINER: &str = "cargo";

/// Two accounts of an emulator, each with an empty container, and who speaks to both.
struct Stage {
    host: Host,
    shown: Shown,
    client: Client,
    source: ContainerAddress,
    destination: ContainerAddress,
}

/// Copies a tree of files between two accounts of an emulator, and says what was done.
pub(crate) async fn run(args: DemoArgs, session: &Session) -> Result<Exit, Failure> {
    let begun = Instant::now();
    let output = session.output;
    let dir = match &args.dir {
        Some(dir) => dir.clone(),
        None => std::env::current_dir().map_err(|error| unreadable(".".into(), &error))?,
    };
    let files = tree::files(&dir)?;
    let cancel = interrupt::listen(output, "copies are aborted and leases given back");
    let stage = Stage::set(&args, session).await?;
    let Stage {
        client,
        source,
        destination,
        ..
    } = &stage;

    let put = Instant::now();
    say_what_is_put(session, &dir, files.len());
    let cargo = cargo::put(client, source, &dir, files, args.largest, &cancel).await?;
    let put = put.elapsed();
    say_what_is_copied(session, &cargo, args.bandwidth);

    let observer = Observer::start(client.clone(), destination.clone());
    let plan = FleetPlan::container(source.clone(), destination.clone());
    let (report, tally) = ferry(client, plan, options()?, &cancel, output).await?;
    let seen_pending = observer.finish().await;
    let summary = Summary::of(&report, &tally, false);
    let closing = Closing {
        from: source.to_string(),
        to: destination.to_string(),
        tally,
        seen_pending,
        counted: Counted::look(client, source, destination).await?,
        put_seconds: put.as_secs_f64(),
        copy_seconds: summary.seconds,
        seconds: begun.elapsed().as_secs_f64(),
        summary,
    };
    output.result(&closing);
    if let Some(error) = &report.error {
        output.failure(&Failure::new(format!("cannot copy {source}"), error));
    }
    if args.keep_running && !cancel.is_requested() {
        output.result(&stage.shown);
        output.remark(&around(&stage.shown.accounts));
        cancel.requested().await;
    }
    stage.host.stop().await;
    Ok(closing.exit())
}

impl Stage {
    async fn set(args: &DemoArgs, session: &Session) -> Result<Self, Failure> {
        let addr = SocketAddr::new(Ipv4Addr::LOCALHOST.into(), args.port);
        let service = Arc::new(Service::new(config(args.bandwidth)?));
        let host = Host::start(service, addr, ServerOptions::default()).await?;
        let shown = host.shown(None)?;
        let [(north, _), (south, _)] = ACCOUNTS;
        let (from, to) = (host.account(north)?, host.account(south)?);
        let client = session.client([from.clone(), to.clone()])?;
        let container = |account: &Account| {
            let name = CONTAINER.parse();
            name.map(|name| account.container(name))
                .map_err(|error| mistyped("the container", &error))
        };
        let (source, destination) = (container(&from.0)?, container(&to.0)?);
        for container in [&source, &destination] {
            let create = client.send(CreateContainer::new(container.clone())).await;
            create.map_err(|error| Failure::new(format!("cannot create {container}"), &error))?;
        }
        step(
            session,
            &format!("a Blob service with two accounts is up on {}", shown.url),
        );
        Ok(Self {
            host,
            shown,
            client,
            source,
            destination,
        })
    }
}

fn say_what_is_put(session: &Session, dir: &Path, files: usize) {
    let files = human::counted(u64::try_from(files).unwrap_or(u64::MAX), "file");
    let [(north, _), _] = ACCOUNTS;
    let dir = dir.display();
    step(
        session,
        &format!("putting {files} of {dir} and generated blobs into {north}/{CONTAINER}"),
    );
}

fn say_what_is_copied(session: &Session, cargo: &Cargo, bandwidth: u64) {
    for name in &cargo.passed_over {
        let (passed_over, name) = (human::dim("passed over"), human::plain(name));
        session.output.remark(&format!("  {passed_over} {name}"));
    }
    let [_, (south, _)] = ACCOUNTS;
    let (blobs, bytes) = (
        human::counted(cargo.blobs, "blob"),
        human::bytes(cargo.bytes),
    );
    let pace = human::bytes(bandwidth);
    step(
        session,
        &format!("copying {blobs}, {bytes} to {south}/{CONTAINER} under leases, {pace}/s each"),
    );
}

fn step(session: &Session, text: &str) {
    session
        .output
        .remark(&format!("{} {text}", human::moving("▸")));
}

fn unreadable(path: PathBuf, error: &std::io::Error) -> Failure {
    Failure::usage(
        format!("cannot read `{}`", path.display()),
        error.to_string(),
    )
    .advise("Name a directory that can be read.")
}

fn config(bandwidth: u64) -> Result<Config, Failure> {
    let mut config = Config::new().without_dev_account();
    for (name, key) in ACCOUNTS {
        config = config
            .account(name, key)
            .map_err(|error| Failure::usage("cannot begin", error.to_string()))?;
    }
    // Every copy is seen pending, the smallest too.
    let pace = Pace {
        latency: Duration::from_millis(1_200),
        bytes_per_second: Some(bandwidth),
    };
    Ok(config.copy_pace(CopyPace {
        same_account: pace,
        other_account: pace,
    }))
}

fn options() -> Result<FleetOptions, Failure> {
    let term = LeaseTerm::seconds(60).map_err(|error| mistyped("the lease", &error))?;
    Ok(FleetOptions {
        lease_source: Some(term),
        verify: Verify::Content,
        window: WindowOptions {
            first: 256,
            ..WindowOptions::default()
        },
        ..FleetOptions::default()
    })
}

/// What to type to look around.
fn around(accounts: &[AccountShown]) -> String {
    let connection = |at: usize| {
        let account = accounts.get(at);
        account.map_or("", |account| account.connection_string.as_str())
    };
    format!(
        "\nTo look around, in another terminal:\n\
         \x20 export BLOBFERRY_SOURCE_CONNECTION_STRING='{}'\n\
         \x20 export BLOBFERRY_DESTINATION_CONNECTION_STRING='{}'\n\
         \x20 export AZURE_STORAGE_CONNECTION_STRING=\"$BLOBFERRY_DESTINATION_CONNECTION_STRING\"\n\
         \x20 blobferry ls {CONTAINER} --recursive --long\n\
         \x20 blobferry status {CONTAINER} --all\n\
         \x20 blobferry copy {CONTAINER} {CONTAINER} --overwrite always --lease-source --verify content\n\
         \x20 blobferry status {CONTAINER} --watch\n\n{}",
        connection(0),
        connection(1),
        human::dim("The emulator stays up until Ctrl-C.")
    )
}
