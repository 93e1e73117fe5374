//! What every operation with a source writes so that the service may read it.

#![expect(clippy::unwrap_used, reason = "what a test writes down is right")]

use blobferry_core::operation::{
    AppendBlockFromUrl, CopyBlob, CopyBlobFromUrl, IncrementalCopyBlob, PutBlobFromUrl,
    PutBlockFromUrl, PutPageFromUrl,
};
use blobferry_core::sas::SasToken;
use blobferry_core::sign::shared_key::SharedKey;
use blobferry_core::sign::sign;
use blobferry_core::wire::header;
use blobferry_core::{
    Bearer, BlobAddress, BlockId, Credential, Identities, Location, Operation, PageRange, Place,
    Request, ServiceVersion, Timestamp,
};

const SAS: &str = "sv=2021-12-02&sr=c&sp=r&se=2026-12-31T00%3A00%3A00Z&sig=AAAA";
const DESTINATION: &str = "https://harbour.blob.core.windows.net/lamps/x";
const SAME: &str =
    "https://harbour.blob.core.windows.net/lamps/y?snapshot=2026-11-21T10:00:00.0000000Z";
const OTHER: &str =
    "https://lighthouse.blob.core.windows.net/lamps/y?snapshot=2026-11-21T10:00:00.0000000Z";

fn blob(url: &str) -> BlobAddress {
    match url.parse::<Location>().unwrap().place {
        Place::Blob(blob) => blob,
        place => unreachable!("{place:?} is no blob"),
    }
}

fn key() -> Credential {
    SharedKey::new(SharedKey::DEVELOPMENT).unwrap().into()
}

fn bearer() -> Credential {
    Bearer::new("token", None).unwrap().into()
}

fn sas() -> Credential {
    SAS.parse::<SasToken>().unwrap().into()
}

/// How the source was shown to be readable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shown {
    /// Not at all: the request's own authorization covers it, or it is public.
    Bare,
    /// By a SAS that was minted for it.
    Minted,
    /// By the SAS that was given.
    Given,
    /// By a bearer token beside it.
    Token,
    /// Such a credential cannot travel with the operation.
    Refused,
}

fn shown(request: &Request, source: &str, from: Option<Credential>, to: Credential) -> Shown {
    let mut identities = Identities::new();
    if let Some(from) = from {
        identities.set(blob(source).account, from);
    }
    identities.set(blob(DESTINATION).account, to);
    let now = Timestamp::parse_iso("2026-11-21T10:00:00Z").unwrap();
    let Ok(signed) = sign(request, &identities, ServiceVersion::DEFAULT, now) else {
        return Shown::Refused;
    };
    let headers = signed.headers();
    let written = headers[header::X_MS_COPY_SOURCE].to_str().unwrap();
    let location: Location = written.parse().unwrap();
    assert_eq!(location.place, Place::Blob(blob(source)), "{written}");
    let token = headers.get(header::X_MS_COPY_SOURCE_AUTHORIZATION);
    match (location.sas, token) {
        (None, None) => Shown::Bare,
        (Some(sas), None) if sas.get("sig") == Some("AAAA") => Shown::Given,
        (Some(sas), None) => {
            assert_eq!((sas.get("sp"), sas.get("sr")), (Some("r"), Some("bs")));
            Shown::Minted
        }
        (None, Some(token)) => {
            assert_eq!(token.to_str().unwrap(), "Bearer token");
            assert!(token.is_sensitive());
            Shown::Token
        }
        (Some(_), Some(_)) => unreachable!("a SAS and a token at once"),
    }
}

fn synchronous(source: &str) -> Vec<Request> {
    let (source, to) = (blob(source), blob(DESTINATION));
    let pages = PageRange::new(0, 512).unwrap();
    vec![
        CopyBlobFromUrl::new(to.clone(), source.clone()).request(),
        PutBlobFromUrl::new(to.clone(), source.clone()).request(),
        PutBlockFromUrl::new(to.clone(), BlockId::numbered(0), source.clone()).request(),
        PutPageFromUrl::new(to.clone(), pages, source.clone()).request(),
        AppendBlockFromUrl::new(to, source).request(),
    ]
}

#[test]
fn a_synchronous_operation_shows_every_source_that_is_not_public() {
    for (source, from, to, expected) in [
        (SAME, None, key(), Shown::Minted),
        (SAME, None, sas(), Shown::Given),
        (SAME, None, bearer(), Shown::Token),
        (OTHER, Some(key()), key(), Shown::Minted),
        (OTHER, Some(key()), sas(), Shown::Minted),
        (OTHER, Some(key()), bearer(), Shown::Minted),
        (OTHER, Some(sas()), key(), Shown::Given),
        (OTHER, Some(sas()), bearer(), Shown::Given),
        (OTHER, Some(bearer()), key(), Shown::Token),
        (OTHER, Some(bearer()), bearer(), Shown::Token),
        (OTHER, Some(Credential::Anonymous), key(), Shown::Bare),
        (OTHER, None, key(), Shown::Refused),
    ] {
        for request in synchronous(source) {
            let name = format!("{request:?} of {source} with {from:?} and {to:?}");
            assert_eq!(
                shown(&request, source, from.clone(), to.clone()),
                expected,
                "{name}"
            );
        }
    }
}

#[test]
fn copy_blob_is_covered_inside_one_account_and_takes_no_token_from_another() {
    for (source, from, to, expected) in [
        (SAME, None, key(), Shown::Bare),
        (SAME, None, sas(), Shown::Given),
        (SAME, None, bearer(), Shown::Bare),
        (OTHER, Some(key()), key(), Shown::Minted),
        (OTHER, Some(key()), bearer(), Shown::Minted),
        (OTHER, Some(sas()), key(), Shown::Given),
        (OTHER, Some(bearer()), bearer(), Shown::Refused),
        (OTHER, Some(Credential::Anonymous), key(), Shown::Bare),
    ] {
        let request = CopyBlob::new(blob(DESTINATION), blob(source)).request();
        let name = format!("{source} with {from:?} and {to:?}");
        assert_eq!(shown(&request, source, from, to), expected, "{name}");
    }
}

#[test]
fn an_incremental_copy_needs_a_sas_even_inside_one_account() {
    for (source, from, to, expected) in [
        (SAME, None, key(), Shown::Minted),
        (SAME, None, sas(), Shown::Given),
        (SAME, None, bearer(), Shown::Refused),
        (OTHER, Some(key()), bearer(), Shown::Minted),
    ] {
        let request = IncrementalCopyBlob::new(blob(DESTINATION), blob(source)).request();
        let name = format!("{source} with {from:?} and {to:?}");
        assert_eq!(shown(&request, source, from, to), expected, "{name}");
    }
}
