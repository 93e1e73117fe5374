//! Reading blobs and what is said of them.

use blobferry_core::SourceUrl;
use blobferry_core::operation::{
    GetBlob, GetBlobMetadata, GetBlobProperties, GetBlockList, GetPageRanges, RangeHash, Since,
};

use super::Call;
use super::listing::max_results;
use crate::known::{Known, Reason};

pub(crate) fn read(call: &Call<'_>) -> Option<Result<Known, Reason>> {
    Some(match call.op() {
        "GetBlob" => content(call),
        "GetBlobProperties" => properties(call),
        "GetBlobMetadata" => metadata(call),
        "GetBlockList" => blocks(call),
        "GetPageRanges" => pages(call),
        _ => return None,
    })
}

fn content(call: &Call<'_>) -> Result<Known, Reason> {
    let md5 = call.header("x-ms-range-get-content-md5");
    let crc64 = call.header("x-ms-range-get-content-crc64");
    let range_hash = match (md5, crc64) {
        (None, None) => None,
        (Some(_), None) => Some(RangeHash::Md5),
        (None, Some(_)) => Some(RangeHash::Crc64),
        (Some(_), Some(_)) => return Err("refused at construction: MD5 and CRC64".to_owned()),
    };
    Ok(Known::new(GetBlob {
        range: call.byte_range()?,
        range_hash,
        structured_body: call.option("x-ms-structured-body")?,
        lease_id: call.lease_id()?,
        conditions: call.conditions()?,
        key: call.key(),
        upn: call.flag("x-ms-upn"),
        ..GetBlob::new(call.blob()?)
    }))
}

fn properties(call: &Call<'_>) -> Result<Known, Reason> {
    Ok(Known::new(GetBlobProperties {
        lease_id: call.lease_id()?,
        conditions: call.conditions()?,
        key: call.key(),
        ..GetBlobProperties::new(call.blob()?)
    }))
}

fn metadata(call: &Call<'_>) -> Result<Known, Reason> {
    Ok(Known::new(GetBlobMetadata {
        lease_id: call.lease_id()?,
        conditions: call.conditions()?,
        key: call.key(),
        ..GetBlobMetadata::new(call.blob()?)
    }))
}

fn blocks(call: &Call<'_>) -> Result<Known, Reason> {
    Ok(Known::new(GetBlockList {
        list: call.query("blocklisttype").map(Into::into),
        lease_id: call.lease_id()?,
        if_tags: call.option("x-ms-if-tags")?,
        ..GetBlockList::new(call.blob()?)
    }))
}

fn pages(call: &Call<'_>) -> Result<Known, Reason> {
    let disk = call.header("x-ms-previous-snapshot-url");
    let disk = disk.map(SourceUrl::new).transpose();
    let since = match disk.map_err(|_| "refused at construction: previous snapshot".to_owned())? {
        Some(url) => Some(Since::DiskSnapshot(url)),
        None => call
            .query("prevsnapshot")
            .map(|time| Since::Snapshot(time.to_owned())),
    };
    Ok(Known::new(GetPageRanges {
        range: call.byte_range()?,
        since,
        marker: call.query("marker").map(str::to_owned),
        max_results: max_results(call)?,
        lease_id: call.lease_id()?,
        conditions: call.conditions()?,
        ..GetPageRanges::new(call.blob()?)
    }))
}
