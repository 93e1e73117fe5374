//! Reading a page of a listing, entry by entry.

use percent_encoding::percent_decode_str;
use quick_xml::events::BytesStart;

use super::item::{BlobItem, PageHead};
use super::property::{CopyParts, read_property};
use crate::error::{Error, UnreadableReply};
use crate::tags::Tags;
use crate::xml::bad;
use crate::xml::pull::{Node, Pull, attribute_of, is_marked};

/// An entry of a listing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BlobEntry {
    /// A blob, snapshot or version.
    Blob(Box<BlobItem>),
    /// What names share up to the delimiter.
    Prefix(String),
}

/// The entries of a page, each read when it is asked for.
pub struct BlobEntries<'a> {
    pull: Pull<'a>,
    head: PageHead,
    place: Place,
}

/// Which element the next node is directly in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Document,
    Root,
    Blobs,
    Over,
}

impl<'a> BlobEntries<'a> {
    pub(super) fn new(body: &'a [u8]) -> Result<Self, UnreadableReply> {
        Ok(Self {
            pull: Pull::new(body)?,
            head: PageHead::default(),
            place: Place::Document,
        })
    }

    /// What stands around the entries, as far as it has been read: complete after the last entry.
    #[must_use]
    pub fn into_head(self) -> PageHead {
        self.head
    }

    /// What stands around the entries, as far as it has been read: complete after the last entry.
    #[must_use]
    pub fn head(&self) -> &PageHead {
        &self.head
    }

    fn advance(&mut self) -> Result<Option<BlobEntry>, UnreadableReply> {
        loop {
            match (self.place, self.pull.next()?) {
                (Place::Over, _) => return Ok(None),
                (Place::Document, Node::Open(start)) => self.open(&start)?,
                (Place::Root, Node::Open(start)) => self.read_head(&start)?,
                (Place::Blobs, Node::Open(start)) => match start.name().into_inner() {
                    "Blob" => return self.read_blob().map(|b| Some(BlobEntry::Blob(b))),
                    "BlobPrefix" => return self.read_prefix().map(|p| Some(BlobEntry::Prefix(p))),
                    _ => self.pull.skip()?,
                },
                (Place::Blobs, Node::Close) => self.place = Place::Root,
                (Place::Root, Node::Close) => {
                    self.place = Place::Over;
                    return Ok(None);
                }
                (_, Node::Close | Node::End) => return Err(bad("it ends before the listing does")),
            }
        }
    }

    fn open(&mut self, start: &BytesStart<'_>) -> Result<(), UnreadableReply> {
        if start.name().into_inner() != "EnumerationResults" {
            return Err(bad("it is no listing"));
        }
        self.head.service_endpoint = attribute_of(start, "ServiceEndpoint");
        self.head.container_name = attribute_of(start, "ContainerName");
        self.place = Place::Root;
        Ok(())
    }

    fn read_head(&mut self, start: &BytesStart<'_>) -> Result<(), UnreadableReply> {
        let (pull, head) = (&mut self.pull, &mut self.head);
        match start.name().into_inner() {
            "Blobs" => self.place = Place::Blobs,
            "Prefix" => head.prefix = pull.value("Prefix")?,
            "Marker" => head.marker = pull.value("Marker")?,
            "MaxResults" => head.max_results = pull.value("MaxResults")?,
            "Delimiter" => head.delimiter = pull.value("Delimiter")?,
            "NextMarker" => head.next_marker = pull.value("NextMarker")?,
            _ => pull.skip()?,
        }
        Ok(())
    }

    fn read_prefix(&mut self) -> Result<String, UnreadableReply> {
        let mut prefix = None;
        while let Node::Open(start) = self.pull.next()? {
            match start.name().into_inner() {
                "Name" => prefix = Some(self.read_name(&start)?.into()),
                _ => self.pull.skip()?,
            }
        }
        prefix.ok_or_else(|| bad("a prefix has no name"))
    }

    fn read_blob(&mut self) -> Result<Box<BlobItem>, UnreadableReply> {
        let mut item = Box::<BlobItem>::default();
        let mut named = false;
        loop {
            let start = match self.pull.next()? {
                Node::Open(start) => start,
                Node::Close if named => return Ok(item),
                Node::Close => return Err(bad("a blob has no name")),
                Node::End => return Err(bad("it ends within a blob")),
            };
            let pull = &mut self.pull;
            let properties = &mut item.properties;
            match start.name().into_inner() {
                "Name" => {
                    item.name = self.read_name(&start)?;
                    named = true;
                }
                "Properties" => self.read_properties(&mut item)?,
                "Metadata" => {
                    item.metadata_encrypted = is_marked(&start, "Encrypted");
                    self.read_pairs(|name, value| properties.metadata.push(name, value))?;
                }
                "Snapshot" => properties.snapshot = pull.value("Snapshot")?,
                "VersionId" => properties.version_id = pull.value("VersionId")?,
                "IsCurrentVersion" => {
                    properties.is_current_version = pull.value("IsCurrentVersion")?;
                }
                "Deleted" => item.deleted = pull.value("Deleted")?.unwrap_or(false),
                "HasVersionsOnly" => item.has_versions_only = pull.value("HasVersionsOnly")?,
                "Tags" => item.tags = Some(self.read_tags()?),
                "OrMetadata" => self.read_pairs(|name, value| {
                    let rule = name.strip_prefix("or-").unwrap_or(name);
                    properties
                        .replication
                        .rules
                        .push((rule.into(), value.into()));
                })?,
                _ => pull.skip()?,
            }
        }
    }

    fn read_properties(&mut self, item: &mut BlobItem) -> Result<(), UnreadableReply> {
        let mut copy = CopyParts::default();
        while let Node::Open(start) = self.pull.next()? {
            read_property(start.name().into_inner(), &mut self.pull, item, &mut copy)?;
        }
        item.properties.copy = copy.whole()?;
        Ok(())
    }

    /// Elements whose names and texts are the user's.
    fn read_pairs(&mut self, mut take: impl FnMut(&str, &str)) -> Result<(), UnreadableReply> {
        while let Node::Open(start) = self.pull.next()? {
            let value = self.pull.leaf()?;
            take(start.name().into_inner(), &value);
        }
        Ok(())
    }

    fn read_tags(&mut self) -> Result<Tags, UnreadableReply> {
        let mut tags = Tags::default();
        // Within Tags/TagSet/Tag.
        let (mut key, mut depth) = (String::new(), 1);
        while depth > 0 {
            match self.pull.next()? {
                Node::Open(start) => match start.name().into_inner() {
                    "Key" => key = self.pull.leaf()?.into_owned(),
                    "Value" => tags.push(&key, &self.pull.leaf()?),
                    _ => depth += 1,
                },
                Node::Close => depth -= 1,
                Node::End => return Err(bad("it ends within tags")),
            }
        }
        Ok(tags)
    }

    /// Names that XML cannot hold come percent-encoded, from version 2021-02-12 on.
    fn read_name(&mut self, start: &BytesStart<'_>) -> Result<Box<str>, UnreadableReply> {
        let text = self.pull.leaf()?;
        if !is_marked(start, "Encoded") {
            return Ok(text.into());
        }
        let name = percent_decode_str(&text).decode_utf8();
        name.map(Into::into)
            .map_err(|_| bad("an encoded name is not UTF-8"))
    }
}

impl Iterator for BlobEntries<'_> {
    type Item = Result<BlobEntry, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.place == Place::Over {
            return None;
        }
        let entry = self.advance();
        if entry.is_err() {
            self.place = Place::Over;
        }
        entry.map_err(Error::from).transpose()
    }
}
