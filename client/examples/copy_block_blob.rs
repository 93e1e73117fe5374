//! Writes a large block blob in blocks, copies it while it is leased, and aborts the copy if it is
//! still pending after a second.
//!
//! ```text
//! cargo run --example copy_block_blob -- big.iso 'https://a.blob.core.windows.net/c/big.iso?<sas>' 'https://b.blob.core.windows.net/c/big.iso?<sas>'
//! ```

use std::error::Error;
use std::path::Path;
use std::time::Duration;

use blobferry::operation::CopyBlob;
use blobferry::{Client, ClientBuilder, CopyOptions, CopyOutcome, LeaseOutcome, LeaseTerm};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let (Some(file), Some(source), Some(destination)) = (args.next(), args.next(), args.next())
    else {
        return Err("usage: copy_block_blob <file> <source URL> <destination URL>".into());
    };
    let client = Client::from_environment()?;
    let patience = tokio::time::sleep(Duration::from_secs(1));
    let ended = copy_block_blob(client, file.as_ref(), &source, &destination, patience);
    println!("{:?}", ended.await?);
    Ok(())
}

/// Writes `file` to `source` and copies that under a lease; aborts once `patience` is over.
pub async fn copy_block_blob(
    mut client: ClientBuilder,
    file: &Path,
    source: &str,
    destination: &str,
    patience: impl Future<Output = ()> + Send + 'static,
) -> Result<(CopyOutcome, LeaseOutcome), Box<dyn Error>> {
    let source = client.blob(source)?;
    let destination = client.blob(destination)?;
    let client = client.build()?;

    client.upload_file(source.clone(), file).await?;
    let lease = client
        .hold_lease(source.clone(), LeaseTerm::seconds(60)?)
        .await?;
    let outcome = client
        .copy_blob(CopyBlob::new(destination, source), CopyOptions::default())
        .cancel_when(patience) // aborts, and looks how it ended
        .on_event(|event| println!("{event:?}"))
        .await;
    let released = lease.release().await;
    Ok((outcome?, released))
}
