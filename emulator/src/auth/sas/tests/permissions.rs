//! Every operation × every letter × every kind of SAS, against the table of permissions written
//! down again from the documents, not from the rules.

use super::*;
use crate::config::DEV_ACCOUNT;

/// Which SAS reaches an operation besides one for the account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reach {
    /// None.
    Account,
    /// One for the container.
    Container,
    /// One for the container or for the blob.
    Blob,
}

/// A row of the table: operations, resource type of an account SAS, other SAS, letters of which
/// any one is enough.
struct Row(&'static [Kind], &'static str, Reach, &'static str);

/// No SAS is enough: the owner's key or a token is asked for.
const NONE: &str = "";

/// Sources: "Create an account SAS", "Create a service SAS", "Create a user delegation SAS".
const TABLE: &[Row] = &{
    use Kind::*;
    use Reach::{Account, Blob, Container};
    [
        // Account.
        Row(&[ListContainers], "s", Account, "l"),
        Row(
            &[GetServiceProperties, GetServiceStats, GetAccountInformation],
            "s",
            Account,
            "r",
        ),
        Row(&[SetServiceProperties], "s", Account, "w"),
        Row(&[GetUserDelegationKey], "s", Account, NONE),
        Row(&[FindBlobsByTags], "o", Account, "f"),
        // Containers.
        Row(&[CreateContainer], "c", Account, "cw"),
        Row(
            &[GetContainerProperties, GetContainerMetadata],
            "c",
            Account,
            "r",
        ),
        Row(
            &[SetContainerMetadata, RestoreContainer, RenameContainer],
            "c",
            Account,
            "w",
        ),
        Row(&[LeaseContainer], "c", Account, "w"),
        Row(&[GetContainerAcl, SetContainerAcl], "c", Account, NONE),
        Row(&[DeleteContainer], "c", Account, "d"),
        Row(&[ListBlobs], "c", Container, "l"),
        Row(&[FindBlobsByTagsInContainer], "c", Container, "f"),
        Row(&[GetAccountInformationOfContainer], "c", Container, "r"),
        // Blobs.
        Row(
            &[
                GetBlob,
                GetBlobProperties,
                GetBlobMetadata,
                GetBlockList,
                GetPageRanges,
                QueryBlob,
                GetAccountInformationOfBlob,
            ],
            "o",
            Blob,
            "r",
        ),
        Row(&[PutBlob, CopyBlob, PutBlobFromUrl], "o", Blob, "cw"),
        Row(&[IncrementalCopyBlob, SnapshotBlob], "o", Blob, "cw"),
        Row(
            &[CopyBlobFromUrl, PutBlockFromUrl, PutPageFromUrl],
            "o",
            Blob,
            "w",
        ),
        Row(&[AppendBlock, AppendBlockFromUrl], "o", Blob, "aw"),
        Row(&[AbortCopyBlob, LeaseBlob], "o", Blob, "w"),
        Row(
            &[
                PutBlock,
                PutBlockList,
                PutPage,
                SetBlobProperties,
                SetBlobMetadata,
                SetBlobTier,
                UndeleteBlob,
                SealAppendBlob,
                SetBlobExpiry,
            ],
            "o",
            Blob,
            "w",
        ),
        Row(&[DeleteBlob], "o", Blob, "d"),
        Row(&[GetBlobTags, SetBlobTags], "o", Blob, "t"),
        Row(
            &[
                SetImmutabilityPolicy,
                DeleteImmutabilityPolicy,
                SetLegalHold,
            ],
            "o",
            Blob,
            "i",
        ),
    ]
};

/// The parts of a batch are authorized one by one, the batch itself by any SAS that is genuine.
const BATCHES: &[Kind] = &[Kind::Batch, Kind::BatchInContainer];

/// A user delegation SAS, signed with its key.
fn delegated(
    world: &World,
    method: &str,
    rest: &str,
    more: &[(&str, &str)],
    headers: &[(&str, &str)],
) -> Ask {
    delegated_under(world, "2025-07-05", method, rest, more, headers)
}

fn delegated_under(
    world: &World,
    version: &str,
    method: &str,
    rest: &str,
    more: &[(&str, &str)],
    headers: &[(&str, &str)],
) -> Ask {
    let signed = delegated_url(world, version, method, rest, more, headers);
    let all = [&[("x-ms-version", "2021-12-02")], headers].concat();
    world.ask(method, &signed, &all)
}

fn delegated_url(
    world: &World,
    version: &str,
    method: &str,
    rest: &str,
    more: &[(&str, &str)],
    headers: &[(&str, &str)],
) -> String {
    let mut pairs = vec![
        ("sv", version),
        ("se", EXPIRY),
        ("skoid", "11-22"),
        ("sktid", "33-44"),
        ("skt", START),
        ("ske", EXPIRY),
        ("sks", "b"),
        ("skv", "2021-12-02"),
    ];
    pairs.extend_from_slice(more);
    let joint = if rest.contains('?') { '&' } else { '?' };
    let bare = format!("{}{joint}{}", url(rest), query(&pairs));
    let all = [&[("x-ms-version", "2021-12-02")], headers].concat();
    let ask = world.ask(method, &format!("{bare}&sig=AAAA"), &all);
    let text = text::to_sign(&Sas::read(&ask.query).unwrap(), &ask);
    let owner = world.config.delegating(DEV_ACCOUNT).unwrap();
    let key = delegation_key::Fields::of_sas(&ask.query).value(owner);
    let signature = crate::hash::base64(&mac::sign(&key, text.as_bytes()));
    format!("{bare}&{}", query(&[("sig", &signature)]))
}

fn row(kind: Kind) -> &'static Row {
    TABLE
        .iter()
        .find(|Row(kinds, ..)| kinds.contains(&kind))
        .unwrap_or_else(|| panic!("{kind:?} is not in the table"))
}

