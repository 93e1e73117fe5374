//! `blobferry emulator`.

use std::net::SocketAddr;

use blobferry::operation::CreateContainer;
use blobferry::{Client, ContainerName};
use blobferry_emulator::{Config, CopyPace, Pace};

use crate::args::EmulatorArgs;
use crate::exit_code::Exit;
use crate::failure::{Failure, mistyped};
use crate::hosting::Host;
use crate::interrupt;
use crate::output::human;
use crate::session::Session;

/// Serves until a signal comes.
pub(crate) async fn run(args: EmulatorArgs, session: &Session) -> Result<Exit, Failure> {
    let containers: Vec<ContainerName> = args
        .containers
        .iter()
        .map(|name| name.parse())
        .collect::<Result<_, _>>()
        .map_err(|error| mistyped("--container", &error))?;
    let mut host = Host::start(config(&args)?, SocketAddr::new(args.host, args.port)).await?;
    if let Some(port) = args.control_port {
        host.offer_control(port).await?;
    }
    let cancel = interrupt::listen(session.output, "answers under way are finished");
    create(&host, &containers, session).await?;
    // Not before, so that they hit no request but the user's own.
    for fault in args.faults {
        host.service.faults().add(fault);
    }
    let shown = host.shown()?;
    session.output.result(&shown);
    if let Some(account) = shown.accounts.first() {
        session
            .output
            .remark(&hints(&account.connection_string, &containers));
    }
    cancel.requested().await;
    host.stop().await;
    Ok(Exit::Ok)
}

fn config(args: &EmulatorArgs) -> Result<Config, Failure> {
    let mut config = Config::new();
    if !args.accounts.is_empty() {
        config = config.without_dev_account();
    }
    for account in args.accounts.iter().filter(|account| !account.is_empty()) {
        let wrong = |message: String| {
            Failure::usage("cannot read --account", message)
                .advise("Write NAME:KEY, the key in Base64, such as northquay:bm9ydGg=.")
        };
        let Some((name, keys)) = account.split_once(':') else {
            return Err(wrong("an account needs a name and a key".to_owned()));
        };
        // A second key may follow the first; either would do.
        let key = keys.split(':').next().unwrap_or_default();
        config = config
            .account(name, key)
            .map_err(|error| wrong(error.to_string()))?;
    }
    let usual = CopyPace::default();
    let pace = |usual: Pace| Pace {
        bytes_per_second: args.copy_bandwidth.or(usual.bytes_per_second),
        ..usual
    };
    let other = pace(usual.other_account);
    Ok(config.copy_pace(CopyPace {
        same_account: pace(usual.same_account),
        other_account: Pace {
            latency: args.copy_latency.unwrap_or(other.latency),
            ..other
        },
    }))
}

async fn create(
    host: &Host,
    containers: &[ContainerName],
    session: &Session,
) -> Result<(), Failure> {
    if containers.is_empty() {
        return Ok(());
    }
    let names: Vec<String> = host
        .service
        .config()
        .accounts()
        .map(str::to_owned)
        .collect();
    for name in names {
        let (account, credential) = host.account(&name)?;
        let client: Client = session.client([(account.clone(), credential)])?;
        for container in containers {
            let create = CreateContainer::new(account.container(container.clone()));
            let doing = format!("cannot create {container}");
            client
                .send(create)
                .await
                .map_err(|error| Failure::new(doing, &error))?;
        }
    }
    Ok(())
}

/// What to type next.
fn hints(connection_string: &str, containers: &[ContainerName]) -> String {
    let container = containers
        .first()
        .map_or("<container>", ContainerName::as_str);
    format!(
        "\nTo look around, in another terminal:\n  export AZURE_STORAGE_CONNECTION_STRING='{connection_string}'\n  \
         blobferry ls /\n  blobferry ls {container} --recursive --long\n  blobferry status {container}\n\n{}",
        human::dim("Everything is in memory; Ctrl-C ends it.")
    )
}
