//! Holds a lease on a blob or a container for some seconds, then gives it back.
//!
//! ```text
//! cargo run --example keep_lease -- 'https://a.blob.core.windows.net/c/blob?<sas>' 90
//! ```

use std::error::Error;
use std::time::Duration;

use blobferry::operation::LeaseTarget;
use blobferry::{Client, ClientBuilder, LeaseOutcome, LeaseTerm, Place};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let (Some(url), Some(seconds)) = (args.next(), args.next()) else {
        return Err("usage: keep_lease <URL of a blob or a container> <seconds>".into());
    };
    let work = tokio::time::sleep(Duration::from_secs(seconds.parse()?));
    let outcome = keep_lease(Client::from_environment()?, &url, work).await?;
    println!("{outcome:?}");
    Ok(())
}

/// Holds the lease while `work` goes on, or until somebody takes it away.
pub async fn keep_lease(
    mut client: ClientBuilder,
    url: &str,
    work: impl Future,
) -> Result<LeaseOutcome, Box<dyn Error>> {
    let target: LeaseTarget = match client.locate(url)? {
        Place::Blob(blob) => blob.into(),
        Place::Container(container) => container.into(),
        Place::Account(_) => return Err("an account cannot be leased".into()),
    };
    let client = client.build()?;
    let lease = client.hold_lease(target, LeaseTerm::seconds(60)?).await?;
    println!("held as {}", lease.id());
    tokio::select! {
        _ = work => Ok(lease.release().await),
        lost = lease.lost() => Ok(lost),
    }
}
