//! Codes of the catalogue, each with a request that is answered with it, in its words. What is tested at
//! length elsewhere (leases, conditions, copies, keys, tiers) stands here once.

use super::*;

/// A blob of each type, a snapshot of the page blob, an append blob of one block.
fn world() -> World {
    let mut world = World::new();
    world.put("devstoreaccount1", "block", "text");
    for (url, kind) in [("box/page", "PageBlob"), ("box/append", "AppendBlob")] {
        let headers = [
            ("x-ms-blob-type", kind),
            ("x-ms-blob-content-length", "1024"),
        ];
        world.send("PUT", url, &headers, "").unwrap();
    }
    world
        .send("PUT", "box/append?comp=appendblock", &[], "text")
        .unwrap();
    world
        .send("PUT", "box/page?comp=snapshot", &[], "")
        .unwrap();
    world
}

type Row<'a> = (
    &'a str,
    &'a str,
    &'a [(&'a str, &'a str)],
    &'a str,
    u16,
    ErrorCode,
    &'a str,
);

#[track_caller]
fn answers(world: &mut World, rows: &[Row<'_>]) {
    for (method, url, headers, body, status, code, message) in rows {
        let outcome = world.send(method, url, headers, (*body).to_owned());
        let failure = outcome.expect_err(&format!("{method} {url} {headers:?}"));
        let parts = failure.parts();
        let found = (parts.status.as_u16(), failure.code(), &*parts.message);
        assert_eq!(
            found,
            (*status, code, *message),
            "{method} {url} {headers:?}"
        );
    }
}

const BLOCK: (&str, &str) = ("x-ms-blob-type", "BlockBlob");
const HEADER: &str = "The value for one of the HTTP headers is not in the correct format.";
const PARAMETER: &str =
    "Value for one of the query parameters specified in the request URI is invalid.";
const MISSING: &str = "An HTTP header that's mandatory for this request is not specified.";
const UNSUPPORTED: &str = "One of the HTTP headers specified in the request is not supported.";
const TYPE: &str = "The blob type is invalid for this operation.";

#[rustfmt::skip]
#[test]
fn blobs_of_each_type_refuse_what_is_of_another() {
    use ErrorCode as E;
    let pages = [("x-ms-page-write", "update"), ("range", "bytes=0-511")];
    let text = "x".repeat(512);
    let rows: &[Row<'_>] = &[
        ("PUT", "box/block?comp=page", &pages, &text, 409, E::INVALID_BLOB_TYPE, TYPE),
        ("PUT", "box/append?comp=page", &pages, &text, 409, E::INVALID_BLOB_TYPE, TYPE),
        ("GET", "box/block?comp=pagelist", &[], "", 409, E::INVALID_BLOB_TYPE, TYPE),
        ("GET", "box/append?comp=pagelist", &[], "", 409, E::INVALID_BLOB_TYPE, TYPE),
        ("PUT", "box/block?comp=appendblock", &[], "x", 409, E::INVALID_BLOB_TYPE, TYPE),
        ("PUT", "box/page?comp=appendblock", &[], "x", 409, E::INVALID_BLOB_TYPE, TYPE),
        ("PUT", "box/block?comp=seal", &[], "", 409, E::INVALID_BLOB_TYPE, TYPE),
        ("PUT", "box/page?comp=seal", &[], "", 409, E::INVALID_BLOB_TYPE, TYPE),
        ("PUT", "box/page?comp=block&blockid=AAAA", &[], "x", 409, E::INVALID_BLOB_TYPE, TYPE),
        ("PUT", "box/append?comp=block&blockid=AAAA", &[], "x", 409, E::INVALID_BLOB_TYPE, TYPE),
        ("PUT", "box/page?comp=blocklist", &[], "<BlockList/>", 409, E::INVALID_BLOB_TYPE, TYPE),
        ("PUT", "box/append?comp=blocklist", &[], "<BlockList/>", 409, E::INVALID_BLOB_TYPE, TYPE),
        ("GET", "box/page?comp=blocklist", &[], "", 409, E::INVALID_BLOB_TYPE, TYPE),
        ("GET", "box/append?comp=blocklist", &[], "", 409, E::INVALID_BLOB_TYPE, TYPE),
        ("PUT", "box/page", &[BLOCK], "x", 409, E::INVALID_BLOB_TYPE, TYPE),
        ("PUT", "box/block", &[("x-ms-blob-type", "AppendBlob")], "", 409, E::INVALID_BLOB_TYPE, TYPE),
        ("PUT", "box/block?comp=properties", &[("x-ms-blob-content-length", "512")], "", 400, E::UNSUPPORTED_HEADER, UNSUPPORTED),
        ("PUT", "box/append?comp=properties", &[("x-ms-sequence-number-action", "increment")], "", 400, E::UNSUPPORTED_HEADER, UNSUPPORTED),
    ];
    answers(&mut world(), rows);
}

#[rustfmt::skip]
#[test]
fn pages_and_their_numbers_are_guarded() {
    use ErrorCode as E;
    let text = "x".repeat(512);
    let write = ("x-ms-page-write", "update");
    let first = ("range", "bytes=0-511");
    let part = ("x-ms-source-range", "bytes=0-511");
    let source = ("x-ms-copy-source", "http://127.0.0.1:10000/devstoreaccount1/box/page");
    let mut world = world();
    let six = [
        ("x-ms-sequence-number-action", "update"),
        ("x-ms-blob-sequence-number", "6"),
    ];
    world
        .send("PUT", "box/page?comp=properties", &six, "")
        .unwrap();
    let not = "The sequence number condition specified was not met.";
    let range = "The page range specified is invalid.";
    let rows: &[Row<'_>] = &[
        ("PUT", "box/page?comp=page", &[write, first, ("x-ms-if-sequence-number-le", "5")], &text, 412, E::SEQUENCE_NUMBER_CONDITION_NOT_MET, not),
        ("PUT", "box/page?comp=page", &[write, first, ("x-ms-if-sequence-number-lt", "6")], &text, 412, E::SEQUENCE_NUMBER_CONDITION_NOT_MET, not),
        ("PUT", "box/page?comp=page", &[write, first, ("x-ms-if-sequence-number-eq", "7")], &text, 412, E::SEQUENCE_NUMBER_CONDITION_NOT_MET, not),
        ("PUT", "box/page?comp=page", &[("x-ms-page-write", "clear"), first, ("x-ms-if-sequence-number-eq", "7")], "", 412, E::SEQUENCE_NUMBER_CONDITION_NOT_MET, not),
        ("PUT", "box/page?comp=page", &[write, ("range", "bytes=0-510")], &text[1..], 416, E::INVALID_PAGE_RANGE, range),
        ("PUT", "box/page?comp=page", &[write, ("range", "bytes=1-512")], &text, 416, E::INVALID_PAGE_RANGE, range),
        ("PUT", "box/page?comp=page", &[write, ("range", "bytes=1024-1535")], &text, 416, E::INVALID_PAGE_RANGE, range),
        ("PUT", "box/page?comp=page", &[write], &text, 400, E::MISSING_REQUIRED_HEADER, MISSING),
        ("PUT", "box/page?comp=page", &[first], &text, 400, E::MISSING_REQUIRED_HEADER, MISSING),
        ("PUT", "box/page?comp=page", &[("x-ms-page-write", "erase"), first], &text, 400, E::INVALID_HEADER_VALUE, HEADER),
        ("PUT", "box/page?comp=page", &[write, first], "x", 400, E::INVALID_HEADER_VALUE, HEADER),
        ("PUT", "box/page?comp=page", &[("x-ms-page-write", "clear"), first], &text, 400, E::INVALID_HEADER_VALUE, HEADER),
        ("PUT", "box/page?comp=page", &[source, first, part], "", 400, E::MISSING_REQUIRED_HEADER, MISSING),
        ("PUT", "box/page?comp=page", &[source, first, part, ("x-ms-page-write", "clear")], "", 400, E::INVALID_HEADER_VALUE, HEADER),
        ("PUT", "box/page?comp=page", &[source, first, write], "", 400, E::MISSING_REQUIRED_HEADER, MISSING),
        ("PUT", "box/page?comp=page", &[source, first, write, ("x-ms-source-range", "bytes=0-1023")], "", 400, E::INVALID_HEADER_VALUE, HEADER),
        ("PUT", "box/new", &[("x-ms-blob-type", "PageBlob")], "", 400, E::MISSING_REQUIRED_HEADER, MISSING),
        ("PUT", "box/new", &[("x-ms-blob-type", "PageBlob"), ("x-ms-blob-content-length", "1")], "", 400, E::INVALID_HEADER_VALUE, HEADER),
        ("PUT", "box/new", &[("x-ms-blob-type", "PageBlob"), ("x-ms-blob-content-length", "8796093022720")], "", 400, E::INVALID_HEADER_VALUE, HEADER),
        ("PUT", "box/page?comp=properties", &[("x-ms-sequence-number-action", "add")], "", 400, E::INVALID_HEADER_VALUE, HEADER),
        ("PUT", "box/page?comp=properties", &[("x-ms-blob-sequence-number", "1")], "", 400, E::MISSING_REQUIRED_HEADER, MISSING),
        ("PUT", "box/page?comp=properties", &[("x-ms-sequence-number-action", "max")], "", 400, E::MISSING_REQUIRED_HEADER, MISSING),
    ];
    answers(&mut world, rows);
    let most = i64::MAX.to_string();
    let last = [
        ("x-ms-sequence-number-action", "update"),
        ("x-ms-blob-sequence-number", &*most),
    ];
    world
        .send("PUT", "box/page?comp=properties", &last, "")
        .unwrap();
    let overflow = "The sequence number increment cannot be performed because it would result in \
                    overflow of the sequence number.";
    let rows: &[Row<'_>] = &[(
        "PUT",
        "box/page?comp=properties",
        &[("x-ms-sequence-number-action", "increment")],
        "",
        409,
        E::SEQUENCE_NUMBER_INCREMENT_TOO_LARGE,
        overflow,
    )];
    answers(&mut world, rows);
}

