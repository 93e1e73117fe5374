//! Reading a page of a listing, entry by entry.

use percent_encoding::percent_decode_str;

use super::item::{BlobItem, PageHead};
use super::property::{CopyParts, read_property};
use crate::error::{Error, UnreadableReply};
use crate::tags::Tags;
use crate::xml::bad;
use crate::xml::pull::{Node, Pull, Tag};

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

enum Kind {
    Blob,
    Prefix,
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

    /// Goes to the next entry, which must then be read.
    fn advance(&mut self) -> Result<Option<Kind>, UnreadableReply> {
        loop {
            match (self.place, self.pull.next()?) {
                (Place::Over, _) => return Ok(None),
                (Place::Document, Node::Open(start)) => self.open(start)?,
                (Place::Root, Node::Open(start)) => self.read_head(start)?,
                (Place::Blobs, Node::Open(start)) => match start.name {
                    "Blob" => return Ok(Some(Kind::Blob)),
                    "BlobPrefix" => return Ok(Some(Kind::Prefix)),
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

    /// Reads all entries that are left, each into its place: an item is too large to be moved about.
    pub(super) fn read_all(
        &mut self,
        blobs: &mut Vec<BlobItem>,
        prefixes: &mut Vec<String>,
    ) -> Result<(), UnreadableReply> {
        while let Some(kind) = self.advance()? {
            match kind {
                Kind::Prefix => prefixes.push(self.read_prefix()?),
                Kind::Blob => {
                    blobs.push(BlobItem::default());
                    if let Some(item) = blobs.last_mut() {
                        self.read_blob(item)?;
                    }
                }
            }
        }
        Ok(())
    }

    fn read_entry(&mut self) -> Result<Option<BlobEntry>, UnreadableReply> {
        Ok(match self.advance()? {
            None => None,
            Some(Kind::Prefix) => Some(BlobEntry::Prefix(self.read_prefix()?)),
            Some(Kind::Blob) => {
                let mut item = Box::<BlobItem>::default();
                self.read_blob(&mut item)?;
                Some(BlobEntry::Blob(item))
            }
        })
    }

    fn open(&mut self, start: Tag<'_>) -> Result<(), UnreadableReply> {
        if start.name != "EnumerationResults" {
            return Err(bad("it is no listing"));
        }
        self.head.service_endpoint = start.attribute("ServiceEndpoint");
        self.head.container_name = start.attribute("ContainerName");
        self.place = Place::Root;
        Ok(())
    }

    fn read_head(&mut self, start: Tag<'_>) -> Result<(), UnreadableReply> {
        let (pull, head) = (&mut self.pull, &mut self.head);
        match start.name {
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
            match start.name {
                "Name" => prefix = Some(self.read_name(start)?.into()),
                _ => self.pull.skip()?,
            }
        }
        prefix.ok_or_else(|| bad("a prefix has no name"))
    }

    fn read_blob(&mut self, item: &mut BlobItem) -> Result<(), UnreadableReply> {
        let mut named = false;
        loop {
            let start = match self.pull.next()? {
                Node::Open(start) => start,
                Node::Close if named => return Ok(()),
                Node::Close => return Err(bad("a blob has no name")),
                Node::End => return Err(bad("it ends within a blob")),
            };
            let pull = &mut self.pull;
            let properties = &mut item.properties;
            match start.name {
                "Name" => {
                    item.name = self.read_name(start)?;
                    named = true;
                }
                "Properties" => self.read_properties(item)?,
                "Metadata" => {
                    item.metadata_encrypted = start.is_marked("Encrypted");
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
            read_property(start.name, &mut self.pull, item, &mut copy)?;
        }
        item.properties.copy = copy.whole()?;
        Ok(())
    }

    /// Elements whose names and texts are the user's.
    fn read_pairs(&mut self, mut take: impl FnMut(&str, &str)) -> Result<(), UnreadableReply> {
        while let Node::Open(start) = self.pull.next()? {
            let value = self.pull.leaf()?;
            take(start.name, &value);
        }
        Ok(())
    }

    fn read_tags(&mut self) -> Result<Tags, UnreadableReply> {
        let mut tags = Tags::default();
        // Within Tags/TagSet/Tag.
        let (mut key, mut depth) = (String::new(), 1);
        while depth > 0 {
            match self.pull.next()? {
                Node::Open(start) => match start.name {
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
    fn read_name(&mut self, start: Tag<'_>) -> Result<Box<str>, UnreadableReply> {
        let text = self.pull.leaf()?;
        if !start.is_marked("Encoded") {
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
        let entry = self.read_entry();
        if entry.is_err() {
            self.place = Place::Over;
        }
        entry.map_err(Error::from).transpose()
    }
}
