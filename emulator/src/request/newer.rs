//! Headers and parameters that came with a service version: to an older one they mean nothing.
//!
//! Source: the version column of each operation's page; recorded requests of 2019-10-10 have tags.
//! Headers whose meaning depends on the operation or their value are judged where they are read.

use blobferry_core::ServiceVersion;
use blobferry_core::wire::query;

use super::{Headers, Query};

/// First version and names.
const SINCE: &[(ServiceVersion, &[&str])] = &[
    (
        ServiceVersion::V2012_02_12,
        &[
            "x-ms-lease-duration",
            "x-ms-lease-break-period",
            "x-ms-proposed-lease-id",
        ],
    ),
    (
        ServiceVersion::V2013_08_15,
        &["x-ms-blob-content-disposition"],
    ),
    (
        ServiceVersion::V2019_02_02,
        &[
            "x-ms-content-crc64",
            "x-ms-source-content-crc64",
            "x-ms-range-get-content-crc64",
            "x-ms-default-encryption-scope",
            "x-ms-deny-encryption-scope-override",
        ],
    ),
    (
        ServiceVersion::V2019_10_10,
        &["x-ms-tags", "x-ms-if-tags", "x-ms-source-if-tags"],
    ),
    (ServiceVersion::V2019_12_12, &["x-ms-seal-blob"]),
    (
        ServiceVersion::V2020_04_08,
        &["x-ms-copy-source-blob-properties"],
    ),
    (
        ServiceVersion::V2020_10_02,
        &["x-ms-copy-source-authorization"],
    ),
    (
        ServiceVersion::V2021_04_10,
        &["x-ms-copy-source-tag-option"],
    ),
];

/// The same of parameters of a query. Recorded requests of 2019-10-10 name versions. `startFrom`, of
/// 2026-02-06 by the document, is known before: object_store asks for it under 2023-11-03, and what
/// builds on it, such as Delta tables, would find too much if the service left it unread.
const PARAMETERS: &[(ServiceVersion, &str)] = &[
    (ServiceVersion::V2015_07_08, query::PREVIOUS_SNAPSHOT),
    (ServiceVersion::V2019_10_10, query::VERSION_ID),
];

/// Removes what a version does not know.
pub(super) fn forget(headers: &mut Headers, asked: &mut Query, version: ServiceVersion) {
    let newer = SINCE.iter().rev().take_while(|(since, _)| version < *since);
    for name in newer.flat_map(|(_, names)| *names) {
        headers.remove(name);
    }
    for (_, name) in PARAMETERS.iter().filter(|(since, _)| version < *since) {
        asked.remove(name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::{HeaderName, HeaderValue};

    #[test]
    fn every_header_is_known_from_its_version_on() {
        assert!(SINCE.is_sorted_by_key(|(since, _)| *since));
        for (since, names) in SINCE {
            for name in *names {
                for (version, kept) in [(ServiceVersion::V2011_08_18, false), (*since, true)] {
                    let mut headers = Headers::default();
                    headers.insert(HeaderName::from_static(name), HeaderValue::from_static("x"));
                    forget(&mut headers, &mut Query::default(), version);
                    assert_eq!(
                        headers.contains_key(HeaderName::from_static(name)),
                        kept,
                        "{name}"
                    );
                }
            }
        }
    }

    #[test]
    fn every_parameter_is_known_from_its_version_on() {
        for (since, name) in PARAMETERS {
            for (version, kept) in [(ServiceVersion::V2014_02_14, false), (*since, true)] {
                let mut asked = Query::parse(&format!("comp=list&{name}=x"));
                forget(&mut Headers::default(), &mut asked, version);
                assert_eq!(asked.filled(name).is_some(), kept, "{name}");
                assert_eq!(asked.get("comp"), Some("list"));
            }
        }
    }
}
