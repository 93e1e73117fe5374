//! Listings, and what else is asked of an account.

use blobferry_core::Timestamp;
use blobferry_core::operation::{
    GetAccountInformation, GetUserDelegationKey, ListBlobs, ListContainers, MaxResults,
};
use blobferry_core::words::{ContainerInclude, ListInclude};

use super::Call;
use crate::known::{Known, Reason};

pub(crate) fn read(call: &Call<'_>) -> Option<Result<Known, Reason>> {
    Some(match call.op() {
        "ListBlobs" => blobs(call),
        "Service.Get.list" => containers(call),
        "GetAccountInfo" => account(call),
        "Service.Post.userdelegationkey" => delegation_key(call),
        _ => return None,
    })
}

fn blobs(call: &Call<'_>) -> Result<Known, Reason> {
    let include = call.query("include").unwrap_or_default();
    let include = include.split(',').filter(|word| !word.is_empty());
    Ok(Known::new(ListBlobs {
        prefix: call.query("prefix").map(str::to_owned),
        delimiter: call.query("delimiter").map(str::to_owned),
        marker: call.query("marker").map(str::to_owned),
        max_results: max_results(call)?,
        include: include.map(ListInclude::from).collect(),
        show_only: call.query("showonly").map(Into::into),
        start_from: call.query("startfrom").map(str::to_owned),
        ..ListBlobs::new(call.container()?)
    }))
}

pub(crate) fn max_results(call: &Call<'_>) -> Result<Option<MaxResults>, Reason> {
    let max = call.query("maxresults").map(str::parse).transpose();
    let max = max.ok().map(|max| max.map(MaxResults::new).transpose());
    match max {
        Some(Ok(max)) => Ok(max),
        _ => Err("refused at construction: maxresults".to_owned()),
    }
}

fn containers(call: &Call<'_>) -> Result<Known, Reason> {
    let include = call.query("include").unwrap_or_default();
    let include = include.split(',').filter(|word| !word.is_empty());
    Ok(Known::new(ListContainers {
        prefix: call.query("prefix").map(str::to_owned),
        marker: call.query("marker").map(str::to_owned),
        max_results: max_results(call)?,
        include: include.map(ContainerInclude::from).collect(),
        ..ListContainers::new(call.place()?.account().clone())
    }))
}

fn account(call: &Call<'_>) -> Result<Known, Reason> {
    Ok(Known::new(GetAccountInformation::new(call.place()?)))
}

fn delegation_key(call: &Call<'_>) -> Result<Known, Reason> {
    let mut key =
        GetUserDelegationKey::new(call.place()?.account().clone(), Timestamp::from_millis(0));
    for leaf in call.elements()? {
        let date = || {
            let date = Timestamp::parse_iso(&leaf.text);
            date.map_err(|_| "refused at construction: date".to_owned())
        };
        match &*leaf.path {
            "KeyInfo/Start" => key.start = Some(date()?),
            "KeyInfo/Expiry" => key.expiry = date()?,
            "KeyInfo/DelegatedUserTid" => key.delegated_user_tenant = Some(leaf.text.clone()),
            _ => return Err("refused at construction: key info".to_owned()),
        }
    }
    Ok(Known::new(key))
}