#[rustfmt::skip]
#[test]
fn differences_are_of_snapshots_that_are_there_and_older() {
    use ErrorCode as E;
    let mut world = world();
    let snapshot = |world: &mut World| {
        world.pass(1);
        let made = world
            .send("PUT", "box/page?comp=snapshot", &[], "")
            .unwrap();
        header(&made, "x-ms-snapshot")
    };
    let (older, newer) = (snapshot(&mut world), snapshot(&mut world));
    let not_newer = format!("box/page?comp=pagelist&snapshot={older}&prevsnapshot={newer}");
    let gone = "box/page?comp=pagelist&prevsnapshot=2011-03-09T01:42:34.9360000Z";
    let recreated = format!("box/page?comp=pagelist&prevsnapshot={older}");
    let rows: &[Row<'_>] = &[
        ("GET", &not_newer, &[], "", 400, E::PREVIOUS_SNAPSHOT_CANNOT_BE_NEWER, "The prevsnapshot query parameter value cannot be newer than snapshot query parameter value."),
        ("GET", gone, &[], "", 409, E::PREVIOUS_SNAPSHOT_NOT_FOUND, "The previous snapshot is not found."),
        ("GET", "box/page?comp=pagelist&prevsnapshot=1", &[], "", 400, E::INVALID_QUERY_PARAMETER_VALUE, PARAMETER),
    ];
    answers(&mut world, rows);
    world.pages("devstoreaccount1", "page", 512);
    let rows: &[Row<'_>] = &[(
        "GET",
        &recreated,
        &[],
        "",
        409,
        E::BLOB_OVERWRITTEN,
        "The blob has been recreated since the previous snapshot was taken.",
    )];
    answers(&mut world, rows);
}

