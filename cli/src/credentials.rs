//! Who speaks for an account: from the URL, flags, the environment, in that order.

use blobferry::clock::{Clock, SystemClock};
use blobferry::connection_string::ConnectionString;
use blobferry::credential::Bearer;
use blobferry::sas::SasToken;
use blobferry::sign::shared_key::SharedKey;
use blobferry::{Account, Credential, InvalidInput};

use crate::args::Given;
use crate::environment::Environment;
use crate::exit_code::Exit;
use crate::failure::{Failure, mistyped};

/// Which account of a command it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    Only,
    Source,
    Destination,
}

impl Side {
    /// The variable that speaks for this side alone.
    fn variable(self) -> Option<&'static str> {
        match self {
            Self::Only => None,
            Self::Source => Some("BLOBFERRY_SOURCE_CONNECTION_STRING"),
            Self::Destination => Some("BLOBFERRY_DESTINATION_CONNECTION_STRING"),
        }
    }
}

/// The connection string for one side, where there is one.
pub(crate) fn connection(
    given: &Given<'_>,
    side: Side,
    environment: &Environment,
) -> Result<Option<ConnectionString>, Failure> {
    let found = match given.connection_string {
        Some(text) => Some(("--connection-string", secret("--connection-string", text)?)),
        None if !given.is_empty() => None,
        None => [side.variable(), Some("AZURE_STORAGE_CONNECTION_STRING")]
            .into_iter()
            .flatten()
            .find_map(|name| Some((name, environment.get(name)?.to_owned()))),
    };
    found
        .map(|(name, text)| text.parse().map_err(|error| mistyped(name, &error)))
        .transpose()
}

/// Who speaks for `account`.
pub(crate) fn resolve(
    account: &Account,
    sas: Option<SasToken>,
    connection: Option<ConnectionString>,
    given: &Given<'_>,
    environment: &Environment,
) -> Result<Credential, Failure> {
    if let Some(sas) = sas {
        return unexpired(account, sas);
    }
    let typed = |name: &'static str, error: &InvalidInput| mistyped(name, error);
    if let Some(text) = given.account_key {
        let key = SharedKey::new(&secret("--account-key", text)?);
        return key
            .map(Credential::SharedKey)
            .map_err(|error| typed("--account-key", &error));
    }
    if let Some(text) = given.sas {
        let sas = secret("--sas", text)?.parse();
        return unexpired(account, sas.map_err(|error| typed("--sas", &error))?);
    }
    if let Some(text) = given.token {
        let bearer = Bearer::new(&secret("--token", text)?, None);
        return bearer
            .map(Credential::Bearer)
            .map_err(|error| typed("--token", &error));
    }
    if let Some(connection) = connection {
        if connection.account.name() == account.name() {
            return match connection.credential {
                Credential::Sas(sas) => unexpired(account, sas),
                credential => Ok(credential),
            };
        }
        if given.connection_string.is_some() {
            return Err(Failure::usage(
                format!("no credential for {account}"),
                format!(
                    "the connection string is for account `{}`, the URL for `{}`",
                    connection.account.name(),
                    account.name()
                ),
            )
            .advise("Give each side its own: --source-connection-string, --destination-connection-string."));
        }
    }
    from_environment(account, environment)
}

fn from_environment(account: &Account, environment: &Environment) -> Result<Credential, Failure> {
    if environment.get("AZURE_STORAGE_ACCOUNT") == Some(account.name()) {
        if let Some(key) = environment.get("AZURE_STORAGE_KEY") {
            return SharedKey::new(key)
                .map(Credential::SharedKey)
                .map_err(|error| mistyped("AZURE_STORAGE_KEY", &error));
        }
        if let Some(sas) = environment.get("AZURE_STORAGE_SAS_TOKEN") {
            let sas = sas.parse();
            let sas = sas.map_err(|error| mistyped("AZURE_STORAGE_SAS_TOKEN", &error))?;
            return unexpired(account, sas);
        }
    }
    if is_development(account) {
        return SharedKey::new(SharedKey::DEVELOPMENT)
            .map(Credential::SharedKey)
            .map_err(|error| mistyped("the development account's key", &error));
    }
    Ok(Credential::Anonymous)
}

