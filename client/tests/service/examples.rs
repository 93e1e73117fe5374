//! The examples, run.

use std::time::Duration;

use blobferry::operation::{AppendBlock, GetBlobProperties, PutBlob};
use blobferry::words::LeaseState;
use blobferry::{CopyOutcome, LeaseOutcome};

use crate::world::World;

macro_rules! examples {
    ($($name:ident $path:literal)*) => {$(
        #[path = $path]
        #[expect(dead_code, unreachable_pub, reason = "a program of its own, whose main is not run here")]
        mod $name;
    )*};
}

examples! {
    copy "../../examples/copy.rs"
    keep_lease "../../examples/keep_lease.rs"
    copy_append_blob "../../examples/copy_append_blob.rs"
    copy_block_blob "../../examples/copy_block_blob.rs"
    copy_container_by_policy "../../examples/copy_container_by_policy.rs"
}

const SECOND: Duration = Duration::from_secs(1);

#[tokio::test(start_paused = true)]
async fn copy_copies() {
    let world = World::new(100);
    let source = world.container("north", "from").await;
    let source = world.blob(&source, "a b%", vec![7; 1000]).await;
    let to = world.container("south", "onto").await;
    let destination = to.blob("a b%".parse().unwrap());
    let outcome = copy::copy(world.owner(), &source.to_string(), &destination.to_string()).await;
    assert!(outcome.unwrap().is_success());
    assert_eq!(world.content(&destination).await, vec![7; 1000]);
}

#[tokio::test(start_paused = true)]
async fn keep_lease_keeps_it_while_work_goes_on() {
    let world = World::new(1);
    let container = world.container("north", "box").await;
    let work = tokio::time::sleep(100 * SECOND);
    let kept = keep_lease::keep_lease(world.owner(), &container.to_string(), work).await;
    assert_eq!(kept.unwrap(), LeaseOutcome::Released);
}

/// An append blob of `north`, and where it is to go in `south`.
async fn append_blob(world: &World) -> (String, String) {
    let from = world.container("north", "from").await;
    let to = world.container("south", "onto").await;
    let blob = from.blob("log".parse().unwrap());
    let client = world.owner().build().unwrap();
    client.send(PutBlob::append(blob.clone())).await.unwrap();
    for _ in 0..4 {
        let line = AppendBlock::new(blob.clone(), vec![b'x'; 250]);
        client.send(line).await.unwrap();
    }
    (
        blob.to_string(),
        to.blob("log".parse().unwrap()).to_string(),
    )
}

#[tokio::test(start_paused = true)]
async fn copy_append_blob_sees_a_fast_copy_to_its_end() {
    let world = World::new(10_000);
    let (source, destination) = append_blob(&world).await;
    let patience = tokio::time::sleep(60 * SECOND);
    let ended =
        copy_append_blob::copy_append_blob(world.owner(), &source, &destination, patience).await;
    let (outcome, released) = ended.unwrap();
    assert!(outcome.is_success(), "{outcome:?}");
    assert_eq!(released, LeaseOutcome::Released);
}

#[tokio::test(start_paused = true)]
async fn copy_append_blob_aborts_a_slow_copy_and_gives_the_lease_back() {
    let world = World::new(1);
    let (source, destination) = append_blob(&world).await;
    let patience = tokio::time::sleep(SECOND);
    let ended =
        copy_append_blob::copy_append_blob(world.owner(), &source, &destination, patience).await;
    let (outcome, released) = ended.unwrap();
    assert!(
        matches!(outcome, CopyOutcome::Aborted { copy_id: Some(_) }),
        "{outcome:?}"
    );
    assert_eq!(released, LeaseOutcome::Released);
    let mut builder = world.owner();
    let source = builder.blob(&source).unwrap();
    let client = builder.build().unwrap();
    let source = client.send(GetBlobProperties::new(source)).await.unwrap();
    assert_eq!(source.lease.state, Some(LeaseState::Available));
}

#[tokio::test(start_paused = true)]
async fn copy_block_blob_ends_either_way() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("big");
    std::fs::write(&file, vec![9; 17 << 20]).unwrap();
    for (bytes_per_second, arrives) in [(1 << 20, false), (1 << 30, true)] {
        let world = World::new(bytes_per_second);
        let from = world.container("north", "from").await;
        let to = world.container("south", "onto").await;
        let source = from.blob("big".parse().unwrap()).to_string();
        let destination = to.blob("big".parse().unwrap()).to_string();
        // Time flows while the file is read, so the clock of patience starts with the copy's.
        let patience = tokio::time::sleep(if arrives { 600 * SECOND } else { 5 * SECOND });
        let ended =
            copy_block_blob::copy_block_blob(world.owner(), &file, &source, &destination, patience);
        let (outcome, released) = ended.await.unwrap();
        assert_eq!(outcome.is_success(), arrives, "{outcome:?}");
        assert_eq!(matches!(outcome, CopyOutcome::Aborted { .. }), !arrives);
        assert_eq!(released, LeaseOutcome::Released);
    }
}

#[tokio::test(start_paused = true)]
async fn copy_container_by_policy_sees_everything_arrive() {
    let world = World::new(100);
    let from = world.container("north", "from").await;
    let to = world.container("south", "onto").await;
    for name in ["a", "b/c", "d e"] {
        world.blob(&from, name, name.repeat(300)).await;
    }
    let restarts = copy_container_by_policy::copy_container_by_policy(
        || world.stranger(),
        World::account("north"),
        "from",
        World::account("south"),
        "onto",
    );
    assert_eq!(restarts.await.unwrap(), 0);
    for name in ["a", "b/c", "d e"] {
        let content = world.content(&to.blob(name.parse().unwrap())).await;
        assert_eq!(content, name.repeat(300).into_bytes());
    }
}
