//! Where an account answers: scheme, host and port, as text and as a URL takes them.

use std::cmp::Ordering;
use std::hash::{Hash, Hasher};

use http::uri::{Authority, Scheme};

/// `https://host:port` in lower case, no slash at the end. Compared as text.
#[derive(Clone)]
pub(super) struct Origin {
    text: String,
    scheme: Scheme,
    authority: Authority,
}

impl Origin {
    /// The origin of these two; none where the authority is no authority.
    pub(super) fn new(is_https: bool, authority: &str) -> Option<Self> {
        let authority: Authority = authority.to_ascii_lowercase().parse().ok()?;
        let scheme = if is_https {
            Scheme::HTTPS
        } else {
            Scheme::HTTP
        };
        Some(Self {
            text: format!("{scheme}://{authority}"),
            scheme,
            authority,
        })
    }

    pub(super) fn as_str(&self) -> &str {
        &self.text
    }

    /// A URL's beginning; its path is still open.
    pub(super) fn parts(&self) -> http::uri::Parts {
        let mut parts = http::uri::Parts::default();
        parts.scheme = Some(self.scheme.clone());
        parts.authority = Some(self.authority.clone());
        parts
    }
}

impl PartialEq for Origin {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Origin {}

impl PartialOrd for Origin {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Origin {
    fn cmp(&self, other: &Self) -> Ordering {
        self.text.cmp(&other.text)
    }
}

impl Hash for Origin {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.text.hash(state);
    }
}
