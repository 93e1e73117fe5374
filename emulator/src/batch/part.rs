//! One part of a batch: a few MIME headers, and an HTTP request without a body.

use http::{HeaderMap, HeaderName, HeaderValue, Method};

/// A request inside a batch, as it was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Part<'a> {
    /// What its answer is to be known by.
    pub(super) content_id: Option<&'a str>,
    pub(super) method: Method,
    /// Path and query, still encoded.
    pub(super) target: &'a str,
    pub(super) headers: HeaderMap,
}

impl<'a> Part<'a> {
    /// Reads a part; absent where it is no HTTP request.
    pub(super) fn read(part: &'a [u8]) -> Option<Self> {
        let text = std::str::from_utf8(part).ok()?;
        let mut lines = text.split("\r\n");
        let mut content_id = None;
        let mut is_http = false;
        for line in lines.by_ref().take_while(|line| !line.is_empty()) {
            let (name, value) = line.split_once(':')?;
            match name.trim().to_ascii_lowercase().as_str() {
                "content-id" => content_id = Some(value.trim()),
                "content-type" => is_http = is_application_http(value),
                _ => {}
            }
        }
        let (method, target) = request_line(lines.next().filter(|_| is_http)?)?;
        let mut headers = HeaderMap::new();
        for line in lines.take_while(|line| !line.is_empty()) {
            let (name, value) = line.split_once(':')?;
            let name = HeaderName::from_bytes(name.trim().as_bytes()).ok()?;
            let value = HeaderValue::from_bytes(value.trim().as_bytes()).ok()?;
            headers.try_append(name, value).ok()?;
        }
        Some(Self {
            content_id,
            method,
            target,
            headers,
        })
    }
}

fn is_application_http(value: &str) -> bool {
    let kind = value.split(';').next().unwrap_or_default();
    kind.trim().eq_ignore_ascii_case("application/http")
}

fn request_line(line: &str) -> Option<(Method, &str)> {
    let mut words = line.split(' ');
    let method = Method::from_bytes(words.next()?.as_bytes()).ok()?;
    let target = words.next().filter(|target| target.starts_with('/'))?;
    let version = words.next().filter(|word| word.starts_with("HTTP/1."));
    (version.is_some() && words.next().is_none() && !target.contains('#'))
        .then_some((method, target))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "Content-Type: application/http\r\nContent-ID: 7\r\n\r\n";

    #[test]
    fn a_part_is_read() {
        let text =
            format!("{HEAD}DELETE /box/a%20b? HTTP/1.1\r\nx-ms-date: now\r\nA: 1\r\nA: 2\r\n\r\n");
        let part = Part::read(text.as_bytes()).unwrap();
        assert_eq!(part.content_id, Some("7"));
        assert_eq!(part.method, Method::DELETE);
        assert_eq!(part.target, "/box/a%20b?");
        assert_eq!(part.headers["x-ms-date"], "now");
        assert_eq!(part.headers.get_all("a").iter().count(), 2);
    }

    #[test]
    fn the_last_line_break_may_belong_to_the_boundary() {
        for end in ["", "\r\n", "\r\n\r\n"] {
            let text = format!("{HEAD}DELETE /box/a HTTP/1.1\r\nx-ms-date: now{end}");
            assert_eq!(
                Part::read(text.as_bytes()).unwrap().headers.len(),
                1,
                "{end:?}"
            );
        }
    }

    #[test]
    fn more_headers_than_a_request_can_have_are_no_part() {
        let headers: String = (0..40_000).map(|n| format!("h{n}: 1\r\n")).collect();
        let text = format!("{HEAD}DELETE /box/a HTTP/1.1\r\n{headers}\r\n");
        assert_eq!(Part::read(text.as_bytes()), None);
    }

    #[test]
    fn what_is_no_request_is_no_part() {
        let long = "Content-Type: text/plain\r\n\r\nDELETE /box/a HTTP/1.1\r\n";
        assert_eq!(Part::read(long.as_bytes()), None);
        for text in [
            "",
            "DELETE",
            "DELETE /box/a",
            "DELETE box/a HTTP/1.1",
            "DELETE http://host/box/a HTTP/1.1",
            "DELETE /box/a#b HTTP/1.1",
            "DELETE  /box/a HTTP/1.1",
            "DEL\u{e4}TE /box/a HTTP/1.1",
            "DELETE /box/a HTTP/1.1\r\nno header",
            "DELETE /box/a HTTP/1.1\r\nna me: value",
            "DELETE /box/a HTTP/1.1\r\nname: val\u{1}ue",
        ] {
            assert_eq!(
                Part::read(format!("{HEAD}{text}").as_bytes()),
                None,
                "{text:?}"
            );
        }
        assert_eq!(Part::read(b"\xFF\r\n\r\n"), None);
    }
}
