//! Copies an append blob while its source is leased, and aborts the copy if it is still pending
//! after a second.
//!
//! ```text
//! cargo run --example copy_append_blob -- 'https://a.blob.core.windows.net/c/log?<sas>' 'https://b.blob.core.windows.net/c/log?<sas>'
//! ```

use std::error::Error;
use std::time::Duration;

use blobferry::operation::{CopyBlob, GetBlobProperties};
use blobferry::words::BlobType;
use blobferry::{Client, ClientBuilder, CopyOptions, CopyOutcome, LeaseOutcome, LeaseTerm};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let (Some(source), Some(destination)) = (args.next(), args.next()) else {
        return Err("usage: copy_append_blob <source URL> <destination URL>".into());
    };
    let patience = tokio::time::sleep(Duration::from_secs(1));
    let ended = copy_append_blob(Client::from_environment()?, &source, &destination, patience);
    println!("{:?}", ended.await?);
    Ok(())
}

/// Copies under a lease of the source; aborts once `patience` is over.
pub async fn copy_append_blob(
    mut client: ClientBuilder,
    source: &str,
    destination: &str,
    patience: impl Future<Output = ()> + Send + 'static,
) -> Result<(CopyOutcome, LeaseOutcome), Box<dyn Error>> {
    let source = client.blob(source)?;
    let destination = client.blob(destination)?;
    let client = client.build()?;

    let properties = client.send(GetBlobProperties::new(source.clone())).await?;
    if properties.blob_type != Some(BlobType::Append) {
        return Err(format!("{source} is no append blob").into());
    }

    // Nobody else writes to the source while it is read: appending would make the copy fail.
    let lease = client
        .hold_lease(source.clone(), LeaseTerm::Infinite)
        .await?;
    let outcome = client
        .copy_blob(CopyBlob::new(destination, source), CopyOptions::default())
        .cancel_when(patience) // aborts, and looks how it ended
        .on_event(|event| println!("{event:?}"))
        .await;
    let released = lease.release().await;
    Ok((outcome?, released))
}
