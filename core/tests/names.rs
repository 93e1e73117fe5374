//! Names survive the way into a URL and back, whatever they are made of.

#![expect(clippy::unwrap_used, reason = "what a test writes down is right")]

use blobferry_core::{Account, BlobName, ContainerName, Location, Place, Revision};
use http::Uri;
use proptest::prelude::*;

fn accounts() -> impl Strategy<Value = Account> {
    prop_oneof![
        Just("https://lighthouse.blob.core.windows.net"),
        Just("http://127.0.0.1:10000/devstoreaccount1"),
        Just("http://localhost:7777/other"),
        Just("https://[::1]:8443/sixth"),
        Just("https://lighthouse-secondary.blob.core.chinacloudapi.cn"),
    ]
    .prop_map(|url| url.parse().unwrap())
}

fn containers() -> impl Strategy<Value = ContainerName> {
    let names = prop_oneof![
        "[a-z0-9](-?[a-z0-9]){2,31}",
        Just("$root".to_owned()),
        Just("$web".to_owned()),
        Just("$logs".to_owned()),
    ];
    names.prop_filter_map("no container name", |name| name.parse().ok())
}

fn blob_names() -> impl Strategy<Value = BlobName> {
    let texts = prop_oneof![
        "\\PC{1,300}",
        "[./\\\\%?#&=+ a]{1,40}",
        "[ -~]{1,200}",
        proptest::collection::vec(any::<char>(), 1..60).prop_map(String::from_iter),
    ];
    texts.prop_filter_map("no blob name", |text| text.parse().ok())
}

fn revisions() -> impl Strategy<Value = Revision> {
    let time = "20[0-9]{2}-0[1-9]-1[0-9]T0[0-9]:[0-5][0-9]:[0-5][0-9]\\.[0-9]{7}Z";
    prop_oneof![
        Just(Revision::Current),
        time.prop_map(Revision::Snapshot),
        time.prop_map(Revision::Version),
    ]
}

fn place(url: &str) -> Place {
    url.parse::<Location>().unwrap().place
}

proptest! {
    #[test]
    fn an_address_reads_back_from_its_url(
        account in accounts(),
        container in containers(),
        name in blob_names(),
        revision in revisions(),
    ) {
        let blob = account.container(container).blob(name).at(revision);
        prop_assert_eq!(place(&blob.to_string()), Place::Blob(blob.clone()));
        let container = blob.in_container();
        prop_assert_eq!(place(&container.to_string()), Place::Container(container));
        prop_assert_eq!(place(&account.to_string()), Place::Account(account));
    }

    #[test]
    fn the_wire_carries_a_path_byte_for_byte(account in accounts(), name in blob_names()) {
        let blob = account.container("things".parse().unwrap()).blob(name);
        let uri: Uri = blob.to_string().parse().unwrap();
        prop_assert_eq!(uri.path(), blob.path());
        prop_assert!(uri.query().is_none());
        prop_assert!(blob.path().bytes().all(|byte| byte.is_ascii_graphic()));
    }

    #[test]
    fn a_dot_segment_is_refused_wherever_it_stands(
        before in "([a-z]{0,3}[/\\\\]){0,3}",
        dots in "\\.{1,2}",
        after in "([/\\\\][a-z]{0,3}){0,3}",
    ) {
        let text = format!("{before}{dots}{after}");
        prop_assert!(text.parse::<BlobName>().is_err(), "{}", text);
        let url = format!("https://lighthouse.blob.core.windows.net/things/{text}");
        prop_assert!(url.parse::<Location>().is_err(), "{}", url);
    }

    #[test]
    fn reading_a_url_never_panics(text in "\\PC{0,80}", tail in "\\PC{0,80}") {
        let _ = text.parse::<Location>();
        let _ = format!("https://{text}/{tail}").parse::<Location>();
        let _ = format!("https://lighthouse.blob.core.windows.net/{text}?{tail}").parse::<Location>();
    }
}

#[test]
fn every_printable_character_there_is_survives_in_a_name() {
    let account: Account = "https://lighthouse.blob.core.windows.net".parse().unwrap();
    let container = account.container("things".parse().unwrap());
    let printable: Vec<char> = ('\u{20}'..=char::MAX)
        .filter(|letter| !letter.is_control())
        .collect();
    for letters in printable.chunks(300) {
        let name: BlobName = format!("x{}x", String::from_iter(letters)).parse().unwrap();
        let blob = container.blob(name);
        assert_eq!(place(&blob.to_string()), Place::Blob(blob));
    }
}

#[test]
fn names_longer_than_the_service_takes_are_refused() {
    for (length, good) in [(0, false), (1, true), (1024, true), (1025, false)] {
        for letter in ["a", "é", "𐍈"] {
            let name = letter.repeat(length);
            assert_eq!(
                name.parse::<BlobName>().is_ok(),
                good,
                "{length} × {letter}"
            );
        }
    }
    for (segments, good) in [(254, true), (255, false)] {
        let name = vec!["a"; segments].join("/");
        assert_eq!(
            name.parse::<BlobName>().is_ok(),
            good,
            "{segments} segments"
        );
    }
}
