//! Copies and their aborts.

use blobferry_core::operation::{AbortCopyBlob, CopyBlob, CopyBlobFromUrl, IncrementalCopyBlob};

use super::Call;
use crate::known::{Known, Reason};

pub(crate) fn read(call: &Call<'_>) -> Option<Result<Known, Reason>> {
    Some(match call.op() {
        "CopyBlob" => copy_blob(call),
        "CopyBlobFromURL" => from_url(call),
        "IncrementalCopy" => incremental(call),
        "AbortCopy" => abort(call),
        _ => return None,
    })
}

fn copy_blob(call: &Call<'_>) -> Result<Known, Reason> {
    Ok(Known::new(CopyBlob {
        metadata: call.metadata()?,
        tags: call.tags()?,
        tier: call.word("x-ms-access-tier"),
        rehydrate_priority: call.word("x-ms-rehydrate-priority"),
        seal: call.flag("x-ms-seal-blob"),
        lease_id: call.lease_id()?,
        source_lease_id: call.option("x-ms-source-lease-id")?,
        conditions: call.conditions()?,
        source_conditions: call.source_conditions()?,
        immutability: call.immutability()?,
        ..CopyBlob::new(call.blob()?, call.source()?)
    }))
}

fn abort(call: &Call<'_>) -> Result<Known, Reason> {
    let copy_id = call.need_query("copyid", "1f812371-a41d-49e6-b123-f4b542e85144")?;
    Ok(Known::new(AbortCopyBlob {
        lease_id: call.lease_id()?,
        ..AbortCopyBlob::new(call.blob()?, copy_id)
    }))
}

fn from_url(call: &Call<'_>) -> Result<Known, Reason> {
    Ok(Known::new(CopyBlobFromUrl {
        checksum: call.source_checksum()?,
        metadata: call.metadata()?,
        tags: call.tags()?,
        tag_option: call.word("x-ms-copy-source-tag-option"),
        tier: call.word("x-ms-access-tier"),
        encryption_scope: call.option("x-ms-encryption-scope")?,
        lease_id: call.lease_id()?,
        conditions: call.conditions()?,
        source_conditions: call.source_conditions()?,
        immutability: call.immutability()?,
        is_azure_file: call.header("x-ms-file-request-intent").is_some(),
        ..CopyBlobFromUrl::new(call.blob()?, call.source()?)
    }))
}

fn incremental(call: &Call<'_>) -> Result<Known, Reason> {
    Ok(Known::new(IncrementalCopyBlob {
        metadata: call.metadata()?,
        conditions: call.conditions()?,
        ..IncrementalCopyBlob::new(call.blob()?, call.source()?)
    }))
}
