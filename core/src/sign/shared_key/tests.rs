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
fn the_length_of_nothing_is_written_only_by_old_versions_that_send_it() {
    let (without, with) = (HeaderMap::new(), headers(&[("content-length", "0")]));
    for (version, headers, length, fourth) in [
        (ServiceVersion::V2014_02_14, &with, 0, "0"),
        (ServiceVersion::V2014_02_14, &without, 0, ""),
        (ServiceVersion::V2015_02_21, &with, 0, ""),
        (ServiceVersion::V2014_02_14, &with, 7, "7"),
        (ServiceVersion::V2015_02_21, &without, 7, "7"),
    ] {
        let text = string_to_sign(&Parts {
            content_length: length,
            ..parts(headers, version)
        });
        assert_eq!(text.split('\n').nth(3), Some(fourth), "{version}");
    }
}

/// Signatures that the .NET client library sent, published in the tests of Microsoft's Dash server.
mod of_the_net_library {
    use super::*;

    const KEY: &str =
        "8jqRVtXUWiEthgIhR+dFwrB8gh3lFuquvJQ1v4eabObIj7okI1cZIuzY8zZHmEdpcC0f+XlUkbFwAhjTfyrLIg==";
    const LIST: [(&str, &str); 5] = [
        ("restype", "container"),
        ("comp", "list"),
        ("prefix", "te"),
        ("include", "snapshots"),
        ("INCLUDE", "uncommittedblobs,metadata,copy"),
    ];
    const WRITTEN: [(&str, &str); 10] = [
        ("x-ms-version", "2014-02-14"),
        ("content-type", "application/octet-stream"),
        ("content-md5", "LHmMkMS8mTXh0bRP4e4Ptw=="),
        ("content-language", "EN-US"),
        ("content-encoding", "gzip"),
        ("x-ms-blob-type", "BlockBlob"),
        ("if-match", "DummyETag"),
        ("content-length", "423"),
        ("host", "dashstorage1.blob.core.windows.net"),
        ("expect", "100-continue"),
    ];

    fn with(extra: &[(&'static str, &'static str)]) -> HeaderMap {
        let mut all = headers(extra);
        all.extend(headers(&WRITTEN));
        all
    }

    fn put(headers: &HeaderMap) -> Parts<'_> {
        Parts {
            method: &Method::PUT,
            account: "dashstorage1",
            path: "/test/test.txt",
            content_length: 423,
            ..parts(headers, ServiceVersion::V2014_02_14)
        }
    }

    fn signed(text: &str) -> String {
        SharedKey::new(KEY).unwrap().sign(text)
    }

    #[test]
    fn writing_with_standard_headers() {
        let headers = with(&[
            (
                "x-ms-client-request-id",
                "93399f8e-6ce2-4020-81a4-4f1f53f427fd",
            ),
            ("x-ms-date", "Thu, 30 Oct 2014 20:46:48 GMT"),
        ]);
        let text = string_to_sign(&put(&headers));
        assert_eq!(
            signed(&text),
            "ZBQYgC9dgzldVfH6t06qIYZujSz/3blWrinuYePTMv8="
        );
    }

    #[test]
    fn writing_under_a_condition_of_time() {
        let headers = headers(&[
            ("content-length", "423"),
            ("content-md5", "LHmMkMS8mTXh0bRP4e4Ptw=="),
            ("x-ms-version", "2014-02-14"),
            ("x-ms-blob-type", "BlockBlob"),
            (
                "x-ms-client-request-id",
                "d0863cd4-ae43-4dd4-aa27-eff01d30b5cf",
            ),
            ("x-ms-date", "Thu, 30 Oct 2014 20:15:46 GMT"),
            ("if-modified-since", "Thu, 30 Oct 2014 20:15:41 GMT"),
        ]);
        let text = string_to_sign(&put(&headers));
        assert_eq!(
            signed(&text),
            "21rAYhnoRQQu6MmxXj6W5Rx3YWI8OCjO50CNNniohAA="
        );
    }

    #[test]
    fn listing_with_a_length_of_nothing() {
        let headers = headers(&[
            ("content-length", "0"),
            ("x-ms-version", "2014-02-14"),
            (
                "x-ms-client-request-id",
                "9e51b5a3-2dff-4fb2-98f8-c7cfe05a223a",
            ),
            ("x-ms-date", "Thu, 30 Oct 2014 20:55:13 GMT"),
        ]);
        let mut list = LIST;
        list.reverse();
        let sent = Parts {
            account: "dashstorage1",
            path: "/test",
            query: &list,
            ..parts(&headers, ServiceVersion::V2014_02_14)
        };
        // The library leaves the length of a request without a body out of the text.
        let text = string_to_sign(&sent).replacen("\n0\n", "\n\n", 1);
        assert_eq!(
            signed(&text),
            "C0mPsPAiMs+4qlDQXGXMXpRGUkQgyMLzOHBiCmoC4LE="
        );
    }

    #[test]
    fn lite() {
        let list = headers(&[
            ("x-ms-version", "2014-02-14"),
            (
                "x-ms-client-request-id",
                "5bdcb4d9-bd21-44a6-a086-24d9fa9ec2b7",
            ),
            ("x-ms-date", "Thu, 30 Oct 2014 21:32:29 GMT"),
        ]);
        let text = string_to_sign_lite(&Parts {
            account: "dashstorage1",
            path: "/test",
            query: &LIST,
            ..parts(&list, ServiceVersion::V2014_02_14)
        });
        assert_eq!(
            signed(&text),
            "+C5fkZr8g80qF5vzPeLCnuaaA2pG8jTZRdmhKkjZt2g="
        );
        let written = with(&[
            (
                "x-ms-client-request-id",
                "f71ce734-540f-44a6-a68e-7acaa6730daa",
            ),
            ("x-ms-date", "Thu, 30 Oct 2014 21:53:09 GMT"),
        ]);
        let text = string_to_sign_lite(&put(&written));
        assert_eq!(
            signed(&text),
            "0y2rS4dabAWCahy2pTzrr1liZ7uSkJkYv/C3aYAgvpg="
        );
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
