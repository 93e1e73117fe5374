//! Get Account Information.

use blobferry_core::ServiceVersion;
use blobferry_core::wire::header;

use crate::answer::Answer;
use crate::auth::Holdings as _;
use crate::request::Ask;
use crate::state::State;

pub(crate) fn account_information(state: &State, ask: &Ask) -> Answer {
    let (sku, kind) = state.config().kind(&ask.account).told();
    let answer = Answer::ok()
        .constant(header::X_MS_SKU_NAME, sku)
        .constant(header::X_MS_ACCOUNT_KIND, kind);
    let hns_since = ServiceVersion::V2019_02_02;
    if ask.version > hns_since {
        answer.constant(header::X_MS_IS_HNS_ENABLED, "false")
    } else {
        answer
    }
}
