//! Whole blobs from here to the service, in blocks.

use std::io;
use std::path::Path;

use blobferry_core::operation::{BlockRef, PutBlob, PutBlock, PutBlockList, Written};
use blobferry_core::{BlobAddress, BlockId, Conditions, ContentHeaders, LeaseId, Metadata};
use bytes::{Bytes, BytesMut};
use futures_util::stream::{FuturesOrdered, TryStreamExt};
use tokio::io::{AsyncRead, AsyncReadExt};

use super::Client;
use crate::transfer::TransferError;

/// The most blocks a blob may have. Source: "Put Block List".
const MOST_BLOCKS: u64 = 50_000;
/// How many blocks are under way at once.
const AT_ONCE: usize = 8;

/// A block blob to be written from here.
#[derive(Debug, Clone)]
pub struct Upload {
    /// Which blob.
    pub blob: BlobAddress,
    /// How many bytes a block has; content that fits into one block is sent in one request. Default
    /// 8 MiB; more where a file needs more than 50,000 blocks.
    pub block_size: usize,
    /// Content type and the like.
    pub headers: ContentHeaders,
    /// Metadata of the blob.
    pub metadata: Metadata,
    /// The lease that protects the blob.
    pub lease_id: Option<LeaseId>,
    /// What must be true of the blob that stands there.
    pub conditions: Conditions,
}

impl Upload {
    /// An upload with the usual options.
    #[must_use]
    pub fn new(blob: BlobAddress) -> Self {
        Self {
            blob,
            block_size: 8 << 20,
            headers: ContentHeaders::default(),
            metadata: Metadata::default(),
            lease_id: None,
            conditions: Conditions::default(),
        }
    }
}

impl From<BlobAddress> for Upload {
    fn from(blob: BlobAddress) -> Self {
        Self::new(blob)
    }
}

impl Client {
    /// Writes a block blob: in one request where it fits, else in blocks that are committed together,
    /// so that nobody ever reads half of it.
    ///
    /// # Errors
    /// The content cannot be read, or the service does not take it.
    pub async fn upload(
        &self,
        upload: impl Into<Upload>,
        mut content: impl AsyncRead + Unpin,
    ) -> Result<Written, TransferError> {
        let upload = upload.into();
        let first = read_block(&mut content, upload.block_size).await?;
        if first.len() < upload.block_size {
            return Ok(self.send(in_one(upload, first)).await?);
        }
        // Blocks of two uploads to one blob must not be taken for each other.
        let run = self.seed().next_u64();
        let mut ids = Vec::new();
        let mut staging = FuturesOrdered::new();
        let mut block = first;
        while !block.is_empty() {
            let id = BlockId::new(format!("{run:016x}{:08}", ids.len()).as_bytes())?;
            ids.push(id.clone());
            let put = PutBlock {
                lease_id: upload.lease_id.clone(),
                ..PutBlock::new(upload.blob.clone(), id, block)
            };
            staging.push_back(self.send(put));
            if staging.len() >= AT_ONCE {
                staging.try_next().await?;
            }
            block = read_block(&mut content, upload.block_size).await?;
        }
        while staging.try_next().await?.is_some() {}
        let blocks = ids.into_iter().map(BlockRef::Uncommitted);
        let commit = PutBlockList {
            headers: upload.headers,
            metadata: upload.metadata,
            lease_id: upload.lease_id,
            conditions: upload.conditions,
            ..PutBlockList::new(upload.blob, blocks)
        };
        Ok(self.send(commit).await?)
    }

    /// Writes a file as a block blob.
    ///
    /// # Errors
    /// As [`upload`](Self::upload).
    pub async fn upload_file(
        &self,
        upload: impl Into<Upload>,
        path: impl AsRef<Path>,
    ) -> Result<Written, TransferError> {
        let mut upload = upload.into();
        let file = tokio::fs::File::open(path).await?;
        let least = file.metadata().await?.len().div_ceil(MOST_BLOCKS);
        upload.block_size = upload
            .block_size
            .max(usize::try_from(least).unwrap_or(usize::MAX));
        self.upload(upload, file).await
    }
}

fn in_one(upload: Upload, content: Bytes) -> PutBlob {
    PutBlob {
        headers: upload.headers,
        metadata: upload.metadata,
        lease_id: upload.lease_id,
        conditions: upload.conditions,
        ..PutBlob::block(upload.blob, content)
    }
}

/// As many bytes as a block has, or what is left.
async fn read_block(content: &mut (impl AsyncRead + Unpin), size: usize) -> io::Result<Bytes> {
    let size = size.max(1);
    let mut block = BytesMut::with_capacity(size.min(8 << 20));
    while block.len() < size {
        let rest = u64::try_from(size - block.len()).unwrap_or(u64::MAX);
        if content.take(rest).read_buf(&mut block).await? == 0 {
            break;
        }
    }
    Ok(block.freeze())
}
