//! Which version of the service a request speaks. Source: "Versioning for Azure Storage".

use http::HeaderMap;

use blobferry_core::ServiceVersion;
use blobferry_core::wire::header;

use crate::auth::Holdings;
use crate::config::AccountKind;
use crate::failure::Failure;
use crate::request::Query;

/// Every version the service has had, but for the two before 2009-09-19, and the labels already
/// published for those to come: SDKs speak a new version on the day it is out.
const KNOWN: &[&str] = &[
    "2009-09-19",
    "2011-08-18",
    "2012-02-12",
    "2012-09-19",
    "2013-08-15",
    "2013-09-15",
    "2014-02-14",
    "2015-02-21",
    "2015-04-05",
    "2015-07-08",
    "2015-12-11",
    "2016-05-31",
    "2016-10-16",
    "2017-04-17",
    "2017-07-29",
    "2017-11-09",
    "2018-03-28",
    "2018-06-17",
    "2018-11-09",
    "2019-02-02",
    "2019-07-07",
    "2019-10-10",
    "2019-12-12",
    "2020-02-10",
    "2020-04-08",
    "2020-06-12",
    "2020-08-04",
    "2020-10-02",
    "2020-12-06",
    "2021-02-12",
    "2021-04-10",
    "2021-06-08",
    "2021-08-06",
    "2021-10-04",
    "2021-12-02",
    "2022-11-02",
    "2023-01-03",
    "2023-05-03",
    "2023-08-03",
    "2023-11-03",
    "2024-02-04",
    "2024-05-04",
    "2024-08-04",
    "2024-11-04",
    "2025-01-05",
    "2025-05-05",
    "2025-07-05",
    "2025-11-05",
    "2026-02-06",
    "2026-04-06",
    "2026-06-06",
    "2026-10-06",
    "2026-12-06",
    "2027-03-07",
];

/// Reads a version that the service knows.
pub(crate) fn known(text: &str) -> Option<ServiceVersion> {
    KNOWN.binary_search(&text).ok()?;
    text.parse().ok()
}

/// The first version that an account speaks. Sources: "Perform REST operations against page blobs with
/// premium storage", and the answer to an older one that a user has published.
fn first(kind: AccountKind) -> ServiceVersion {
    match kind {
        AccountKind::PremiumPageBlobs => ServiceVersion::V2014_02_14,
        AccountKind::GeneralPurposeV2
        | AccountKind::GeneralPurposeV1
        | AccountKind::BlobStorage
        | AccountKind::PremiumBlockBlobs => ServiceVersion::V2009_09_19,
    }
}

/// The header decides; without it `api-version`, the SAS, the account's default. Where nobody
/// says, the service speaks 2014-02-14 to the anonymous; here it does so to all, who get an error there.
pub(super) fn of(
    holdings: &impl Holdings,
    account: Option<&str>,
    headers: &HeaderMap,
    query: &Query,
) -> Result<ServiceVersion, Failure> {
    let kind = account.map(|account| holdings.config().kind(account));
    let since = kind.map_or(ServiceVersion::V2009_09_19, first);
    let known = |text: &str| {
        let parsed = || text.parse().ok().filter(|_| holdings.config().any_version);
        known(text)
            .or_else(parsed)
            .filter(|version| *version >= since)
    };
    if let Some(value) = headers.get(header::X_MS_VERSION) {
        let text = String::from_utf8_lossy(value.as_bytes());
        return known(&text).ok_or_else(|| Failure::invalid_header(&header::X_MS_VERSION, &text));
    }
    for name in ["api-version", "sv"] {
        if let Some(text) = query.filled(name) {
            return known(text).ok_or_else(|| Failure::invalid_query(name, text, ""));
        }
    }
    Ok(account
        .and_then(|account| holdings.default_version(account))
        .unwrap_or(ServiceVersion::V2014_02_14))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_made_of_versions() {
        assert!(KNOWN.is_sorted());
        assert!(KNOWN.iter().all(|text| known(text).is_some()));
    }

    #[test]
    fn versions_that_never_were_are_unknown() {
        for text in ["", "2009-07-17", "2021-12-03", "2027-01-01", "latest"] {
            assert_eq!(known(text), None, "{text}");
        }
    }
}
