//! What answers tell, by service version, as recorded.

use super::*;

fn text(answer: &Answer) -> String {
    String::from_utf8(answer.body.whole().to_vec()).unwrap()
}

#[test]
fn a_snapshot_tells_its_encryption_from_2018_11_09() {
    let mut world = World::new();
    world.put("devstoreaccount1", "blob", "x");
    for (version, told) in [("2018-03-28", None), ("2018-11-09", Some("false"))] {
        world.version = version.parse().unwrap();
        let made = world
            .send("PUT", "box/blob?comp=snapshot", &[], "")
            .unwrap();
        let encrypted = made.headers.get("x-ms-request-server-encrypted");
        assert_eq!(encrypted.map(|value| value.to_str().unwrap()), told);
    }
}

#[test]
fn only_block_blobs_infer_a_tier() {
    let mut world = World::new();
    for (kind, length, told) in [
        ("BlockBlob", None, "true"),
        ("AppendBlob", None, ""),
        ("PageBlob", Some("512"), ""),
    ] {
        let mut headers = vec![("x-ms-blob-type", kind)];
        headers.extend(length.map(|length| ("x-ms-blob-content-length", length)));
        world.send("PUT", "box/blob", &headers, "").unwrap();
        assert_eq!(world.property("blob", "x-ms-access-tier-inferred"), told);
        let listed = text(
            &world
                .send("GET", "box?restype=container&comp=list", &[], "")
                .unwrap(),
        );
        assert_eq!(listed.contains("AccessTierInferred"), !told.is_empty());
        assert_eq!(listed.contains("<AccessTier>"), !told.is_empty());
        world.send("DELETE", "box/blob", &[], "").unwrap();
    }
}

#[test]
fn listings_have_room_for_replication_from_2019_12_12() {
    let mut world = World::new();
    world.put("devstoreaccount1", "blob", "x");
    for (version, told) in [("2019-10-10", false), ("2019-12-12", true)] {
        world.version = version.parse().unwrap();
        let listed = text(
            &world
                .send("GET", "box?restype=container&comp=list", &[], "")
                .unwrap(),
        );
        assert_eq!(listed.contains("<OrMetadata />"), told, "{version}");
    }
}

#[test]
fn a_search_tells_what_was_asked() {
    let mut world = World::new();
    for blob in ["a", "b"] {
        let headers = [("x-ms-blob-type", "BlockBlob"), ("x-ms-tags", "k=v")];
        world
            .send("PUT", &format!("box/{blob}"), &headers, "x")
            .unwrap();
    }
    let url = "?comp=blobs&where=k='v'&maxresults=1";
    let first = text(&world.send("GET", url, &[], "").unwrap());
    assert!(first.contains("<Where>k='v'</Where><MaxResults>1</MaxResults><Blobs>"));
    let (_, rest) = first.split_once("<NextMarker>").unwrap();
    let (marker, _) = rest.split_once('<').unwrap();
    let second = text(
        &world
            .send("GET", &format!("{url}&marker={marker}"), &[], "")
            .unwrap(),
    );
    assert!(second.contains(&format!("<Marker>{marker}</Marker><Where>")));
}

#[test]
fn a_policy_without_a_name_is_refused_with_its_place() {
    let mut world = World::new();
    let body = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<SignedIdentifiers><SignedIdentifier>\
                <AccessPolicy><Permission>rw</Permission></AccessPolicy></SignedIdentifier>\
                </SignedIdentifiers>";
    let refused = world
        .send("PUT", "box?restype=container&comp=acl", &[], body)
        .unwrap_err();
    let details = &refused.parts().details;
    assert_eq!(details[0], ("LineNumber", "2".to_owned()));
    assert_eq!(details[1], ("LinePosition", "115".to_owned()));
    assert!(details[2].1.starts_with("Signed identifier ID"));
}

#[test]
fn a_query_is_refused_for_what_the_blob_forbids_first() {
    let mut world = World::new();
    let ask = |world: &mut World, headers: &[(&str, &str)]| {
        world.send("POST", "box/blob?comp=query", headers, "")
    };
    refused(ask(&mut world, &[]), 404, ErrorCode::BLOB_NOT_FOUND);
    world.put("devstoreaccount1", "blob", "x");
    refused(
        ask(&mut world, &[("if-match", "\"0x1\"")]),
        412,
        ErrorCode::CONDITION_NOT_MET,
    );
    refused(
        ask(&mut world, &[("x-ms-lease-id", "invalid")]),
        400,
        ErrorCode::INVALID_HEADER_VALUE,
    );
    refused(
        ask(&mut world, &[]),
        409,
        ErrorCode::BLOB_OPERATION_NOT_SUPPORTED,
    );
}

