//! XML bodies: written as the service writes them, read with bounds.

use serde::{Deserialize, Serialize};

use bytes::Bytes;
use quick_xml::Reader;
use quick_xml::events::Event;

use crate::failure::Failure;

/// An element's name, in the three forms that a text of it takes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tag {
    pub(crate) open: &'static str,
    pub(crate) close: &'static str,
    pub(crate) empty: &'static str,
}

/// A [`Tag`] by its name. What is written for every item of a listing is known when it is compiled.
macro_rules! tag {
    ($name:literal) => {
        const {
            $crate::xml::Tag {
                open: concat!("<", $name, ">"),
                close: concat!("</", $name, ">"),
                empty: concat!("<", $name, " />"),
            }
        }
    };
}
pub(crate) use tag;

/// A body being written.
pub(crate) struct Writer(String);

impl Writer {
    /// Byte order mark and declaration.
    pub(crate) fn new() -> Self {
        let mut text = String::with_capacity(1024);
        text.push_str("\u{FEFF}<?xml version=\"1.0\" encoding=\"utf-8\"?>");
        Self(text)
    }

    /// An element around what `write` puts there; an empty one where that is nothing.
    pub(crate) fn around<R>(&mut self, name: &str, write: impl FnOnce(&mut Self) -> R) -> R {
        let before = self.0.len();
        self.open(name);
        let inside = self.0.len();
        let written = write(self);
        if self.0.len() == inside {
            self.0.truncate(before);
            self.empty(name);
        } else {
            self.close(name);
        }
        written
    }

    /// `<name>`; attributes may follow the name, already escaped.
    #[inline]
    pub(crate) fn open(&mut self, name: &str) {
        self.0.push('<');
        self.0.push_str(name);
        self.0.push('>');
    }

    /// `</name>`.
    #[inline]
    pub(crate) fn close(&mut self, name: &str) {
        self.0.push_str("</");
        self.0.push_str(name);
        self.0.push('>');
    }

    /// `<name />`.
    #[inline]
    pub(crate) fn empty(&mut self, name: &str) {
        self.0.push('<');
        self.0.push_str(name);
        self.0.push_str(" />");
    }

    /// An element with text; without text it is written as an empty one.
    #[inline]
    pub(crate) fn element(&mut self, name: &str, value: &str) {
        if value.is_empty() {
            return self.empty(name);
        }
        self.open(name);
        push_escaped(&mut self.0, value);
        self.close(name);
    }

    /// An element where there is a value.
    pub(crate) fn element_if(&mut self, name: &str, value: Option<&str>) {
        if let Some(value) = value {
            self.element(name, value);
        }
    }

    /// An element with text; without text it is written as an empty one.
    #[inline]
    pub(crate) fn text(&mut self, tag: Tag, value: &str) {
        if value.is_empty() {
            return self.raw(tag.empty);
        }
        self.raw(tag.open);
        push_escaped(&mut self.0, value);
        self.raw(tag.close);
    }

    /// An element with text that has nothing to escape; an empty one where it is empty.
    #[inline]
    pub(crate) fn plain(&mut self, tag: Tag, value: &str) {
        if value.is_empty() {
            return self.raw(tag.empty);
        }
        self.with(tag, |text| text.push_str(value));
    }

    /// An element with text that needs no escaping, as `write` puts it.
    #[inline]
    pub(crate) fn with(&mut self, tag: Tag, write: impl FnOnce(&mut String)) {
        self.raw(tag.open);
        write(&mut self.0);
        self.raw(tag.close);
    }

    /// Text as it is, already escaped.
    #[inline]
    pub(crate) fn raw(&mut self, text: &str) {
        self.0.push_str(text);
    }

    /// How long it is by now, in bytes.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// Makes room for so many bytes more at once.
    pub(crate) fn reserve(&mut self, more: usize) {
        self.0.reserve(more);
    }

    pub(crate) fn finish(self) -> Bytes {
        self.0.into()
    }
}

/// Text as it may stand in an element or an attribute.
pub(crate) fn push_escaped(text: &mut String, value: &str) {
    // Without a way out of the loop it runs over many bytes at once, and most values have nothing
    // to escape.
    if !value
        .bytes()
        .fold(false, |any, byte| any | is_special(byte))
    {
        return text.push_str(value);
    }
    let mut rest = value;
    while let Some((plain, special, after)) = cut(rest) {
        text.push_str(plain);
        text.push_str(special);
        rest = after;
    }
    text.push_str(rest);
}

const fn is_special(byte: u8) -> bool {
    matches!(byte, b'<' | b'>' | b'&' | b'"')
}

/// What stands before the first character that must be escaped, that character escaped, and the rest.
fn cut(text: &str) -> Option<(&str, &'static str, &str)> {
    let at = text.bytes().position(is_special)?;
    let (plain, rest) = text.split_at_checked(at)?;
    let special = match rest.as_bytes().first()? {
        b'<' => "&lt;",
        b'>' => "&gt;",
        b'&' => "&amp;",
        _ => "&quot;",
    };
    Some((plain, special, rest.get(1..)?))
}

