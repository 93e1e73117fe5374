mod permissions;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::super::tests::{NOW, World, dev_signature, token, url};
use super::*;
use crate::config::{Config, DEV_ACCOUNT, DEV_KEY};
use crate::kind::Kind;
use crate::request::Peer;

const START: &str = "2021-12-20T11:00:00Z";
const EXPIRY: &str = "2021-12-20T12:00:00Z";

/// A query from pairs, encoded.
fn query(pairs: &[(&str, &str)]) -> String {
    let pairs: Vec<String> = pairs
        .iter()
        .map(|(name, value)| format!("{name}={}", utf8_percent_encode(value, NON_ALPHANUMERIC)))
        .collect();
    pairs.join("&")
}

/// A request signed by whatever text the service says it expects; that text is tested apart.
fn signed(
    world: &World,
    method: &str,
    rest: &str,
    pairs: &[(&str, &str)],
    headers: &[(&str, &str)],
) -> Ask {
    let joint = if rest.contains('?') { '&' } else { '?' };
    let bare = format!("{}{joint}{}", url(rest), query(pairs));
    let mut all = vec![("x-ms-version", "2021-12-02")];
    all.extend_from_slice(headers);
    let ask = world.ask(method, &format!("{bare}&sig=AAAA"), &all);
    let text = {
        let sas = Sas::read(&ask.query).unwrap();
        text::to_sign(&sas, &ask)
    };
    let signature = dev_signature(&text);
    world.ask(
        method,
        &format!("{bare}&{}", query(&[("sig", &signature)])),
        &all,
    )
}

fn account<'a>(ss: &'a str, srt: &'a str, sp: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("sv", "2021-12-02"),
        ("ss", ss),
        ("srt", srt),
        ("sp", sp),
        ("se", EXPIRY),
    ]
}

fn service<'a>(sr: &'a str, sp: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("sv", "2021-12-02"),
        ("sr", sr),
        ("sp", sp),
        ("st", START),
        ("se", EXPIRY),
    ]
}

fn code(refused: Option<(u16, String)>) -> String {
    refused.map(|(_, code)| code).unwrap_or_default()
}