/// The published account, and only on this machine: its key is no secret anywhere else either.
fn is_development(account: &Account) -> bool {
    let host = account.origin();
    account.name() == "devstoreaccount1"
        && ["http://127.0.0.1", "http://localhost", "http://[::1]"]
            .iter()
            .any(|local| host == *local || host.starts_with(&format!("{local}:")))
}

/// A SAS that has run out by this machine's clock is not sent at all.
fn unexpired(account: &Account, sas: SasToken) -> Result<Credential, Failure> {
    let now = SystemClock.now();
    match sas.expires_at() {
        Some(end) if end <= now => Err(Failure::local(
            format!("cannot speak to {account}"),
            format!("the SAS expired at {end}, and it is {now}"),
            Exit::Refused,
        )
        .advise("Make a new one, for example with `blobferry sas`, and run the command again.")),
        _ => Ok(Credential::Sas(sas)),
    }
}

/// The value itself, or what is in the file it names.
fn secret(flag: &str, text: &str) -> Result<String, Failure> {
    let Some(path) = text.strip_prefix('@') else {
        return Ok(text.to_owned());
    };
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(text.trim().to_owned()),
        Err(error) => Err(Failure::usage(
            format!("cannot read {flag}"),
            format!("the file `{path}` cannot be read: {error}"),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "c2VjcmV0";
    const SAS: &str = "sv=2021-12-02&sp=r&se=2999-01-01&sr=c&sig=c2VjcmV0";

    fn account(url: &str) -> Account {
        url.parse().unwrap()
    }

    fn kind(url: &str, given: &Given<'_>, environment: &[(&'static str, &str)]) -> &'static str {
        let environment = Environment::of(environment);
        let found = connection(given, Side::Source, &environment).unwrap();
        match resolve(&account(url), None, found, given, &environment).unwrap() {
            Credential::SharedKey(_) => "key",
            Credential::Sas(_) => "sas",
            Credential::Bearer(_) => "bearer",
            _ => "anonymous",
        }
    }

    #[test]
    fn flags_outweigh_the_environment_and_nothing_is_anonymous() {
        let url = "https://a.blob.core.windows.net";
        let key = Given {
            account_key: Some(KEY),
            ..Given::default()
        };
        let connection = [(
            "AZURE_STORAGE_CONNECTION_STRING",
            "AccountName=a;SharedAccessSignature=sv=2021-12-02&sp=r&se=2999-01-01&sr=c&sig=c2VjcmV0",
        )];
        assert_eq!(kind(url, &key, &connection), "key");
        assert_eq!(kind(url, &Given::default(), &connection), "sas");
        let named = [
            ("AZURE_STORAGE_ACCOUNT", "a"),
            ("AZURE_STORAGE_SAS_TOKEN", SAS),
        ];
        assert_eq!(kind(url, &Given::default(), &named), "sas");
        let another = [("AZURE_STORAGE_ACCOUNT", "b"), ("AZURE_STORAGE_KEY", KEY)];
        assert_eq!(kind(url, &Given::default(), &another), "anonymous");
    }

    #[test]
    fn the_development_key_speaks_only_on_this_machine() {
        let none = Given::default();
        assert_eq!(
            kind("http://127.0.0.1:10000/devstoreaccount1", &none, &[]),
            "key"
        );
        assert_eq!(
            kind("http://10.0.0.1:10000/devstoreaccount1", &none, &[]),
            "anonymous"
        );
    }

    #[test]
    fn an_expired_sas_is_not_sent() {
        let sas: SasToken = SAS.replace("2999", "2001").parse().unwrap();
        let failure = unexpired(&account("https://a.blob.core.windows.net"), sas).unwrap_err();
        assert_eq!(failure.exit_code, Exit::Refused);
        assert!(
            failure.message.contains("expired at 2001-01-01T00:00:00Z"),
            "{failure:?}"
        );
    }
}
