//! Find Blobs by Tags: what is found, and what is told of it.

use super::*;

fn world() -> World {
    let mut world = World::new();
    world
        .send("PUT", "other?restype=container", &[], "")
        .unwrap();
    for (blob, tags) in [
        ("box/a", "kind=lamp&place=harbour&extra=x"),
        ("box/b", "kind=buoy&place=harbour"),
        ("other/a", "kind=lamp&place=cape"),
    ] {
        let given = [("x-ms-blob-type", "BlockBlob"), ("x-ms-tags", tags)];
        world.send("PUT", blob, &given, "").unwrap();
    }
    world
}

/// The blobs found, as they stand in the answer.
fn found(world: &mut World, url: &str) -> Vec<String> {
    let body = world.send("GET", url, &[], "").unwrap().body.whole();
    let text = String::from_utf8(body.to_vec()).unwrap();
    let blobs = text.split("<Blob>").skip(1);
    blobs
        .map(|blob| blob.split("</Blob>").next().unwrap().to_owned())
        .collect()
}

fn shown(container: &str, blob: &str, tags: &[(&str, &str)]) -> String {
    let mut text = format!("<Name>{blob}</Name><ContainerName>{container}</ContainerName>");
    text += "<Tags><TagSet>";
    for (key, value) in tags {
        text += &format!("<Tag><Key>{key}</Key><Value>{value}</Value></Tag>");
    }
    text + "</TagSet></Tags>"
}

#[test]
fn only_the_tags_that_were_asked_about_are_told() {
    let mut world = world();
    let lamp = ("kind", "lamp");
    assert_eq!(
        found(&mut world, "?comp=blobs&where=kind%3D'lamp'"),
        [shown("box", "a", &[lamp]), shown("other", "a", &[lamp])]
    );
    let both = "?comp=blobs&where=kind%3D'lamp'%20AND%20place%3D'harbour'";
    let harbour = ("place", "harbour");
    assert_eq!(
        found(&mut world, both),
        [shown("box", "a", &[lamp, harbour])]
    );
}

#[test]
fn before_2020_04_08_one_value_is_told() {
    let mut world = world();
    world.version = "2020-02-10".parse().unwrap();
    let url = "?comp=blobs&where=place%3D'cape'%20AND%20kind%3D'lamp'";
    let cape = "<Name>a</Name><ContainerName>other</ContainerName><TagValue>cape</TagValue>";
    assert_eq!(found(&mut world, url), [cape]);
}

#[test]
fn an_account_is_searched_in_one_container_if_the_predicate_names_it() {
    let mut world = world();
    let url = "?comp=blobs&where=%40container%3D'other'%20AND%20kind%3D'lamp'";
    assert_eq!(
        found(&mut world, url),
        [shown("other", "a", &[("kind", "lamp")])]
    );
    let url = "box?restype=container&comp=blobs&where=place%3D'harbour'";
    assert_eq!(found(&mut world, url).len(), 2);
}

#[test]
fn pages_of_every_size_find_the_same_in_containers_whose_names_begin_alike() {
    let mut world = World::new();
    for container in ["abc", "abc-d", "abc1"] {
        let url = format!("{container}?restype=container");
        world.send("PUT", &url, &[], "").unwrap();
        for blob in ["a", "a-b", "a/b"] {
            let given = [("x-ms-blob-type", "BlockBlob"), ("x-ms-tags", "kind=lamp")];
            let url = format!("{container}/{blob}");
            world.send("PUT", &url, &given, "").unwrap();
        }
    }
    let url = "?comp=blobs&where=kind%3D'lamp'";
    let whole = found(&mut world, url);
    assert_eq!(whole.len(), 9);
    for size in 1..=9 {
        let mut paged = Vec::new();
        let mut marker = String::new();
        loop {
            let url = format!("{url}&maxresults={size}&marker={marker}");
            paged.extend(found(&mut world, &url));
            assert!(paged.len() <= whole.len(), "a search must end: {size}");
            let body = world.send("GET", &url, &[], "").unwrap().body.whole();
            let tree = crate::xml::Element::read(&body).unwrap();
            marker = tree.text_of("NextMarker").unwrap_or_default().to_owned();
            if marker.is_empty() {
                break;
            }
        }
        assert_eq!(paged, whole, "{size}");
    }
}
