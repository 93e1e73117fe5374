//! An emulator in this process, and what is said about it.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use blobferry::clock::{Clock, SystemClock};
use blobferry::connection_string::ConnectionString;
use blobferry::sas::{AccountSas, Permissions, Terms};
use blobferry::{Account, Credential};
use blobferry_emulator::{Server, ServerOptions, Service};
use serde::Serialize;

use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::output::{Record, human};

/// How long the SAS that is shown lasts.
const SAS_LIFE: Duration = Duration::from_secs(7 * 24 * 3_600);

/// A running emulator.
#[derive(Debug)]
pub(crate) struct Host {
    pub(crate) service: Arc<Service>,
    server: Server,
    control: Option<Server>,
}

impl Host {
    /// Serves on an address until it is stopped.
    pub(crate) async fn start(
        service: Arc<Service>,
        addr: SocketAddr,
        options: ServerOptions,
    ) -> Result<Self, Failure> {
        let probe = options.probe;
        let server = Server::bind_with(service.clone(), addr, options)
            .await
            .map_err(|error| {
                let addrs = match probe {
                    None => addr.to_string(),
                    Some(probe) => format!("{addr} and {probe}"),
                };
                Failure::local(
                    format!("cannot listen on {addrs}"),
                    error.to_string(),
                    Exit::Usage,
                )
                .advise(match error.kind() {
                    io::ErrorKind::AddrInUse => {
                        "Another emulator may be running there. Choose another port with --port; \
                         --port 0 takes any that is free."
                    }
                    io::ErrorKind::AddrNotAvailable => {
                        "The address is not one of this machine; --host 0.0.0.0 takes all."
                    }
                    _ => "Choose another address with --host and --port.",
                })
            })?;
        Ok(Self {
            service,
            server,
            control: None,
        })
    }

    /// Offers the control endpoint beside the service, until it is stopped.
    pub(crate) async fn offer_control(&mut self, port: u16) -> Result<(), Failure> {
        let addr = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let control = Server::bind_control(self.service.clone(), addr)
            .await
            .map_err(|error| {
                Failure::local(
                    format!("cannot listen on {addr}"),
                    error.to_string(),
                    Exit::Usage,
                )
                .advise("Choose another port with --control-port; 0 takes any that is free.")
            })?;
        self.control = Some(control);
        Ok(())
    }

    /// The port it listens on.
    pub(crate) fn port(&self) -> u16 {
        self.server.addr().port()
    }

    /// An account as clients see it.
    pub(crate) fn account(&self, name: &str) -> Result<(Account, Credential), Failure> {
        let text = self.connection_string(name)?;
        let read: ConnectionString = text.parse().map_err(|error: blobferry::InvalidInput| {
            Failure::usage(format!("cannot serve account `{name}`"), error.to_string())
        })?;
        Ok((read.account, read.credential))
    }

    fn connection_string(&self, name: &str) -> Result<String, Failure> {
        self.server
            .connection_string(name)
            .ok_or_else(|| Failure::usage("cannot begin", format!("no account `{name}`")))
    }

    /// What there is to say about it.
    pub(crate) fn shown(&self, trust: Option<&Path>) -> Result<Shown, Failure> {
        let names: Vec<String> = self
            .service
            .config()
            .accounts()
            .map(str::to_owned)
            .collect();
        let accounts = names.iter().map(|name| self.account_shown(name));
        Ok(Shown {
            url: self.server.origin(),
            port: self.port(),
            health_url: self.server.probe_url(),
            certificate: trust.map(|file| file.display().to_string()),
            control_url: self
                .control
                .as_ref()
                .map(|control| format!("http://{}", control.addr())),
            accounts: accounts.collect::<Result<_, _>>()?,
        })
    }

    fn account_shown(&self, name: &str) -> Result<AccountShown, Failure> {
        let (account, credential) = self.account(name)?;
        let end = SystemClock.now() + SAS_LIFE;
        let all: Permissions =
            "racwdxltmeopfi"
                .parse()
                .map_err(|error: blobferry::InvalidInput| {
                    Failure::usage("cannot begin", error.to_string())
                })?;
        let sas = match credential {
            Credential::SharedKey(key) => AccountSas::new(name, Terms::until(end, all))
                .sign(&key)
                .ok(),
            _ => None,
        };
        Ok(AccountShown {
            name: name.to_owned(),
            url: account.to_string(),
            connection_string: self.connection_string(name)?,
            second_connection_string: self.server.second_connection_string(name),
            sas: sas.map(|sas| sas.expose().to_owned()).unwrap_or_default(),
        })
    }

    /// Lets answers under way finish, and ends.
    pub(crate) async fn stop(self) {
        self.server.stop().await;
        if let Some(control) = self.control {
            control.stop().await;
        }
    }
}

/// An emulator that is up. Keys and SAS are shown: they are of no use anywhere else.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename = "emulator")]
pub(crate) struct Shown {
    pub(crate) url: String,
    pub(crate) port: u16,
    /// Where the health probe is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) health_url: Option<String>,
    /// The file with the certificate to trust, where one was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) certificate: Option<String>,
    /// Where the control endpoint is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) control_url: Option<String>,
    pub(crate) accounts: Vec<AccountShown>,
}

/// An account of it.
#[derive(Debug, Serialize)]
pub(crate) struct AccountShown {
    pub(crate) name: String,
    pub(crate) url: String,
    pub(crate) connection_string: String,
    /// With the second key, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) second_connection_string: Option<String>,
    /// An account SAS that allows everything, for seven days.
    pub(crate) sas: String,
}

impl Record for Shown {
    fn human(&self, _width: usize) -> String {
        let mut text = format!(
            "\n{} {}\n",
            human::good("●"),
            human::bold(format!("Blob service on {}", self.url))
        );
        for (what, place) in [
            ("control    ", &self.control_url),
            ("health     ", &self.health_url),
            ("certificate", &self.certificate),
        ] {
            if let Some(place) = place {
                text.push_str(&format!("  {}  {place}\n", human::dim(what)));
            }
        }
        for account in &self.accounts {
            text.push_str(&format!("\n  {}\n", human::bold(&account.name)));
            for (what, value) in [
                ("url       ", Some(&account.url)),
                ("connection", Some(&account.connection_string)),
                ("or key 2  ", account.second_connection_string.as_ref()),
                ("sas       ", Some(&account.sas)),
            ] {
                if let Some(value) = value {
                    text.push_str(&format!("  {}  {value}\n", human::dim(what)));
                }
            }
        }
        text
    }
}
