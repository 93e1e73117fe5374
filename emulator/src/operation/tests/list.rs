//! Listings, page by page.

use super::*;

fn world() -> World {
    let mut world = World::new();
    for name in ["a", "a/1", "a/2", "b/x/1", "b/x/2", "b/y", "c"] {
        world.put("devstoreaccount1", name, name);
    }
    world.send("PUT", "box/c?comp=snapshot", &[], "").unwrap();
    world
}

/// Names, prefixes and snapshots of every page, one page after the other.
fn pages(world: &mut World, query: &str) -> Vec<Vec<String>> {
    let mut pages = Vec::new();
    let mut marker = String::new();
    loop {
        let url = format!("box?restype=container&comp=list{query}&marker={marker}");
        let body = world.send("GET", &url, &[], "").unwrap().body;
        let tree = crate::xml::Element::read(&body.whole()).unwrap();
        let items = &tree.child("Blobs").unwrap().children;
        pages.push(
            items
                .iter()
                .map(|item| {
                    let mark = if item.child("Snapshot").is_some() {
                        "@"
                    } else {
                        ""
                    };
                    format!("{}{mark}", item.text_of("Name").unwrap())
                })
                .collect(),
        );
        marker = tree.text_of("NextMarker").unwrap().to_owned();
        if marker.is_empty() {
            return pages;
        }
        assert!(pages.len() < 50, "a listing must end");
    }
}

#[test]
fn pages_of_every_size_hold_the_same_items() {
    let mut world = world();
    for query in [
        "",
        "&prefix=a",
        "&include=snapshots",
        "&delimiter=/",
        "&delimiter=/&prefix=b/",
        "&prefix=none",
    ] {
        let whole = pages(&mut world, query).concat();
        for size in 1..=8 {
            let cut = pages(&mut world, &format!("{query}&maxresults={size}"));
            assert!(cut.iter().all(|page| page.len() <= size), "{query} {size}");
            assert_eq!(cut.concat(), whole, "{query} {size}");
        }
    }
}

#[test]
fn a_delimiter_folds_names_into_prefixes() {
    let mut world = world();
    let flat = pages(&mut world, "").concat();
    assert_eq!(flat, ["a", "a/1", "a/2", "b/x/1", "b/x/2", "b/y", "c"]);
    let folded = pages(&mut world, "&delimiter=/").concat();
    assert_eq!(folded, ["a", "a/", "b/", "c"]);
    let inner = pages(&mut world, "&delimiter=/&prefix=b/").concat();
    assert_eq!(inner, ["b/x/", "b/y"]);
    let snapshots = pages(&mut world, "&include=snapshots&prefix=c").concat();
    assert_eq!(snapshots, ["c@", "c"]);
}

#[test]
fn a_listing_names_what_it_cannot_show() {
    let mut world = world();
    for (query, code) in [
        (
            "&maxresults=0",
            ErrorCode::OUT_OF_RANGE_QUERY_PARAMETER_VALUE,
        ),
        ("&maxresults=x", ErrorCode::INVALID_QUERY_PARAMETER_VALUE),
        (
            "&include=everything",
            ErrorCode::INVALID_QUERY_PARAMETER_VALUE,
        ),
        (
            "&include=snapshots&delimiter=/",
            ErrorCode::INVALID_QUERY_PARAMETER_VALUE,
        ),
        ("&marker=elsewhere", ErrorCode::OUT_OF_RANGE_INPUT),
    ] {
        let url = format!("box?restype=container&comp=list{query}");
        refused(world.send("GET", &url, &[], ""), 400, code);
    }
}

#[test]
fn a_prefix_that_no_name_follows_ends_a_listing() {
    let mut world = World::new();
    let last = "%F4%8F%BF%BF";
    for name in ["a", "\u{10FFFF}a", "\u{10FFFF}b"] {
        world.put("devstoreaccount1", name, name);
    }
    for size in ["", "&maxresults=1"] {
        let listed = pages(&mut world, &format!("&delimiter={last}{size}"));
        assert_eq!(listed.concat(), ["a", "\u{10FFFF}"], "{size}");
    }
}

