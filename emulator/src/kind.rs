//! Every operation, and how a request is recognised as one of them.

use http::Method;

use blobferry_core::wire::{header, query};
use blobferry_core::{ErrorCode, ServiceVersion};

use crate::failure::Failure;
use crate::request::{Headers, Query};

/// What part of the service a path names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Level {
    /// The account itself.
    Service,
    /// A container.
    Container,
    /// A blob.
    Blob,
}

/// Which request headers tell operations with the same method and `comp` apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    /// None.
    Plain,
    /// `x-ms-copy-source`.
    Source,
    /// `x-ms-copy-source` and `x-ms-requires-sync: true`.
    SourceNow,
    /// `x-ms-copy-source` and `x-ms-blob-type`.
    SourceAs,
}

macro_rules! kinds {
    ($($kind:ident: $level:ident $methods:literal $restype:literal $comp:literal $mark:ident $since:ident,)*) => {
        /// An operation of the service. Source: "Blob service REST API".
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub(crate) enum Kind {
            $(#[doc = concat!($methods, " ", $restype, " ", $comp)] $kind,)*
        }

        const TABLE: &[Row] = &[
            $(Row {
                kind: Kind::$kind,
                level: Level::$level,
                methods: $methods,
                restype: $restype,
                comp: $comp,
                mark: Mark::$mark,
                since: ServiceVersion::$since,
            },)*
        ];
    };
}

struct Row {
    kind: Kind,
    level: Level,
    /// Separated by a space.
    methods: &'static str,
    restype: &'static str,
    comp: &'static str,
    mark: Mark,
    since: ServiceVersion,
}

impl Row {
    fn takes(&self, method: &Method) -> bool {
        let name = method.as_str();
        // Most rows have one.
        self.methods == name || self.methods.split(' ').any(|one| one == name)
    }
}

kinds! {
    ListContainers:            Service   "GET"      ""          "list"              Plain     V2009_09_19,
    GetServiceProperties:      Service   "GET"      "service"   "properties"        Plain     V2009_09_19,
    SetServiceProperties:      Service   "PUT"      "service"   "properties"        Plain     V2009_09_19,
    GetServiceStats:           Service   "GET"      "service"   "stats"             Plain     V2013_08_15,
    GetUserDelegationKey:      Service   "POST"     "service"   "userdelegationkey" Plain     V2018_11_09,
    GetAccountInformation:     Service   "GET HEAD" "account"   "properties"        Plain     V2018_03_28,
    FindBlobsByTags:           Service   "GET"      ""          "blobs"             Plain     V2019_10_10,
    Batch:                     Service   "POST"     ""          "batch"             Plain     V2018_11_09,

    CreateContainer:           Container "PUT"      "container" ""                  Plain     V2009_09_19,
    GetContainerProperties:    Container "GET HEAD" "container" ""                  Plain     V2009_09_19,
    GetContainerMetadata:      Container "GET HEAD" "container" "metadata"          Plain     V2009_09_19,
    SetContainerMetadata:      Container "PUT"      "container" "metadata"          Plain     V2009_09_19,
    GetContainerAcl:           Container "GET HEAD" "container" "acl"               Plain     V2009_09_19,
    SetContainerAcl:           Container "PUT"      "container" "acl"               Plain     V2009_09_19,
    DeleteContainer:           Container "DELETE"   "container" ""                  Plain     V2009_09_19,
    LeaseContainer:            Container "PUT"      "container" "lease"             Plain     V2012_02_12,
    RestoreContainer:          Container "PUT"      "container" "undelete"          Plain     V2019_12_12,
    RenameContainer:           Container "PUT"      "container" "rename"            Plain     V2019_12_12,
    ListBlobs:                 Container "GET"      "container" "list"              Plain     V2009_09_19,
    FindBlobsByTagsInContainer: Container "GET"     "container" "blobs"             Plain     V2019_10_10,
    BatchInContainer:          Container "POST"     "container" "batch"             Plain     V2020_04_08,
    GetAccountInformationOfContainer: Container "GET HEAD" "account" "properties"   Plain     V2018_03_28,

    GetBlob:                   Blob      "GET"      ""          ""                  Plain     V2009_09_19,
    GetBlobProperties:         Blob      "HEAD"     ""          ""                  Plain     V2009_09_19,
    GetBlobMetadata:           Blob      "GET HEAD" ""          "metadata"          Plain     V2009_09_19,
    SetBlobMetadata:           Blob      "PUT"      ""          "metadata"          Plain     V2009_09_19,
    SetBlobProperties:         Blob      "PUT"      ""          "properties"        Plain     V2009_09_19,
    CopyBlobFromUrl:           Blob      "PUT"      ""          ""                  SourceNow V2018_03_28,
    PutBlobFromUrl:            Blob      "PUT"      ""          ""                  SourceAs  V2020_04_08,
    CopyBlob:                  Blob      "PUT"      ""          ""                  Source    V2009_09_19,
    PutBlob:                   Blob      "PUT"      ""          ""                  Plain     V2009_09_19,
    DeleteBlob:                Blob      "DELETE"   ""          ""                  Plain     V2009_09_19,
    UndeleteBlob:              Blob      "PUT"      ""          "undelete"          Plain     V2017_07_29,
    LeaseBlob:                 Blob      "PUT"      ""          "lease"             Plain     V2009_09_19,
    SnapshotBlob:              Blob      "PUT"      ""          "snapshot"          Plain     V2009_09_19,
    IncrementalCopyBlob:       Blob      "PUT"      ""          "incrementalcopy"   Plain     V2016_05_31,
    AbortCopyBlob:             Blob      "PUT"      ""          "copy"              Plain     V2012_02_12,
    PutBlockFromUrl:           Blob      "PUT"      ""          "block"             Source    V2018_03_28,
    PutBlock:                  Blob      "PUT"      ""          "block"             Plain     V2009_09_19,
    PutBlockList:              Blob      "PUT"      ""          "blocklist"         Plain     V2009_09_19,
    GetBlockList:              Blob      "GET HEAD" ""          "blocklist"         Plain     V2009_09_19,
    PutPageFromUrl:            Blob      "PUT"      ""          "page"              Source    V2018_11_09,
    PutPage:                   Blob      "PUT"      ""          "page"              Plain     V2009_09_19,
    GetPageRanges:             Blob      "GET HEAD" ""          "pagelist"          Plain     V2009_09_19,
    AppendBlockFromUrl:        Blob      "PUT"      ""          "appendblock"       Source    V2018_11_09,
    AppendBlock:               Blob      "PUT"      ""          "appendblock"       Plain     V2015_02_21,
    SealAppendBlob:            Blob      "PUT"      ""          "seal"              Plain     V2019_12_12,
    SetBlobTier:               Blob      "PUT"      ""          "tier"              Plain     V2017_04_17,
    GetBlobTags:               Blob      "GET"      ""          "tags"              Plain     V2019_10_10,
    SetBlobTags:               Blob      "PUT"      ""          "tags"              Plain     V2019_10_10,
    SetImmutabilityPolicy:     Blob      "PUT"      ""          "immutabilityPolicies" Plain  V2020_06_12,
    DeleteImmutabilityPolicy:  Blob      "DELETE"   ""          "immutabilityPolicies" Plain  V2020_06_12,
    SetLegalHold:              Blob      "PUT"      ""          "legalhold"         Plain     V2020_06_12,
    SetBlobExpiry:             Blob      "PUT"      ""          "expiry"            Plain     V2020_02_10,
    QueryBlob:                 Blob      "POST"     ""          "query"             Plain     V2019_12_12,
    GetAccountInformationOfBlob: Blob    "GET HEAD" "account"   "properties"        Plain     V2018_03_28,
}

/// The methods that HTTP knows; of others it is not asked whether they fit.
const VERBS: &[&str] = &[
    "GET", "HEAD", "PUT", "POST", "DELETE", "OPTIONS", "PATCH", "MERGE", "TRACE", "CONNECT",
];

impl Kind {
    /// Every operation.
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        TABLE.iter().map(|row| row.kind)
    }

    /// What part of the service it acts on.
    pub(crate) fn level(self) -> Level {
        // Rows stand in the order of the variants.
        TABLE
            .get(self as usize)
            .map_or(Level::Service, |row| row.level)
    }

    /// Recognises a request under the rules of its version: to an old one, a newer `comp` is unknown
    /// and a newer header means nothing.
    ///
    /// # Errors
    /// 400 for a `restype` or `comp` that no operation has, 405 where only the method is wrong.
    pub(crate) fn recognise(
        level: Level,
        method: &Method,
        asked: &Query,
        headers: &Headers,
        version: ServiceVersion,
    ) -> Result<Self, Failure> {
        let mut restype = asked.get(query::RESTYPE).unwrap_or_default();
        let comp = asked.get(query::COMP).unwrap_or_default();
        // The client for Node takes an account in the path for a container, which is no error of its user.
        if level == Level::Service && comp == "batch" && restype == "container" {
            restype = "";
        }
        let mark = Marks::of(headers);
        let named = TABLE.iter().filter(|row| {
            row.level == level
                && row.since <= version
                && row.comp.eq_ignore_ascii_case(comp)
                && row.restype.eq_ignore_ascii_case(restype)
        });
        if let Some(row) = named
            .clone()
            .find(|row| row.takes(method) && mark.has(row.mark))
        {
            return Ok(row.kind);
        }
        // The Go client's own tests expect this of the service where they leave out the name.
        if level == Level::Service
            && method == Method::PUT
            && (restype, comp) == ("container", "undelete")
        {
            return Err(Failure::missing_header(
                &header::X_MS_DELETED_CONTAINER_NAME,
            ));
        }
        let allowed = allowed(named);
        Err(if allowed.is_empty() {
            unnamed(restype, comp)
        } else if VERBS.contains(&method.as_str()) {
            Failure::new(ErrorCode::UNSUPPORTED_HTTP_VERB)
                .header(http::header::ALLOW, &allowed.join(","))
        } else {
            Failure::new(ErrorCode::INVALID_HTTP_VERB)
        })
    }
}

