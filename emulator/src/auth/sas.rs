//! Verifying shared access signatures.
//!
//! Sources: "Create an account SAS", "Create a service SAS", "Create a user delegation SAS". The
//! texts are put together by this crate's own reading of those pages.

mod ip;
mod text;

use blobferry_core::{ErrorCode, ServiceVersion, Timestamp};

use super::refusal::{not_authentic, out_of_time};
use super::rules::{self, Rule};
use super::{Holdings, Permissions, StoredPolicy, bearer, delegation_key, mac};
use crate::failure::Failure;
use crate::kind::Level;
use crate::read::known_version;
use crate::request::{Ask, Query};

/// Checks the SAS in the query of a request, and says which letters it gives.
///
/// In the order of the service: form, policy, time, signature, address, protocol, reach, letters.
pub(super) fn letters(holdings: &impl Holdings, ask: &Ask) -> Result<Permissions, Failure> {
    let sas = Sas::read(&ask.query)?;
    let rule = rules::rule(ask.kind);
    let granted = match sas.kind {
        SasKind::Account => sas.terms(&StoredPolicy::default())?,
        SasKind::Service | SasKind::Delegation => {
            check_level(&sas, ask)?;
            sas.terms(&policy(holdings, &sas, ask)?)?
        }
    };
    granted.check_time(ask.now)?;
    check_signature(holdings, &sas, ask)?;
    check_origin(&sas, ask)?;
    let reach = match sas.kind {
        SasKind::Account => check_account_reach(&sas, rule),
        SasKind::Service | SasKind::Delegation => check_service_reach(rule),
    };
    reach
        .and_then(|()| check_letters(granted.letters, sas.version, ask))
        .map_err(|failure| veiled(failure, sas.version))?;
    Ok(granted.letters)
}

/// Whether the SAS of a request is for one user, who shows a token besides: `sduoid`, from
/// 2025-07-05.
pub(super) fn is_bound(ask: &Ask) -> bool {
    ask.query.filled("sig").is_some()
        && ask.query.filled("sduoid").is_some()
        && Sas::read(&ask.query).is_ok_and(|sas| {
            sas.kind == SasKind::Delegation && sas.version >= ServiceVersion::V2025_07_05
        })
}

