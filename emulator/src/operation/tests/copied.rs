//! Every operation on the destination of a copy, by the type of the blob and what became of the copy.
//!
//! Written from "Copy Blob", "Get Blob", section on copy operations, and the page of each operation:
//! which are refused while the copy is pending, and which keep `x-ms-copy-*` or remove it later.

use super::*;

/// What became of the copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Pending,
    Success,
    Failed,
    Aborted,
}

use Fate::{Aborted, Failed, Pending, Success};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Type {
    Block,
    Page,
    Append,
}

use Type::{Append, Block, Page};

/// What an operation does to a copy that has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum After {
    /// `x-ms-copy-*` stays.
    Keeps,
    /// It goes.
    Removes,
    /// It becomes that of another copy.
    Replaces,
    /// The blob goes.
    Deletes,
    /// Nothing: the operation is refused, by this code.
    Refused(u16, &'static str),
}

use After::{Deletes, Keeps, Refused, Removes, Replaces};

struct Row {
    kind: Kind,
    method: &'static str,
    query: &'static str,
    headers: &'static [(&'static str, &'static str)],
    body: &'static str,
    /// The types it works on.
    types: &'static [Type],
    /// Whether it is refused while the copy is pending.
    waits: bool,
    after: After,
}

const ANY: &[Type] = &[Block, Page, Append];
const WAITS: bool = true;
const GOES_ON: bool = false;
const FLAT: After = Refused(400, "HierarchicalNamespaceNotEnabled");
const NOT_HERE: After = Refused(409, "BlobOperationNotSupported");
const ACQUIRE: &[(&str, &str)] = &[
    ("x-ms-lease-action", "acquire"),
    ("x-ms-lease-duration", "15"),
];
/// Replaced by a blob of the destination's type for Copy Blob, by a block blob for all others.
const SOURCE: (&str, &str) = ("x-ms-copy-source", "");
/// Replaced by the right type.
const TYPE: (&str, &str) = ("x-ms-blob-type", "");

macro_rules! rows {
    ($($kind:ident $method:literal $query:literal $headers:expr, $body:literal, $types:expr, $waits:ident $after:expr;)*) => {
        &[$(Row {
            kind: Kind::$kind,
            method: $method,
            query: $query,
            headers: $headers,
            body: $body,
            types: $types,
            waits: $waits,
            after: $after,
        },)*]
    };
}

