use proptest::prelude::*;

use super::*;

fn read(text: &str) -> Result<ConnectionString, InvalidInput> {
    text.parse()
}

#[test]
fn endpoints_follow_the_settings() {
    for (text, endpoint) in [
        (
            "AccountName=a1b;AccountKey=AAAA",
            "https://a1b.blob.core.windows.net",
        ),
        (
            "DefaultEndpointsProtocol=http;AccountName=a1b;AccountKey=AAAA",
            "http://a1b.blob.core.windows.net",
        ),
        (
            "AccountName=a1b;AccountKey=AAAA;EndpointSuffix=core.usgovcloudapi.net",
            "https://a1b.blob.core.usgovcloudapi.net",
        ),
        (
            "accountname=a1b;AccountKey=AAAA;BlobEndpoint=https://files.example.org/;",
            "https://files.example.org",
        ),
        (
            "BlobEndpoint=https://a1b.blob.core.windows.net/;SharedAccessSignature=sv=2021-12-02&sp=r&sig=AA%3D%3D",
            "https://a1b.blob.core.windows.net",
        ),
        (
            "UseDevelopmentStorage=true",
            "http://127.0.0.1:10000/devstoreaccount1",
        ),
        (
            "UseDevelopmentStorage=true;DevelopmentStorageProxyUri=http://10.1.2.3",
            "http://10.1.2.3:10000/devstoreaccount1",
        ),
    ] {
        assert_eq!(read(text).unwrap().account.to_string(), endpoint, "{text}");
    }
}

#[test]
fn a_secondary_endpoint_is_the_same_account() {
    let text = "AccountName=a1b;AccountKey=AAAA;BlobSecondaryEndpoint=https://a1b-secondary.blob.core.windows.net/";
    let secondary = read(text).unwrap().secondary.unwrap();
    assert_eq!(secondary.name(), "a1b");
    assert_eq!(
        secondary.origin(),
        "https://a1b-secondary.blob.core.windows.net"
    );
}

#[test]
fn what_cannot_be_meant_is_refused_without_its_secret() {
    for (text, rule) in [
        ("", "needs AccountName"),
        ("AccountKey=c2VjcmV0", "needs AccountName"),
        ("c2VjcmV0", "Name=value"),
        ("AccountName=a;AccountKey=c2VjcmV0!", "Base64"),
        (
            "AccountName=a;AccountKey=c2VjcmV0;AccountKey=c2VjcmV0",
            "twice",
        ),
        (
            "AccountName=a;AccountKey=c2VjcmV0;SharedAccessSignature=sp=r&sig=c2VjcmV0",
            "both",
        ),
        (
            "AccountName=a;SharedAccessSignature=sp=r&sg=c2VjcmV0",
            "signature",
        ),
        (
            "DefaultEndpointsProtocol=c2VjcmV0;AccountName=a",
            "http or https",
        ),
        ("UseDevelopmentStorage=c2VjcmV0", "only be true"),
    ] {
        let shown = read(text).unwrap_err().to_string();
        assert!(shown.contains(rule), "{text}: {shown}");
        assert!(!shown.contains("c2VjcmV0"), "{shown}");
    }
}

proptest! {
    #[test]
    fn connection_strings_are_read_back(name in "[a-z0-9]{3,24}", secondary: bool) {
        let tail = if secondary { format!(";BlobSecondaryEndpoint=https://{name}-secondary.blob.core.windows.net") } else { String::new() };
        let first = read(&format!("AccountName={name};AccountKey=c2VjcmV0{tail}")).unwrap();
        let again = read(&first.to_string()).unwrap();
        prop_assert_eq!(&again.account, &first.account);
        prop_assert_eq!(&again.secondary, &first.secondary);
        let debug = format!("{first:?}{first}");
        prop_assert!(!debug.contains("c2VjcmV0"));
    }
}
