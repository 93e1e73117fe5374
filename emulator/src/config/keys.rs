//! The two keys of an account.

use std::sync::{Arc, PoisonError, RwLock};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

use crate::auth::mac;

use super::InvalidConfig;

/// Which of an account's two keys: either opens everything, so that one can be replaced while
/// clients still use the other.
///
/// Source: "Manage account access keys".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KeyName {
    /// `key1`, which connection strings hold.
    Key1,
    /// `key2`, which an account may lack here.
    Key2,
}

impl KeyName {
    /// Both, in order.
    pub const ALL: [Self; 2] = [Self::Key1, Self::Key2];

    /// As the service's management side writes it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Key1 => "key1",
            Self::Key2 => "key2",
        }
    }
}

/// One key, and half of the work of signing with it.
#[derive(Clone)]
struct Key {
    bytes: Vec<u8>,
    signing: mac::Key,
}

impl Key {
    fn read(account: &str, text: &str) -> Result<Self, InvalidConfig> {
        match BASE64_STANDARD.decode(text) {
            Ok(bytes) if !bytes.is_empty() => Ok(Self::of(bytes)),
            _ => Err(InvalidConfig(format!(
                "the key of account `{account}` must be base64"
            ))),
        }
    }

    fn of(bytes: Vec<u8>) -> Self {
        Self {
            signing: mac::Key::new(&bytes),
            bytes,
        }
    }
}

/// The keys that hold at a moment.
#[derive(Clone)]
pub(crate) struct Pair {
    first: Key,
    second: Option<Key>,
}

impl Pair {
    /// Whether a signature, in Base64, is that of the text under either key.
    pub(crate) fn verify(&self, text: &[u8], signature: &str) -> bool {
        let second = self.second.as_ref();
        self.first.signing.verify(text, signature)
            || second.is_some_and(|key| key.signing.verify(text, signature))
    }

    /// A key in Base64.
    pub(crate) fn text(&self, name: KeyName) -> Option<String> {
        let key = match name {
            KeyName::Key1 => Some(&self.first),
            KeyName::Key2 => self.second.as_ref(),
        };
        key.map(|key| BASE64_STANDARD.encode(&key.bytes))
    }
}

/// The keys of an account. Clones share them, so that all parts of a service change keys at once.
#[derive(Clone)]
pub(super) struct Keys {
    pair: Arc<RwLock<Arc<Pair>>>,
    /// What user delegation keys are made from: they outlive the account's keys.
    delegating: Vec<u8>,
}

impl Keys {
    pub(super) fn read(account: &str, text: &str) -> Result<Self, InvalidConfig> {
        Key::read(account, text).map(Self::of_key)
    }

    pub(super) fn of(bytes: Vec<u8>) -> Self {
        Self::of_key(Key::of(bytes))
    }

    fn of_key(first: Key) -> Self {
        Self {
            delegating: first.bytes.clone(),
            pair: Arc::new(RwLock::new(Arc::new(Pair {
                first,
                second: None,
            }))),
        }
    }

    /// The same keys, shared with nobody.
    pub(super) fn apart(&self) -> Self {
        let pair = Arc::clone(&self.now());
        Self {
            pair: Arc::new(RwLock::new(pair)),
            delegating: self.delegating.clone(),
        }
    }

    /// The keys that hold now.
    pub(super) fn now(&self) -> Arc<Pair> {
        Arc::clone(&self.pair.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Puts a key in the place of another.
    pub(super) fn set(
        &self,
        account: &str,
        name: KeyName,
        text: &str,
    ) -> Result<(), InvalidConfig> {
        let key = Key::read(account, text)?;
        let mut held = self.pair.write().unwrap_or_else(PoisonError::into_inner);
        let mut pair = Pair::clone(&held);
        match name {
            KeyName::Key1 => pair.first = key,
            KeyName::Key2 => pair.second = Some(key),
        }
        *held = Arc::new(pair);
        Ok(())
    }

    /// What user delegation keys are made from.
    pub(super) fn delegating(&self) -> &[u8] {
        &self.delegating
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signed(key: &[u8]) -> String {
        BASE64_STANDARD.encode(mac::sign(key, b"text"))
    }

    #[test]
    fn either_key_signs_and_a_replaced_one_does_no_more() {
        let keys = Keys::of(b"one".to_vec());
        let passes = |key| keys.now().verify(b"text", &signed(key));
        assert!(passes(b"one") && !passes(b"two"));
        let two = BASE64_STANDARD.encode(b"two");
        keys.set("acct", KeyName::Key2, &two).unwrap();
        assert!(passes(b"one") && passes(b"two"));
        let three = BASE64_STANDARD.encode(b"three");
        keys.set("acct", KeyName::Key1, &three).unwrap();
        assert!(!passes(b"one") && passes(b"two") && passes(b"three"));
        assert_eq!(keys.now().text(KeyName::Key1), Some(three));
        assert!(keys.set("acct", KeyName::Key1, "no base64").is_err());
        assert!(keys.set("acct", KeyName::Key1, "").is_err());
        assert!(passes(b"three"));
    }

    #[test]
    fn clones_share_their_keys_and_those_apart_do_not() {
        let keys = Keys::of(b"one".to_vec());
        let (clone, apart) = (keys.clone(), keys.apart());
        keys.set("acct", KeyName::Key1, "dHdv").unwrap();
        assert!(clone.now().verify(b"text", &signed(b"two")));
        assert!(apart.now().verify(b"text", &signed(b"one")));
    }
}
