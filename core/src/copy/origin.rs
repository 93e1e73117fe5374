//! Whether a copy reads from the source we mean.

use crate::address::{Location, Place};
use crate::source::CopySource;

/// Query parameters that say which blob is meant; all others are credentials.
const MEANT: [&str; 3] = ["snapshot", "versionid", "sharesnapshot"];

/// Whether the source the service echoes is this one. The echo may carry a SAS, also ours; accounts
/// are compared by name and host, blobs by their decoded names.
pub(crate) fn is_same(source: &CopySource, echoed: &str) -> bool {
    match source {
        CopySource::Blob(blob) => match echoed.parse() {
            Ok(Location {
                place: Place::Blob(other),
                ..
            }) => {
                blob.account.is_same_account(&other.account)
                    && blob.container == other.container
                    && blob.name == other.name
                    && blob.revision == other.revision
            }
            Ok(_) | Err(_) => false,
        },
        CopySource::Url(url) => bare(url.expose()) == bare(echoed),
    }
}

/// A URL as one can show it: without credentials.
pub(super) fn bare(url: &str) -> String {
    let (path, query) = url.split_once('?').unwrap_or((url, ""));
    let meant: Vec<&str> = query
        .split('&')
        .filter(|pair| {
            let key = pair.split('=').next().unwrap_or_default();
            MEANT.iter().any(|meant| key.eq_ignore_ascii_case(meant))
        })
        .collect();
    if meant.is_empty() {
        path.to_owned()
    } else {
        format!("{path}?{}", meant.join("&"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceUrl;

    #[test]
    fn credentials_do_not_make_another_source() {
        let blob =
            "https://a.blob.core.windows.net/can/d%20e/f?snapshot=2011-03-09T01:42:34.9360000Z";
        let Ok(Location {
            place: Place::Blob(address),
            ..
        }) = blob.parse()
        else {
            panic!()
        };
        let source = CopySource::Blob(address);
        for (echoed, same) in [
            (blob, true),
            (
                "https://A.blob.core.windows.net/can/d e/f?sv=2021-12-02&sr=b&sp=r&se=2030-01-01T00:00:00Z&sig=x&snapshot=2011-03-09T01:42:34.9360000Z",
                true,
            ),
            ("https://a.blob.core.windows.net/can/d%20e/f", false),
            (
                "https://a.blob.core.windows.net/can/d%20e/F?snapshot=2011-03-09T01:42:34.9360000Z",
                false,
            ),
            (
                "https://b.blob.core.windows.net/can/d%20e/f?snapshot=2011-03-09T01:42:34.9360000Z",
                false,
            ),
            ("nonsense", false),
        ] {
            assert_eq!(is_same(&source, echoed), same, "{echoed}");
        }
        let url = SourceUrl::new("https://example.org/x?token=secret").unwrap();
        assert!(is_same(
            &CopySource::Url(url),
            "https://example.org/x?token=other"
        ));
    }
}
