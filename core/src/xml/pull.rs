//! Reading XML step by step, holding nothing but the place in it.
//!
//! A page of a listing holds 5,000 blobs of some thirty elements, nearly all of them a name around a
//! few bytes of text. Here such an element is found in one look, where a reader of events takes
//! three. What a body of the service never is, a document with a type of its own, is refused.

use std::borrow::Cow;

use quick_xml::escape::unescape;
use quick_xml::events::BytesStart;

use super::{bad, text};
use crate::error::UnreadableReply;
use crate::heard::Heard;

/// A place in a body that is read from its beginning to its end.
pub(crate) struct Pull<'a> {
    rest: &'a str,
    /// The names of the elements around the place, outermost first.
    open: Vec<&'a str>,
    /// Whether the innermost element was written `<name/>`, and so ends here.
    is_over: bool,
}

/// What comes next.
pub(crate) enum Node<'a> {
    /// An element begins; its content must be read with `leaf`, `skip`, or up to its `Close`.
    Open(Tag<'a>),
    /// The innermost element ends.
    Close,
    /// Everything has been read.
    End,
}

/// The beginning of an element.
#[derive(Clone, Copy)]
pub(crate) struct Tag<'a> {
    pub(crate) name: &'a str,
    /// The name and the attributes, as they are written.
    content: &'a str,
}

/// What stands in angle brackets.
enum Markup<'a> {
    Open(Tag<'a>),
    Close,
    /// Text that means only itself.
    Verbatim(&'a str),
    /// Comments and instructions.
    Remark,
}

impl<'a> Pull<'a> {
    pub(crate) fn new(body: &'a [u8]) -> Result<Self, UnreadableReply> {
        Ok(Self {
            rest: text(body)?,
            open: Vec::with_capacity(8),
            is_over: false,
        })
    }

    /// The next beginning or end of an element; text between elements is passed over.
    #[inline]
    pub(crate) fn next(&mut self) -> Result<Node<'a>, UnreadableReply> {
        if self.is_over {
            self.close_empty();
            return Ok(Node::Close);
        }
        while let Some((_, markup)) = self.rest.split_once('<') {
            match self.markup(markup)? {
                Markup::Open(tag) => return Ok(Node::Open(tag)),
                Markup::Close => return Ok(Node::Close),
                Markup::Verbatim(_) | Markup::Remark => {}
            }
        }
        self.rest = "";
        Ok(Node::End)
    }

    /// The text of the element that has just begun, up to its end.
    #[inline]
    pub(crate) fn leaf(&mut self) -> Result<Cow<'a, str>, UnreadableReply> {
        if self.is_over {
            self.close_empty();
            return Ok(Cow::Borrowed(""));
        }
        let name = self.open.last().copied().unwrap_or_default();
        let (text, markup) = self.rest.split_once('<').ok_or_else(cut_off)?;
        let end = markup.strip_prefix('/');
        let end = end.and_then(|end| end.strip_prefix(name)?.strip_prefix('>'));
        match end {
            Some(rest) => {
                self.rest = rest;
                self.open.pop();
                plain(text)
            }
            None => self.mixed_leaf(),
        }
    }

    /// The text of an element that holds more than text.
    #[cold]
    fn mixed_leaf(&mut self) -> Result<Cow<'a, str>, UnreadableReply> {
        let mut read = String::new();
        loop {
            let (text, markup) = self.rest.split_once('<').ok_or_else(cut_off)?;
            read.push_str(&plain(text)?);
            match self.markup(markup)? {
                Markup::Open(_) => self.skip()?,
                Markup::Close => return Ok(Cow::Owned(read)),
                Markup::Verbatim(text) => read.push_str(text),
                Markup::Remark => {}
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
                Node::End => return Err(cut_off()),
            }
        }
    }

    fn close_empty(&mut self) {
        self.is_over = false;
        self.open.pop();
    }

    /// Reads what begins behind a `<`.
    #[inline]
    fn markup(&mut self, markup: &'a str) -> Result<Markup<'a>, UnreadableReply> {
        match markup.as_bytes().first() {
            Some(b'/') => self.close(markup),
            Some(b'!' | b'?') => self.remark(markup),
            _ => self.begin(markup).map(Markup::Open),
        }
    }

    #[inline]
    fn begin(&mut self, markup: &'a str) -> Result<Tag<'a>, UnreadableReply> {
        let (mut content, mut rest) = markup.split_once('>').ok_or_else(cut_off)?;
        if content.contains(['"', '\'']) {
            (content, rest) = split_quoted(markup).ok_or_else(cut_off)?;
        }
        if let Some(empty) = content.strip_suffix('/') {
            content = empty;
            self.is_over = true;
        }
        let name = content.split(is_blank).next().unwrap_or_default();
        if name.is_empty() {
            return Err(bad("an element has no name"));
        }
        self.open.push(name);
        self.rest = rest;
        Ok(Tag { name, content })
    }

    fn close(&mut self, markup: &'a str) -> Result<Markup<'a>, UnreadableReply> {
        let (name, rest) = markup.split_once('>').ok_or_else(cut_off)?;
        let name = name.strip_prefix('/').unwrap_or(name);
        if self.open.pop() != Some(name.trim_end_matches(is_blank)) {
            return Err(bad("an element ends that did not begin"));
        }
        self.rest = rest;
        Ok(Markup::Close)
    }

    #[cold]
    fn remark(&mut self, markup: &'a str) -> Result<Markup<'a>, UnreadableReply> {
        let ends = [("!--", "-->"), ("![CDATA[", "]]>"), ("?", "?>")];
        for (begin, end) in ends {
            if let Some(inside) = markup.strip_prefix(begin) {
                let (inside, rest) = inside.split_once(end).ok_or_else(cut_off)?;
                self.rest = rest;
                return Ok(match begin {
                    "![CDATA[" => Markup::Verbatim(inside),
                    _ => Markup::Remark,
                });
            }
        }
        Err(bad("it has a document type"))
    }
}

/// Text with its references resolved.
#[inline]
fn plain(text: &str) -> Result<Cow<'_, str>, UnreadableReply> {
    if text.contains('&') {
        unescape(text).map_err(|error| bad(&error.to_string()))
    } else {
        Ok(Cow::Borrowed(text))
    }
}

/// Splits at the `>` that is in no attribute's value.
fn split_quoted(markup: &str) -> Option<(&str, &str)> {
    let mut quote = None;
    let end = markup.bytes().position(|byte| {
        match (quote, byte) {
            (None, b'>') => return true,
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(begun), _) if begun == byte => quote = None,
            _ => {}
        }
        false
    })?;
    let (content, rest) = markup.split_at_checked(end)?;
    Some((content, rest.strip_prefix('>')?))
}

fn is_blank(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\r' | '\n')
}

fn cut_off() -> UnreadableReply {
    bad("it ends within an element")
}

impl Tag<'_> {
    /// Whether an attribute has the value `true`.
    pub(crate) fn is_marked(&self, attribute: &str) -> bool {
        self.name.len() < self.content.len()
            && self
                .attribute(attribute)
                .is_some_and(|value| value.eq_ignore_ascii_case("true"))
    }

    /// The value of an attribute.
    pub(crate) fn attribute(&self, name: &str) -> Option<String> {
        let start = BytesStart::from_content(self.content, self.name.len());
        let attribute = start.try_get_attribute(name).ok()??;
        unescape(&attribute.value).ok().map(Cow::into_owned)
    }
}

#[cfg(test)]
mod tests;
