//! Queues every blob of a container for copying to another account, under a SAS that a stored
//! policy of the source container governs, and watches by listing until all have arrived; what
//! failed is started again. [`Client::copy_container`] does all this and more; here it is by hand.
//!
//! ```text
//! cargo run --example copy_container_by_policy -- "$SOURCE_CONNECTION_STRING" from "$DESTINATION_CONNECTION_STRING" to
//! ```

use std::error::Error;
use std::time::Duration;

use blobferry::connection_string::ConnectionString;
use blobferry::operation::{CopyBlob, ListBlobs, SetContainerAcl};
use blobferry::sas::{ServiceSas, Terms};
use blobferry::words::{CopyStatus, ListInclude};
use blobferry::{AccessPolicies, AccessPolicy, BlobName, Client, ClientBuilder, Credential};
use futures_util::TryStreamExt;

/// After how many copies that had to be started again it is given up.
const MOST_RESTARTS: u32 = 100;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [source, from, destination, to] = args.as_slice() else {
        return Err(
            "usage: copy_container_by_policy <connection string> <container> \
                    <connection string> <container>"
                .into(),
        );
    };
    let (source, destination) = (source.parse()?, destination.parse()?);
    let restarts = copy_container_by_policy(Client::builder, source, from, destination, to).await?;
    println!("all there; {restarts} copies had to be started again");
    Ok(())
}

/// Copies everything, and says how many copies had to be started again.
pub async fn copy_container_by_policy(
    builder: impl Fn() -> ClientBuilder,
    source: ConnectionString,
    from: &str,
    destination: ConnectionString,
    to: &str,
) -> Result<u32, Box<dyn Error>> {
    let from = source.account.container(from.parse()?);
    let to = destination.account.container(to.parse()?);
    let Credential::SharedKey(key) = &source.credential else {
        return Err("the source's connection string must hold its key".into());
    };

    // The owner stores a policy, so that the SAS can be taken back while copies are under way.
    let owner = builder()
        .credential(source.account.clone(), source.credential.clone())
        .build()?;
    let mut policy = AccessPolicy::new("blobferry", "rl")?;
    policy.expiry = Some(owner.now() + Duration::from_secs(24 * 60 * 60));
    let policies = AccessPolicies::new([policy])?;
    owner
        .send(SetContainerAcl::new(from.clone(), policies))
        .await?;
    let mut sas = ServiceSas::new(from.clone(), Terms::default());
    sas.policy = Some("blobferry".to_owned());

    // From here on the source is known by its SAS only.
    let client = builder()
        .credential(source.account.clone(), sas.sign(key)?.into())
        .credential(destination.account.clone(), destination.credential)
        .build()?;
    let start = async |name: BlobName| {
        let copy = CopyBlob::new(to.blob(name.clone()), from.blob(name));
        client.start_copy(copy).await
    };
    let mut blobs = client.list_blobs(ListBlobs::new(from.clone()));
    while let Some(blob) = blobs.try_next().await? {
        start(blob.name.parse()?).await?;
    }

    let mut restarts = 0;
    while restarts <= MOST_RESTARTS {
        let mut pending = 0;
        let mut copies = client.list_blobs(ListBlobs {
            include: vec![ListInclude::Copy],
            ..ListBlobs::new(to.clone())
        });
        while let Some(blob) = copies.try_next().await? {
            let status = blob.properties.copy.map(|copy| copy.status);
            if status == Some(CopyStatus::Pending) {
                pending += 1;
            } else if matches!(status, Some(CopyStatus::Failed | CopyStatus::Aborted)) {
                start(blob.name.parse()?).await?;
                restarts += 1;
                pending += 1;
            }
        }
        println!("{pending} pending");
        if pending == 0 {
            return Ok(restarts);
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    Err(format!("still failing after {MOST_RESTARTS} restarts").into())
}