#[rustfmt::skip]
const ROWS: &[Row] = rows! {
    GetBlob            "GET"    ""                         &[], "", ANY, GOES_ON Keeps;
    GetBlobProperties  "HEAD"   ""                         &[], "", ANY, GOES_ON Keeps;
    GetBlobMetadata    "GET"    "?comp=metadata"           &[], "", ANY, GOES_ON Keeps;
    GetBlobTags        "GET"    "?comp=tags"               &[], "", ANY, GOES_ON Keeps;
    GetBlockList       "GET"    "?comp=blocklist"          &[], "", &[Block], GOES_ON Keeps;
    GetPageRanges      "GET"    "?comp=pagelist"           &[], "", &[Page], GOES_ON Keeps;
    GetAccountInformationOfBlob "HEAD" "?restype=account&comp=properties" &[], "", ANY, GOES_ON Keeps;
    QueryBlob          "POST"   "?comp=query"              &[], "", ANY, GOES_ON NOT_HERE;
    PutBlob            "PUT"    ""                         &[TYPE, ("x-ms-blob-content-length", "512")], "", ANY, WAITS Removes;
    PutBlobFromUrl     "PUT"    ""                         &[("x-ms-blob-type", "BlockBlob"), SOURCE], "", &[Block], WAITS Removes;
    PutBlock           "PUT"    "?comp=block&blockid=AAAA" &[], "x", &[Block], WAITS Keeps;
    PutBlockFromUrl    "PUT"    "?comp=block&blockid=AAAA" &[SOURCE], "", &[Block], WAITS Keeps;
    PutBlockList       "PUT"    "?comp=blocklist"          &[], "<BlockList/>", &[Block], WAITS Removes;
    PutPage            "PUT"    "?comp=page"               &[("x-ms-page-write", "clear"), ("x-ms-range", "bytes=0-511")], "", &[Page], WAITS Keeps;
    PutPageFromUrl     "PUT"    "?comp=page"               &[("x-ms-page-write", "update"), ("x-ms-range", "bytes=0-511"), ("x-ms-source-range", "bytes=0-511"), SOURCE], "", &[Page], WAITS Keeps;
    AppendBlock        "PUT"    "?comp=appendblock"        &[], "x", &[Append], WAITS Removes;
    AppendBlockFromUrl "PUT"    "?comp=appendblock"        &[SOURCE], "", &[Append], WAITS Removes;
    SealAppendBlob     "PUT"    "?comp=seal"               &[], "", &[Append], WAITS Keeps;
    SetBlobMetadata    "PUT"    "?comp=metadata"           &[("x-ms-meta-a", "1")], "", ANY, WAITS Removes;
    SetBlobProperties  "PUT"    "?comp=properties"         &[("x-ms-blob-content-type", "a/b")], "", ANY, WAITS Removes;
    SetBlobTags        "PUT"    "?comp=tags"               &[], "<Tags><TagSet/></Tags>", ANY, WAITS Keeps;
    SetBlobTier        "PUT"    "?comp=tier"               &[("x-ms-access-tier", "Cool")], "", &[Block], WAITS Keeps;
    SetBlobExpiry      "PUT"    "?comp=expiry"             &[("x-ms-expiry-option", "NeverExpire")], "", ANY, GOES_ON FLAT;
    SnapshotBlob       "PUT"    "?comp=snapshot"           &[], "", ANY, WAITS Keeps;
    LeaseBlob          "PUT"    "?comp=lease"              ACQUIRE, "", ANY, WAITS Keeps;
    CopyBlob           "PUT"    ""                         &[SOURCE], "", ANY, WAITS Replaces;
    CopyBlobFromUrl    "PUT"    ""                         &[SOURCE, ("x-ms-requires-sync", "true")], "", &[Block], WAITS Replaces;
    SetImmutabilityPolicy "PUT" "?comp=immutabilityPolicies" &[("x-ms-immutability-policy-until-date", "Fri, 01 Jan 2100 00:00:00 GMT")], "", ANY, GOES_ON Keeps;
    DeleteImmutabilityPolicy "DELETE" "?comp=immutabilityPolicies" &[], "", ANY, GOES_ON Keeps;
    SetLegalHold       "PUT"    "?comp=legalhold"          &[("x-ms-legal-hold", "false")], "", ANY, GOES_ON Keeps;
    UndeleteBlob       "PUT"    "?comp=undelete"           &[], "", ANY, GOES_ON Keeps;
    DeleteBlob         "DELETE" ""                         &[], "", ANY, GOES_ON Deletes;
    AbortCopyBlob      "PUT"    "?comp=copy&copyid=00000000-0000-0000-0000-000000000001" &[("x-ms-copy-action", "abort")], "", ANY, GOES_ON Refused(409, "NoPendingCopyOperation");
};

impl Type {
    const fn word(self) -> &'static str {
        match self {
            Block => "BlockBlob",
            Page => "PageBlob",
            Append => "AppendBlob",
        }
    }

    /// Makes a blob of this type with 64 KiB in it, which take a while to copy.
    fn make(self, world: &mut World, account: &str, blob: &str) {
        let url = format!("box/{blob}");
        let content = "x".repeat(65_536);
        let typed = ("x-ms-blob-type", self.word());
        let mut send = |url: &str, headers: &[(&str, &str)], body: String| {
            world.send_to(account, "PUT", url, headers, body).unwrap();
        };
        match self {
            Block => send(&url, &[typed], content),
            Page => {
                let length = ("x-ms-blob-content-length", "65536");
                send(&url, &[typed, length], String::new());
                let write = [("x-ms-page-write", "update"), ("range", "bytes=0-65535")];
                send(&format!("{url}?comp=page"), &write, content);
            }
            Append => {
                send(&url, &[typed], String::new());
                send(&format!("{url}?comp=appendblock"), &[], content);
            }
        }
    }
}