fn all() -> impl Iterator<Item = Kind> {
    Kind::all().filter(|kind| !BATCHES.contains(kind))
}

#[test]
fn every_operation_is_in_the_table_once() {
    for kind in all() {
        let rows = TABLE.iter().filter(|Row(kinds, ..)| kinds.contains(&kind));
        assert_eq!(rows.count(), 1, "{kind:?}");
    }
}

#[test]
fn an_account_sas_opens_exactly_what_its_services_types_and_letters_say() {
    let world = World::new();
    for kind in all() {
        let Row(_, resource, _, letters) = row(kind);
        let (method, rest, headers) = plain(kind);
        for ss in ["b", "qtf"] {
            for srt in ["s", "c", "o"] {
                for letter in LETTERS {
                    let pairs = account(ss, srt, letter);
                    let ask = signed(&world, method, rest, &pairs, &headers);
                    assert_eq!(ask.kind, kind);
                    let expected = if ss != "b" {
                        "AuthorizationServiceMismatch"
                    } else if srt != *resource {
                        "AuthorizationResourceTypeMismatch"
                    } else if *letters == NONE {
                        "AuthorizationFailure"
                    } else if !letters.contains(letter) {
                        "AuthorizationPermissionMismatch"
                    } else {
                        ""
                    };
                    let found = code(world.refusal(ask));
                    assert_eq!(found, expected, "{kind:?} {ss} {srt} {letter}");
                }
            }
        }
    }
}

#[test]
fn a_service_sas_opens_exactly_what_its_resource_and_letters_say() {
    each_service_sas(|world, method, rest, sr, letter, headers| {
        signed(world, method, rest, &service(sr, letter), headers)
    });
}

#[test]
fn a_user_delegation_sas_opens_exactly_what_its_resource_and_letters_say() {
    each_service_sas(|world, method, rest, sr, letter, headers| {
        delegated(world, method, rest, &[("sr", sr), ("sp", letter)], headers)
    });
}

fn each_service_sas(request: impl Fn(&World, &str, &str, &str, &str, &[(&str, &str)]) -> Ask) {
    let world = World::new();
    for kind in all() {
        let Row(_, _, reach, letters) = row(kind);
        let (method, rest, headers) = plain(kind);
        for sr in ["c", "b", "bs", "bv"] {
            for letter in LETTERS {
                let ask = request(&world, method, rest, sr, letter, &headers);
                assert_eq!(ask.kind, kind);
                // None of these requests names a snapshot or a version.
                let at_level = matches!(
                    (kind.level(), sr),
                    (Level::Container | Level::Blob, "c") | (Level::Blob, "b")
                );
                let expected = if !at_level {
                    "AuthenticationFailed"
                } else if *reach == Reach::Account {
                    "AuthorizationFailure"
                } else if !letters.contains(letter) {
                    "AuthorizationPermissionMismatch"
                } else {
                    ""
                };
                let found = code(world.refusal(ask));
                assert_eq!(found, expected, "{kind:?} {sr} {letter}");
            }
        }
    }
}

/// Requests to a revision, and the letter that each needs.
#[test]
fn a_sas_for_a_revision_opens_that_revision_only() {
    let world = World::new();
    let at = "2021-12-20T00:00:00.0000000Z";
    let other = "2021-12-20T00:00:01.0000000Z";
    for (sr, name, deleting) in [("bs", "snapshot", "d"), ("bv", "versionid", "x")] {
        for (method, rest, opens) in [
            ("GET", "/c/b", "r"),
            ("HEAD", "/c/b", "r"),
            ("GET", "/c/b?comp=metadata", "r"),
            ("GET", "/c/b?comp=tags", "t"),
            ("PUT", "/c/b?comp=tier", "w"),
            ("PUT", "/c/b?comp=legalhold", "i"),
            ("DELETE", "/c/b", deleting),
        ] {
            let joint = if rest.contains('?') { '&' } else { '?' };
            let revision = format!("{rest}{joint}{name}={at}");
            for letter in LETTERS {
                let ask = signed(&world, method, &revision, &service(sr, letter), &[]);
                assert_eq!(
                    world.refusal(ask.clone()).is_none(),
                    opens.contains(letter),
                    "{sr} {method} {rest} {letter}"
                );
                let pairs: Vec<(&str, &str)> = ask
                    .query
                    .pairs()
                    .iter()
                    .map(|(name, value)| (name.as_str(), value.as_str()))
                    .map(|(name, value)| (name, if value == at { other } else { value }))
                    .collect();
                let moved = Ask {
                    query: Query::parse(&query(&pairs)),
                    ..ask.clone()
                };
                let found = code(world.refusal(moved));
                assert_eq!(found, "AuthenticationFailed", "{sr} {method} {rest}");
            }
        }
    }
}

