//! A page of blobs as a table: what is an element of an item in XML is a column here, by the same name.
//!
//! Sources: what the clients for Python, JavaScript and Rust read of such answers, and their tests. The
//! types of columns are such as all of them take.

mod row;

use http::header;

use blobferry_core::{ServiceVersion, Timestamp};

use crate::arrow::{Column, Pair, STREAM, Table};
use crate::request::Ask;

use super::{Item, Shown, View};
use row::Row;

/// Whether a client would rather have a listing so. Older versions know XML only.
pub(super) fn are_asked_for(ask: &Ask) -> bool {
    ask.version >= ServiceVersion::V2026_10_06
        && ask
            .header(&header::ACCEPT)
            .is_some_and(|text| text.split(',').any(is_stream))
}

fn is_stream(part: &str) -> bool {
    let media = part.split(';').next().unwrap_or_default();
    media.trim().eq_ignore_ascii_case(STREAM)
}

/// How the value of a column is had of an item.
enum Get {
    Text(fn(&Row<'_>) -> Option<String>),
    Number(fn(&Row<'_>) -> Option<u64>),
    Flag(fn(&Row<'_>) -> Option<bool>),
    Moment(fn(&Row<'_>) -> Option<Timestamp>),
    Pairs(fn(&Row<'_>) -> Option<Vec<Pair>>),
}

use Get::{Flag, Moment, Number, Pairs, Text};

const COLUMNS: &[(&str, Get)] = &[
    ("Name", Text(|row| Some(row.name.to_owned()))),
    (
        "ResourceType",
        Text(|row| Some(row.resource_type().to_owned())),
    ),
    ("Deleted", Flag(|row| row.deleted().map(|_| true))),
    ("Snapshot", Text(|row| row.snapshot())),
    (
        "VersionId",
        Text(|row| Some(row.version()?.version?.name())),
    ),
    (
        "IsCurrentVersion",
        Flag(|row| (!row.version()?.superseded).then_some(true)),
    ),
    (
        "HasVersionsOnly",
        Flag(|row| (row.blob?.0 == Shown::VersionsOnly).then_some(true)),
    ),
    (
        "Creation-Time",
        Moment(|row| Some(row.committed()?.created)),
    ),
    (
        "Last-Modified",
        Moment(|row| Some(row.committed()?.modified)),
    ),
    ("Etag", Text(|row| row.etag())),
    (
        "Content-Length",
        Number(|row| Some(row.blob()?.content.len())),
    ),
    (
        "Content-Type",
        Text(|row| text(&row.headers()?.content_type)),
    ),
    (
        "Content-Encoding",
        Text(|row| text(&row.headers()?.encoding)),
    ),
    (
        "Content-Language",
        Text(|row| text(&row.headers()?.language)),
    ),
    ("Content-MD5", Text(|row| text(&row.headers()?.md5))),
    (
        "Cache-Control",
        Text(|row| text(&row.headers()?.cache_control)),
    ),
    (
        "Content-Disposition",
        Text(|row| text(&row.headers()?.disposition)),
    ),
    ("LastAccessTime", Moment(|row| row.blob()?.accessed())),
    ("x-ms-blob-sequence-number", Number(|row| row.sequence())),
    ("BlobType", Text(|row| word(row.blob()?.kind().as_str()))),
    ("AccessTier", Text(|row| row.tier().map(|(tier, _)| tier))),
    (
        "AccessTierInferred",
        Flag(|row| {
            row.tier()
                .and_then(|(_, inferred)| inferred.then_some(true))
        }),
    ),
    ("SmartAccessTier", Text(|row| row.smart_tier())),
    ("ArchiveStatus", Text(|row| Some(row.rehydrating()?.0))),
    ("RehydratePriority", Text(|row| Some(row.rehydrating()?.1))),
    ("AccessTierChangeTime", Moment(|row| row.tier_changed())),
    ("LeaseStatus", Text(|row| Some(row.lease()?.0))),
    ("LeaseState", Text(|row| Some(row.lease()?.1))),
    ("LeaseDuration", Text(|row| row.lease()?.2)),
    ("ServerEncrypted", Flag(|row| row.blob().map(|_| true))),
    ("CustomerProvidedKeySha256", Text(|row| row.key())),
    ("EncryptionScope", Text(|row| row.scope())),
    (
        "IncrementalCopy",
        Flag(|row| row.blob()?.incremental.then_some(true)),
    ),
    ("DeletedTime", Moment(|row| Some(row.deleted()?.since))),
    ("RemainingRetentionDays", Number(|row| row.days_left())),
    (
        "TagCount",
        Number(|row| Some(row.blob()?.tags.as_ref()?.count() as u64)),
    ),
    ("Sealed", Flag(|row| row.blob()?.sealed.then_some(true))),
];

/// Those that are there where they are included.
const COPY: &[(&str, Get)] = &[
    ("CopyId", Text(|row| word(&row.copy()?.id))),
    ("CopySource", Text(|row| word(&row.copy()?.source))),
    ("CopyStatus", Text(|row| word(row.copy()?.status.as_str()))),
    (
        "CopyProgress",
        Text(|row| Some(row.copy()?.progress_text(row.now()))),
    ),
    ("CopyCompletionTime", Moment(|row| row.copy()?.completed)),
    (
        "CopyStatusDescription",
        Text(|row| row.copy()?.description(row.now()).map(Into::into)),
    ),
    ("CopyDestinationSnapshot", Text(|row| row.copied_snapshot())),
];
const POLICY: &[(&str, Get)] = &[
    (
        "ImmutabilityPolicyUntilDate",
        Moment(|row| Some(row.policy()?.until)),
    ),
    (
        "ImmutabilityPolicyMode",
        Text(|row| word(row.policy()?.mode_text())),
    ),
];
const HOLD: &[(&str, Get)] = &[(
    "LegalHold",
    Flag(|row| row.blob()?.immutability.as_ref()?.hold.then_some(true)),
)];
const METADATA: &[(&str, Get)] = &[("Metadata", Pairs(|row| row.metadata()))];
const TAGS: &[(&str, Get)] = &[("Tags", Pairs(|row| row.tags()))];

/// The table of a page.
pub(super) fn table(view: &View<'_>, items: &[(&str, Item<'_>)], next: String) -> Table {
    let rows: Vec<Row<'_>> = items
        .iter()
        .map(|(name, item)| match item {
            Item::Blob(shown, blob) => Row {
                view,
                name,
                blob: Some((*shown, blob)),
            },
            Item::Prefix(prefix) => Row {
                view,
                name: prefix,
                blob: None,
            },
        })
        .collect();
    let mut table = Table::of(rows.len());
    table.metadata("NextMarker", next);
    for (included, columns) in [
        (true, COLUMNS),
        (view.copy, COPY),
        (view.include.contains("immutabilitypolicy"), POLICY),
        (view.include.contains("legalhold"), HOLD),
        (view.metadata, METADATA),
        (view.tags, TAGS),
    ] {
        for (name, get) in columns.iter().filter(|_| included) {
            table.column(name, get.column(&rows));
        }
    }
    table
}

impl Get {
    fn column(&self, rows: &[Row<'_>]) -> Column {
        match self {
            Text(get) => Column::Text(rows.iter().map(get).collect()),
            Number(get) => {
                let number = |row| get(row).and_then(|value| i64::try_from(value).ok());
                Column::Number(rows.iter().map(number).collect())
            }
            Flag(get) => Column::Flag(rows.iter().map(get).collect()),
            Moment(get) => Column::Moment(rows.iter().map(get).collect()),
            Pairs(get) => Column::Pairs(rows.iter().map(get).collect()),
        }
    }
}

fn text(value: &Option<Box<str>>) -> Option<String> {
    value.as_deref().map(str::to_owned)
}

fn word(text: &str) -> Option<String> {
    Some(text.to_owned())
}
