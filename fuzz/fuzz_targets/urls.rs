//! URLs: what is read prints as a URL that means the same; nothing shows a signature.
#![no_main]

use blobferry_core::{Location, Place};
use blobferry_fuzz::hides_signatures;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let location = match text.parse::<Location>() {
        Ok(location) => location,
        Err(error) => return hides_signatures(&format!("{error:?} {error}")),
    };
    hides_signatures(&format!("{location:?}"));
    let printed = match &location.place {
        Place::Account(account) => account.to_string(),
        Place::Container(container) => container.to_string(),
        Place::Blob(blob) => blob.to_string(),
    };
    let again: Location = printed.parse().expect("a printed address is a URL");
    assert_eq!(again.place, location.place);
});
