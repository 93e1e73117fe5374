//! Get User Delegation Key: `POST /?restype=service&comp=userdelegationkey`.

use std::fmt;

use http::Method;

use super::{Operation, accept};
use crate::address::Account;
use crate::error::{Error, InvalidInput, UnreadableReply};
use crate::heard::Heard;
use crate::message::{Request, Response, Urgency};
use crate::receipt::Receipt;
use crate::sas::DelegationKey;
use crate::sign::shared_key::SharedKey;
use crate::time::Timestamp;
use crate::version::ServiceVersion;
use crate::wire::query;
use crate::xml::{bad, walk};

/// Asks, with a bearer token, for a key that signs SAS tokens in the asking user's name.
///
/// Version 2018-11-09 and later. Source: "Get User Delegation Key".
///
/// ```
/// use blobferry_core::operation::{GetUserDelegationKey, Operation};
/// use blobferry_core::{Account, Timestamp};
/// let account: Account = "https://south.blob.core.windows.net".parse()?;
/// let expiry = Timestamp::parse_iso("2026-01-02T00:00:00Z")?;
/// let ask = GetUserDelegationKey::new(account, expiry);
/// assert_eq!(ask.request().operation(), "Get User Delegation Key");
/// # Ok::<(), blobferry_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GetUserDelegationKey {
    /// Which account.
    pub account: Account,
    /// When the key begins to be good; at once if not given. Whole seconds.
    pub start: Option<Timestamp>,
    /// When it ends to be good: at most seven days on. Whole seconds.
    pub expiry: Timestamp,
    /// The tenant of the only user whom its SAS tokens may serve. Version 2026-04-06 and later.
    pub delegated_user_tenant: Option<String>,
}

/// A key that signs SAS tokens in a user's name. Never shown: `Debug` leaves the value out.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct UserDelegationKey {
    /// The user, or other principal.
    pub signed_oid: String,
    /// The user's tenant.
    pub signed_tid: String,
    /// When the key begins to be good, as the service wrote it: it is signed so.
    pub signed_start: String,
    /// When it ends to be good, as the service wrote it.
    pub signed_expiry: String,
    /// The service it is for: `b`.
    pub signed_service: String,
    /// The version it was made with.
    pub signed_version: String,
    /// The tenant of the only user it may serve. Version 2026-04-06 and later.
    pub signed_delegated_user_tid: Option<String>,
    /// The key itself, in Base64: do not print it.
    pub value: String,
    /// What the answer says about itself.
    pub receipt: Receipt,
}

impl UserDelegationKey {
    /// The key made ready to sign SAS tokens.
    ///
    /// # Errors
    /// What the service wrote must be times, a version and a key.
    pub fn ready(&self) -> Result<DelegationKey, InvalidInput> {
        Ok(DelegationKey {
            object_id: self.signed_oid.clone(),
            tenant_id: self.signed_tid.clone(),
            start: Timestamp::parse_iso(&self.signed_start)?,
            expiry: Timestamp::parse_iso(&self.signed_expiry)?,
            service: self.signed_service.clone(),
            version: self.signed_version.parse()?,
            value: SharedKey::new(&self.value)?,
        })
    }
}

impl GetUserDelegationKey {
    /// A key that is good from now on.
    #[must_use]
    pub fn new(account: Account, expiry: Timestamp) -> Self {
        Self {
            account,
            start: None,
            expiry,
            delegated_user_tenant: None,
        }
    }

    fn body(&self) -> String {
        let mut xml = String::from("<?xml version=\"1.0\" encoding=\"utf-8\"?><KeyInfo>");
        let mut push = |name: &str, text: &str| {
            let text = quick_xml::escape::escape(text);
            for part in ["<", name, ">", &text, "</", name, ">"] {
                xml.push_str(part);
            }
        };
        if let Some(start) = self.start {
            push("Start", &start.to_iso());
        }
        push("Expiry", &self.expiry.to_iso());
        if let Some(tenant) = &self.delegated_user_tenant {
            push("DelegatedUserTid", tenant);
        }
        xml.push_str("</KeyInfo>");
        xml
    }
}