/// A request of each kind, as plainly as it can be made.
fn plain(
    kind: Kind,
) -> (
    &'static str,
    &'static str,
    Vec<(&'static str, &'static str)>,
) {
    use Kind::*;
    let source = ("x-ms-copy-source", "http://127.0.0.1/devstoreaccount1/s/s");
    let (method, rest) = match kind {
        ListContainers => ("GET", "/?comp=list"),
        GetServiceProperties => ("GET", "/?restype=service&comp=properties"),
        SetServiceProperties => ("PUT", "/?restype=service&comp=properties"),
        GetServiceStats => ("GET", "-secondary/?restype=service&comp=stats"),
        GetUserDelegationKey => ("POST", "/?restype=service&comp=userdelegationkey"),
        GetAccountInformation => ("GET", "/?restype=account&comp=properties"),
        FindBlobsByTags => ("GET", "/?comp=blobs"),
        Batch => ("POST", "/?comp=batch"),
        CreateContainer => ("PUT", "/c?restype=container"),
        GetContainerProperties => ("GET", "/c?restype=container"),
        GetContainerMetadata => ("GET", "/c?restype=container&comp=metadata"),
        SetContainerMetadata => ("PUT", "/c?restype=container&comp=metadata"),
        GetContainerAcl => ("GET", "/c?restype=container&comp=acl"),
        SetContainerAcl => ("PUT", "/c?restype=container&comp=acl"),
        DeleteContainer => ("DELETE", "/c?restype=container"),
        LeaseContainer => ("PUT", "/c?restype=container&comp=lease"),
        RestoreContainer => ("PUT", "/c?restype=container&comp=undelete"),
        RenameContainer => ("PUT", "/c?restype=container&comp=rename"),
        ListBlobs => ("GET", "/c?restype=container&comp=list"),
        FindBlobsByTagsInContainer => ("GET", "/c?restype=container&comp=blobs"),
        BatchInContainer => ("POST", "/c?restype=container&comp=batch"),
        GetAccountInformationOfContainer => ("GET", "/c?restype=account&comp=properties"),
        GetBlob => ("GET", "/c/b"),
        GetBlobProperties => ("HEAD", "/c/b"),
        GetBlobMetadata => ("GET", "/c/b?comp=metadata"),
        SetBlobMetadata => ("PUT", "/c/b?comp=metadata"),
        SetBlobProperties => ("PUT", "/c/b?comp=properties"),
        CopyBlobFromUrl | PutBlobFromUrl | CopyBlob | PutBlob => ("PUT", "/c/b"),
        DeleteBlob => ("DELETE", "/c/b"),
        UndeleteBlob => ("PUT", "/c/b?comp=undelete"),
        LeaseBlob => ("PUT", "/c/b?comp=lease"),
        SnapshotBlob => ("PUT", "/c/b?comp=snapshot"),
        IncrementalCopyBlob => ("PUT", "/c/b?comp=incrementalcopy"),
        AbortCopyBlob => ("PUT", "/c/b?comp=copy"),
        PutBlockFromUrl | PutBlock => ("PUT", "/c/b?comp=block"),
        PutBlockList => ("PUT", "/c/b?comp=blocklist"),
        GetBlockList => ("GET", "/c/b?comp=blocklist"),
        PutPageFromUrl | PutPage => ("PUT", "/c/b?comp=page"),
        GetPageRanges => ("GET", "/c/b?comp=pagelist"),
        AppendBlockFromUrl | AppendBlock => ("PUT", "/c/b?comp=appendblock"),
        SealAppendBlob => ("PUT", "/c/b?comp=seal"),
        SetBlobTier => ("PUT", "/c/b?comp=tier"),
        GetBlobTags => ("GET", "/c/b?comp=tags"),
        SetBlobTags => ("PUT", "/c/b?comp=tags"),
        SetImmutabilityPolicy => ("PUT", "/c/b?comp=immutabilityPolicies"),
        DeleteImmutabilityPolicy => ("DELETE", "/c/b?comp=immutabilityPolicies"),
        SetLegalHold => ("PUT", "/c/b?comp=legalhold"),
        SetBlobExpiry => ("PUT", "/c/b?comp=expiry"),
        QueryBlob => ("POST", "/c/b?comp=query"),
        GetAccountInformationOfBlob => ("GET", "/c/b?restype=account&comp=properties"),
    };
    let headers = match kind {
        CopyBlobFromUrl => vec![source, ("x-ms-requires-sync", "true")],
        PutBlobFromUrl => vec![source, ("x-ms-blob-type", "BlockBlob")],
        CopyBlob | PutBlockFromUrl | PutPageFromUrl | AppendBlockFromUrl => vec![source],
        _ => vec![],
    };
    (method, rest, headers)
}

const LETTERS: [&str; 16] = [
    "r", "a", "c", "w", "d", "x", "y", "l", "t", "f", "m", "e", "o", "p", "i", "u",
];

#[test]
fn either_key_of_the_account_signs() {
    let mut world = World::new();
    let other = "b3RoZXI=";
    let config = |first, second| {
        let config = Config::new().account(DEV_ACCOUNT, first).unwrap();
        config.second_key_of(DEV_ACCOUNT, second).unwrap()
    };
    for (first, second, passes) in [
        (DEV_KEY, other, true),
        (other, DEV_KEY, true),
        (other, other, false),
    ] {
        world.config = config(first, second);
        for pairs in [account("b", "sco", "r"), service("b", "r")] {
            let ask = signed(&world, "GET", "/c/b", &pairs, &[]);
            assert_eq!(world.refusal(ask).is_none(), passes, "{pairs:?}");
        }
    }
}

#[test]
fn a_sas_for_a_blob_of_the_root_container_names_that_container() {
    let world = World::new();
    let pairs = service("b", "r");
    let ask = signed(&world, "GET", "/root.txt", &pairs, &[]);
    let text = text::to_sign(&Sas::read(&ask.query).unwrap(), &ask);
    assert!(
        text.contains("\n/blob/devstoreaccount1/$root/root.txt\n"),
        "{text}"
    );
    assert_eq!(world.refusal(ask), None);
}

#[test]
fn other_services_are_refused() {
    let world = World::new();
    for (ss, expected) in [
        ("b", ""),
        ("bqtf", ""),
        ("qtf", "AuthorizationServiceMismatch"),
    ] {
        let ask = signed(&world, "GET", "/c/b", &account(ss, "o", "r"), &[]);
        assert_eq!(code(world.refusal(ask)), expected);
    }
}

