//! Deleted containers, and how they come back.

use http::StatusCode;

use super::*;
use crate::config::DataProtection;
use crate::xml::Element;

const ACCOUNT: &str = "devstoreaccount1";
const DAY: u64 = 24 * 3600;

fn world(days: Option<u32>) -> World {
    let mut world = World::new();
    keep(&mut world, days);
    world
}

fn keep(world: &mut World, days: Option<u32>) {
    let kept = DataProtection {
        container_retention_days: days,
        ..DataProtection::default()
    };
    world.state.set_protection(ACCOUNT, kept);
}

fn list(world: &mut World, query: &str) -> Element {
    let body = world
        .send("GET", &format!("?comp=list{query}"), &[], "")
        .unwrap()
        .body
        .whole();
    Element::read(&body).unwrap()
}

fn containers(world: &mut World) -> Vec<Element> {
    let tree = list(world, "&include=deleted,metadata,system");
    tree.child("Containers").unwrap().children.clone()
}

/// The names listed, with a minus before those that are deleted.
fn names(world: &mut World) -> String {
    let name = |item: &Element| {
        let minus = item.child("Deleted").map_or("", |_| "-");
        format!("{minus}{}", item.text_of("Name").unwrap())
    };
    containers(world)
        .iter()
        .map(name)
        .collect::<Vec<_>>()
        .join(" ")
}

fn create(world: &mut World, name: &str) {
    world.pass(1);
    let url = format!("{name}?restype=container");
    world
        .send("PUT", &url, &[("x-ms-meta-a", "b")], "")
        .unwrap();
}

fn delete(world: &mut World, name: &str) {
    let url = format!("{name}?restype=container");
    world.send("DELETE", &url, &[], "").unwrap();
}

fn restore(world: &mut World, from: &str, version: &str, to: &str) -> Result<Answer, Failure> {
    let headers = [
        ("x-ms-deleted-container-name", from),
        ("x-ms-deleted-container-version", version),
    ];
    let url = format!("{to}?restype=container&comp=undelete");
    world.send("PUT", &url, &headers, "")
}

/// The versions of the deleted containers of a name, in the order listed.
fn versions(world: &mut World, name: &str) -> Vec<String> {
    containers(world)
        .iter()
        .filter(|item| item.text_of("Name") == Some(name))
        .filter_map(|item| item.text_of("Version").map(str::to_owned))
        .collect()
}

#[test]
fn a_deleted_container_comes_back_with_all_that_was_in_it() {
    let mut world = world(Some(7));
    world.put(ACCOUNT, "blob", "text");
    let before = world
        .send("HEAD", "box?restype=container", &[], "")
        .unwrap();
    delete(&mut world, "box");
    refused(
        world.send("HEAD", "box/blob", &[], ""),
        404,
        ErrorCode::CONTAINER_NOT_FOUND,
    );
    assert_eq!(names(&mut world), "-box");
    assert!(
        list(&mut world, "")
            .child("Containers")
            .unwrap()
            .children
            .is_empty()
    );
    let [version] = &versions(&mut world, "box")[..] else {
        panic!("one is deleted");
    };
    world.pass(1);
    let answer = restore(&mut world, "box", version, "box").unwrap();
    assert_eq!(answer.status, StatusCode::CREATED);
    assert_eq!(world.read("blob"), "text");
    let after = world
        .send("HEAD", "box?restype=container", &[], "")
        .unwrap();
    for name in ["etag", "last-modified"] {
        assert_ne!(header(&after, name), header(&before, name));
    }
    assert_eq!(header(&after, "x-ms-blob-public-access"), "container");
    assert_eq!(names(&mut world), "box");
    refused(
        restore(&mut world, "box", version, "again"),
        404,
        ErrorCode::CONTAINER_NOT_FOUND,
    );
}

#[test]
fn a_name_can_be_used_again_while_deleted_containers_have_it() {
    let mut world = world(Some(7));
    for _ in 0..2 {
        create(&mut world, "used");
        delete(&mut world, "used");
    }
    create(&mut world, "used");
    create(&mut world, "another");
    assert_eq!(names(&mut world), "another box -used -used used");
    let kept = versions(&mut world, "used");
    assert!(kept.is_sorted() && kept.len() == 2, "{kept:?}");
    refused(
        restore(&mut world, "used", &kept[0], "used"),
        409,
        ErrorCode::CONTAINER_ALREADY_EXISTS,
    );
    restore(&mut world, "used", &kept[0], "renamed").unwrap();
    assert_eq!(names(&mut world), "another box renamed -used used");
    delete(&mut world, "used");
    restore(&mut world, "used", &kept[1], "used").unwrap();
    assert_eq!(names(&mut world), "another box renamed -used used");
}

