use http::{HeaderMap, HeaderName, HeaderValue, Method};

use super::*;

fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
    pairs
        .iter()
        .map(|(name, value)| {
            (
                HeaderName::from_static(name),
                HeaderValue::from_static(value),
            )
        })
        .collect()
}

fn parts<'a>(headers: &'a HeaderMap, version: ServiceVersion) -> Parts<'a> {
    Parts {
        method: &Method::GET,
        headers,
        account: "myaccount",
        path: "/mycontainer",
        query: &[],
        version,
        content_length: 0,
    }
}

#[test]
fn the_documented_container_example_is_met() {
    let headers = headers(&[
        ("x-ms-date", "Fri, 26 Jun 2015 23:39:12 GMT"),
        ("x-ms-version", "2015-02-21"),
    ]);
    let text = string_to_sign(&Parts {
        query: &[
            ("restype", "container"),
            ("comp", "metadata"),
            ("timeout", "20"),
        ],
        ..parts(&headers, ServiceVersion::V2015_02_21)
    });
    assert_eq!(
        text,
        "GET\n\n\n\n\n\n\n\n\n\n\n\nx-ms-date:Fri, 26 Jun 2015 23:39:12 GMT\nx-ms-version:2015-02-21\n\
         /myaccount/mycontainer\ncomp:metadata\nrestype:container\ntimeout:20"
    );
}

#[test]
fn the_documented_listing_example_joins_repeated_parameters() {
    let headers = HeaderMap::new();
    let text = string_to_sign(&Parts {
        query: &[
            ("restype", "container"),
            ("comp", "list"),
            ("include", "snapshots"),
            ("include", "metadata"),
            ("include", "uncommittedblobs"),
        ],
        ..parts(&headers, ServiceVersion::V2015_02_21)
    });
    assert!(text.ends_with(
        "/myaccount/mycontainer\ncomp:list\ninclude:metadata,snapshots,uncommittedblobs\nrestype:container"
    ));
}

#[test]
fn a_secondary_or_shared_host_names_the_account_twice() {
    let headers = HeaderMap::new();
    let text = string_to_sign(&Parts {
        account: "devstoreaccount1",
        path: "/devstoreaccount1/c/b%20c",
        ..parts(&headers, ServiceVersion::V2015_02_21)
    });
    assert!(text.ends_with("\n/devstoreaccount1/devstoreaccount1/c/b%20c"));
}

#[test]
fn the_length_of_nothing_is_written_only_by_old_versions() {
    let headers = HeaderMap::new();
    for (version, length, fourth) in [
        (ServiceVersion::V2014_02_14, 0, "0"),
        (ServiceVersion::V2015_02_21, 0, ""),
        (ServiceVersion::V2014_02_14, 7, "7"),
        (ServiceVersion::V2015_02_21, 7, "7"),
    ] {
        let text = string_to_sign(&Parts {
            content_length: length,
            ..parts(&headers, version)
        });
        assert_eq!(text.split('\n').nth(3), Some(fourth), "{version}");
    }
}

#[test]
fn empty_headers_are_signed_from_2016_05_31() {
    let headers = headers(&[
        ("x-ms-meta-a", ""),
        ("x-ms-meta-b", "  two   blanks \"a  b\" "),
    ]);
    let old = string_to_sign(&parts(&headers, ServiceVersion::V2015_04_05));
    assert!(!old.contains("x-ms-meta-a:"));
    let new = string_to_sign(&parts(&headers, ServiceVersion::V2016_05_31));
    assert!(new.contains("\nx-ms-meta-a:\nx-ms-meta-b:two blanks \"a  b\"\n"));
}

#[test]
fn the_date_line_is_empty_where_the_service_has_its_own() {
    let plain = headers(&[("date", "Sun, 06 Nov 1994 08:49:37 GMT")]);
    assert!(
        string_to_sign(&parts(&plain, ServiceVersion::DEFAULT))
            .contains("\nSun, 06 Nov 1994 08:49:37 GMT\n")
    );
    let both = headers(&[
        ("date", "Sun, 06 Nov 1994 08:49:37 GMT"),
        ("x-ms-date", "later"),
    ]);
    assert!(!string_to_sign(&parts(&both, ServiceVersion::DEFAULT)).contains("1994"));
}

#[test]
fn lite_keeps_comp_and_nothing_else_of_the_query() {
    let headers = headers(&[
        ("content-type", "text/plain; charset=UTF-8"),
        ("x-ms-date", "Sun, 20 Sep 2009 20:36:40 GMT"),
        ("x-ms-meta-m1", "v1"),
        ("x-ms-meta-m2", "v2"),
    ]);
    let text = string_to_sign_lite(&Parts {
        method: &Method::PUT,
        path: "/mycontainer/hello.txt",
        account: "testaccount1",
        ..parts(&headers, ServiceVersion::V2009_09_19)
    });
    assert_eq!(
        text,
        "PUT\n\ntext/plain; charset=UTF-8\n\nx-ms-date:Sun, 20 Sep 2009 20:36:40 GMT\n\
         x-ms-meta-m1:v1\nx-ms-meta-m2:v2\n/testaccount1/mycontainer/hello.txt"
    );
    let with_comp = string_to_sign_lite(&Parts {
        query: &[("restype", "container"), ("comp", "acl")],
        ..parts(&headers, ServiceVersion::V2009_09_19)
    });
    assert!(with_comp.ends_with("/myaccount/mycontainer?comp=acl"));
}

#[test]
fn the_development_key_signs_as_openssl_does() {
    let headers = headers(&[
        ("x-ms-date", "Fri, 26 Jun 2015 23:39:12 GMT"),
        ("x-ms-version", "2015-02-21"),
    ]);
    let text = string_to_sign(&Parts {
        account: "devstoreaccount1",
        path: "/devstoreaccount1/mycontainer",
        query: &[
            ("restype", "container"),
            ("comp", "metadata"),
            ("timeout", "20"),
        ],
        ..parts(&headers, ServiceVersion::V2015_02_21)
    });
    let key = SharedKey::new(SharedKey::DEVELOPMENT).unwrap();
    assert_eq!(
        key.sign(&text),
        "8qkllG2KRigfHAuoixCLQgQEAuR65sidBFzzvqadckM="
    );
}

#[test]
fn names_sort_as_the_service_sorts_them() {
    let mut names = vec![
        "x-ms-meta-b",
        "x-ms-meta-a-b",
        "x-ms-meta-ab",
        "x-ms-meta-a_b",
        "x-ms-meta-a1",
        "x-ms-meta-a",
        "x-ms-meta-abc",
        "x-ms-meta-a-c",
    ];
    names.sort_by(|one, other| compare_header_names(one, other));
    assert_eq!(
        names,
        [
            "x-ms-meta-a",
            "x-ms-meta-a_b",
            "x-ms-meta-a1",
            "x-ms-meta-ab",
            "x-ms-meta-a-b",
            "x-ms-meta-abc",
            "x-ms-meta-a-c",
            "x-ms-meta-b",
        ]
    );
}