/// An element that was read: small bodies become a tree.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Element {
    pub(crate) name: String,
    pub(crate) text: String,
    pub(crate) children: Vec<Self>,
    /// Where its closing tag begins, in bytes from the start of the body.
    #[serde(skip)]
    pub(crate) end: usize,
}

/// A place in a body, as refusals tell it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) line: usize,
    pub(crate) position: usize,
}

impl Place {
    /// What is told of a fault that is not in one place.
    pub(crate) const NOWHERE: Self = Self {
        line: 0,
        position: 0,
    };

    /// The place of the tag that begins at a byte: its line, and where in the line its name begins,
    /// both counted from 1.
    pub(crate) fn of(body: &[u8], tag: usize) -> Self {
        let before = body.get(..tag).unwrap_or(body);
        let lines = before.split(|byte| *byte == b'\n');
        let text = String::from_utf8_lossy(
            before
                .rsplit(|byte| *byte == b'\n')
                .next()
                .unwrap_or(before),
        );
        let bracket = match body.get(tag + 1) {
            Some(b'/') => 2,
            _ => 1,
        };
        Self {
            line: lines.count(),
            position: text.trim_start_matches('\u{FEFF}').chars().count() + bracket + 1,
        }
    }
}

/// Elements deeper than any body of the service.
const DEEPEST: usize = 16;

impl Element {
    /// Reads a body.
    ///
    /// # Errors
    /// 400 where it is not well-formed.
    pub(crate) fn read(body: &[u8]) -> Result<Self, Failure> {
        Self::tree(body).ok_or_else(|| Failure::invalid_xml(Place::NOWHERE, ""))
    }

    fn tree(body: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(body).ok()?;
        let trimmed = text.trim_start_matches('\u{FEFF}');
        let mark = text.len() - trimmed.len();
        let mut reader = Reader::from_str(trimmed);
        reader.config_mut().expand_empty_elements = true;
        let mut open: Vec<Self> = vec![Self::default()];
        loop {
            let before = usize::try_from(reader.buffer_position()).ok()?;
            match reader.read_event().ok()? {
                Event::Start(start) if open.len() <= DEEPEST => open.push(Self {
                    name: start.local_name().as_ref().to_owned(),
                    ..Self::default()
                }),
                Event::Start(_) | Event::DocType(_) => return None,
                Event::End(_) => {
                    let mut closed = open.pop()?;
                    closed.end = mark + before;
                    open.last_mut()?.children.push(closed);
                }
                Event::Text(text) => open.last_mut()?.text.push_str(&text),
                Event::CData(text) => open.last_mut()?.text.push_str(&text),
                Event::GeneralRef(name) => {
                    let character = match name.resolve_char_ref().ok()? {
                        Some(character) => character,
                        None => named(&name)?,
                    };
                    open.last_mut()?.text.push(character);
                }
                Event::Eof => break,
                _ => {}
            }
        }
        let document = open.pop()?;
        let mut roots = document.children.into_iter();
        let root = roots.next()?;
        (open.is_empty() && roots.next().is_none() && document.text.trim().is_empty())
            .then_some(root)
    }

    /// The first child of a name.
    pub(crate) fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name)
    }

    /// The text of the first child of a name.
    pub(crate) fn text_of(&self, name: &str) -> Option<&str> {
        self.child(name).map(|child| child.text.as_str())
    }

    /// Writes it back, without attributes.
    pub(crate) fn write(&self, writer: &mut Writer) {
        if self.children.is_empty() {
            return writer.element(&self.name, &self.text);
        }
        writer.open(&self.name);
        for child in &self.children {
            child.write(writer);
        }
        writer.close(&self.name);
    }
}

fn named(entity: &str) -> Option<char> {
    Some(match entity {
        "lt" => '<',
        "gt" => '>',
        "amp" => '&',
        "quot" => '"',
        "apos" => '\'',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_reads_as_a_tree_and_writes_back() {
        let body = "\u{FEFF}<?xml version=\"1.0\"?><A><B>1 &lt; &#50;</B><C/><D><E>x</E></D></A>";
        let tree = Element::read(body.as_bytes()).unwrap();
        assert_eq!(tree.text_of("B"), Some("1 < 2"));
        let mut writer = Writer::new();
        tree.write(&mut writer);
        let written = writer.finish();
        assert!(written.ends_with(b"<A><B>1 &lt; 2</B><C /><D><E>x</E></D></A>"));
    }

    #[test]
    fn what_is_not_well_formed_is_refused() {
        let deep = format!("{}{}", "<a>".repeat(99), "</a>".repeat(99));
        for body in [
            "",
            "text",
            "<a>",
            "<a></b>",
            "<a/><b/>",
            "<a>&nope;</a>",
            &deep,
        ] {
            assert!(Element::read(body.as_bytes()).is_err(), "{body}");
        }
        assert!(Element::read(&[0xFF, 0xFE]).is_err());
    }
}
