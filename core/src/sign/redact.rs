//! Keeping secrets out of what is printed.

/// The URL with every SAS signature replaced by `REDACTED`, wherever it stands in the text.
///
/// Also for text that only contains URLs, such as a message of the service; signatures inside a
/// URL that is itself percent-encoded are found as well.
///
/// ```
/// use blobferry_core::sign::redact_url;
/// assert_eq!(redact_url("https://a/c?sp=r&sig=c2Vj%3D&se=1"), "https://a/c?sp=r&sig=REDACTED&se=1");
/// ```
#[must_use]
pub fn redact_url(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, key, after)) = next_signature(rest) {
        shown.push_str(before);
        shown.push_str(key);
        shown.push_str("REDACTED");
        let end = after.find(ends_value).unwrap_or(after.len());
        rest = after.get(end..).unwrap_or_default();
    }
    shown.push_str(rest);
    shown
}

/// Splits before and after the next `sig=`, plain or percent-encoded, in any case.
fn next_signature(text: &str) -> Option<(&str, &str, &str)> {
    let mut from = 0;
    while let Some(at) = find_ignoring_case(text.get(from..)?, "sig") {
        let start = from + at;
        let after = text.get(start + 3..)?;
        let mark = ["=", "%3D", "%3d", "%253D", "%253d"]
            .into_iter()
            .find(|mark| after.starts_with(mark));
        let begins = text
            .get(..start)?
            .bytes()
            .next_back()
            .is_none_or(|byte| !byte.is_ascii_lowercase() && byte != b'_');
        if let Some(mark) = mark
            && begins
        {
            let value = start + 3 + mark.len();
            return Some((
                text.get(..start)?,
                text.get(start..value)?,
                text.get(value..)?,
            ));
        }
        from = start + 3;
    }
    None
}

fn find_ignoring_case(text: &str, word: &str) -> Option<usize> {
    text.as_bytes()
        .windows(word.len())
        .position(|window| window.eq_ignore_ascii_case(word.as_bytes()))
}

/// A value ends where the URL does: at the next parameter, or where text goes on.
fn ends_value(letter: char) -> bool {
    matches!(letter, '&' | '#' | '"' | '\'' | '<' | '>' | '`' | ')' | ']') || letter.is_whitespace()
}
