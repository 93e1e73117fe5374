//! Content: blobs, blocks and pages, from a body or a URL.

use blobferry_core::operation::{
    AppendBlobSeal, AppendBlock, AppendBlockFromUrl, BlockRef, FromUrl, NewBlob, PageWrite,
    PlainHeaders, PutBlob, PutBlobFromUrl, PutBlock, PutBlockFromUrl, PutBlockList, PutPage,
    PutPageFromUrl,
};
use blobferry_core::{
    AppendConditions, BlockId, ByteRange, ContentHeaders, PageBlobSize, PageRange,
    SequenceNumberConditions, SourceChecksum,
};

use super::Call;
use crate::known::{Known, Reason};

pub(crate) fn read(call: &Call<'_>) -> Option<Result<Known, Reason>> {
    Some(match call.op() {
        "PutBlob:BlockBlob" | "PutBlob:PageBlob" | "PutBlob:AppendBlob" | "PutBlob" => blob(call),
        "PutBlock" => block(call),
        "PutBlockList" => block_list(call),
        "PutPage" | "ClearPages" => pages(call),
        "AppendBlock" => append(call),
        "SealAppendBlob" => seal(call),
        "PutBlobFromURL" => blob_from_url(call),
        "PutBlockFromURL" => block_from_url(call),
        "PutPageFromURL" => pages_from_url(call),
        "AppendBlockFromURL" => append_from_url(call),
        _ => return None,
    })
}

fn blob(call: &Call<'_>) -> Result<Known, Reason> {
    let content = match call.header("x-ms-blob-type") {
        Some("PageBlob") => NewBlob::Page {
            size: call
                .page_size()?
                .ok_or("refused at construction: no size")?,
            sequence_number: call.option("x-ms-blob-sequence-number")?,
        },
        Some("AppendBlob") => NewBlob::Append,
        Some("BlockBlob") => NewBlob::Block(call.body()),
        None if call.is_plainest() => NewBlob::Append,
        _ => return Err("refused at construction: x-ms-blob-type".to_owned()),
    };
    Ok(Known::new(PutBlob {
        headers: call.content_headers()?,
        plain: PlainHeaders {
            content_type: call.option("content-type")?,
            ..PlainHeaders::default()
        },
        structured: call.structured()?,
        checksum: call.checksum()?,
        tier: call.word("x-ms-access-tier"),
        metadata: call.metadata()?,
        tags: call.tags()?,
        lease_id: call.lease_id()?,
        conditions: call.conditions()?,
        encryption: call.encryption()?,
        immutability: call.immutability()?,
        ..PutBlob::new(call.blob()?, content)
    }))
}

fn block(call: &Call<'_>) -> Result<Known, Reason> {
    Ok(Known::new(PutBlock {
        structured: call.structured()?,
        checksum: call.checksum()?,
        lease_id: call.lease_id()?,
        encryption: call.encryption()?,
        ..PutBlock::new(call.blob()?, call.block_id()?, call.body())
    }))
}

fn block_list(call: &Call<'_>) -> Result<Known, Reason> {
    let mut blocks = Vec::new();
    for leaf in call.elements()? {
        let id = BlockId::from_base64(&leaf.text)
            .map_err(|_| "refused at construction: block list".to_owned())?;
        blocks.push(match &*leaf.path {
            "BlockList/Committed" => BlockRef::Committed(id),
            "BlockList/Uncommitted" => BlockRef::Uncommitted(id),
            "BlockList/Latest" => BlockRef::Latest(id),
            _ => return Err("refused at construction: block list".to_owned()),
        });
    }
    Ok(Known::new(PutBlockList {
        headers: call.content_headers()?,
        checksum: call.checksum()?,
        tier: call.word("x-ms-access-tier"),
        metadata: call.metadata()?,
        tags: call.tags()?,
        lease_id: call.lease_id()?,
        conditions: call.conditions()?,
        encryption: call.encryption()?,
        immutability: call.immutability()?,
        ..PutBlockList::new(call.blob()?, blocks)
    }))
}

fn pages(call: &Call<'_>) -> Result<Known, Reason> {
    let range = call.pages()?;
    if call.header("x-ms-blob-content-length").is_some() {
        return Err("an old client's length, which Put Page does not take".to_owned());
    }
    if call.header("x-ms-blob-type").is_some() {
        return Err("an old client's type, which Put Page does not take".to_owned());
    }
    let pages = match call.header("x-ms-page-write") {
        Some(word) if word.eq_ignore_ascii_case("update") => PageWrite::Update(call.body()),
        _ => PageWrite::Clear,
    };
    Ok(Known::new(PutPage {
        pages,
        structured: call.structured()?,
        checksum: call.checksum()?,
        sequence_number: call.sequence_number()?,
        lease_id: call.lease_id()?,
        conditions: call.conditions()?,
        encryption: call.encryption()?,
        ..PutPage::clear(call.blob()?, range)
    }))
}

fn append(call: &Call<'_>) -> Result<Known, Reason> {
    Ok(Known::new(AppendBlock {
        structured: call.structured()?,
        checksum: call.checksum()?,
        append: call.append_conditions()?,
        lease_id: call.lease_id()?,
        conditions: call.conditions()?,
        encryption: call.encryption()?,
        ..AppendBlock::new(call.blob()?, call.body())
    }))
}

fn seal(call: &Call<'_>) -> Result<Known, Reason> {
    Ok(Known::new(AppendBlobSeal {
        position: call.option("x-ms-blob-condition-appendpos")?,
        lease_id: call.lease_id()?,
        conditions: call.conditions()?,
        ..AppendBlobSeal::new(call.blob()?)
    }))
}