#[rustfmt::skip]
#[test]
fn checksums_are_told_of_one_kind_and_of_ranges() {
    use ErrorCode as E;
    let md5 = ("x-ms-range-get-content-md5", "true");
    let crc64 = ("x-ms-range-get-content-crc64", "true");
    let part = ("x-ms-range", "bytes=0-1");
    let both = "Both x-ms-range-get-content-crc64 header and x-ms-range-get-content-md5 header are present.";
    let md5_is_none = "The MD5 value specified in the request is invalid. MD5 value must be 128 bits and base64 encoded.";
    let rows: &[Row<'_>] = &[
        ("GET", "box/block", &[md5, crc64, part], "", 400, E::BOTH_CRC64_AND_MD5_RANGE_HEADER_PRESENT, both),
        ("GET", "box/block", &[md5], "", 400, E::INVALID_HEADER_VALUE, HEADER),
        ("GET", "box/block", &[crc64], "", 400, E::INVALID_HEADER_VALUE, HEADER),
        ("GET", "box/block", &[("range", "bytes=4-")], "", 416, E::INVALID_RANGE, "The range specified is invalid for the current size of the resource."),
        ("PUT", "box/block", &[BLOCK, ("content-md5", "MDAwMDAwMDA=")], "x", 400, E::INVALID_MD5, md5_is_none),
        ("PUT", "box/block", &[BLOCK, ("x-ms-blob-content-md5", "MDAwMDAwMDA=")], "x", 400, E::INVALID_MD5, md5_is_none),
        ("PUT", "box/block", &[BLOCK, ("content-md5", "AAAAAAAAAAAAAAAAAAAAAA==")], "x", 400, E::MD5_MISMATCH, "The MD5 value specified in the request did not match with the MD5 value calculated by the server."),
        ("PUT", "box/block", &[BLOCK, ("x-ms-content-crc64", "AAAAAAAAAAA=")], "x", 400, E::CRC64_MISMATCH, "The CRC64 value specified in the request did not match with the CRC64 value calculated by the server."),
        ("PUT", "box/block", &[BLOCK, ("x-ms-content-crc64", "AA==")], "x", 400, E::INVALID_HEADER_VALUE, HEADER),
        ("PUT", "box/block", &[BLOCK, ("content-md5", "nd0EkRlKZWaEKTW0o2pJfA=="), ("x-ms-content-crc64", "AAAAAAAAAAA=")], "x", 400, E::INVALID_HEADER_VALUE, HEADER),
        ("GET", "box/block?timeout=soon", &[], "", 400, E::INVALID_QUERY_PARAMETER_VALUE, PARAMETER),
        ("GET", "box/block?timeout=-1", &[], "", 400, E::INVALID_QUERY_PARAMETER_VALUE, PARAMETER),
    ];
    answers(&mut world(), rows);
}

