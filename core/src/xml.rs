//! Reading XML bodies that are small. Listings have a reader of their own.

pub(crate) mod pull;

use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesRef, Event};

use crate::error::UnreadableReply;

/// Shows every element at its end: its path from the root and the text directly in it.
///
/// # Errors
/// What is not UTF-8, not well-formed, or has no element at all.
pub(crate) fn walk(
    body: &[u8],
    mut visit: impl FnMut(&[&str], &str),
) -> Result<(), UnreadableReply> {
    let text = text(body)?;
    let mut reader = Reader::from_str(text);
    reader.config_mut().expand_empty_elements = true;
    // Names are cut from the body itself, so that the path can be matched as a slice of words.
    let mut path: Vec<&str> = Vec::new();
    let mut texts: Vec<String> = Vec::new();
    let mut elements = 0_usize;
    loop {
        let event = reader
            .read_event()
            .map_err(|error| bad(&error.to_string()))?;
        match event {
            Event::Start(start) => {
                let read = usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
                path.push(last_name(text, read, start.name().into_inner().len()));
                texts.push(String::new());
            }
            Event::End(_) => {
                elements += 1;
                visit(&path, &texts.pop().unwrap_or_default());
                path.pop();
            }
            Event::Text(part) => {
                if let Some(text) = texts.last_mut() {
                    text.push_str(&part);
                }
            }
            Event::CData(part) => {
                if let Some(text) = texts.last_mut() {
                    text.push_str(&part);
                }
            }
            Event::GeneralRef(reference) => {
                if let Some(text) = texts.last_mut() {
                    push_reference(text, &reference)?;
                }
            }
            Event::Empty(_)
            | Event::Comment(_)
            | Event::Decl(_)
            | Event::PI(_)
            | Event::DocType(_) => {}
            Event::Eof if path.is_empty() && elements > 0 => return Ok(()),
            Event::Eof => return Err(bad("it ends before its root element does")),
        }
    }
}

/// The body as text, without its byte order mark.
pub(crate) fn text(body: &[u8]) -> Result<&str, UnreadableReply> {
    let body = body.strip_prefix("\u{feff}".as_bytes()).unwrap_or(body);
    std::str::from_utf8(body).map_err(|_| bad("it is not UTF-8"))
}

/// Adds what `&lt;` or `&#10;` stands for.
pub(crate) fn push_reference(
    text: &mut String,
    reference: &BytesRef<'_>,
) -> Result<(), UnreadableReply> {
    match reference.resolve_char_ref() {
        Ok(Some(character)) => text.push(character),
        Ok(None) => match resolve_predefined_entity(reference) {
            Some(known) => text.push_str(known),
            None => return Err(bad("it holds an unknown entity")),
        },
        Err(error) => return Err(bad(&error.to_string())),
    }
    Ok(())
}

pub(crate) fn bad(reason: &str) -> UnreadableReply {
    UnreadableReply::BadXml {
        // The parser repeats what it met, which may be a URL.
        reason: crate::sign::redact_url(reason),
    }
}

/// The name in the last tag of what has been read.
fn last_name(text: &str, read: usize, length: usize) -> &str {
    let tag = text.get(..read).and_then(|read| read.rfind('<'));
    tag.and_then(|at| text.get(at + 1..at + 1 + length))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(body: &str) -> Result<Vec<String>, UnreadableReply> {
        let mut seen = Vec::new();
        walk(body.as_bytes(), |path, text| {
            seen.push(format!("{}={text}", path.join("/")));
        })?;
        Ok(seen)
    }

    #[test]
    fn elements_are_shown_with_path_and_text() {
        let body = "\u{feff}<?xml version=\"1.0\"?><a x='1'><b>1 &lt; &#50;</b><c /><d><![CDATA[<e>]]></d></a>";
        assert_eq!(seen(body).unwrap(), ["a/b=1 < 2", "a/c=", "a/d=<e>", "a="]);
    }

    #[test]
    fn what_is_not_whole_is_refused() {
        for body in [
            "",
            "text",
            "<a>",
            "<a><b></a>",
            "<a>&nope;</a>",
            "<a>&#xD800;</a>",
        ] {
            assert!(seen(body).is_err(), "{body}");
        }
        assert!(walk(b"<a>\xff</a>", |_, _| {}).is_err());
    }
}
