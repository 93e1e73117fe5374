//! Whose records changed: what of it is not on disk, nobody is told.

use std::sync::Arc;

/// What a request is about: an account, a container, a blob.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct About {
    pub(crate) account: String,
    pub(crate) container: Option<String>,
    pub(crate) blob: Option<String>,
}

/// What changed of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Touched {
    pub(super) account: String,
    /// Absent where it is the account itself.
    pub(super) container: Option<String>,
    /// Whether the container's own record changed.
    pub(super) is_whole: bool,
    pub(super) blobs: Vec<Arc<str>>,
}

impl Touched {
    /// Whether an answer about something could tell of the change.
    pub(super) fn concerns(&self, about: &About) -> bool {
        if self.account != about.account {
            return false;
        }
        let (Some(container), Some(asked)) = (&self.container, &about.container) else {
            return true;
        };
        container == asked
            && about.blob.as_ref().is_none_or(|blob| {
                self.is_whole || self.blobs.iter().any(|touched| **touched == **blob)
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn about(container: &str, blob: &str) -> About {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        About {
            account: "a".to_owned(),
            container: some(container),
            blob: some(blob),
        }
    }

    #[test]
    fn a_change_concerns_its_blob_and_all_that_lists_it() {
        let touched = |container: &str, is_whole, blobs: &[&str]| Touched {
            account: "a".to_owned(),
            container: (!container.is_empty()).then(|| container.to_owned()),
            is_whole,
            blobs: blobs.iter().map(|name| (*name).into()).collect(),
        };
        let blob = touched("box", false, &["b", "c"]);
        let container = touched("box", true, &[]);
        let account = touched("", false, &[]);
        for (asked, expected) in [
            (about("box", "b"), [true, true, true]),
            (about("box", "d"), [false, true, true]),
            (about("box", ""), [true, true, true]),
            (about("other", "b"), [false, false, true]),
            (about("", ""), [true, true, true]),
        ] {
            let found = [&blob, &container, &account].map(|touched| touched.concerns(&asked));
            assert_eq!(found, expected, "{asked:?}");
        }
        let mut elsewhere = about("box", "b");
        elsewhere.account = "other".to_owned();
        assert!(!blob.concerns(&elsewhere));
    }
}
