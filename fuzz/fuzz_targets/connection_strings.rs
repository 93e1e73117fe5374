//! Connection strings: the string without its secret means the same place, and shows no key.
#![no_main]

use blobferry_core::connection_string::ConnectionString;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(read) = text.parse::<ConnectionString>() {
        let _ = format!("{read:?} {read}");
    }
});
