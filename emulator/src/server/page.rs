//! What the web server in front of the service says to what it does not let through.
//!
//! The service stands behind Windows' HTTP.sys, whose pages clients get for requests that are none,
//! for URLs that cannot be, and for bodies without a length.

use http::{HeaderValue, Response, StatusCode, header};

use crate::answer::Body;

/// A page of the web server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Page {
    /// PUT or POST without `Content-Length`, and not in chunks.
    LengthRequired,
    /// Percent signs that encode nothing, control characters and private ones in the path.
    InvalidUrl,
    /// HTTP/1.1 without `Host`, or with two, or one that is no host.
    InvalidHostname,
    /// A head that is too long.
    HeadTooLong,
    /// A URL that is too long.
    UrlTooLong,
    /// No HTTP.
    Malformed,
    /// A body in another coding than chunks.
    CodingUnknown,
}

impl Page {
    /// Status, title, heading, and what is wrong.
    const fn parts(self) -> (StatusCode, &'static str, &'static str, &'static str) {
        const BAD: (StatusCode, &str) = (StatusCode::BAD_REQUEST, "Bad Request");
        match self {
            Self::LengthRequired => (
                StatusCode::LENGTH_REQUIRED,
                "Length Required",
                "Length Required",
                "HTTP Error 411. The request must be chunked or have a content length.",
            ),
            Self::InvalidUrl => (
                BAD.0,
                BAD.1,
                "Bad Request - Invalid URL",
                "HTTP Error 400. The request URL is invalid.",
            ),
            Self::InvalidHostname => (
                BAD.0,
                BAD.1,
                "Bad Request - Invalid Hostname",
                "HTTP Error 400. The request hostname is invalid.",
            ),
            Self::HeadTooLong => (
                BAD.0,
                BAD.1,
                "Bad Request - Request Too Long",
                "HTTP Error 400. The size of the request headers is too long.",
            ),
            Self::UrlTooLong => (
                StatusCode::URI_TOO_LONG,
                "URI Too Long",
                "Request URL Too Long",
                "HTTP Error 414. The request URL is too long.",
            ),
            Self::Malformed => (
                BAD.0,
                BAD.1,
                "Bad Request",
                "HTTP Error 400. The request is badly formed.",
            ),
            Self::CodingUnknown => (
                StatusCode::NOT_IMPLEMENTED,
                "Not Implemented",
                "Not Implemented",
                "HTTP Error 501. The request transfer encoding type is not supported.",
            ),
        }
    }

    fn body(self) -> String {
        let (_, title, heading, text) = self.parts();
        format!(
            "<!DOCTYPE HTML PUBLIC \"-//W3C//DTD HTML 4.01//EN\"\
             \"http://www.w3.org/TR/html4/strict.dtd\">\r\n\
             <HTML><HEAD><TITLE>{title}</TITLE>\r\n\
             <META HTTP-EQUIV=\"Content-Type\" Content=\"text/html; charset=us-ascii\"></HEAD>\r\n\
             <BODY><h2>{heading}</h2>\r\n\
             <hr><p>{text}</p>\r\n\
             </BODY></HTML>\r\n"
        )
    }

    /// The answer, after which the connection ends.
    pub(super) fn answer(self) -> Response<Body> {
        let mut answer = Response::new(Body::from(self.body()));
        *answer.status_mut() = self.parts().0;
        let headers = answer.headers_mut();
        for (name, value) in [
            (header::CONTENT_TYPE, "text/html; charset=us-ascii"),
            (header::SERVER, "Microsoft-HTTPAPI/2.0"),
            (header::CONNECTION, "close"),
        ] {
            headers.insert(name, HeaderValue::from_static(value));
        }
        answer
    }

