//! Names of containers and blobs: parsed once, never validated again.

use std::borrow::Borrow;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use crate::error::InvalidInput;

/// The name of a container.
///
/// 3 to 63 lower-case letters, digits and single dashes, beginning and ending with a letter or
/// digit; or one of the service's own, `$root`, `$web`, `$logs`, `$blobchangefeed`. Source: "Naming
/// and Referencing Containers, Blobs, and Metadata".
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ContainerName(Arc<str>);

impl ContainerName {
    /// The container that blob URLs may leave out.
    #[must_use]
    pub fn root() -> Self {
        Self("$root".into())
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether this is `$root`.
    #[must_use]
    pub fn is_root(&self) -> bool {
        &*self.0 == "$root"
    }
}

impl FromStr for ContainerName {
    type Err = InvalidInput;

    fn from_str(text: &str) -> Result<Self, InvalidInput> {
        let refuse = |rule| Err(InvalidInput::new("container name", text, rule));
        if matches!(text, "$root" | "$web" | "$logs" | "$blobchangefeed") {
            return Ok(Self(text.into()));
        }
        if !(3..=63).contains(&text.len()) {
            return refuse("must have 3 to 63 characters");
        }
        if !text
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
        {
            return refuse("may hold only lower-case letters, digits and dashes");
        }
        if text.starts_with('-') || text.ends_with('-') || text.contains("--") {
            return refuse("every dash must stand between letters or digits");
        }
        Ok(Self(text.into()))
    }
}

/// The name of a blob.
///
/// 1 to 1,024 characters, at most 254 path segments. A name with a segment `.` or `..` is refused:
/// clients, proxies and the service itself collapse such segments, so it cannot travel.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BlobName(Arc<str>);

impl BlobName {
    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for BlobName {
    type Err = InvalidInput;

    fn from_str(text: &str) -> Result<Self, InvalidInput> {
        let refuse = |rule| Err(InvalidInput::new("blob name", text, rule));
        if text.is_empty() {
            return refuse("must not be empty");
        }
        if text.len() > 1024 && text.chars().count() > 1024 {
            return refuse("may have at most 1,024 characters");
        }
        let mut segments = 0;
        for segment in text.split(['/', '\\']) {
            segments += 1;
            if matches!(segment, "." | "..") {
                return refuse("a path segment `.` or `..` cannot travel in a URL");
            }
        }
        if segments > 254 {
            return refuse("may have at most 254 path segments");
        }
        Ok(Self(text.into()))
    }
}

/// Ordered and compared as the text is.
impl Borrow<str> for BlobName {
    fn borrow(&self) -> &str {
        &self.0
    }
}

macro_rules! shows_as_text {
    ($($name:ident)*) => {$(
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Debug::fmt(&*self.0, f)
            }
        }
    )*};
}
shows_as_text!(ContainerName BlobName);
