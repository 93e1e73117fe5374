//! Listings: any XML, in answer to List Blobs; at once and item by item they read the same.
#![no_main]

use blobferry_core::operation::ListBlobs;
use blobferry_core::{Operation, Response};
use blobferry_fuzz::{container, read};
use bytes::Bytes;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let response = Response::new(http::Response::new(Bytes::copy_from_slice(data)));
    let list = ListBlobs::new(container());
    let streamed = list.entries(&response).and_then(|entries| entries.collect::<Result<Vec<_>, _>>());
    if let (Ok(page), Ok(entries)) = (list.parse(&response), streamed) {
        assert_eq!(page.blobs.len() + page.prefixes.len(), entries.len());
    }
    read(list, &response);
});
