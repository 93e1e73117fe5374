//! Connection strings, as the portal shows them. Source: "Configure Azure Storage connection strings".

#[cfg(test)]
mod tests;

use std::fmt;
use std::str::FromStr;

use crate::address::Account;
use crate::credential::Credential;
use crate::error::InvalidInput;
use crate::sas::SasToken;
use crate::sign::shared_key::SharedKey;

/// An account with its credential, read from a connection string. Its `Debug` shows no secret.
///
/// Sovereign clouds are named by `EndpointSuffix`, such as `core.chinacloudapi.cn`; any other place by
/// `BlobEndpoint`. `UseDevelopmentStorage=true` means the account every emulator knows.
///
/// ```
/// use blobferry_core::connection_string::ConnectionString;
/// let read: ConnectionString =
///     "AccountName=lighthouse;AccountKey=bGFtcA==;EndpointSuffix=core.chinacloudapi.cn".parse()?;
/// assert_eq!(read.account.to_string(), "https://lighthouse.blob.core.chinacloudapi.cn");
/// # Ok::<(), blobferry_core::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct ConnectionString {
    /// The account at its Blob endpoint.
    pub account: Account,
    /// The account at its secondary endpoint, where one is given.
    pub secondary: Option<Account>,
    /// Its key or SAS; anonymous where neither is given.
    pub credential: Credential,
}

const DEVELOPMENT_ACCOUNT: &str = "devstoreaccount1";
const PUBLIC_CLOUD: &str = "core.windows.net";

/// Settings of connection strings that have a meaning here, in lower case.
#[derive(Default)]
struct Settings<'a> {
    protocol: Option<&'a str>,
    name: Option<&'a str>,
    key: Option<&'a str>,
    suffix: Option<&'a str>,
    blob: Option<&'a str>,
    secondary: Option<&'a str>,
    sas: Option<&'a str>,
    development: Option<&'a str>,
    proxy: Option<&'a str>,
}

fn refuse(rule: &'static str) -> InvalidInput {
    InvalidInput::new("connection string", "", rule)
}

impl<'a> Settings<'a> {
    fn read(text: &'a str) -> Result<Self, InvalidInput> {
        let mut settings = Self::default();
        for setting in text
            .split(';')
            .map(str::trim)
            .filter(|part| !part.is_empty())
        {
            let (key, value) = setting
                .split_once('=')
                .ok_or_else(|| refuse("must be Name=value settings joined by semicolons"))?;
            let slot = match key.trim().to_ascii_lowercase().as_str() {
                "defaultendpointsprotocol" => &mut settings.protocol,
                "accountname" => &mut settings.name,
                "accountkey" => &mut settings.key,
                "endpointsuffix" => &mut settings.suffix,
                "blobendpoint" => &mut settings.blob,
                "blobsecondaryendpoint" => &mut settings.secondary,
                "sharedaccesssignature" => &mut settings.sas,
                "usedevelopmentstorage" => &mut settings.development,
                "developmentstorageproxyuri" => &mut settings.proxy,
                // Queue, Table and File endpoints, and what later versions add.
                _ => continue,
            };
            if slot.replace(value.trim()).is_some() {
                return Err(refuse("gives a setting twice"));
            }
        }
        Ok(settings)
    }

    fn endpoint(&self) -> Result<Account, InvalidInput> {
        if let Some(url) = self.blob {
            return at(url, self.name);
        }
        let name = self
            .name
            .filter(|name| !name.is_empty())
            .ok_or_else(|| refuse("needs AccountName or BlobEndpoint"))?;
        let protocol = self.protocol.unwrap_or("https");
        if !matches!(protocol.to_ascii_lowercase().as_str(), "http" | "https") {
            return Err(refuse("DefaultEndpointsProtocol must be http or https"));
        }
        let suffix = self.suffix.unwrap_or(PUBLIC_CLOUD);
        at(&format!("{protocol}://{name}.blob.{suffix}"), Some(name))
    }

    fn credential(&self) -> Result<Credential, InvalidInput> {
        match (self.key, self.sas) {
            (Some(_), Some(_)) => Err(refuse("gives both AccountKey and SharedAccessSignature")),
            (Some(key), None) => Ok(SharedKey::new(key)?.into()),
            (None, Some(sas)) => Ok(sas.parse::<SasToken>()?.into()),
            (None, None) => Ok(Credential::Anonymous),
        }
    }

    fn development(&self) -> Result<ConnectionString, InvalidInput> {
        let origin = self
            .proxy
            .unwrap_or("http://127.0.0.1")
            .trim_end_matches('/');
        let at = |name: &str| Account::at(&format!("{origin}:10000/{name}"), name);
        Ok(ConnectionString {
            account: at(DEVELOPMENT_ACCOUNT)?,
            secondary: Some(at("devstoreaccount1-secondary")?),
            credential: SharedKey::new(SharedKey::DEVELOPMENT)?.into(),
        })
    }
}

/// The account at a URL, which may be on a domain of the user's own where the name is given.
fn at(url: &str, name: Option<&str>) -> Result<Account, InvalidInput> {
    match name {
        Some(name) if !name.is_empty() => Account::at(url, name),
        _ => url.parse(),
    }
}

impl FromStr for ConnectionString {
    type Err = InvalidInput;

    fn from_str(text: &str) -> Result<Self, InvalidInput> {
        let settings = Settings::read(text)?;
        match settings.development {
            Some(value) if value.eq_ignore_ascii_case("true") => return settings.development(),
            Some(_) => return Err(refuse("UseDevelopmentStorage can only be true")),
            None if settings.proxy.is_some() => {
                return Err(refuse(
                    "DevelopmentStorageProxyUri needs UseDevelopmentStorage=true",
                ));
            }
            None => {}
        }
        Ok(Self {
            account: settings.endpoint()?,
            secondary: settings
                .secondary
                .map(|url| at(url, settings.name))
                .transpose()?,
            credential: settings.credential()?,
        })
    }
}

impl fmt::Display for ConnectionString {
    /// The string without its secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "AccountName={};BlobEndpoint={}",
            self.account.name(),
            self.account
        )?;
        if let Some(secondary) = &self.secondary {
            write!(f, ";BlobSecondaryEndpoint={secondary}")?;
        }
        Ok(())
    }
}
