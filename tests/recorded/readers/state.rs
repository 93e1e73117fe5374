//! Properties, metadata, tier, tags, snapshots and deletion of blobs.

use blobferry_core::Tags;
use blobferry_core::operation::{
    DeleteBlob, GetBlobTags, SequenceNumberChange, SetBlobMetadata, SetBlobProperties, SetBlobTags,
    SetBlobTier, SnapshotBlob, TierConditions, UndeleteBlob,
};
use blobferry_core::words::AccessTier;

use super::Call;
use crate::known::{Known, Reason};

pub(crate) fn read(call: &Call<'_>) -> Option<Result<Known, Reason>> {
    Some(match call.op() {
        "SetBlobMetadata" => metadata(call),
        "SetBlobProperties" => properties(call),
        "SetBlobTier" => tier(call),
        "GetBlobTags" => get_tags(call),
        "SetBlobTags" => set_tags(call),
        "SnapshotBlob" => snapshot(call),
        "DeleteBlob" => delete(call),
        "UndeleteBlob" => call.blob().map(|blob| Known::new(UndeleteBlob::new(blob))),
        _ => return None,
    })
}

fn metadata(call: &Call<'_>) -> Result<Known, Reason> {
    Ok(Known::new(SetBlobMetadata {
        lease_id: call.lease_id()?,
        conditions: call.conditions()?,
        encryption: call.encryption()?,
        ..SetBlobMetadata::new(call.blob()?, call.metadata()?)
    }))
}

fn properties(call: &Call<'_>) -> Result<Known, Reason> {
    let number: Option<u64> = call.option("x-ms-blob-sequence-number")?;
    let sequence_number = match (call.header("x-ms-sequence-number-action"), number) {
        (None, None) => None,
        (Some("max"), Some(number)) => Some(SequenceNumberChange::Max(number)),
        (Some("update"), Some(number)) => Some(SequenceNumberChange::Update(number)),
        (Some("increment"), None) => Some(SequenceNumberChange::Increment),
        _ => return Err("refused at construction: sequence number and action".to_owned()),
    };
    Ok(Known::new(SetBlobProperties {
        headers: call.content_headers()?,
        size: call.page_size()?,
        sequence_number,
        lease_id: call.lease_id()?,
        conditions: call.conditions()?,
        encryption: call.encryption()?,
        ..SetBlobProperties::new(call.blob()?)
    }))
}

fn tier(call: &Call<'_>) -> Result<Known, Reason> {
    let word = call.header("x-ms-access-tier");
    let Some(word) = word.or(call.is_plainest().then_some("Hot")) else {
        return Err("refused at construction: x-ms-access-tier is missing".to_owned());
    };
    Ok(Known::new(SetBlobTier {
        rehydrate_priority: call.word("x-ms-rehydrate-priority"),
        lease_id: call.lease_id()?,
        if_tags: call.option("x-ms-if-tags")?,
        ..SetBlobTier::new(call.blob()?, AccessTier::from(word))
    }))
}

fn get_tags(call: &Call<'_>) -> Result<Known, Reason> {
    Ok(Known::new(GetBlobTags {
        lease_id: call.lease_id()?,
        if_tags: call.option("x-ms-if-tags")?,
        conditions: call.blob_conditions()?,
        ..GetBlobTags::new(call.blob()?)
    }))
}

fn set_tags(call: &Call<'_>) -> Result<Known, Reason> {
    let mut tags: Vec<(String, String)> = Vec::new();
    for leaf in call.elements()? {
        match (&*leaf.path, tags.last_mut()) {
            ("Tags/TagSet/Tag/Key", _) => tags.push((leaf.text, String::new())),
            ("Tags/TagSet/Tag/Value", Some(tag)) => tag.1 = leaf.text,
            _ => return Err("refused at construction: tags".to_owned()),
        }
    }
    let tags = Tags::new(tags).map_err(|_| "refused at construction: tags".to_owned())?;
    Ok(Known::new(SetBlobTags {
        checksum: call.checksum()?,
        lease_id: call.lease_id()?,
        if_tags: call.option("x-ms-if-tags")?,
        conditions: call.blob_conditions()?,
        ..SetBlobTags::new(call.blob()?, tags)
    }))
}

fn snapshot(call: &Call<'_>) -> Result<Known, Reason> {
    Ok(Known::new(SnapshotBlob {
        metadata: call.metadata()?,
        lease_id: call.lease_id()?,
        conditions: call.conditions()?,
        encryption: call.encryption()?,
        ..SnapshotBlob::new(call.blob()?)
    }))
}

fn delete(call: &Call<'_>) -> Result<Known, Reason> {
    if call.status() == 200 {
        return Err("no Delete Blob: the recorder lost the query of another operation".to_owned());
    }
    Ok(Known::new(DeleteBlob {
        snapshots: call.word("x-ms-delete-snapshots"),
        permanent: call
            .query("deletetype")
            .is_some_and(|kind| kind.eq_ignore_ascii_case("permanent")),
        lease_id: call.lease_id()?,
        conditions: call.conditions()?,
        tier_conditions: TierConditions {
            if_modified_since: call.date("x-ms-access-tier-if-modified-since")?,
            if_unmodified_since: call.date("x-ms-access-tier-if-unmodified-since")?,
        },
        ..DeleteBlob::new(call.blob()?)
    }))
}
