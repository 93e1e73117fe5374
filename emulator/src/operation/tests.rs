use bytes::Bytes;
use http::{HeaderMap, Method};

use blobferry_core::{ServiceVersion, Timestamp};

use crate::kind::Kind;
use crate::request::{Ask, Caller, Query};

/// A request by the owner that says nothing but what it asks.
pub(crate) fn ask(kind: Kind) -> Ask {
    Ask {
        kind,
        method: Method::PUT,
        account: "devstoreaccount1".into(),
        secondary: false,
        container: Some("box".into()),
        blob: Some("blob".into()),
        query: Query::default(),
        headers: HeaderMap::new(),
        body: Bytes::new(),
        version: ServiceVersion::DEFAULT,
        endpoint: "http://127.0.0.1:10000/devstoreaccount1".into(),
        now: Timestamp::from_millis(1_600_000_000_000),
        path: String::new(),
        secure: false,
        peer: None,
        caller: Caller::Anonymous,
        letters: None,
    }
}
