use proptest::prelude::*;

use super::*;
use crate::address::{Location, Place};
use crate::sign::shared_key::SharedKey;

const SECRET: &str = "c2VjcmV0";

fn token(text: &str) -> SasToken {
    text.parse().unwrap()
}

fn blob(url: &str) -> SasTarget {
    match url.parse::<Location>().unwrap().place {
        Place::Blob(blob) => blob.into(),
        Place::Container(container) => container.into(),
        Place::Account(_) => panic!("names an account"),
    }
}

fn moment(text: &str) -> Timestamp {
    Timestamp::parse_iso(text).unwrap()
}

/// Every row of the table of versions, each field filled with its own name.
#[test]
fn every_kind_and_version_signs_its_fields_in_order() {
    let all = "sp=sp&st=st&se=se&si=si&sip=sip&spr=spr&sr=sr&ses=ses&rscc=rscc&rscd=rscd&rsce=rsce&rscl=rscl&rsct=rsct&sig=x";
    let account = "&ss=ss&srt=srt";
    let user = "&skoid=skoid&sktid=sktid&skt=skt&ske=ske&sks=sks&skv=skv&saoid=saoid&suoid=suoid&scid=scid&skdutid=skdutid&sduoid=sduoid";
    for (extra, version, expected) in [
        (
            account,
            "2015-04-05",
            "a,sp,ss,srt,st,se,sip,spr,2015-04-05,",
        ),
        (
            account,
            "2020-12-06",
            "a,sp,ss,srt,st,se,sip,spr,2020-12-06,ses,",
        ),
        ("", "", "sp,st,se,/a/c/b,si"),
        ("", "2012-02-12", "sp,st,se,/a/c/b,si,2012-02-12"),
        (
            "",
            "2013-08-15",
            "sp,st,se,/a/c/b,si,2013-08-15,rscc,rscd,rsce,rscl,rsct",
        ),
        (
            "",
            "2015-02-21",
            "sp,st,se,/blob/a/c/b,si,2015-02-21,rscc,rscd,rsce,rscl,rsct",
        ),
        (
            "",
            "2015-04-05",
            "sp,st,se,/blob/a/c/b,si,sip,spr,2015-04-05,rscc,rscd,rsce,rscl,rsct",
        ),
        (
            "",
            "2018-11-09",
            "sp,st,se,/blob/a/c/b,si,sip,spr,2018-11-09,sr,time,rscc,rscd,rsce,rscl,rsct",
        ),
        (
            "",
            "2020-12-06",
            "sp,st,se,/blob/a/c/b,si,sip,spr,2020-12-06,sr,time,ses,rscc,rscd,rsce,rscl,rsct",
        ),
        (
            user,
            "2018-11-09",
            "sp,st,se,/blob/a/c/b,skoid,sktid,skt,ske,sks,skv,sip,spr,2018-11-09,sr,time,rscc,rscd,rsce,rscl,rsct",
        ),
        (
            user,
            "2020-02-10",
            "sp,st,se,/blob/a/c/b,skoid,sktid,skt,ske,sks,skv,saoid,suoid,scid,sip,spr,2020-02-10,sr,time,rscc,rscd,rsce,rscl,rsct",
        ),
        (
            user,
            "2020-12-06",
            "sp,st,se,/blob/a/c/b,skoid,sktid,skt,ske,sks,skv,saoid,suoid,scid,sip,spr,2020-12-06,sr,time,ses,rscc,rscd,rsce,rscl,rsct",
        ),
        (
            user,
            "2025-07-05",
            "sp,st,se,/blob/a/c/b,skoid,sktid,skt,ske,sks,skv,saoid,suoid,scid,skdutid,sduoid,sip,spr,2025-07-05,sr,time,ses,rscc,rscd,rsce,rscl,rsct",
        ),
        (
            user,
            "2026-04-06",
            "sp,st,se,/blob/a/c/b,skoid,sktid,skt,ske,sks,skv,saoid,suoid,scid,skdutid,sduoid,sip,spr,2026-04-06,sr,time,ses,h:1,,,q:2,rscc,rscd,rsce,rscl,rsct",
        ),
    ] {
        let version = if version.is_empty() {
            String::new()
        } else {
            format!("&sv={version}")
        };
        let signed = Signed {
            account: "a",
            path: "c/b",
            time: "time",
            headers: &[("h", "1")],
            query: &[("q", "2")],
        };
        let text = string_to_sign(&token(&format!("{all}{extra}{version}")), &signed);
        assert_eq!(text.replace('\n', ","), expected, "{extra} {version}");
    }
}

