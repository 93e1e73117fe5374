//! Answers: whatever the status, headers and body, an operation reads or refuses them.
#![no_main]

use blobferry_core::operation::{AbortCopyBlob, AcquireLease, CopyBlob, GetBlobProperties};
use blobferry_core::{LeaseTerm, Location, Operation, Place, Response};
use bytes::Bytes;
use libfuzzer_sys::fuzz_target;

/// First line: status; then headers up to an empty line; then the body.
fn response(data: &[u8]) -> Option<Response> {
    let text = String::from_utf8_lossy(data);
    let (head, body) = text.split_once("\n\n").unwrap_or((&text, ""));
    let mut lines = head.lines();
    let status: u16 = lines.next()?.trim().parse().ok()?;
    let mut built = http::Response::builder().status(status);
    for line in lines {
        let (name, value) = line.split_once(':')?;
        built = built.header(name, value.trim());
    }
    built.body(Bytes::copy_from_slice(body.as_bytes())).ok().map(Response::new)
}

fuzz_target!(|data: &[u8]| {
    let Some(response) = response(data) else {
        return;
    };
    let location: Location = "http://127.0.0.1:1/acc/con/blob".parse().expect("a URL");
    let Place::Blob(blob) = location.place else {
        return;
    };
    let _ = CopyBlob::new(blob.clone(), blob.clone()).parse(&response);
    let _ = GetBlobProperties::new(blob.clone()).parse(&response);
    let id = "1f812371-a41d-49e6-b123-f4b542e851c5".parse().expect("an id");
    let _ = AbortCopyBlob::new(blob.clone(), id).parse(&response);
    let _ = AcquireLease::new(blob, LeaseTerm::Infinite).parse(&response);
});
