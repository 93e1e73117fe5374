//! Reading blobs and what is said of them.

use blobferry_core::operation::GetBlobProperties;

use super::Call;
use crate::known::{Known, Reason};

pub(crate) fn read(call: &Call<'_>) -> Option<Result<Known, Reason>> {
    Some(match call.op() {
        "GetBlobProperties" => properties(call),
        _ => return None,
    })
}

fn properties(call: &Call<'_>) -> Result<Known, Reason> {
    Ok(Known::new(GetBlobProperties {
        lease_id: call.lease_id()?,
        conditions: call.conditions()?,
        key: call.key(),
        ..GetBlobProperties::new(call.blob()?)
    }))
}