#[rustfmt::skip]
#[test]
fn metadata_and_names_are_well_formed() {
    use ErrorCode as E;
    let bad = "The metadata specified is invalid. It has characters that are not permitted.";
    let big = "v".repeat(8 << 10);
    let rows: &[Row<'_>] = &[
        ("PUT", "box/block?comp=metadata", &[("x-ms-meta-", "x")], "", 400, E::EMPTY_METADATA_KEY, "The key for one of the metadata key-value pairs is empty."),
        ("PUT", "box/block?comp=metadata", &[("x-ms-meta-1a", "x")], "", 400, E::INVALID_METADATA, bad),
        ("PUT", "box/block?comp=metadata", &[("x-ms-meta-a-b", "x")], "", 400, E::INVALID_METADATA, bad),
        ("PUT", "box?restype=container&comp=metadata", &[("x-ms-meta-a.b", "x")], "", 400, E::INVALID_METADATA, bad),
        ("PUT", "box/block?comp=metadata", &[("x-ms-meta-a", &big)], "", 400, E::METADATA_TOO_LARGE, "The size of the specified metadata exceeds the maximum size permitted."),
        ("PUT", "box/block?comp=snapshot", &[("x-ms-meta-1a", "x")], "", 400, E::INVALID_METADATA, bad),
        ("PUT", "Box?restype=container", &[], "", 400, E::INVALID_RESOURCE_NAME, "The specifed resource name contains invalid characters."),
        ("PUT", "bo--x?restype=container", &[], "", 400, E::INVALID_RESOURCE_NAME, "The specifed resource name contains invalid characters."),
        ("PUT", "box?restype=container", &[], "", 409, E::CONTAINER_ALREADY_EXISTS, "The specified container already exists."),
        ("GET", "nobox?restype=container", &[], "", 404, E::CONTAINER_NOT_FOUND, "The specified container does not exist."),
        ("GET", "nobox/b", &[], "", 404, E::CONTAINER_NOT_FOUND, "The specified container does not exist."),
        ("GET", "box/b", &[], "", 404, E::BLOB_NOT_FOUND, "The specified blob does not exist."),
        ("GET", "box?restype=container&comp=list&maxresults=0", &[], "", 400, E::OUT_OF_RANGE_QUERY_PARAMETER_VALUE, "A query parameter specified in the request URI is outside the permissible range."),
        ("GET", "box?restype=container&comp=list&include=all", &[], "", 400, E::INVALID_QUERY_PARAMETER_VALUE, PARAMETER),
        ("GET", "box?restype=container&comp=list&include=snapshots&delimiter=/", &[], "", 400, E::INVALID_QUERY_PARAMETER_VALUE, PARAMETER),
        ("GET", "box?restype=container&comp=list&marker=x", &[], "", 400, E::OUT_OF_RANGE_INPUT, "One of the request inputs is out of range."),
        ("GET", "box?restype=container&comp=list&showonly=files", &[], "", 400, E::UNSUPPORTED_QUERY_PARAMETER, "One of the query parameters specified in the request URI is not supported."),
        ("PUT", "box/block?comp=block&blockid=*", &[], "x", 400, E::INVALID_QUERY_PARAMETER_VALUE, PARAMETER),
        ("PUT", "box/block?comp=block", &[], "x", 400, E::MISSING_REQUIRED_QUERY_PARAMETER, "A query parameter that's mandatory for this request is not specified."),
        ("PUT", "box/block?comp=blocklist", &[], "<BlockList><Latest>AAAA</Latest></BlockList>", 400, E::INVALID_BLOCK_LIST, "The specified block list is invalid."),
        ("PUT", "box/block?comp=blocklist", &[], "<BlockList>", 400, E::INVALID_XML_DOCUMENT, "XML specified is not syntactically valid."),
        ("DELETE", "box/block", &[("x-ms-delete-snapshots", "all")], "", 400, E::INVALID_HEADER_VALUE, HEADER),
        ("DELETE", "box/page", &[], "", 409, E::SNAPSHOTS_PRESENT, "This operation is not permitted because the blob has snapshots."),
        ("PUT", "box/block?comp=copy&copyid=00000000-0000-0000-0000-000000000000", &[("x-ms-copy-action", "abort")], "", 409, E::NO_PENDING_COPY_OPERATION, "There is currently no pending copy operation."),
        ("POST", "box/block?comp=tags", &[], "", 405, E::UNSUPPORTED_HTTP_VERB, "The resource doesn't support the specified HTTP verb."),
    ];
    let mut world = world();
    for (method, url, headers, body, status, code, message) in rows {
        let row = [(
            *method,
            *url,
            *headers,
            *body,
            *status,
            code.clone(),
            *message,
        )];
        answers(&mut world, &row);
    }
}

