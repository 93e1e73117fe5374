//! One item of a blob listing, element by element in the order of the service.

use std::time::Duration;

use blobferry_core::words::{AccessTier, BlobType, CopyStatus};
use blobferry_core::{ServiceVersion, Timestamp};

use crate::blob::Blob;
use crate::content::Content;
use crate::encryption::Specified;
use crate::http_date;
use crate::immutability::Immutability;
use crate::operation::blob_properties::{lease_duration, lease_status};
use crate::operation::{blob_tags, page, version};
use crate::xml::{Tag, Writer, tag};

use super::{Shown, View};

const DAY: Duration = Duration::from_secs(24 * 3600);

/// `Blob`.
pub(super) fn blob(writer: &mut Writer, view: &View<'_>, name: &str, shown: Shown, blob: &Blob) {
    let version = view.ask.version;
    writer.raw("<Blob>");
    blob_name(writer, version, name);
    page::url(writer, view.ask, &[view.ask.container_name(), name]);
    revision(writer, version, shown, blob);
    if blob.deleted.is_some() && shown != Shown::VersionsOnly {
        writer.raw("<Deleted>true</Deleted>");
    }
    writer.raw("<Properties>");
    properties(writer, view, shown, blob);
    writer.raw("</Properties>");
    if view.metadata {
        match blob.encryption.as_deref() {
            // The service cannot read it without the key.
            Some(Specified::Key(_)) => writer.raw("<Metadata Encrypted=\"true\" />"),
            Some(Specified::Scope(_)) | None => blob.metadata.write_xml(writer),
        }
    }
    if view.tags && blob.tags.is_some() {
        blob_tags::write(writer, blob.tags.iter().flat_map(|tags| tags.pairs()));
    }
    if version >= ServiceVersion::V2019_12_12 {
        writer.raw("<OrMetadata />");
    }
    writer.raw("</Blob>");
}

/// Which snapshot or version it is.
fn revision(writer: &mut Writer, version: ServiceVersion, shown: Shown, blob: &Blob) {
    match shown {
        Shown::Snapshot(tick) => writer.text(tag!("Snapshot"), &tick.name()),
        Shown::VersionsOnly => writer.raw("<HasVersionsOnly>true</HasVersionsOnly>"),
        Shown::Base | Shown::Version(_) => {
            if let Some(id) = blob.version
                && version::is_told(version)
            {
                writer.text(tag!("VersionId"), &id.name());
                if !blob.superseded {
                    writer.raw("<IsCurrentVersion>true</IsCurrentVersion>");
                }
            }
        }
    }
}

/// `BlobPrefix`.
pub(super) fn prefix(writer: &mut Writer, version: ServiceVersion, prefix: &str) {
    writer.raw("<BlobPrefix>");
    blob_name(writer, version, prefix);
    writer.raw("</BlobPrefix>");
}

fn blob_name(writer: &mut Writer, version: ServiceVersion, name: &str) {
    match page::encoded(version, name) {
        Some(encoded) => page::write_encoded(writer, "Name", &encoded),
        None => writer.text(tag!("Name"), name),
    }
}

fn properties(writer: &mut Writer, view: &View<'_>, shown: Shown, blob: &Blob) {
    let version = view.ask.version;
    let now = view.ask.now;
    if blob.committed {
        moments(writer, version, blob);
    }
    number(writer, tag!("Content-Length"), blob.content.len());
    if blob.committed {
        content_headers(writer, version, blob);
    }
    if let Some(accessed) = blob.accessed()
        && version >= ServiceVersion::V2020_02_10
    {
        date(writer, tag!("LastAccessTime"), accessed);
    }
    if let Content::Page(_) = blob.content {
        number(writer, tag!("x-ms-blob-sequence-number"), blob.sequence);
    }
    writer.plain(tag!("BlobType"), blob.kind().as_str());
    tier(writer, view, shown, blob);
    if matches!(shown, Shown::Base | Shown::VersionsOnly) {
        lease(writer, version, blob, now);
    }
    if view.copy {
        copy(writer, blob, now);
    }
    if version >= ServiceVersion::V2016_05_31 {
        writer.raw("<ServerEncrypted>true</ServerEncrypted>");
    }
    match blob.encryption.as_deref() {
        Some(Specified::Key(hash)) => {
            writer.text(tag!("CustomerProvidedKeySha256"), &hash.base64())
        }
        Some(Specified::Scope(scope)) => writer.text(tag!("EncryptionScope"), scope),
        None => {}
    }
    if blob.incremental {
        writer.raw("<IncrementalCopy>true</IncrementalCopy>");
    }
    if let Some(deleted) = &blob.deleted
        && shown != Shown::VersionsOnly
    {
        date(writer, tag!("DeletedTime"), deleted.since);
        let left = deleted.until.since(now);
        number(
            writer,
            tag!("RemainingRetentionDays"),
            left.as_secs() / DAY.as_secs(),
        );
    }
    if version >= ServiceVersion::V2019_12_12 {
        if let Some(tags) = &blob.tags {
            number(writer, tag!("TagCount"), tags.count() as u64);
        }
        if blob.sealed {
            writer.raw("<Sealed>true</Sealed>");
        }
    }
    if let Some(kept) = &blob.immutability {
        immutability(writer, view, kept);
    }
}