fn blob_from_url(call: &Call<'_>) -> Result<Known, Reason> {
    Ok(Known::new(PutBlobFromUrl {
        source: call.read_source()?,
        copy_properties: call.flag("x-ms-copy-source-blob-properties"),
        tag_option: call.word("x-ms-copy-source-tag-option"),
        headers: call.content_headers()?,
        tier: call.word("x-ms-access-tier"),
        metadata: call.metadata()?,
        tags: call.tags()?,
        lease_id: call.lease_id()?,
        conditions: call.conditions()?,
        encryption: call.encryption()?,
        ..PutBlobFromUrl::new(call.blob()?, call.source()?)
    }))
}

fn block_from_url(call: &Call<'_>) -> Result<Known, Reason> {
    Ok(Known::new(PutBlockFromUrl {
        source: call.read_source()?,
        source_range: call.source_range()?,
        lease_id: call.lease_id()?,
        encryption: call.encryption()?,
        ..PutBlockFromUrl::new(call.blob()?, call.block_id()?, call.source()?)
    }))
}

fn pages_from_url(call: &Call<'_>) -> Result<Known, Reason> {
    let range = call.pages()?;
    let offset = match call.source_range()? {
        None => range.offset(),
        Some(source) if source.length() == Some(range.length()) => source.offset(),
        Some(_) => return Err("refused at construction: ranges of two lengths".to_owned()),
    };
    Ok(Known::new(PutPageFromUrl {
        source: call.read_source()?,
        source_offset: offset,
        sequence_number: call.sequence_number()?,
        lease_id: call.lease_id()?,
        conditions: call.conditions()?,
        encryption: call.encryption()?,
        ..PutPageFromUrl::new(call.blob()?, range, call.source()?)
    }))
}

fn append_from_url(call: &Call<'_>) -> Result<Known, Reason> {
    Ok(Known::new(AppendBlockFromUrl {
        source: call.read_source()?,
        source_range: call.source_range()?,
        append: call.append_conditions()?,
        lease_id: call.lease_id()?,
        conditions: call.conditions()?,
        encryption: call.encryption()?,
        ..AppendBlockFromUrl::new(call.blob()?, call.source()?)
    }))
}

impl Call<'_> {
    pub(super) fn content_headers(&self) -> Result<ContentHeaders, Reason> {
        Ok(ContentHeaders {
            content_type: self.option("x-ms-blob-content-type")?,
            encoding: self.option("x-ms-blob-content-encoding")?,
            language: self.option("x-ms-blob-content-language")?,
            disposition: self.option("x-ms-blob-content-disposition")?,
            cache_control: self.option("x-ms-blob-cache-control")?,
            md5: self.option("x-ms-blob-content-md5")?,
        })
    }

    pub(super) fn page_size(&self) -> Result<Option<PageBlobSize>, Reason> {
        let bytes = self.option("x-ms-blob-content-length")?;
        let size = bytes.map(PageBlobSize::new).transpose();
        size.map_err(|_| "refused at construction: x-ms-blob-content-length".to_owned())
    }

    fn read_source(&self) -> Result<FromUrl, Reason> {
        let checksum = match self.option("x-ms-source-content-md5")? {
            Some(md5) => Some(SourceChecksum::Md5(md5)),
            None => self
                .option("x-ms-source-content-crc64")?
                .map(SourceChecksum::Crc64),
        };
        Ok(FromUrl {
            conditions: self.source_conditions()?,
            checksum,
            is_azure_file: self.header("x-ms-file-request-intent").is_some(),
            ..FromUrl::new(self.source()?)
        })
    }

    fn block_id(&self) -> Result<BlockId, Reason> {
        let text = self.query("blockid").filter(|_| !self.is_plainest());
        BlockId::from_base64(text.unwrap_or(if self.is_plainest() { "AAAA" } else { "" }))
            .map_err(|_| "refused at construction: blockid".to_owned())
    }

    fn sequence_number(&self) -> Result<SequenceNumberConditions, Reason> {
        Ok(SequenceNumberConditions {
            at_most: self.option("x-ms-if-sequence-number-le")?,
            less_than: self.option("x-ms-if-sequence-number-lt")?,
            equal: self.option("x-ms-if-sequence-number-eq")?,
        })
    }

    fn append_conditions(&self) -> Result<AppendConditions, Reason> {
        Ok(AppendConditions {
            max_size: self.option("x-ms-blob-condition-maxsize")?,
            position: self.option("x-ms-blob-condition-appendpos")?,
        })
    }

    fn pages(&self) -> Result<PageRange, Reason> {
        let text = self.header("x-ms-range").or(self.header("range"));
        let text = text.or(self.is_plainest().then_some("bytes=0-511"));
        text.and_then(bounds)
            .and_then(|(first, length)| PageRange::new(first, length?).ok())
            .ok_or_else(|| "refused at construction: x-ms-range".to_owned())
    }

    fn source_range(&self) -> Result<Option<ByteRange>, Reason> {
        let Some(text) = self.header("x-ms-source-range") else {
            return Ok(None);
        };
        let range = match bounds(text) {
            Some((first, Some(length))) => ByteRange::new(first, length).ok(),
            Some((first, None)) => Some(ByteRange::from(first)),
            None => None,
        };
        range
            .map(Some)
            .ok_or_else(|| "refused at construction: x-ms-source-range".to_owned())
    }
}

/// The first byte of `bytes=first-last`, and how many; to the end without a last.
fn bounds(text: &str) -> Option<(u64, Option<u64>)> {
    let (first, last) = text.strip_prefix("bytes=")?.split_once('-')?;
    let first: u64 = first.parse().ok()?;
    if last.is_empty() {
        return Some((first, None));
    }
    let last: u64 = last.parse().ok()?;
    Some((first, Some(last.checked_sub(first)?.checked_add(1)?)))
}