#[test]
fn a_listing_with_deleted_containers_goes_on_inside_a_name() {
    let mut world = world(Some(7));
    for _ in 0..3 {
        create(&mut world, "used");
        delete(&mut world, "used");
    }
    create(&mut world, "used");
    create(&mut world, "used2");
    delete(&mut world, "box");
    let whole = names(&mut world);
    assert_eq!(whole, "-box -used -used -used used used2");
    for most in 1..7 {
        let mut found = Vec::new();
        let mut marker = String::new();
        loop {
            let query = format!("&include=deleted&maxresults={most}&marker={marker}");
            let tree = list(&mut world, &query);
            for item in &tree.child("Containers").unwrap().children {
                let own = |name: &str| item.text_of(name).unwrap_or_default().to_owned();
                found.push((own("Name"), own("Version")));
            }
            marker = tree.text_of("NextMarker").unwrap().to_owned();
            if marker.is_empty() {
                break;
            }
        }
        assert_eq!(found.len(), 6, "{most}: {found:?}");
        found.dedup();
        assert_eq!(found.len(), 6, "{most}: {found:?}");
    }
    let tree = list(&mut world, "&include=deleted&prefix=used2");
    assert_eq!(tree.child("Containers").unwrap().children.len(), 1);
}

#[test]
fn a_deleted_container_tells_when_it_went_and_how_long_it_stays() {
    let mut world = world(Some(2));
    let deleted = world.now;
    delete(&mut world, "box");
    keep(&mut world, None);
    let listed = |world: &mut World| {
        let item = containers(world).pop()?;
        let properties = item.child("Properties").unwrap();
        assert_eq!(properties.text_of("DeletedTime"), Some(&*deleted.to_http()));
        let texts = ["LeaseStatus", "LeaseState", "RemainingRetentionDays"];
        Some(texts.map(|name| properties.text_of(name).unwrap().to_owned()))
    };
    let shown = |text: [&str; 3]| Some(text.map(str::to_owned));
    assert_eq!(listed(&mut world), shown(["locked", "leased", "2"]));
    world.pass(30);
    assert_eq!(listed(&mut world), shown(["unlocked", "expired", "2"]));
    world.pass(DAY);
    assert_eq!(listed(&mut world), shown(["unlocked", "expired", "1"]));
    let version = versions(&mut world, "box").pop().unwrap();
    world.pass(DAY - 30);
    assert_eq!(listed(&mut world), None);
    refused(
        restore(&mut world, "box", &version, "box"),
        404,
        ErrorCode::CONTAINER_NOT_FOUND,
    );
    assert_eq!(world.state.account(ACCOUNT).unwrap().deleted.len(), 0);
}

#[test]
fn without_retention_a_deleted_container_is_gone() {
    let mut world = world(None);
    delete(&mut world, "box");
    assert_eq!(names(&mut world), "");
    refused(
        restore(&mut world, "box", "01D8DEC8F3473469", "box"),
        404,
        ErrorCode::CONTAINER_NOT_FOUND,
    );
}

#[test]
fn a_restore_says_what_is_to_come_back_and_where() {
    let mut world = world(Some(1));
    delete(&mut world, "box");
    let version = versions(&mut world, "box").pop().unwrap();
    let url = "box?restype=container&comp=undelete";
    refused(
        world.send("PUT", url, &[], ""),
        400,
        ErrorCode::MISSING_REQUIRED_HEADER,
    );
    refused(
        restore(&mut world, "box", "soon", "box"),
        400,
        ErrorCode::INVALID_HEADER_VALUE,
    );
    refused(
        restore(&mut world, "other", &version, "other"),
        404,
        ErrorCode::CONTAINER_NOT_FOUND,
    );
    refused(
        restore(&mut world, "box", &version, "No"),
        400,
        ErrorCode::INVALID_RESOURCE_NAME,
    );
}

