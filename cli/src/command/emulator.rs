//! `blobferry emulator`.

mod config;
mod keeping;
mod serving;

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;

use blobferry::operation::CreateContainer;
use blobferry::{Client, ContainerName, ErrorCode};
use blobferry_emulator::{Config, ServerOptions, Service};

use crate::args::EmulatorArgs;
use crate::exit_code::Exit;
use crate::failure::{Failure, mistyped};
use crate::hosting::{Host, Shown};
use crate::interrupt;
use crate::output::human;
use crate::session::Session;

/// Serves until a signal comes.
pub(crate) async fn run(args: EmulatorArgs, session: &Session) -> Result<Exit, Failure> {
    let containers: Vec<ContainerName> = args
        .contents
        .containers
        .iter()
        .map(|name| name.parse())
        .collect::<Result<_, _>>()
        .map_err(|error| mistyped("--container", &error))?;
    if let Some((option, advice)) = args.azurite.refusal() {
        let doing = format!("cannot do what {option} asks");
        return Err(Failure::usage(doing, "it has no meaning here").advise(advice));
    }
    for remark in args.azurite.remarks() {
        session.output.remark(remark);
    }
    let data = args.contents.data.clone().or_else(|| args.azurite.data());
    let service = Arc::new(service(config::config(&args)?, data.as_deref())?);
    let options = serving::options(&args)?;
    create(&service, &containers, session).await?;
    // Not before, so that they hit no request but the user's own.
    for fault in args.trouble.faults {
        service.faults().add(fault);
    }
    let addr = SocketAddr::new(args.address.host, args.address.port);
    let mut host = Host::start(service, addr, options.clone()).await?;
    if let Some(port) = args.trouble.control_port {
        host.offer_control(port).await?;
    }
    let cancel = interrupt::listen(session.output, "answers under way are finished");
    let trust = serving::write_trust(&args.https, &options, host.port())?;
    // The host's own handles are the last ones, so that the end writes what is left of the log.
    drop(options);
    let shown = host.shown(trust.as_deref())?;
    let kept = kept(&host, data.as_deref());
    session.output.result(&shown);
    session
        .output
        .remark(&hints(&shown, &containers, trust.as_deref(), &kept));
    cancel.requested().await;
    host.stop().await;
    Ok(Exit::Ok)
}

fn service(config: Config, data: Option<&Path>) -> Result<Service, Failure> {
    let Some(directory) = data else {
        return Ok(Service::new(config));
    };
    Service::open(config, directory).map_err(|error| {
        let exit = if error.is_in_use() {
            Exit::Conflict
        } else {
            Exit::Usage
        };
        Failure::local("cannot open --data", error.to_string(), exit)
    })
}

/// Where everything is kept, and what is there already.
fn kept(host: &Host, data: Option<&Path>) -> String {
    let Some(directory) = data else {
        return "Everything is in memory; Ctrl-C ends it.".to_owned();
    };
    let stats = host.service.stats(host.service.clock().now());
    let count = |number: usize, one: &str| match number {
        1 => format!("1 {one}"),
        _ => format!("{number} {one}s"),
    };
    format!(
        "Everything is kept in {}, with {} and {} so far; Ctrl-C ends it.",
        directory.display(),
        count(stats.containers, "container"),
        count(stats.blobs, "blob"),
    )
}

/// Creates containers in every account, over a door of its own, before anybody else is let in.
async fn create(
    service: &Arc<Service>,
    containers: &[ContainerName],
    session: &Session,
) -> Result<(), Failure> {
    if containers.is_empty() {
        return Ok(());
    }
    let door = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let host = Host::start(Arc::clone(service), door, ServerOptions::default()).await?;
    let names: Vec<String> = service.config().accounts().map(str::to_owned).collect();
    for name in names {
        let (account, credential) = host.account(&name)?;
        let client: Client = session.client([(account.clone(), credential)])?;
        for container in containers {
            let create = CreateContainer::new(account.container(container.clone()));
            let doing = format!("cannot create {container}");
            match client.send(create).await {
                // It is there from the last time.
                Err(error) if error.has_code(&ErrorCode::CONTAINER_ALREADY_EXISTS) => {}
                created => drop(created.map_err(|error| Failure::new(doing, &error))?),
            }
        }
    }
    host.stop().await;
    Ok(())
}

/// What to type next: as it stands, it works in a shell.
fn hints(shown: &Shown, containers: &[ContainerName], trust: Option<&Path>, kept: &str) -> String {
    let Some(account) = shown.accounts.first() else {
        return String::new();
    };
    let container = containers.first().map_or("box", ContainerName::as_str);
    let trust = trust.map(|file| quoted(&file.display().to_string()));
    let mut lines = Vec::new();
    if let Some(file) = &trust {
        lines.push(format!("export SSL_CERT_FILE={file}"));
    }
    lines.push(format!(
        "export AZURE_STORAGE_CONNECTION_STRING={}",
        quoted(&account.connection_string)
    ));
    let curl = match &trust {
        Some(file) => format!("curl --cacert {file}"),
        None => "curl".to_owned(),
    };
    let url = |rest: &str, query: &str| {
        quoted(&format!(
            "{}/{container}{rest}?{query}{}",
            account.url, account.sas
        ))
    };
    if containers.is_empty() {
        lines.push(format!(
            "{curl} -X PUT -H 'Content-Length: 0' {}",
            url("", "restype=container&")
        ));
    }
    lines.push(format!(
        "{curl} -X PUT -H 'x-ms-blob-type: BlockBlob' -H 'Content-Type: text/plain' -d 'Ahoy' {}",
        url("/hello.txt", "")
    ));
    lines.push(format!("blobferry ls {container} --recursive --long"));
    lines.push(format!("blobferry status {container}"));
    format!(
        "\nTo look around, in another terminal:\n  {}\n\n{}",
        lines.join("\n  "),
        human::dim(kept)
    )
}

/// One word for a shell.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}