#[test]
fn an_expiry_is_refused_by_what_the_account_is_whether_or_not_there_is_a_blob() {
    let mut world = World::new();
    world.put("devstoreaccount1", "blob", "x");
    for path in ["box/blob", "box/none"] {
        let never = [("x-ms-expiry-option", "NeverExpire")];
        let set = world.send("PUT", &format!("{path}?comp=expiry"), &never, "");
        refused(set, 400, ErrorCode::HIERARCHICAL_NAMESPACE_NOT_ENABLED);
    }
}

fn versioned(world: &mut World, version: &str) {
    world.version = version.parse().unwrap();
}

#[test]
fn a_copy_may_ask_for_a_lease_on_its_source_before_2012_02_12() {
    const HELD: &str = "00000000-0000-0000-0000-000000000001";
    const OTHER: &str = "00000000-0000-0000-0000-000000000002";
    let mut world = World::new();
    for blob in ["held", "free"] {
        world.put("devstoreaccount1", blob, "x");
    }
    let acquire = [
        ("x-ms-lease-action", "acquire"),
        ("x-ms-lease-duration", "-1"),
        ("x-ms-proposed-lease-id", HELD),
    ];
    world
        .send("PUT", "box/held?comp=lease", &acquire, "")
        .unwrap();
    let mut copy = |version: &str, source: &str, id: &str| {
        versioned(&mut world, version);
        let source = match version {
            "2011-08-18" => format!("/devstoreaccount1/box/{source}"),
            _ => format!("http://127.0.0.1:10000/devstoreaccount1/box/{source}"),
        };
        let headers = [
            ("x-ms-copy-source", source.as_str()),
            ("x-ms-source-lease-id", id),
        ];
        world
            .send("PUT", "box/copy", &headers, "")
            .map(|answer| answer.status.as_u16())
            .map_err(|failure| failure.code().clone())
    };
    assert_eq!(copy("2011-08-18", "held", HELD), Ok(201));
    assert_eq!(
        copy("2011-08-18", "held", OTHER),
        Err(ErrorCode::LEASE_ID_MISMATCH_WITH_BLOB_OPERATION)
    );
    assert_eq!(
        copy("2011-08-18", "free", HELD),
        Err(ErrorCode::LEASE_NOT_PRESENT_WITH_BLOB_OPERATION)
    );
    assert_eq!(copy("2012-02-12", "held", OTHER), Ok(202));
}

#[test]
fn uncommitted_blocks_are_a_blob_to_if_match_any_before_2017_04_17() {
    for (version, status) in [("2016-05-31", 201), ("2017-04-17", 412)] {
        let mut world = World::new();
        world
            .send("PUT", "box/blob?comp=block&blockid=AAAA", &[], "x")
            .unwrap();
        versioned(&mut world, version);
        let headers = [("x-ms-blob-type", "BlockBlob"), ("if-match", "*")];
        let outcome = world.send("PUT", "box/blob", &headers, "x");
        let got = outcome.map_or_else(
            |failure| failure.parts().status.as_u16(),
            |answer| answer.status.as_u16(),
        );
        assert_eq!(got, status, "{version}");
    }
}

#[test]
fn a_range_of_nothing_cannot_be_met_from_2013_08_15() {
    let mut world = World::new();
    world.put("devstoreaccount1", "blob", "");
    let range = [("range", "bytes=0-0")];
    versioned(&mut world, "2012-02-12");
    let whole = world.send("GET", "box/blob", &range, "").unwrap();
    assert_eq!(whole.status, 200);
    versioned(&mut world, "2013-08-15");
    refused(
        world.send("GET", "box/blob", &range, ""),
        416,
        ErrorCode::INVALID_RANGE,
    );
}

#[test]
fn containers_tell_of_leases_from_2012_02_12() {
    let mut world = World::new();
    for (version, told) in [("2011-08-18", false), ("2012-02-12", true)] {
        versioned(&mut world, version);
        let listed = text(&world.send("GET", "?comp=list", &[], "").unwrap());
        assert_eq!(listed.contains("<LeaseStatus>"), told, "{version}");
        let properties = world.send("GET", "box?restype=container", &[], "").unwrap();
        assert_eq!(properties.headers.contains_key("x-ms-lease-status"), told);
    }
}

