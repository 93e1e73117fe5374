//! What a SAS allows.

use std::fmt;
use std::ops::BitOr;
use std::str::FromStr;

use crate::error::InvalidInput;

/// A set of permissions, written in the order the service wants: `racwdxyltmeopfi`.
///
/// ```
/// use blobferry_core::sas::Permissions;
/// let both = Permissions::WRITE | Permissions::READ;
/// assert_eq!(both.to_string(), "rw");
/// assert_eq!("wr".parse(), Ok(both));
/// # Ok::<(), blobferry_core::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Permissions(u16);

/// Letters in the documented order; those the page does not place (`y`, `f`, `i`) as SDKs write them.
const LETTERS: &str = "racwdxyltmeopfi";

macro_rules! permissions {
    ($($(#[$doc:meta])* $name:ident = $bit:literal;)*) => {
        impl Permissions {
            $($(#[$doc])* pub const $name: Self = Self(1 << $bit);)*
        }
    };
}

permissions! {
    /// `r`: read content, properties, metadata; be a copy source.
    READ = 0;
    /// `a`: append a block.
    ADD = 1;
    /// `c`: write a new blob, snapshot a blob, copy to a new blob.
    CREATE = 2;
    /// `w`: write, also over what is there; lease.
    WRITE = 3;
    /// `d`: delete a blob; break a lease (2017-07-29 and later).
    DELETE = 4;
    /// `x`: delete a version. Service version 2019-12-12 and later.
    DELETE_VERSION = 5;
    /// `y`: delete a snapshot or version for good. Service version 2020-02-10 and later.
    PERMANENT_DELETE = 6;
    /// `l`: list blobs; containers and accounts only.
    LIST = 7;
    /// `t`: read and write index tags. Service version 2019-12-12 and later.
    TAGS = 8;
    /// `m`: move. Service version 2020-02-10 and later.
    MOVE = 9;
    /// `e`: read properties, and the access control list. Service version 2020-02-10 and later.
    EXECUTE = 10;
    /// `o`: set the owner. Service version 2020-02-10 and later.
    OWNERSHIP = 11;
    /// `p`: set permissions. Service version 2020-02-10 and later.
    ACCESS_CONTROL = 12;
    /// `f`: find blobs by tags. Service version 2019-12-12 and later.
    FILTER = 13;
    /// `i`: immutability policies and legal holds. Service version 2020-06-12 and later.
    IMMUTABILITY = 14;
}

impl Permissions {
    /// Nothing.
    pub const NONE: Self = Self(0);

    /// Whether all of `other` is allowed.
    #[must_use]
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Whether nothing is allowed.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }
}

impl BitOr for Permissions {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl FromStr for Permissions {
    type Err = InvalidInput;

    /// Reads letters in any order.
    fn from_str(text: &str) -> Result<Self, InvalidInput> {
        text.chars().try_fold(Self::NONE, |sum, letter| {
            LETTERS
                .chars()
                .position(|known| known == letter)
                .map(|bit| sum | Self(1 << bit))
                .ok_or_else(|| {
                    InvalidInput::new(
                        "SAS permissions",
                        text,
                        "must be letters of racwdxyltmeopfi",
                    )
                })
        })
    }
}

impl fmt::Display for Permissions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let given = LETTERS
            .chars()
            .enumerate()
            .filter(|(bit, _)| self.0 & (1 << bit) != 0);
        given
            .map(|(_, letter)| letter)
            .try_for_each(|letter| write!(f, "{letter}"))
    }
}

impl fmt::Debug for Permissions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Permissions({self})")
    }
}