#[test]
fn some_letters_depend_on_more_than_the_operation() {
    let world = World::new();
    let until = (
        "x-ms-immutability-policy-until-date",
        "Mon, 20 Dec 2030 11:33:20 GMT",
    );
    for (method, rest, headers, opens) in [
        (
            "DELETE",
            "/c/b?versionid=2021-12-20T00:00:00.0000000Z",
            vec![],
            "x",
        ),
        (
            "DELETE",
            "/c/b?snapshot=2021-12-20T00:00:00.0000000Z",
            vec![],
            "d",
        ),
        (
            "DELETE",
            "/c/b?deletetype=permanent&snapshot=2021-12-20T00:00:00Z",
            vec![],
            "y",
        ),
        (
            "PUT",
            "/c/b?comp=lease",
            vec![("x-ms-lease-action", "break")],
            "wd",
        ),
        (
            "PUT",
            "/c/b?comp=lease",
            vec![("x-ms-lease-action", "acquire")],
            "w",
        ),
        ("PUT", "/c/b", vec![("x-ms-tags", "a=b")], ""),
        ("GET", "/c/b", vec![("x-ms-if-tags", "a='b'")], ""),
        ("PUT", "/c/b", vec![until], ""),
        (
            "GET",
            "/c?restype=container&comp=list&include=copy,tags",
            vec![],
            "",
        ),
        (
            "GET",
            "/c?restype=container&comp=list&include=copy,%20Tags%09",
            vec![],
            "",
        ),
    ] {
        for letter in LETTERS {
            let ask = signed(&world, method, rest, &service("c", letter), &headers);
            assert_eq!(
                world.refusal(ask).is_none(),
                opens.contains(letter),
                "{rest} {letter}"
            );
        }
    }
    for (method, rest, headers, letters) in [
        ("PUT", "/c/b", vec![("x-ms-tags", "a=b")], "ct"),
        ("GET", "/c/b", vec![("x-ms-if-tags", "a='b'")], "rt"),
        ("PUT", "/c/b", vec![until], "wi"),
        (
            "GET",
            "/c?restype=container&comp=list&include=copy,tags",
            vec![],
            "lt",
        ),
    ] {
        let ask = signed(&world, method, rest, &service("c", letters), &headers);
        assert_eq!(world.refusal(ask), None, "{rest} {letters}");
    }
}

#[test]
fn a_sas_is_for_its_resource_only() {
    let world = World::new();
    let level = "The specified signed resource is not allowed for the this resource level";
    for (sr, rest, fits) in [
        ("b", "/c/b", true),
        ("c", "/c/b", true),
        ("bs", "/c/b?snapshot=2021-12-20T00:00:00Z", true),
        ("bs", "/c/b", false),
        ("bv", "/c/b?versionid=x", true),
        ("bv", "/c/b", false),
        ("b", "/c?restype=container&comp=list", false),
        ("c", "/?comp=list", false),
    ] {
        let ask = signed(&world, "GET", rest, &service(sr, "rl"), &[]);
        if fits {
            assert_eq!(world.refusal(ask), None, "{sr} {rest}");
        } else {
            assert_eq!(world.reason(ask), level, "{sr} {rest}");
        }
    }
}

#[test]
fn a_directory_opens_what_has_its_name_and_what_is_below() {
    let world = World::new();
    let of = |depth| {
        let mut pairs = service("d", "r");
        pairs.retain(|(name, _)| *name != "sv");
        pairs.extend([("sv", "2026-06-06"), ("sdd", depth)]);
        pairs
    };
    let ask = signed(&world, "GET", "/c/a/b/x", &of("2"), &[]);
    let sas = Sas::read(&ask.query).unwrap();
    assert!(text::to_sign(&sas, &ask).contains("\n/blob/devstoreaccount1/c/a/b\n"));
    assert_eq!(world.refusal(ask.clone()), None);
    assert_eq!(
        world.refusal(signed(&world, "GET", "/c/a/b", &of("2"), &[])),
        None
    );
    for depth in ["0", "4", "x"] {
        assert!(
            world
                .refusal(signed(&world, "GET", "/c/a/b/x", &of(depth), &[]))
                .is_some()
        );
    }
}

