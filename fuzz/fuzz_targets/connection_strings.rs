//! Connection strings: no key and no signature shows in what is read, or in why it is refused.
#![no_main]

use blobferry_core::connection_string::ConnectionString;
use blobferry_fuzz::hides_signatures;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    match text.parse::<ConnectionString>() {
        Ok(read) => hides_signatures(&format!("{read:?} {read}")),
        Err(error) => hides_signatures(&format!("{error:?} {error}")),
    }
});
