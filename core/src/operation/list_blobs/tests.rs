use bytes::Bytes;

use super::*;
use crate::checksum::Sha256;
use crate::error::UnreadableReply;
use crate::properties::{CopyFailure, CopyProgress};
use crate::words::{AccessTier, BlobType, CopyStatus, LeaseState};

fn list() -> ListBlobs {
    let location: crate::Location = "https://a.blob.core.windows.net/logs".parse().unwrap();
    match location.place {
        crate::Place::Container(container) => ListBlobs::new(container),
        other => panic!("{other:?}"),
    }
}

fn parse(body: &str) -> Result<BlobPage, Error> {
    let body = Bytes::from(body.to_owned());
    list().parse(&Response::new(http::Response::new(body)))
}

const PAGE: &str = "\u{feff}<?xml version=\"1.0\" encoding=\"utf-8\"?>\
<EnumerationResults ServiceEndpoint=\"https://a.blob.core.windows.net/\" ContainerName=\"logs\">\
<Prefix>a&amp;b</Prefix><Marker /><MaxResults>2</MaxResults><Delimiter>/</Delimiter><Blobs>\
<BlobPrefix><Name>a&amp;b/</Name></BlobPrefix>\
<Blob><Name Encoded=\"true\">a%EF%BF%BFb</Name><Deleted>true</Deleted>\
<Snapshot>2021-01-02T03:04:05.1234567Z</Snapshot><VersionId>v</VersionId>\
<IsCurrentVersion>false</IsCurrentVersion><Properties>\
<Last-Modified>Wed, 12 Sep 2012 20:00:00 GMT</Last-Modified><Etag>0x8D9</Etag>\
<Content-Length>12</Content-Length><Content-Type>text/plain</Content-Type><Content-Encoding />\
<Content-MD5>1B2M2Y8AsgTpgAmY7PhCfg==</Content-MD5><BlobType>AppendBlob</BlobType>\
<AccessTier>Hot</AccessTier><AccessTierInferred>true</AccessTierInferred>\
<LeaseState>leased</LeaseState><CopyId>c</CopyId><CopyStatus>failed</CopyStatus>\
<CopySource>https://b/c?x=1&amp;y=2</CopySource><CopyProgress>3/12</CopyProgress>\
<CopyCompletionTime>Wed, 12 Sep 2012 20:00:01 GMT</CopyCompletionTime>\
<CopyStatusDescription>404 NotFound \"gone\"</CopyStatusDescription>\
<CustomerProvidedKeySha256>AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=</CustomerProvidedKeySha256>\
<DeletedTime>Wed, 12 Sep 2012 20:00:02 GMT</DeletedTime>\
<RemainingRetentionDays>6</RemainingRetentionDays><Owner>me</Owner><Brand-New><x>1</x></Brand-New>\
</Properties><Metadata Encrypted=\"true\"><one>1</one><two /></Metadata>\
<Tags><TagSet><Tag><Key>k</Key><Value>v w</Value></Tag><Tag><Key>e</Key><Value /></Tag></TagSet></Tags>\
<OrMetadata><or-p_r>complete</or-p_r></OrMetadata><HasVersionsOnly>true</HasVersionsOnly></Blob>\
</Blobs><NextMarker>2!8!x</NextMarker></EnumerationResults>";

#[test]
fn every_element_finds_its_place() {
    let page = parse(PAGE).unwrap();
    assert_eq!(page.next_marker(), Some("2!8!x"));
    assert_eq!(page.head.prefix.as_deref(), Some("a&b"));
    assert_eq!((page.head.marker, page.head.max_results), (None, Some(2)));
    assert_eq!(page.head.container_name.as_deref(), Some("logs"));
    assert_eq!(page.prefixes, ["a&b/"]);
    let [item] = page.blobs.as_slice() else {
        panic!("{:?}", page.blobs);
    };
    assert_eq!(&*item.name, "a\u{ffff}b");
    assert!(item.deleted && item.metadata_encrypted);
    assert_eq!(item.has_versions_only, Some(true));
    assert_eq!(item.deletion.as_ref().unwrap().remaining_days, Some(6));
    let tags = item.tags.as_ref().unwrap();
    assert_eq!((tags.get("k"), tags.get("e")), (Some("v w"), Some("")));
    let of = &item.properties;
    assert_eq!(of.etag, Some("\"0x8D9\"".parse().unwrap()));
    assert_eq!(of.content_length, Some(12));
    assert_eq!(of.content.encoding, None);
    assert_eq!(of.blob_type, Some(BlobType::Append));
    assert_eq!(of.tier.tier, Some(AccessTier::Hot));
    assert_eq!(of.lease.state, Some(LeaseState::Leased));
    assert_eq!(of.encryption.key_sha256, Some(Sha256([0; 32])));
    assert_eq!(of.metadata.get("one"), Some("1"));
    assert_eq!(of.metadata.get("two"), Some(""));
    assert_eq!(of.replication.rules, [("p_r".into(), "complete".into())]);
    let copy = of.copy.as_ref().unwrap();
    assert_eq!(copy.status, CopyStatus::Failed);
    assert_eq!(copy.source.as_deref(), Some("https://b/c?x=1&y=2"));
    let progress = CopyProgress {
        copied: 3,
        total: 12,
    };
    assert_eq!(copy.progress, Some(progress));
    assert_eq!(
        copy.description,
        Some(CopyFailure::from("404 NotFound \"gone\""))
    );
    let revision = crate::Revision::Snapshot("2021-01-02T03:04:05.1234567Z".to_owned());
    assert_eq!(item.revision(), revision);
}

#[test]
fn entries_come_one_by_one_in_order() {
    let response = Response::new(http::Response::new(Bytes::from_static(PAGE.as_bytes())));
    let mut entries = list().entries(&response).unwrap();
    assert!(matches!(entries.next(), Some(Ok(BlobEntry::Prefix(prefix))) if prefix == "a&b/"));
    assert!(matches!(entries.next(), Some(Ok(BlobEntry::Blob(_)))));
    assert!(entries.next().is_none());
    assert_eq!(entries.head().next_marker.as_deref(), Some("2!8!x"));
}

#[test]
fn a_page_that_is_cut_off_anywhere_is_refused() {
    for end in 0..PAGE.len() - 1 {
        if let Some(cut) = PAGE.get(..end) {
            assert!(parse(cut).is_err(), "{cut}");
        }
    }
}

#[test]
fn what_is_no_page_is_refused() {
    for body in [
        "",
        "<Error />",
        "<EnumerationResults><Blobs><Blob /></Blobs></EnumerationResults>",
    ] {
        let error = parse(body).unwrap_err();
        assert!(
            matches!(error, Error::Reply(UnreadableReply::BadXml { .. })),
            "{error}"
        );
    }
}

#[test]
fn the_question_is_written_with_the_version_it_needs() {
    let list = ListBlobs {
        delimiter: Some("/".to_owned()),
        max_results: Some(MaxResults::new(10).unwrap()),
        include: vec![ListInclude::Copy, ListInclude::Tags],
        ..list()
    };
    let request = list.request();
    let query: Vec<_> = request
        .parts
        .query
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    assert_eq!(
        query,
        [
            "restype=container",
            "comp=list",
            "delimiter=/",
            "maxresults=10",
            "include=copy,tags"
        ]
    );
    assert_eq!(request.parts.needs, ServiceVersion::V2019_12_12);
    assert!(MaxResults::new(0).is_err() && MaxResults::new(5001).is_err());
}
