//! SAS tokens: what is read is written so that it reads the same, and can be signed anew.
#![no_main]

use blobferry_core::sas::{SasToken, Signed, string_to_sign};
use blobferry_core::sign::redact_url;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let _ = redact_url(text);
    let Ok(token) = text.parse::<SasToken>() else {
        return;
    };
    assert_eq!(token.expose().parse().as_ref(), Ok(&token));
    let _ = (token.expires_at(), token.permissions(), format!("{token:?}"));
    let _ = string_to_sign(&token, &Signed::default());
});
