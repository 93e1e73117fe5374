//! `blobferry sas`.

use std::time::Duration;

use blobferry::clock::{Clock, SystemClock};
use blobferry::operation::GetUserDelegationKey;
use blobferry::sas::{
    AccountSas, DelegationSas, Permissions, Protocol, SasTarget, SasToken, ServiceSas, Terms,
};
use blobferry::{Account, Credential, InvalidInput, Timestamp};
use serde::Serialize;

use crate::args::{SasArgs, value};
use crate::exit_code::Exit;
use crate::failure::{Failure, mistyped};
use crate::output::Record;
use crate::place::{Scope, Spot};
use crate::session::Session;

/// A fresh SAS. It is what was asked for, so the secret is shown.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename = "sas")]
struct Minted {
    /// `account`, `service` or `user-delegation`.
    kind: &'static str,
    url: String,
    sas: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires: Option<String>,
    #[serde(skip)]
    token_only: bool,
}

impl Record for Minted {
    fn human(&self, _width: usize) -> String {
        if self.token_only {
            format!("{}\n", self.sas)
        } else {
            format!("{}?{}\n", self.url, self.sas)
        }
    }
}

/// Makes a SAS for the place that was typed.
pub(crate) async fn run(args: SasArgs, session: &Session) -> Result<Exit, Failure> {
    let spot = session.spot(
        "URL",
        &args.url,
        &args.side.given(),
        crate::credentials::Side::Only,
    )?;
    let terms = terms(&args, SystemClock.now())?;
    let url = match &spot.scope {
        // A SAS reaches a container or a blob; the prefix is the reader's.
        Scope::Prefix(container, _) => container.to_string(),
        scope => scope.to_string(),
    };
    let expires = terms.expiry.map(|end| end.to_iso());
    let (kind, token) = mint(&args, &spot, terms, session).await?;
    session.output.result(&Minted {
        kind,
        url,
        sas: token.expose().to_owned(),
        expires,
        token_only: args.token_only,
    });
    Ok(Exit::Ok)
}

async fn mint(
    args: &SasArgs,
    spot: &Spot,
    terms: Terms,
    session: &Session,
) -> Result<(&'static str, SasToken), Failure> {
    let wrong = |error: InvalidInput| Failure::usage("cannot make a SAS", error.to_string());
    match (&spot.credential, target(&spot.scope)) {
        (Credential::SharedKey(key), Ok(target)) => {
            let sas = ServiceSas {
                policy: args.policy.clone(),
                ..ServiceSas::new(target, terms)
            };
            Ok(("service", sas.sign(key).map_err(wrong)?))
        }
        (Credential::SharedKey(_), Err(_)) if args.policy.is_some() => Err(Failure::usage(
            "cannot make a SAS",
            "a stored policy belongs to a container, and the URL names an account",
        )),
        (Credential::SharedKey(key), Err(account)) => {
            let sas = AccountSas::new(account.name(), terms).sign(key);
            Ok(("account", sas.map_err(wrong)?))
        }
        (Credential::Bearer(_), Ok(target)) if args.policy.is_none() => {
            let client =
                session.client([(spot.scope.account().clone(), spot.credential.clone())])?;
            let until = terms.expiry.unwrap_or_default();
            let key = GetUserDelegationKey::new(spot.scope.account().clone(), until);
            let key = client
                .send(key)
                .await
                .map_err(|error| Failure::new("cannot get a user delegation key", &error))?;
            let key = key.ready().map_err(wrong)?;
            let sas = DelegationSas::new(target, terms).sign(&key);
            Ok(("user-delegation", sas.map_err(wrong)?))
        }
        (Credential::Bearer(_), _) => Err(Failure::usage(
            "cannot make a SAS",
            "a token makes a SAS for a container or a blob, without a stored policy",
        )
        .advise("Name a container or a blob, or give the account's key.")),
        _ => Err(Failure::local(
            "cannot make a SAS",
            format!("no key of {} is known", spot.scope.account()),
            Exit::Refused,
        )
        .advise("Give --account-key, --connection-string, or --token for a user delegation SAS.")),
    }
}

/// What a SAS for the place reaches; the account itself is no such target.
fn target(scope: &Scope) -> Result<SasTarget, &Account> {
    match scope {
        Scope::Account(account) => Err(account),
        Scope::Container(container) | Scope::Prefix(container, _) => Ok(container.clone().into()),
        Scope::Blob(blob) => Ok(blob.clone().into()),
    }
}

fn terms(args: &SasArgs, now: Timestamp) -> Result<Terms, Failure> {
    let permissions = args.permissions.as_deref().map(str::parse::<Permissions>);
    let expiry = match (&args.expiry, &args.policy) {
        (Some(text), _) => Some(moment("--expiry", text, now)?),
        (None, Some(_)) => None,
        (None, None) => Some(now + Duration::from_secs(3_600)),
    };
    let start = args.start.as_deref();
    let ip = args.ip.as_deref().map(str::parse);
    Ok(Terms {
        permissions: permissions
            .transpose()
            .map_err(|error| mistyped("--permissions", &error))?,
        expiry,
        start: start.map(|text| moment("--start", text, now)).transpose()?,
        ip: ip.transpose().map_err(|error| mistyped("--ip", &error))?,
        protocol: args.https_only.then_some(Protocol::HttpsOnly),
        ..Terms::default()
    })
}

/// A moment, or a time from now.
fn moment(flag: &str, text: &str, now: Timestamp) -> Result<Timestamp, Failure> {
    match (value::duration(text), Timestamp::parse_iso(text)) {
        (Ok(time), _) if !text.contains('-') => Ok(now + time),
        (_, Ok(moment)) => Ok(moment),
        (_, Err(error)) => Err(mistyped(flag, &error)
            .advise("Write a time from now, such as 1h or 7d, or a moment in UTC.")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_told_by_the_clock_or_from_now() {
        let now = Timestamp::from_millis(1_000_000);
        assert_eq!(
            moment("x", "1h", now).unwrap(),
            now + Duration::from_secs(3600)
        );
        let end = moment("x", "2026-12-31T12:00:00Z", now).unwrap();
        assert_eq!(end.to_iso(), "2026-12-31T12:00:00Z");
        assert_eq!(
            moment("x", "tomorrow", now).unwrap_err().exit_code,
            Exit::Usage
        );
    }
}
