//! Words of the protocol: enums whose variants are spelled once, open to words not known yet.

/// Declares an open enum of protocol words with `as_str`, `From<&str>` and `Display`.
///
/// A word that a later service version adds is kept as `Other` instead of failing the answer it
/// stands in.
macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($(#[$vmeta:meta])* $variant:ident = $text:literal,)* }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $($(#[$vmeta])* #[doc = concat!("`", $text, "` on the wire.")] $variant,)*
            /// A word this version of the crate does not know.
            Other(Box<str>),
        }

        impl $name {
            /// Every word known, in the order of declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The word as the service spells it.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $text,)*
                    Self::Other(text) => text,
                }
            }
        }

        impl $name {
            /// The word as a header holds it; absent where it is not known and no header can hold it.
            #[must_use]
            pub fn to_header(&self) -> Option<http::HeaderValue> {
                match self {
                    $(Self::$variant => Some(http::HeaderValue::from_static($text)),)*
                    Self::Other(text) => http::HeaderValue::from_str(text).ok(),
                }
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                match text {
                    $($text => Self::$variant,)*
                    other => Self::Other(other.into()),
                }
            }
        }

        impl crate::heard::Heard for $name {
            fn heard(text: &str) -> Option<Self> {
                Some(text.into())
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

words! {
    /// What kind of blob it is. Source: "Understanding block blobs, append blobs, and page blobs".
    BlobType {
        Block = "BlockBlob",
        Page = "PageBlob",
        /// Service version 2015-02-21 and later.
        Append = "AppendBlob",
    }
}
words! {
    /// How far an asynchronous copy is. Source: "Copy Blob".
    CopyStatus {
        /// Under way; nothing is settled.
        Pending = "pending",
        /// Finished, with all the bytes.
        Success = "success",
        /// Ended by Abort Copy Blob; the destination is empty.
        Aborted = "aborted",
        /// Ended by the service; the description says why.
        Failed = "failed",
    }
}
words! {
    /// Where a lease stands. Source: "Lease Blob".
    LeaseState {
        Available = "available",
        Leased = "leased",
        Expired = "expired",
        Breaking = "breaking",
        Broken = "broken",
    }
}
words! {
    /// Whether a lease keeps others out.
    LeaseStatus {
        Locked = "locked",
        Unlocked = "unlocked",
    }
}
words! {
    /// Whether a lease ends by itself.
    LeaseDuration {
        Infinite = "infinite",
        Fixed = "fixed",
    }
}
words! {
    /// An access tier. Source: "Set Blob Tier".
    AccessTier {
        Hot = "Hot",
        Cool = "Cool",
        /// Service version 2021-12-02 and later.
        Cold = "Cold",
        Archive = "Archive",
        /// Service version 2026-06-06 and later.
        Smart = "Smart",
        Premium = "Premium",
        P4 = "P4",
        P6 = "P6",
        P10 = "P10",
        P15 = "P15",
        P20 = "P20",
        P30 = "P30",
        P40 = "P40",
        P50 = "P50",
        P60 = "P60",
        P70 = "P70",
        P80 = "P80",
    }
}
words! {
    /// How soon an archived blob is brought back. Service version 2019-02-02 and later.
    RehydratePriority {
        High = "High",
        Standard = "Standard",
    }
}
words! {
    /// Where an archived blob is on its way to.
    ArchiveStatus {
        PendingToHot = "rehydrate-pending-to-hot",
        PendingToCool = "rehydrate-pending-to-cool",
        PendingToCold = "rehydrate-pending-to-cold",
        PendingToSmart = "rehydrate-pending-to-smart",
    }
}
words! {
    /// Who may read a container without credentials. Source: "Set Container ACL".
    PublicAccess {
        /// Blobs and the list of blobs.
        Container = "container",
        /// Blobs only.
        Blob = "blob",
    }
}
words! {
    /// Whether an immutability policy may still be shortened. Service version 2020-06-12 and later.
    ImmutabilityMode {
        Unlocked = "Unlocked",
        Locked = "Locked",
    }
}
words! {
    /// What happens to the snapshots of a deleted blob. Source: "Delete Blob".
    DeleteSnapshots {
        /// The blob and its snapshots go.
        Include = "include",
        /// The snapshots go, the blob stays.
        Only = "only",
    }
}
words! {
    /// How Set Blob Properties changes a page blob's sequence number.
    SequenceNumberAction {
        /// The greater of the old and the given number.
        Max = "max",
        /// The given number.
        Update = "update",
        /// One more than the old number.
        Increment = "increment",
    }
}
words! {
    /// Which blocks Get Block List shows.
    BlockListType {
        Committed = "committed",
        Uncommitted = "uncommitted",
        All = "all",
    }
}
words! {
    /// Whose tags a synchronous copy carries. Service version 2021-04-10 and later.
    SourceTagOption {
        /// Those given with the request, or none.
        Replace = "REPLACE",
        /// Those of the source.
        Copy = "COPY",
    }
}

words! {
    /// What List Blobs shows besides the base. Source: "List Blobs".
    ListInclude {
        /// Snapshots, oldest first.
        Snapshots = "snapshots",
        Metadata = "metadata",
        /// Blobs that have only uncommitted blocks.
        UncommittedBlobs = "uncommittedblobs",
        /// Copy properties. Version 2012-02-12 and later.
        Copy = "copy",
        /// Soft-deleted blobs. Version 2017-07-29 and later.
        Deleted = "deleted",
        /// Index tags. Version 2019-12-12 and later.
        Tags = "tags",
        /// Versions. Version 2019-12-12 and later.
        Versions = "versions",
        /// Blobs of which only versions are left. Version 2020-10-02 and later.
        DeletedWithVersions = "deletedwithversions",
        /// Version 2020-06-12 and later.
        ImmutabilityPolicy = "immutabilitypolicy",
        /// Version 2020-06-12 and later.
        LegalHold = "legalhold",
        /// Owner, group and permissions, in hierarchical namespaces. Version 2020-06-12 and later.
        Permissions = "permissions",
    }
}
words! {
    /// What List Blobs is restricted to.
    ShowOnly {
        Deleted = "deleted",
        Files = "files",
        Directories = "directories",
    }
}

words! {
    /// What List Containers shows besides the base. Source: "List Containers".
    ContainerInclude {
        Metadata = "metadata",
        /// Soft-deleted containers. Version 2019-12-12 and later.
        Deleted = "deleted",
        /// The service's own containers. Version 2021-02-12 and later.
        System = "system",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_reads_back_as_itself() {
        for word in CopyStatus::ALL {
            assert_eq!(&CopyStatus::from(word.as_str()), word);
        }
        assert_eq!(CopyStatus::from("resting").as_str(), "resting");
    }
}
