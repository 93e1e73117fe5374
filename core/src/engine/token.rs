//! Bearer tokens that the service refuses before they run out: revoked, or from another clock.

use std::collections::{BTreeMap, BTreeSet};

use crate::address::Account;
use crate::credential::{Bearer, Credential, Identities};
use crate::error::ErrorCode;
use crate::message::{ExchangeId, Response};
use crate::wire::header;

/// Which token each exchange went with. A refused one is given up, so that the next request asks for
/// another; one that came in its place and is refused as well stays, since asking on would not end.
#[derive(Debug, Default)]
pub(super) struct Tokens {
    flying: BTreeMap<ExchangeId, (Account, Bearer)>,
    /// Accounts whose token was given up, until one of theirs is accepted again.
    refused: BTreeSet<Account>,
}

impl Tokens {
    pub(super) fn sent(&mut self, id: ExchangeId, account: &Account, identities: &Identities) {
        if let Some(Credential::Bearer(bearer)) = identities.get(account) {
            self.flying.insert(id, (account.clone(), bearer.clone()));
        }
    }

    pub(super) fn forget(&mut self, id: ExchangeId) {
        self.flying.remove(&id);
    }

    pub(super) fn heard(&mut self, id: ExchangeId, answer: &Response, identities: &mut Identities) {
        let Some((account, bearer)) = self.flying.remove(&id) else {
            return;
        };
        // An answer to a token that has been replaced meanwhile says nothing about the new one.
        let current = match identities.get(&account) {
            Some(Credential::Bearer(current)) => *current == bearer,
            Some(Credential::SharedKey(_) | Credential::Sas(_) | Credential::Anonymous) | None => {
                false
            }
        };
        if !current {
            return;
        }
        if !is_refusal(answer) {
            self.refused.remove(&account);
        } else if self.refused.insert(account.clone()) {
            identities.set(account, bearer.ended().into());
        }
    }
}

/// Source: "Authorize with Microsoft Entra ID".
fn is_refusal(answer: &Response) -> bool {
    let code = answer.header(&header::X_MS_ERROR_CODE);
    answer.status() == 401 && code == Some(ErrorCode::INVALID_AUTHENTICATION_INFO.as_str())
}
