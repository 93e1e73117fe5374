//! Leases of blobs and containers.

use blobferry_core::operation::{
    AcquireLease, BreakLease, BreakPeriod, ChangeLease, LeaseTarget, ReleaseLease, RenewLease,
};
use blobferry_core::{LeaseId, LeaseTerm};

use super::Call;
use crate::known::{Known, Reason};

const ANY: &str = "1f812371-a41d-49e6-b123-f4b542e85144";

pub(crate) fn read(call: &Call<'_>) -> Option<Result<Known, Reason>> {
    let (kind, action) = call.op().split_once(':').unwrap_or((call.op(), ""));
    let target = match kind {
        "LeaseBlob" => blob(call),
        "LeaseContainer" => container(call),
        _ => return None,
    };
    Some(target.and_then(|target| lease(call, target, action)))
}

fn blob(call: &Call<'_>) -> Result<LeaseTarget, Reason> {
    Ok(LeaseTarget::Blob(call.blob()?, call.conditions()?))
}

fn container(call: &Call<'_>) -> Result<LeaseTarget, Reason> {
    let conditions = call.container_conditions()?;
    Ok(LeaseTarget::Container(call.container()?, conditions))
}

fn lease(call: &Call<'_>, target: LeaseTarget, action: &str) -> Result<Known, Reason> {
    let lease_id = || call.need::<LeaseId>("x-ms-lease-id", ANY);
    let proposed_id = || call.need::<LeaseId>("x-ms-proposed-lease-id", ANY);
    // Where the action was not recorded, the answer tells it; a refusal is read alike by all.
    let told = match call.status() {
        201 => "acquire",
        202 => "break",
        _ if call.answered("x-ms-lease-id") => "renew",
        _ => "release",
    };
    Ok(match if action.is_empty() { told } else { action } {
        "acquire" => Known::new(AcquireLease {
            proposed_id: call.option("x-ms-proposed-lease-id")?,
            ..AcquireLease::new(target, term(call)?)
        }),
        "renew" => Known::new(RenewLease::new(target, lease_id()?)),
        "change" => Known::new(ChangeLease::new(target, lease_id()?, proposed_id()?)),
        "release" => Known::new(ReleaseLease::new(target, lease_id()?)),
        "break" if call.header("x-ms-lease-id").is_some() => {
            return Err("a lease id on break, which the service does not read".to_owned());
        }
        "break" => Known::new(BreakLease {
            period: period(call)?,
            ..BreakLease::new(target)
        }),
        _ => return Err("refused at construction: lease action".to_owned()),
    })
}

fn term(call: &Call<'_>) -> Result<LeaseTerm, Reason> {
    match call.need::<i64>("x-ms-lease-duration", "-1")? {
        -1 => Ok(LeaseTerm::Infinite),
        seconds => u8::try_from(seconds)
            .ok()
            .and_then(|seconds| LeaseTerm::seconds(seconds).ok())
            .ok_or_else(|| "refused at construction: x-ms-lease-duration".to_owned()),
    }
}

fn period(call: &Call<'_>) -> Result<Option<BreakPeriod>, Reason> {
    let Some(seconds) = call.option("x-ms-lease-break-period")? else {
        return Ok(None);
    };
    BreakPeriod::seconds(seconds)
        .map(Some)
        .map_err(|_| "refused at construction: x-ms-lease-break-period".to_owned())
}
