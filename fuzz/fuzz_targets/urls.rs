//! URLs: what is read prints as a URL that means the same.
#![no_main]

use blobferry_core::{Location, Place};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let Ok(location) = text.parse::<Location>() else {
        return;
    };
    let printed = match &location.place {
        Place::Account(account) => account.to_string(),
        Place::Container(container) => container.to_string(),
        Place::Blob(blob) => blob.to_string(),
    };
    let again: Location = printed.parse().expect("a printed address is a URL");
    assert_eq!(again.place, location.place);
});