#[test]
fn a_leased_container_is_deleted_with_its_lease_and_comes_back_without() {
    const ID: &str = "0f8fad5b-d9cb-469f-a165-70867728950e";
    let mut world = world(Some(1));
    let lease = [
        ("x-ms-lease-action", "acquire"),
        ("x-ms-lease-duration", "-1"),
        ("x-ms-proposed-lease-id", ID),
    ];
    let url = "box?restype=container&comp=lease";
    world.send("PUT", url, &lease, "").unwrap();
    refused(
        world.send("DELETE", "box?restype=container", &[], ""),
        412,
        ErrorCode::LEASE_ID_MISSING,
    );
    let id = [("x-ms-lease-id", ID)];
    world
        .send("DELETE", "box?restype=container", &id, "")
        .unwrap();
    let version = versions(&mut world, "box").pop().unwrap();
    restore(&mut world, "box", &version, "box").unwrap();
    let back = world
        .send("HEAD", "box?restype=container", &[], "")
        .unwrap();
    assert_eq!(header(&back, "x-ms-lease-state"), "available");
}

#[test]
fn copies_into_a_deleted_container_are_aborted() {
    let mut world = world(Some(1));
    world.put("other", "source", vec![1; 9 << 20]);
    world.copy("other", "source", "blob").unwrap();
    assert_eq!(world.property("blob", "x-ms-copy-status"), "pending");
    delete(&mut world, "box");
    assert!(world.state.copies.is_empty());
    let version = versions(&mut world, "box").pop().unwrap();
    restore(&mut world, "box", &version, "box").unwrap();
    assert_eq!(world.property("blob", "x-ms-copy-status"), "aborted");
}

#[test]
fn what_is_soft_deleted_in_a_restored_container_is_still_forgotten_in_time() {
    let mut world = world(Some(30));
    let policy = "<StorageServiceProperties><DeleteRetentionPolicy><Enabled>true</Enabled>\
                  <Days>3</Days></DeleteRetentionPolicy></StorageServiceProperties>";
    world
        .send("PUT", "?restype=service&comp=properties", &[], policy)
        .unwrap();
    world.put(ACCOUNT, "blob", "text");
    world.send("DELETE", "box/blob", &[], "").unwrap();
    assert_eq!(world.state.overdue_names(), 1);
    delete(&mut world, "box");
    assert_eq!(world.state.overdue_names(), 0);
    world.pass(DAY);
    let version = versions(&mut world, "box").pop().unwrap();
    restore(&mut world, "box", &version, "renamed").unwrap();
    assert_eq!(world.state.overdue_names(), 1);
    world.pass(2 * DAY);
    assert_eq!(names(&mut world), "renamed");
    assert_eq!(world.state.overdue_names(), 0);
    let container = world.state.container(ACCOUNT, "renamed").unwrap();
    assert_eq!(container.entries_from("").count(), 0);
}

/// Lets deleted containers keep their names for half a minute.
fn slowly(mut world: World) -> World {
    let mut settings = world.state.settings(ACCOUNT).unwrap();
    settings.container_deletion = std::time::Duration::from_secs(30);
    world.state.set_settings(ACCOUNT, settings).unwrap();
    world
}

#[test]
fn the_name_of_a_deleted_container_is_free_after_a_while() {
    for days in [None, Some(7)] {
        let mut world = slowly(world(days));
        world.put(ACCOUNT, "blob", "text");
        world
            .send("DELETE", "box?restype=container", &[], "")
            .unwrap();
        for again in 0..2 {
            let made = world.send("PUT", "box?restype=container", &[], "");
            refused(made, 409, ErrorCode::CONTAINER_BEING_DELETED);
            let gone = world.send("DELETE", "box?restype=container", &[], "");
            match again {
                0 => assert_eq!(gone.unwrap().status, StatusCode::ACCEPTED),
                _ => refused(gone, 409, ErrorCode::CONTAINER_BEING_DELETED),
            }
            let read = world.send("GET", "box?restype=container", &[], "");
            refused(read, 404, ErrorCode::CONTAINER_NOT_FOUND);
            let put = world.send("PUT", "box/blob", &[("x-ms-blob-type", "BlockBlob")], "");
            refused(put, 404, ErrorCode::CONTAINER_NOT_FOUND);
            world.pass(15);
        }
        world.send("PUT", "box?restype=container", &[], "").unwrap();
        let boxes = list(&mut world, "&prefix=box");
        assert_eq!(boxes.child("Containers").unwrap().children.len(), 1);
    }
}

