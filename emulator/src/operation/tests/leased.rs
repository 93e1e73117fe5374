//! Every operation on what is leased, in every state of the lease, with every id: the tables of "Lease
//! Blob" and "Lease Container" on outcomes of use attempts, and what recorded answers add to them.

use blobferry_core::ErrorCode;

use super::{World, header};
use crate::answer::Answer;
use crate::failure::Failure;

const A: &str = "11111111-1111-1111-1111-111111111111";
const B: &str = "22222222-2222-2222-2222-222222222222";
const SOURCE: (&str, &str) = (
    "x-ms-copy-source",
    "http://127.0.0.1:10000/devstoreaccount1/box/source",
);
const PAGES: (&str, &str) = (
    "x-ms-copy-source",
    "http://127.0.0.1:10000/devstoreaccount1/box/pages",
);
const BLOCK: (&str, &str) = ("x-ms-blob-type", "BlockBlob");
const RANGE: (&str, &str) = ("x-ms-range", "bytes=0-511");

/// The five states, and a lease that never ends by itself.
const STATES: [&str; 6] = [
    "available",
    "fixed",
    "infinite",
    "breaking",
    "broken",
    "expired",
];

#[derive(Debug, Clone, Copy, PartialEq)]
enum Class {
    /// Needs the id.
    Write,
    /// Takes the id as a condition.
    Read,
    /// Needs the id, of an infinite lease.
    Copy,
}

/// An operation: its class, the type of blob it works on, and the request.
type Operation = (
    Class,
    &'static str,
    &'static str,
    &'static str,
    &'static [(&'static str, &'static str)],
    &'static str,
);

#[rustfmt::skip]
const OPERATIONS: &[Operation] = &[
    (Class::Read,  "BlockBlob",  "GET",    "",                          &[], ""),
    (Class::Read,  "BlockBlob",  "HEAD",   "",                          &[], ""),
    (Class::Read,  "BlockBlob",  "GET",    "?comp=metadata",            &[], ""),
    (Class::Read,  "BlockBlob",  "GET",    "?comp=tags",                &[], ""),
    (Class::Read,  "BlockBlob",  "GET",    "?comp=blocklist",           &[], ""),
    (Class::Read,  "PageBlob",   "GET",    "?comp=pagelist",            &[], ""),
    (Class::Read,  "BlockBlob",  "PUT",    "?comp=snapshot",            &[], ""),
    (Class::Write, "BlockBlob",  "PUT",    "",                          &[BLOCK], "x"),
    (Class::Write, "BlockBlob",  "PUT",    "",                          &[BLOCK, SOURCE], ""),
    (Class::Write, "BlockBlob",  "PUT",    "",                          &[SOURCE, ("x-ms-requires-sync", "true")], ""),
    (Class::Write, "BlockBlob",  "PUT",    "?comp=metadata",            &[("x-ms-meta-a", "b")], ""),
    (Class::Write, "BlockBlob",  "PUT",    "?comp=properties",          &[], ""),
    (Class::Write, "BlockBlob",  "PUT",    "?comp=tags",                &[], "<Tags><TagSet/></Tags>"),
    (Class::Write, "BlockBlob",  "PUT",    "?comp=tier",                &[("x-ms-access-tier", "Cool")], ""),
    (Class::Write, "BlockBlob",  "PUT",    "?comp=block&blockid=AAAA",  &[], "x"),
    (Class::Write, "BlockBlob",  "PUT",    "?comp=block&blockid=AAAA",  &[SOURCE], ""),
    (Class::Write, "BlockBlob",  "PUT",    "?comp=blocklist",           &[], "<BlockList/>"),
    (Class::Write, "PageBlob",   "PUT",    "?comp=page",                &[RANGE, ("x-ms-page-write", "clear")], ""),
    (Class::Write, "PageBlob",   "PUT",    "?comp=page",                &[RANGE, PAGES, ("x-ms-source-range", "bytes=0-511"), ("x-ms-page-write", "update")], ""),
    (Class::Write, "AppendBlob", "PUT",    "?comp=appendblock",         &[], "x"),
    (Class::Write, "AppendBlob", "PUT",    "?comp=appendblock",         &[SOURCE], ""),
    (Class::Write, "AppendBlob", "PUT",    "?comp=seal",                &[], ""),
    (Class::Write, "BlockBlob",  "DELETE", "",                          &[], ""),
    (Class::Copy,  "BlockBlob",  "PUT",    "",                          &[SOURCE], ""),
];

fn lease(world: &mut World, target: &str, headers: &[(&str, &str)]) -> Result<Answer, Failure> {
    let sign = if target.contains('?') { '&' } else { '?' };
    world.send("PUT", &format!("{target}{sign}comp=lease"), headers, "")
}

