//! Serves the emulator until Ctrl-C: `cargo run -p blobferry-emulator --example serve -- --port 10000`.
//! Two accounts, the second named `devstoreaccount2` under the same key. `--control-port 10003` adds
//! the control endpoint; its address is the last line printed.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use blobferry_emulator::{Config, DEV_KEY, Server, Service};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let config = Config::new().account("devstoreaccount2", DEV_KEY)?;
    let service = Arc::new(Service::new(config));
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

fn port(name: &str) -> Result<Option<u16>, std::num::ParseIntError> {
    std::env::args()
        .skip_while(|argument| argument != name)
        .nth(1)
        .map(|port| port.parse())
        .transpose()
}
