//! SAS tokens: what is read is written so that it reads the same, can be signed anew, and shows no
//! signature.
#![no_main]

use blobferry_core::sas::{SasToken, Signed, string_to_sign};
use blobferry_core::sign::redact_url;
use blobferry_fuzz::hides_signatures;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    hides_signatures(&redact_url(text));
    let token = match text.parse::<SasToken>() {
        Ok(token) => token,
        Err(error) => return hides_signatures(&format!("{error:?} {error}")),
    };
    assert_eq!(token.expose().parse().as_ref(), Ok(&token));
    hides_signatures(&format!("{token:?}"));
    let _ = (token.expires_at(), token.permissions());
    let _ = string_to_sign(&token, &Signed::default());
});
