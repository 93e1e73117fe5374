//! URLs without what they are signed with.

use std::borrow::Cow;

/// Names of parameters whose values open doors.
const SECRET: [&str; 3] = ["sig", "access_token", "code"];

/// A path with its query, where values that open doors are replaced. Names are found under every
/// encoding and case, and also where a query was encoded into the path by mistake.
pub(super) fn redacted(url: &str) -> Cow<'_, str> {
    let mut text = String::new();
    let mut kept = 0;
    let mut from = 0;
    for (at, end) in seams(url) {
        if let Some(value) = secret_value(url.get(from..at).unwrap_or_default()) {
            let start = from + value;
            text.push_str(url.get(kept..start).unwrap_or_default());
            text.push_str("REDACTED");
            kept = at;
        }
        from = end;
    }
    if kept == 0 && text.is_empty() {
        return Cow::Borrowed(url);
    }
    text.push_str(url.get(kept..).unwrap_or_default());
    Cow::Owned(text)
}

/// Where one parameter may end and the next begin: `?`, `&`, `;`, plain or encoded, and the end.
fn seams(url: &str) -> impl Iterator<Item = (usize, usize)> {
    let plain = url
        .match_indices(['?', '&', ';'])
        .map(|(at, found)| (at, at + found.len()));
    let encoded = url.match_indices('%').filter_map(move |(at, _)| {
        let code = url.get(at + 1..at + 3)?.to_ascii_lowercase();
        matches!(code.as_str(), "3f" | "26" | "3b").then_some((at, at + 3))
    });
    let mut seams: Vec<_> = plain.chain(encoded).collect();
    seams.sort_unstable();
    seams.push((url.len(), url.len()));
    seams.into_iter()
}

/// Where the value of a parameter begins that is not to be shown.
fn secret_value(pair: &str) -> Option<usize> {
    let plain = pair.find('=').map(|at| (at, at + 1));
    let encoded = pair.to_ascii_lowercase().find("%3d").map(|at| (at, at + 3));
    let (end, value) = [plain, encoded].into_iter().flatten().min()?;
    let name = percent_encoding::percent_decode_str(pair.get(..end)?).decode_utf8_lossy();
    (SECRET
        .iter()
        .any(|secret| name.eq_ignore_ascii_case(secret))
        && value < pair.len())
    .then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signatures_are_not_shown_however_they_are_written() {
        for (url, shown) in [
            ("/a/c/b", "/a/c/b"),
            ("/a/c/b?comp=list&prefix=sig", "/a/c/b?comp=list&prefix=sig"),
            (
                "/a/c/b?sv=1&sig=abc%3D&se=2",
                "/a/c/b?sv=1&sig=REDACTED&se=2",
            ),
            ("/a/c/b?sig=abc", "/a/c/b?sig=REDACTED"),
            ("/a/c/b?SIG=abc&sp=r", "/a/c/b?SIG=REDACTED&sp=r"),
            ("/a/c/b?%73ig=abc=", "/a/c/b?%73ig=REDACTED"),
            ("/a/c/b%3Fsv=1%26sig=abc", "/a/c/b%3Fsv=1%26sig=REDACTED"),
            (
                "/a/c/b%3Fsig%3Dabc%26sv%3D1",
                "/a/c/b%3Fsig%3DREDACTED%26sv%3D1",
            ),
            ("/a?sig=", "/a?sig="),
            ("/a?sig=a&sig=b", "/a?sig=REDACTED&sig=REDACTED"),
            ("/a?sign=1&signature=2", "/a?sign=1&signature=2"),
        ] {
            assert_eq!(redacted(url), shown);
        }
    }
}
