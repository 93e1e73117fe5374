//! Error bodies: any XML, in answer to a request that the service refused; nothing panics while the
//! error and the advice on it are printed.
#![no_main]

use blobferry_core::advice::advice;
use blobferry_core::operation::GetBlobProperties;
use blobferry_core::{Location, Operation, Place, Response};
use bytes::Bytes;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let location: Location = "http://127.0.0.1:1/acc/con/blob".parse().expect("a URL");
    let Place::Blob(blob) = location.place else {
        return;
    };
    let mut response = http::Response::new(Bytes::copy_from_slice(data));
    *response.status_mut() = http::StatusCode::FORBIDDEN;
    let error = GetBlobProperties::new(blob)
        .parse(&Response::new(response))
        .expect_err("a refusal");
    let _ = format!("{error} {error:?} {:?}", advice(&error));
});
