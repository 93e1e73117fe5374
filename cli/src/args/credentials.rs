//! Who asks, as flags: once for both sides, or one set for each side of a copy.

/// Explains where credentials come from; the end of the help of every command that needs them.
pub(crate) const HELP: &str = "\
Credentials, the first that is found, for each side:
  1. a SAS in the URL itself
  2. --source-…, --destination-… for one side of a copy, then the flags for both
  3. BLOBFERRY_SOURCE_CONNECTION_STRING, BLOBFERRY_DESTINATION_CONNECTION_STRING
  4. AZURE_STORAGE_CONNECTION_STRING, or AZURE_STORAGE_KEY or AZURE_STORAGE_SAS_TOKEN, where
     AZURE_STORAGE_ACCOUNT names the account
  5. the development account's published key, for devstoreaccount1 on this machine
  6. none: public data only
A value that begins with @ is the name of a file that holds the secret. With a connection string, a
place may be written without its account: `container/prefix/`.";

/// What was given on the command line for one side.
#[derive(Debug, Clone, Default)]
pub(crate) struct Given<'a> {
    pub(crate) connection_string: Option<&'a str>,
    pub(crate) account_key: Option<&'a str>,
    pub(crate) sas: Option<&'a str>,
    pub(crate) token: Option<&'a str>,
}

impl Given<'_> {
    pub(crate) fn is_empty(&self) -> bool {
        self.connection_string.is_none()
            && self.account_key.is_none()
            && self.sas.is_none()
            && self.token.is_none()
    }
}

macro_rules! identity {
    ($(#[$meta:meta])* $name:ident $heading:literal $what:literal $connection:literal $key:literal $sas:literal $token:literal) => {
        $(#[$meta])*
        #[derive(Clone, Default, clap::Args)]
        #[command(next_help_heading = $heading)]
        pub(crate) struct $name {
            #[arg(id = $connection, long = $connection, help = concat!("Connection string of the ", $what, ""), value_name = "STRING")]
            connection_string: Option<String>,
            #[arg(id = $key, long = $key, help = concat!("Shared Key of the ", $what, ", Base64"), value_name = "KEY", conflicts_with = $connection)]
            account_key: Option<String>,
            #[arg(id = $sas, long = $sas, help = concat!("Shared access signature for the ", $what, ", with or without `?`"), value_name = "SAS", conflicts_with_all = [$connection, $key])]
            sas: Option<String>,
            #[arg(id = $token, long = $token, help = concat!("Bearer token for the ", $what, ""), value_name = "JWT", conflicts_with_all = [$connection, $key, $sas])]
            token: Option<String>,
        }

        impl $name {
            fn given(&self) -> Given<'_> {
                Given {
                    connection_string: self.connection_string.as_deref(),
                    account_key: self.account_key.as_deref(),
                    sas: self.sas.as_deref(),
                    token: self.token.as_deref(),
                }
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(stringify!($name))
            }
        }
    };
}

identity!(
    /// Flags for every account a command speaks to.
    Both "Account" "account" "connection-string" "account-key" "sas" "token"
);
identity!(
    /// Flags for the account copied from.
    Source "Source account" "source account" "source-connection-string" "source-account-key" "source-sas" "source-token"
);
identity!(
    /// Flags for the account copied to.
    Destination "Destination account" "destination account" "destination-connection-string" "destination-account-key" "destination-sas" "destination-token"
);

/// Credentials of a command that speaks to one account.
#[derive(Debug, Clone, Default, clap::Args)]
pub(crate) struct OneSide {
    #[command(flatten)]
    both: Both,
}

impl OneSide {
    pub(crate) fn given(&self) -> Given<'_> {
        self.both.given()
    }
}

/// Credentials of a copy.
#[derive(Debug, Clone, Default, clap::Args)]
pub(crate) struct Sides {
    #[command(flatten)]
    both: Both,
    #[command(flatten)]
    source: Source,
    #[command(flatten)]
    destination: Destination,
}

impl Sides {
    /// What speaks for the source: its own flags, or else those for both sides.
    pub(crate) fn source(&self) -> Given<'_> {
        self.own_or_both(self.source.given())
    }

    /// What speaks for the destination: its own flags, or else those for both sides.
    pub(crate) fn destination(&self) -> Given<'_> {
        self.own_or_both(self.destination.given())
    }

    fn own_or_both<'a>(&'a self, own: Given<'a>) -> Given<'a> {
        if own.is_empty() {
            self.both.given()
        } else {
            own
        }
    }
}
