//! Stored access policies of a container: what a SAS may leave to the service.

use quick_xml::escape::escape;

use crate::error::{InvalidInput, UnreadableReply};
use crate::time::Timestamp;
use crate::xml::{bad, walk};

/// The stored access policies of a container: at most five, each under its own id.
///
/// A change takes up to 30 seconds to be in force; until then a SAS that names the policy is refused
/// with 403. Source: "Establishing a Stored Access Policy".
///
/// ```
/// use blobferry_core::{AccessPolicies, AccessPolicy, Timestamp};
/// let mut read_for_now = AccessPolicy::new("partners", "rl")?;
/// read_for_now.expiry = Some(Timestamp::parse_iso("2026-12-01T00:00:00Z")?);
/// let policies = AccessPolicies::new([read_for_now])?;
/// assert_eq!(policies.get("partners").map(AccessPolicy::permissions), Some("rl"));
/// # Ok::<(), blobferry_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AccessPolicies(Vec<AccessPolicy>);

/// One policy: whatever it leaves open, the SAS that names it must say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessPolicy {
    id: String,
    permissions: String,
    /// Not good before this moment.
    pub start: Option<Timestamp>,
    /// Not good from this moment on.
    pub expiry: Option<Timestamp>,
}

impl AccessPolicies {
    /// The most policies a container can have.
    pub const LIMIT: usize = 5;

    /// Policies in this order.
    ///
    /// # Errors
    /// There must be at most five, no two with the same id.
    pub fn new(policies: impl IntoIterator<Item = AccessPolicy>) -> Result<Self, InvalidInput> {
        let policies: Vec<_> = policies.into_iter().collect();
        if policies.len() > Self::LIMIT {
            return Err(InvalidInput::new(
                "access policies",
                policies.len().to_string(),
                "a container can have at most five",
            ));
        }
        for (at, policy) in policies.iter().enumerate() {
            if policies.iter().take(at).any(|other| other.id == policy.id) {
                return Err(InvalidInput::new(
                    "access policies",
                    &*policy.id,
                    "every policy needs an id of its own",
                ));
            }
        }
        Ok(Self(policies))
    }

    /// The policy with this id.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&AccessPolicy> {
        self.0.iter().find(|policy| policy.id == id)
    }

    /// The policies in order.
    pub fn iter(&self) -> std::slice::Iter<'_, AccessPolicy> {
        self.0.iter()
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Reads the body of Get Container ACL.
    pub(crate) fn from_xml(body: &[u8]) -> Result<Self, UnreadableReply> {
        let mut policies = Vec::new();
        let mut next = Draft::default();
        let mut refused = None;
        walk(body, |path, text| {
            let ["SignedIdentifiers", "SignedIdentifier", rest @ ..] = path else {
                return;
            };
            match rest {
                ["Id"] => text.clone_into(&mut next.id),
                ["AccessPolicy", "Start"] => text.clone_into(&mut next.start),
                ["AccessPolicy", "Expiry"] => text.clone_into(&mut next.expiry),
                ["AccessPolicy", "Permission"] => text.clone_into(&mut next.permissions),
                [] => match std::mem::take(&mut next).finish() {
                    Ok(policy) => policies.push(policy),
                    Err(error) => refused = Some(error),
                },
                _ => {}
            }
        })?;
        match refused {
            None => Self::new(policies).map_err(|error| bad(&error.to_string())),
            Some(error) => Err(bad(&error.to_string())),
        }
    }

    /// The body of Set Container ACL.
    pub(crate) fn to_xml(&self) -> String {
        let mut xml = String::with_capacity(80 + 200 * self.0.len());
        xml.push_str("<?xml version=\"1.0\" encoding=\"utf-8\"?><SignedIdentifiers>");
        for policy in &self.0 {
            policy.push_xml(&mut xml);
        }
        xml.push_str("</SignedIdentifiers>");
        xml
    }
}

impl<'a> IntoIterator for &'a AccessPolicies {
    type Item = &'a AccessPolicy;
    type IntoIter = std::slice::Iter<'a, AccessPolicy>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl AccessPolicy {
    /// A policy that permits what the letters stand for, with no bounds in time.
    ///
    /// # Errors
    /// The id must have 1 to 64 printable characters; permissions are ASCII letters, such as `racwdl`, or
    /// empty to leave them to the SAS.
    pub fn new(id: &str, permissions: &str) -> Result<Self, InvalidInput> {
        if id.is_empty() || id.chars().count() > 64 || id.chars().any(char::is_control) {
            return Err(InvalidInput::new(
                "access policy id",
                id,
                "must have 1 to 64 printable characters",
            ));
        }
        if !permissions.bytes().all(|byte| byte.is_ascii_alphabetic()) {
            return Err(InvalidInput::new(
                "permissions",
                permissions,
                "must be letters such as `racwdl`",
            ));
        }
        Ok(Self {
            id: id.to_owned(),
            permissions: permissions.to_owned(),
            start: None,
            expiry: None,
        })
    }

    /// The id that a SAS names in `si`.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The letters; empty where the SAS must say them.
    #[must_use]
    pub fn permissions(&self) -> &str {
        &self.permissions
    }

