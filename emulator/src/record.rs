//! Records: what of the service's vocabulary is written down in other words.
//!
//! Everything the service remembers can be written down (`serde`). Types of the vocabulary know
//! nothing of that; fields that hold one say `#[serde(with = "crate::record", default)]`. A field
//! that comes later says `#[serde(default)]`, so that what was written before can still be read.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use blobferry_core::Timestamp;
use blobferry_core::words::{
    AccessTier, BlobType, CopyStatus, ImmutabilityMode, PublicAccess, RehydratePriority,
};

/// Something of the vocabulary that can be written down.
pub(crate) trait Recorded: Sized {
    fn write<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error>;
    fn read<'de, D: Deserializer<'de>>(from: D) -> Result<Self, D::Error>;
}

pub(crate) fn serialize<T: Recorded, S: Serializer>(value: &T, to: S) -> Result<S::Ok, S::Error> {
    value.write(to)
}

pub(crate) fn deserialize<'de, T: Recorded, D: Deserializer<'de>>(from: D) -> Result<T, D::Error> {
    T::read(from)
}

impl Recorded for Timestamp {
    fn write<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_i64(self.as_millis())
    }

    fn read<'de, D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        i64::deserialize(from).map(Self::from_millis)
    }
}

macro_rules! words {
    ($($word:ty),*) => {$(
        impl Recorded for $word {
            fn write<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.serialize_str(self.as_str())
            }

            fn read<'de, D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                String::deserialize(from).map(|text| text.as_str().into())
            }
        }
    )*};
}

words!(
    AccessTier,
    BlobType,
    CopyStatus,
    ImmutabilityMode,
    PublicAccess,
    RehydratePriority
);

impl<T: Recorded> Recorded for Option<T> {
    fn write<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        struct As<'a, T>(&'a T);

        impl<T: Recorded> Serialize for As<'_, T> {
            fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                self.0.write(to)
            }
        }

        match self {
            None => to.serialize_none(),
            Some(value) => to.serialize_some(&As(value)),
        }
    }

    fn read<'de, D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct As<T>(T);

        impl<'de, T: Recorded> Deserialize<'de> for As<T> {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                T::read(from).map(Self)
            }
        }

        Ok(Option::<As<T>>::deserialize(from)?.map(|As(value)| value))
    }
}