#[test]
fn names_that_xml_cannot_hold_are_encoded_from_2021_02_12() {
    let mut world = World::new();
    let name = "first_dir\u{FFFF}/a-file~1.x";
    world.put("devstoreaccount1", name, "x");
    let mut listed = |version: &str, query: &str| {
        world.version = version.parse().unwrap();
        let url = format!("box?restype=container&comp=list{query}");
        let body = world.send("GET", &url, &[], "").unwrap().body.whole();
        String::from_utf8(body.to_vec()).unwrap()
    };
    let encoded = "<Name Encoded=\"true\">first_dir%EF%BF%BF%2Fa-file~1.x</Name>";
    assert!(listed("2021-02-12", "").contains(encoded));
    let folded = listed("2021-02-12", "&delimiter=/");
    let prefix = "<BlobPrefix><Name Encoded=\"true\">first_dir%EF%BF%BF%2F</Name></BlobPrefix>";
    assert!(folded.contains(prefix), "{folded}");
    // Whoever goes on into a prefix is told it again.
    let inside = listed("2021-02-12", "&delimiter=/&prefix=first_dir%EF%BF%BF/");
    let told = "<Prefix Encoded=\"true\">first_dir%EF%BF%BF%2F</Prefix>";
    assert!(
        inside.contains(told) && inside.contains(encoded),
        "{inside}"
    );
    let before = listed("2020-12-06", "");
    assert!(before.contains(&format!("<Name>{name}</Name>")), "{before}");
}

/// The `Accept` of the clients that read listings as columns.
const COLUMNS: (&str, &str) = (
    "accept",
    "application/vnd.apache.arrow.stream,application/xml",
);

type Columns = std::collections::BTreeMap<String, Vec<String>>;

/// A page as columns, each value as text, and the marker of the next one.
fn columns(world: &mut World, query: &str) -> (Columns, String) {
    use crate::arrow::Column;
    fn texts<T: std::fmt::Debug>(values: Vec<Option<T>>) -> Vec<String> {
        let text = |value: Option<T>| value.map_or_else(String::new, |value| format!("{value:?}"));
        values.into_iter().map(text).collect()
    }
    let url = format!("box?restype=container&comp=list{query}");
    let answer = world.send("GET", &url, &[COLUMNS], "").unwrap();
    assert_eq!(
        header(&answer, "content-type"),
        "application/vnd.apache.arrow.stream"
    );
    let (columns, metadata) = crate::arrow::tests::read(&answer.body.whole());
    let [(name, marker)] = &metadata[..] else {
        panic!("{metadata:?}");
    };
    assert_eq!(name, "NextMarker");
    let columns = columns.into_iter().map(|(name, column)| {
        let values = match column {
            Column::Text(values) => values.into_iter().map(Option::unwrap_or_default).collect(),
            Column::Number(values) => texts(values),
            Column::Flag(values) => texts(values),
            Column::Moment(values) => texts(values),
            Column::Pairs(values) => texts(values),
        };
        (name, values)
    });
    (columns.collect(), marker.clone())
}

#[test]
fn a_listing_is_told_as_columns_where_that_is_asked_from_2026_10_06() {
    let mut world = world();
    let url = "box?restype=container&comp=list";
    for (version, accept, is_told) in [
        ("2026-10-06", COLUMNS.1, true),
        (
            "2026-12-06",
            "Application/vnd.apache.arrow.stream;q=1",
            true,
        ),
        ("2026-10-06", "application/xml", false),
        ("2026-10-06", "*/*", false),
        ("2026-06-06", COLUMNS.1, false),
    ] {
        world.version = version.parse().unwrap();
        let answer = world.send("GET", url, &[("accept", accept)], "").unwrap();
        let media = header(&answer, "content-type");
        assert_eq!(
            media == COLUMNS.1.split(',').next().unwrap(),
            is_told,
            "{version} {accept}"
        );
    }
    // What is refused is refused in XML, like everything.
    let missing = world.send("GET", "none?restype=container&comp=list", &[COLUMNS], "");
    refused(missing, 404, ErrorCode::CONTAINER_NOT_FOUND);
}

