//! Get Blob Tags and Set Blob Tags.

use blobferry_core::ErrorCode;

use crate::answer::Answer;
use crate::blob::Blob;
use crate::failure::Failure;
use crate::request::Ask;
use crate::state::State;
use crate::tags::Tags;
use crate::xml::{Element, Place, Writer};

use super::{body, target};

pub(crate) fn get(state: &State, ask: &Ask) -> Result<Answer, Failure> {
    let blob = target::readable(state, ask)?;
    let mut writer = Writer::new();
    write(&mut writer, blob.tags.iter().flat_map(|tags| tags.pairs()));
    Ok(Answer::ok().xml(writer.finish()))
}

/// The `Tags` element, here and in listings.
pub(crate) fn write<'a>(writer: &mut Writer, pairs: impl Iterator<Item = (&'a str, &'a str)>) {
    let mut pairs = pairs.peekable();
    writer.open("Tags");
    if pairs.peek().is_none() {
        writer.empty("TagSet");
    } else {
        writer.open("TagSet");
        for (key, value) in pairs {
            writer.open("Tag");
            writer.element("Key", key);
            writer.element("Value", value);
            writer.close("Tag");
        }
        writer.close("TagSet");
    }
    writer.close("Tags");
}

pub(crate) fn set(state: &mut State, ask: &Ask) -> Result<Answer, Failure> {
    body::check(ask, &ask.body)?;
    let tags = read(&ask.body)?;
    let blob = target::writable(state, ask)?;
    blob.tags = Blob::boxed_tags(tags);
    blob.release_ended_lease(ask.now);
    Ok(Answer::no_content())
}

/// The tags in a `Tags` document.
///
/// # Errors
/// 400 for what is none, and for tags that cannot be.
pub(crate) fn read(document: &[u8]) -> Result<Tags, Failure> {
    let document = Element::read(document)?;
    let set = document
        .child("TagSet")
        .filter(|_| document.name == "Tags")
        .ok_or_else(|| Failure::invalid_xml(Place::NOWHERE, ""))?;
    let pairs = set.children.iter().map(|tag| {
        let part = |name| tag.text_of(name).unwrap_or_default().to_owned();
        (part("Key"), part("Value"))
    });
    Tags::new(pairs).ok_or_else(|| Failure::new(ErrorCode::INVALID_INPUT))
}
