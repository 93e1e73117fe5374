//! Requests: whatever stands in method, path, query, headers and XML bodies, with a right to ask or
//! without, one after the other at one service, every one of them is answered. The account is of a kind
//! that goes by the length of the data.
#![no_main]

use blobferry_fuzz::emulator::{NOW, is_sound, request, service, vary};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let service = service();
    vary(&service, data.len());
    for text in data.split(|byte| *byte == 0).take(8) {
        let Some(request) = request(text) else {
            continue;
        };
        let is_head = request.method() == http::Method::HEAD;
        is_sound(is_head, &service.respond(NOW, request));
    }
});
