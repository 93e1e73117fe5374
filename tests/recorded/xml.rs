//! The leaves of an XML body: elements that hold text and nothing else.

use std::ops::Range;

use quick_xml::Reader;
use quick_xml::escape::unescape;
use quick_xml::events::Event;

/// One element with text.
pub(crate) struct Leaf {
    /// Names from the root, joined by `/`.
    pub(crate) path: String,
    /// The text, unescaped.
    pub(crate) text: String,
    /// Where the element is written.
    whole: Range<usize>,
    /// Where its text is written.
    inside: Range<usize>,
}

impl Leaf {
    /// The body without this element.
    pub(crate) fn removed(&self, body: &str) -> String {
        replaced(body, &self.whole, "")
    }

    /// The body with another text in this element.
    pub(crate) fn changed(&self, body: &str) -> String {
        replaced(body, &self.inside, "Changed1")
    }
}

fn replaced(body: &str, range: &Range<usize>, text: &str) -> String {
    let before = body.get(..range.start).unwrap_or_default();
    let after = body.get(range.end..).unwrap_or_default();
    [before, text, after].concat()
}

/// A body as XML text, without its byte order mark; nothing where it is none.
pub(crate) fn text(body: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(body).ok()?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    text.trim_start().starts_with('<').then_some(text)
}

/// The elements of a body that hold text, in order; nothing where it is not well-formed.
pub(crate) fn leaves(body: &str) -> Option<Vec<Leaf>> {
    let mut reader = Reader::from_str(body);
    let mut leaves = Vec::new();
    let mut path: Vec<String> = Vec::new();
    // Where the newest start tag begins and ends, while nothing but text came after it.
    let mut newest: Option<Range<usize>> = None;
    loop {
        let begin = usize::try_from(reader.buffer_position()).ok()?;
        let event = reader.read_event().ok()?;
        let end = usize::try_from(reader.buffer_position()).ok()?;
        match event {
            Event::Start(start) => {
                path.push(start.name().into_inner().to_owned());
                newest = Some(begin..end);
            }
            Event::End(_) => {
                if let Some(tag) = newest.take().filter(|tag| tag.end < begin) {
                    leaves.push(Leaf {
                        path: path.join("/"),
                        text: unescape(body.get(tag.end..begin)?).ok()?.into_owned(),
                        whole: tag.start..end,
                        inside: tag.end..begin,
                    });
                }
                path.pop();
            }
            Event::Empty(_) | Event::CData(_) => newest = None,
            Event::Eof => return path.is_empty().then_some(leaves),
            _ => {}
        }
    }
}
