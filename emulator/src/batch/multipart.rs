//! Cutting a multipart body at its boundaries. Source: RFC 2046, as far as Blob Batch uses it.

use crate::failure::Failure;

use super::no_batch;

/// The longest boundary that RFC 2046 allows, in characters.
const LONGEST_BOUNDARY: usize = 70;

/// The boundary that a `Content-Type` names.
///
/// # Errors
/// 400 where the type is another one, or names no boundary, or two.
pub(super) fn boundary(content_type: &str) -> Result<&str, Failure> {
    let unreadable = || Failure::invalid_header(&http::header::CONTENT_TYPE, content_type);
    let mut words = content_type.split(';').map(str::trim);
    if !words
        .next()
        .is_some_and(|kind| kind.eq_ignore_ascii_case("multipart/mixed"))
    {
        return Err(unreadable());
    }
    let mut named = words
        .filter_map(|word| word.split_once('='))
        .filter(|(name, _)| name.trim().eq_ignore_ascii_case("boundary"))
        .map(|(_, value)| value.trim().trim_matches('"'));
    let boundary = named.next().unwrap_or_default();
    if named.next().is_some() {
        return Err(no_batch());
    }
    if boundary.is_empty() || boundary.len() > LONGEST_BOUNDARY {
        return Err(unreadable());
    }
    Ok(boundary)
}

/// What stands between the boundaries, without the line breaks that belong to them; at most
/// `most + 1` parts. Absent where a boundary is missing, the last one among them.
pub(super) fn parts<'a>(body: &'a [u8], boundary: &str, most: usize) -> Option<Vec<&'a [u8]>> {
    let mark = format!("\r\n--{boundary}");
    let mark = mark.as_bytes();
    let mut rest = before_and_after(body, mark)?.1;
    let mut parts = Vec::new();
    loop {
        if rest.starts_with(b"--") || parts.len() > most {
            return Some(parts);
        }
        let (part, following) = before_and_after(end_of_line(rest)?, mark)?;
        parts.push(part);
        rest = following;
    }
}

/// What stands before and after the first boundary. Where the text begins with one, the line break
/// before it belongs to the line before.
fn before_and_after<'a>(text: &'a [u8], mark: &[u8]) -> Option<(&'a [u8], &'a [u8])> {
    let at_start = mark.get(2..).and_then(|bare| text.strip_prefix(bare));
    if let Some(following) = at_start.filter(|following| is_end(following)) {
        return Some((text.get(..0)?, following));
    }
    let mut from = 0;
    loop {
        let at = from + find(text.get(from..)?, mark)?;
        let following = text.get(at + mark.len()..)?;
        if is_end(following) {
            return Some((text.get(..at)?, following));
        }
        from = at + 1;
    }
}

/// Whether a boundary ends here, rather than being the beginning of a longer word.
fn is_end(following: &[u8]) -> bool {
    following.starts_with(b"--") || end_of_line(following).is_some()
}

fn find(text: &[u8], mark: &[u8]) -> Option<usize> {
    text.windows(mark.len()).position(|window| window == mark)
}

/// What follows a line break, blanks before it aside.
fn end_of_line(text: &[u8]) -> Option<&[u8]> {
    let blanks = text
        .iter()
        .take_while(|byte| matches!(byte, b' ' | b'\t'))
        .count();
    text.get(blanks..)?.strip_prefix(b"\r\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_boundary_is_read_in_every_spelling() {
        for (text, boundary_of) in [
            ("multipart/mixed; boundary=batch_1", "batch_1"),
            ("Multipart/Mixed;Boundary=\"===1==\"", "===1=="),
            ("multipart/mixed; charset=x; boundary = b ", "b"),
        ] {
            assert_eq!(boundary(text).unwrap(), boundary_of, "{text}");
        }
        let long = format!("multipart/mixed; boundary={}", "b".repeat(71));
        for text in [
            "",
            "text/plain; boundary=b",
            "multipart/mixed",
            "multipart/mixed; boundary=",
            &long,
        ] {
            assert_eq!(
                boundary(text).unwrap_err().parts().code.as_str(),
                "InvalidHeaderValue",
                "{text}"
            );
        }
        let twice = boundary("multipart/mixed; boundary=a; boundary=b").unwrap_err();
        assert_eq!(twice.parts().code.as_str(), "InvalidInput");
    }

    #[test]
    fn what_is_not_cut_by_boundaries_is_no_body() {
        for body in [
            "",
            "--b",
            "--b\r\n",
            "--b\r\none\r\n",
            "--b\r\none\r\n--bc--",
            "--b\none\n--b--",
        ] {
            assert_eq!(parts(body.as_bytes(), "b", 9), None, "{body:?}");
        }
    }

    #[test]
    fn parts_stand_between_boundaries() {
        let cut = |body: &'static str| parts(body.as_bytes(), "b", 9).unwrap();
        assert_eq!(cut("--b--"), Vec::<&[u8]>::new());
        assert_eq!(cut("--b\r\none\r\n--b--\r\n"), [b"one"]);
        assert_eq!(
            cut("before\r\n--b \t\r\none\r\n\r\n--b\r\n--b--after"),
            [&b"one\r\n"[..], b""]
        );
        assert_eq!(cut("--b\r\n--bc\r\n--b--"), [b"--bc"]);
    }

    #[test]
    fn no_more_parts_are_cut_than_are_asked_for() {
        let body = "--b\r\nx\r\n".repeat(1000) + "--b--";
        assert_eq!(parts(body.as_bytes(), "b", 256).unwrap().len(), 257);
    }

    proptest! {
        #[test]
        fn what_is_joined_is_cut_again(
            pieces in prop::collection::vec("[ -~]{0,20}(\r\n[ -~]{0,20}){0,3}", 0..8),
            boundary in "[a-z=_]{1,30}",
        ) {
            prop_assume!(pieces.iter().all(|piece| !piece.contains(&format!("--{boundary}"))));
            let mut body = String::new();
            for piece in &pieces {
                body += &format!("--{boundary}\r\n{piece}\r\n");
            }
            body += &format!("--{boundary}--");
            let cut = parts(body.as_bytes(), &boundary, 100).unwrap();
            prop_assert_eq!(cut, pieces.iter().map(String::as_bytes).collect::<Vec<_>>());
        }

        #[test]
        fn no_body_is_too_odd_to_cut(body in prop::collection::vec(prop::sample::select(&b"-b\r\n x:"[..]), 0..200)) {
            let _ = parts(&body, "b", 9);
        }
    }
}
