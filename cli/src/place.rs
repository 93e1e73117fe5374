//! What was typed as a place: a URL, or a path within the account of a connection string.

use blobferry::{Account, BlobAddress, BlobName, ContainerAddress, ContainerName, Location, Place};

use crate::args::Given;
use crate::credentials::{self, Side};
use crate::environment::Environment;
use crate::failure::{Failure, mistyped};

/// A place and who speaks for it.
#[derive(Debug, Clone)]
pub(crate) struct Spot {
    pub(crate) scope: Scope,
    pub(crate) credential: blobferry::Credential,
}

/// How much is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Scope {
    Account(Account),
    Container(ContainerAddress),
    /// Everything whose name begins so; the prefix ends in `/`.
    Prefix(ContainerAddress, String),
    Blob(BlobAddress),
}

impl Scope {
    /// The account it is in.
    pub(crate) fn account(&self) -> &Account {
        match self {
            Self::Account(account) => account,
            Self::Container(container) | Self::Prefix(container, _) => &container.account,
            Self::Blob(blob) => &blob.account,
        }
    }

    /// The same place as another identity of its account sees it.
    pub(crate) fn labelled(&self, label: &str) -> Self {
        let account = self.account().labelled(label);
        let within = |container: &ContainerAddress| account.container(container.container.clone());
        match self {
            Self::Account(_) => Self::Account(account),
            Self::Container(container) => Self::Container(within(container)),
            Self::Prefix(container, prefix) => Self::Prefix(within(container), prefix.clone()),
            Self::Blob(blob) => Self::Blob(BlobAddress {
                account,
                ..blob.clone()
            }),
        }
    }
}

impl std::fmt::Display for Scope {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Account(account) => write!(f, "{account}/"),
            Self::Container(container) => write!(f, "{container}"),
            Self::Prefix(container, prefix) => match prefix.parse() {
                Ok(name) => write!(f, "{}", container.blob(name)),
                Err(_) => write!(f, "{container}/{prefix}"),
            },
            Self::Blob(blob) => write!(f, "{blob}"),
        }
    }
}

impl Spot {
    /// Reads what was typed for `argument`, and finds who speaks for it.
    pub(crate) fn read(
        argument: &str,
        text: &str,
        given: &Given<'_>,
        side: Side,
        environment: &Environment,
    ) -> Result<Self, Failure> {
        let connection = credentials::connection(given, side, environment)?;
        let (scope, sas) = if text.contains("://") {
            let location: Location = text.parse().map_err(|error| mistyped(argument, &error))?;
            (scope_of(location.place), location.sas)
        } else {
            let Some(connection) = &connection else {
                return Err(Failure::usage(
                    format!("cannot read {argument}"),
                    format!(
                        "`{text}` is no URL, and no connection string says which account it is in"
                    ),
                )
                .advise(
                    "Write the whole URL, such as https://account.blob.core.windows.net/container, or \
                     give --connection-string.",
                ));
            };
            let scope =
                within(&connection.account, text).map_err(|error| mistyped(argument, &error))?;
            (scope, None)
        };
        let credential =
            credentials::resolve(scope.account(), sas, connection, given, environment)?;
        Ok(Self { scope, credential })
    }
}

/// A name that ends in `/` is a prefix.
fn scope_of(place: Place) -> Scope {
    match place {
        Place::Account(account) => Scope::Account(account),
        Place::Container(container) => Scope::Container(container),
        Place::Blob(blob) if blob.name.as_str().ends_with('/') => {
            Scope::Prefix(blob.in_container(), blob.name.as_str().to_owned())
        }
        Place::Blob(blob) => Scope::Blob(blob),
    }
}

/// `container/name` of an account, as it is written, without percent encoding.
fn within(account: &Account, text: &str) -> Result<Scope, blobferry::InvalidInput> {
    let text = text.strip_prefix('/').unwrap_or(text);
    if text.is_empty() {
        return Ok(Scope::Account(account.clone()));
    }
    let (container, name) = text.split_once('/').unwrap_or((text, ""));
    let container = account.container(container.parse::<ContainerName>()?);
    if name.is_empty() {
        return Ok(Scope::Container(container));
    }
    let name: BlobName = name.parse()?;
    Ok(scope_of(Place::Blob(container.blob(name))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exit_code::Exit;

    fn read(text: &str, given: &Given<'_>) -> Result<Spot, Failure> {
        Spot::read("URL", text, given, Side::Only, &Environment::of(&[]))
    }

    #[test]
    fn a_url_says_how_much_is_meant() {
        let given = Given::default();
        let scope = |url: &str| read(url, &given).unwrap().scope;
        let root = "https://a.blob.core.windows.net";
        assert!(matches!(scope(root), Scope::Account(_)));
        assert!(matches!(scope(&format!("{root}/src")), Scope::Container(_)));
        assert!(matches!(
            scope(&format!("{root}/src/")),
            Scope::Container(_)
        ));
        assert!(
            matches!(scope(&format!("{root}/src/logs/")), Scope::Prefix(_, prefix) if prefix == "logs/")
        );
        assert!(matches!(
            scope(&format!("{root}/src/logs/a")),
            Scope::Blob(_)
        ));
    }

    #[test]
    fn a_path_is_within_the_connection_strings_account() {
        let given = Given {
            connection_string: Some("UseDevelopmentStorage=true"),
            ..Given::default()
        };
        let spot = read("src/a b?c", &given).unwrap();
        assert_eq!(
            spot.scope.to_string(),
            "http://127.0.0.1:10000/devstoreaccount1/src/a%20b%3Fc"
        );
        assert!(matches!(
            read("/", &given).unwrap().scope,
            Scope::Account(_)
        ));
    }

    #[test]
    fn what_is_no_place_is_said_to_be_none() {
        for (text, part) in [
            ("src/logs", "no URL"),
            ("ftp://a.b/c", "http"),
            ("https://a.blob.core.windows.net/UPPER", "lower-case"),
            ("https://a.blob.core.windows.net/src/../x", "cannot travel"),
        ] {
            let failure = read(text, &Given::default()).unwrap_err();
            assert_eq!(failure.exit_code, Exit::Usage, "{text}");
            assert!(failure.message.contains(part), "{failure:?}");
        }
    }
}