    /// The page to send instead of a bare answer that hyper gives by itself, to what is no request;
    /// absent for every other answer.
    pub(super) fn instead_of(head: &[u8]) -> Option<Vec<u8>> {
        let text = std::str::from_utf8(head).ok()?;
        let mut lines = text.strip_suffix("\r\n\r\n")?.split("\r\n");
        let page = match lines.next()?.strip_prefix("HTTP/1.")?.get(2..5)? {
            "400" => Self::Malformed,
            "414" => Self::UrlTooLong,
            "431" => Self::HeadTooLong,
            _ => return None,
        };
        let mut date = None;
        for line in lines {
            match line.split_once(": ")? {
                ("date", moment) => date = Some(moment),
                ("content-length", "0") | ("connection", "close") => {}
                // An answer of the service.
                _ => return None,
            }
        }
        let (status, body) = (page.parts().0, page.body());
        Some(
            format!(
                "HTTP/1.1 {status}\r\ncontent-type: text/html; charset=us-ascii\r\n\
                 server: Microsoft-HTTPAPI/2.0\r\ndate: {}\r\nconnection: close\r\n\
                 content-length: {}\r\n\r\n{body}",
                date?,
                body.len()
            )
            .into_bytes(),
        )
    }
}

/// Whether the web server lets a path through. What is no UTF-8 is left to the service.
///
/// Sources: "Http.sys registry settings for Windows" (`AllowRestrictedChars`), "Naming and referencing
/// containers, blobs, and metadata", and answers that users of such names have published.
pub(super) fn lets_through(path: &str) -> bool {
    if path.is_ascii() && !path.contains('%') {
        return true;
    }
    let mut escapes = path.split('%').skip(1);
    let is_escape = |after: &str| {
        let digits = after.as_bytes().get(..2);
        digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    };
    if !escapes.all(is_escape) {
        return false;
    }
    let decoded = percent_encoding::percent_decode_str(path).decode_utf8();
    !decoded.is_ok_and(|name| name.contains(is_restricted))
}

fn is_restricted(c: char) -> bool {
    matches!(c, '\u{0}'..='\u{1F}' | '\u{7F}'..='\u{9F}' | '\u{E000}'..='\u{F8FF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_as_long_as_those_that_clients_have_shown() {
        for (page, length) in [
            (Page::LengthRequired, 344),
            (Page::InvalidUrl, 324),
            (Page::InvalidHostname, 334),
            (Page::HeadTooLong, 346),
            (Page::Malformed, 311),
        ] {
            assert_eq!(page.body().len(), length, "{page:?}");
        }
    }

    #[test]
    fn a_path_is_let_through_unless_it_cannot_be_a_url() {
        for (path, passes) in [
            ("/a/b c", true),
            ("/a/%20", true),
            ("/a//b/", true),
            ("/a/../b", true),
            ("/a/%2F", true),
            ("/a/%FF", true),
            ("/a/%EF%BF%BF", true),
            ("/a/%E6%BC%A2", true),
            ("/a/漢", true),
            ("/a/%", false),
            ("/a/%4", false),
            ("/a/%zz", false),
            ("/a/100%+", false),
            ("/a/%é", false),
            ("/a/%00", false),
            ("/a/%0A", false),
            ("/a/%7F", false),
            ("/a/%C2%81", false),
            ("/a/%EF%80%83", false),
            ("/a/\u{E000}", false),
        ] {
            assert_eq!(lets_through(path), passes, "{path}");
        }
    }

    #[test]
    fn only_bare_answers_are_replaced() {
        let bare = |status: &str| {
            format!(
                "HTTP/1.1 {status}\r\nconnection: close\r\ncontent-length: 0\r\n\
                 date: Sun, 06 Nov 1994 08:49:37 GMT\r\n\r\n"
            )
        };
        for (head, expected) in [
            (bare("400 Bad Request"), "HTTP/1.1 400 Bad Request\r\n"),
            (bare("414 URI Too Long"), "HTTP/1.1 414 URI Too Long\r\n"),
            (
                bare("431 Request Header Fields Too Large"),
                "HTTP/1.1 400 Bad Request\r\n",
            ),
        ] {
            let page = Page::instead_of(head.as_bytes()).unwrap();
            let text = String::from_utf8(page).unwrap();
            assert!(text.starts_with(expected), "{text}");
            assert!(text.contains("\r\ndate: Sun, 06 Nov 1994 08:49:37 GMT\r\n"));
            let (_, body) = text.split_once("\r\n\r\n").unwrap();
            assert!(text.contains(&format!("\r\ncontent-length: {}\r\n", body.len())));
        }
        let own = bare("400 Bad Request").replace("date:", "server: x\r\ndate:");
        for other in [
            &own,
            &bare("404 Not Found"),
            &bare("200 OK"),
            "HTTP/1.1",
            "",
        ] {
            assert_eq!(Page::instead_of(other.as_bytes()), None, "{other}");
        }
    }
}