/// A blob under lease A in one of the states.
fn leased(kind: &str, state: &str) -> World {
    let mut world = World::new();
    world.put("devstoreaccount1", "source", "text");
    world.pages("devstoreaccount1", "pages", 512);
    let given = [
        ("x-ms-blob-type", kind),
        ("x-ms-blob-content-length", "512"),
    ];
    world
        .send(
            "PUT",
            "box/blob",
            if kind == "PageBlob" {
                &given
            } else {
                &given[..1]
            },
            "",
        )
        .unwrap();
    bring(&mut world, "box/blob", state);
    world
}

/// Brings the lease of something into a state.
fn bring(world: &mut World, target: &str, state: &str) {
    if state == "available" {
        return;
    }
    let duration = if state == "infinite" { "-1" } else { "15" };
    let acquire = [
        ("x-ms-lease-action", "acquire"),
        ("x-ms-lease-duration", duration),
        ("x-ms-proposed-lease-id", A),
    ];
    lease(world, target, &acquire).unwrap();
    let period = match state {
        "breaking" => "10",
        "broken" => "0",
        _ => "",
    };
    if !period.is_empty() {
        let end = [
            ("x-ms-lease-action", "break"),
            ("x-ms-lease-break-period", period),
        ];
        lease(world, target, &end).unwrap();
    }
    if state == "expired" {
        world.pass(15);
    }
}

/// The codes of the table; none where the operation goes through.
fn expected(class: Class, state: &str, id: Option<&str>, of: &str) -> Option<String> {
    let code = match (class, state, id) {
        (_, "available", Some(_)) => format!("LeaseNotPresentWith{of}Operation"),
        (_, "fixed" | "infinite" | "breaking", Some(B)) => {
            format!("LeaseIdMismatchWith{of}Operation")
        }
        (_, "broken" | "expired", Some(_)) => "LeaseLost".to_owned(),
        (Class::Write | Class::Copy, "fixed" | "infinite" | "breaking", None) => {
            "LeaseIdMissing".to_owned()
        }
        (Class::Copy, "fixed" | "breaking", Some(_)) => "InfiniteLeaseDurationRequired".to_owned(),
        _ => return None,
    };
    Some(code)
}

#[track_caller]
fn compare(outcome: &Result<Answer, Failure>, expected: Option<&str>, name: &str) {
    match (outcome, expected) {
        (Ok(_), None) => {}
        (Err(failure), Some(code)) => {
            assert_eq!(failure.code().as_str(), code, "{name}");
            assert_eq!(failure.parts().status, 412, "{name}");
        }
        (outcome, expected) => panic!("{name}: {outcome:?} instead of {expected:?}"),
    }
}

#[test]
fn every_operation_on_a_blob_in_every_state_with_every_id() {
    for (class, kind, method, query, headers, body) in OPERATIONS {
        for state in STATES {
            for id in [None, Some(A), Some(B)] {
                let mut world = leased(kind, state);
                let mut headers = headers.to_vec();
                headers.extend(id.map(|id| ("x-ms-lease-id", id)));
                let outcome = world.send(method, &format!("box/blob{query}"), &headers, *body);
                let expected = expected(*class, state, id, "Blob");
                let name = format!("{method} {query} {headers:?} {state}");
                compare(&outcome, expected.as_deref(), &name);
                if *method == "DELETE" && outcome.is_ok() {
                    continue;
                }
                // A write by somebody else ends what is left of a lease; nothing else moves it.
                let ends = outcome.is_ok()
                    && *class != Class::Read
                    && matches!(state, "broken" | "expired");
                let after = match state {
                    _ if ends => "available",
                    "fixed" | "infinite" => "leased",
                    state => state,
                };
                assert_eq!(world.property("blob", "x-ms-lease-state"), after, "{name}");
            }
        }
    }
}

/// This is what makes "the lease was renewed" mean "nobody wrote".
#[test]
fn an_expired_lease_is_renewed_unless_somebody_wrote() {
    for (class, kind, method, query, headers, body) in OPERATIONS {
        let mut world = leased(kind, "expired");
        world
            .send(method, &format!("box/blob{query}"), headers, *body)
            .unwrap();
        let renew = [("x-ms-lease-action", "renew"), ("x-ms-lease-id", A)];
        let outcome = lease(&mut world, "box/blob", &renew);
        let code = match (*class, *method) {
            (Class::Read, _) => None,
            (_, "DELETE") => Some(ErrorCode::BLOB_NOT_FOUND),
            _ => Some(ErrorCode::LEASE_ID_MISMATCH_WITH_LEASE_OPERATION),
        };
        let found = outcome.err().map(|failure| failure.code().clone());
        assert_eq!(found, code, "{method} {query} {headers:?}");
    }
}

#[rustfmt::skip]
const ON_CONTAINERS: &[(Class, &str, &str)] = &[
    (Class::Read,  "GET",    "?restype=container"),
    (Class::Read,  "GET",    "?restype=container&comp=metadata"),
    (Class::Read,  "PUT",    "?restype=container&comp=metadata"),
    (Class::Read,  "GET",    "?restype=container&comp=acl"),
    (Class::Read,  "PUT",    "?restype=container&comp=acl"),
    (Class::Write, "DELETE", "?restype=container"),
];

