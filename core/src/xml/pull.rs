//! Reading XML step by step, holding nothing but the place in it.

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::{bad, push_reference, text};
use crate::error::UnreadableReply;
use crate::heard::Heard;

/// A place in a body that is read from its beginning to its end.
pub(crate) struct Pull<'a>(Reader<&'a [u8]>);

/// What comes next.
pub(crate) enum Node<'a> {
    /// An element begins; its content must be read with `leaf`, `skip`, or up to its `Close`.
    Open(BytesStart<'a>),
    /// The innermost element ends.
    Close,
    /// Everything has been read.
    End,
}

impl<'a> Pull<'a> {
    pub(crate) fn new(body: &'a [u8]) -> Result<Self, UnreadableReply> {
        let mut reader = Reader::from_str(text(body)?);
        reader.config_mut().expand_empty_elements = true;
        Ok(Self(reader))
    }

    /// The next beginning or end of an element; text between elements is passed over.
    pub(crate) fn next(&mut self) -> Result<Node<'a>, UnreadableReply> {
        loop {
            match self.event()? {
                Event::Start(start) => return Ok(Node::Open(start)),
                Event::End(_) => return Ok(Node::Close),
                Event::Eof => return Ok(Node::End),
                _ => {}
            }
        }
    }

    /// The text of the element that has just begun, up to its end.
    pub(crate) fn leaf(&mut self) -> Result<Cow<'a, str>, UnreadableReply> {
        let mut read = Cow::Borrowed("");
        loop {
            match self.event()? {
                Event::Text(part) if read.is_empty() => read = part.into_inner(),
                Event::Text(part) => read.to_mut().push_str(&part),
                Event::End(_) => return Ok(read),
                Event::GeneralRef(reference) => push_reference(read.to_mut(), &reference)?,
                Event::CData(part) => read.to_mut().push_str(&part),
                Event::Start(_) => self.skip()?,
                Event::Eof => return Err(bad("it ends within an element")),
                _ => {}
            }
        }
    }

    /// The value of the element that has just begun; nothing where it is empty.
    pub(crate) fn value<T: Heard>(&mut self, name: &str) -> Result<Option<T>, UnreadableReply> {
        let text = self.leaf()?;
        if text.is_empty() {
            return Ok(None);
        }
        match T::heard(&text) {
            Some(value) => Ok(Some(value)),
            None => Err(bad(&format!("`{name}` cannot be `{text}`"))),
        }
    }

    /// Passes over the rest of the innermost element.
    pub(crate) fn skip(&mut self) -> Result<(), UnreadableReply> {
        let mut depth = 0_usize;
        loop {
            match self.next()? {
                Node::Open(_) => depth += 1,
                Node::Close if depth == 0 => return Ok(()),
                Node::Close => depth -= 1,
                Node::End => return Err(bad("it ends within an element")),
            }
        }
    }

    #[inline]
    fn event(&mut self) -> Result<Event<'a>, UnreadableReply> {
        self.0.read_event().map_err(|error| bad(&error.to_string()))
    }
}

/// Whether an element has this attribute with the value `true`.
pub(crate) fn is_marked(start: &BytesStart<'_>, attribute: &str) -> bool {
    !start.attributes_raw().is_empty()
        && attribute_of(start, attribute).is_some_and(|value| value.eq_ignore_ascii_case("true"))
}

/// The value of an attribute, as it is written.
pub(crate) fn attribute_of(start: &BytesStart<'_>, name: &str) -> Option<String> {
    let attribute = start.try_get_attribute(name).ok()??;
    quick_xml::escape::unescape(&attribute.value)
        .ok()
        .map(Cow::into_owned)
}
