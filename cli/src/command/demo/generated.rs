//! Blobs of every type and many sizes, made up.

use blobferry::operation::{AppendBlock, BlockRef, PutBlob, PutBlock, PutBlockList, PutPage};
use blobferry::{BlobAddress, BlockId, Client, ContainerAddress, Error, PageBlobSize, Seed};

/// The most that one request carries.
const PIECE: u64 = 4 << 20;
/// The most that one block carries here.
const BLOCK: u64 = 16 << 20;

/// A blob to be made.
#[derive(Debug, Clone)]
pub(super) struct Made {
    pub(super) name: &'static str,
    pub(super) bytes: u64,
    kind: Kind,
}

#[derive(Debug, Clone, Copy)]
enum Kind {
    Block,
    Page,
    Append,
}

/// What is made, the largest first.
pub(super) fn all(largest: u64) -> Vec<Made> {
    let made = |name, kind, bytes| Made { name, bytes, kind };
    // Page blobs are made of whole pages.
    let pages = |bytes: u64| (bytes / 512).max(1) * 512;
    vec![
        made("generated/block-large.bin", Kind::Block, largest),
        made("generated/page-disk.vhd", Kind::Page, pages(largest / 4)),
        made("generated/append-journal.log", Kind::Append, largest / 16),
        made("generated/block-medium.bin", Kind::Block, largest / 8),
        made("generated/append-small.log", Kind::Append, 1_000),
        made("generated/page-small.vhd", Kind::Page, 512),
        made("generated/empty", Kind::Block, 0),
        made("generated/ünïcode & spaces, 100% #1?.txt", Kind::Block, 42),
    ]
}

impl Made {
    /// Puts it into a container.
    pub(super) async fn put(
        &self,
        client: &Client,
        container: &ContainerAddress,
    ) -> Result<(), Error> {
        let blob = container.blob(self.name.parse()?);
        match self.kind {
            Kind::Block => self.blocks(client, blob).await,
            Kind::Page => self.pages(client, blob).await,
            Kind::Append => self.appends(client, blob).await,
        }
    }

    async fn blocks(&self, client: &Client, blob: BlobAddress) -> Result<(), Error> {
        if self.bytes <= BLOCK {
            let content = noise(0, self.bytes);
            return client.send(PutBlob::block(blob, content)).await.map(drop);
        }
        let mut list = Vec::new();
        for (number, (offset, bytes)) in pieces(self.bytes, BLOCK).enumerate() {
            let id = BlockId::numbered(u32::try_from(number).unwrap_or(u32::MAX));
            let block = PutBlock::new(blob.clone(), id.clone(), noise(offset, bytes));
            client.send(block).await?;
            list.push(BlockRef::Latest(id));
        }
        client.send(PutBlockList::new(blob, list)).await.map(drop)
    }

    /// Every other piece is written, as disks are: the rest stays zeros that no page holds.
    async fn pages(&self, client: &Client, blob: BlobAddress) -> Result<(), Error> {
        let size = PageBlobSize::new(self.bytes)?;
        client.send(PutBlob::page(blob.clone(), size)).await?;
        for (offset, bytes) in pieces(self.bytes, PIECE).step_by(2) {
            let update = PutPage::update(blob.clone(), offset, noise(offset, bytes))?;
            client.send(update).await?;
        }
        Ok(())
    }

    async fn appends(&self, client: &Client, blob: BlobAddress) -> Result<(), Error> {
        client.send(PutBlob::append(blob.clone())).await?;
        for (offset, bytes) in pieces(self.bytes, PIECE) {
            client
                .send(AppendBlock::new(blob.clone(), noise(offset, bytes)))
                .await?;
        }
        Ok(())
    }
}

/// Offsets and lengths of the pieces of so many bytes.
fn pieces(bytes: u64, piece: u64) -> impl Iterator<Item = (u64, u64)> {
    (0..bytes.div_ceil(piece)).map(move |at| {
        let offset = at * piece;
        (offset, piece.min(bytes - offset))
    })
}

/// Bytes that are different everywhere, so that a piece in the wrong place is noticed.
fn noise(offset: u64, bytes: u64) -> Vec<u8> {
    let mut seed = Seed::new(offset);
    let length = usize::try_from(bytes).unwrap_or(usize::MAX);
    let mut content = Vec::with_capacity(length + 8);
    while content.len() < length {
        content.extend(seed.next_u64().to_le_bytes());
    }
    content.truncate(length);
    content
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_cover_everything_once() {
        for (bytes, piece) in [(0, 4), (1, 4), (4, 4), (9, 4)] {
            let all: Vec<_> = pieces(bytes, piece).collect();
            assert_eq!(all.iter().map(|(_, length)| length).sum::<u64>(), bytes);
            assert!(all.iter().all(|(_, length)| (1..=piece).contains(length)));
        }
    }

    #[test]
    fn every_name_can_travel_and_every_page_blob_has_whole_pages() {
        for largest in [1, 1 << 20, 256 << 20] {
            for made in all(largest) {
                assert!(made.name.parse::<blobferry::BlobName>().is_ok());
                if matches!(made.kind, Kind::Page) {
                    assert_eq!(made.bytes % 512, 0);
                }
            }
        }
    }
}