#[test]
fn columns_hold_the_same_items_as_elements_page_by_page() {
    let mut world = world();
    world.version = ServiceVersion::V2026_10_06;
    for query in [
        "",
        "&prefix=a",
        "&include=snapshots",
        "&delimiter=/",
        "&delimiter=/&prefix=b/",
        "&prefix=none",
        "&startFrom=b/x/2",
    ] {
        let whole = pages(&mut world, query).concat();
        for size in [1, 2, 3, 5_000] {
            let (mut names, mut marker) = (Vec::new(), String::new());
            loop {
                let query = format!("{query}&maxresults={size}&marker={marker}");
                let (page, next) = columns(&mut world, &query);
                let marks = page["Snapshot"].iter();
                let marks = marks.map(|time| if time.is_empty() { "" } else { "@" });
                names.extend(
                    page["Name"]
                        .iter()
                        .zip(marks)
                        .map(|(name, mark)| format!("{name}{mark}")),
                );
                for (name, kind) in page["Name"].iter().zip(&page["ResourceType"]) {
                    let is_prefix = query.contains("delimiter") && name.ends_with('/');
                    assert_eq!(kind, if is_prefix { "blobprefix" } else { "blob" });
                }
                marker = next;
                if marker.is_empty() {
                    break;
                }
            }
            assert_eq!(names, whole, "{query} {size}");
        }
    }
    let (range, _) = columns(&mut world, "&startFrom=a/2&endBefore=b/y");
    assert_eq!(range["Name"], ["a/2", "b/x/1", "b/x/2"]);
    let all = pages(&mut world, "&endBefore=b").concat();
    assert_eq!(all.len(), 7, "listings in XML know no end");
}

#[test]
fn columns_tell_what_elements_tell() {
    let mut world = World::new();
    world.version = ServiceVersion::V2026_10_06;
    let made = [
        ("x-ms-blob-type", "BlockBlob"),
        ("x-ms-meta-color", "blue"),
        ("x-ms-tags", "k=v"),
        ("cache-control", "no-store"),
        ("x-ms-access-tier", "Cool"),
    ];
    world.send("PUT", "box/block", &made, "text").unwrap();
    let page = [
        ("x-ms-blob-type", "PageBlob"),
        ("x-ms-blob-content-length", "512"),
        ("x-ms-blob-sequence-number", "7"),
    ];
    world.send("PUT", "box/page", &page, "").unwrap();
    world
        .send("PUT", "box/staged?comp=block&blockid=AAAA", &[], "x")
        .unwrap();
    world.copy("devstoreaccount1", "block", "twin").unwrap();
    let (plain, _) = columns(&mut world, "");
    for absent in [
        "Metadata",
        "Tags",
        "CopyId",
        "LegalHold",
        "ImmutabilityPolicyMode",
    ] {
        assert!(!plain.contains_key(absent), "{absent}");
    }
    let include = "metadata,tags,copy,uncommittedblobs,legalhold,immutabilitypolicy";
    let (told, _) = columns(&mut world, &format!("&include={include}"));
    let empty = "";
    for (column, values) in [
        ("Name", ["block", "page", "staged", "twin"]),
        ("Content-Length", ["4", "512", "0", "4"]),
        (
            "Content-Type",
            [
                "application/octet-stream",
                "application/octet-stream",
                empty,
                "application/octet-stream",
            ],
        ),
        ("Cache-Control", ["no-store", empty, empty, "no-store"]),
        (
            "BlobType",
            ["BlockBlob", "PageBlob", "BlockBlob", "BlockBlob"],
        ),
        ("x-ms-blob-sequence-number", [empty, "7", empty, empty]),
        ("AccessTier", ["Cool", empty, "Hot", "Hot"]),
        ("AccessTierInferred", [empty, empty, "true", "true"]),
        ("LeaseState", ["available"; 4]),
        ("ServerEncrypted", ["true"; 4]),
        ("Deleted", [empty; 4]),
        ("TagCount", ["1", empty, empty, empty]),
        ("CopyStatus", [empty, empty, empty, "success"]),
        ("CopyProgress", [empty, empty, empty, "4/4"]),
        (
            "Metadata",
            [
                "[(\"color\", \"blue\")]",
                empty,
                empty,
                "[(\"color\", \"blue\")]",
            ],
        ),
        ("Tags", ["[(\"k\", \"v\")]", empty, empty, empty]),
        ("LegalHold", [empty; 4]),
    ] {
        assert_eq!(told[column], values, "{column}");
    }
    let moments: Vec<_> = told["Last-Modified"].iter().map(String::is_empty).collect();
    assert_eq!(moments, [false, false, true, false]);
}
