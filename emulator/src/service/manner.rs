//! The manner in which the newer part of the service writes XML.
//!
//! Two parts of the service write answers. The newer one has the operations that came after 2018,
//! and some that moved there; its documents break the line behind the declaration, have no space in
//! empty elements and escape apostrophes. Source: recorded answers, of which every one of these
//! operations since 2022 is written so, and none of the others.

use http::{HeaderValue, Response};

use blobferry_core::wire::header;

use crate::answer::Body;
use crate::cors::{Listing, Order};
use crate::kind::Kind;

/// Whether the newer part answers an operation.
pub(super) const fn is_newer(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::AppendBlockFromUrl
            | Kind::PutPageFromUrl
            | Kind::GetPageRanges
            | Kind::GetBlobTags
            | Kind::SetBlobTags
            | Kind::FindBlobsByTags
            | Kind::FindBlobsByTagsInContainer
            | Kind::SealAppendBlob
            | Kind::SetImmutabilityPolicy
            | Kind::DeleteImmutabilityPolicy
            | Kind::SetLegalHold
            | Kind::RestoreContainer
            | Kind::RenameContainer
            | Kind::QueryBlob
            | Kind::Batch
            | Kind::BatchInContainer
    )
}

/// How an answer lists its headers to a browser.
pub(super) const fn listing(kind: Option<Kind>, is_success: bool) -> Listing {
    match kind {
        Some(kind) if is_newer(kind) => Listing::Sorted,
        Some(Kind::GetContainerAcl | Kind::GetServiceProperties | Kind::GetServiceStats) => {
            Listing::Untyped(Order::Read)
        }
        _ if !is_success => Listing::Untyped(Order::Read),
        Some(kind) => Listing::Typed(order(kind)),
        None => Listing::Typed(Order::Read),
    }
}

/// In what order the headers of an answer are listed.
const fn order(kind: Kind) -> Order {
    match kind {
        Kind::PutBlob
        | Kind::PutBlobFromUrl
        | Kind::PutBlock
        | Kind::PutBlockFromUrl
        | Kind::AppendBlock => Order::Made,
        Kind::PutPage => Order::Paged,
        Kind::PutBlockList | Kind::CopyBlob | Kind::CopyBlobFromUrl | Kind::IncrementalCopyBlob => {
            Order::Listed
        }
        Kind::SetBlobMetadata | Kind::SnapshotBlob => Order::Changed,
        _ => Order::Read,
    }
}

/// Elements of refusals that the newer part leaves out.
const OMITTED: [&str; 4] = [
    "UserSpecifiedMd5",
    "ServerCalculatedMd5",
    "UserSpecifiedCrc",
    "ServerCalculatedCrc",
];

/// Writes an answer in the newer manner.
pub(super) fn rewrite(answer: &mut Response<Body>) {
    let is_xml = answer
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind == "application/xml");
    if !is_xml || answer.body().is_empty() {
        return;
    }
    let body = std::mem::take(answer.body_mut());
    let Ok(bytes) = body.join() else {
        return;
    };
    let text = newer(
        &String::from_utf8_lossy(&bytes),
        answer.status().is_success(),
    );
    let length = HeaderValue::from(text.len());
    answer.headers_mut().insert(header::CONTENT_LENGTH, length);
    *answer.body_mut() = text.into_bytes().into();
}

/// Text has no bracket in it that is not escaped, so what looks like the end of a tag is one.
fn newer(document: &str, is_success: bool) -> String {
    let mut text = document
        .replacen("?><", "?>\n<", 1)
        .replace(" />", "/>")
        .replace('\'', "&apos;");
    if !is_success {
        OMITTED.iter().for_each(|name| omit(&mut text, name));
    }
    text
}

fn omit(text: &mut String, name: &str) {
    let (open, close) = (format!("<{name}>"), format!("</{name}>"));
    if let Some(start) = text.find(&open)
        && let Some(end) = text.find(&close)
    {
        text.replace_range(start..end + close.len(), "");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_of_the_newer_part_has_its_form() {
        let old =
            "\u{FEFF}<?xml version=\"1.0\" encoding=\"utf-8\"?><A><Where>a='b'</Where><B /></A>";
        let new = "\u{FEFF}<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<A><Where>a=&apos;b&apos;</Where><B/></A>";
        assert_eq!(newer(old, true), new);
    }

    #[test]
    fn the_newer_part_tells_no_checksums() {
        let old = "?><Error><Code>Md5Mismatch</Code><UserSpecifiedMd5>a</UserSpecifiedMd5>\
                   <ServerCalculatedMd5>b</ServerCalculatedMd5></Error>";
        assert_eq!(
            newer(old, false),
            "?>\n<Error><Code>Md5Mismatch</Code></Error>"
        );
    }
}