#[test]
fn a_published_service_text_is_met() {
    let read = token(
        "sv=2018-11-09&sr=b&sp=r&se=2023-01-16T16%3A06%3A20Z&rsct=image/jpeg&sig=x&rscd=inline%3B%20filename%3D%22myblob%22%3B%20filename%2A%3DUTF-8%27%27myblob",
    );
    let signed = Signed {
        account: "meecodevstorage0",
        path: "dev/l1n3aw3em0x5d5c8xfoteql17e13",
        ..Signed::default()
    };
    assert_eq!(
        string_to_sign(&read, &signed),
        "r\n\n2023-01-16T16:06:20Z\n/blob/meecodevstorage0/dev/l1n3aw3em0x5d5c8xfoteql17e13\n\n\n\n\
         2018-11-09\nb\n\n\ninline; filename=\"myblob\"; filename*=UTF-8''myblob\n\n\nimage/jpeg"
    );
}

#[test]
fn a_backslash_in_a_name_is_signed_as_the_slash_that_the_service_keeps() {
    let read = token("sv=2018-11-09&sr=b&sp=r&se=2023-01-16&sig=x");
    let text = |path| {
        let signed = Signed {
            account: "a",
            path,
            ..Signed::default()
        };
        string_to_sign(&read, &signed)
    };
    assert_eq!(text("c/d\\e\\f"), text("c/d/e/f"));
}

#[test]
fn minted_tokens_carry_what_they_sign() {
    let key = SharedKey::new(SharedKey::DEVELOPMENT).unwrap();
    for (url, letter, time) in [
        ("https://a1b.blob.core.windows.net/lamps", "c", ""),
        ("https://a1b.blob.core.windows.net/lamps/1%20ü.png", "b", ""),
        (
            "http://127.0.0.1:1/a1b/lamps/x?snapshot=2022-03-15T13:20:28.6425746Z",
            "bs",
            "2022-03-15T13:20:28.6425746Z",
        ),
        (
            "http://127.0.0.1:1/a1b/lamps/x?versionid=2022-03-15T13:20:28.6425746Z",
            "bv",
            "2022-03-15T13:20:28.6425746Z",
        ),
    ] {
        let target = blob(url);
        let path = target.path();
        let mut sas = ServiceSas::new(
            target,
            Terms::until(moment("2026-12-31"), Permissions::READ),
        );
        sas.terms.start = Some(moment("2026-12-01"));
        sas.terms.protocol = Some(Protocol::HttpsOnly);
        sas.terms.ip = Some("10.0.0.1-10.0.0.9".parse().unwrap());
        let minted = sas.sign(&key).unwrap();
        assert_eq!(minted.get("sr"), Some(letter));
        let signed = Signed {
            account: "a1b",
            path: &path,
            time,
            ..Signed::default()
        };
        let text = string_to_sign(&minted, &signed);
        assert_eq!(minted.get("sig"), Some(key.sign(&text).as_str()));
        assert_eq!(minted.expose().parse(), Ok(minted));
    }
}

