//! Signing: the last thing that happens to a request before it leaves.

pub mod shared_key;

/// The URL with every SAS signature replaced by `REDACTED`.
#[must_use]
pub fn redact_url(url: &str) -> String {
    let Some((before, query)) = url.split_once('?') else {
        return url.to_owned();
    };
    let pairs: Vec<String> = query
        .split('&')
        .map(|pair| match pair.split_once('=') {
            Some((key, _)) if key.eq_ignore_ascii_case("sig") => format!("{key}=REDACTED"),
            _ => pair.to_owned(),
        })
        .collect();
    format!("{before}?{}", pairs.join("&"))
}
