//! Get Account Information.

use blobferry_core::ServiceVersion;
use blobferry_core::wire::header;

use crate::answer::Answer;
use crate::request::Ask;

pub(crate) fn account_information(ask: &Ask) -> Answer {
    let answer = Answer::ok()
        .constant(header::X_MS_SKU_NAME, "Standard_RAGRS")
        .constant(header::X_MS_ACCOUNT_KIND, "StorageV2");
    let hns_since = ServiceVersion::V2019_02_02;
    if ask.version > hns_since {
        answer.constant(header::X_MS_IS_HNS_ENABLED, "false")
    } else {
        answer
    }
}
