use blobferry::operation::{AbortCopyBlob, CopyBlob, GetBlobProperties, ListBlobs, MaxResults};
use blobferry::words::CopyStatus;
use blobferry::{Cancel, CopyEvent, CopyOptions, CopyOutcome, ErrorCode, FleetOptions, FleetPlan};
use futures_util::{StreamExt, TryStreamExt};

use crate::world::World;

#[tokio::test(start_paused = true)]
async fn a_started_copy_is_not_a_finished_one() {
    let world = World::new(100);
    let source = world.container("north", "from").await;
    let source = world.blob(&source, "a", vec![7; 1000]).await;
    let destination = world
        .container("south", "onto")
        .await
        .blob("a".parse().unwrap());
    let client = world.owner().build().unwrap();
    let started = client
        .start_copy(CopyBlob::new(destination.clone(), source))
        .await
        .unwrap();
    assert_eq!(started.status, CopyStatus::Pending);
    let abort = AbortCopyBlob::new(destination.clone(), started.copy_id.unwrap());
    client.abort_copy(abort.clone()).await.unwrap();
    let seen = client
        .send(GetBlobProperties::new(destination))
        .await
        .unwrap();
    assert_eq!(seen.copy.unwrap().status, CopyStatus::Aborted);
    let error = client.abort_copy(abort).await.unwrap_err();
    assert!(
        error.has_code(&ErrorCode::NO_PENDING_COPY_OPERATION),
        "{error}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_copy_is_followed_to_its_end() {
    let world = World::new(100);
    let source = world.container("north", "from").await;
    let source = world.blob(&source, "a", vec![7; 1000]).await;
    let destination = world
        .container("south", "onto")
        .await
        .blob("a".parse().unwrap());
    let client = world.owner().build().unwrap();
    let copy = CopyBlob::new(destination.clone(), source);
    let mut events = client.copy_blob(copy, CopyOptions::default()).events();
    let mut heard = Vec::new();
    while let Some(event) = events.next().await {
        heard.push(event);
    }
    let outcome = events.outcome().await.unwrap();
    assert!(outcome.is_success(), "{outcome:?}");
    assert!(
        matches!(heard.first(), Some(CopyEvent::Started { .. })),
        "{heard:?}"
    );
    assert_eq!(world.content(&destination).await, vec![7; 1000]);
}

#[tokio::test(start_paused = true)]
async fn a_cancelled_copy_is_aborted_before_it_ends() {
    let world = World::new(1);
    let source = world.container("north", "from").await;
    let source = world.blob(&source, "a", vec![7; 1000]).await;
    let destination = world
        .container("south", "onto")
        .await
        .blob("a".parse().unwrap());
    let client = world.owner().build().unwrap();
    let cancel = Cancel::new();
    let asked = cancel.clone();
    let outcome = client
        .copy_blob(
            CopyBlob::new(destination.clone(), source),
            CopyOptions::default(),
        )
        .cancel(&cancel)
        .on_event(move |_| asked.cancel())
        .await;
    // The first event cancels and later ones must not stop it hard.
    assert!(
        outcome.is_err() || matches!(outcome, Ok(CopyOutcome::Aborted { .. })),
        "{outcome:?}"
    );
    let seen = client
        .send(GetBlobProperties::new(destination))
        .await
        .unwrap();
    assert_eq!(seen.copy.unwrap().status, CopyStatus::Aborted);
}

#[tokio::test(start_paused = true)]
async fn a_container_is_copied_and_told_of() {
    let world = World::new(1 << 20);
    let from = world.container("north", "from").await;
    for number in 0..30 {
        world
            .blob(&from, &format!("{number:02}"), vec![7; 100 * number])
            .await;
    }
    let to = world.container("south", "onto").await;
    let client = world.owner().build().unwrap();
    let plan = FleetPlan::container(from, to.clone());
    let report = client
        .copy_container(plan, FleetOptions::default())
        .await
        .unwrap();
    assert!(report.is_clean(), "{report:?}");
    let listed: Vec<_> = client
        .list_blobs(ListBlobs {
            max_results: Some(MaxResults::new(7).unwrap()),
            ..ListBlobs::new(to)
        })
        .map_ok(|blob| (blob.name.into_string(), blob.properties.content_length))
        .try_collect()
        .await
        .unwrap();
    let expected: Vec<_> = (0..30)
        .map(|number| (format!("{number:02}"), Some(100 * number)))
        .collect();
    assert_eq!(listed, expected);
}
