//! Serves the emulator until Ctrl-C: `cargo run -p blobferry-emulator --example serve -- --port 10000`.
//! Two accounts, the second named `devstoreaccount2` under the same key. `--control-port 10003` adds
//! the control endpoint; its address is the last line printed. `--versioning` and
//! `--container-retention DAYS` say what both accounts keep of what is overwritten or deleted.
//! `--data DIR` keeps everything in a directory.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use blobferry_emulator::{Config, DEV_KEY, DataProtection, Server, Service};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let days = value_of("--container-retention").map(|days| days.parse());
    let protection = DataProtection {
        versions: std::env::args().any(|argument| argument == "--versioning"),
        container_retention_days: days.transpose()?,
    };
    let config = Config::new()
        .account("devstoreaccount2", DEV_KEY)?
        .data_protection(protection);
    let service = Arc::new(match value_of("--data") {
        Some(directory) => Service::open(config, directory)?,
        None => Service::new(config),
    });
    let here = |port| SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let server = Server::bind(Arc::clone(&service), here(port("--port")?.unwrap_or(10000))).await?;
    for account in service.config().accounts() {
        println!(
            "{}",
            service
                .connection_string(account, server.addr())
                .unwrap_or_default()
        );
    }
    let control = match port("--control-port")? {
        Some(port) => Some(Server::bind_control(service, here(port)).await?),
        None => None,
    };
    if let Some(control) = &control {
        println!("http://{}", control.addr());
    }
    tokio::signal::ctrl_c().await?;
    server.stop().await;
    Ok(())
}

fn value_of(name: &str) -> Option<String> {
    std::env::args()
        .skip_while(|argument| argument != name)
        .nth(1)
}

fn port(name: &str) -> Result<Option<u16>, std::num::ParseIntError> {
    value_of(name).map(|port| port.parse()).transpose()
}