impl Operation for GetUserDelegationKey {
    type Output = UserDelegationKey;
    const NAME: &'static str = "Get User Delegation Key";
    const IDEMPOTENT: bool = true;
    const URGENCY: Urgency = Urgency::Start;

    fn request(&self) -> Request {
        let needs = match self.delegated_user_tenant {
            Some(_) => ServiceVersion::V2026_04_06,
            None => ServiceVersion::V2018_11_09,
        };
        Request::to_account(Method::POST, &self.account)
            .of(Self::NAME, Self::URGENCY)
            .needs(needs)
            .query(query::RESTYPE, "service")
            .query(query::COMP, "userdelegationkey")
            .xml(self.body())
    }

    fn parse(&self, response: &Response) -> Result<UserDelegationKey, Error> {
        accept(response, &[200])?;
        let mut seen: Vec<(String, String)> = Vec::new();
        walk(response.body(), |path, text| {
            if let ["UserDelegationKey", name] = path {
                seen.push(((*name).to_owned(), text.to_owned()));
            }
        })?;
        let get = |name: &str| {
            let found = seen.iter().find(|(key, _)| key == name);
            found.and_then(|(_, text)| String::heard(text))
        };
        let need = |name: &str| -> Result<String, UnreadableReply> {
            get(name).ok_or_else(|| bad(&format!("it lacks `{name}`")))
        };
        Ok(UserDelegationKey {
            signed_oid: need("SignedOid")?,
            signed_tid: need("SignedTid")?,
            signed_start: need("SignedStart")?,
            signed_expiry: need("SignedExpiry")?,
            signed_service: need("SignedService")?,
            signed_version: need("SignedVersion")?,
            signed_delegated_user_tid: get("SignedDelegatedUserTid"),
            value: need("Value")?,
            receipt: Receipt::of(response),
        })
    }
}

impl fmt::Debug for UserDelegationKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UserDelegationKey")
            .field("signed_oid", &self.signed_oid)
            .field("signed_tid", &self.signed_tid)
            .field("signed_start", &self.signed_start)
            .field("signed_expiry", &self.signed_expiry)
            .field("signed_version", &self.signed_version)
            .field("receipt", &self.receipt)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;

    fn ask() -> GetUserDelegationKey {
        let account: Account = "https://a.blob.core.windows.net".parse().unwrap();
        GetUserDelegationKey::new(account, Timestamp::from_millis(0))
    }

    #[test]
    fn the_body_names_both_ends() {
        let ask = GetUserDelegationKey {
            start: Some(Timestamp::from_millis(0)),
            ..ask()
        };
        assert!(ask.body().ends_with(
            "<KeyInfo><Start>1970-01-01T00:00:00Z</Start><Expiry>1970-01-01T00:00:00Z</Expiry></KeyInfo>"
        ));
    }

    #[test]
    fn the_key_is_read_whole_and_never_shown() {
        let body = "<UserDelegationKey><SignedOid>o</SignedOid><SignedTid>t</SignedTid>\
             <SignedStart>2026-01-01T00:00:00Z</SignedStart><SignedExpiry>2026-01-02T00:00:00Z</SignedExpiry>\
             <SignedService>b</SignedService><SignedVersion>2021-12-02</SignedVersion><Value>SECRET</Value></UserDelegationKey>";
        let parse = |body: String| {
            let answer = http::Response::new(Bytes::from(body));
            ask().parse(&Response::new(answer))
        };
        let key = parse(body.to_owned()).unwrap();
        assert_eq!(key.value, "SECRET");
        assert!(!format!("{key:?}").contains("SECRET"));
        assert!(parse(body.replace("SignedOid", "Other")).is_err());
    }
}