/// A destination of a type, whose copy came to this.
fn destination(of: Type, fate: Fate) -> World {
    let mut world = World::new();
    of.make(&mut world, "devstoreaccount1", "near");
    Block.make(&mut world, "devstoreaccount1", "blocks");
    of.make(&mut world, "other", "source");
    world.copy("other", "source", "blob").unwrap();
    match fate {
        Pending => {}
        Success => world.pass(1),
        Failed => {
            world
                .send_to("other", "DELETE", "box/source", &[], "")
                .unwrap();
            world.pass(1);
        }
        Aborted => {
            let id = world.property("blob", "x-ms-copy-id");
            let url = format!("box/blob?comp=copy&copyid={id}");
            world
                .send("PUT", &url, &[("x-ms-copy-action", "abort")], "")
                .unwrap();
        }
    }
    assert_eq!(world.property("blob", "x-ms-copy-status"), word(fate));
    world
}

fn word(fate: Fate) -> &'static str {
    match fate {
        Pending => "pending",
        Success => "success",
        Failed => "failed",
        Aborted => "aborted",
    }
}

impl Row {
    fn ask(&self, world: &mut World, of: Type) -> Result<Answer, Failure> {
        const NEAR: &str = "http://127.0.0.1:10000/devstoreaccount1/box/near";
        const BLOCKS: &str = "http://127.0.0.1:10000/devstoreaccount1/box/blocks";
        let headers: Vec<(&str, &str)> = self
            .headers
            .iter()
            .filter(|(name, _)| *name != "x-ms-blob-content-length" || of == Page)
            .map(|(name, value)| match (*name, *value) {
                ("x-ms-copy-source", "") if self.kind == Kind::CopyBlob => (*name, NEAR),
                ("x-ms-copy-source", "") => (*name, BLOCKS),
                ("x-ms-blob-type", "") => (*name, of.word()),
                given => given,
            })
            .collect();
        let url = format!("box/blob{}", self.query);
        world.send(self.method, &url, &headers, self.body)
    }

    /// Whether the answer depends on bytes that only a successful copy left.
    fn needs_content(&self) -> bool {
        matches!(self.kind, Kind::PutPage | Kind::PutPageFromUrl)
    }

    /// The status and code that are due, and the copy's status afterwards, if the blob is still there.
    fn due(&self, of: Type, fate: Fate) -> (Option<(u16, &'static str)>, Option<&'static str>) {
        let stays = Some(word(fate));
        if self.kind == Kind::AbortCopyBlob && fate == Pending {
            return (Some((409, "CopyIdMismatch")), stays);
        }
        if self.waits && fate == Pending {
            return (Some((409, "PendingCopyOperation")), stays);
        }
        if !self.types.contains(&of) {
            let code = match (self.kind, of) {
                (Kind::SetBlobTier, _) => (400, "InvalidBlobTier"),
                _ => (409, "InvalidBlobType"),
            };
            return (Some(code), stays);
        }
        if self.needs_content() && matches!(fate, Failed | Aborted) {
            return (Some((416, "InvalidPageRange")), stays);
        }
        match self.after {
            Keeps => (None, stays),
            Removes => (None, Some("")),
            Replaces => (None, Some("success")),
            Deletes => (None, None),
            Refused(status, code) => (Some((status, code)), stays),
        }
    }
}

#[test]
fn every_operation_on_a_destination_does_to_its_copy_what_is_documented() {
    let mut wrong = Vec::new();
    for row in ROWS {
        for of in [Block, Page, Append] {
            for fate in [Pending, Success, Failed, Aborted] {
                let mut world = destination(of, fate);
                let outcome = row.ask(&mut world, of);
                let refusal = outcome.err().map(|failure| {
                    (
                        failure.parts().status.as_u16(),
                        failure.code().as_str().to_owned(),
                    )
                });
                let there = world.send("HEAD", "box/blob", &[], "").ok();
                let status = there.map(|answer| {
                    let value = answer.headers.get("x-ms-copy-status");
                    value.map_or(String::new(), |value| value.to_str().unwrap().to_owned())
                });
                let (refused, left) = row.due(of, fate);
                let refused = refused.map(|(status, code)| (status, code.to_owned()));
                if (&refusal, status.as_deref()) != (&refused, left) {
                    wrong.push(format!(
                        "{:?} on {of:?}, {fate:?}: {refusal:?} {status:?}, due {refused:?} {left:?}",
                        row.kind
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_operation_on_a_blob_is_in_the_table() {
    for kind in Kind::all().filter(|kind| kind.level() == Level::Blob) {
        let is_there = ROWS.iter().any(|row| row.kind == kind);
        // Its destination is of one type and copies from nothing but itself.
        assert_eq!(is_there, kind != Kind::IncrementalCopyBlob, "{kind:?}");
    }
}
