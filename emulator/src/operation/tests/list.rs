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
