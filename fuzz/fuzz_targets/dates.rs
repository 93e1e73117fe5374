//! Dates: both forms, to the second, print as they were read.
#![no_main]

use blobferry_core::Timestamp;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(moment) = Timestamp::parse_http(text) {
        assert_eq!(Timestamp::parse_http(&moment.to_http()), Ok(moment));
    }
    if let Ok(moment) = Timestamp::parse_iso(text) {
        let again = Timestamp::parse_iso(&moment.to_iso());
        assert_eq!(again, Ok(moment.floor_to_second()));
    }
});