#[test]
fn times_are_kept() {
    let world = World::new();
    for (st, se, passes) in [
        ("2021-12-20T11:33:20Z", "2021-12-20T11:33:21Z", true),
        ("2021-12-20T11:33:21Z", "2021-12-20T12:00:00Z", false),
        ("2021-12-20T11:00:00Z", "2021-12-20T11:33:20Z", false),
        ("2021-12-20", "2021-12-21", true),
        ("2021-12-20T11:33Z", "2021-12-20T11:34Z", true),
        ("2021-12-21", "2021-12-20", false),
        ("soon", "2021-12-21", false),
        ("2021-12-20", "later", false),
    ] {
        let pairs = [
            ("sv", "2021-12-02"),
            ("sr", "b"),
            ("sp", "r"),
            ("st", st),
            ("se", se),
        ];
        let ask = signed(&world, "GET", "/c/b", &pairs, &[]);
        assert_eq!(world.refusal(ask).is_none(), passes, "{st} {se}");
    }
    let expired = [
        ("sv", "2021-12-02"),
        ("sr", "b"),
        ("sp", "r"),
        ("se", "2021-12-19"),
    ];
    let reason = world.reason(signed(&world, "GET", "/c/b", &expired, &[]));
    assert!(
        reason.starts_with("Signature not valid in the specified time frame"),
        "{reason}"
    );
}

#[test]
fn addresses_and_protocols_are_kept() {
    let world = World::new();
    let with = |name, value| {
        let mut pairs = service("b", "r");
        pairs.push((name, value));
        pairs
    };
    let from = |pairs: &[(&str, &str)], peer: &str| {
        let mut ask = signed(&world, "GET", "/c/b", pairs, &[]);
        ask.peer = Some(Peer(peer.parse().unwrap()).0);
        code(world.refusal(ask))
    };
    let range = with("sip", "10.0.0.1-10.0.0.9");
    assert_eq!(from(&range, "10.0.0.5"), "");
    assert_eq!(from(&range, "10.0.1.5"), "AuthorizationSourceIPMismatch");

    let mut https = signed(&world, "GET", "/c/b", &with("spr", "https"), &[]);
    assert_eq!(
        code(world.refusal(https.clone())),
        "AuthorizationProtocolMismatch"
    );
    https.secure = true;
    assert_eq!(world.refusal(https), None);
    let both = signed(&world, "GET", "/c/b", &with("spr", "https,http"), &[]);
    assert_eq!(world.refusal(both), None);
    let other = signed(&world, "GET", "/c/b", &with("spr", "ftp"), &[]);
    assert_eq!(code(world.refusal(other)), "AuthenticationFailed");
}

#[test]
fn a_policy_gives_what_the_token_leaves_out() {
    let mut world = World::new();
    let full = StoredPolicy {
        start: Some(START.into()),
        expiry: Some(EXPIRY.into()),
        permission: Some("r".into()),
    };
    let open_ended = StoredPolicy {
        permission: Some("r".into()),
        ..StoredPolicy::default()
    };
    world.policies.insert("full", full);
    world.policies.insert("open", open_ended);
    let base = [("sv", "2021-12-02"), ("sr", "b")];
    for (extra, expected) in [
        (vec![("si", "full")], ""),
        (vec![("si", "open"), ("se", EXPIRY)], ""),
        (vec![("si", "open")], "AuthenticationFailed"),
        (vec![("si", "full"), ("sp", "r")], "AuthenticationFailed"),
        (vec![("si", "full"), ("se", EXPIRY)], "AuthenticationFailed"),
        (vec![("si", "gone")], "AuthenticationFailed"),
        (vec![], "AuthenticationFailed"),
    ] {
        let pairs: Vec<_> = base.iter().copied().chain(extra.clone()).collect();
        let ask = signed(&world, "GET", "/c/b", &pairs, &[]);
        assert_eq!(code(world.refusal(ask)), expected, "{extra:?}");
    }
}

#[test]
fn whatever_is_changed_breaks_the_signature() {
    let world = World::new();
    let good = signed(&world, "GET", "/c/b", &service("b", "r"), &[]);
    assert_eq!(world.refusal(good.clone()), None);
    let again = |from: &str, to: &str| {
        let raw: Vec<(&str, &str)> = good
            .query
            .pairs()
            .iter()
            .map(|(name, value)| {
                (
                    name.as_str(),
                    if name == from { to } else { value.as_str() },
                )
            })
            .collect();
        world.ask("GET", &format!("{}?{}", url("/c/b"), query(&raw)), &[])
    };
    for (name, value) in [
        ("sp", "rw"),
        ("se", "2021-12-21"),
        ("sv", "2020-12-06"),
        ("sig", "AAAA"),
    ] {
        let reason = world.reason(again(name, value));
        assert!(
            reason.starts_with("Signature did not match."),
            "{name}: {reason}"
        );
    }
    let mut elsewhere = good.clone();
    elsewhere.blob = Some("other".into());
    assert!(world.refusal(elsewhere).is_some());
}