/// The methods by which operations are asked for.
fn allowed(named: impl Iterator<Item = &'static Row>) -> Vec<&'static str> {
    let mut methods: Vec<_> = named.flat_map(|row| row.methods.split(' ')).collect();
    methods.sort_unstable();
    methods.dedup();
    methods
}

/// No operation has this `restype` and `comp`: says which of the two is wrong.
fn unnamed(restype: &str, comp: &str) -> Failure {
    let known = TABLE
        .iter()
        .any(|row| row.restype.eq_ignore_ascii_case(restype));
    if known {
        Failure::invalid_query(query::COMP, comp, "")
    } else {
        Failure::invalid_query(query::RESTYPE, restype, "")
    }
}

struct Marks {
    source: bool,
    now: bool,
    typed: bool,
}

impl Marks {
    fn of(headers: &Headers) -> Self {
        Self {
            source: headers.contains_key(header::X_MS_COPY_SOURCE),
            now: headers
                .get(header::X_MS_REQUIRES_SYNC)
                .is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"true")),
            typed: headers.contains_key(header::X_MS_BLOB_TYPE),
        }
    }

    fn has(&self, mark: Mark) -> bool {
        match mark {
            Mark::Plain => true,
            Mark::Source => self.source,
            Mark::SourceNow => self.source && self.now,
            Mark::SourceAs => self.source && self.typed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::{HeaderMap, HeaderValue};

    /// The headers that carry a mark.
    fn marked(mark: Mark) -> Headers {
        let mut headers = HeaderMap::new();
        if mark != Mark::Plain {
            headers.insert(header::X_MS_COPY_SOURCE, HeaderValue::from_static("x"));
        }
        if mark == Mark::SourceNow {
            headers.insert(header::X_MS_REQUIRES_SYNC, HeaderValue::from_static("True"));
        }
        if mark == Mark::SourceAs {
            headers.insert(
                header::X_MS_BLOB_TYPE,
                HeaderValue::from_static("BlockBlob"),
            );
        }
        headers.into()
    }

    #[test]
    fn every_row_is_recognised_as_itself() {
        for row in TABLE {
            for method in row.methods.split(' ') {
                let asked = Query::parse(&format!("restype={}&comp={}", row.restype, row.comp));
                let method = Method::from_bytes(method.as_bytes()).unwrap();
                let kind =
                    Kind::recognise(row.level, &method, &asked, &marked(row.mark), row.since);
                assert_eq!(kind.unwrap(), row.kind);
                assert_eq!(row.kind.level(), row.level);
            }
        }
    }

    #[test]
    fn a_batch_for_an_account_in_the_path_may_call_it_a_container() {
        let asked = Query::parse("comp=batch&restype=container");
        let version = ServiceVersion::V2020_04_08;
        let headers = Headers::default();
        let kind = Kind::recognise(Level::Service, &Method::POST, &asked, &headers, version);
        assert_eq!(kind.unwrap(), Kind::Batch);
    }

    #[test]
    fn a_container_to_come_back_must_have_a_name() {
        let asked = Query::parse("comp=undelete&restype=container");
        let version = ServiceVersion::V2020_04_08;
        let refused = Kind::recognise(
            Level::Service,
            &Method::PUT,
            &asked,
            &Headers::default(),
            version,
        );
        assert_eq!(
            refused.unwrap_err().code(),
            &ErrorCode::MISSING_REQUIRED_HEADER
        );
    }

    #[test]
    fn a_wrong_method_is_refused_by_name() {
        let asked = Query::parse("comp=lease");
        let refused = Kind::recognise(
            Level::Blob,
            &Method::GET,
            &asked,
            &Headers::default(),
            ServiceVersion::DEFAULT,
        )
        .unwrap_err();
        assert_eq!(refused.code(), &ErrorCode::UNSUPPORTED_HTTP_VERB);
        assert_eq!(
            refused.headers(ServiceVersion::DEFAULT)[http::header::ALLOW],
            "PUT"
        );
    }

    #[test]
    fn a_method_that_nobody_knows_is_refused_as_such() {
        let refused = Kind::recognise(
            Level::Service,
            &Method::from_bytes(b"DANCE").unwrap(),
            &Query::parse("comp=list"),
            &Headers::default(),
            ServiceVersion::DEFAULT,
        )
        .unwrap_err();
        assert_eq!(refused.code(), &ErrorCode::INVALID_HTTP_VERB);
    }

    #[test]
    fn an_unknown_comp_is_refused_by_name() {
        let asked = Query::parse("comp=dance");
        let refused = Kind::recognise(
            Level::Blob,
            &Method::PUT,
            &asked,
            &Headers::default(),
            ServiceVersion::DEFAULT,
        )
        .unwrap_err();
        assert_eq!(refused.code(), &ErrorCode::INVALID_QUERY_PARAMETER_VALUE);
        assert!(
            refused
                .parts()
                .details
                .contains(&("QueryParameterName", "comp".into()))
        );
    }
}