#[test]
fn terms_that_break_a_rule_are_refused() {
    let key = SharedKey::new(SECRET).unwrap();
    let good = || Terms::until(moment("2026-12-31"), Permissions::READ);
    let target = || blob("https://a1b.blob.core.windows.net/lamps/x");
    for (rule, terms) in [
        (
            "permissions",
            Terms {
                permissions: None,
                ..good()
            },
        ),
        (
            "permissions",
            Terms {
                permissions: Some(Permissions::NONE),
                ..good()
            },
        ),
        (
            "expiry",
            Terms {
                expiry: None,
                ..good()
            },
        ),
        (
            "begin",
            Terms {
                start: Some(moment("2026-12-31")),
                ..good()
            },
        ),
        (
            "2015-04-05",
            Terms {
                protocol: Some(Protocol::HttpsOnly),
                version: ServiceVersion::V2014_02_14,
                ..good()
            },
        ),
        (
            "2020-12-06",
            Terms {
                encryption_scope: Some("s".into()),
                version: ServiceVersion::V2020_10_02,
                ..good()
            },
        ),
        (
            "one hour",
            Terms {
                version: ServiceVersion::V2011_08_18,
                ..good()
            },
        ),
        (
            "single blob",
            Terms {
                permissions: Some(Permissions::LIST),
                ..good()
            },
        ),
    ] {
        let error = ServiceSas::new(target(), terms).sign(&key).unwrap_err();
        assert!(error.to_string().contains(rule), "{rule}: {error}");
    }
    let mut by_policy = ServiceSas::new(target(), Terms::default());
    by_policy.policy = Some("ferry".into());
    assert_eq!(by_policy.sign(&key).unwrap().get("si"), Some("ferry"));
}

#[test]
fn a_delegation_ends_with_its_key() {
    let key = DelegationKey {
        object_id: "o".into(),
        tenant_id: "t".into(),
        start: moment("2026-12-01"),
        expiry: moment("2026-12-03"),
        service: "b".into(),
        version: ServiceVersion::V2021_12_02,
        value: SharedKey::new(SECRET).unwrap(),
    };
    let target = blob("https://a1b.blob.core.windows.net/lamps");
    let sas =
        |end| DelegationSas::new(target.clone(), Terms::until(moment(end), Permissions::READ));
    assert_eq!(
        sas("2026-12-03").sign(&key).unwrap().kind(),
        SasKind::Delegation
    );
    assert!(sas("2026-12-04").sign(&key).is_err());
    assert!(!format!("{key:?}").contains(SECRET));
}

#[test]
fn what_is_no_token_is_refused_without_its_secret() {
    for text in [
        "",
        "?",
        "sp=r&se=2026-01-01",
        "sig=c2VjcmV0",
        "sp=r&sig=",
        "sp=r&sig=c2VjcmV0&SIG=c2VjcmV0",
        "sp=r&sig=%ff",
    ] {
        let error = text.parse::<SasToken>().unwrap_err();
        assert!(!format!("{error}{error:?}").contains(SECRET), "{text}");
    }
}

proptest! {
    #[test]
    fn tokens_are_read_back_as_they_are_written(sig in "\\PC{1,40}", expiry in "[ -~]{0,30}", mark: bool) {
        let written = SasToken::new(vec![
            ("sp".into(), "rw".into()), ("se".into(), expiry), ("sig".into(), sig),
        ]);
        let text = format!("{}{}", if mark { "?" } else { "" }, written.expose());
        prop_assert_eq!(text.parse::<SasToken>(), Ok(written));
    }

    #[test]
    fn reading_any_text_neither_panics_nor_shows_the_signature(text in "\\PC{0,80}") {
        let _ = text.parse::<SasToken>();
        if let Ok(read) = format!("sp=r&sig=c2VjcmV0&x={}", text.replace(['&', '%'], "")).parse::<SasToken>() {
            let printed = format!("{read:?}");
            prop_assert!(!printed.contains(SECRET), "shows the signature");
        }
    }

    #[test]
    fn permissions_are_written_in_order_whatever_order_they_came_in(letters in "[racwdxyltmeopfi]{0,20}") {
        let set: Permissions = letters.parse().unwrap();
        let text = set.to_string();
        let places: Vec<_> = text.chars().map(|c| "racwdxyltmeopfi".find(c)).collect();
        prop_assert!(places.is_sorted());
        prop_assert_eq!(text.parse(), Ok(set));
    }
}

#[test]
fn a_signature_in_another_parameter_does_not_show() {
    let token: SasToken = "sp=r?sig=c2VjcmV0&si=x%26sig%3Dc2VjcmV0&sig=c2VjcmV0"
        .parse()
        .unwrap();
    let shown = format!("{token:?}");
    assert!(!shown.contains("c2VjcmV0"), "{shown}");
}