#[test]
fn before_2015_04_05_nothing_is_there_for_who_may_not_see_it() {
    let world = World::new();
    let pairs = [
        ("sv", "2014-02-14"),
        ("sr", "b"),
        ("sp", "w"),
        ("se", EXPIRY),
    ];
    let ask = signed(&world, "GET", "/c/b", &pairs, &[]);
    assert_eq!(world.refusal(ask), Some((404, "ResourceNotFound".into())));
}

#[test]
fn texts_are_those_of_the_page_for_each_version() {
    let world = World::new();
    let text = |pairs: &[(&str, &str)], rest: &str| {
        let joint = if rest.contains('?') { '&' } else { '?' };
        let ask = world.ask(
            "GET",
            &format!("{}{joint}{}&sig=x", url(rest), query(pairs)),
            &[],
        );
        let sas = Sas::read(&ask.query).unwrap();
        text::to_sign(&sas, &ask)
    };
    let of = |sv| {
        [
            ("sv", sv),
            ("sr", "b"),
            ("sp", "r"),
            ("se", "E"),
            ("rsct", "T"),
            ("ses", "S"),
        ]
    };
    let blob = "/devstoreaccount1/c/b";
    for (sv, expected) in [
        ("2012-02-12", format!("r\n\nE\n{blob}\n\n2012-02-12")),
        (
            "2013-08-15",
            format!("r\n\nE\n{blob}\n\n2013-08-15\n\n\n\n\nT"),
        ),
        (
            "2015-02-21",
            format!("r\n\nE\n/blob{blob}\n\n2015-02-21\n\n\n\n\nT"),
        ),
        (
            "2015-04-05",
            format!("r\n\nE\n/blob{blob}\n\n\n\n2015-04-05\n\n\n\n\nT"),
        ),
        (
            "2018-11-09",
            format!("r\n\nE\n/blob{blob}\n\n\n\n2018-11-09\nb\n\n\n\n\n\nT"),
        ),
        (
            "2020-12-06",
            format!("r\n\nE\n/blob{blob}\n\n\n\n2020-12-06\nb\n\nS\n\n\n\n\nT"),
        ),
    ] {
        assert_eq!(text(&of(sv), "/c/b"), expected, "{sv}");
    }
    let of = |sv| {
        [
            ("sv", sv),
            ("ss", "b"),
            ("srt", "o"),
            ("sp", "r"),
            ("se", "E"),
            ("spr", "https"),
            ("ses", "S"),
        ]
    };
    assert_eq!(
        text(&of("2019-12-12"), "/c/b"),
        "devstoreaccount1\nr\nb\no\n\nE\n\nhttps\n2019-12-12\n"
    );
    assert_eq!(
        text(&of("2020-12-06"), "/c/b"),
        "devstoreaccount1\nr\nb\no\n\nE\n\nhttps\n2020-12-06\nS\n"
    );
    let of = |sv| {
        [
            ("sv", sv),
            ("sr", "bs"),
            ("sp", "r"),
            ("se", "E"),
            ("skoid", "O"),
            ("sktid", "I"),
            ("skt", "KS"),
            ("ske", "KE"),
            ("sks", "b"),
            ("skv", "V"),
            ("scid", "C"),
            ("sduoid", "U"),
        ]
    };
    let head = format!("r\n\nE\n/blob{blob}\nO\nI\nKS\nKE\nb\nV\n");
    for (sv, rest) in [
        (
            "2018-11-09",
            "\n\n2018-11-09\nbs\n2021-12-20T00:00:00Z\n\n\n\n\n",
        ),
        (
            "2020-02-10",
            "\n\nC\n\n\n2020-02-10\nbs\n2021-12-20T00:00:00Z\n\n\n\n\n",
        ),
        (
            "2020-12-06",
            "\n\nC\n\n\n2020-12-06\nbs\n2021-12-20T00:00:00Z\n\n\n\n\n\n",
        ),
        (
            "2025-07-05",
            "\n\nC\n\nU\n\n\n2025-07-05\nbs\n2021-12-20T00:00:00Z\n\n\n\n\n\n",
        ),
        (
            "2026-04-06",
            "\n\nC\n\nU\n\n\n2026-04-06\nbs\n2021-12-20T00:00:00Z\n\n\n\n\n\n\n\n",
        ),
    ] {
        assert_eq!(
            text(&of(sv), "/c/b?snapshot=2021-12-20T00:00:00Z"),
            format!("{head}{rest}"),
            "{sv}"
        );
    }
}

