//! Copies one blob inside the service and sees it to its end.
//!
//! ```text
//! cargo run --example copy -- 'https://a.blob.core.windows.net/c/from?<sas>' 'https://b.blob.core.windows.net/c/to?<sas>'
//! ```
//!
//! Without a SAS in a URL its account is looked for in `AZURE_STORAGE_CONNECTION_STRING` and the
//! like.

use std::error::Error;

use blobferry::{Client, ClientBuilder, CopyOptions, CopyOutcome};

use blobferry::operation::CopyBlob;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let (Some(source), Some(destination)) = (args.next(), args.next()) else {
        return Err("usage: copy <source URL> <destination URL>".into());
    };
    let outcome = copy(Client::from_environment()?, &source, &destination).await?;
    println!("{outcome:?}");
    Ok(())
}

/// Copies `source` to `destination`; what it tells on the way is printed.
pub async fn copy(
    mut client: ClientBuilder,
    source: &str,
    destination: &str,
) -> Result<CopyOutcome, Box<dyn Error>> {
    let source = client.blob(source)?;
    let destination = client.blob(destination)?;
    let copy = CopyBlob::new(destination, source);
    let outcome = client
        .build()?
        .copy_blob(copy, CopyOptions::default())
        .on_event(|event| println!("{event:?}"))
        .await?;
    Ok(outcome)
}
