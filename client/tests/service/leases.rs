use std::time::Duration;

use blobferry::operation::{GetBlobProperties, PutBlob};
use blobferry::words::LeaseState;
use blobferry::{BlobAddress, Client, ErrorCode, LeaseOutcome, LeaseTerm};

use crate::world::World;

async fn leased(world: &World) -> (Client, BlobAddress) {
    let container = world.container("north", "box").await;
    let blob = world.blob(&container, "a", "x").await;
    (world.owner().build().unwrap(), blob)
}

async fn state(client: &Client, blob: &BlobAddress) -> Option<LeaseState> {
    let properties = client.send(GetBlobProperties::new(blob.clone())).await;
    properties.unwrap().lease.state
}

#[tokio::test(start_paused = true)]
async fn a_held_lease_outlives_its_term_and_is_given_back() {
    let world = World::new(1);
    let (client, blob) = leased(&world).await;
    let term = LeaseTerm::seconds(15).unwrap();
    let lease = client.hold_lease(blob.clone(), term).await.unwrap();
    tokio::time::sleep(Duration::from_secs(600)).await;
    assert!(!lease.is_lost());
    assert!(lease.held_until() > Some(client.now()));
    assert_eq!(state(&client, &blob).await, Some(LeaseState::Leased));
    let write = PutBlob::block(blob.clone(), "y");
    let error = client.send(write.clone()).await.unwrap_err();
    assert!(error.has_code(&ErrorCode::LEASE_ID_MISSING), "{error}");
    let write = PutBlob {
        lease_id: Some(lease.id().clone()),
        ..write
    };
    client.send(write).await.unwrap();
    assert_eq!(lease.release().await, LeaseOutcome::Released);
    assert_eq!(state(&client, &blob).await, Some(LeaseState::Available));
}

#[tokio::test(start_paused = true)]
async fn a_dropped_lease_is_given_back_in_the_background() {
    let world = World::new(1);
    let (client, blob) = leased(&world).await;
    drop(
        client
            .hold_lease(blob.clone(), LeaseTerm::Infinite)
            .await
            .unwrap(),
    );
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(state(&client, &blob).await, Some(LeaseState::Available));
}

#[tokio::test(start_paused = true)]
async fn a_lease_that_somebody_breaks_is_told_to_be_lost() {
    let world = World::new(1);
    let (client, blob) = leased(&world).await;
    let term = LeaseTerm::seconds(60).unwrap();
    let lease = client.hold_lease(blob.clone(), term).await.unwrap();
    client.break_lease(blob, None).await.unwrap();
    let lost = lease.lost().await;
    assert!(matches!(lost, LeaseOutcome::Lost { .. }), "{lost:?}");
    assert!(lease.is_lost());
}

#[tokio::test(start_paused = true)]
async fn what_is_leased_cannot_be_leased_again() {
    let world = World::new(1);
    let (client, blob) = leased(&world).await;
    let held = client
        .acquire_lease(blob.clone(), LeaseTerm::Infinite)
        .await
        .unwrap();
    let error = client
        .hold_lease(blob.clone(), LeaseTerm::Infinite)
        .await
        .unwrap_err();
    assert!(error.has_code(&ErrorCode::LEASE_ALREADY_PRESENT), "{error}");
    client
        .renew_lease(blob.clone(), held.lease_id.clone())
        .await
        .unwrap();
    let other = "1f812371-a41d-49e6-b123-f4b542e85144".parse().unwrap();
    let changed = client
        .change_lease(blob.clone(), held.lease_id, other)
        .await
        .unwrap();
    client.release_lease(blob, changed.lease_id).await.unwrap();
}