/// Checks that a token, which comes with a request, is of the user that its SAS is for.
///
/// # Errors
/// 403 where there is no token, or one of another user or tenant; else as the token itself is
/// refused.
pub(super) fn check_user(
    holdings: &impl Holdings,
    ask: &Ask,
    token: Option<&str>,
) -> Result<(), Failure> {
    let token = token
        .ok_or_else(|| not_authentic("The SAS is for one user, and needs a token of theirs."))?;
    bearer::verify(holdings.config(), &ask.account, token, ask.now)?;
    let user = bearer::object_id(token);
    let tenant = bearer::tenant_id(token);
    let same = user.as_deref() == ask.query.filled("sduoid")
        && ask
            .query
            .filled("skdutid")
            .is_none_or(|meant| tenant.as_deref() == Some(meant));
    if same {
        Ok(())
    } else {
        Err(not_authentic(
            "The token is not of the user that the SAS is for.",
        ))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum SasKind {
    Account,
    Service,
    Delegation,
}

/// The parameters of a SAS.
struct Sas<'a> {
    kind: SasKind,
    version: ServiceVersion,
    query: &'a Query,
}

/// What a SAS grants, and when.
struct Granted {
    letters: Permissions,
    start: Option<Timestamp>,
    expiry: Timestamp,
}

impl<'a> Sas<'a> {
    fn read(query: &'a Query) -> Result<Self, Failure> {
        let version = match query.filled("sv") {
            None => ServiceVersion::V2009_09_19,
            Some(text) => known_version(text).ok_or_else(|| not_authentic("sv is not valid"))?,
        };
        let kind = if query.filled("ss").is_some() || query.filled("srt").is_some() {
            SasKind::Account
        } else if query.filled("skoid").is_some() {
            SasKind::Delegation
        } else {
            SasKind::Service
        };
        let sas = Self {
            kind,
            version,
            query,
        };
        let needed: &[&str] = match kind {
            SasKind::Account => &["sv", "ss", "srt", "sp", "se"],
            SasKind::Service => &["sr"],
            SasKind::Delegation => &["sv", "sr", "sp", "se", "sktid", "skt", "ske", "sks", "skv"],
        };
        match needed.iter().find(|name| query.filled(name).is_none()) {
            Some(name) => Err(not_authentic(format!(
                "{name} is mandatory. Cannot be empty"
            ))),
            None => Ok(sas),
        }
    }

    /// A parameter, empty where it is missing.
    fn get(&self, name: &str) -> &str {
        self.query.get(name).unwrap_or_default()
    }

    /// What it grants together with its policy: each field comes from one of the two.
    fn terms(&self, policy: &StoredPolicy) -> Result<Granted, Failure> {
        let field = |name: &str, stored: &Option<String>| {
            let stored = stored.as_deref().filter(|text| !text.is_empty());
            match (self.query.filled(name), stored) {
                (Some(_), Some(_)) => Err(not_authentic(
                    "Access policy fields can be associated with signature or SAS identifier but \
                     not both",
                )),
                (given, stored) => Ok(given.or(stored).map(str::to_owned)),
            }
        };
        let moment = |name: &str, text: &str| {
            Timestamp::parse_iso(text)
                .map_err(|_| not_authentic(format!("{name} is not well formed: '{text}'")))
        };
        let missing = |name: &str| not_authentic(format!("{name} is mandatory. Cannot be empty"));
        let letters = field("sp", &policy.permission)?.ok_or_else(|| missing("sp"))?;
        let expiry = field("se", &policy.expiry)?.ok_or_else(|| missing("se"))?;
        let start = field("st", &policy.start)?;
        Ok(Granted {
            letters: Permissions::parse(&letters)
                .ok_or_else(|| not_authentic("sp is not well formed"))?,
            expiry: moment("se", &expiry)?,
            start: start.map(|text| moment("st", &text)).transpose()?,
        })
    }
}

impl Granted {
    fn check_time(&self, now: Timestamp) -> Result<(), Failure> {
        let start = self.start.unwrap_or(now);
        if start >= self.expiry {
            let expiry = self.expiry.to_http();
            return Err(match self.start {
                Some(start) => not_authentic(format!(
                    "Signed expiry time [{expiry}] must be after signed start time [{}]",
                    start.to_http()
                )),
                None => out_of_time("time frame", None, self.expiry, now),
            });
        }
        if now < start || now >= self.expiry {
            return Err(out_of_time("time frame", self.start, self.expiry, now));
        }
        Ok(())
    }
}

/// The stored policy that `si` names; empty where there is no `si`.
fn policy(holdings: &impl Holdings, sas: &Sas<'_>, ask: &Ask) -> Result<StoredPolicy, Failure> {
    match sas.query.filled("si") {
        None => Ok(StoredPolicy::default()),
        Some(id) => holdings
            .policy(&ask.account, ask.container_name(), id)
            .ok_or_else(|| {
                not_authentic("SAS identifier cannot be found for specified signed identifier")
            }),
    }
}

/// A SAS for a blob opens no container, one for a snapshot nothing but that snapshot.
fn check_level(sas: &Sas<'_>, ask: &Ask) -> Result<(), Failure> {
    let snapshot = ask.query.filled("snapshot").is_some();
    let version = ask.query.filled("versionid").is_some();
    // Before, directories were of hierarchical namespaces only. Snapshots are said to be known from
    // 2018-11-09 on, but recorded traffic has one under an older version.
    if sas.get("sr") == "d" && sas.version < ServiceVersion::V2026_06_06 {
        return Err(not_authentic("sr is not valid"));
    }
    let fits = match (sas.get("sr"), ask.kind.level()) {
        (_, Level::Service) => false,
        ("c", _) => true,
        ("b", Level::Blob) => true,
        ("bs", Level::Blob) => snapshot,
        ("bv", Level::Blob) => version,
        ("d", Level::Blob) => text::directory(ask, sas.get("sdd")).is_some(),
        ("b" | "bs" | "bv" | "d", Level::Container) => false,
        _ => return Err(not_authentic("sr is not valid")),
    };
    if fits {
        Ok(())
    } else {
        Err(not_authentic(
            "The specified signed resource is not allowed for the this resource level",
        ))
    }
}

fn check_signature(holdings: &impl Holdings, sas: &Sas<'_>, ask: &Ask) -> Result<(), Failure> {
    let unknown = || Failure::new(ErrorCode::AUTHENTICATION_FAILED);
    let config = holdings.config();
    let text = text::to_sign(sas, ask);
    let genuine = if sas.kind == SasKind::Delegation {
        let fields = delegation_key::Fields::of_sas(sas.query);
        fields.check_time(ask.now)?;
        let delegating = config.delegating(&ask.account).ok_or_else(unknown)?;
        mac::verify(&fields.value(delegating), text.as_bytes(), sas.get("sig"))
    } else {
        let keys = config.keys(&ask.account).ok_or_else(unknown)?;
        keys.verify(text.as_bytes(), sas.get("sig"))
    };
    if genuine {
        Ok(())
    } else {
        Err(not_authentic(format!(
            "Signature did not match. String to sign used was {text}"
        )))
    }
}

/// Address and protocol.
fn check_origin(sas: &Sas<'_>, ask: &Ask) -> Result<(), Failure> {
    if let Some(range) = sas.query.filled("sip")
        && let Some(peer) = ask.peer
        && !ip::is_in(peer, range)
    {
        let mismatch = Failure::new(ErrorCode::AUTHORIZATION_SOURCE_IPMISMATCH);
        return Err(mismatch
            .message(format!(
                "This request is not authorized to perform this operation using this source IP \
                 {peer}."
            ))
            .detail("SourceIP", peer.to_string()));
    }
    match sas.query.filled("spr") {
        Some("https") if !ask.secure => {
            Err(Failure::new(ErrorCode::AUTHORIZATION_PROTOCOL_MISMATCH))
        }
        None | Some("https" | "https,http" | "http,https") => Ok(()),
        Some(_) => Err(not_authentic("spr is not valid")),
    }
}

fn check_account_reach(sas: &Sas<'_>, rule: Rule) -> Result<(), Failure> {
    if !sas.get("ss").contains('b') {
        return Err(Failure::new(ErrorCode::AUTHORIZATION_SERVICE_MISMATCH));
    }
    if !rule.resource.is_in(sas.get("srt")) {
        return Err(Failure::new(
            ErrorCode::AUTHORIZATION_RESOURCE_TYPE_MISMATCH,
        ));
    }
    if rule.any_of == Permissions::NONE {
        return Err(Failure::new(ErrorCode::AUTHORIZATION_FAILURE));
    }
    Ok(())
}

fn check_service_reach(rule: Rule) -> Result<(), Failure> {
    if rule.service_sas {
        Ok(())
    } else {
        Err(Failure::new(ErrorCode::AUTHORIZATION_FAILURE))
    }
}

fn check_letters(letters: Permissions, version: ServiceVersion, ask: &Ask) -> Result<(), Failure> {
    if rules::is_enough(letters, version, ask) {
        Ok(())
    } else {
        Err(Failure::new(ErrorCode::AUTHORIZATION_PERMISSION_MISMATCH))
    }
}

/// Before 2015-04-05 a SAS that did not reach was answered as if nothing were there.
fn veiled(failure: Failure, version: ServiceVersion) -> Failure {
    if version < ServiceVersion::V2015_04_05 {
        Failure::new(ErrorCode::RESOURCE_NOT_FOUND)
    } else {
        failure
    }
}

#[cfg(test)]
mod tests;
