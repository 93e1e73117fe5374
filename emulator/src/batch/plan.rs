//! From the body of a batch to the requests in it. Nothing is done unless all of them can be asked.

use blobferry_core::ErrorCode;

use crate::config::Config;
use crate::failure::Failure;
use crate::kind::{Kind, Level};
use crate::read::read_url;
use crate::request::{Ask, Headers};

use super::part::Part;
use super::{MOST, multipart, no_batch};

/// A request of a batch, ready to be authorized by itself.
#[derive(Debug)]
pub(crate) struct Planned {
    /// What its answer is to be known by.
    pub(crate) content_id: Option<String>,
    pub(crate) ask: Ask,
}

/// Reads a batch.
///
/// # Errors
/// 400 where the whole of it is refused: it is no batch, has too many requests or none, asks for
/// anything but Delete Blob or Set Blob Tier, for both of them, or for blobs of another container
/// than the one it was sent to.
pub(crate) fn plan(config: &Config, outer: &Ask) -> Result<Vec<Planned>, Failure> {
    let content_type = outer
        .header(&http::header::CONTENT_TYPE)
        .unwrap_or_default();
    let boundary = multipart::boundary(content_type)?;
    let parts = multipart::parts(&outer.body, boundary, MOST).ok_or_else(no_batch)?;
    if parts.is_empty() {
        return Err(no_batch());
    }
    if parts.len() > MOST {
        return Err(too_many());
    }
    let mut planned = Vec::with_capacity(parts.len());
    let mut kind = None;
    for part in parts {
        let part = Part::read(part).ok_or_else(no_batch)?;
        let one = request(config, outer, part)?;
        let elsewhere = outer.container.is_some() && outer.container != one.ask.container;
        if elsewhere || *kind.get_or_insert(one.ask.kind) != one.ask.kind {
            return Err(no_batch());
        }
        planned.push(one);
    }
    Ok(planned)
}

/// No document names this code; clients of the service expect it.
fn too_many() -> Failure {
    Failure::new(ErrorCode::from("ExceedsMaxBatchRequestCount"))
        .status(http::StatusCode::BAD_REQUEST)
        .message("The batch operation exceeds maximum number of allowed subrequests.")
}

/// The request that a part is, under the version of the batch: "Each subrequest must not include
/// x-ms-version", yet clients of the service that do are not refused.
fn request(config: &Config, outer: &Ask, part: Part<'_>) -> Result<Planned, Failure> {
    let url = url(&outer.endpoint, part.target);
    let Some((target, query)) = read_url(config, &url) else {
        return Err(no_batch());
    };
    let path = part.target.split('?').next().unwrap_or_default();
    let headers = Headers::from(part.headers);
    let kind = Kind::recognise(target.level, &part.method, &query, &headers, outer.version)
        .map_err(|_| no_batch())?;
    if !matches!(kind, Kind::DeleteBlob | Kind::SetBlobTier) || target.level != Level::Blob {
        return Err(no_batch());
    }
    Ok(Planned {
        content_id: part.content_id.map(str::to_owned),
        ask: Ask {
            secondary: outer.secondary,
            endpoint: outer.endpoint.clone(),
            headers,
            path: path.to_owned(),
            ..outer.bring(kind, part.method, target, query)
        },
    })
}

/// The URL of a path in a batch.
///
/// Where the account stands in the path of the batch, some clients write it into the parts too and
/// some do not: they cut the path from the names they know.
fn url(endpoint: &str, target: &str) -> String {
    let origin_end = endpoint
        .find("://")
        .map_or(0, |at| at + 3)
        .min(endpoint.len());
    let (scheme, place) = endpoint.split_at(origin_end);
    let (host, account) = place.split_once('/').unwrap_or((place, ""));
    let path = target.split('?').next().unwrap_or_default();
    let mut segments = path.splitn(4, '/').skip(1);
    let names_account = segments.next() == Some(account) && segments.nth(1).is_some();
    if account.is_empty() || names_account {
        format!("{scheme}{host}{target}")
    } else {
        format!("{scheme}{host}/{account}{target}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_account_of_the_endpoint_may_be_left_out() {
        let endpoint = "http://127.0.0.1:10000/account";
        for (target, whole) in [
            ("/account/box/blob?x=/y", "/account/box/blob?x=/y"),
            ("/box/blob", "/account/box/blob"),
            ("/account/blob", "/account/account/blob"),
            ("/box/deep/blob", "/account/box/deep/blob"),
        ] {
            assert_eq!(
                url(endpoint, target),
                format!("http://127.0.0.1:10000{whole}")
            );
        }
        let endpoint = "https://account.blob.localhost";
        assert_eq!(url(endpoint, "/box/blob"), format!("{endpoint}/box/blob"));
    }
}