#[test]
fn a_snapshot_has_a_tier_of_its_own_from_2019_12_12() {
    let mut world = World::new();
    world.put("devstoreaccount1", "blob", "x");
    let made = world
        .send("PUT", "box/blob?comp=snapshot", &[], "")
        .unwrap();
    let url = format!(
        "box/blob?comp=tier&snapshot={}",
        header(&made, "x-ms-snapshot")
    );
    let tier = [("x-ms-access-tier", "Cool")];
    versioned(&mut world, "2019-07-07");
    refused(
        world.send("PUT", &url, &tier, ""),
        400,
        ErrorCode::INVALID_QUERY_PARAMETER_VALUE,
    );
    versioned(&mut world, "2019-12-12");
    world.send("PUT", &url, &tier, "").unwrap();
}

#[test]
fn letters_of_a_policy_are_those_that_a_version_knows() {
    let mut world = World::new();
    let mut told = |letters: &str, set: &str, get: &str| {
        let body = format!(
            "<SignedIdentifiers><SignedIdentifier><Id>a</Id><AccessPolicy><Permission>{letters}\
             </Permission></AccessPolicy></SignedIdentifier></SignedIdentifiers>"
        );
        let url = "box?restype=container&comp=acl";
        versioned(&mut world, set);
        world.send("PUT", url, &[], body).unwrap();
        versioned(&mut world, get);
        match world.send("GET", url, &[], "") {
            Err(failure) => failure.code().as_str().to_owned(),
            Ok(answer) => {
                let text = text(&answer);
                let rest = text.split_once("<Permission>").map(|(_, rest)| rest);
                rest.and_then(|rest| rest.split_once('<'))
                    .map_or(String::new(), |(letters, _)| letters.to_owned())
            }
        }
    };
    for (letters, set, get, expected) in [
        ("rc", "2015-04-05", "2015-04-05", "rc"),
        ("rc", "2015-04-05", "2014-02-14", "FeatureVersionMismatch"),
        ("ra", "2015-04-05", "2014-02-14", "FeatureVersionMismatch"),
        ("rl", "2015-04-05", "2014-02-14", "rl"),
        ("rf", "2019-12-12", "2021-12-02", "r"),
        ("f", "2019-12-12", "2021-12-02", ""),
        ("rf", "2021-04-10", "2021-12-02", "rf"),
    ] {
        assert_eq!(told(letters, set, get), expected, "{letters} {set} {get}");
    }
}

#[test]
fn sealing_again_changes_nothing() {
    let mut world = World::new();
    let append = [("x-ms-blob-type", "AppendBlob")];
    world.send("PUT", "box/blob", &append, "").unwrap();
    let made = world.property("blob", "etag");
    world.send("PUT", "box/blob?comp=seal", &[], "").unwrap();
    let sealed = world.property("blob", "etag");
    assert_ne!(sealed, made);
    world.send("PUT", "box/blob?comp=seal", &[], "").unwrap();
    assert_eq!(world.property("blob", "etag"), sealed);
}

#[test]
fn a_write_from_a_url_has_no_body() {
    let mut world = World::new();
    world.put("devstoreaccount1", "source", "x");
    let source = "http://127.0.0.1:10000/devstoreaccount1/box/source";
    for (url, typed) in [
        ("box/blob", true),
        ("box/blob?comp=block&blockid=AAAA", false),
    ] {
        let mut headers = vec![("x-ms-copy-source", source)];
        headers.extend(typed.then_some(("x-ms-blob-type", "BlockBlob")));
        refused(
            world.send("PUT", url, &headers, "x"),
            400,
            ErrorCode::INVALID_HEADER_VALUE,
        );
        world.send("PUT", url, &headers, "").unwrap();
    }
}

#[test]
fn properties_tell_of_ranges_from_2013_08_15_and_content_always() {
    let mut world = World::new();
    world.put("devstoreaccount1", "blob", "x");
    for (version, told) in [("2012-02-12", false), ("2013-08-15", true)] {
        versioned(&mut world, version);
        let properties = world.send("HEAD", "box/blob", &[], "").unwrap();
        assert_eq!(properties.headers.contains_key("accept-ranges"), told);
        let content = world.send("GET", "box/blob", &[], "").unwrap();
        assert!(content.headers.contains_key("accept-ranges"));
    }
}
