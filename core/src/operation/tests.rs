use super::*;
use crate::address::{BlobAddress, ContainerAddress, Location, Place, Revision};
use crate::words::{AccessTier, ContainerInclude, ListInclude, RehydratePriority, SourceTagOption};
use crate::{
    Account, BlobConditions, BlockId, ByteRange, Checksum, Conditions, Crc64, Encryption,
    EncryptionKey, Immutability, LeaseId, Metadata, PageRange, ServiceVersion as V, SourceChecksum,
    SourceConditions, SourceUrl, StructuredBody, TagPredicate, Tags, Timestamp,
};

fn blob() -> BlobAddress {
    let url = "https://south.blob.core.windows.net/logs/a";
    match url.parse::<Location>().unwrap().place {
        Place::Blob(blob) => blob,
        other => panic!("{other:?}"),
    }
}

fn container() -> ContainerAddress {
    blob().in_container()
}

fn account() -> Account {
    container().account
}

fn moment() -> Timestamp {
    Timestamp::from_millis(0)
}

fn page() -> PageRange {
    PageRange::new(0, 512).unwrap()
}

fn on_date() -> BlobConditions {
    BlobConditions {
        if_modified_since: Some(moment()),
        ..BlobConditions::default()
    }
}

fn on_tier() -> TierConditions {
    TierConditions {
        if_modified_since: Some(moment()),
        ..TierConditions::default()
    }
}

fn source_crc64() -> Option<SourceChecksum> {
    Some(SourceChecksum::Crc64(Crc64([0; 8])))
}

fn with<O>(mut operation: O, change: impl FnOnce(&mut O)) -> O {
    change(&mut operation);
    operation
}

fn snapshot() -> BlobAddress {
    blob().at(Revision::Snapshot(
        "2026-01-01T00:00:00.0000000Z".to_owned(),
    ))
}

fn version() -> BlobAddress {
    blob().at(Revision::Version("2026-01-01T00:00:00.0000000Z".to_owned()))
}

fn source() -> SourceUrl {
    SourceUrl::new("https://example.org/a").unwrap()
}

fn some<T: std::str::FromStr<Err: std::fmt::Debug>>(text: &str) -> Option<T> {
    Some(text.parse().unwrap())
}

fn lease_id() -> Option<LeaseId> {
    some("1f812371-a41d-49e6-b123-f4b542e85144")
}

fn tags() -> Tags {
    Tags::new([("a", "b")]).unwrap()
}

fn if_tags() -> Option<TagPredicate> {
    some("\"a\" = 'b'")
}

fn on_tags() -> Conditions {
    Conditions {
        if_tags: if_tags(),
        ..Conditions::default()
    }
}

fn source_tags() -> SourceConditions {
    SourceConditions {
        if_tags: if_tags(),
        ..SourceConditions::default()
    }
}

fn worm() -> Immutability {
    Immutability {
        legal_hold: Some(true),
        ..Immutability::default()
    }
}

fn crc64() -> Option<Checksum> {
    Some(Checksum::Crc64(Crc64([0; 8])))
}

fn key() -> EncryptionKey {
    EncryptionKey::new([7; 32])
}

fn structured() -> Option<StructuredBody> {
    Some(StructuredBody::crc64(1))
}

struct Row {
    operation: &'static str,
    option: &'static str,
    needs: V,
    dated: V,
}

fn row<O: Operation>(option: &'static str, dated: V, operation: O) -> Row {
    Row {
        operation: O::NAME,
        option,
        needs: operation.request().parts.needs,
        dated,
    }
}

