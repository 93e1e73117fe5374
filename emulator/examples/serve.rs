//! Serves the emulator until Ctrl-C: `cargo run -p blobferry-emulator --example serve -- --port 10000`.
//! Two accounts, the second named `devstoreaccount2` under the same key.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use blobferry_emulator::{Config, DEV_KEY, Server, Service};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip_while(|argument| argument != "--port");
    let port = arguments.nth(1).map_or(Ok(10000), |port| port.parse())?;
    let config = Config::new().account("devstoreaccount2", DEV_KEY)?;
    let service = Arc::new(Service::new(config));
    let addr = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let server = Server::bind(Arc::clone(&service), addr).await?;
    for account in service.config().accounts() {
        println!(
            "{}",
            service
                .connection_string(account, server.addr())
                .unwrap_or_default()
        );
    }
    tokio::signal::ctrl_c().await?;
    server.stop().await;
    Ok(())
}