#[rustfmt::skip]
#[test]
fn leases_of_containers_are_spoken_of_as_such() {
    use ErrorCode as E;
    let (a, b) = (
        "00000000-0000-0000-0000-00000000000a",
        "00000000-0000-0000-0000-00000000000b",
    );
    let given = ("x-ms-lease-id", b);
    let none = "There is currently no lease on the container.";
    let mut world = World::new();
    let rows: &[Row<'_>] = &[
        ("GET", "box?restype=container", &[given], "", 412, E::LEASE_NOT_PRESENT_WITH_CONTAINER_OPERATION, none),
        ("DELETE", "box?restype=container", &[given], "", 412, E::LEASE_NOT_PRESENT_WITH_CONTAINER_OPERATION, none),
        ("PUT", "box?restype=container&comp=metadata", &[given], "", 412, E::LEASE_NOT_PRESENT_WITH_CONTAINER_OPERATION, none),
        ("PUT", "box?restype=container&comp=lease", &[("x-ms-lease-action", "break")], "", 409, E::LEASE_NOT_PRESENT_WITH_LEASE_OPERATION, none),
    ];
    answers(&mut world, rows);
    let acquire = [
        ("x-ms-lease-action", "acquire"),
        ("x-ms-lease-duration", "15"),
        ("x-ms-proposed-lease-id", a),
    ];
    world
        .send("PUT", "box?restype=container&comp=lease", &acquire, "")
        .unwrap();
    let other = "The lease ID specified did not match the lease ID for the container.";
    let rows: &[Row<'_>] = &[
        ("GET", "box?restype=container", &[given], "", 412, E::LEASE_ID_MISMATCH_WITH_CONTAINER_OPERATION, other),
        ("DELETE", "box?restype=container", &[given], "", 412, E::LEASE_ID_MISMATCH_WITH_CONTAINER_OPERATION, other),
        ("DELETE", "box?restype=container", &[], "", 412, E::LEASE_ID_MISSING, "There is currently a lease on the container and no lease ID was specified in the request."),
        ("PUT", "box?restype=container&comp=lease", &[("x-ms-lease-action", "renew"), given], "", 409, E::LEASE_ID_MISMATCH_WITH_LEASE_OPERATION, other),
    ];
    answers(&mut world, rows);
    world.pass(16);
    let lost = "A lease ID was specified, but the lease for the container has expired.";
    let rows: &[Row<'_>] = &[(
        "DELETE",
        "box?restype=container",
        &[("x-ms-lease-id", a)],
        "",
        412,
        E::LEASE_LOST,
        lost,
    )];
    answers(&mut world, rows);
}

