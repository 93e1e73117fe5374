//! Hashes of content as they travel.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::error::InvalidInput;
use crate::heard::Heard;
use crate::message::Request;
use crate::part::Part;
use crate::version::ServiceVersion;
use crate::wire::header;

macro_rules! hashes {
    ($($(#[$meta:meta])* $name:ident, $bytes:literal, $what:literal, $rule:literal;)*) => {$(
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub [u8; $bytes]);

        impl $name {
            /// The hash in Base64, as it travels.
            #[must_use]
            pub fn to_base64(self) -> String {
                STANDARD.encode(self.0)
            }
        }

        impl FromStr for $name {
            type Err = InvalidInput;

            fn from_str(text: &str) -> Result<Self, InvalidInput> {
                Self::heard(text).ok_or_else(|| InvalidInput::new($what, text, $rule))
            }
        }

        impl Heard for $name {
            fn heard(text: &str) -> Option<Self> {
                // Room for the three bytes by which the decoder's estimate may be too long.
                let mut room = [0; $bytes + 3];
                let length = STANDARD.decode_slice(text, &mut room).ok()?;
                Some(Self(room.get(..length)?.try_into().ok()?))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.to_base64())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.to_base64())
            }
        }
    )*};
}

hashes! {
    /// An MD5 of content.
    Md5, 16, "MD5", "must be Base64 of 16 bytes";
    /// A CRC64 of content, in the polynomial of the service. Version 2019-02-02 and later.
    Crc64, 8, "CRC64", "must be Base64 of 8 bytes";
    /// A SHA-256, as it names an encryption key.
    Sha256, 32, "SHA-256", "must be Base64 of 32 bytes";
}

/// The MD5 kept with a blob, in Base64 as it travels.
///
/// The service computes it for some blobs and else keeps what it is given, without looking at it: it
/// need be the hash of nothing, and not even as long as one.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct StoredMd5(Box<str>);

impl StoredMd5 {
    /// The Base64.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The hash, where it is as long as one.
    #[must_use]
    pub fn md5(&self) -> Option<Md5> {
        Md5::heard(&self.0)
    }
}

impl FromStr for StoredMd5 {
    type Err = InvalidInput;

    fn from_str(text: &str) -> Result<Self, InvalidInput> {
        match STANDARD.decode(text) {
            Ok(_) => Ok(Self(text.into())),
            Err(_) => Err(InvalidInput::new("MD5", text, "must be Base64")),
        }
    }
}

impl From<Md5> for StoredMd5 {
    fn from(md5: Md5) -> Self {
        Self(md5.to_base64().into())
    }
}

impl Heard for StoredMd5 {
    fn heard(text: &str) -> Option<Self> {
        Some(Self(text.into()))
    }
}

impl AsRef<str> for StoredMd5 {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

/// What a body must hash to on arrival; the service refuses it otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Checksum {
    /// `Content-MD5`.
    Md5(Md5),
    /// `x-ms-content-crc64`. Version 2019-02-02 and later.
    Crc64(Crc64),
}

impl Part for Checksum {
    fn add_to(&self, request: Request) -> Request {
        match self {
            Self::Md5(md5) => request.text(header::CONTENT_MD5, &md5.to_base64()),
            Self::Crc64(crc64) => request
                .text(header::X_MS_CONTENT_CRC64, &crc64.to_base64())
                .needs(ServiceVersion::V2019_02_02),
        }
    }
}

/// What the source of a from-URL operation must hash to; the service refuses it otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SourceChecksum {
    /// `x-ms-source-content-md5`.
    Md5(Md5),
    /// `x-ms-source-content-crc64`. Version 2019-02-02 and later.
    Crc64(Crc64),
}

impl Part for SourceChecksum {
    fn add_to(&self, request: Request) -> Request {
        match self {
            Self::Md5(md5) => request.text(header::X_MS_SOURCE_CONTENT_MD5, &md5.to_base64()),
            Self::Crc64(crc64) => request
                .text(header::X_MS_SOURCE_CONTENT_CRC64, &crc64.to_base64())
                .needs(ServiceVersion::V2019_02_02),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_of_the_wrong_length_are_refused() {
        assert!("1B2M2Y8AsgTpgAmY7PhCfg==".parse::<Md5>().is_ok());
        assert!("1B2M2Y8AsgTpgAmY7PhCfg".parse::<Md5>().is_err());
        assert!("AAAAAAAAAAA=".parse::<Crc64>().is_ok());
        assert!("AAAAAAAAAAA=".parse::<Md5>().is_err());
        assert_eq!(
            "AQIDBAUGBwg=".parse::<Crc64>().unwrap().to_base64(),
            "AQIDBAUGBwg="
        );
    }
}
