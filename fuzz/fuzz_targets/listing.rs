//! Listings: any XML, in answer to List Blobs.
#![no_main]

use blobferry_core::operation::ListBlobs;
use blobferry_core::{Location, Operation, Place, Response};
use bytes::Bytes;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let location: Location = "http://127.0.0.1:1/acc/con".parse().expect("a URL");
    let Place::Container(container) = location.place else {
        return;
    };
    let response = http::Response::new(Bytes::copy_from_slice(data));
    let _ = ListBlobs::new(container).parse(&Response::new(response));
});