fn immutability(writer: &mut Writer, view: &View<'_>, kept: &Immutability) {
    if let Some(policy) = &kept.policy
        && view.include.contains("immutabilitypolicy")
    {
        date(writer, tag!("ImmutabilityPolicyUntilDate"), policy.until);
        writer.text(tag!("ImmutabilityPolicyMode"), policy.mode_text());
    }
    if kept.hold && view.include.contains("legalhold") {
        writer.raw("<LegalHold>true</LegalHold>");
    }
}

fn moments(writer: &mut Writer, version: ServiceVersion, blob: &Blob) {
    if version >= ServiceVersion::V2017_11_09 {
        date(writer, tag!("Creation-Time"), blob.created);
    }
    date(writer, tag!("Last-Modified"), blob.modified);
    writer.with(tag!("Etag"), |text| blob.etag.push_bare_etag(text));
}

fn content_headers(writer: &mut Writer, version: ServiceVersion, blob: &Blob) {
    let headers = &blob.headers;
    let mut header = |tag, value: &Option<Box<str>>| match value {
        Some(value) => writer.text(tag, value),
        None => writer.raw(tag.empty),
    };
    header(tag!("Content-Type"), &headers.content_type);
    header(tag!("Content-Encoding"), &headers.encoding);
    header(tag!("Content-Language"), &headers.language);
    if version >= ServiceVersion::V2019_02_02 {
        header(tag!("Content-CRC64"), &None);
    }
    header(tag!("Content-MD5"), &headers.md5);
    header(tag!("Cache-Control"), &headers.cache_control);
    if version >= ServiceVersion::V2013_08_15 {
        header(tag!("Content-Disposition"), &headers.disposition);
    }
}

fn tier(writer: &mut Writer, view: &View<'_>, shown: Shown, blob: &Blob) {
    let (version, now) = (view.ask.version, view.ask.now);
    if version < ServiceVersion::V2017_04_17
        || (matches!(shown, Shown::Snapshot(_)) && version < ServiceVersion::V2018_11_09)
    {
        return;
    }
    match blob.tier.current(now) {
        Some(tier) => writer.text(tag!("AccessTier"), tier.as_str()),
        None => {
            let length = blob.content.len();
            let kind = blob.kind();
            match view.account.inferred(view.usual_tier, &kind, length) {
                Some(AccessTier::Hot) => writer.raw(
                    "<AccessTier>Hot</AccessTier><AccessTierInferred>true</AccessTierInferred>",
                ),
                Some(inferred) => {
                    writer.text(tag!("AccessTier"), inferred.as_str());
                    writer.raw("<AccessTierInferred>true</AccessTierInferred>");
                }
                None => {}
            }
        }
    }
    if let Some(smart) = blob.tier.smart(blob.modified, now)
        && version >= ServiceVersion::V2026_06_06
    {
        writer.text(tag!("SmartAccessTier"), smart.as_str());
    }
    if let Some((status, priority)) = blob.tier.rehydrating(now) {
        writer.text(tag!("ArchiveStatus"), status.as_str());
        if version >= ServiceVersion::V2019_12_12 {
            writer.text(tag!("RehydratePriority"), priority.as_str());
        }
    }
    if let Some(changed) = blob.tier.changed(now)
        && blob.kind() == BlobType::Block
    {
        date(writer, tag!("AccessTierChangeTime"), changed);
    }
}

fn lease(writer: &mut Writer, version: ServiceVersion, blob: &Blob, now: Timestamp) {
    if blob.deleted.is_some() {
        return writer.raw("<LeaseStatus />");
    }
    writer.plain(tag!("LeaseStatus"), lease_status(&blob.lease, now).as_str());
    if version < ServiceVersion::V2012_02_12 {
        return;
    }
    let state = blob.lease.state(now);
    writer.plain(tag!("LeaseState"), state.as_str());
    if let Some(duration) = lease_duration(&blob.lease, &state) {
        writer.plain(tag!("LeaseDuration"), duration.as_str());
    }
}

fn copy(writer: &mut Writer, blob: &Blob, now: Timestamp) {
    let Some(copy) = &blob.copy else {
        return;
    };
    writer.plain(tag!("CopyId"), &copy.id);
    writer.text(tag!("CopySource"), &copy.source);
    writer.plain(tag!("CopyStatus"), copy.status.as_str());
    writer.with(tag!("CopyProgress"), |text| {
        push_number(text, copy.progress(now));
        text.push('/');
        push_number(text, copy.total);
    });
    if let Some(completed) = copy.completed {
        date(writer, tag!("CopyCompletionTime"), completed);
    }
    if let Some(description) = copy.description(now) {
        writer.text(tag!("CopyStatusDescription"), &description);
    }
    if let Some(snapshot) = copy.snapshot
        && copy.status == CopyStatus::Success
    {
        writer.text(tag!("CopyDestinationSnapshot"), &snapshot.name());
    }
}

#[inline]
fn date(writer: &mut Writer, tag: Tag, moment: Timestamp) {
    writer.with(tag, |text| http_date::push(text, moment));
}

#[inline]
fn number(writer: &mut Writer, tag: Tag, value: u64) {
    writer.with(tag, |text| push_number(text, value));
}

fn push_number(text: &mut String, value: u64) {
    text.push_str(itoa::Buffer::new().format(value));
}