#[test]
fn a_delegation_key_signs_until_it_expires() {
    let world = World::new();
    let bearer = format!("Bearer {}", token(NOW.as_secs() + 60));
    let mut ask = world.ask(
        "POST",
        &url("/?restype=service&comp=userdelegationkey"),
        &[("x-ms-version", "2021-12-02"), ("authorization", &bearer)],
    );
    ask.body = format!("<KeyInfo><Start>{START}</Start><Expiry>{EXPIRY}</Expiry></KeyInfo>").into();
    let answer = delegation_key::issue(&world, &ask).unwrap();
    let body = answer.body.whole();
    let body = std::str::from_utf8(&body).unwrap();
    let field = |name: &str| {
        let (_, rest) = body.split_once(&format!("<{name}>")).unwrap();
        rest.split_once("</").unwrap().0.to_owned()
    };
    assert_eq!(
        (field("SignedOid"), field("SignedTid")),
        ("11-22".into(), "33-44".into())
    );
    let (oid, tid) = (field("SignedOid"), field("SignedTid"));
    let (skt, ske, skv) = (
        field("SignedStart"),
        field("SignedExpiry"),
        field("SignedVersion"),
    );
    let pairs = [
        ("sv", "2021-12-02"),
        ("sr", "c"),
        ("sp", "r"),
        ("se", EXPIRY),
        ("skoid", oid.as_str()),
        ("sktid", &tid),
        ("skt", &skt),
        ("ske", &ske),
        ("sks", "b"),
        ("skv", &skv),
    ];
    let bare = format!("{}?{}", url("/c/b"), query(&pairs));
    let unsigned = world.ask("GET", &format!("{bare}&sig=x"), &[]);
    let text = text::to_sign(&Sas::read(&unsigned.query).unwrap(), &unsigned);
    let key = base64::Engine::decode(&base64::prelude::BASE64_STANDARD, field("Value")).unwrap();
    let signature = base64::Engine::encode(
        &base64::prelude::BASE64_STANDARD,
        mac::sign(&key, text.as_bytes()),
    );
    let good = format!("{bare}&{}", query(&[("sig", &signature)]));
    assert_eq!(world.refusal(world.ask("GET", &good, &[])), None);

    let longer = good.replace(
        &query(&[("ske", &ske)]),
        &query(&[("ske", "2021-12-25T00:00:00Z")]),
    );
    assert!(world.refusal(world.ask("GET", &longer, &[])).is_some());
    let mut later = world.ask("GET", &good, &[]);
    later.now = Timestamp::parse_iso("2021-12-20T12:00:01Z").unwrap();
    assert!(world.refusal(later).is_some());
}

#[test]
fn a_delegation_key_lives_a_week_at_most() {
    let world = World::new();
    let mut ask = world.ask(
        "POST",
        &url("/?restype=service&comp=userdelegationkey"),
        &[("x-ms-version", "2021-12-02")],
    );
    for (body, code) in [
        (
            "<KeyInfo><Start>2021-12-20T11:00:00Z</Start><Expiry>2021-12-27T11:33:20Z</Expiry></KeyInfo>",
            "",
        ),
        (
            "<KeyInfo><Expiry>2021-12-27T11:33:21Z</Expiry></KeyInfo>",
            "InvalidXmlNodeValue",
        ),
        (
            "<KeyInfo><Expiry>2021-12-20T11:33:20Z</Expiry></KeyInfo>",
            "InvalidXmlNodeValue",
        ),
        (
            "<KeyInfo><Expiry>never</Expiry></KeyInfo>",
            "InvalidXmlNodeValue",
        ),
        ("<KeyInfo></KeyInfo>", "MissingRequiredXmlNode"),
        ("nothing", "InvalidXmlDocument"),
    ] {
        ask.body = body.into();
        let refused = delegation_key::issue(&world, &ask).err();
        let found = refused.map(|failure| failure.code().as_str().to_owned());
        assert_eq!(found.unwrap_or_default(), code, "{body}");
    }
}
