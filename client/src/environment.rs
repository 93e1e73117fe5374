//! The usual environment variables, read here because core reads none.

use blobferry_core::connection_string::ConnectionString;
use blobferry_core::sas::SasToken;
use blobferry_core::sign::shared_key::SharedKey;
use blobferry_core::{Account, Credential, InvalidInput};

/// The account the environment names, and its credential.
///
/// - `AZURE_STORAGE_CONNECTION_STRING` says both;
/// - `AZURE_STORAGE_ACCOUNT` names the account, `AZURE_STORAGE_SERVICE_ENDPOINT` its URL where that is
///   not the public cloud's, and `AZURE_STORAGE_KEY` or `AZURE_STORAGE_SAS_TOKEN` is its credential;
///   without either the account is spoken to anonymously.
///
/// `AZURE_STORAGE_ACCOUNT_NAME`, `AZURE_STORAGE_ACCOUNT_KEY` and `AZURE_STORAGE_ACCESS_KEY` are other
/// spellings in use. Empty variables count as absent.
///
/// # Errors
/// A value that cannot be meant; it is not quoted.
pub fn account() -> Result<Option<(Account, Credential)>, InvalidInput> {
    read(|name| std::env::var(name).ok())
}

fn read(
    variable: impl Fn(&str) -> Option<String>,
) -> Result<Option<(Account, Credential)>, InvalidInput> {
    let first = |names: &[&str]| {
        let mut values = names.iter().filter_map(|name| variable(name));
        values.find(|value| !value.trim().is_empty())
    };
    if let Some(text) = first(&["AZURE_STORAGE_CONNECTION_STRING"]) {
        let connection: ConnectionString = text.parse()?;
        return Ok(Some((connection.account, connection.credential)));
    }
    let name = first(&["AZURE_STORAGE_ACCOUNT", "AZURE_STORAGE_ACCOUNT_NAME"]);
    let endpoint = first(&["AZURE_STORAGE_SERVICE_ENDPOINT"]);
    let account = match (&name, &endpoint) {
        (None, None) => return Ok(None),
        (Some(name), None) => Account::at(&format!("https://{name}.blob.core.windows.net"), name)?,
        (None, Some(endpoint)) => endpoint.parse()?,
        (Some(name), Some(endpoint)) => Account::at(endpoint, name)?,
    };
    let key = first(&[
        "AZURE_STORAGE_KEY",
        "AZURE_STORAGE_ACCOUNT_KEY",
        "AZURE_STORAGE_ACCESS_KEY",
    ]);
    let credential = match (key, first(&["AZURE_STORAGE_SAS_TOKEN"])) {
        (Some(key), _) => SharedKey::new(key.trim())?.into(),
        (None, Some(sas)) => sas.parse::<SasToken>()?.into(),
        (None, None) => Credential::Anonymous,
    };
    Ok(Some((account, credential)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAME: (&str, &str) = ("AZURE_STORAGE_ACCOUNT", "lighthouse");
    const KEY: (&str, &str) = ("AZURE_STORAGE_KEY", "c2VjcmV0");
    const SAS: (&str, &str) = (
        "AZURE_STORAGE_SAS_TOKEN",
        "?sv=2021-12-02&sp=r&sig=c2VjcmV0",
    );

    fn account_of(
        variables: &[(&str, &str)],
    ) -> Result<Option<(Account, Credential)>, InvalidInput> {
        read(|name| {
            let mut known = variables.iter();
            let (_, value) = known.find(|(known, _)| *known == name)?;
            Some((*value).to_owned())
        })
    }

    #[test]
    fn each_spelling_is_read() {
        let endpoint = (
            "AZURE_STORAGE_SERVICE_ENDPOINT",
            "http://127.0.0.1:10000/second",
        );
        let whole = (
            "AZURE_STORAGE_CONNECTION_STRING",
            "AccountName=whole;AccountKey=c2VjcmV0",
        );
        for (variables, url, kind) in [
            (
                vec![whole, NAME, SAS],
                "https://whole.blob.core.windows.net",
                "SharedKey",
            ),
            (
                vec![NAME, KEY, SAS],
                "https://lighthouse.blob.core.windows.net",
                "SharedKey",
            ),
            (
                vec![NAME, SAS],
                "https://lighthouse.blob.core.windows.net",
                "Sas",
            ),
            (
                vec![NAME],
                "https://lighthouse.blob.core.windows.net",
                "Anonymous",
            ),
            (
                vec![endpoint, KEY],
                "http://127.0.0.1:10000/second",
                "SharedKey",
            ),
            (
                vec![NAME, ("AZURE_STORAGE_KEY", " "), SAS],
                "https://lighthouse.blob.core.windows.net",
                "Sas",
            ),
        ] {
            let (account, credential) = account_of(&variables).unwrap().unwrap();
            assert_eq!(account.to_string(), url);
            assert!(format!("{credential:?}").contains(kind), "{credential:?}");
        }
        assert!(account_of(&[]).unwrap().is_none());
        assert!(account_of(&[KEY]).unwrap().is_none());
    }

    #[test]
    fn a_value_that_cannot_be_meant_is_refused_without_being_quoted() {
        let error = account_of(&[NAME, ("AZURE_STORAGE_KEY", "c2VjcmV0*")]).unwrap_err();
        assert!(!error.to_string().contains("c2VjcmV0"), "{error}");
    }
}