/// From the versions that the protocol's pages give for operations and options.
fn rows() -> Vec<Row> {
    let copy = || CopyBlob::new(blob(), source());
    let sync_copy = || CopyBlobFromUrl::new(blob(), source());
    let put = || PutBlob::block(blob(), "a");
    let put_from_url = || PutBlobFromUrl::new(blob(), source());
    let block_from_url = || PutBlockFromUrl::new(blob(), BlockId::numbered(0), source());
    let delegation = || GetUserDelegationKey::new(account(), moment());
    let set_tier = || SetBlobTier::new(blob(), AccessTier::from("P4"));
    let mut rows = vec![
        row(
            "",
            V::V2012_02_12,
            AbortCopyBlob::new(
                blob(),
                "1f812371-a41d-49e6-b123-f4b542e85144".parse().unwrap(),
            ),
        ),
        row("", V::V2019_12_12, AppendBlobSeal::new(blob())),
        row("", V::V2015_02_21, AppendBlock::new(blob(), "a")),
        row(
            "structured",
            V::V2026_04_06,
            with(AppendBlock::new(blob(), "a"), |it| {
                it.structured = structured()
            }),
        ),
        row(
            "",
            V::V2018_11_09,
            AppendBlockFromUrl::new(blob(), source()),
        ),
        row("", V::V2018_11_09, sync_copy()),
        row(
            "crc64",
            V::V2019_02_02,
            with(sync_copy(), |it| it.checksum = source_crc64()),
        ),
        row(
            "tags",
            V::V2019_12_12,
            with(sync_copy(), |it| it.tags = tags()),
        ),
        row(
            "tag_option",
            V::V2021_04_10,
            with(sync_copy(), |it| {
                it.tag_option = Some(SourceTagOption::Copy)
            }),
        ),
        row(
            "encryption_scope",
            V::V2020_12_06,
            with(sync_copy(), |it| it.encryption_scope = some("s")),
        ),
        row(
            "immutability",
            V::V2020_06_12,
            with(sync_copy(), |it| it.immutability = worm()),
        ),
        row(
            "is_azure_file",
            V::V2025_07_05,
            with(sync_copy(), |it| it.is_azure_file = true),
        ),
        row("tags", V::V2019_12_12, with(copy(), |it| it.tags = tags())),
        row(
            "tier P4",
            V::V2017_04_17,
            with(copy(), |it| it.tier = Some(AccessTier::from("P4"))),
        ),
        row(
            "tier Hot",
            V::V2019_02_02,
            with(copy(), |it| it.tier = Some(AccessTier::Hot)),
        ),
        row(
            "tier Cold",
            V::V2021_12_02,
            with(copy(), |it| it.tier = Some(AccessTier::Cold)),
        ),
        row(
            "tier Smart",
            V::V2026_06_06,
            with(copy(), |it| it.tier = Some(AccessTier::Smart)),
        ),
        row(
            "rehydrate_priority",
            V::V2019_02_02,
            with(copy(), |it| {
                it.rehydrate_priority = Some(RehydratePriority::High)
            }),
        ),
        row(
            "seal",
            V::V2019_12_12,
            with(copy(), |it| it.seal = Some(true)),
        ),
        row(
            "conditions.if_tags",
            V::V2019_12_12,
            with(copy(), |it| it.conditions = on_tags()),
        ),
        row(
            "source_conditions.if_tags",
            V::V2019_12_12,
            with(copy(), |it| it.source_conditions = source_tags()),
        ),
        row(
            "immutability",
            V::V2020_06_12,
            with(copy(), |it| it.immutability = worm()),
        ),
        row(
            "default_encryption_scope",
            V::V2019_02_02,
            with(CreateContainer::new(container()), |it| {
                it.default_encryption_scope = some("s")
            }),
        ),
        row("version", V::V2019_12_12, DeleteBlob::new(version())),
        row(
            "permanent",
            V::V2020_02_10,
            with(DeleteBlob::new(snapshot()), |it| it.permanent = true),
        ),
        row(
            "tier_conditions",
            V::V2026_04_06,
            with(DeleteBlob::new(blob()), |it| it.tier_conditions = on_tier()),
        ),
        row(
            "",
            V::V2018_03_28,
            GetAccountInformation::new(Place::Blob(blob())),
        ),
        row("version", V::V2019_12_12, GetBlob::new(version())),
        row(
            "range to the end",
            V::V2011_08_18,
            with(GetBlob::new(blob()), |it| {
                it.range = Some(ByteRange::from(1))
            }),
        ),
        row(
            "range_hash",
            V::V2019_02_02,
            with(GetBlob::new(blob()), |it| {
                it.range_hash = Some(RangeHash::Crc64)
            }),
        ),
        row(
            "structured_body",
            V::V2026_04_06,
            with(GetBlob::new(blob()), |it| {
                it.structured_body = some("XSM/1.0; properties=crc64")
            }),
        ),
        row(
            "key",
            V::V2019_02_02,
            with(GetBlob::new(blob()), |it| it.key = Some(key())),
        ),
        row(
            "upn",
            V::V2023_11_03,
            with(GetBlob::new(blob()), |it| it.upn = Some(true)),
        ),
        row(
            "conditions.if_tags",
            V::V2019_12_12,
            with(GetBlobMetadata::new(blob()), |it| it.conditions = on_tags()),
        ),
        row(
            "key",
            V::V2019_02_02,
            with(GetBlobProperties::new(blob()), |it| it.key = Some(key())),
        ),
        row("", V::V2019_12_12, GetBlobTags::new(blob())),
        row(
            "lease_id",
            V::V2020_04_08,
            with(GetBlobTags::new(blob()), |it| it.lease_id = lease_id()),
        ),
        row(
            "conditions",
            V::V2026_02_06,
            with(GetBlobTags::new(blob()), |it| it.conditions = on_date()),
        ),
        row(
            "if_tags",
            V::V2019_12_12,
            with(GetBlockList::new(blob()), |it| it.if_tags = if_tags()),
        ),
        row(
            "since",
            V::V2015_07_08,
            with(GetPageRanges::new(blob()), |it| {
                it.since = Some(Since::Snapshot("s".to_owned()))
            }),
        ),
        row(
            "marker",
            V::V2021_06_08,
            with(GetPageRanges::new(blob()), |it| {
                it.marker = Some("m".to_owned())
            }),
        ),
        row(
            "max_results",
            V::V2021_06_08,
            with(GetPageRanges::new(blob()), |it| {
                it.max_results = MaxResults::new(1).ok()
            }),
        ),
        row("", V::V2018_11_09, delegation()),
        row(
            "delegated_user_tenant",
            V::V2026_04_06,
            with(delegation(), |it| {
                it.delegated_user_tenant = Some("t".to_owned())
            }),
        ),
        row(
            "",
            V::V2016_05_31,
            IncrementalCopyBlob::new(blob(), source()),
        ),
        row(
            "start_from",
            V::V2026_02_06,
            with(ListBlobs::new(container()), |it| {
                it.start_from = Some("a".to_owned())
            }),
        ),
        row("", V::V2020_04_08, put_from_url()),
        row(
            "tag_option",
            V::V2021_04_10,
            with(put_from_url(), |it| {
                it.tag_option = Some(SourceTagOption::Copy)
            }),
        ),
        row(
            "source.key",
            V::V2026_04_06,
            with(put_from_url(), |it| it.source.key = Some(key())),
        ),
        row(
            "source.is_azure_file",
            V::V2025_07_05,
            with(put_from_url(), |it| it.source.is_azure_file = true),
        ),
        row("append", V::V2015_02_21, PutBlob::append(blob())),
        row(
            "checksum",
            V::V2019_02_02,
            with(put(), |it| it.checksum = crc64()),
        ),
        row(
            "structured",
            V::V2026_04_06,
            with(put(), |it| it.structured = structured()),
        ),
        row("tags", V::V2019_12_12, with(put(), |it| it.tags = tags())),
        row(
            "tier",
            V::V2019_02_02,
            with(put(), |it| it.tier = Some(AccessTier::Cool)),
        ),
        row(
            "encryption",
            V::V2019_02_02,
            with(put(), |it| it.encryption = Encryption::Key(key())),
        ),
        row(
            "immutability",
            V::V2020_06_12,
            with(put(), |it| it.immutability = worm()),
        ),
        row(
            "structured",
            V::V2026_04_06,
            with(PutBlock::new(blob(), BlockId::numbered(0), "a"), |it| {
                it.structured = structured()
            }),
        ),
        row("", V::V2018_03_28, block_from_url()),
        row(
            "source.key",
            V::V2026_04_06,
            with(block_from_url(), |it| it.source.key = Some(key())),
        ),
        row(
            "tags",
            V::V2019_12_12,
            with(PutBlockList::new(blob(), []), |it| it.tags = tags()),
        ),
        row(
            "immutability",
            V::V2020_06_12,
            with(PutBlockList::new(blob(), []), |it| it.immutability = worm()),
        ),
        row(
            "structured",
            V::V2026_04_06,
            with(PutPage::clear(blob(), page()), |it| {
                it.structured = structured()
            }),
        ),
        row(
            "",
            V::V2018_11_09,
            PutPageFromUrl::new(blob(), page(), source()),
        ),
        row(
            "",
            V::V2019_12_12,
            RestoreContainer::new(container(), "v".parse().unwrap()),
        ),
        row(
            "encryption",
            V::V2019_02_02,
            with(SetBlobMetadata::new(blob(), Metadata::default()), |it| {
                it.encryption = Encryption::Key(key())
            }),
        ),
        row(
            "conditions.if_tags",
            V::V2019_12_12,
            with(SetBlobProperties::new(blob()), |it| {
                it.conditions = on_tags()
            }),
        ),
        row("", V::V2019_12_12, SetBlobTags::new(blob(), tags())),
        row(
            "lease_id",
            V::V2020_04_08,
            with(SetBlobTags::new(blob(), tags()), |it| {
                it.lease_id = lease_id()
            }),
        ),
        row(
            "conditions",
            V::V2026_02_06,
            with(SetBlobTags::new(blob(), tags()), |it| {
                it.conditions = on_date()
            }),
        ),
        row("", V::V2017_04_17, set_tier()),
        row(
            "lease_id",
            V::V2017_07_29,
            with(set_tier(), |it| it.lease_id = lease_id()),
        ),
        row(
            "snapshot",
            V::V2019_12_12,
            SetBlobTier::new(snapshot(), AccessTier::Hot),
        ),
        row(
            "if_tags",
            V::V2019_12_12,
            with(SetBlobTier::new(blob(), AccessTier::Hot), |it| {
                it.if_tags = if_tags()
            }),
        ),
        row(
            "conditions.if_tags",
            V::V2019_12_12,
            with(SnapshotBlob::new(blob()), |it| it.conditions = on_tags()),
        ),
        row("", V::V2017_07_29, UndeleteBlob::new(blob())),
        row(
            "",
            V::V2012_02_12,
            AcquireLease::new(LeaseTarget::from(blob()), crate::LeaseTerm::Infinite),
        ),
        row(
            "container",
            V::V2012_02_12,
            ReleaseLease::new(LeaseTarget::from(container()), lease_id().unwrap()),
        ),
    ];
    for (include, dated) in [
        (ListInclude::Copy, V::V2012_02_12),
        (ListInclude::Deleted, V::V2017_07_29),
        (ListInclude::Tags, V::V2019_12_12),
        (ListInclude::Versions, V::V2019_12_12),
        (ListInclude::DeletedWithVersions, V::V2020_10_02),
        (ListInclude::ImmutabilityPolicy, V::V2020_06_12),
        (ListInclude::LegalHold, V::V2020_06_12),
        (ListInclude::Permissions, V::V2020_06_12),
    ] {
        let include = vec![include];
        rows.push(row(
            "include",
            dated,
            ListBlobs {
                include,
                ..ListBlobs::new(container())
            },
        ));
    }
    for (include, dated) in [
        (ContainerInclude::Deleted, V::V2019_12_12),
        (ContainerInclude::System, V::V2021_02_12),
    ] {
        let include = vec![include];
        let account = account();
        rows.push(row(
            "include",
            dated,
            ListContainers {
                include,
                ..ListContainers::new(account)
            },
        ));
    }
    rows
}

#[test]
fn every_dated_option_raises_the_version_to_its_date() {
    let wrong: Vec<_> = rows()
        .into_iter()
        .filter(|row| row.needs != row.dated)
        .map(|row| {
            format!(
                "{} {}: {} is not {}",
                row.operation, row.option, row.needs, row.dated
            )
        })
        .collect();
    assert_eq!(wrong, [""; 0]);
}