    fn push_xml(&self, xml: &mut String) {
        xml.push_str("<SignedIdentifier>");
        push_element(xml, "Id", &self.id);
        xml.push_str("<AccessPolicy>");
        if let Some(start) = self.start {
            push_element(xml, "Start", &iso(start));
        }
        if let Some(expiry) = self.expiry {
            push_element(xml, "Expiry", &iso(expiry));
        }
        if !self.permissions.is_empty() {
            push_element(xml, "Permission", &self.permissions);
        }
        xml.push_str("</AccessPolicy></SignedIdentifier>");
    }
}

/// A policy while its elements are read.
#[derive(Default)]
struct Draft {
    id: String,
    start: String,
    expiry: String,
    permissions: String,
}

impl Draft {
    fn finish(self) -> Result<AccessPolicy, InvalidInput> {
        let moment = |text: &str| match text {
            "" => Ok(None),
            text => Timestamp::parse_iso(text).map(Some),
        };
        Ok(AccessPolicy {
            start: moment(&self.start)?,
            expiry: moment(&self.expiry)?,
            ..AccessPolicy::new(&self.id, &self.permissions)?
        })
    }
}

/// To the second where that says it all, else with the fraction the moment has.
fn iso(moment: Timestamp) -> String {
    if moment == moment.floor_to_second() {
        moment.to_iso()
    } else {
        moment.to_iso_ticks(0)
    }
}

fn push_element(xml: &mut String, name: &str, text: &str) {
    xml.push('<');
    xml.push_str(name);
    xml.push('>');
    xml.push_str(&escape(text));
    xml.push_str("</");
    xml.push_str(name);
    xml.push('>');
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn more_than_five_policies_or_one_id_twice_are_refused() {
        let policy = |id: &str| AccessPolicy::new(id, "r").unwrap();
        let many = |count: usize| AccessPolicies::new((0..count).map(|n| policy(&n.to_string())));
        assert!(many(5).is_ok());
        assert!(many(6).is_err());
        assert!(AccessPolicies::new([policy("a"), policy("a")]).is_err());
        assert!(AccessPolicies::new([policy("a"), policy("A")]).is_ok());
    }

    #[test]
    fn ids_have_up_to_64_characters() {
        for (id, good) in [
            (String::new(), false),
            ("ä".repeat(64), true),
            ("a".repeat(65), false),
            ("a\u{1}".to_owned(), false),
        ] {
            assert_eq!(AccessPolicy::new(&id, "").is_ok(), good, "{id:?}");
        }
        assert!(AccessPolicy::new("a", "r,w").is_err());
    }

    #[test]
    fn the_service_s_own_form_is_read() {
        let xml = "\u{feff}<?xml version=\"1.0\" encoding=\"utf-8\"?><SignedIdentifiers>\
            <SignedIdentifier><Id>a&amp;b</Id><AccessPolicy><Start>2050-12-20T21:55:06.0000000Z</Start>\
            <Permission>rwd</Permission></AccessPolicy></SignedIdentifier>\
            <SignedIdentifier><Id>empty</Id></SignedIdentifier></SignedIdentifiers>";
        let policies = AccessPolicies::from_xml(xml.as_bytes()).unwrap();
        let first = policies.get("a&b").unwrap();
        assert_eq!(first.permissions(), "rwd");
        assert_eq!(
            first.start.map(Timestamp::to_iso),
            Some("2050-12-20T21:55:06Z".into())
        );
        assert_eq!(policies.get("empty").unwrap().expiry, None);
        let none = AccessPolicies::from_xml(b"<SignedIdentifiers />").unwrap();
        assert!(none.is_empty());
    }

    #[test]
    fn bodies_that_break_the_rules_are_unreadable() {
        for xml in [
            "",
            "<SignedIdentifiers><SignedIdentifier/></SignedIdentifiers>",
            "<SignedIdentifiers><SignedIdentifier><Id>a</Id><AccessPolicy><Start>soon</Start></AccessPolicy></SignedIdentifier></SignedIdentifiers>",
        ] {
            assert!(AccessPolicies::from_xml(xml.as_bytes()).is_err(), "{xml}");
        }
    }

    fn policies() -> impl Strategy<Value = AccessPolicies> {
        // To the millisecond, from 1970 to 9999.
        let moment =
            proptest::option::of((0..253_402_300_799_999_i64).prop_map(Timestamp::from_millis));
        let policy = ("[^\\p{Cc}]{1,64}", "[a-z]{0,10}", moment.clone(), moment).prop_filter_map(
            "no policy",
            |(id, permissions, start, expiry)| {
                let policy = AccessPolicy::new(&id, &permissions).ok()?;
                Some(AccessPolicy {
                    start,
                    expiry,
                    ..policy
                })
            },
        );
        proptest::collection::vec(policy, 0..=5).prop_filter_map("one id twice", |policies| {
            AccessPolicies::new(policies).ok()
        })
    }

    proptest! {
        #[test]
        fn policies_read_back_from_their_body(policies in policies()) {
            let xml = policies.to_xml();
            prop_assert_eq!(AccessPolicies::from_xml(xml.as_bytes()), Ok(policies));
        }
    }
}
