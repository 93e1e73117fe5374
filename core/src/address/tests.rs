use super::*;

fn shown(url: &str) -> String {
    match url.parse::<Location>() {
        Ok(location) => format!("{location:?}"),
        Err(error) => format!("{error} {error:?}"),
    }
}

#[test]
fn a_signature_that_stands_where_no_query_is_does_not_show() {
    for url in [
        "https://acc.blob.core.windows.net&sig=c2VjcmV0",
        "https://acc.blob.core.windows.net/con&sig=c2VjcmV0",
        "https://acc.blob.core.windows.net/&sp=r&sig=c2VjcmV0/b",
        "http://127.0.0.1:10000/acc&sig=c2VjcmV0/con",
        "https://=2022&sig=c2VjcmV0",
        "ftp://acc&sig=c2VjcmV0",
        "https://acc.blob.core.windows.net/con/b?snapshot=1&versionid=2&sig=c2VjcmV0",
    ] {
        assert!(!shown(url).contains("c2VjcmV0"), "{}", shown(url));
    }
}

#[test]
fn a_host_is_a_name_or_an_address() {
    for (url, good) in [
        ("https://acc.blob.core.windows.net", true),
        ("https://acc_1.my-host.example:8443", true),
        ("http://[::1]:10000/acc", true),
        ("http://localhost:10000/acc", true),
        ("https://acc.example&sp=r", false),
        ("https://acc.example,other", false),
        ("https://a!b.example", false),
        ("https://", false),
        ("https://:443", false),
    ] {
        assert_eq!(url.parse::<Account>().is_ok(), good, "{url}");
    }
}

#[test]
fn what_stands_before_the_container_is_a_plain_path() {
    for (url, good) in [
        ("https://files.example/store", true),
        ("https://files.example/store-1/a_b.c~d/%C3%A4", true),
        ("https://files.example/store&sig=x", false),
        ("https://files.example/a b", false),
        ("https://files.example/a?sig=x", false),
        ("https://files.example/a#b", false),
    ] {
        assert_eq!(Account::at(url, "acc").is_ok(), good, "{url}");
    }
    assert!("http://127.0.0.1:1/a=b/con".parse::<Location>().is_err());
}

#[test]
fn an_account_is_called_by_a_plain_name() {
    for (name, good) in [
        ("lighthouse", true),
        ("devstoreaccount1-secondary", true),
        ("", false),
        ("a/b", false),
        ("p=r&sig=c2VjcmV0", false),
        ("a\nb", false),
        ("ä", false),
    ] {
        let account = Account::at("https://files.example", name);
        assert_eq!(account.is_ok(), good, "{name}");
        assert!(!format!("{account:?}").contains("c2VjcmV0"));
    }
}