#[test]
fn a_kind_of_resource_is_known_from_its_version_on() {
    let world = World::new();
    for (sv, sr, known) in [
        ("2018-06-17", "bs", true),
        ("2018-11-09", "bs", true),
        ("2018-11-09", "bv", true),
        ("2026-04-06", "d", false),
        ("2026-06-06", "d", true),
        ("2026-06-06", "x", false),
    ] {
        let pairs = [
            ("sv", sv),
            ("sr", sr),
            ("sp", "r"),
            ("se", EXPIRY),
            ("sdd", "1"),
        ];
        let rest = "/c/a/b?snapshot=2021-12-20T00:00:00Z&versionid=x";
        let ask = signed(&world, "GET", rest, &pairs, &[]);
        assert_eq!(world.refusal(ask).is_none(), known, "{sv} {sr}");
    }
}

#[test]
fn who_may_create_may_do_it_in_blocks_from_2026_06_06_on() {
    let world = World::new();
    for kind in [Kind::PutBlock, Kind::PutBlockFromUrl, Kind::PutBlockList] {
        let (method, rest, headers) = plain(kind);
        for (sv, letter, enough) in [
            ("2026-04-06", "c", false),
            ("2026-06-06", "c", true),
            ("2026-06-06", "w", true),
            ("2026-06-06", "a", false),
        ] {
            let pairs = [("sv", sv), ("sr", "b"), ("sp", letter), ("se", EXPIRY)];
            let ask = signed(&world, method, rest, &pairs, &headers);
            assert_eq!(ask.kind, kind);
            let refused = world.refusal(ask);
            assert_eq!(refused.is_none(), enough, "{kind:?} {sv} {letter}");
        }
    }
}

#[test]
fn a_sas_holds_for_the_headers_and_parameters_that_it_names_in_their_order() {
    let world = World::new();
    let sas = [
        ("sr", "b"),
        ("sp", "r"),
        ("srh", "foo$,city"),
        ("srq", "two,One$"),
    ];
    let headers = [("foo$", "bar!"), ("city", "redmond,reston")];
    let rest = "/c/b?One%24=1%21&two=2";
    let ask = delegated_under(&world, "2026-04-06", "GET", rest, &sas, &headers);
    let text = text::to_sign(&Sas::read(&ask.query).unwrap(), &ask);
    let tail =
        "\n\n2026-04-06\nb\n\n\nfoo$:bar!\ncity:redmond,reston\n\n\ntwo:2\nOne$:1!\n\n\n\n\n";
    assert!(text.ends_with(tail), "{text:?}");
    assert_eq!(world.refusal(ask.clone()), None);
    let mut without = ask;
    without.headers.remove("city");
    assert!(world.refusal(without).is_some());
}

#[test]
fn a_sas_for_one_user_needs_a_token_of_theirs() {
    let world = World::new();
    let genuine = format!("Bearer {}", token(NOW.as_secs() + 60));
    let expired = format!("Bearer {}", token(NOW.as_secs() - 600));
    let user = ("sduoid", "11-22");
    for (bound, authorization, works) in [
        (vec![user], Some(&genuine), true),
        (vec![user, ("skdutid", "33-44")], Some(&genuine), true),
        (vec![user], None, false),
        (vec![user], Some(&expired), false),
        (vec![("sduoid", "another")], Some(&genuine), false),
        (vec![user, ("skdutid", "another")], Some(&genuine), false),
    ] {
        let more = [vec![("sr", "b"), ("sp", "r")], bound].concat();
        let headers: Vec<(&str, &str)> = authorization
            .map(|token| ("authorization", token.as_str()))
            .into_iter()
            .collect();
        let ask = delegated(&world, "GET", "/c/b", &more, &headers);
        assert_eq!(world.refusal(ask).is_none(), works, "{more:?}");
        // As a source it needs the token, too.
        let url = delegated_url(&world, "2025-07-05", "GET", "/c/b", &more, &[]);
        let headers: Vec<(&str, &str)> = authorization
            .map(|token| ("x-ms-copy-source-authorization", token.as_str()))
            .into_iter()
            .chain([("x-ms-version", "2025-07-05"), ("x-ms-copy-source", "x")])
            .collect();
        let asking = world.ask("PUT", &self::url("/c/to?comp=block"), &headers);
        let found = crate::auth::source::authorize_source(&world, &url, &asking);
        assert_eq!(found.is_ok(), works, "{more:?}");
        let headers: Vec<(&str, &str)> = authorization
            .map(|token| ("authorization", token.as_str()))
            .into_iter()
            .collect();
        // Whatever the user may do, the SAS is for reading.
        let write = delegated(&world, "PUT", "/c/b", &more, &headers);
        assert!(world.refusal(write).is_some(), "{more:?}");
    }
}
