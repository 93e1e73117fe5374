//! Copies and their aborts.

use blobferry_core::operation::{AbortCopyBlob, CopyBlob};

use super::Call;
use crate::known::{Known, Reason};

pub(crate) fn read(call: &Call<'_>) -> Option<Result<Known, Reason>> {
    Some(match call.op() {
        "CopyBlob" => copy_blob(call),
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