#[test]
fn every_operation_on_a_container_in_every_state_with_every_id() {
    for (class, method, query) in ON_CONTAINERS {
        for state in STATES {
            for id in [None, Some(A), Some(B)] {
                let mut world = World::new();
                bring(&mut world, "box?restype=container", state);
                let headers: Vec<_> = id.map(|id| ("x-ms-lease-id", id)).into_iter().collect();
                let outcome = world.send(method, &format!("box{query}"), &headers, "");
                let expected = expected(*class, state, id, "Container");
                let name = format!("{method} {query} {id:?} {state}");
                compare(&outcome, expected.as_deref(), &name);
                if *method == "DELETE" && outcome.is_ok() {
                    continue;
                }
                let answer = world.send("GET", "box?restype=container", &[], "").unwrap();
                let after = match state {
                    "fixed" | "infinite" => "leased",
                    state => state,
                };
                assert_eq!(header(&answer, "x-ms-lease-state"), after, "{name}");
            }
        }
    }
}

#[test]
fn neither_a_container_nor_its_lease_guards_what_is_in_it() {
    let mut world = leased("BlockBlob", "infinite");
    bring(&mut world, "box?restype=container", "infinite");
    let id = [("x-ms-lease-id", A)];
    world.put("devstoreaccount1", "free", "x");
    world
        .send("DELETE", "box?restype=container", &id, "")
        .unwrap();
}

/// A blob under an infinite lease that a copy from the other account is on its way to.
fn pending() -> World {
    let mut world = leased("BlockBlob", "infinite");
    world.put("other", "far", vec![7; 8 << 20]);
    let headers = [
        ("x-ms-copy-source", "http://127.0.0.1:10000/other/box/far"),
        ("x-ms-lease-id", A),
    ];
    let answer = world.send("PUT", "box/blob", &headers, "").unwrap();
    assert_eq!(header(&answer, "x-ms-copy-status"), "pending");
    world
}

#[test]
fn while_a_copy_is_pending_its_lease_is_locked_until_the_copy_is_aborted() {
    let actions: [&[(&str, &str)]; 5] = [
        &[
            ("x-ms-lease-action", "acquire"),
            ("x-ms-lease-duration", "-1"),
            ("x-ms-proposed-lease-id", A),
        ],
        &[("x-ms-lease-action", "renew"), ("x-ms-lease-id", A)],
        &[
            ("x-ms-lease-action", "change"),
            ("x-ms-lease-id", A),
            ("x-ms-proposed-lease-id", B),
        ],
        &[("x-ms-lease-action", "release"), ("x-ms-lease-id", A)],
        &[("x-ms-lease-action", "break")],
    ];
    for action in actions {
        let mut world = pending();
        let failure = lease(&mut world, "box/blob", action).unwrap_err();
        assert_eq!(
            failure.code(),
            &ErrorCode::PENDING_COPY_OPERATION,
            "{action:?}"
        );
        assert_eq!(failure.parts().status, 409);
        let url = format!(
            "box/blob?comp=copy&copyid={}",
            world.property("blob", "x-ms-copy-id")
        );
        let abort = [("x-ms-copy-action", "abort"), ("x-ms-lease-id", A)];
        world.send("PUT", &url, &abort, "").unwrap();
        assert_eq!(world.property("blob", "x-ms-lease-state"), "leased");
        lease(&mut world, "box/blob", action).unwrap();
    }
}

#[test]
fn aborting_needs_the_id_of_an_infinite_lease() {
    for (id, code) in [
        (None, Some("LeaseIdMissing")),
        (Some(B), Some("LeaseIdMismatchWithBlobOperation")),
        (Some(A), None),
    ] {
        let mut world = pending();
        let url = format!(
            "box/blob?comp=copy&copyid={}",
            world.property("blob", "x-ms-copy-id")
        );
        let mut abort = vec![("x-ms-copy-action", "abort")];
        abort.extend(id.map(|id| ("x-ms-lease-id", id)));
        let outcome = world.send("PUT", &url, &abort, "");
        compare(&outcome, code, &format!("{id:?}"));
        let status = if code.is_some() { "pending" } else { "aborted" };
        assert_eq!(world.property("blob", "x-ms-copy-status"), status);
    }
}

#[test]
fn the_lease_id_does_not_open_a_pending_destination() {
    for (class, kind, method, query, headers, body) in OPERATIONS {
        if *class == Class::Read && *query != "?comp=snapshot"
            || *method == "DELETE"
            || *kind != "BlockBlob"
        {
            continue;
        }
        let mut world = pending();
        let mut headers = headers.to_vec();
        headers.push(("x-ms-lease-id", A));
        let outcome = world.send(method, &format!("box/blob{query}"), &headers, *body);
        let failure = outcome.unwrap_err();
        assert_eq!(
            failure.code(),
            &ErrorCode::PENDING_COPY_OPERATION,
            "{method} {query}"
        );
    }
}