#[rustfmt::skip]
#[test]
fn what_a_version_does_not_know_is_refused_or_means_nothing() {
    use ErrorCode as E;
    let known = "The type of blob in the container is unrecognized by this version.";
    let needs = "The operation for AppendBlob requires at least version 2015-02-21.";
    let mut world = world();
    world.version = ServiceVersion::V2014_02_14;
    let rows: &[Row<'_>] = &[
        ("GET", "box?restype=container&comp=list", &[], "", 409, E::FEATURE_VERSION_MISMATCH, known),
        ("PUT", "box/new", &[("x-ms-blob-type", "AppendBlob")], "", 409, E::FEATURE_VERSION_MISMATCH, needs),
        ("GET", "box/append", &[], "", 409, E::FEATURE_VERSION_MISMATCH, needs),
    ];
    answers(&mut world, rows);
    for (word, since) in [
        ("copy", "2012-02-12"),
        ("deleted", "2017-07-29"),
        ("tags", "2019-10-10"),
        ("versions", "2019-10-10"),
        ("immutabilitypolicy", "2020-06-12"),
        ("deletedwithversions", "2020-10-02"),
    ] {
        let mut world = World::new();
        let url = format!("box?restype=container&comp=list&include={word}");
        world.version = since.parse().unwrap();
        world.send("GET", &url, &[], "").unwrap();
        let before = [
            "2011-08-18",
            "2016-05-31",
            "2018-11-09",
            "2020-04-08",
            "2020-08-04",
        ];
        let before = before.iter().rev().find(|before| **before < since).unwrap();
        world.version = before.parse().unwrap();
        let refused: &[Row<'_>] = &[(
            "GET",
            &url,
            &[],
            "",
            400,
            E::INVALID_QUERY_PARAMETER_VALUE,
            PARAMETER,
        )];
        answers(&mut world, refused);
    }
}
