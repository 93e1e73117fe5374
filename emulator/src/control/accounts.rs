//! The control endpoint's accounts: their settings and keys.

use std::collections::BTreeSet;
use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};

use blobferry_core::words::AccessTier;

use super::json::{self, Refusal, given, seconds};
use crate::config::{AccountSettings, ImmutableStorage, KeyName};
use crate::service::Service;

/// Answers what stands below `/accounts`.
pub(super) fn route(
    service: &Service,
    request: &Request<Bytes>,
    rest: &str,
) -> Result<Value, Refusal> {
    let mut parts = rest.split('/').filter(|part| !part.is_empty());
    let place = (parts.next(), parts.next(), parts.next(), parts.next());
    match (request.method(), place) {
        (&Method::GET, (None, ..)) => service
            .config()
            .accounts()
            .map(|name| told(service, name))
            .collect(),
        (&Method::GET, (Some(name), None, ..)) => told(service, name),
        (&Method::PUT, (Some(name), None, ..)) => {
            let settings = service.account_settings(name).ok_or_else(unknown)?;
            let settings = json::read::<SetAccount>(request)?.over(settings)?;
            service
                .set_account_settings(name, settings)
                .map_err(|error| Refusal::bad(error.to_string()))?;
            told(service, name)
        }
        (&Method::GET, (Some(name), Some("keys"), None, _)) => keys(service, name),
        (&Method::PUT, (Some(name), Some("keys"), Some(key), None)) => {
            let key = KeyName::ALL
                .into_iter()
                .find(|known| known.as_str() == key)
                .ok_or_else(|| Refusal::new(StatusCode::NOT_FOUND, "keys are key1 and key2"))?;
            set_key(service, name, key, json::read::<SetKey>(request)?.value)?;
            keys(service, name)
        }
        (_, (_, None, ..) | (_, Some("keys"), ..)) => Err(Refusal::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "not by this method; GET / lists what can be asked",
        )),
        _ => Err(Refusal::new(
            StatusCode::NOT_FOUND,
            "no such path; GET / lists what can be asked",
        )),
    }
}

fn unknown() -> Refusal {
    Refusal::new(StatusCode::NOT_FOUND, "no such account")
}

fn told(service: &Service, name: &str) -> Result<Value, Refusal> {
    let settings = service.account_settings(name).ok_or_else(unknown)?;
    Ok(json!({
        "account": name,
        "kind": settings.kind.as_str(),
        "accessTier": settings.access_tier.as_str(),
        "versions": settings.protection.versions,
        "containerRetentionDays": settings.protection.container_retention_days,
        "blobRetentionDays": settings.blob_retention_days,
        "permanentDelete": settings.permanent_delete,
        "encryptionScopes": settings.encryption_scopes,
        "immutableStorage": match settings.immutable_storage {
            ImmutableStorage::Tolerated => "tolerated",
            ImmutableStorage::Enabled => "enabled",
            ImmutableStorage::Disabled => "disabled",
        },
        "lastAccessTracking": settings.last_access_tracking,
        "containerDeletionSeconds": settings.container_deletion.as_secs_f64(),
    }))
}

/// What is not said stays as it is.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct SetAccount {
    kind: Option<String>,
    access_tier: Option<String>,
    versions: Option<bool>,
    #[serde(default, deserialize_with = "given")]
    container_retention_days: Option<Option<u32>>,
    #[serde(default, deserialize_with = "given")]
    blob_retention_days: Option<Option<u32>>,
    permanent_delete: Option<bool>,
    #[serde(default, deserialize_with = "given")]
    encryption_scopes: Option<Option<BTreeSet<String>>>,
    immutable_storage: Option<String>,
    container_deletion_seconds: Option<f64>,
    last_access_tracking: Option<bool>,
}

impl SetAccount {
    /// The settings that this makes of others.
    fn over(self, mut settings: AccountSettings) -> Result<AccountSettings, Refusal> {
        fn replace<T>(place: &mut T, given: Option<T>) {
            if let Some(given) = given {
                *place = given;
            }
        }
        let kind = self.kind.map(|text| text.parse()).transpose();
        let kind = kind.map_err(|error: crate::InvalidConfig| Refusal::bad(error.to_string()))?;
        replace(&mut settings.kind, kind);
        let tier = self.access_tier.as_deref().map(AccessTier::from);
        replace(&mut settings.access_tier, tier);
        let protection = &mut settings.protection;
        replace(&mut protection.versions, self.versions);
        replace(
            &mut protection.container_retention_days,
            self.container_retention_days,
        );
        replace(&mut settings.blob_retention_days, self.blob_retention_days);
        replace(&mut settings.permanent_delete, self.permanent_delete);
        let tracking = &mut settings.last_access_tracking;
        replace(tracking, self.last_access_tracking);
        replace(&mut settings.encryption_scopes, self.encryption_scopes);
        let storage = self.immutable_storage.as_deref().map(storage).transpose()?;
        replace(&mut settings.immutable_storage, storage);
        let deletion: Option<Duration> =
            self.container_deletion_seconds.map(seconds).transpose()?;
        replace(&mut settings.container_deletion, deletion);
        Ok(settings)
    }
}

fn storage(text: &str) -> Result<ImmutableStorage, Refusal> {
    match text {
        "tolerated" => Ok(ImmutableStorage::Tolerated),
        "enabled" => Ok(ImmutableStorage::Enabled),
        "disabled" => Ok(ImmutableStorage::Disabled),
        _ => Err(Refusal::bad(
            "immutableStorage is tolerated, enabled or disabled",
        )),
    }
}

fn keys(service: &Service, name: &str) -> Result<Value, Refusal> {
    if !service.config().has_account(name) {
        return Err(unknown());
    }
    Ok(KeyName::ALL
        .into_iter()
        .filter_map(|key| {
            let value = service.key(name, key)?;
            Some(json!({ "keyName": key.as_str(), "value": value }))
        })
        .collect())
}

/// Without a value, the service makes one.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SetKey {
    value: Option<String>,
}

fn set_key(
    service: &Service,
    name: &str,
    key: KeyName,
    value: Option<String>,
) -> Result<(), Refusal> {
    if !service.config().has_account(name) {
        return Err(unknown());
    }
    match value {
        Some(value) => service
            .set_key(name, key, &value)
            .map_err(|error| Refusal::bad(error.to_string())),
        None => {
            service.regenerate_key(name, key);
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests;
