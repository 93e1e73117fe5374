//! Error bodies: any XML, in answer to a request that the service refused; the error and the advice on
//! it are printed without a panic and without a signature.
#![no_main]

use blobferry_core::operation::GetBlobProperties;
use blobferry_core::{Operation, Response};
use blobferry_fuzz::{blob, print};
use bytes::Bytes;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let mut response = http::Response::new(Bytes::copy_from_slice(data));
    *response.status_mut() = http::StatusCode::FORBIDDEN;
    let error = GetBlobProperties::new(blob())
        .parse(&Response::new(response))
        .expect_err("a refusal");
    print(&error);
});
