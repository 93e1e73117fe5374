//! The letters of a SAS as a set.

use std::ops::BitOr;

/// A set of permission letters, as in `sp` of a SAS.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Permissions(u16);

/// Every letter with its bit.
const LETTERS: &[(char, Permissions)] = &[
    ('r', Permissions::READ),
    ('a', Permissions::ADD),
    ('c', Permissions::CREATE),
    ('w', Permissions::WRITE),
    ('d', Permissions::DELETE),
    ('x', Permissions::DELETE_VERSION),
    ('y', Permissions::PERMANENT_DELETE),
    ('l', Permissions::LIST),
    ('t', Permissions::TAGS),
    ('f', Permissions::FILTER),
    ('m', Permissions::MOVE),
    ('e', Permissions::EXECUTE),
    ('o', Permissions::OWNERSHIP),
    ('p', Permissions::PERMISSIONS),
    ('i', Permissions::IMMUTABILITY),
    ('u', Permissions::UPDATE),
];

impl Permissions {
    pub(crate) const NONE: Self = Self(0);
    pub(crate) const READ: Self = Self(1);
    pub(crate) const ADD: Self = Self(1 << 1);
    pub(crate) const CREATE: Self = Self(1 << 2);
    pub(crate) const WRITE: Self = Self(1 << 3);
    pub(crate) const DELETE: Self = Self(1 << 4);
    pub(crate) const DELETE_VERSION: Self = Self(1 << 5);
    pub(crate) const PERMANENT_DELETE: Self = Self(1 << 6);
    pub(crate) const LIST: Self = Self(1 << 7);
    pub(crate) const TAGS: Self = Self(1 << 8);
    pub(crate) const FILTER: Self = Self(1 << 9);
    pub(crate) const MOVE: Self = Self(1 << 10);
    pub(crate) const EXECUTE: Self = Self(1 << 11);
    pub(crate) const OWNERSHIP: Self = Self(1 << 12);
    pub(crate) const PERMISSIONS: Self = Self(1 << 13);
    pub(crate) const IMMUTABILITY: Self = Self(1 << 14);
    pub(crate) const UPDATE: Self = Self(1 << 15);
    pub(crate) const ALL: Self = Self(u16::MAX);

    /// Reads letters in any order; absent where one is unknown.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        text.chars().try_fold(Self::NONE, |all, letter| {
            LETTERS
                .iter()
                .find(|(known, _)| *known == letter)
                .map(|(_, bit)| all | *bit)
        })
    }

    /// Whether the two sets share a letter.
    pub(crate) const fn intersects(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Whether every letter of `other` is in this set.
    pub(crate) const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Both sets together, in constants.
    pub(crate) const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl BitOr for Permissions {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        self.with(other)
    }
}

impl std::fmt::Debug for Permissions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        LETTERS
            .iter()
            .filter(|(_, bit)| self.intersects(*bit))
            .try_for_each(|(letter, _)| write!(f, "{letter}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_read_in_any_order() {
        let set = Permissions::parse("wrd").unwrap();
        assert!(set.contains(Permissions::READ | Permissions::WRITE | Permissions::DELETE));
        assert!(!set.intersects(Permissions::CREATE));
        assert_eq!(format!("{set:?}"), "rwd");
        assert_eq!(Permissions::parse("rz"), None);
    }
}