#[test]
fn the_name_of_a_container_that_is_being_deleted_is_no_container() {
    let mut world = slowly(world(None));
    world
        .send("DELETE", "box?restype=container", &[], "")
        .unwrap();
    assert_eq!(names(&mut world), "");
    let (key, _) = world
        .state
        .account(ACCOUNT)
        .unwrap()
        .deleted
        .first_key_value()
        .unwrap();
    let version = crate::state::write_version(key.1);
    let headers = [
        ("x-ms-deleted-container-name", "box"),
        ("x-ms-deleted-container-version", version.as_str()),
    ];
    let back = world.send("PUT", "box?restype=container&comp=undelete", &headers, "");
    refused(back, 404, ErrorCode::CONTAINER_NOT_FOUND);
    world.pass(30);
    list(&mut world, "");
    assert!(world.state.account(ACCOUNT).unwrap().deleted.is_empty());
}

#[test]
fn logging_and_websites_bring_containers_of_their_own() {
    let mut world = world(None);
    let set = |world: &mut World, section: &str| {
        let body = format!("<StorageServiceProperties>{section}</StorageServiceProperties>");
        let url = "?restype=service&comp=properties";
        world.send("PUT", url, &[], body).unwrap();
    };
    let logging = |read: bool| {
        format!(
            "<Logging><Version>1.0</Version><Delete>false</Delete><Read>{read}</Read>\
             <Write>false</Write><RetentionPolicy><Enabled>false</Enabled></RetentionPolicy>\
             </Logging>"
        )
    };
    let website = "<StaticWebsite><Enabled>true</Enabled></StaticWebsite>";
    let listed = |world: &mut World| {
        let tree = list(world, "");
        tree.child("Containers").unwrap().children.len()
    };
    set(&mut world, &logging(false));
    let before = names(&mut world);
    set(&mut world, &logging(true));
    assert_eq!(names(&mut world), format!("$logs {before}"));
    assert_eq!(listed(&mut world), before.split(' ').count());
    set(&mut world, website);
    assert_eq!(names(&mut world), format!("$logs $web {before}"));
    assert_eq!(listed(&mut world), before.split(' ').count() + 1);
    // What was written stays when nothing more is.
    set(&mut world, &logging(false));
    assert_eq!(names(&mut world), format!("$logs $web {before}"));
}

#[test]
fn a_name_that_no_container_can_have_is_refused_whoever_asks() {
    let mut world = world(None);
    let put: &[(&str, &str)] = &[("x-ms-blob-type", "BlockBlob")];
    for (method, rest, headers) in [
        ("PUT", "?restype=container", &[][..]),
        ("GET", "?restype=container", &[]),
        ("GET", "?restype=container&comp=list", &[]),
        ("DELETE", "?restype=container", &[]),
        ("PUT", "/blob", put),
        ("GET", "/blob", &[]),
        ("DELETE", "/blob", &[]),
    ] {
        for name in ["bad_name", "Box", "a--b"] {
            let answer = world.send(method, &format!("{name}{rest}"), headers, "");
            refused(answer, 400, ErrorCode::INVALID_RESOURCE_NAME);
        }
        if !(method == "PUT" && rest.starts_with('?')) {
            let answer = world.send(method, &format!("other{rest}"), headers, "");
            refused(answer, 404, ErrorCode::CONTAINER_NOT_FOUND);
        }
    }
}

// Recorded ten times of ten, by three clients, each within a second.
#[test]
fn a_container_that_was_just_deleted_is_deleted_again() {
    for days in [None, Some(7)] {
        let mut world = world(days);
        let delete = |world: &mut World| world.send("DELETE", "box?restype=container", &[], "");
        for _ in 0..2 {
            assert_eq!(delete(&mut world).unwrap().status, StatusCode::ACCEPTED);
        }
        let read = world.send("GET", "box?restype=container", &[], "");
        refused(read, 404, ErrorCode::CONTAINER_NOT_FOUND);
        world.pass(5);
        refused(delete(&mut world), 404, ErrorCode::CONTAINER_NOT_FOUND);

        create(&mut world, "box");
        for _ in 0..2 {
            assert_eq!(delete(&mut world).unwrap().status, StatusCode::ACCEPTED);
        }
        create(&mut world, "box");
        assert_eq!(delete(&mut world).unwrap().status, StatusCode::ACCEPTED);
        world.pass(5);
        refused(delete(&mut world), 404, ErrorCode::CONTAINER_NOT_FOUND);
    }
}

#[test]
fn deleting_what_never_was_is_refused() {
    let mut world = world(None);
    let gone = world.send("DELETE", "never?restype=container", &[], "");
    refused(gone, 404, ErrorCode::CONTAINER_NOT_FOUND);
}
